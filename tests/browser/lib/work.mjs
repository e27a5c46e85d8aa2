// A person at work on one tablet: what was called saved is written down here and looked for after every mishap.

import assert from 'node:assert/strict';
import { byId, enterAs, goTo, idsOf, openAndSignIn, PASSWORD, saved, synced } from './app.mjs';
import { keptForOffline, openApp } from './page.mjs';
import { folder } from './place.mjs';
import { makeDemo, startServer, stopServer } from './server.mjs';
import { closeTablet, killTablet, tablet } from './tablet.mjs';

const WAIT_MS = 30_000;
/** A page of ours that does not run the app, so that nothing holds the stores open; it is there without a network. */
const BESIDE = '/manifest.webmanifest';
const DONE = '[data-testid^="line-"][data-testid$="-done"]';

export class Work {
  constructor(server, username) {
    this.server = server;
    this.address = { data: server.data, port: server.port };
    this.url = server.url;
    this.username = username;
    this.called = 0;
    this.device = null;
  }

  get page() {
    return this.device.page;
  }

  async open(profile) {
    this.device = await tablet(profile);
    await openAndSignIn(this.page, this.url, this.username);
    await keptForOffline(this.page);
    await synced(this.page);
    await goTo(this.page, 'my-month');
    await this.page.locator(DONE).first().waitFor({ timeout: WAIT_MS });
    [this.line] = await idsOf(this.page, DONE);
    this.called = await this.shown();
  }

  /** One more done of the line chosen at the beginning; returns when the app has called it saved. */
  async step(page = this.page) {
    await this.tap(page);
    await saved(page);
    this.called = await this.shown(page);
    return this.called;
  }

  /** As a person taps; it is saved a moment later. */
  async tap(page = this.page) {
    await goTo(page, 'my-month');
    await byId(page, this.line.replace(/-done$/, '-plus')).click();
  }

  /** How many the line shows as done. */
  async shown(page = this.page) {
    await goTo(page, 'my-month');
    const field = byId(page, this.line);
    await field.waitFor({ timeout: WAIT_MS });
    return Number((await field.inputValue()).replace(',', '.'));
  }

  /** What was called saved last is on the screen, not less and not more. */
  async holds(when, page = this.page) {
    assert.equal(await this.shown(page), this.called, `${when}: steps shown, against those called saved`);
  }

  /** Opens the app again in the page that is there; with the password where the browser has lost the key. */
  async enter(page = this.page) {
    await openApp(page, this.url);
    await enterAs(page, this.username);
  }

  /** Leaves the app for a page beside it. */
  leave(page = this.page) {
    return page.goto(this.url + BESIDE);
  }

  /** The tablet goes off, as a person or an empty battery does it; `meanwhile` happens to its files; it comes up beside the app. */
  async restart({ kill = false, meanwhile = () => {} } = {}) {
    const { profile } = this.device;
    await (kill ? killTablet : closeTablet)(this.device);
    await meanwhile(profile);
    this.device = await tablet(profile);
    await this.leave();
  }

  goOffline() {
    return stopServer(this.server, 'SIGKILL');
  }

  /** After a run that failed: whatever is on the screen now is what the next run begins with. */
  async recover() {
    await this.restart();
    await this.enter();
    this.called = await this.shown();
  }

  async goOnline() {
    this.server = await startServer(this.address);
  }

  /** Delivers everything; signs in at the office again where it asks for that, as after the cookie was lost. */
  async deliver() {
    await goTo(this.page, 'sync');
    await byId(this.page, 'sync-now').click();
    const settled = '[data-testid="link-state"]:is([data-state="in-touch"], [data-state="sign-in-needed"])';
    await this.page.locator(settled).waitFor({ timeout: WAIT_MS });
    if ((await byId(this.page, 'link-state').getAttribute('data-state')) === 'sign-in-needed') await this.signInAgain();
    await synced(this.page);
  }

  /** Where one stands: the password alone, and nothing of the page is left. */
  async signInAgain() {
    await byId(this.page, 'sign-in-to-send').first().click();
    await byId(this.page, 'send-password').fill(PASSWORD);
    await byId(this.page, 'send-sign-in').click();
    await byId(this.page, 'send-password').waitFor({ state: 'detached', timeout: WAIT_MS });
  }

  /** Another tablet, which knows nothing, gets everything from the office. */
  async arrivedElsewhere(t, username = this.username) {
    const other = await tablet(folder('other'));
    try {
      await openAndSignIn(other.page, this.url, username);
      await synced(other.page);
      await this.holds('another tablet', other.page);
    } finally {
      await closeTablet(other);
    }
  }
}

/** A demo commune and a tablet that has met its server: the one that serves the app from `dist`, through `link` when there is one. */
export async function begin(t, { username = 'canbo1', dist, link } = {}) {
  const data = folder('data');
  const profile = folder('tablet');
  makeDemo(data);
  const work = new Work(await startServer({ data, dist }), username);
  work.address.dist = dist;
  if (link) {
    link.officePort = work.server.port;
    work.url = link.url;
  }
  t.after(() => stopServer(work.server, 'SIGKILL'));
  t.after(() => work.device && closeTablet(work.device));
  await work.open(profile);
  return work;
}
