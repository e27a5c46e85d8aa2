// Repeats one test with different random numbers. A failed run does not end the layer.

import { chance } from './chance.mjs';

/**
 * Runs `story(draw, run)` `runs` times. `recover`, when given, makes the next run possible after a failed one.
 * @returns {Promise<{runs: number, failures: number}>}
 */
export async function repeat({ runs, seed, say, recover }, story) {
  let failures = 0;
  for (let run = 1; run <= runs; run += 1) {
    try {
      await story(chance(seed + run), run);
    } catch (error) {
      failures += 1;
      say(`run ${run} with seed ${seed}: ${error.stack ?? error}`);
      if (recover && run < runs) await recover();
    }
  }
  return { runs, failures };
}

export const sum = (parts) => parts.reduce((all, one) => ({ runs: all.runs + one.runs, failures: all.failures + one.failures }), { runs: 0, failures: 0 });
