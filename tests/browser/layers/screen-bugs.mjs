// Faults that people met in earlier versions, awake one after the other: a walk that notices none of them would prove nothing.
// The app is a variant built for this.

import { prepare, walk } from '../walk/walk.mjs';

/** The names of `app/src/fault.rs`. */
const FAULTS = ['lost-on-leaving', 'stale-handlers', 'half-typed'];

export async function run(t, { runs, seed, say }) {
  const commune = await prepare(t);
  let failures = 0;
  for (const fault of FAULTS) {
    let noticed;
    let next = seed;
    for (; next < seed + runs && !noticed; next += 1) noticed = await walk({ seed: next, commune, fault, say: () => {} });
    // A walk that fails by itself has noticed nothing.
    const innocent = !(await walk({ seed: next - 1, commune, say }));
    failures += Number(!noticed || !innocent);
    say(noticed ? `${fault}: seed ${next - 1}, step ${noticed.steps}: ${noticed.words}` : `${fault}: NOT NOTICED in ${runs} walks`);
  }
  return { runs: FAULTS.length, failures };
}
