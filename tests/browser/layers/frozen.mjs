// Test layer: the browser freezes the writing tab while another tab is open. The other tab says that the work is open
// elsewhere, and saves nothing that could collide. When the first tab is thawed, it continues where it stopped and
// saves what was waiting. When the browser closes it, the other tab takes over.

import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { byId, saved, text } from '../lib/app.mjs';
import { repeat } from '../lib/repeat.mjs';
import { begin } from '../lib/work.mjs';

const WAIT_MS = 30_000;
const OTHER_TAB = /đang mở ở một tab khác.*đóng tab kia thì sửa được ở đây/;
/** Times around the pause of 600 ms between a tap and its saving. */
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

/** Checks that the tab says where the work is open, and that nothing can be changed in it. */
async function looksOn(work, page) {
  await byId(page, 'read-only').waitFor({ timeout: WAIT_MS });
  assert.match(await text(byId(page, 'read-only')), OTHER_TAB);
}

const follows = (work, page) =>
  page.waitForFunction(([id, value]) => document.querySelector(`[data-testid="${id}"]`)?.value === value, [work.line, String(work.called)], { timeout: WAIT_MS });

/** The frozen tab is closed, as by a browser that needs memory: the other tab takes over and saves. */
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
    // The tap may have been saved before the freeze. Earlier work that was shown as saved must be there in any case.
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
