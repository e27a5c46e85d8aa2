//! A pack and a card under it, and the parts of the pack that concern the card.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::reading::{Fraction, is_of_role, list, named, number, of_role, word, words};

/// How often each kind of rule had its effect.
pub type Seen = RefCell<BTreeMap<&'static str, usize>>;

#[derive(Clone, Copy)]
pub struct Case<'a> {
    pub pack: &'a Value,
    pub card: &'a Value,
    pub seen: &'a Seen,
}

/// What is known of a fact.
pub enum Stated<'a> {
    /// The card states it.
    Value(&'a Value),
    /// The card does not state it, and the pack says what counts then: `absent` or `full`.
    Assumed(&'a str),
    /// The card does not state it, and nothing may be assumed.
    Missing,
}

impl<'a> Case<'a> {
    /// Notes that a kind of rule had its effect.
    pub fn note(self, kind: &'static str) {
        *self.seen.borrow_mut().entry(kind).or_default() += 1;
    }

    pub fn note_if(self, happened: bool, kind: &'static str) {
        if happened {
            self.note(kind);
        }
    }

    pub fn role(self) -> &'a str {
        word(&self.card["subject"], "role")
    }

    /// The chosen answer to a question, or the pack's own. Empty where the pack does not ask.
    pub fn option(self, id: &str) -> &'a str {
        let Some(question) = named(&list(self.pack, "options"), "id", id) else { return "" };
        self.card["options"][id].as_str().unwrap_or_else(|| word(question, "default"))
    }

    /// Whether a rule counts for this role under the chosen answers.
    pub fn applies(self, rule: &Value) -> bool {
        let chosen =
            |when: &serde_json::Map<String, Value>| when.iter().all(|(option, value)| value == self.option(option));
        is_of_role(rule, self.role()) && rule["when"].as_object().is_none_or(chosen)
    }

    /// What is known of a fact. None where the fact does not concern the role.
    pub fn fact(self, id: &str) -> Option<Stated<'a>> {
        let rule = named(&of_role(self.pack, "facts", self.role()), "id", id)?;
        Some(match (self.card["facts"].get(id), rule["assume"].as_str()) {
            (Some(value), _) => Stated::Value(value),
            (None, Some(assumed)) => Stated::Assumed(assumed),
            (None, None) => Stated::Missing,
        })
    }

    /// The groups of the role's form.
    pub fn groups(self) -> Vec<&'a Value> {
        of_role(self.pack, "groups", self.role())
    }

    /// Whether a criterion is marked at all.
    pub fn is_marked(self, criterion: &Value) -> bool {
        !words(self.card, "not_applicable").contains(&word(criterion, "code"))
    }

    /// A factor by its name.
    pub fn factor(self, part: &str, factors: &str, id: &Value) -> Fraction {
        let factors = list(&self.pack[part], factors);
        number(&named(&factors, "id", id.as_str().unwrap()).unwrap()["factor"])
    }
}
