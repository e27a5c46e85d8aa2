// A demo commune with its server, and devices on which its people sign in.

import assert from 'node:assert/strict';
import { accounts, openAndSignIn, synced } from './app.mjs';
import { keptForOffline } from './page.mjs';
import { folder } from './place.mjs';
import { makeDemo, startServer, stopServer } from './server.mjs';
import { closeTablet, tablet } from './tablet.mjs';

/** A demo office with a running server; `again` restarts the server at the same address. */
export async function office(t, scheme) {
  const data = folder('data');
  const people = accounts(makeDemo(data, scheme));
  const place = { server: await startServer({ data }), data, people };
  place.url = place.server.url;
  place.again = async () => {
    place.server = await startServer({ data, port: place.server.port });
  };
  t.after(() => stopServer(place.server, 'SIGKILL'));
  return place;
}

/**
 * A device on which somebody has signed in, ready for days without a network. None of its pages may throw until the
 * test ends.
 */
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
