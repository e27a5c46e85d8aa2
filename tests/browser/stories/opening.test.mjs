// Test: after it was opened once with a network, the app always opens without one.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import test from 'node:test';
import { keptForOffline, openApp, screenshot, started } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { DIST, makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, killTablet, tablet } from '../lib/tablet.mjs';

const shipped = () =>
  readdirSync(DIST, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name) && entry.name !== 'sw.js' && !/^(packs|split_reference|split_english|split_own_keys)\./.test(entry.name))
    .map((entry) => `/${relative(DIST, join(entry.parentPath ?? entry.path, entry.name))}`)
    .sort();

const kept = (page) =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const files = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)));
    return files.flat().sort();
  });

test('a tablet that has visited once opens without a network: reloaded, closed, killed', async (t) => {
  const data = folder('data');
  const profile = folder('tablet');
  makeDemo(data);
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  let device = await tablet(profile);
  t.after(() => closeTablet(device));

  await t.test('the first visit keeps exactly the files of the version, and nothing of the interface', async () => {
    await openApp(device.page, server.url);
    await keptForOffline(device.page);
    assert.deepEqual(await kept(device.page), shipped());
    await screenshot(device.page, 'opening');
  });

  await t.test('the server is gone, the page is reloaded', async () => {
    await stopServer(server, 'SIGKILL');
    await device.page.reload();
    await started(device.page);
    assert.equal(await device.page.title(), 'Công Tâm');
    await assert.rejects(device.page.evaluate(() => fetch('/v1/health').then((answer) => answer.text())), 'the interface is never answered from the copy');
  });

  await t.test('closed and opened again on an address inside the app', async () => {
    await closeTablet(device);
    device = await tablet(profile);
    await openApp(device.page, `${server.url}/sync`);
  });

  await t.test('killed and opened again', async () => {
    await killTablet(device);
    device = await tablet(profile);
    await openApp(device.page, server.url);
    assert.deepEqual(device.errors, []);
  });
});

test('the page names its files by their content and carries no inline script', () => {
  const page = readFileSync(join(DIST, 'index.html'), 'utf8');
  for (const name of ['app', 'app_bg', 'boot', 'styles']) assert.match(page, new RegExp(`/assets/${name}\\.[0-9a-f]{12}\\.`));
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)/);
});
