// Random cards under every pack in WebAssembly and natively, byte for byte: hashes of blocks of cards are compared, and where
// two differ, the first card that does is shown. Started by `cargo xtask test --only golden`.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { describe, it } from 'node:test';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

const { RANDOM_WASM, RANDOM_NATIVE, RANDOM_PROGRAM } = process.env;
const CARDS_PER_BLOCK = 500;
const CARDS_PER_PACK_MIN = 10_000;
const PACKS_MIN = 10;

if (isMainThread) compareAll();
else parentPort.postMessage(hashesOf(workerData));

function compareAll() {
  const packs = new Map();
  for (const line of readFileSync(RANDOM_NATIVE, 'utf8').split('\n').filter(Boolean)) {
    const [pack, block, native] = line.split('\t');
    packs.set(pack, [...(packs.get(pack) ?? []), [block, native]]);
  }
  // Packs are compared side by side, each in a thread of its own.
  describe('random cards', { concurrency: availableParallelism() }, () => {
    it('every pack has its cards', () => assert.ok(packs.size >= PACKS_MIN, `found ${packs.size} packs`));
    for (const [pack, blocks] of packs) {
      it(`${pack}: ${blocks.length * CARDS_PER_BLOCK} random cards`, () => compare(pack, blocks));
    }
  });
}

async function compare(pack, blocks) {
  assert.ok(blocks.length * CARDS_PER_BLOCK >= CARDS_PER_PACK_MIN);
  const worker = new Worker(new URL(import.meta.url), { workerData: { pack, blocks: blocks.map(([block]) => Number(block)) } });
  const [hashes] = await once(worker, 'message');
  assert.equal(hashes.length, blocks.length);
  const different = blocks.find(([, native], place) => hashes[place] !== native);
  if (different) showFirstDifference(pack, different[0]);
}

function hashesOf({ pack, blocks }) {
  const { random_block_hash: hash } = createRequire(import.meta.url)(RANDOM_WASM);
  return blocks.map((block) => hash(pack, block));
}

function showFirstDifference(pack, block) {
  const { random_answer: answer } = createRequire(import.meta.url)(RANDOM_WASM);
  const text = execFileSync(RANDOM_PROGRAM, [pack, block], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const natively = text.split('\n').filter(Boolean);
  for (const [place, line] of natively.entries()) {
    const index = Number(block) * CARDS_PER_BLOCK + place;
    assert.equal(answer(pack, index), JSON.parse(line), `${pack}, card ${index}: WebAssembly first, then natively`);
  }
  assert.fail(`${pack}, block ${block}: the hashes differ, but no card does`);
}
