// A person who works on one device. It records what was shown as saved, and checks it after every disturbance.

import assert from 'node:assert/strict';
import { byId, enterAs, goTo, idsOf, openAndSignIn, PASSWORD, saved, synced } from './app.mjs';
import { keptForOffline, openApp } from './page.mjs';
import { folder } from './place.mjs';
import { makeDemo, startServer, stopServer } from './server.mjs';
import { closeTablet, killTablet, tablet } from './tablet.mjs';

const WAIT_MS = 30_000;
/** A page of ours that does not run the app, so that nothing holds the stores open. It also opens without a network. */
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

  /** Adds one to what was done of the chosen line; returns when the app shows it as saved. */
  async step(page = this.page) {
    await this.tap(page);
    await saved(page);
    this.called = await this.shown(page);
    return this.called;
  }

  /** Adds one by a tap, which is saved a moment later. */
  async tap(page = this.page) {
    await goTo(page, 'my-month');
    await byId(page, this.line.replace(/-done$/, '-plus')).click();
  }

  /** The amount that the line shows as done. */
  async shown(page = this.page) {
    await goTo(page, 'my-month');
    const field = byId(page, this.line);
    await field.waitFor({ timeout: WAIT_MS });
    return Number((await field.inputValue()).replace(',', '.'));
  }

  /** Checks that the screen shows exactly what was last shown as saved. */
  async holds(when, page = this.page) {
    assert.equal(await this.shown(page), this.called, `${when}: steps shown, against those called saved`);
  }

  /** Opens the app again in the current page; enters the password if the browser has lost the key. */
  async enter(page = this.page) {
    await openApp(page, this.url);
    await enterAs(page, this.username);
  }

  /** Leaves the app for a page beside it. */
  leave(page = this.page) {
    return page.goto(this.url + BESIDE);
  }

  /**
   * Switches the device off, as a person or an empty battery does. `meanwhile` changes its files. Then it starts on a
   * page beside the app.
   */
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

  /** After a failed run: the next run begins with whatever is on the screen now. */
  async recover() {
    await this.restart();
    await this.enter();
    this.called = await this.shown();
  }

  async goOnline() {
    this.server = await startServer(this.address);
  }

  /** Sends everything; signs in at the server again if it asks for that, as after the cookie was lost. */
  async deliver() {
    await goTo(this.page, 'sync');
    await byId(this.page, 'sync-now').click();
    const settled = '[data-testid="link-state"]:is([data-state="in-touch"], [data-state="sign-in-needed"])';
    await this.page.locator(settled).waitFor({ timeout: WAIT_MS });
    if ((await byId(this.page, 'link-state').getAttribute('data-state')) === 'sign-in-needed') await this.signInAgain();
    await synced(this.page);
  }

  /** Signs in on the current page: it asks for the password alone, and the page stays. */
  async signInAgain() {
    await byId(this.page, 'sign-in-to-send').first().click();
    await byId(this.page, 'send-password').fill(PASSWORD);
    await byId(this.page, 'send-sign-in').click();
    await byId(this.page, 'send-password').waitFor({ state: 'detached', timeout: WAIT_MS });
  }

  /** Checks that another device, which knows nothing, gets everything from the server. */
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

/**
 * A demo commune, and a device that has contacted its server. The server serves the app from `dist`, and through `link`
 * when given.
 */
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
