// Makes a later version of the app from the built one.

import { createHash } from 'node:crypto';
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIST } from './server.mjs';

/** What distinguishes the second version's page from the first. */
export const SECOND = '<!-- second version -->';

/** Copies the built version into `folder`, as a deployment would. */
export function deployFirst(folder) {
  cpSync(DIST, folder, { recursive: true });
}

/** Replaces the page and the service worker in `folder` by those of a version with another page. */
export const deploySecond = (folder) => deployNext(folder, 'second', SECOND);

/** Deploys the version `name`: the built one, with `mark` in its page. */
export function deployNext(folder, name, mark) {
  const html = readFileSync(join(DIST, 'index.html'), 'utf8').replace('</body>', `${mark}</body>`);
  const source = readFileSync(join(DIST, 'sw.js'), 'utf8');
  const files = JSON.parse(/^const FILES = (.*);$/m.exec(source)[1]);
  const entry = files.find(({ path }) => path === '/index.html');
  entry.sha256 = createHash('sha256').update(html).digest('hex').slice(0, entry.sha256.length);
  replace(join(folder, 'index.html'), html);
  const listed = source.replace(/^const FILES = .*;$/m, () => `const FILES = ${JSON.stringify(files)};`);
  replace(join(folder, 'sw.js'), listed.replace(/^const VERSION = '.*';$/m, `const VERSION = '${name}';`));
}

/** Writes a file and removes its compressed forms, which would be served instead. */
export function replace(file, text) {
  writeFileSync(file, text);
  for (const suffix of ['.br', '.gz']) rmSync(file + suffix, { force: true });
}

/** Removes the app's WebAssembly from a deployment, so that a device cannot fetch it again. */
export function removeWasm(folder) {
  const assets = join(folder, 'assets');
  for (const name of readdirSync(assets)) if (name.includes('.wasm')) rmSync(join(assets, name));
}
