// Folders for tests: the project, the pictures, and temporary folders that are removed when the program ends.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';

const ROOT = resolve(import.meta.dirname, '../../..');
const OUT = resolve(import.meta.dirname, '../out');

export const atRoot = (path) => join(ROOT, path);

/** A file in `tests/browser/out`, which git does not keep. */
export function outFile(name) {
  mkdirSync(OUT, { recursive: true });
  return join(OUT, name);
}

const folders = [];

// Not at the end of the test that asked for the folder: the test closes other things after that, and a Chromium that
// still writes would delay it.
process.on('exit', () => {
  for (const made of folders) {
    try {
      rmSync(made, { recursive: true, force: true });
    } catch {
      // Leftovers in the folder for temporary files say nothing about the app.
    }
  }
});

/** A folder that is removed when this program ends. */
export function folder(name) {
  const made = mkdtempSync(join(tmpdir(), `congtam-${name}-`));
  folders.push(made);
  return made;
}
