// Tests every screen: no violation by axe-core in either language, every control reached by keyboard alone, a picture
// at each size.

import assert from 'node:assert/strict';
import test from 'node:test';
import { accounts, addWork, byId, codesToAdd, goFar, goTo, idsOf, openPerson, report, saved, scoreSelf, signIn, signOut, synced, teller } from '../lib/app.mjs';
import { everyControlByTab } from '../lib/keyboard.mjs';
import { axe, openApp, screenshot } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, LANDSCAPE, PHONE, PORTRAIT, tablet } from '../lib/tablet.mjs';

const SIZES = { '800x1280': PORTRAIT, '1280x800': LANDSCAPE, '390x844': PHONE };
const LANGUAGES = ['vi', 'en'];
const PLACES = ['my-month', 'self-score', 'to-score', 'approve', 'unit-month', 'sync', 'settings'];

const choose = async (page, testid) => {
  await goTo(page, 'settings');
  await byId(page, testid).click();
};

const openRules = async (page) => {
  await goFar(page, 'rules');
  await byId(page, 'pack-longbien').waitFor();
};

const openPack = async (page, id) => {
  await openRules(page);
  await byId(page, `pack-${id}`).click();
  await byId(page, 'pack-title').waitFor();
  await page.locator('main details').evaluateAll((parts) => parts.forEach((part) => (part.open = true)));
};

/** The month before the open one: in the demo everything of it is decided. */
const openLastMonth = async (page, place) => {
  await goTo(page, place);
  await byId(page, 'period-previous').click();
};

/** The screens by name, each with the steps that open it. */
const screens = (page, people) => [
  ...PLACES.map((place) => [place, () => goTo(page, place)]),
  ['to-score-person', () => openPerson(page, people.phochutich1.name)],
  ['year', () => goFar(page, 'year').then(() => byId(page, 'year-table').waitFor())],
  ['rules', () => openRules(page)],
  ['rules-own', () => openPack(page, 'nd335-congchuc')],
  ['rules-template', () => openPack(page, 'longbien')],
  [
    'compare',
    async () => {
      await goTo(page, 'self-score');
      await byId(page, 'compare').click();
      await byId(page, 'compare-verdict').waitFor();
    },
    () => byId(page, 'close').click(),
  ],
  [
    'quota',
    async () => {
      await openLastMonth(page, 'approve');
      await byId(page, 'to-quota').click();
      await byId(page, 'readings').waitFor();
    },
    () => byId(page, 'period-next').click(),
  ],
  [
    'explanation',
    async () => {
      await openLastMonth(page, 'unit-month');
      await byId(page, 'unit-table').locator('button.figure').first().click();
      await byId(page, 'explanation').locator('ol.why').waitFor();
    },
    async () => {
      await byId(page, 'close').click();
      await byId(page, 'period-next').click();
    },
  ],
  [
    'assign',
    async () => {
      await openPerson(page, people.phochutich2.name);
      for (const id of await idsOf(page, '[data-testid="assign"] details:not([open]) > summary')) await byId(page, id).click();
      await page.locator('[data-testid$="-due"]:enabled').waitFor();
    },
  ],
  [
    'assign-search',
    async () => {
      await openPerson(page, people.phochutich2.name);
      await byId(page, 'assign-work').click();
      await byId(page, 'free-work').click();
      await byId(page, 'free-coefficient').waitFor();
    },
    () => byId(page, 'work-done').click(),
  ],
  [
    'add-work',
    async () => {
      await goTo(page, 'my-month');
      await byId(page, 'add-work').click();
      await byId(page, 'work-search').waitFor();
    },
    () => byId(page, 'work-done').click(),
  ],
];

const settled = (page) => page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))));

test('the screens, as people with other eyes and hands meet them', { timeout: 900_000 }, async (t) => {
  const step = teller(t);
  const [data, profile] = ['data', 'tablet'].map((name) => folder(name));
  const people = accounts(makeDemo(data));
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const device = await tablet(profile, PORTRAIT);
  t.after(() => closeTablet(device));
  const { page } = device;

  await step('sign in', async () => {
    await openApp(page, server.url);
    for (const language of LANGUAGES) {
      await byId(page, `language-${language}`).click();
      await axe(page, `sign-in (${language})`);
    }
    await byId(page, 'language-vi').click();
    await everyControlByTab(page, 'sign-in');
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await screenshot(page, `sign-in-${size}`);
    }
    await page.setViewportSize(PORTRAIT);
  });

  // A deputy has submitted, so that the chairman has someone to score.
  await signIn(page, people.phochutich1.username);
  await goTo(page, 'my-month');
  await scoreSelf(page, { 'II.2': '2' });
  await synced(page);
  await signOut(page);
  // Another deputy registers work and submits nothing; the chairman assigns more.
  await signIn(page, people.phochutich2.username);
  await goTo(page, 'my-month');
  const [code, other] = await codesToAdd(page, 'ban');
  await addWork(page, 'ban', code);
  await saved(page);
  await synced(page);
  await signOut(page);
  await signIn(page, people.chutich.username);
  await synced(page);
  await openPerson(page, people.phochutich2.name);
  await addWork(page, 'ban', other, 'assign-work');
  await report(page, other, { assigned: 2 });

  for (const language of LANGUAGES) {
    await step(`axe-core finds nothing (${language})`, async () => {
      await choose(page, `language-${language}`);
      assert.equal(await page.evaluate(() => document.documentElement.lang), language);
      for (const [name, open, leave] of screens(page, people)) {
        await open();
        await settled(page);
        await axe(page, `${name} (${language})`);
        await leave?.();
      }
    });
  }
  await choose(page, 'language-vi');

  await step('high contrast and dark pass, too', async () => {
    for (const look of ['contrast-dark', 'contrast-high']) {
      await choose(page, look);
      for (const [name, open, leave] of screens(page, people)) {
        await open();
        await settled(page);
        await axe(page, `${name} (${look})`);
        await leave?.();
      }
    }
    await choose(page, 'contrast-light');
  });

  await step('every control is reached by Tab and shows where the focus is', async () => {
    for (const [name, open, leave] of screens(page, people)) {
      await open();
      await settled(page);
      await everyControlByTab(page, name);
      await leave?.();
    }
  });

  for (const [size, viewport] of Object.entries(SIZES)) {
    await step(`pictures at ${size}: nothing is wider than the screen`, async () => {
      await page.setViewportSize(viewport);
      for (const [name, open, leave] of screens(page, people)) {
        await open();
        await settled(page);
        await screenshot(page, `${name}-${size}`);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(over <= 0, `${name} at ${size} is ${over} px wider than the screen`);
        await leave?.();
      }
    });
  }
  assert.deepEqual(device.errors, [], 'no page threw an error');
});

test('a month is registered, scored and submitted by keyboard alone', { timeout: 300_000 }, async (t) => {
  const [data, profile] = ['data', 'tablet'].map((name) => folder(name));
  makeDemo(data);
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const device = await tablet(profile, LANDSCAPE);
  t.after(() => closeTablet(device));
  const { page } = device;
  const key = (name) => page.keyboard.press(name);
  const focus = async (id) => {
    for (let tabs = 0; tabs < 300; tabs += 1) {
      const here = await page.evaluate(() => document.activeElement?.closest('[data-testid]')?.dataset.testid ?? '');
      if (here === id) return;
      await key('Tab');
    }
    assert.fail(`${id} is not reached by Tab`);
  };
  await openApp(page, server.url);
  await focus('username');
  await page.keyboard.type('canbo2');
  await focus('password');
  await page.keyboard.type('congtam-demo');
  await key('Enter');
  await byId(page, 'person-name').waitFor();
  await focus('nav-my-month');
  await key('Enter');
  await focus('add-work');
  await key('Enter');
  await focus('free-work');
  await key('Enter');
  await focus('free-name');
  await page.keyboard.type('Trực bão');
  await key('Enter');
  await page.getByRole('heading', { name: 'Trực bão' }).waitFor();
  await key('Escape');
  await focus('nav-self-score');
  await key('Enter');
  await byId(page, 'submit-self').waitFor();
  for (const id of await idsOf(page, '[data-testid^="mark-"][data-testid$="-max"]:enabled')) {
    await focus(id);
    await key('Enter');
  }
  await focus('submit-self');
  await key('Enter');
  await focus('confirm');
  await key('Enter');
  await byId(page, 'withdraw-self').waitFor();
});
