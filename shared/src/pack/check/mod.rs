//! The static check of a pack. It finds an author's mistakes before anyone is scored by the pack.

mod arithmetic;
mod classes;
mod evidence;
mod illustrative;
mod procedure;
mod unwritten;

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::model::*;
use crate::num::Exact;
use crate::pack::Switches;
use crate::sorted_map::Map;
use crate::time::Day;
pub use unwritten::unwritten;

/// One mistake in a pack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Line of the TOML text, if there is one.
    pub line: Option<usize>,
    /// Path of the field: `groups[0].criteria[1].max`.
    pub field: String,
    /// What was found and what is allowed.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(out, "line {line}: ")?;
        }
        if !self.field.is_empty() {
            write!(out, "{}: ", self.field)?;
        }
        out.write_str(&self.message)
    }
}

/// All findings of a pack. Empty when there are none.
#[must_use]
pub fn findings(pack: &Pack) -> Vec<Finding> {
    findings_in(pack, Language::En)
}

/// The same as [`findings`], in the requested language.
#[must_use]
pub fn findings_in(pack: &Pack, language: Language) -> Vec<Finding> {
    let mut check = Check { pack, language, found: Vec::new() };
    check.heading();
    check.who();
    check.options();
    check.readings();
    check.groups();
    check.work();
    check.products();
    check.bands();
    check.events();
    check.statements();
    check.facts();
    check.components();
    check.classes();
    check.knock_outs();
    check.appraisal_gap();
    check.roll_ups();
    check.steps();
    check.unwritten();
    check.illustrative();
    check.found
}

struct Check<'a> {
    pack: &'a Pack,
    language: Language,
    found: Vec<Finding>,
}

impl Check<'_> {
    fn add(&mut self, field: impl Into<String>, said: Text) {
        let finding = Finding { line: None, field: field.into(), message: said.get(self.language).to_owned() };
        // A check that runs for each role reports a finding once.
        if !self.found.contains(&finding) {
            self.found.push(finding);
        }
    }

    fn require(&mut self, holds: bool, field: impl Into<String>, said: impl FnOnce() -> Text) {
        if !holds {
            self.add(field, said());
        }
    }

    fn text(&mut self, text: &Text, field: &str) {
        for (language, words) in [("vi", &text.vi), ("en", &text.en)] {
            self.require(!words.trim().is_empty(), format!("{field}.{language}"), || {
                say("chưa có chữ; cần ghi bằng cả hai thứ tiếng", "found no words, allowed is a text in both languages")
            });
        }
    }

    fn clause(&mut self, clause: &str, field: &str) {
        self.require(!clause.trim().is_empty(), format!("{field}.clause"), || {
            say(
                "chưa có điều khoản; cần ghi chỗ trong văn bản quy định",
                "found no clause, allowed is the place in the regulation",
            )
        });
    }

    fn distinct<'b>(&mut self, ids: impl Iterator<Item = &'b str>, list: &str, key: &str) {
        let mut seen = BTreeSet::new();
        for (index, id) in ids.enumerate() {
            let field = format!("{list}[{index}].{key}");
            self.require(!id.is_empty(), &field, || {
                say("đang để trống; cần một từ", "found nothing, allowed is a word")
            });
            self.word(id, &field);
            self.require(seen.insert(id), &field, || twice(id));
        }
    }

    /// Checks a name that people write into cards, options and tables.
    fn word(&mut self, id: &str, field: &str) {
        self.require(!id.contains(char::is_whitespace), field, || {
            say(
                format!("đang là {id:?}; cho phép: chữ và số, không có khoảng trắng"),
                format!("found {id:?}, allowed are letters and digits without spaces"),
            )
        });
    }

    fn known(&mut self, word: &str, allowed: &[&str], field: impl Into<String>) {
        self.require(allowed.contains(&word), field, || {
            if allowed.is_empty() {
                return say(
                    format!("đang là {word:?}; không được ghi gì ở đây: gói không có mục nào"),
                    format!("found {word:?}, allowed is nothing: the pack has none"),
                );
            }
            let known = allowed.join(", ");
            say(format!("đang là {word:?}; cho phép: {known}"), format!("found {word:?}, allowed {known}"))
        });
    }

    fn roles(&mut self, roles: &[String], field: &str) {
        let pack = self.pack;
        let allowed: Vec<&str> = pack.roles.iter().map(|role| role.id.as_str()).collect();
        for (index, role) in roles.iter().enumerate() {
            self.known(role, &allowed, format!("{field}.roles[{index}]"));
        }
    }

    fn share(&mut self, share: &Exact, field: impl Into<String>) {
        self.require(!share.is_negative() && *share <= Exact::one(), field, || {
            say(
                format!("đang là {share}; cho phép: một tỷ lệ từ 0 đến 1"),
                format!("found {share}, allowed is a share from 0 to 1"),
            )
        });
    }

    fn positive(&mut self, value: &Exact, field: impl Into<String>) {
        self.require(*value > Exact::zero(), field, || {
            say(format!("đang là {value}; cho phép: lớn hơn 0"), format!("found {value}, allowed is above 0"))
        });
    }

    /// Checks a number without which nothing can be scored. A template may lack it; it then leaves the number out.
    fn published(&mut self, value: &Exact, field: impl Into<String>) {
        let lacking = self.pack.status == PackStatus::Template && value.is_zero();
        self.require(lacking || *value > Exact::zero(), field, || {
            say(
                format!("đang là {value}; cho phép: lớn hơn 0; khung quy định thì bỏ trống điều văn bản không nêu"),
                format!("found {value}, allowed is above 0; a template leaves out what its text does not give"),
            )
        });
    }

    fn heading(&mut self) {
        let pack = self.pack;
        self.text(&pack.title, "title");
        self.text(&pack.issuing_body, "issuing_body");
        if pack.scores_points() {
            self.published(&pack.scale_max, "scale_max");
        }
        self.require(!pack.periods.is_empty(), "periods", none);
        let from = Day::parse(&pack.effective_from);
        self.require(from.is_some(), "effective_from", || not_a_day(&pack.effective_from));
        if let Some(last) = &pack.effective_to {
            let to = Day::parse(last);
            self.require(to.is_some(), "effective_to", || not_a_day(last));
            self.require(to.zip(from).is_none_or(|(to, from)| to >= from), "effective_to", || {
                say(
                    format!("đang là {last}; cho phép: một ngày không trước effective_from"),
                    format!("found {last}, allowed is a day not before effective_from"),
                )
            });
        }
        self.require(!pack.roles.is_empty(), "roles", none);
        self.distinct(pack.roles.iter().map(|role| role.id.as_str()), "roles", "id");
        for (index, role) in pack.roles.iter().enumerate() {
            self.text(&role.title, &format!("roles[{index}].title"));
            self.clause(&role.clause, &format!("roles[{index}]"));
        }
    }

    fn options(&mut self) {
        let pack = self.pack;
        self.distinct(pack.options.iter().map(|option| option.id.as_str()), "options", "id");
        for (index, option) in pack.options.iter().enumerate() {
            let field = format!("options[{index}]");
            self.text(&option.title, &format!("{field}.title"));
            self.text(&option.reason, &format!("{field}.reason"));
            self.clause(&option.clause, &field);
            let values: Vec<&str> = option.values.iter().map(|value| value.id.as_str()).collect();
            self.distinct(values.iter().copied(), &format!("{field}.values"), "id");
            self.known(&option.default, &values, format!("{field}.default"));
            for (place, value) in option.values.iter().enumerate() {
                self.text(&value.title, &format!("{field}.values[{place}].title"));
                if let Some(words) = Switches::words(&option.id) {
                    self.known(&value.id, words, format!("{field}.values[{place}].id"));
                }
            }
            let read = option.scope != OptionScope::Score
                || Switches::words(&option.id).is_some()
                || conditions(pack).any(|(when, _)| when.contains_key(&option.id));
            self.require(read, format!("{field}.id"), || {
                let id = &option.id;
                say(
                    format!("đang là {id:?}, không điều kiện, ngưỡng, điều loại, quy tắc hay công tắc nào đọc"),
                    format!("found {id:?}, which no gate, threshold, knock-out, other rule or switch reads"),
                )
            });
        }
        for (when, field) in conditions(pack) {
            for (option, value) in when {
                let values = pack.option(option).map(|option| &option.values);
                let known = values.is_some_and(|values| values.iter().any(|allowed| allowed.id == *value));
                self.require(known, format!("{field}.when.{option}"), || {
                    say(
                        format!(
                            "đang là {option} = {value:?}; cho phép: một lựa chọn của gói này và một giá trị của nó"
                        ),
                        format!("found {option} = {value:?}, allowed is an option of this pack and one of its values"),
                    )
                });
            }
        }
    }
}

/// A sentence in both languages.
fn say(vi: impl Into<String>, en: impl Into<String>) -> Text {
    Text { vi: vi.into(), en: en.into() }
}

fn twice(found: &str) -> Text {
    say(format!("{found:?} có hai lần; cho phép: một lần"), format!("found {found:?} twice, allowed is once"))
}

fn none() -> Text {
    say("chưa có; cần ít nhất một", "found none, allowed is at least one")
}

fn not_a_day(found: &str) -> Text {
    say(
        format!("đang là {found:?}; cho phép: một ngày như 2026-01-01"),
        format!("found {found:?}, allowed is a day such as 2026-01-01"),
    )
}

/// Every condition on options, with the path of its rule.
fn conditions(pack: &Pack) -> impl Iterator<Item = (&Map<String, String>, String)> {
    let gates = pack.classes.iter().enumerate().flat_map(|(index, class)| {
        let path = move |place| format!("classes[{index}].gates[{place}]");
        class.gates.iter().enumerate().map(move |(place, gate)| (&gate.when, path(place)))
    });
    let mins = pack.classes.iter().enumerate().flat_map(|(index, class)| {
        let path = move |place| format!("classes[{index}].min_when[{place}]");
        class.min_when.iter().enumerate().map(move |(place, min)| (&min.when, path(place)))
    });
    let limits = pack.roll_ups.iter().enumerate().flat_map(|(index, rule)| {
        let path = move |place| format!("roll_ups[{index}].limits[{place}]");
        rule.limits.iter().enumerate().map(move |(place, limit)| (&limit.when, path(place)))
    });
    let rules = pack.eligibility.iter().map(|rule| &rule.when).zip(paths("eligibility"));
    let knock_outs = pack.knock_outs.iter().map(|rule| &rule.when).zip(paths("knock_outs"));
    let caps = pack.class_caps.iter().map(|rule| &rule.when).zip(paths("class_caps"));
    let roll_ups = pack.roll_ups.iter().map(|rule| &rule.when).zip(paths("roll_ups"));
    let steps = pack.steps.iter().map(|step| &step.when).zip(paths("steps"));
    gates.chain(mins).chain(limits).chain(rules).chain(knock_outs).chain(caps).chain(roll_ups).chain(steps)
}

/// Every value of a pack that is no list and no table, with its path. The pack is plain data here.
fn leaves(pack: &Pack) -> Vec<(String, Value)> {
    let written = pack.to_json().ok().and_then(|text| serde_json::from_str(&text).ok());
    let mut found = Vec::new();
    gather(written.unwrap_or_default(), String::new(), &mut found);
    found
}

fn gather(value: Value, path: String, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.into_iter().enumerate() {
                gather(item, format!("{path}[{index}]"), found);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                gather(field, if path.is_empty() { name } else { format!("{path}.{name}") }, found);
            }
        }
        leaf => found.push((path, leaf)),
    }
}

/// The paths of a list's items.
fn paths(list: &'static str) -> impl Iterator<Item = String> {
    (0_usize..).map(move |index| format!("{list}[{index}]"))
}
