// Folders of a story: where the project is, where pictures go, and temporary ones that end with the program.

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

// Not with the story that asked for it: what a story closes at its end is closed after that, and a Chromium that is still
// writing would be waited for.
process.on('exit', () => {
  for (const made of folders) {
    try {
      rmSync(made, { recursive: true, force: true });
    } catch {
      // What is left in the folder for temporary files says nothing about the app.
    }
  }
});

/** A folder that is removed when this program ends. */
export function folder(name) {
  const made = mkdtempSync(join(tmpdir(), `congtam-${name}-`));
  folders.push(made);
  return made;
}
