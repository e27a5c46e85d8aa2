// Tests: the screen keeps what people enter: issue 14, rows A1 to A3, and the rows of the lived-in month that they rest
// on.

import assert from 'node:assert/strict';
import test from 'node:test';
import { PASSWORD, accounts, addWork, byId, codesToAdd, goTo, idsOf, reload, report, saved, signIn, signOut, teller, text } from '../lib/app.mjs';
import { openApp } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, guest, LANDSCAPE, PHONE, PORTRAIT, tablet } from '../lib/tablet.mjs';

const WAIT_MS = 30_000;
/** A page of ours that does not run the app. */
const BESIDE = '/manifest.webmanifest';
const DONE = '[data-testid^="line-"][data-testid$="-done"]';

/** Taps several controls within one task of the page. No person is faster, and no timer of the app runs in between. */
const tapAtOnce = (page, ...ids) =>
  page.evaluate((all) => all.forEach((id) => document.querySelector(`[data-testid="${id}"]`).click()), ids);

/** Types into the focused element as a person does, without leaving it. */
async function typeInto(page, id, words) {
  await byId(page, id).click();
  await page.keyboard.type(words);
}

/** The value that a field shows, once the field is there. */
async function shows(page, id, value, when) {
  await byId(page, id).waitFor({ timeout: WAIT_MS });
  const found = await page.waitForFunction(([name, want]) => document.querySelector(`[data-testid="${name}"]`)?.value === want, [id, value], { timeout: WAIT_MS }).catch(() => null);
  assert.ok(found, `${when}: ${id} shows ${await byId(page, id).inputValue()}, expected ${value}`);
}

const appIsWell = async (device) => {
  assert.equal(await device.page.evaluate(() => document.documentElement.dataset.boot), 'started', 'no recovery page');
  assert.deepEqual(device.errors, [], 'no page threw an error');
};

test('what people enter is kept, however they leave', { timeout: 900_000 }, async (t) => {
  const step = teller(t);
  const data = folder('data');
  const people = accounts(makeDemo(data));
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const device = await tablet(folder('tablet'));
  t.after(() => closeTablet(device));
  const { page } = device;
  await openApp(page, server.url);
  await signIn(page, people.canbo20.username);
  await goTo(page, 'my-month');
  const [code, second] = await codesToAdd(page, 'ban');
  await addWork(page, 'ban', code);
  await addWork(page, 'ban', second);
  await report(page, code, { assigned: 9, done: 0 });
  let done = 0;
  const plus = `line-${code}-plus`;
  const field = `line-${code}-done`;
  const stands = async (when) => {
    done += 1;
    await saved(page);
    await goTo(page, 'my-month');
    await shows(page, field, String(done), when);
    await reload(page);
    await goTo(page, 'my-month');
    await shows(page, field, String(done), `${when}, after loading again`);
    await appIsWell(device);
  };

  await step('a1: a tap, and another screen at once', async () => {
    await tapAtOnce(page, plus, 'nav-self-score');
    await stands('another screen');
  });

  await step('a1: a tap, and another month at once', async () => {
    await tapAtOnce(page, plus, 'period-previous');
    await byId(page, 'period-next').click();
    await stands('another month');
  });

  await step('a1: a tap, and Back at once', async () => {
    await goTo(page, 'sync');
    await goTo(page, 'my-month');
    await byId(page, plus).waitFor();
    await page.evaluate((id) => {
      document.querySelector(`[data-testid="${id}"]`).click();
      history.back();
    }, plus);
    await byId(page, 'sync-now').waitFor({ timeout: WAIT_MS });
    await stands('Back');
  });

  await step('a1: a tap, and signed out at once; another person in between', async () => {
    await tapAtOnce(page, plus, 'nav-settings');
    await byId(page, 'sign-out').waitFor({ timeout: WAIT_MS });
    await tapAtOnce(page, 'nav-my-month');
    await byId(page, plus).waitFor({ timeout: WAIT_MS });
    done += 1;
    await tapAtOnce(page, plus, 'nav-settings', 'sign-out').catch(() => byId(page, 'sign-out').click());
    await byId(page, 'username').waitFor({ timeout: WAIT_MS });
    await signIn(page, people.canbo21.username);
    assert.notEqual(await byId(page, 'save-state').getAttribute('data-state'), 'saving', 'nothing of the last person is on its way');
    await signOut(page);
    await signIn(page, people.canbo20.username);
    await goTo(page, 'my-month');
    done += 1;
    await shows(page, field, String(done), 'signed out');
  });

  await step('a1: marks and texts of the self-score, left at once', async () => {
    await goTo(page, 'self-score');
    await byId(page, 'strengths').waitFor({ timeout: WAIT_MS });
    const [mark] = await idsOf(page, '[data-testid^="mark-"][data-testid$="-max"]:enabled');
    await byId(page, 'strengths').fill('Làm đúng hạn, kể cả việc đột xuất.');
    await tapAtOnce(page, mark, 'nav-my-month');
    await saved(page);
    await reload(page);
    await goTo(page, 'self-score');
    await shows(page, 'strengths', 'Làm đúng hạn, kể cả việc đột xuất.', 'a text');
    assert.ok(await byId(page, mark).isDisabled(), 'the mark is the highest');
    await byId(page, 'weaknesses').fill('Chưa');
    await page.goBack();
    await saved(page);
    await goTo(page, 'self-score');
    await shows(page, 'weaknesses', 'Chưa', 'a text left with Back');
  });

  await step('a2: Back with the cursor in a number field', async () => {
    for (const typed of ['', '3']) {
      await goTo(page, 'sync');
      await goTo(page, 'my-month');
      await typeInto(page, field, typed);
      await page.goBack();
      await byId(page, 'sync-now').waitFor({ timeout: WAIT_MS });
      await appIsWell(device);
    }
    await goTo(page, 'self-score');
    const [mark] = await idsOf(page, '[data-testid^="mark-"][data-testid$="-plus"]');
    await goTo(page, 'my-month');
    await goTo(page, 'self-score');
    await typeInto(page, mark.replace('-plus', ''), '');
    await page.goBack();
    await byId(page, field).waitFor({ timeout: WAIT_MS });
    await appIsWell(device);
  });

  await step('a1: what a full tablet does not take stays in its field, is told, and is not signed out in silence', async () => {
    await page.goto(server.url + BESIDE);
    const session = await device.context.newCDPSession(page);
    const { usage } = await session.send('Storage.getUsageAndQuota', { origin: server.url });
    await session.send('Storage.overrideQuotaForOrigin', { origin: server.url, quotaSize: Math.floor(usage) + 2048 });
    await openApp(page, server.url);
    await byId(page, 'person-name').waitFor({ timeout: WAIT_MS });
    await goTo(page, 'self-score');
    await byId(page, 'strengths').fill('Chữ không vừa máy. '.repeat(80));
    await tapAtOnce(page, 'nav-my-month');
    await page.locator('[data-testid="save-state"][data-state="failed"]').waitFor({ timeout: WAIT_MS });
    await goTo(page, 'self-score');
    await shows(page, 'strengths', 'Chữ không vừa máy. '.repeat(80), 'what was typed');
    assert.match(await text(byId(page, 'unsaved')), /Bộ nhớ của máy đã đầy/);
    await goTo(page, 'settings');
    await byId(page, 'sign-out').click();
    await byId(page, 'confirm').waitFor({ timeout: WAIT_MS });
    await page.keyboard.press('Escape');
    await session.send('Storage.overrideQuotaForOrigin', { origin: server.url });
    await session.detach();
    await goTo(page, 'self-score');
    await byId(page, 'save-again').click();
    await saved(page);
    await signOut(page);
    await signIn(page, people.canbo20.username);
    await goTo(page, 'self-score');
    await shows(page, 'strengths', 'Chữ không vừa máy. '.repeat(80), 'after signing in again');
  });
});

test('a field in error saves nothing, and what is written is read as it is meant', { timeout: 900_000 }, async (t) => {
  const step = teller(t);
  const data = folder('data');
  const people = accounts(makeDemo(data));
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const device = await tablet(folder('tablet'));
  t.after(() => closeTablet(device));
  const { page } = device;
  await openApp(page, server.url);
  await signIn(page, people.canbo21.username);
  await goTo(page, 'my-month');
  const [code] = await codesToAdd(page, 'ban');
  await addWork(page, 'ban', code);
  await saved(page);
  const [done, assigned] = [`line-${code}-done`, `line-${code}-assigned`];
  const isWrong = () => page.locator('[data-testid="save-state"][data-state="wrong"]').waitFor({ timeout: WAIT_MS });
  const errorOf = (id) => text(page.locator(`[id="${id}-error"]`));
  /** Replaces the value of a field by typing with keys, and leaves the field. */
  const write = async (id, words) => {
    await typeInto(page, id, words);
    await page.keyboard.press('Tab');
  };

  await step('row 5: a tap on a number and a key replace it', async () => {
    await shows(page, assigned, '1', 'a new line');
    await write(assigned, '4');
    await shows(page, assigned, '4', 'typed over');
    const box = await byId(page, assigned).boundingBox();
    await page.mouse.click(box.x + 4, box.y + box.height / 2);
    await page.keyboard.type('7');
    await page.keyboard.press('Tab');
    await shows(page, assigned, '7', 'typed over from its left end');
    await saved(page);
  });

  await step('case 09: thousands are read as thousands', async () => {
    for (const [words, value] of [['1.250', '1250'], ['12.500', '12500'], ['1 250', '1250'], ['1.250,5', '1250,5'], ['1.000', '1000'], ['2.5', '2,5'], ['2,5', '2,5']]) {
      await write(assigned, words);
      await shows(page, assigned, value, words);
      await saved(page);
    }
    for (const [words, told] of [['1,000', /hai cách: 1000 hay 1/], ['1.2500', /Dấu chấm tách hàng nghìn/], ['100.001', /tức là|từ 0 đến 100\.000/], ['x', /từ 0 đến 100\.000/]]) {
      await write(assigned, words);
      await isWrong();
      await shows(page, assigned, words, 'it stays to be seen');
      assert.match(await errorOf(assigned), told);
    }
    await goTo(page, 'self-score');
    await isWrong();
    await goTo(page, 'my-month');
    await shows(page, assigned, 'x', 'after another screen');
    await reload(page);
    await goTo(page, 'my-month');
    await shows(page, assigned, '2,5', 'what was saved before');
    await write(assigned, '1');
    await saved(page);
  });

  await step('row 7: more done than assigned is told and is not “Xong”', async () => {
    await write(done, '34');
    await saved(page);
    const line = await text(byId(page, `line-${code}`));
    assert.match(line, /Nhiều hơn số giao 33/);
    assert.match(line, /khoản 1 Điều 18 Nghị định 335\/2025/);
    assert.doesNotMatch(line, /Xong/);
    assert.doesNotMatch(await text(byId(page, 'month-sum')), /81|34/);
    await write(done, '1');
    await saved(page);
    assert.match(await text(byId(page, `line-${code}`)), /Xong/);
  });

  await step('row 15: a due day as people write it, of this card', async () => {
    await byId(page, `line-${code}-more`).click();
    const due = `line-${code}-due`;
    const enterDay = async (words) => {
      await byId(page, due).fill(words);
      await byId(page, due).blur();
    };
    const [month, year] = (await text(byId(page, 'period'))).match(/\d+/g);
    const two = month.padStart(2, '0');
    for (const words of [`25/${month}`, `24.${two}.${year}`, `25-${two}-${year}`, `24${two}${year}`, `25${two}${year.slice(2)}`]) {
      await enterDay(words);
      await shows(page, due, `${words.slice(0, 2)}/${two}/${year}`, words);
      await saved(page);
    }
    for (const [words, told] of [[`05/01/${Number(year) + 1}`, /không thuộc phiếu này/], ['31/02', /Lịch không có ngày/], ['mai', /hãy viết ngày/]]) {
      await enterDay(words);
      await isWrong();
      assert.match(await errorOf(due), told);
    }
    await enterDay(`25/${month}`);
    await saved(page);
    await byId(page, `line-${code}-more`).click();
  });

  await step('case 02: a field that shows an error saves nothing and cannot be submitted', async () => {
    await goTo(page, 'self-score');
    await byId(page, 'submit-self').waitFor({ timeout: WAIT_MS });
    for (const id of await idsOf(page, '[data-testid^="mark-"][data-testid$="-max"]:enabled')) await byId(page, id).click();
    await saved(page);
    await write('mark-II.1', '25');
    await isWrong();
    assert.match(await errorOf('mark-II.1'), /Đang là “25”/);
    await write('mark-I.1', '45');
    await isWrong();
    assert.doesNotMatch(await text(byId(page, 'next-step')), /Đã chấm đủ/);
    await byId(page, 'submit-self').click();
    await page.waitForFunction(() => document.activeElement?.id === 'mark-I.1', null, { timeout: WAIT_MS });
    assert.equal(await byId(page, 'confirm').count(), 0, 'nothing is asked, because nothing is sent');
    await write('mark-I.1', '5');
    await byId(page, 'submit-self').click();
    await page.waitForFunction(() => document.activeElement?.id === 'mark-II.1', null, { timeout: WAIT_MS });
    await reload(page);
    await goTo(page, 'self-score');
    await shows(page, 'mark-II.1', '2,5', 'what was saved before');
    await shows(page, 'mark-I.1', '5', 'what was saved before');
  });

  await step('a3: “highest” takes the place of what is typed wrongly', async () => {
    await typeInto(page, 'mark-II.1', '1.25.0');
    await byId(page, 'mark-II.1-max').click();
    await shows(page, 'mark-II.1', '2,5', 'the highest');
    await saved(page);
    await typeInto(page, 'mark-II.1', '1');
    await shows(page, 'mark-II.1', '1', 'as typed');
    await byId(page, 'mark-II.1-minus').click();
    await shows(page, 'mark-II.1', '0,5', 'one step from what was typed');
    await byId(page, 'mark-II.1-max').click();
    await saved(page);
  });

  await step('a3: a choice that is tapped out of a wrong field is taken', async () => {
    await signOut(page);
    await signIn(page, people.truong1.username);
    await goTo(page, 'self-score');
    await byId(page, 'mark-II.1').waitFor({ timeout: WAIT_MS });
    for (const place of [1, 0]) {
      await typeInto(page, 'mark-II.1', 'abc');
      await byId(page, `leadership-unit-${place}`).check();
      await isWrong();
      assert.equal(await byId(page, `leadership-unit-${place}`).isChecked(), true);
    }
    await write('mark-II.1', '1');
    await saved(page);
    await signOut(page);
    await signIn(page, people.canbo21.username);
    await goTo(page, 'self-score');
    await shows(page, 'mark-II.1', '2,5', 'what was left');
  });

  await step('row 4: the whole at a pause is taken back when it was only the beginning', async () => {
    await typeInto(page, 'mark-II.1', '2');
    await saved(page);
    await page.keyboard.type('5');
    await isWrong();
    await reload(page);
    await goTo(page, 'self-score');
    await shows(page, 'mark-II.1', '2,5', 'the value from before the typing');
  });

  await step('row 4: an error on another screen keeps back the self-score, too, and is led to', async () => {
    await goTo(page, 'my-month');
    await write(done, 'hai');
    await isWrong();
    await goTo(page, 'self-score');
    assert.match(await text(byId(page, 'submit-sum')), /chưa hợp lệ/);
    await byId(page, 'submit-self').click();
    await page.waitForFunction((id) => document.activeElement?.id === id, done, { timeout: WAIT_MS });
    await write(done, '0');
    await saved(page);
  });

  await step('row 22: nothing pasted is cut', async () => {
    await goTo(page, 'self-score');
    await byId(page, 'strengths').fill('Tốt. ');
    await saved(page);
    const long = 'Đã làm đủ việc. '.repeat(340).slice(0, 5_400);
    await byId(page, 'strengths').fill(long);
    await isWrong();
    assert.equal((await byId(page, 'strengths').inputValue()).length, 5_400, 'all of it is on the screen');
    assert.match(await errorOf('strengths'), /5\.400.*2\.000/);
    await byId(page, 'submit-self').click();
    await page.waitForFunction(() => document.activeElement?.id === 'strengths', null, { timeout: WAIT_MS });
    await byId(page, 'strengths').fill(long.slice(0, 2_000));
    await saved(page);
  });

  await step('row 17: Back closes an open dialog and stays; a dialog closed otherwise costs no Back', async () => {
    await goTo(page, 'sync');
    await goTo(page, 'my-month');
    const here = page.url();
    await byId(page, 'add-work').click();
    await byId(page, 'work-search').waitFor({ timeout: WAIT_MS });
    await page.evaluate(() => history.back());
    await byId(page, 'work-search').waitFor({ state: 'detached', timeout: WAIT_MS });
    assert.equal(page.url(), here);
    await byId(page, 'add-work').click();
    await byId(page, 'work-done').click();
    await byId(page, 'work-search').waitFor({ state: 'detached', timeout: WAIT_MS });
    await page.evaluate(() => history.back());
    await byId(page, 'sync-now').waitFor({ timeout: WAIT_MS });
    await goTo(page, 'my-month');
    await byId(page, 'add-work').click();
    await byId(page, 'work-done').click();
    await goTo(page, 'self-score');
    await byId(page, 'submit-self').waitFor({ timeout: WAIT_MS });
    await page.evaluate(() => history.back());
    await byId(page, 'add-work').waitFor({ timeout: WAIT_MS });
    await appIsWell(device);
  });

  await step('a1: the tap that leaves a field holds, though words appear above what is tapped', async () => {
    await goTo(page, 'my-month');
    const [above, below] = await idsOf(page, '[data-testid^="line-"][data-testid$="-done"]:enabled');
    const plus = below.replace('-done', '-plus');
    const counted = async () => Number(await byId(page, below).inputValue());
    const touch = await page.context().newCDPSession(page);
    for (const [hand, words, told] of [['mouse', 'hai', /hai/], ['mouse', '34', null], ['touch', 'ba', /ba/], ['touch', '34', null]]) {
      const before = await counted();
      await write(above, '0');
      await saved(page);
      await byId(page, above).fill(words);
      // At the top the browser has nothing to scroll, so it cannot keep the content below in place by scrolling.
      await page.evaluate(() => scrollTo(0, 0));
      const box = await byId(page, plus).boundingBox();
      const [x, y] = [box.x + box.width / 2, box.y + 2];
      if (hand === 'mouse') {
        await page.mouse.move(x, y);
        await page.mouse.down();
        // A person's hand needs this time.
        await page.waitForTimeout(600);
        await page.mouse.up();
      } else {
        await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
        await page.waitForTimeout(100);
        await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
      }
      await shows(page, below, String(before + 1), `${hand}, ${words}`);
      if (told) {
        await isWrong();
        assert.match(await errorOf(above), told);
      } else {
        await saved(page);
      }
      assert.ok((await byId(page, plus).boundingBox()).y > box.y + 2, `${hand}, ${words}: what was tapped has moved since`);
    }
    await write(above, '0');
    await saved(page);
  });
});

/** A commune, and a new device of each size. */
async function atEachSize(t, tell) {
  const data = folder('data');
  const people = accounts(makeDemo(data));
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  for (const viewport of [PORTRAIT, LANDSCAPE, PHONE]) {
    const device = await guest(viewport);
    t.after(() => closeTablet(device));
    await openApp(device.page, server.url);
    await tell({ page: device.page, people, viewport });
    await closeTablet(device);
  }
}

test('a1: the bar of actions hides nothing, and what was just done is told above it', { timeout: 300_000 }, (t) =>
  atEachSize(t, async ({ page, people, viewport }) => {
    await signIn(page, people.canbo1.username);
    await goTo(page, 'my-month');
    await byId(page, 'same-as-last-month').click();
    await byId(page, 'undo').waitFor({ timeout: WAIT_MS });
    for (const id of ['same-as-last-month', 'add-work', 'undo', 'nav-self-score']) await byId(page, id).click({ trial: true, timeout: WAIT_MS });
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    const [last, bar] = [await page.locator('.line').last().boundingBox(), await page.locator('.actions').boundingBox()];
    assert.ok(last.y + last.height <= bar.y, `${viewport.width}: the last line ends at ${last.y + last.height}, the bar begins at ${bar.y}`);
  }));

test('a8: the first tap on the rail after a sign-in holds, whatever arrives meanwhile', { timeout: 300_000 }, (t) =>
  atEachSize(t, async ({ page, people, viewport }) => {
    let letGo;
    const held = new Promise((done) => (letGo = done));
    await page.route('**/v1/sync', async (route) => {
      await held;
      await route.continue();
    });
    await byId(page, 'username').fill(people.canbo1.username);
    await byId(page, 'password').fill(PASSWORD);
    await byId(page, 'sign-in').click();
    const link = byId(page, 'nav-sync');
    await link.waitFor({ timeout: WAIT_MS });
    const before = await link.boundingBox();
    // The finger is on the place while the person's posts arrive and add more places.
    await page.mouse.move(before.x + before.width / 2, before.y + before.height / 2);
    await page.mouse.down();
    letGo();
    await byId(page, 'nav-my-month').waitFor({ timeout: WAIT_MS });
    await page.mouse.up();
    await byId(page, 'sync-now').waitFor({ timeout: WAIT_MS });
    assert.deepEqual(await link.boundingBox(), before, `${viewport.width}: the place has not moved`);
  }));
