// Runs the layers of proof that need a browser, a few times each. `cargo xtask prove LAYER --runs N` runs them as often
// as you like.

import assert from 'node:assert/strict';
import test from 'node:test';

// Few, because the test command has to stay short; use `cargo xtask prove` for more.
const RUNS = 1;
const SEED = 0;
const STORIES = {
  eviction: 'a browser that takes away either store, or both',
  quota: 'a browser that allows no more room',
  upgrade: 'a new version beside an old one, a database that another page holds',
  frozen: 'a tab that is frozen while another is open',
};

for (const [layer, told] of Object.entries(STORIES)) {
  test(`${told}: ${RUNS} of each`, { timeout: 600_000 }, async (t) => {
    const { run } = await import(`../layers/${layer}.mjs`);
    const { runs, failures } = await run(t, { runs: RUNS, seed: SEED, say: (words) => t.diagnostic(words) });
    assert.ok(runs >= RUNS);
    assert.equal(failures, 0, `${failures} of ${runs} runs failed`);
  });
}
