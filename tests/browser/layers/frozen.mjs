// The tab that writes is frozen by the browser while another one is open: the other says who has the work, and saves nothing
// in its stead that could collide. Thawed, the first goes on where it stopped, what waited to be saved included; closed by
// the browser, it hands over.

import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { byId, saved, text } from '../lib/app.mjs';
import { repeat } from '../lib/repeat.mjs';
import { begin } from '../lib/work.mjs';

const WAIT_MS = 30_000;
const OTHER_TAB = /đang mở ở một tab khác.*đóng tab kia thì sửa được ở đây/;
/** Into, before and after the pause of 600 ms that a tap waits before it is saved. */
const FROZEN_AFTER_MS = [0, 800];

async function freeze(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Page.enable');
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  return session;
}

async function thaw(session) {
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await session.detach();
}

/** Says whose the work is, and lets nothing be changed. */
async function looksOn(work, page) {
  await byId(page, 'read-only').waitFor({ timeout: WAIT_MS });
  assert.match(await text(byId(page, 'read-only')), OTHER_TAB);
}

const follows = (work, page) =>
  page.waitForFunction(([id, value]) => document.querySelector(`[data-testid="${id}"]`)?.value === value, [work.line, String(work.called)], { timeout: WAIT_MS });

/** Closed while frozen, as by a browser that needs memory: the other tab takes over and saves. */
async function takesOver(work, second) {
  await work.page.close();
  work.device.page = second;
  await byId(second, 'read-only').waitFor({ state: 'detached', timeout: WAIT_MS });
}

export async function run(t, { runs, seed, say }) {
  const work = await begin(t);
  await work.goOffline();
  const proved = await repeat({ runs, seed, say, recover: () => work.recover() }, async (draw) => {
    await work.step();
    await work.tap();
    await wait(draw.between(...FROZEN_AFTER_MS));
    const frozen = await freeze(work.page);
    const second = await work.device.context.newPage();
    await work.enter(second);
    await looksOn(work, second);
    const found = await work.shown(second);
    // The tap may have been saved before the freeze; what was called saved before it is there in any case.
    assert.ok(found >= work.called, `the tab that looks on shows ${found}, ${work.called} had been called saved`);
    if (draw.below(2) === 0) {
      await thaw(frozen);
      await saved(work.page);
      work.called = await work.shown();
      await work.step();
      await follows(work, second);
      await takesOver(work, second);
    } else {
      await takesOver(work, second);
      const kept = await work.shown();
      assert.ok(kept >= found, `${kept} after the frozen tab was closed, ${found} before`);
      work.called = kept;
    }
    await work.holds('in the tab that took over');
    await work.step();
    await work.leave();
    await work.enter();
    await work.holds('opened again');
  });
  await work.goOnline();
  await work.deliver();
  await work.arrivedElsewhere(t);
  return proved;
}
