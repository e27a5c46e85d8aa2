// What tests do with a page.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { outFile } from './place.mjs';
import { LANDSCAPE, PHONE, PORTRAIT } from './tablet.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WAIT_MS = 30_000;
const SIZES = { '800x1280': PORTRAIT, '1280x800': LANDSCAPE, '390x844': PHONE };

/** Opens an address of the app and waits until the app has started. */
export async function openApp(page, url) {
  await page.goto(url);
  await started(page);
}

export async function started(page) {
  await page.waitForFunction(() => ['started', 'failed'].includes(document.documentElement.dataset.boot), null, { timeout: WAIT_MS });
  const boot = await page.evaluate(() => document.documentElement.dataset.boot);
  assert.equal(boot, 'started', `the app did not open: ${await page.locator('body').innerText()}`);
}

/** Waits until an active service worker serves the page, so that it opens without a network from now on. */
export async function keptForOffline(page) {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', null, { timeout: WAIT_MS });
}

/** Runs every rule of axe-core; the test fails with what was found and where. */
export async function axe(page, where) {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ target, failureSummary }) => `${target}: ${failureSummary}`) }));
  });
  assert.deepEqual(found, [], `axe-core on ${where}`);
}

/** Saves a picture in `tests/browser/out` for people to look at. */
export const screenshot = (page, name) => page.screenshot({ path: outFile(`${name}.png`), fullPage: true });

/** Takes a picture at each size, scrolled to `place`; nothing may be wider than the screen. */
export async function pictures(page, name, place) {
  const before = page.viewportSize();
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await place?.first().scrollIntoViewIfNeeded();
    await page.screenshot({ path: outFile(`${name}-${size}.png`) });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${name} at ${size} is ${over} px wider than the screen`);
  }
  await page.setViewportSize(before);
}
