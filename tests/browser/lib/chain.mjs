// People of one office, one after the other, on devices of their own that meet the server before and after.

import { enterAs, synced } from './app.mjs';
import { keptForOffline, openApp } from './page.mjs';
import { folder } from './place.mjs';
import { stopServer } from './server.mjs';
import { closeTablet, tablet } from './tablet.mjs';

/**
 * Lets somebody do something on a device of one's own without a network: the device meets the server, the server goes
 * away, the person works, the server comes back, the device hands in.
 */
export function onDevices(t, place) {
  const profiles = {};
  let open;
  t.after(() => open && closeTablet(open).catch(() => {}));
  return async (username, tell) => {
    profiles[username] ??= folder(username);
    open = await tablet(profiles[username]);
    const { page } = open;
    await openApp(page, place.url);
    await enterAs(page, username);
    await keptForOffline(page);
    await synced(page);
    await stopServer(place.server);
    await tell(page);
    await place.again();
    await synced(page);
    await closeTablet(open);
    open = undefined;
  };
}
