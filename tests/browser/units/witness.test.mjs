// Tests the witness of the walk: what it must report, and what it must not.

import assert from 'node:assert/strict';
import test from 'node:test';
import { meaning, meanings, monthsOf, placeOf } from '../walk/reading.mjs';
import { Witness } from '../walk/witness.mjs';

const PLACE = '/viec Tháng 11/2026';
const ID = 'line-VP.01-done';

function page(value, more = {}) {
  const control = { id: ID, tag: 'input', type: 'text', mode: 'decimal', value, invalid: false, enabled: true, inMain: true, visible: true, ...more };
  return { path: '/viec', period: 'Tháng 11/2026', lines: ['Soạn thảo'], controls: [control], byId: new Map([[ID, control]]) };
}

function entered(value, before = '0') {
  const witness = new Witness();
  witness.enter('canbo1', PLACE, ID, value, before);
  return witness;
}

const wrong = (witness, reading, options) => witness.complaints('canbo1', reading, options).length > 0;

test('numbers mean what people in Vietnam mean by them', () => {
  const read = ['4', '2,5', '1.250', '1 250', '12.500', '1.250,5', '1.5', '007', '2x', '', ',', '1.2.3', '25.'].map(meaning);
  assert.deepEqual(read, ['4', '2.5', '1250', '1250', '12500', '1250.5', '1.5', '7', undefined, undefined, undefined, undefined, undefined]);
  assert.deepEqual(meanings('1.250', { id: 'line-VP.01-done' }), ['1250'], 'an amount');
  assert.deepEqual(meanings('1.250', { id: 'mark-II.1' }), ['1250', '1.25'], 'a mark');
  assert.deepEqual([meanings('abc', { id: 'x' }), meanings('', { id: 'x' })], [[], ['']]);
});

test('a place is a screen of cards in a period', () => {
  assert.equal(placeOf({ path: '/', period: 'Tháng 11/2026' }), PLACE);
  assert.equal(placeOf({ path: '/cham-diem', period: 'Tháng 11/2026' }), undefined);
  assert.equal(monthsOf('Tháng 1/2027') - monthsOf('Tháng 12/2026'), 1);
});

test('what was entered must be shown, however it is written', () => {
  assert.equal(wrong(entered('2.5'), page('2,5')), false);
  assert.equal(wrong(entered('1250'), page('1.250')), false);
  assert.equal(wrong(entered(''), page('0')), false, 'an emptied number');
  assert.equal(wrong(entered('4'), page('0')), true, 'lost');
  assert.equal(wrong(entered('4'), page('14')), true, 'half of another');
});

test('on its way it may still be as before, and not for ever', () => {
  assert.equal(wrong(entered('4'), page('0'), { lenient: true }), false);
  const witness = entered('4');
  witness.settle('canbo1');
  assert.equal(wrong(witness, page('0'), { lenient: true }), true);
});

test('after an interruption it is one of what was entered, from then on that one', () => {
  const witness = entered('4');
  witness.enter('canbo1', PLACE, ID, '5', '4');
  witness.interrupt('canbo1');
  assert.equal(wrong(witness, page('6')), true);
  assert.equal(wrong(witness, page('4')), false);
  assert.equal(wrong(witness, page('5')), true, 'it was 4 before');
  const saved = entered('4');
  saved.settle('canbo1');
  saved.interrupt('canbo1');
  assert.equal(wrong(saved, page('0')), true, 'called saved before the interruption');
});

test('a field in error shows what was typed and keeps what was there', () => {
  const witness = entered('4');
  assert.equal(wrong(witness, page('45', { invalid: true })), false);
  assert.equal(wrong(witness, page('45')), true);
});

test('what is typed counts when the field takes it, and its beginning never does', () => {
  const typed = () => {
    const witness = entered('4');
    witness.settle('canbo1');
    witness.type('canbo1', PLACE, ID, ['45'], '4');
    return witness;
  };
  assert.equal(wrong(typed(), page('45', { focused: true })), false, 'the cursor is still in it');
  assert.equal(wrong(typed(), page('45')), false, 'taken');
  assert.equal(wrong(typed(), page('4')), true, 'lost');
  const refused = typed();
  assert.equal(wrong(refused, page('45', { invalid: true })), false);
  assert.equal(wrong(refused, page('5')), true, 'the end of it was stored');
  assert.equal(wrong(refused, page('4')), false);
  const cut = typed();
  cut.interrupt('canbo1');
  assert.equal(wrong(cut, page('5')), true, 'the end of it was stored');
  assert.equal(wrong(cut, page('45')), false);
  const called = typed();
  called.settle('canbo1');
  called.interrupt('canbo1');
  assert.equal(wrong(called, page('4')), true, 'lost after it was called saved');
});

test('no number is never taken', () => {
  const witness = entered('4');
  witness.type('canbo1', PLACE, ID, [], '4');
  assert.equal(wrong(witness, page('abc')), true);
  assert.equal(wrong(witness, page('4')), false, 'the field went back to what it was');
});

test('what nobody touched must not change, and a line that was there must stay', () => {
  const witness = new Witness();
  witness.learn('canbo1', page('3'));
  assert.equal(wrong(witness, page('3')), false);
  assert.equal(wrong(witness, page('2')), true);
  assert.equal(wrong(witness, { ...page('3'), lines: [] }), true);
  assert.equal(wrong(witness, { ...page('3'), byId: new Map() }), false, 'a field that is not drawn and was never touched');
});

test('a touched field may not be missing once everything is unfolded', () => {
  const without = { ...page('4'), byId: new Map() };
  assert.equal(wrong(entered('4'), without), true);
  const folded = new Witness();
  folded.enter('canbo1', PLACE, 'line-VP.01-evidence', 'x', '');
  assert.equal(wrong(folded, without), false);
  assert.equal(wrong(folded, without, { unfolded: true }), true);
});
