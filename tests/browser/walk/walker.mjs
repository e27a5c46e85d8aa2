// One person after the other at one tablet, and what the witness can ask of the app at any moment.

import { setTimeout as wait } from 'node:timers/promises';
import { PASSWORD, byId } from '../lib/app.mjs';
import { keptForOffline, openApp, started } from '../lib/page.mjs';
import { closeTablet, killTablet, tablet } from '../lib/tablet.mjs';
import { monthsOf, placeOf, read } from './reading.mjs';

/** Patience with a busy machine; limits for the walk, not measures of the app. */
const WAIT_MS = 30_000;
const SAVING_MS_MAX = 20_000;
/** How long something wrong must stand before it is called wrong, with nothing being saved. */
const STANDS_MS = 1_500;
const POLL_MS = 25;
/** The app says that everything is saved; not while something is typed or a field is in error. */
const SAVED = ['saved', 'ready'];
/** The browser's own words about a request that failed, also where the loader of the later files repeats them. */
const OWN_WORDS = /^(Failed to load resource|TypeError: Failed to fetch\n.*\/chunks\.|TypeError: WebAssembly compilation aborted: Network error: Response body loading was aborted)/;

/** Wakes a fault of `app/src/fault.rs`. The browser's own empty and error pages have no settings. */
function wake(fault) {
  try {
    localStorage.setItem('congtam.fault', fault);
  } catch {}
}

/** A tablet with a person at it. */
export class Walker {
  constructor({ url, link, witness, profile, say }) {
    Object.assign(this, { url, link, witness, profile, say });
    this.complained = [];
    this.names = new Map();
  }

  async open() {
    this.device = await tablet(this.profile);
    this.device.context.setDefaultTimeout(WAIT_MS);
    if (this.fault) await this.device.context.addInitScript(wake, this.fault);
    this.device.context.on('console', (message) => {
      if (message.type() === 'error' && !OWN_WORDS.test(message.text())) this.complained.push(`console: ${message.text()} (${message.location().url})`);
    });
    this.page = this.device.page;
    this.page.on('crash', () => this.complained.push('the page crashed'));
  }

  close() {
    return closeTablet(this.device);
  }

  /** What stands on the page; fails when the app has broken or spoken of an error. */
  async read(page = this.page) {
    const reading = await read(page);
    if (reading.recovery) throw new Error(`the app broke: ${reading.recovery}`);
    if (reading.save === 'failed') throw new Error(`not saved: ${reading.saveWords}`);
    const words = [...this.complained, ...this.device.errors];
    if (words.length > 0) throw new Error(words.join('\n'));
    if (reading.refusals.length > 0) throw new Error(`refused: ${reading.refusals.join(' ')}`);
    return reading;
  }

  /** Reads until `holds`; what never comes is told by `words`. */
  async until(holds, words, { page = this.page, limit = WAIT_MS } = {}) {
    const begun = Date.now();
    for (;;) {
      const reading = await this.read(page);
      if (holds(reading)) return reading;
      if (Date.now() - begun > limit) throw new Error(`${typeof words === 'function' ? words(reading) : words} (${limit / 1000} s)`);
      await wait(POLL_MS);
    }
  }

  /** The screen has been drawn. */
  drawn(page = this.page) {
    return this.until(({ drawn, person }) => drawn && person !== '', 'the screen is not drawn', { page });
  }

  /** Nothing is on its way into the stores any more. What was entered is saved when the screen says so. */
  async settled(page = this.page) {
    const reading = await this.until(({ save }) => save !== 'saving', ({ saveWords }) => `"${saveWords}" does not end`, { page, limit: SAVING_MS_MAX });
    if (page === this.page && SAVED.includes(reading.save)) this.witness.settle(this.username);
    return reading;
  }

  /** A look in passing: whatever the page shows must have been entered. */
  async glance() {
    const reading = await this.read();
    const words = this.witness.complaints(this.username, reading, { lenient: true });
    if (words.length > 0) await this.check();
    return reading;
  }

  /** Everything on the page is what was entered, once nothing is on its way. */
  async check(options = {}, page = this.page) {
    await this.drawn(page);
    let begun = Date.now();
    for (;;) {
      const reading = await this.settled(page);
      const words = this.witness.complaints(this.username, reading, options);
      if (words.length === 0) {
        this.witness.learn(this.username, reading);
        return reading;
      }
      if (Date.now() - begun > STANDS_MS) throw new Error(words.join('\n'));
      await wait(POLL_MS);
    }
  }

  async signIn(username) {
    await byId(this.page, 'username').fill(username);
    await byId(this.page, 'password').fill(PASSWORD);
    await byId(this.page, 'sign-in').click();
    await this.until(({ atTheDoor }) => !atTheDoor, ({ doorWords }) => `the door does not open: ${doorWords}`);
    this.username = username;
    const { person } = await this.drawn();
    this.names.set(username, person);
  }

  /** Out by the settings: the door is there only when everything is saved. */
  async signOut() {
    await byId(this.page, 'nav-settings').click();
    await byId(this.page, 'sign-out').click();
    const asked = await this.until(({ atTheDoor, dialogs }) => atTheDoor || dialogs > 0, 'the door does not come');
    // A field in error, or one whose words are none: that is left, and nothing else.
    if (!asked.atTheDoor) {
      await byId(this.page, 'confirm').click();
      // Which field it was shows itself when the person is back.
      this.witness.interrupt(this.username);
    }
    await this.until(({ atTheDoor }) => atTheDoor, 'the door does not come');
    if (asked.atTheDoor) this.witness.settle(this.username);
  }

  /** First contact of a person: everything is fetched, and kept for when there is no network. */
  async meet(username) {
    await this.signIn(username);
    await keptForOffline(this.page);
    await this.deliver();
  }

  /** Everything is at the office; signs in again where the office asks for that. */
  async deliver() {
    await this.settled();
    await byId(this.page, 'nav-sync').click();
    await this.drawn();
    await byId(this.page, 'sync-now').click();
    const { link } = await this.until(({ link }) => link === 'in-touch' || link === 'sign-in-needed', ({ link }) => `the office is not reached: ${link}`);
    if (link === 'sign-in-needed') {
      const { username } = this;
      await this.signOut();
      await this.signIn(username);
      await byId(this.page, 'nav-sync').click();
    }
    await this.page.locator('[data-testid="only-here"][data-count="0"]').waitFor();
  }

  /** The page loads again: what was not called saved may be lost with it. */
  async reload() {
    this.witness.interrupt(this.username);
    await this.page.reload();
    await started(this.page);
    return this.again();
  }

  /** An empty battery. */
  async kill() {
    this.witness.interrupt(this.username);
    await killTablet(this.device);
    await this.open();
    await openApp(this.page, this.url);
    return this.again();
  }

  /** Opened again, it is this person's or nobody's. */
  async again() {
    const { atTheDoor } = await this.until(({ atTheDoor, drawn }) => atTheDoor || drawn, 'the app does not open again');
    if (atTheDoor) await this.signIn(this.username);
    const { person } = await this.drawn();
    const expected = this.names.get(this.username);
    if (person !== expected) throw new Error(`opened again it is ${person}'s, and ${expected} was signed in`);
  }

  /** The browser's "Back"; the cursor stays where it is. */
  async back() {
    const moved = await this.page.evaluate(
      (limit) =>
        new Promise((resolve) => {
          addEventListener('popstate', () => resolve(true), { once: true });
          setTimeout(() => resolve(false), limit);
          history.back();
        }),
      2_000,
    );
    if (!moved) this.say('nothing came back');
  }

  /** Shows another period, by the arrows. */
  async goToPeriod(period) {
    const months = monthsOf(period);
    for (;;) {
      const { period: here } = await this.read();
      if (monthsOf(here) === months) return;
      await byId(this.page, monthsOf(here) < months ? 'period-next' : 'period-previous').click();
      await this.until(({ period: now }) => now !== here, 'the period does not change');
    }
  }

  /** Goes to a place of cards. */
  async goToPlace(place) {
    const [, path, period] = /^(\S+) (.*)$/.exec(place);
    await this.goToPeriod(period);
    const nav = { '/viec': 'nav-my-month', '/tu-cham': 'nav-self-score' }[path] ?? 'nav-to-score';
    await byId(this.page, nav).click();
    if (nav === 'nav-to-score') await byId(this.page, `person-${path.split('/').at(-1)}`).click();
    await this.until((reading) => reading.drawn && placeOf(reading) === place, `${place} is not reached`);
  }

  /** Every value of every place is as this person entered it. */
  async checkEverywhere() {
    for (const place of this.witness.placesOf(this.username)) {
      await this.goToPlace(place);
      await this.unfold();
      await this.check({ unfolded: true });
    }
  }

  /** Opens what is folded, so that nothing can hide. */
  async unfold() {
    const { controls } = await this.read();
    for (const { id } of controls.filter(({ tag, open, inMain, visible }) => tag === 'summary' && !open && inMain && visible)) await byId(this.page, id).first().click();
  }
}
