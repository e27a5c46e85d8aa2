// The people who use one device in turn, and what the witness can ask of the app at any moment.

import { setTimeout as wait } from 'node:timers/promises';
import { PASSWORD, byId } from '../lib/app.mjs';
import { keptForOffline, openApp, started } from '../lib/page.mjs';
import { closeTablet, killTablet, tablet } from '../lib/tablet.mjs';
import { monthsOf, placeOf, read } from './reading.mjs';

/** Timeouts for a busy machine. They limit the walk and do not measure the app. */
const WAIT_MS = 30_000;
const SAVING_MS_MAX = 20_000;
/** How long something wrong must stay, with nothing being saved, before it counts as wrong. */
const STANDS_MS = 1_500;
const POLL_MS = 25;
/** The states in which everything is saved. They do not occur while something is typed or a field is in error. */
const SAVED = ['saved', 'ready'];
/** The browser's own messages about a failed request, also when the loader of the later files repeats them. */
const OWN_WORDS = /^(Failed to load resource|TypeError: Failed to fetch\n.*\/chunks\.|TypeError: WebAssembly compilation aborted: Network error: Response body loading was aborted)/;

/** Injects a fault of `app/src/fault.rs`. The browser's own empty and error pages have no settings. */
function wake(fault) {
  try {
    localStorage.setItem('congtam.fault', fault);
  } catch {}
}

/** A device with a person at it. */
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

  /** What is on the page; fails when the app has broken or reported an error. */
  async read(page = this.page) {
    const reading = await read(page);
    if (reading.recovery) throw new Error(`the app broke: ${reading.recovery}`);
    if (reading.save === 'failed') throw new Error(`not saved: ${reading.saveWords}`);
    const words = [...this.complained, ...this.device.errors];
    if (words.length > 0) throw new Error(words.join('\n'));
    if (reading.refusals.length > 0) throw new Error(`refused: ${reading.refusals.join(' ')}`);
    return reading;
  }

  /** Reads until `holds`; when that never comes, it fails with `words`. */
  async until(holds, words, { page = this.page, limit = WAIT_MS } = {}) {
    const begun = Date.now();
    for (;;) {
      const reading = await this.read(page);
      if (holds(reading)) return reading;
      if (Date.now() - begun > limit) throw new Error(`${typeof words === 'function' ? words(reading) : words} (${limit / 1000} s)`);
      await wait(POLL_MS);
    }
  }

  /** Waits until the screen is drawn. */
  drawn(page = this.page) {
    return this.until(({ drawn, person }) => drawn && person !== '', 'the screen is not drawn', { page });
  }

  /** Waits until nothing is on its way into the stores. When the screen says that all is saved, the witness is told. */
  async settled(page = this.page) {
    const reading = await this.until(({ save }) => save !== 'saving', ({ saveWords }) => `"${saveWords}" does not end`, { page, limit: SAVING_MS_MAX });
    if (page === this.page && SAVED.includes(reading.save)) this.witness.settle(this.username);
    return reading;
  }

  /** A quick check: whatever the page shows must have been entered. */
  async glance() {
    const reading = await this.read();
    const words = this.witness.complaints(this.username, reading, { lenient: true });
    if (words.length > 0) await this.check();
    return reading;
  }

  /** Checks that everything on the page is what was entered, once nothing is on its way. */
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

  /** Signs out in the settings. The sign-in page comes at once only when everything is saved. */
  async signOut() {
    await byId(this.page, 'nav-settings').click();
    await byId(this.page, 'sign-out').click();
    const asked = await this.until(({ atTheDoor, dialogs }) => atTheDoor || dialogs > 0, 'the door does not come');
    // A field is in error, or its text has no meaning. Only that text may be lost.
    if (!asked.atTheDoor) {
      await byId(this.page, 'confirm').click();
      // Which field it was is seen when the person is back.
      this.witness.interrupt(this.username);
    }
    await this.until(({ atTheDoor }) => atTheDoor, 'the door does not come');
    if (asked.atTheDoor) this.witness.settle(this.username);
  }

  /** The first contact of a person: everything is fetched, and kept for work without a network. */
  async meet(username) {
    await this.signIn(username);
    await keptForOffline(this.page);
    await this.deliver();
  }

  /** Waits until the server has everything; signs in again if the server asks for that. */
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

  /** Reloads the page. What was not shown as saved may be lost. */
  async reload() {
    this.witness.interrupt(this.username);
    await this.page.reload();
    await started(this.page);
    return this.again();
  }

  /** Ends the browser as an empty battery does. */
  async kill() {
    this.witness.interrupt(this.username);
    await killTablet(this.device);
    await this.open();
    await openApp(this.page, this.url);
    return this.again();
  }

  /** Opens the app again. It must open the work of this person or of nobody. */
  async again() {
    const { atTheDoor } = await this.until(({ atTheDoor, drawn }) => atTheDoor || drawn, 'the app does not open again');
    if (atTheDoor) await this.signIn(this.username);
    const { person } = await this.drawn();
    const expected = this.names.get(this.username);
    if (person !== expected) throw new Error(`opened again it is ${person}'s, and ${expected} was signed in`);
  }

  /** Goes back with the browser's "Back"; the cursor stays where it is. */
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

  /** Goes to another period with the arrows. */
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

  /** Checks that every value of every place is as this person entered it. */
  async checkEverywhere() {
    for (const place of this.witness.placesOf(this.username)) {
      await this.goToPlace(place);
      await this.unfold();
      await this.check({ unfolded: true });
    }
  }

  /** Opens what is folded, so that nothing is hidden. */
  async unfold() {
    const { controls } = await this.read();
    for (const { id } of controls.filter(({ tag, open, inMain, visible }) => tag === 'summary' && !open && inMain && visible)) await byId(this.page, id).first().click();
  }
}
