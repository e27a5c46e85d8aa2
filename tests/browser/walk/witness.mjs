// The witness: knows from the outside what each person entered and what the screen accepted, and nothing of how the app
// keeps it.

import { fieldsOf, isOwn, kindOf, placeOf, same, valueOf } from './reading.mjs';

/** Shown only while another value asks for it, or only inside a part that is unfolded. */
const COMES_AND_GOES = /^(reason-|review-)/;
/** How much of a line was done; when it was finished follows from it until the person says when. */
const DONE = /^(line-.*)-done$/;
const UNFOLDED = /^line-.*-(evidence|late-times|late-days|failed|handed-over|cause.*|due|finished|extra)$/;

/** One value of a card as its person knows it. */
class Cell {
  constructor(value) {
    /** What must be shown, as long as it is `certain`. */
    this.value = value;
    /** All that may be stored: what was called saved last, and what was entered since. */
    this.possible = new Set([value]);
    this.certain = true;
    this.entered = false;
    /** What was typed last may mean, as long as nobody knows whether the field takes it. */
    this.typed = undefined;
    /** What may be stored of a text that is typed: it is saved on the way, and each beginning of it is one. */
    this.beginnings = [];
    /** Whether the app sets it as it follows from another value. */
    this.follows = false;
  }

  type(meanings, beginnings) {
    // Typed before and never looked at since: the field may have taken it meanwhile.
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

  /** The app says that everything is saved, and that no field is in error. */
  settle() {
    if (this.typed?.length === 1) this.take(this.typed[0]);
    // A number of two meanings was taken as one of them.
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

  /** What is wrong with what is shown, in words. Where several values are possible, it tells which of them it is. */
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

  /** The cells of a place of a person. */
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

  /** The cell of a control in which `before` stood until now. */
  cell(person, place, id, before) {
    const cells = this.cells(person, place);
    if (!cells.has(id)) cells.set(id, new Cell(before));
    return cells.get(id);
  }

  /** A value that the screen took, and what stood there before. */
  enter(person, place, id, value, before) {
    this.setsAnother(person, place, id);
    this.cell(person, place, id, before).take(value);
  }

  /** A text was typed that may mean one of these, or nothing; whether it is taken shows itself later. */
  type(person, place, id, meanings, before, beginnings = []) {
    this.setsAnother(person, place, id);
    this.cell(person, place, id, before).type(meanings, beginnings);
  }

  /** Whoever says how much was done says that it was done today. */
  setsAnother(person, place, id) {
    const line = DONE.exec(id)?.[1];
    if (line) this.cell(person, place, `${line}-finished`, '').follows = true;
  }

  /** What is known to be gone, with all that hung on it. */
  forget(person, place, begins) {
    const cells = this.cells(person, place);
    for (const id of [...cells.keys()]) if (id.startsWith(begins)) cells.delete(id);
  }

  /** Everything a person entered was called saved. */
  settle(person) {
    this.each(person, (cell) => cell.settle());
  }

  /** The app ended in the middle: what was not called saved may be there or not. */
  interrupt(person) {
    this.each(person, (cell) => cell.interrupt());
  }

  each(person, act) {
    for (const cells of this.people.get(person)?.values() ?? []) for (const cell of cells.values()) act(cell);
  }

  /** Takes what was never looked at before as it is: a stranger's work, until it is changed here. */
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
   * What is not as it was entered, in words. Lenient where the app may still be on its way to showing it; `unfolded` where
   * every part of the page has been opened, so that nothing may be missing.
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
