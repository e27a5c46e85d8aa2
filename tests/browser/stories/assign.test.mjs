// Test: a head assigns work without a network; it reaches the person's own device, and the person reports it done.

import assert from 'node:assert/strict';
import test from 'node:test';
import { accounts, addFreeWork, addWork, byId, codesToAdd, goTo, lineNamed, openAndSignIn, openPerson, reload, report, saved, synced, teller, text } from '../lib/app.mjs';
import { writtenDay } from '../lib/days.mjs';
import { axe, keptForOffline } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, LANDSCAPE, PORTRAIT, tablet } from '../lib/tablet.mjs';

const FREE_WORK = 'Trực bão số 9';
const DUE = `28${writtenDay().slice(2)}`;

/** What a line shows about itself: who assigned it, and until when. */
const about = (line) => text(line.locator('.top p.quiet').first());

/** The code in a line's test id. Free work carries the line's own id. */
const codeOf = async (line) => (await line.getAttribute('data-testid')).replace('line-', '');

test('a head assigns work offline, the person finds it and reports it done', { timeout: 300_000 }, async (t) => {
  const step = teller(t);
  const [data, headProfile, staffProfile] = ['data', 'head', 'staff'].map((name) => folder(name));
  const people = accounts(makeDemo(data));
  const [head, staff] = [people.truong1, people.canbo1];
  let server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const { url, port } = server;
  const headTablet = await tablet(headProfile, LANDSCAPE);
  t.after(() => closeTablet(headTablet));
  const staffTablet = await tablet(staffProfile, PORTRAIT);
  t.after(() => closeTablet(staffTablet));
  const [atHead, atStaff] = [headTablet.page, staffTablet.page];
  let code;
  let free;

  await step('both tablets meet the server once', async () => {
    await openAndSignIn(atHead, url, head.username);
    await openAndSignIn(atStaff, url, staff.username);
    for (const page of [atHead, atStaff]) {
      await keptForOffline(page);
      await synced(page);
    }
  });

  await step('the server is gone: the head assigns a product of the list and a piece of work that no list has', async () => {
    await stopServer(server, 'SIGTERM');
    await reload(atHead);
    await openPerson(atHead, staff.name);
    [code] = await codesToAdd(atHead, 'ban', 'assign-work');
    await addWork(atHead, 'ban', code, 'assign-work');
    await addFreeWork(atHead, FREE_WORK, '1,5', 'assign-work');
    free = await codeOf(lineNamed(atHead, FREE_WORK));
    await report(atHead, code, { assigned: 3 });
    await byId(atHead, `line-${code}-more`).click();
    await byId(atHead, `line-${code}-due`).fill(DUE);
    await byId(atHead, `line-${code}-due`).blur();
    await byId(atHead, `line-${code}`).filter({ hasText: `hạn ${DUE}` }).waitFor();
    await saved(atHead);
    await axe(atHead, 'work assigned offline');
  });

  await step('what was assigned by mistake is taken off and put back', async () => {
    await byId(atHead, `line-${free}-more`).click();
    await byId(atHead, `line-${free}-remove`).click();
    await lineNamed(atHead, FREE_WORK).waitFor({ state: 'detached' });
    await byId(atHead, 'undo').click();
    await lineNamed(atHead, FREE_WORK).waitFor();
    free = await codeOf(lineNamed(atHead, FREE_WORK));
    await saved(atHead);
  });

  await step('the head reloads offline: both lines are there', async () => {
    await reload(atHead);
    await openPerson(atHead, staff.name);
    for (const handle of [code, free]) await byId(atHead, `line-${handle}`).waitFor();
    assert.equal(await byId(atHead, `line-${code}-assigned`).inputValue(), '3');
  });

  await step('the server returns, both sync: the person sees both lines, assigned by the head', async () => {
    server = await startServer({ data, port });
    await synced(atHead);
    await synced(atStaff);
    await goTo(atStaff, 'my-month');
    for (const handle of [code, free]) {
      assert.ok((await about(byId(atStaff, `line-${handle}`))).includes(`${head.name} giao`), `${handle} is marked as assigned by ${head.name}`);
      assert.ok(await byId(atStaff, `line-${handle}-assigned`).isDisabled(), `${handle}: the quantity is the head's to change`);
    }
    assert.match(await about(byId(atStaff, `line-${code}`)), new RegExp(`hạn ${DUE}`));
    assert.match(await about(byId(atStaff, `line-${free}`)), /hệ số 1,5/);
    assert.equal(await byId(atStaff, `line-${code}-assigned`).inputValue(), '3');
    assert.match(await text(lineNamed(atStaff, FREE_WORK)), /Chưa làm/);
    assert.ok(await byId(atStaff, `line-${code}-plus`).isEnabled(), 'what was done is the person\'s to say');
  });

  await step('the person reports both done; the head sees it, and that they stay', async () => {
    await report(atStaff, code, { done: 3 });
    await report(atStaff, free, { done: 1 });
    await synced(atStaff);
    await synced(atHead);
    await openPerson(atHead, staff.name);
    assert.equal(await text(byId(atHead, `line-${code}-done`)), '3');
    assert.equal(await text(byId(atHead, `line-${free}-done`)), '1');
    await byId(atHead, `line-${free}-more`).click();
    assert.ok(await byId(atHead, `line-${free}-remove`).isDisabled(), 'what has been reported is not taken off');
  });

  assert.deepEqual([...headTablet.errors, ...staffTablet.errors], [], 'no page threw an error');
});
