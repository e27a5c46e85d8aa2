// A later version of the app, made from the one that was built.

import { createHash } from 'node:crypto';
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIST } from './server.mjs';

/** What tells the second version's page from the first. */
export const SECOND = '<!-- second version -->';

/** Puts the built version into `folder`, as a deployment would. */
export function deployFirst(folder) {
  cpSync(DIST, folder, { recursive: true });
}

/** Replaces the page and the service worker in `folder` by those of a version that differs in its page only. */
export const deploySecond = (folder) => deployNext(folder, 'second', SECOND);

/** The version `name`, whose page carries `mark`: the one that was built with another page. */
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

/** Writes a file and removes its compressed forms, which would be served in its place. */
export function replace(file, text) {
  writeFileSync(file, text);
  for (const suffix of ['.br', '.gz']) rmSync(file + suffix, { force: true });
}

/** Removes the app's WebAssembly from a deployment: a tablet that asks for it anew gets nothing. */
export function removeWasm(folder) {
  const assets = join(folder, 'assets');
  for (const name of readdirSync(assets)) if (name.includes('.wasm')) rmSync(join(assets, name));
}
