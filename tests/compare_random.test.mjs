// Random cards under every pack in WebAssembly and natively, byte for byte: hashes of blocks of cards are compared, and where
// two differ, the first card that does is shown. Started by `cargo xtask test --only golden`.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import test from 'node:test';

const { RANDOM_WASM, RANDOM_NATIVE, RANDOM_PROGRAM } = process.env;
const { random_answer: answer, random_block_hash: hash } = createRequire(import.meta.url)(RANDOM_WASM);
const CARDS_PER_BLOCK = 500;
const CARDS_PER_PACK_MIN = 10_000;
const PACKS_MIN = 10;

const packs = new Map();
for (const line of readFileSync(RANDOM_NATIVE, 'utf8').split('\n').filter(Boolean)) {
  const [pack, block, native] = line.split('\t');
  packs.set(pack, [...(packs.get(pack) ?? []), [block, native]]);
}

const firstDifference = (pack, block) => {
  const text = execFileSync(RANDOM_PROGRAM, [pack, block], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const natively = text.split('\n').filter(Boolean);
  for (const [place, line] of natively.entries()) {
    const index = Number(block) * CARDS_PER_BLOCK + place;
    assert.equal(answer(pack, index), JSON.parse(line), `${pack}, card ${index}: WebAssembly first, then natively`);
  }
  assert.fail(`${pack}, block ${block}: the hashes differ, but no card does`);
};

test('every pack has its cards', () => assert.ok(packs.size >= PACKS_MIN, `found ${packs.size} packs`));
for (const [pack, blocks] of packs) {
  test(`${pack}: ${blocks.length * CARDS_PER_BLOCK} random cards`, () => {
    assert.ok(blocks.length * CARDS_PER_BLOCK >= CARDS_PER_PACK_MIN);
    for (const [block, native] of blocks) {
      if (hash(pack, Number(block)) !== native) firstDifference(pack, block);
    }
  });
}
