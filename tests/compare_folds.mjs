// Random logs folded in WebAssembly and natively, byte for byte: hashes of blocks of logs are compared, and in a block that
// differs each log. A native side with a deliberate bug must differ. Started by `cargo xtask prove fold`.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { FOLD_NATIVE, FOLD_SPOILED, FOLD_PROGRAM, FOLD_WASM, FOLD_SEED } = process.env;
const { folded_block_hash: hash, folded_log: log } = createRequire(import.meta.url)(FOLD_WASM);
const LOGS_PER_BLOCK = 20;
const TOLD_MAX = 3;

const seed = Number(FOLD_SEED);
const blocks = (file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'));
const natively = (index) =>
  execFileSync(FOLD_PROGRAM, ['fold-log', String(index), String(seed)], { encoding: 'utf8', maxBuffer: 1 << 28 });

const firstDifference = (index) => {
  const [here, there] = [log(seed, index), natively(index)].map((text) => text.split('\n'));
  const line = here.findIndex((words, place) => words !== there[place]);
  if (line < 0 && here.length === there.length) return false;
  return `log ${index} of seed ${seed}, line ${line}: in WebAssembly ${here[line]}\n    natively ${there[line]}`;
};

let runs = 0;
const failures = [];
for (const [block, native] of blocks(FOLD_NATIVE)) {
  runs += LOGS_PER_BLOCK;
  if (hash(seed, Number(block)) === native) continue;
  const first = Number(block) * LOGS_PER_BLOCK;
  const found = Array.from({ length: LOGS_PER_BLOCK }, (_, place) => firstDifference(first + place)).filter(Boolean);
  failures.push(...(found.length > 0 ? found : [`block ${block}: the hashes differ, but no log does`]));
}
const spoiled = blocks(FOLD_SPOILED);
const noticed = spoiled.filter(([block, native]) => hash(seed, Number(block)) !== native).length;
console.log(`a native side with a deliberate bug differs in ${noticed} of ${spoiled.length} blocks`);
if (noticed === 0) failures.push('a native side with a deliberate bug was not noticed');
if (runs === 0) failures.push('there were no logs');
failures.slice(0, TOLD_MAX).forEach((failure) => console.log(failure));
console.log(`${runs} runs, ${failures.length} failures`);
process.exitCode = failures.length > 0 ? 1 : 0;
