// The engine in WebAssembly, measured in rounds. Started by `cargo xtask bench score`: for each line on standard input
// everyone takes a turn, and a line says how many picoseconds a card took. The first line written names who takes part.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const TURN_NANOSECONDS = 40_000_000n;
const CARDS = 1000n;
const WAYS = ['engine', 'engine, explained', 'engine, from input', 'engine, from JSON to JSON'];
const require = createRequire(import.meta.url);

const time = (measure, way, passes) => {
  const start = process.hrtime.bigint();
  measure(way, passes);
  return process.hrtime.bigint() - start;
};

const everyone = process.argv.slice(2).flatMap((word) => {
  const [label, path] = word.split('=');
  const { measure_passes: measure } = require(path);
  return WAYS.map((name, way) => ({ name: `${label}: ${name}`, measure, way, passes: 1 }));
});
for (const one of everyone) {
  while (time(one.measure, one.way, one.passes) < TURN_NANOSECONDS) one.passes *= 2;
}
console.log(JSON.stringify(everyone.map(({ name }) => name)));
for await (const _ of createInterface({ input: process.stdin })) {
  const turns = everyone.map(({ measure, way, passes }) =>
    Number((time(measure, way, passes) * 1000n) / (BigInt(passes) * CARDS)),
  );
  console.log(JSON.stringify(turns));
}
