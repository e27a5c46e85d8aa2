// Reads what is on the page at one moment, without touching it.

/** Runs in the page. Returns every control with a test id, the lines of work, and what the frame shows. */
const look = () => {
  const idOf = (element) => element.dataset.testid;
  const main = document.querySelector('#main');
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const control = (element) => ({
    id: idOf(element),
    tag: element.localName,
    type: element.type ?? '',
    mode: element.inputMode ?? '',
    name: element.name ?? '',
    value: element.value ?? '',
    checked: element.checked === true,
    invalid: element.getAttribute('aria-invalid') === 'true',
    enabled: element.disabled !== true,
    focused: element === document.activeElement,
    open: element.localName === 'summary' && element.parentElement.open,
    visible: shown(element),
    inMain: main?.contains(element) === true && element.closest('dialog') === null,
    inDialog: element.closest('dialog[open]') !== null,
  });
  const found = document.querySelectorAll('a[data-testid], button[data-testid], input[data-testid], textarea[data-testid], select[data-testid], summary[data-testid]');
  const words = (selector) => document.querySelector(selector)?.textContent.trim() ?? '';
  const state = (id) => document.querySelector(`[data-testid="${id}"]`)?.dataset.state ?? '';
  return {
    path: location.pathname,
    period: words('[data-testid="period"]'),
    person: words('[data-testid="person-name"]'),
    atTheDoor: document.querySelector('[data-testid="username"]') !== null,
    doorWords: words('[data-testid="sign-in-error"]'),
    drawn: document.querySelector('[data-testid="next-step"], [data-testid="screen-missing"]') !== null,
    save: state('save-state'),
    saveWords: words('[data-testid="save-state"]'),
    link: state('link-state'),
    onlyLooking: document.querySelector('[data-testid="read-only"]') !== null,
    refusals: [...document.querySelectorAll('[data-testid="act-error"], [data-testid="unsaved"]')].map((notice) => notice.textContent.trim()),
    recovery: document.getElementById('recovery')?.hidden === false ? words('#recovery-details') || 'no details' : '',
    boot: document.documentElement.dataset.boot ?? '',
    dialogs: document.querySelectorAll('dialog[open]').length,
    canGoBack: globalThis.navigation.currentEntry.index > (history.state === 'dialog' && !document.querySelector('dialog[open]') ? 1 : 0),
    lines: [...document.querySelectorAll('#main .line')].map((line) => line.querySelector('h2, h3')?.textContent.trim() ?? ''),
    controls: [...found].map(control),
  };
};

/** @returns what is on `page` now. */
export async function read(page) {
  const reading = await page.evaluate(look);
  return { ...reading, byId: new Map(reading.controls.map((control) => [control.id, control])) };
}

const DAY_FIELD = /-(due|finished|from|until|since|day)$/;

/** `number`, `day`, `text`, `check` or `radio`; undefined for a control without a value of a card. */
export function kindOf({ tag, type, mode, id }) {
  if (type === 'checkbox') return 'check';
  if (type === 'radio') return 'radio';
  if (tag === 'textarea') return 'text';
  if (tag !== 'input' || type !== 'text') return undefined;
  if (DAY_FIELD.test(id)) return 'day';
  return mode === 'decimal' ? 'number' : 'text';
}

const GROUPED = /^\d{1,3}([.\s]\d{3})+(,\d+)?$/;
const PLAIN = /^\d+(,\d+)?$/;
const POINTED = /^\d+\.\d+$/;
const number = (text) => String(Number(text.replace(/[.\s]/g, '').replace(',', '.')));

/**
 * What a person in Vietnam means by a number: `1.250` is above a thousand, `2,5` is two and a half. Undefined if it is
 * not a number. Numbers on the screen have dots only between thousands.
 */
export function meaning(text) {
  const trimmed = text.trim();
  if (GROUPED.test(trimmed) || PLAIN.test(trimmed)) return number(trimmed);
  return POINTED.test(trimmed) ? String(Number(trimmed)) : undefined;
}

/** All possible meanings. Where thousands are not possible, `1.250` may be one and a quarter. */
export function meanings(text, { id }) {
  const trimmed = text.trim();
  if (trimmed === '') return [''];
  const first = meaning(trimmed);
  if (first === undefined) return [];
  const second = POINTED.test(trimmed) ? String(Number(trimmed)) : first;
  return id.startsWith('line-') ? [first] : [...new Set([first, second])];
}

/** The value of a control, in one form for all ways to write it. */
export function valueOf(control) {
  switch (kindOf(control)) {
    case 'check':
    case 'radio':
      return String(control.checked);
    case 'number':
      return meaning(control.value) ?? control.value.trim();
    case 'day':
      return control.value.trim().replace(/^(\d)(?=\/)/, '0$1').replace(/\/(\d)(?=\/)/, '/0$1');
    default:
      return control.value;
  }
}

/** Whether the found value is the entered one. An emptied number may be shown as nothing or as 0. */
export const same = (entered, found) => entered === found || (entered === '' && found === '0');

/** Months since the year 0, to count how far apart two periods are. */
export function monthsOf(period) {
  const [, month, year] = /(\d+)\D+(\d{4})/.exec(period) ?? [];
  return Number(year) * 12 + Number(month);
}

/** The place of a reading that shows values of cards: screen and period; undefined elsewhere. */
export function placeOf({ path, period }) {
  const screen = path === '/' ? '/viec' : path;
  const holds = screen === '/viec' || screen === '/tu-cham' || /^\/cham-diem\/./.test(screen);
  return holds && period ? `${screen} ${period}` : undefined;
}

/** Whether the place is the person's own card. */
export const isOwn = (place) => !place.startsWith('/cham-diem/');

/** The controls of a reading that hold values of the shown card. */
export const fieldsOf = ({ controls }) => controls.filter((control) => control.inMain && kindOf(control) !== undefined);
