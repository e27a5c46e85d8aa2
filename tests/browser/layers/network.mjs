// Test layer: the networks where the app is used. One has 50 kbit/s, round trips of 1.4 to 2 s, and three in ten
// connections cut at any byte. The other is a portal that answers 200 to everything. Work must go on, the portal's
// answers must not be accepted, and everything must arrive.

import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { byId, goTo, text } from '../lib/app.mjs';
import { chance } from '../lib/chance.mjs';
import { Link } from '../lib/link.mjs';
import { repeat } from '../lib/repeat.mjs';
import { begin } from '../lib/work.mjs';

/** A timeout for a bad line. It limits the test and does not measure the app. */
const ARRIVAL_WAIT_MS = 300_000;
const STEPS_MAX = 4;

const stateOf = (page) => byId(page, 'link-state').getAttribute('data-state');

/** Asks the app to send, and returns how that ended. No answer of the portal may count as contact. */
async function tryToSend(page) {
  await goTo(page, 'sync');
  await byId(page, 'sync-now').click();
  await page.locator('[data-testid="link-state"]:not([data-state="contacting"])').waitFor({ timeout: ARRIVAL_WAIT_MS });
  return stateOf(page);
}

async function behindThePortal(work, link, steps) {
  link.become('portal');
  for (let count = 0; count < steps; count += 1) await work.step();
  // An exchange that was under way when the line changed may still succeed. The next one cannot.
  await tryToSend(work.page);
  await wait(100);
  assert.equal(await tryToSend(work.page), 'offline', 'the portal was believed');
  assert.match(await text(byId(work.page, 'offline')), /không có mạng/i);
  assert.notEqual(await byId(work.page, 'only-here').getAttribute('data-count'), '0', 'unsent work is shown as such');
  await work.holds('behind the portal');
  await work.leave();
  await work.enter();
  await work.holds('opened behind the portal');
  assert.equal(await work.page.title(), 'Công Tâm');
}

async function overTheSlowLine(work, link, steps) {
  link.become('slow');
  const begun = Date.now();
  for (let count = 0; count < steps; count += 1) await work.step();
  const arrived = async () => (await byId(work.page, 'only-here').getAttribute('data-count')) === '0';
  let attempts = 0;
  do {
    assert.ok(Date.now() - begun < ARRIVAL_WAIT_MS, `not everything arrived in ${ARRIVAL_WAIT_MS / 1000} s and ${attempts} attempts`);
    attempts += 1;
    await tryToSend(work.page);
  } while (!(await arrived()));
  assert.equal(await byId(work.page, 'refused').count(), 0);
  await work.holds('after everything arrived');
  return { attempts, ms: Date.now() - begun };
}

export async function run(t, { runs, seed, say }) {
  const link = new Link(chance(seed));
  await link.listen(t);
  const work = await begin(t, { link });
  let attempts = 0;
  const recover = () => {
    link.become('clear');
    return work.recover();
  };
  const proved = await repeat({ runs, seed, say, recover }, async (draw) => {
    link.draw = draw;
    await behindThePortal(work, link, draw.between(1, STEPS_MAX));
    const sent = await overTheSlowLine(work, link, draw.between(1, STEPS_MAX));
    attempts += sent.attempts;
    say(`everything arrived after ${sent.attempts} attempts, ${Math.round(sent.ms / 1000)} s`);
  });
  say(`${link.connections} slow connections, ${link.cuts} of them cut; ${attempts} attempts to send`);
  link.become('clear');
  await work.arrivedElsewhere(t);
  return proved;
}
