//! The static check of a pack: what a regulation's author would be ashamed of, found before anyone is scored by it.

mod arithmetic;
mod classes;
mod evidence;
mod unwritten;

use std::collections::BTreeSet;
use std::fmt;

use super::model::*;
use crate::num::Exact;
use crate::order::Map;
use crate::score::Switches;
use crate::time::Day;
pub use unwritten::unwritten;

/// Something wrong in a pack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Line of the TOML text, where there is one.
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

/// Words for who acts at a stage.
const SCORERS: [&str; 5] = ["subject", "direct_head", "agency_head", "personnel", "team"];

/// Everything wrong with a pack; empty when nothing is.
#[must_use]
pub fn findings(pack: &Pack) -> Vec<Finding> {
    let mut check = Check { pack, found: Vec::new() };
    check.heading();
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
    check.stages();
    check.unwritten();
    check.found
}

struct Check<'a> {
    pack: &'a Pack,
    found: Vec<Finding>,
}

impl Check<'_> {
    fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        let finding = Finding { line: None, field: field.into(), message: message.into() };
        // What is looked at for each role is said once.
        if !self.found.contains(&finding) {
            self.found.push(finding);
        }
    }

    fn require(&mut self, holds: bool, field: impl Into<String>, message: impl FnOnce() -> String) {
        if !holds {
            self.add(field, message());
        }
    }

    fn text(&mut self, text: &Text, field: &str) {
        for (language, words) in [("vi", &text.vi), ("en", &text.en)] {
            self.require(!words.trim().is_empty(), format!("{field}.{language}"), || {
                "found no words, allowed is a text in both languages".to_owned()
            });
        }
    }

    fn clause(&mut self, clause: &str, field: &str) {
        self.require(!clause.trim().is_empty(), format!("{field}.clause"), || {
            "found no clause, allowed is the place in the regulation".to_owned()
        });
    }

    fn distinct<'b>(&mut self, ids: impl Iterator<Item = &'b str>, list: &str, key: &str) {
        let mut seen = BTreeSet::new();
        for (index, id) in ids.enumerate() {
            let field = format!("{list}[{index}].{key}");
            self.require(!id.is_empty(), &field, || "found nothing, allowed is a word".to_owned());
            self.require(seen.insert(id), &field, || format!("found {id:?} twice, allowed is once"));
        }
    }

    fn known(&mut self, word: &str, allowed: &[&str], field: impl Into<String>) {
        self.require(allowed.contains(&word), field, || {
            let known =
                if allowed.is_empty() { "is nothing: the pack has none".to_owned() } else { allowed.join(", ") };
            format!("found {word:?}, allowed {known}")
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
            format!("found {share}, allowed is a share from 0 to 1")
        });
    }

    fn positive(&mut self, value: &Exact, field: impl Into<String>) {
        self.require(*value > Exact::zero(), field, || format!("found {value}, allowed is above 0"));
    }

    /// A number without which nothing can be scored: a template may lack it, and says so by leaving it out.
    fn published(&mut self, value: &Exact, field: impl Into<String>) {
        let lacking = self.pack.status == PackStatus::Template && value.is_zero();
        self.require(lacking || *value > Exact::zero(), field, || {
            format!("found {value}, allowed is above 0; a template leaves out what its text does not give")
        });
    }

    fn heading(&mut self) {
        let pack = self.pack;
        self.text(&pack.title, "title");
        self.text(&pack.issuing_body, "issuing_body");
        if pack.scores_points() {
            self.published(&pack.scale_max, "scale_max");
        }
        self.require(!pack.periods.is_empty(), "periods", || "found none, allowed is at least one".to_owned());
        let from = Day::parse(&pack.effective_from);
        self.require(from.is_some(), "effective_from", || not_a_day(&pack.effective_from));
        if let Some(last) = &pack.effective_to {
            let to = Day::parse(last);
            self.require(to.is_some(), "effective_to", || not_a_day(last));
            self.require(to.zip(from).is_none_or(|(to, from)| to >= from), "effective_to", || {
                format!("found {last}, allowed is a day not before effective_from")
            });
        }
        self.require(!pack.roles.is_empty(), "roles", || "found none, allowed is at least one".to_owned());
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
                format!("found {:?}, which no gate, threshold, knock-out, other rule or switch reads", option.id)
            });
        }
        for (when, field) in conditions(pack) {
            for (option, value) in when {
                let values = pack.option(option).map(|option| &option.values);
                let known = values.is_some_and(|values| values.iter().any(|allowed| allowed.id == *value));
                self.require(known, format!("{field}.when.{option}"), || {
                    format!("found {option} = {value:?}, allowed is an option of this pack and one of its values")
                });
            }
        }
    }

    fn stages(&mut self) {
        let pack = self.pack;
        // A result nobody is told of is no result.
        self.require(pack.stages.last().is_some_and(|stage| stage.id == "publish"), "stages", || {
            "the last stage must be \"publish\"".to_owned()
        });
        self.distinct(pack.stages.iter().map(|stage| stage.id.as_str()), "stages", "id");
        for (index, stage) in pack.stages.iter().enumerate() {
            let field = format!("stages[{index}]");
            self.text(&stage.title, &format!("{field}.title"));
            self.clause(&stage.clause, &field);
            self.known(&stage.scorer, &SCORERS, format!("{field}.scorer"));
            self.require(stage.deadline_months_after <= 12, format!("{field}.deadline_months_after"), || {
                "allowed is from 0 to 12 months after the period".to_owned()
            });
            let days = [
                ("deadline_day", stage.deadline_day),
                ("deadline_day_december", stage.deadline_day_december),
                ("opens_day", stage.opens_day),
                ("opens_day_december", stage.opens_day_december),
            ];
            for (name, day) in days {
                self.require(day.is_none_or(|day| (1..=31).contains(&day)), format!("{field}.{name}"), || {
                    "allowed is a day of the month from 1 to 31".to_owned()
                });
            }
        }
    }
}

fn not_a_day(found: &str) -> String {
    format!("found {found:?}, allowed is a day such as 2026-01-01")
}

/// Every condition on options, with the path of the rule that has it.
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
    gates.chain(mins).chain(limits).chain(rules).chain(knock_outs).chain(caps).chain(roll_ups)
}

/// The paths of a list's items.
fn paths(list: &'static str) -> impl Iterator<Item = String> {
    (0_usize..).map(move |index| format!("{list}[{index}]"))
}
