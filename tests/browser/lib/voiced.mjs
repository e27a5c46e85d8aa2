// A regulation with opinions and votes before the result, and an objection after it: that of Long Biên with such steps added.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atRoot } from './place.mjs';

const step = (id, verb, title, rest) =>
  `\n[[steps]]\nid = "${id}"\nverb = "${verb}"\ntitle.vi = "${title}"\ntitle.en = "${title}"\nclause = "Đ.22"\n${rest}\n`;

const BEFORE =
  step('opine', 'opine', 'Cấp phó cho ý kiến', 'roles = ["staff"]\nafter = ["appraise"]\nby = [{ deputy = "agency" }]') +
  step(
    'meeting',
    'vote',
    'Họp, biểu quyết',
    'roles = ["staff"]\nafter = ["appraise"]\nby = [{ any_of = [{ head = "own_unit" }, { deputy = "agency" }] }]\nper = "actor"\nquorum = "2/3"\nblind = true',
  );

const AFTER =
  step('received', 'confirm', 'Xác nhận đã nhận thông báo', 'after = ["publish"]\nby = ["subject"]') +
  step('object', 'object', 'Kiến nghị', 'after = ["publish"]\nby = ["subject"]\ndue = { by = 5, of = "step", working_days = true }') +
  step(
    'answer',
    'answer',
    'Giải quyết kiến nghị',
    'roles = ["staff"]\nafter = ["object"]\nby = [{ head = "agency" }]\nreopens = "appraise_head"\ndue = { by = 7, of = "step", working_days = true }',
  );

/** Writes the pack into a folder and returns its path. Its id is that of the sample, in whose place it is adopted. */
export function voicedPack(folder) {
  let text = readFileSync(atRoot('shared/packs/longbien-mau.toml'), 'utf8');
  text = text.replace('status = "sample"', 'status = "complete"');
  // What the article does not say counts here as decided by the office.
  text = text.replace(/^illustrative = \[[\s\S]*?^\]\n/m, '').replace(/\(số hiệu: cần nhập theo văn bản\)/, 'số 5/QĐ');
  text = text.replace(/[:;] cần nhập theo văn bản/g, '');
  text = text.replace('\n[[steps]]\nid = "appraise_head"', `${BEFORE}\n[[steps]]\nid = "appraise_head"`);
  text = text.replace('after = ["appraise"]\nby = [{ head = "agency" }]', 'after = ["opine", "meeting"]\nby = [{ head = "agency" }]');
  const path = join(folder, 'song-ao.toml');
  writeFileSync(path, text + AFTER);
  return path;
}
