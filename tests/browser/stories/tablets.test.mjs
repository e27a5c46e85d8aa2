// Tests: devices in unusual states: two people on one, a clock that is years off, a browser that promises nothing or
// keeps nothing, a profile that was copied.

import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { addFreeWork, byId, goTo, lineNamed, openAndSignIn, reload, saved, signIn, signOut, synced, text } from '../lib/app.mjs';
import { office, opened } from '../lib/office.mjs';
import { monthName } from '../lib/days.mjs';
import { keptForOffline, openApp } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, guest, tablet } from '../lib/tablet.mjs';

const WAIT_MS = 30_000;
/** Time for the app to begin what it was asked for. */
const SETTLE_MS = 300;

async function work(page, name) {
  await goTo(page, 'my-month');
  await addFreeWork(page, name, '1');
  await saved(page);
}

async function shows(page, names) {
  await goTo(page, 'my-month');
  for (const name of names) await lineNamed(page, name).waitFor({ timeout: WAIT_MS });
}

/** Checks what the server has, from a device that knows nothing yet. */
async function officeHas(t, url, username, names) {
  const device = await tablet(folder('other'));
  try {
    await openAndSignIn(device.page, url, username);
    await synced(device.page);
    await shows(device.page, names);
  } finally {
    await closeTablet(device);
  }
}

/**
 * The most attempts until the server answers. If an answer says that a copied profile lacks something, the app asks
 * once more for all of it.
 */
const ATTEMPTS_MAX = 5;

/** Sends everything; signs in at the server again if it asks for that. */
async function deliver(page, username) {
  await goTo(page, 'sync');
  const state = () => byId(page, 'link-state').getAttribute('data-state');
  for (let attempt = 1; attempt === 1 || ((await state()) === 'offline' && attempt <= ATTEMPTS_MAX); attempt += 1) {
    await byId(page, 'sync-now').click();
    await page.waitForTimeout(SETTLE_MS);
    await page.locator('[data-testid="link-state"]:not([data-state="contacting"])').waitFor({ timeout: WAIT_MS });
  }
  if ((await state()) === 'sign-in-needed') {
    await signOut(page);
    await signIn(page, username);
  }
  await synced(page);
}

test('two people on one tablet work without a network, see their own only, and deliver under their own names', async (t) => {
  const place = await office(t);
  const { page } = await opened(t, place.url, 'canbo1');
  await signOut(page);
  await signIn(page, 'truong1');
  await synced(page);
  await stopServer(place.server);

  await work(page, 'Việc của trưởng phòng');
  await signOut(page);
  await signIn(page, 'canbo1');
  await work(page, 'Việc của cán bộ');
  assert.equal(await lineNamed(page, 'Việc của trưởng phòng').count(), 0);
  await place.again();
  // The cookie still belongs to the other person: nothing of mine may be sent under that name.
  await goTo(page, 'sync');
  await byId(page, 'sync-now').click();
  await page.locator('[data-testid="link-state"][data-state="sign-in-needed"]').waitFor({ timeout: WAIT_MS });
  assert.match(await text(byId(page, 'sync-state')), /đăng nhập lại/);

  await deliver(page, 'canbo1');
  await signOut(page);
  await signIn(page, 'truong1');
  await shows(page, ['Việc của trưởng phòng']);
  await synced(page);
  await officeHas(t, place.url, 'canbo1', ['Việc của cán bộ']);
  await officeHas(t, place.url, 'truong1', ['Việc của trưởng phòng']);
});

/** Sets the clock of a page off by so many years, from its first script on. */
const shiftClock = (years) => {
  const shift = years * 365.25 * 86_400_000;
  const True = Date;
  const now = True.now.bind(True);
  globalThis.Date = class extends True {
    constructor(...parts) {
      super(...(parts.length === 0 ? [now() + shift] : parts));
    }

    static now() {
      return now() + shift;
    }
  };
};

/** Goes by the visible buttons from the month that a clock `years` off shows to the real month. */
async function goToThisMonth(page, years) {
  const step = years > 0 ? 'period-previous' : 'period-next';
  const isThere = async () => (await text(byId(page, 'period'))).includes(monthName());
  const months = 12 * Math.abs(years) + 1;
  for (let month = 0; month < months && !(await isThere()) && (await byId(page, step).isEnabled()); month += 1) {
    await byId(page, step).click();
  }
  return isThere();
}

for (const years of [6, -6]) {
  test(`a clock ${Math.abs(years)} years ${years > 0 ? 'ahead' : 'behind'} loses nothing`, async (t) => {
    const place = await office(t);
    const device = await opened(t, place.url, 'canbo1');
    await work(device.page, 'Trước khi đồng hồ sai');
    await stopServer(place.server);
    await device.context.addInitScript(shiftClock, years);
    await reload(device.page);
    // A clock before the last contact is known to be wrong. A clock ahead may be right until the server is asked.
    assert.equal(await byId(device.page, 'clock-wrong').count(), years < 0 ? 1 : 0);
    // A clock that is behind shows only earlier months, so work waits until the clock is right.
    const there = await goToThisMonth(device.page, years);
    if (there) {
      await shows(device.page, ['Trước khi đồng hồ sai']);
      await work(device.page, 'Khi đồng hồ sai');
      await reload(device.page);
      await goToThisMonth(device.page, years);
      await shows(device.page, ['Trước khi đồng hồ sai', 'Khi đồng hồ sai']);
    }
    await place.again();
    await deliver(device.page, 'canbo1');
    assert.match(await text(byId(device.page, 'clock-wrong')), /Đồng hồ máy này sai.*hãy chỉnh lại/);
    assert.equal(await byId(device.page, 'refused').count(), 0);
    await officeHas(t, place.url, 'canbo1', there ? ['Trước khi đồng hồ sai', 'Khi đồng hồ sai'] : ['Trước khi đồng hồ sai']);
    assert.ok(there || years < 0, 'from a month to come the present one can be reached');
  });
}

test('a browser that refuses to promise to keep the data is said in words, and can be asked again', async (t) => {
  const place = await office(t);
  const device = await tablet(folder('tablet'));
  t.after(() => closeTablet(device));
  await device.context.addInitScript(() => {
    navigator.storage.persist = navigator.storage.persisted = async () => globalThis.promised === true;
  });
  const { page } = device;
  await openAndSignIn(page, place.url, 'canbo1');
  await work(page, 'Việc khi chưa được hứa');
  await goTo(page, 'sync');
  assert.match(await text(byId(page, 'persistence')), /chưa bảo đảm lưu giữ dữ liệu.*Hãy gửi thường xuyên/);
  await byId(page, 'ask-persistence').click();
  // The browser's first answer must be no.
  await page.waitForTimeout(SETTLE_MS);
  assert.match(await text(byId(page, 'persistence')), /chưa bảo đảm lưu giữ dữ liệu/);
  await page.evaluate(() => (globalThis.promised = true));
  await byId(page, 'ask-persistence').click();
  await byId(page, 'ask-persistence').waitFor({ state: 'detached', timeout: WAIT_MS });
  assert.match(await text(byId(page, 'persistence')), /Trình duyệt bảo đảm lưu giữ dữ liệu của Công Tâm/);
});

test('a private window works while it is open, says that nothing is promised, and what it sent is at the office', async (t) => {
  const place = await office(t);
  const device = await guest();
  t.after(() => closeTablet(device));
  await openAndSignIn(device.page, place.url, 'canbo1');
  await work(device.page, 'Việc trong cửa sổ ẩn danh');
  await goTo(device.page, 'sync');
  assert.match(await text(byId(device.page, 'persistence')), /chưa bảo đảm lưu giữ dữ liệu/);
  await reload(device.page);
  await shows(device.page, ['Việc trong cửa sổ ẩn danh']);
  await synced(device.page);
  await officeHas(t, place.url, 'canbo1', ['Việc trong cửa sổ ẩn danh']);
});

test('a browser without a private file system may look but not write, and says why', async (t) => {
  const place = await office(t);
  const device = await guest();
  t.after(() => closeTablet(device));
  await device.context.route('**/journal-worker.js', async (route) => {
    const answer = await route.fetch();
    const refuse = "navigator.storage.getDirectory = () => Promise.reject(new DOMException('private', 'SecurityError'));\n";
    await route.fulfill({ response: answer, body: refuse + (await answer.text()) });
  });
  await openAndSignIn(device.page, place.url, 'canbo1');
  await byId(device.page, 'read-only').waitFor({ timeout: WAIT_MS });
  assert.match(await text(byId(device.page, 'read-only')), /không cho cất dữ liệu an toàn.*Chỉ xem được, không sửa được/);
});

test('a copied profile: both copies work on, and the office gets the work of both', async (t) => {
  const place = await office(t);
  const profile = folder('tablet');
  const copy = folder('copy');
  let first = await tablet(profile);
  await openAndSignIn(first.page, place.url, 'canbo1');
  await keptForOffline(first.page);
  await synced(first.page);
  await stopServer(place.server);
  await work(first.page, 'Trước khi chép máy');
  await closeTablet(first);
  cpSync(profile, copy, { recursive: true });
  // The files that mark a profile as open on a machine.
  for (const name of ['SingletonLock', 'SingletonCookie', 'SingletonSocket']) rmSync(join(copy, name), { force: true });

  first = await tablet(profile);
  t.after(() => closeTablet(first));
  const second = await tablet(copy);
  t.after(() => closeTablet(second));
  for (const [{ page }, name] of [[first, 'Ở máy thứ nhất'], [second, 'Ở máy thứ hai']]) {
    await openApp(page, place.url);
    await shows(page, ['Trước khi chép máy']);
    await work(page, name);
  }
  await place.again();
  for (const { page } of [first, second, first]) await deliver(page, 'canbo1');
  const all = ['Trước khi chép máy', 'Ở máy thứ nhất', 'Ở máy thứ hai'];
  for (const { page } of [first, second]) {
    await synced(page);
    await shows(page, all);
  }
  // The first device's next operation is held, because it is signed with the copied key. It is repeated in a chain
  // whose number the other copy has not taken.
  const later = ['Sau đó ở máy thứ nhất', 'Sau đó ở máy thứ hai'];
  await work(first.page, later[0]);
  await work(second.page, later[1]);
  for (const { page } of [first, second, first, second]) await deliver(page, 'canbo1');
  await officeHas(t, place.url, 'canbo1', [...all, ...later]);
});
