// Test layer: injects faults that people met in earlier versions, one after the other. A walk must notice each one,
// else walks would prove nothing. It uses a variant of the app that is built for this.

import { prepare, walk } from '../walk/walk.mjs';

/** The fault names in `app/src/fault.rs`. */
const FAULTS = ['lost-on-leaving', 'stale-handlers', 'half-typed'];

export async function run(t, { runs, seed, say }) {
  const commune = await prepare(t);
  let failures = 0;
  for (const fault of FAULTS) {
    let noticed;
    let next = seed;
    for (; next < seed + runs && !noticed; next += 1) noticed = await walk({ seed: next, commune, fault, say: () => {} });
    // A walk that fails without a fault has noticed nothing.
    const innocent = !(await walk({ seed: next - 1, commune, say }));
    failures += Number(!noticed || !innocent);
    say(noticed ? `${fault}: seed ${next - 1}, step ${noticed.steps}: ${noticed.words}` : `${fault}: NOT NOTICED in ${runs} walks`);
  }
  return { runs: FAULTS.length, failures };
}
