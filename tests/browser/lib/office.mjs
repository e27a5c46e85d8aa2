// An office with its server, and people who sit down at tablets of their own.

import assert from 'node:assert/strict';
import { openAndSignIn, synced } from './app.mjs';
import { keptForOffline } from './page.mjs';
import { folder } from './place.mjs';
import { makeDemo, startServer, stopServer } from './server.mjs';
import { closeTablet, tablet } from './tablet.mjs';

/** The demo commune, served; `again` starts its server anew at the address that the tablets know. */
export async function office(t) {
  const data = folder('data');
  makeDemo(data);
  const place = { server: await startServer({ data }), data };
  place.url = place.server.url;
  place.again = async () => {
    place.server = await startServer({ data, port: place.server.port });
  };
  t.after(() => stopServer(place.server, 'SIGKILL'));
  return place;
}

/** A tablet that somebody has signed in on, ready for days without a network. No page of it may throw until the story ends. */
export async function opened(t, url, username) {
  const device = await tablet(folder('tablet'));
  t.after(async () => {
    await closeTablet(device).catch(() => {});
    assert.deepEqual(device.errors, [], 'no page threw an error');
  });
  await openAndSignIn(device.page, url, username);
  await keptForOffline(device.page);
  await synced(device.page);
  return device;
}
