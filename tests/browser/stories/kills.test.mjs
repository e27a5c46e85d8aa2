// An empty battery in the middle of saving: what was called saved is there afterwards.

import assert from 'node:assert/strict';
import { env } from 'node:process';
import test from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { byId, goTo, openAndSignIn, saved, synced } from '../lib/app.mjs';
import { keptForOffline, started } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, killTablet, tablet } from '../lib/tablet.mjs';

const KILLS = Number(env.CONGTAM_KILLS ?? 50);
/** Saving begins 600 ms after the last tap and takes some tens of milliseconds: kills fall before, into and after it. */
const SPREAD_MS = 900;

const steps = async (page) => {
  const field = page.locator('[data-testid^="line-"][data-testid$="-done"]').first();
  await field.waitFor();
  return Number((await field.inputValue()).replace(',', '.'));
};

test(`a tablet killed ${KILLS} times while saving loses nothing it had called saved`, { timeout: 1_200_000 }, async (t) => {
  const data = folder(t, 'data');
  const profile = folder(t, 'tablet');
  makeDemo(data);
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  let device = await tablet(profile);
  t.after(() => closeTablet(device));
  await openAndSignIn(device.page, server.url, 'canbo1');
  await keptForOffline(device.page);
  await synced(device.page);
  await stopServer(server);

  let called = 0;
  let inFlight = 0;
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const { page } = device;
    await goTo(page, 'my-month');
    const plus = page.locator('[data-testid^="line-"][data-testid$="-plus"]').first();
    const found = await steps(page);
    assert.ok(found >= called, `kill ${kill - 1}: ${found} found, ${called} had been called saved`);
    await plus.click();
    await saved(page);
    called = await steps(page);
    await plus.click();
    await wait(Math.floor((SPREAD_MS * kill) / KILLS));
    const state = await byId(page, 'save-state').getAttribute('data-state');
    if (state === 'saved') called = await steps(page);
    else inFlight += 1;
    await killTablet(device);
    device = await tablet(profile);
    await device.page.goto(server.url);
    await started(device.page);
    await byId(device.page, 'person-name').waitFor({ timeout: 30_000 });
  }
  await goTo(device.page, 'my-month');
  const last = await steps(device.page);
  assert.ok(last >= called, `${last} found, ${called} had been called saved`);
  t.diagnostic(`${KILLS} kills, ${inFlight} of them while a change was being saved; 0 of ${called} saved steps lost`);
});
