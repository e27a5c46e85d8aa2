// Tests: a new version is offered, never forced, and consists only of its own bytes.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import test from 'node:test';
import { keptForOffline, openApp, started } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { SECOND, deployFirst, deploySecond, removeWasm, replace } from '../lib/release.mjs';
import { makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, tablet } from '../lib/tablet.mjs';

/** A device that keeps the first version, and the folder that its server serves. */
async function prepared(t) {
  const data = folder('data');
  const dist = folder('dist');
  const profile = folder('tablet');
  makeDemo(data);
  deployFirst(dist);
  const server = await startServer({ data, dist });
  t.after(() => stopServer(server, 'SIGKILL'));
  const device = await tablet(profile);
  t.after(() => closeTablet(device));
  await openApp(device.page, server.url);
  await keptForOffline(device.page);
  return { page: device.page, server, dist };
}

/** Looks for a new version and waits until the search has ended: `ready` or `none`. */
const lookForUpdate = (page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update().catch(() => {});
    const installing = registration.installing;
    if (installing) {
      await new Promise((done) => {
        const settle = () => ['installed', 'activated', 'redundant'].includes(installing.state) && done();
        installing.addEventListener('statechange', settle);
        settle();
      });
    }
    return registration.waiting ? 'ready' : 'none';
  });

const shownVersion = (page) => page.evaluate((mark) => (document.documentElement.outerHTML.includes(mark) ? 'second' : 'first'), SECOND);

test('a new version waits until the app agrees, and costs only what has changed', async (t) => {
  const { page, dist } = await prepared(t);
  // Requested once, as by someone who reads regulations.
  await page.evaluate(() => fetch(document.getElementById('packs').href).then((answer) => answer.arrayBuffer()));
  deploySecond(dist);
  removeWasm(dist);

  assert.equal(await lookForUpdate(page), 'ready');
  await page.waitForFunction(() => document.documentElement.dataset.update === 'ready');
  await page.reload();
  await started(page);
  assert.equal(await shownVersion(page), 'first', 'a reload does not force it');

  const loaded = page.waitForEvent('load');
  await page.waitForFunction(() => document.documentElement.dataset.update === 'ready');
  await page.evaluate(() => window.dispatchEvent(new CustomEvent('congtam:apply-update')));
  await loaded;
  await started(page);
  assert.equal(await shownVersion(page), 'second');
  assert.deepEqual(await page.evaluate(() => caches.keys()), ['congtam-second'], 'the old version is gone');
  const packs = await page.evaluate(() => caches.match(document.getElementById('packs').href).then((kept) => kept?.status));
  assert.equal(packs, 200, 'what was asked for is taken along');
});

test('a download that arrives damaged does not become a version; the next attempt does', async (t) => {
  const { page, server, dist } = await prepared(t);
  deploySecond(dist);
  const whole = readFileSync(join(dist, 'index.html'), 'utf8');
  replace(join(dist, 'index.html'), whole.slice(0, whole.length / 2));

  assert.equal(await lookForUpdate(page), 'none');
  await stopServer(server);
  await page.reload();
  await started(page);
  assert.equal(await shownVersion(page), 'first');

  replace(join(dist, 'index.html'), whole);
  const again = await startServer({ data: server.data, dist, port: server.port });
  t.after(() => stopServer(again, 'SIGKILL'));
  assert.equal(await lookForUpdate(page), 'ready');
});

test('a captive portal that answers everything with its own page changes nothing', async (t) => {
  const { page, server } = await prepared(t);
  await stopServer(server);
  const portal = createServer((_, answer) => answer.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Mua gói mạng</h1>'));
  portal.listen(server.port, '127.0.0.1');
  await once(portal, 'listening');
  t.after(() => portal.closeAllConnections() ?? portal.close());

  assert.equal(await lookForUpdate(page), 'none');
  await page.reload();
  await started(page);
  assert.equal(await shownVersion(page), 'first');
  const kept = await page.evaluate(async () => (await (await caches.match('/index.html')).text()).includes('Mua gói mạng'));
  assert.equal(kept, false);
});
