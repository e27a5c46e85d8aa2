// The same golden files in WebAssembly and natively, byte for byte. Started by `cargo xtask test --only golden`.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import test from 'node:test';

const { GOLDEN_WASM, GOLDEN_NATIVE } = process.env;
const { golden_answer: answer } = createRequire(import.meta.url)(GOLDEN_WASM);
const native = new Map(
  readFileSync(GOLDEN_NATIVE, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'))
    .map(([file, text]) => [file, JSON.parse(text)]),
);
const here = join(import.meta.dirname, 'golden');
const kinds = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory());

for (const { name: kind } of kinds) {
  for (const name of readdirSync(join(here, kind)).sort()) {
    const file = `${kind}/${name}`;
    test(file, () => {
      const inWasm = answer(kind, readFileSync(join(here, file), 'utf8'));
      assert.doesNotMatch(inWasm, /^refused: /, 'a golden file that cannot be read proves nothing');
      assert.equal(inWasm, native.get(file));
    });
  }
}
