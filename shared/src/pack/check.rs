//! The static check of a pack: what a regulation's author would be ashamed of, found before anyone is scored by it.

use std::collections::BTreeSet;
use std::fmt;

use super::lookup::concerns;
use super::model::*;
use crate::num::Exact;
use crate::order::Map;
use crate::score::{Switches, TOTAL};
use crate::time::Day;

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
    check.groups();
    check.work();
    check.events();
    check.statements();
    check.facts();
    check.components();
    check.classes();
    check.knock_outs();
    check.roll_ups();
    check.stages();
    check.found
}

struct Check<'a> {
    pack: &'a Pack,
    found: Vec<Finding>,
}

impl Check<'_> {
    fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.found.push(Finding { line: None, field: field.into(), message: message.into() });
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
        self.require(allowed.contains(&word), field, || format!("found {word:?}, allowed {}", allowed.join(", ")));
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

    fn events(&mut self) {
        let pack = self.pack;
        self.distinct(pack.events.iter().map(|event| event.code.as_str()), "events", "code");
        for (index, event) in pack.events.iter().enumerate() {
            let field = format!("events[{index}]");
            self.text(&event.title, &format!("{field}.title"));
            self.clause(&event.clause, &field);
            self.roles(&event.roles, &field);
            let lacking = pack.status == PackStatus::Template;
            self.require(lacking || !event.points.is_zero(), format!("{field}.points"), || {
                "found 0, allowed is a bonus above or a deduction below".to_owned()
            });
            let read = |rule: &Rule| matches!(rule, Rule::Events { of, .. } if of.contains(&event.code));
            self.require(
                pack.components.iter().any(|component| read(&component.rule)),
                format!("{field}.code"),
                || format!("found {:?}, which no component reads", event.code),
            );
        }
    }

    fn roll_ups(&mut self) {
        let pack = self.pack;
        for (index, rule) in pack.roll_ups.iter().enumerate() {
            let field = format!("roll_ups[{index}]");
            self.clause(&rule.clause, &field);
            self.require(rule.from < rule.to, format!("{field}.from"), || {
                "allowed is a shorter period than the one it makes".to_owned()
            });
            let parts = rule.to.months().checked_div(rule.from.months()).unwrap_or_default();
            self.require(
                rule.worked_min.is_none_or(|least| (1..=parts).contains(&least)),
                format!("{field}.worked_min"),
                || format!("allowed is from 1 to {parts}, the number of periods"),
            );
            self.require(
                pack.roll_ups.iter().filter(|other| other.to == rule.to).count() == 1,
                format!("{field}.to"),
                || "found twice, allowed is once".to_owned(),
            );
        }
    }

    fn heading(&mut self) {
        let pack = self.pack;
        self.text(&pack.title, "title");
        self.text(&pack.issuing_body, "issuing_body");
        self.published(&pack.scale_max, "scale_max");
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
                format!("found {:?}, which no gate, eligibility rule or switch reads", option.id)
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

    fn groups(&mut self) {
        let pack = self.pack;
        self.distinct(pack.groups.iter().map(|group| group.id.as_str()), "groups", "id");
        let mut seen = BTreeSet::new();
        for (index, group) in pack.groups.iter().enumerate() {
            let field = format!("groups[{index}]");
            self.text(&group.title, &format!("{field}.title"));
            self.clause(&group.clause, &field);
            self.roles(&group.roles, &field);
            let sum: Exact = group.criteria.iter().map(|criterion| &criterion.max).sum();
            self.require(sum == group.max, format!("{field}.max"), || {
                format!("found {}, allowed is the sum of its criteria, {sum}", group.max)
            });
            for (place, criterion) in group.criteria.iter().enumerate() {
                let field = format!("{field}.criteria[{place}]");
                self.text(&criterion.title, &format!("{field}.title"));
                self.published(&criterion.max, format!("{field}.max"));
                self.require(seen.insert(&criterion.code), format!("{field}.code"), || {
                    format!("found {:?} twice, allowed is once", criterion.code)
                });
                if let Some(step) = &criterion.step {
                    self.positive(step, format!("{field}.step"));
                }
            }
        }
    }

    fn work(&mut self) {
        let pack = self.pack;
        let Some(work) = &pack.work else { return };
        self.clause(&work.clause, "work");
        self.share(&work.failed_review_loss, "work.failed_review_loss");
        self.share(&work.late_loss, "work.late_loss");
        for (index, band) in work.late_bands.iter().enumerate() {
            let field = format!("work.late_bands[{index}]");
            self.share(&band.kept, format!("{field}.kept"));
            let is_last = index + 1 == work.late_bands.len();
            self.require(band.to_days.is_none() == is_last, format!("{field}.to_days"), || {
                "allowed is an end for every band but the last, and none for the last".to_owned()
            });
            let Some(next) = work.late_bands.get(index + 1) else { continue };
            let ascending = band.to_days.zip(next.to_days).is_none_or(|(here, there)| here < there);
            self.require(ascending && next.kept <= band.kept, format!("{field}.to_days"), || {
                "bands must follow by days, and a later band may not keep more".to_owned()
            });
        }
        let bands_allowed =
            pack.option("late_unit").is_some_and(|option| option.values.iter().any(|value| value.id == "bands"));
        self.require(!bands_allowed || !work.late_bands.is_empty(), "work.late_bands", || {
            "found none, but late_unit allows bands".to_owned()
        });
    }

    fn statements(&mut self) {
        let pack = self.pack;
        self.distinct(pack.statements.iter().map(|statement| statement.id.as_str()), "statements", "id");
        for (index, statement) in pack.statements.iter().enumerate() {
            let field = format!("statements[{index}]");
            self.text(&statement.title, &format!("{field}.title"));
            self.clause(&statement.clause, &field);
            self.roles(&statement.roles, &field);
            self.require(!statement.values.is_empty(), format!("{field}.values"), || {
                "found none, allowed is at least one".to_owned()
            });
            for (place, value) in statement.values.iter().enumerate() {
                self.share(&value.value, format!("{field}.values[{place}].value"));
                self.text(&value.when, &format!("{field}.values[{place}].when"));
            }
        }
    }

    fn facts(&mut self) {
        let pack = self.pack;
        self.distinct(pack.facts.iter().map(|fact| fact.id.as_str()), "facts", "id");
        for (index, fact) in pack.facts.iter().enumerate() {
            let field = format!("facts[{index}]");
            self.text(&fact.title, &format!("{field}.title"));
            self.clause(&fact.clause, &field);
            self.roles(&fact.roles, &field);
            let fits = match fact.assume {
                Some(Assumption::Absent) => fact.kind == FactKind::Flag,
                Some(Assumption::Full) => fact.kind == FactKind::Days,
                None => true,
            };
            self.require(fits, format!("{field}.assume"), || {
                "allowed is absent for a flag, full for days, none for a share".to_owned()
            });
        }
    }

    fn components(&mut self) {
        let pack = self.pack;
        for role in &pack.roles {
            let mut earlier: Vec<&str> = Vec::new();
            for (index, component) in pack.components.iter().enumerate() {
                if !concerns(&component.roles, &role.id) {
                    continue;
                }
                let field = format!("components[{index}]");
                self.require(!earlier.contains(&component.id.as_str()), format!("{field}.id"), || {
                    format!("found {:?} twice for role {:?}, allowed is once", component.id, role.id)
                });
                self.rule(&component.rule, &role.id, &earlier, &field);
                earlier.push(&component.id);
            }
            self.require(earlier.last() == Some(&TOTAL), "components", || {
                format!("for role {:?} the last component must be {TOTAL:?}", role.id)
            });
        }
        for (index, component) in pack.components.iter().enumerate() {
            let field = format!("components[{index}]");
            self.text(&component.title, &format!("{field}.title"));
            self.clause(&component.clause, &field);
            self.roles(&component.roles, &field);
        }
    }

    fn rule(&mut self, rule: &Rule, role: &str, earlier: &[&str], field: &str) {
        let pack = self.pack;
        match rule {
            Rule::Marks { groups } => {
                let known: Vec<&str> = pack.groups_for(role).map(|group| group.id.as_str()).collect();
                for (index, group) in groups.iter().enumerate() {
                    self.known(group, &known, format!("{field}.rule.marks.groups[{index}]"));
                }
            }
            Rule::Share { criterion } => {
                let known: Vec<&str> = pack.criteria_for(role).map(|criterion| criterion.code.as_str()).collect();
                self.known(criterion, &known, format!("{field}.rule.share.criterion"));
            }
            Rule::Work(_) => self.require(pack.work.is_some(), format!("{field}.rule.work"), || {
                "found a component made of work, but the pack has no [work]".to_owned()
            }),
            Rule::Events { of, min, max } => {
                let known: Vec<&str> = pack.events_for(role).map(|event| event.code.as_str()).collect();
                for (index, code) in of.iter().enumerate() {
                    self.known(code, &known, format!("{field}.rule.events.of[{index}]"));
                }
                let ordered = min.as_ref().zip(max.as_ref()).is_none_or(|(min, max)| min <= max);
                self.require(ordered, format!("{field}.rule.events.min"), || "found above max".to_owned());
            }
            Rule::Stated { statement } => {
                let known: Vec<&str> = pack.statements_for(role).map(|statement| statement.id.as_str()).collect();
                self.known(statement, &known, format!("{field}.rule.stated.statement"));
            }
            Rule::Mean { of, max } => {
                self.positive(max, format!("{field}.rule.mean.max"));
                self.require(!of.is_empty(), format!("{field}.rule.mean.of"), || "found none".to_owned());
                for (index, id) in of.iter().enumerate() {
                    self.known(id, earlier, format!("{field}.rule.mean.of[{index}]"));
                }
            }
            Rule::Sum { terms, max } => {
                self.published(max, format!("{field}.rule.sum.max"));
                for (index, term) in terms.iter().enumerate() {
                    self.known(&term.component, earlier, format!("{field}.rule.sum.terms[{index}].component"));
                }
            }
        }
    }

    fn classes(&mut self) {
        let pack = self.pack;
        self.distinct(pack.classes.iter().map(|class| class.code.as_str()), "classes", "code");
        let lowest = pack.classes.last().map(|class| (class.min.is_zero(), class.gates.is_empty()));
        let last = pack.classes.len().saturating_sub(1);
        self.require(lowest == Some((true, true)), format!("classes[{last}].min"), || {
            "the last class must start at 0 and have no gates, so that everyone has a class".to_owned()
        });
        for (index, class) in pack.classes.iter().enumerate() {
            let field = format!("classes[{index}]");
            self.text(&class.title, &format!("{field}.title"));
            self.clause(&class.clause, &field);
            self.require(pack.scale_max.is_zero() || class.min <= pack.scale_max, format!("{field}.min"), || {
                format!("found {}, which no total reaches: the scale ends at {}", class.min, pack.scale_max)
            });
            if let Some(next) = pack.classes.get(index + 1) {
                let lacking = pack.status == PackStatus::Template && class.min.is_zero();
                self.require(lacking || class.min > next.min, format!("{field}.min"), || {
                    format!("found {}, allowed is above the next class's {}", class.min, next.min)
                });
            }
            self.distinct(class.gates.iter().map(|gate| gate.code.as_str()), &format!("{field}.gates"), "code");
            for (place, gate) in class.gates.iter().enumerate() {
                self.gate(gate, &format!("{field}.gates[{place}]"));
            }
        }
    }

    fn gate(&mut self, gate: &Gate, field: &str) {
        self.text(&gate.title, &format!("{field}.title"));
        self.clause(&gate.clause, field);
        self.fact(&gate.fact, FactKind::Share, &format!("{field}.fact"));
        self.require(gate.at_least.is_some() || gate.at_most.is_some(), field, || {
            "found no bound, allowed is at_least, at_most or both".to_owned()
        });
        let reachable = gate.at_least.as_ref().is_none_or(|lowest| *lowest <= Exact::one())
            && gate.at_most.as_ref().is_none_or(|highest| !highest.is_negative())
            && gate.at_least.as_ref().zip(gate.at_most.as_ref()).is_none_or(|(lowest, highest)| lowest <= highest);
        self.require(reachable, field, || "found a gate that can never hold: a share is from 0 to 1".to_owned());
    }

    fn fact(&mut self, id: &str, kind: FactKind, field: &str) {
        let pack = self.pack;
        let allowed: Vec<&str> =
            pack.facts.iter().filter(|fact| fact.kind == kind).map(|fact| fact.id.as_str()).collect();
        self.known(id, &allowed, field);
    }

    fn knock_outs(&mut self) {
        let pack = self.pack;
        let classes: Vec<&str> = pack.classes.iter().map(|class| class.code.as_str()).collect();
        for (index, rule) in pack.knock_outs.iter().enumerate() {
            let field = format!("knock_outs[{index}]");
            self.fact(&rule.fact, FactKind::Flag, &format!("{field}.fact"));
            self.known(&rule.class, &classes, format!("{field}.class"));
            self.clause(&rule.clause, &field);
        }
        for (index, rule) in pack.eligibility.iter().enumerate() {
            let field = format!("eligibility[{index}]");
            self.text(&rule.title, &format!("{field}.title"));
            self.fact(&rule.days, FactKind::Days, &format!("{field}.days"));
            self.fact(&rule.of_days, FactKind::Days, &format!("{field}.of_days"));
            self.share(&rule.at_least, format!("{field}.at_least"));
            self.clause(&rule.clause, &field);
        }
        if let Some(quota) = &pack.quota {
            self.known(&quota.class, &classes, "quota.class");
            self.known(&quota.of_class, &classes, "quota.of_class");
            self.share(&quota.share, "quota.share");
            self.share(&quota.outstanding_share, "quota.outstanding_share");
            self.clause(&quota.clause, "quota");
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
            self.require(
                stage.deadline_day.is_none_or(|day| (1..=31).contains(&day)),
                format!("{field}.deadline_day"),
                || "allowed is a day of the month from 1 to 31".to_owned(),
            );
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
    let rules = pack.eligibility.iter().enumerate();
    gates.chain(rules.map(|(index, rule)| (&rule.when, format!("eligibility[{index}]"))))
}
