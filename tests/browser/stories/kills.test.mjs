// Test: the battery runs out during a save; what was shown as saved is there afterwards. It runs `layers/kill.mjs`.

import assert from 'node:assert/strict';
import { env } from 'node:process';
import test from 'node:test';
import { run } from '../layers/kill.mjs';

const KILLS = Number(env.CONGTAM_KILLS ?? 25);

test(`a tablet killed ${KILLS} times while saving loses nothing it had called saved`, { timeout: 1_200_000 }, async (t) => {
  const { runs, failures } = await run(t, { runs: KILLS, seed: 0, say: (words) => t.diagnostic(words) });
  assert.equal(runs, KILLS);
  assert.equal(failures, 0, `${failures} of ${runs} kills lost a saved step`);
});
