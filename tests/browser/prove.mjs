// Runs one layer of proof in a real browser: `node prove.mjs LAYER [--runs N] [--seed S] [--kept FILE]`, as `cargo
// xtask prove LAYER` calls it. The last line is the result; the exit code is 0 when nothing failed.

import { argv, exit } from 'node:process';
import { parseArgs } from 'node:util';

/** The default number of runs of each layer, as in the test command. */
const RUNS = { screen: 4, 'screen-bugs': 8, kill: 50, eviction: 3, quota: 3, upgrade: 3, frozen: 3, network: 3 };

const { values, positionals } = parseArgs({
  args: argv.slice(2),
  options: { runs: { type: 'string' }, seed: { type: 'string', default: '0' }, kept: { type: 'string' } },
  allowPositionals: true,
});
const [layer] = positionals;
if (positionals.length !== 1 || !Object.hasOwn(RUNS, layer)) {
  console.error(`layer: found ${positionals.join(' ') || 'none'}, allowed one of ${Object.keys(RUNS).join(', ')}`);
  exit(2);
}

const cleanups = [];
const { run } = await import(`./layers/${layer}.mjs`);
const t = { after: (act) => cleanups.push(act), diagnostic: (words) => console.log(words) };
let proved;
try {
  proved = await run(t, { runs: Number(values.runs ?? RUNS[layer]), seed: Number(values.seed), kept: values.kept, say: console.log });
} catch (error) {
  console.error(error);
  proved = { runs: 0, failures: 1 };
}
for (const act of cleanups.reverse()) await Promise.resolve(act()).catch((error) => console.error(`cleaning up: ${error.message}`));
console.log(`${proved.runs} runs, ${proved.failures} failures`);
// A Chromium that does not close must not delay the result.
exit(proved.failures === 0 ? 0 : 1);
