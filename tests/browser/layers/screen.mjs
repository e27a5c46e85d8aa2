// A walk through the real app at random: taps, values typed and half typed, screens, periods, Back, loading again, an empty
// battery, no network, another person, a second tab. A witness outside knows what was entered and what the screen took:
// nothing of it may be missing at any moment, after loading again or on another tablet; nothing half typed may be kept.

import { appendFileSync, readFileSync } from 'node:fs';
import { prepare, walk } from '../walk/walk.mjs';

/** Walks at a time, for two processors. */
const AT_ONCE = 2;

/** A seed a line; what stands behind it is a remark. */
function readSeeds(file) {
  const lines = file ? readFileSync(file, 'utf8').split('\n') : [];
  return lines.map((line) => Number.parseInt(line, 10)).filter(Number.isInteger);
}

export async function run(t, { runs, seed, kept, say }) {
  const commune = await prepare(t);
  const known = readSeeds(kept);
  const seeds = [...known, ...Array.from({ length: runs }, (_, run) => seed + run)];
  const waiting = [...seeds];
  let failures = 0;
  const walker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const failure = await walk({ seed: next, commune, say });
      if (!failure) continue;
      failures += 1;
      if (kept && !known.includes(next)) appendFileSync(kept, `${next} step ${failure.steps}: ${failure.words}\n`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, walker));
  return { runs: seeds.length, failures };
}
