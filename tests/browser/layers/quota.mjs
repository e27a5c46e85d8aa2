// Test layer: the browser grants no more storage. What does not fit must not be shown as saved, and the screen says
// why. Everything that was shown as saved must be there: at once, after a start with as little storage, and when there
// is storage again.

import assert from 'node:assert/strict';
import { byId, text } from '../lib/app.mjs';
import { repeat } from '../lib/repeat.mjs';
import { begin } from '../lib/work.mjs';

const WAIT_MS = 30_000;
/** More steps than can be saved before the journal asks for more storage. */
const STEPS_MAX = 60;
const FULL = /Chưa lưu: Bộ nhớ của máy đã đầy/;

/**
 * Limits the storage. A browser reserves storage for an open file ahead of time, so the limit is set while the app is
 * closed. Chromium applies such a quota to the private file system and hardly to IndexedDB, so it is the journal that
 * refuses. The limit lasts as long as the session. Storage is requested in mebibytes: with up to 1.2 MB to spare the
 * first step was refused, with 2.5 MB sixty were saved. The journal's own tests show how it continues when the storage
 * ends between two steps.
 */
async function narrow(work, spare) {
  await work.leave();
  const session = await work.device.context.newCDPSession(work.page);
  const { usage } = await session.send('Storage.getUsageAndQuota', { origin: work.url });
  await session.send('Storage.overrideQuotaForOrigin', { origin: work.url, quotaSize: Math.floor(usage) + spare });
  await work.enter();
  return session;
}

const ended = (page) =>
  page.locator('[data-testid="save-state"]:is([data-state="saved"], [data-state="failed"])').waitFor({ timeout: WAIT_MS });

/** Takes steps until one is refused; returns how many were saved before. */
async function fill(work) {
  for (let count = 0; count < STEPS_MAX; count += 1) {
    await work.tap();
    await ended(work.page);
    if ((await byId(work.page, 'save-state').getAttribute('data-state')) === 'failed') return count;
    work.called = await work.shown();
  }
  throw new Error(`${STEPS_MAX} steps were saved beyond the quota`);
}

export async function run(t, { runs, seed, say }) {
  const work = await begin(t);
  await work.goOffline();
  const proved = await repeat({ runs, seed, say, recover: () => work.recover() }, async (draw) => {
    await work.step();
    const session = await narrow(work, draw.below(4096));
    await work.holds('opened where there is hardly any room');
    const count = await fill(work);
    say(`${count} steps were saved before the device was full`);
    assert.match(await text(byId(work.page, 'save-state')), FULL);
    await work.leave();
    await work.enter();
    await work.holds('opened while the device is full');
    await session.detach();
    await work.step();
    await work.restart({ kill: draw.below(2) === 0 });
    await work.enter();
    await work.holds('opened when there is room again');
  });
  await work.goOnline();
  await work.deliver();
  await work.arrivedElsewhere(t);
  return proved;
}
