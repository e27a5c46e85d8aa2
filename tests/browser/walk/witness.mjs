// The witness. It knows from outside the app what each person entered and what the screen accepted. It knows nothing of
// how the app stores it.

import { fieldsOf, isOwn, kindOf, placeOf, same, valueOf } from './reading.mjs';

/** Fields that are shown only when another value needs them, or only in an unfolded part. */
const COMES_AND_GOES = /^(reason-|review-)/;
/** How much of a line was done. It sets the finishing day, until the person enters another. */
const DONE = /^(line-.*)-done$/;
const UNFOLDED = /^line-.*-(evidence|late-times|late-days|failed|handed-over|cause.*|due|finished|extra)$/;

/** One value of a card as its person knows it. */
class Cell {
  constructor(value) {
    /** The value that must be shown while `certain` is true. */
    this.value = value;
    /** All values that may be stored: the last one shown as saved, and those entered since. */
    this.possible = new Set([value]);
    this.certain = true;
    this.entered = false;
    /** The possible meanings of the last typed text, while it is unknown whether the field takes it. */
    this.typed = undefined;
    /**
     * Values that may be stored of a text that is being typed: it is saved in between, so any beginning of it is
     * possible.
     */
    this.beginnings = [];
    /** Whether the app sets the value, because it follows from another value. */
    this.follows = false;
  }

  type(meanings, beginnings) {
    // Typed earlier and not checked since: the field may have taken it meanwhile.
    if (this.typed?.length > 0) this.interrupt();
    this.typed = meanings;
    this.beginnings = beginnings;
    this.follows = false;
    this.entered = true;
  }

  take(value) {
    this.typed = undefined;
    this.follows = false;
    this.value = value;
    this.possible.add(value);
    this.certain = true;
    this.entered = true;
  }

  refuse() {
    this.typed = undefined;
  }

  /** The app says that everything is saved and that no field is in error. */
  settle() {
    if (this.typed?.length === 1) this.take(this.typed[0]);
    // A number with two meanings was taken with one of them.
    else if (this.typed?.length > 1) Object.assign(this, { possible: new Set(this.typed), certain: false });
    this.typed = undefined;
    this.beginnings = [];
    if (this.certain) this.possible = new Set([this.value]);
  }

  interrupt() {
    for (const value of [...(this.typed ?? []), ...this.beginnings]) this.possible.add(value);
    this.typed = undefined;
    this.certain = this.possible.size === 1;
  }

  /**
   * What is wrong with the shown value, in words. Where several values are possible, it learns from the shown one which
   * of them it is.
   */
  judge({ value, inError, beingTyped }, lenient) {
    if (inError) this.refuse();
    if (this.follows || inError || (this.typed && beingTyped)) return undefined;
    if (this.typed) return this.judgeTyped(value, lenient);
    if (this.certain && same(this.value, value)) return undefined;
    if ((lenient || !this.certain) && [...this.possible].some((possible) => same(possible, value))) {
      if (!this.certain) Object.assign(this, { value, possible: new Set([value]), certain: true });
      return undefined;
    }
    const entered = this.certain ? [this.value] : [...this.possible];
    return `"${value}" is shown, ${entered.map((one) => `"${one}"`).join(' or ')} was entered`;
  }

  judgeTyped(value, lenient) {
    const meant = this.typed.find((meaning) => same(meaning, value));
    const asBefore = [...this.possible].some((possible) => same(possible, value));
    if (meant !== undefined) this.take(meant);
    else if (asBefore && this.typed.length === 0) this.refuse();
    else if (!(asBefore && lenient)) return `"${value}" is shown without an error, "${this.typed.join('" or "')}" was typed`;
    return undefined;
  }
}

export class Witness {
  constructor() {
    this.people = new Map();
  }

  /** The cells of a person's place. */
  cells(person, place) {
    const places = this.people.get(person) ?? this.people.set(person, new Map()).get(person);
    return places.get(place) ?? places.set(place, new Map()).get(place);
  }

  /** The places where a person entered something. */
  placesOf(person) {
    return [...(this.people.get(person) ?? [])].filter(([, cells]) => [...cells.values()].some((cell) => cell.entered)).map(([place]) => place);
  }

  peopleWhoEntered() {
    return [...this.people.keys()].filter((person) => this.placesOf(person).length > 0);
  }

  /** The cell of a control that showed `before` until now. */
  cell(person, place, id, before) {
    const cells = this.cells(person, place);
    if (!cells.has(id)) cells.set(id, new Cell(before));
    return cells.get(id);
  }

  /** Notes a value that the screen accepted, and the value before. */
  enter(person, place, id, value, before) {
    this.setsAnother(person, place, id);
    this.cell(person, place, id, before).take(value);
  }

  /** Notes a typed text that may have one of these meanings, or none. Whether it was taken is seen later. */
  type(person, place, id, meanings, before, beginnings = []) {
    this.setsAnother(person, place, id);
    this.cell(person, place, id, before).type(meanings, beginnings);
  }

  /** Entering how much was done also sets the finishing day to today. */
  setsAnother(person, place, id) {
    const line = DONE.exec(id)?.[1];
    if (line) this.cell(person, place, `${line}-finished`, '').follows = true;
  }

  /** Forgets everything whose id begins so, because it is known to be gone. */
  forget(person, place, begins) {
    const cells = this.cells(person, place);
    for (const id of [...cells.keys()]) if (id.startsWith(begins)) cells.delete(id);
  }

  /** Everything that a person entered was shown as saved. */
  settle(person) {
    this.each(person, (cell) => cell.settle());
  }

  /** The app ended in the middle: what was not shown as saved may be there or not. */
  interrupt(person) {
    this.each(person, (cell) => cell.interrupt());
  }

  each(person, act) {
    for (const cells of this.people.get(person)?.values() ?? []) for (const cell of cells.values()) act(cell);
  }

  /** Takes values that were never seen before as they are: others entered them. */
  learn(person, reading) {
    const place = placeOf(reading);
    if (!place || reading.onlyLooking) return;
    const cells = this.cells(person, place);
    for (const control of fieldsOf(reading)) {
      if (control.enabled && !control.invalid && !cells.has(control.id)) cells.set(control.id, new Cell(valueOf(control)));
    }
    if (!isOwn(place)) return;
    for (const name of place.startsWith('/viec') ? reading.lines : []) {
      if (!cells.has(lineId(name))) cells.set(lineId(name), new Cell('there'));
    }
  }

  /**
   * What differs from what was entered, in words. `lenient`: the app may still be about to show it. `unfolded`: every
   * part of the page is open, so nothing may be missing.
   */
  complaints(person, reading, { lenient = false, unfolded = false } = {}) {
    const place = placeOf(reading);
    if (!place) return [];
    const own = isOwn(place);
    const words = [];
    for (const [id, cell] of this.cells(person, place)) {
      if (!own && !cell.entered) continue;
      const found = foundAs(id, reading);
      if (found === undefined) {
        const mayBeMissing = !own || !cell.entered || COMES_AND_GOES.test(id) || (!unfolded && UNFOLDED.test(id));
        if (!mayBeMissing) words.push(`${place}, ${id}: no such field, "${cell.value}" was entered`);
        continue;
      }
      const wrong = cell.judge(found, lenient);
      if (wrong) words.push(`${place}, ${id}: ${wrong}`);
    }
    return words;
  }
}

export const lineId = (name) => `line "${name}"`;
export const STAGE = 'stage';

/** What a reading shows under the id of a cell. */
function foundAs(id, reading) {
  const line = /^line "(.*)"$/.exec(id);
  if (line) return { value: reading.lines.includes(line[1]) ? 'there' : 'gone' };
  if (id === STAGE) {
    const stage = ['withdraw-self', 'submit-self'].find((button) => reading.byId.has(button));
    return stage && { value: stage === 'withdraw-self' ? 'submitted' : 'working' };
  }
  const control = reading.byId.get(id);
  if (!control || kindOf(control) === undefined) return undefined;
  return { value: valueOf(control), inError: control.invalid, beingTyped: control.focused || reading.save === 'typing' };
}
