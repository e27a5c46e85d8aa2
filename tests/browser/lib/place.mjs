// Folders of a story: where the project is, where pictures go, and temporary ones that end with the story.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');
const OUT = resolve(import.meta.dirname, '../out');

export const atRoot = (path) => join(ROOT, path);

/** A file in `tests/browser/out`, which git does not keep. */
export function outFile(name) {
  mkdirSync(OUT, { recursive: true });
  return join(OUT, name);
}

/** A folder that is removed when the test `t` ends. Ask for it before what runs in it, so that it is removed last. */
export function folder(t, name) {
  const made = mkdtempSync(join(tmpdir(), `congtam-${name}-`));
  t.after(() => {
    try {
      rmSync(made, { recursive: true, force: true, maxRetries: 30, retryDelay: 100 });
    } catch (error) {
      // A closing Chromium may write into its profile after the last look; what is left in the folder for temporary files
      // says nothing about the app.
      t.diagnostic(`left behind: ${made} (${error.code})`);
    }
  });
  return made;
}
