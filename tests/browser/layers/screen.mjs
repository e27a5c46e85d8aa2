// Test layer: random walks through the real app, with taps, values typed in full and in part, screens, periods, Back,
// reloads, an empty battery, no network, another person and a second tab. A witness outside the app knows what was
// entered and what the screen accepted. Nothing of it may be missing at any moment, after a reload or on another
// device, and nothing half typed may be kept.

import { appendFileSync, readFileSync } from 'node:fs';
import { prepare, walk } from '../walk/walk.mjs';

/** The number of walks at a time, for two processors. */
const AT_ONCE = 2;

/** Reads one seed per line; the rest of a line is a remark. */
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
