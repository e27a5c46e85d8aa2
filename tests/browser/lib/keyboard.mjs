// Checks what can be reached with the keyboard alone.

import assert from 'node:assert/strict';

const TABS_MAX = 600;

/**
 * Marks every control that is visible and enabled. Radio buttons of one name count once, because arrows move within
 * them.
 */
const numberControls = () => {
  const scope = document.querySelector('dialog[open]') ?? document.body;
  const found = [...scope.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')];
  const usable = found.filter((control) => !control.disabled && control.checkVisibility({ visibilityProperty: true }) && control.tabIndex >= 0);
  const names = new Set();
  let count = 0;
  for (const control of usable) {
    if (control.type === 'radio') {
      if (names.has(control.name)) continue;
      names.add(control.name);
    }
    control.dataset.control = String(count++);
  }
  return count;
};

/** Presses Tab through the page: every control must be reached, and each must show the focus. */
export async function everyControlByTab(page, where) {
  await page.evaluate(() => document.querySelectorAll('[data-control]').forEach((control) => delete control.dataset.control));
  const count = await page.evaluate(numberControls);
  const reached = new Set();
  for (let tabs = 0; tabs < TABS_MAX && reached.size < count; tabs += 1) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => {
      const control = document.activeElement;
      const radio = control?.type === 'radio' ? document.querySelector(`input[type=radio][name="${CSS.escape(control.name)}"][data-control]`) : control;
      const { outlineWidth, outlineStyle } = getComputedStyle(control);
      return { number: radio?.dataset.control, html: control.outerHTML.slice(0, 120), ring: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth) };
    });
    if (here.number === undefined) continue;
    assert.ok(here.ring >= 2, `${where}: the focus is not shown on ${here.html}`);
    reached.add(here.number);
  }
  const missed = await page.evaluate(
    (seen) => [...document.querySelectorAll('[data-control]')].filter((control) => !seen.includes(control.dataset.control)).map((control) => control.outerHTML.slice(0, 160)),
    [...reached],
  );
  assert.deepEqual(missed, [], `${where}: ${reached.size} of ${count} controls are reached by Tab`);
}
