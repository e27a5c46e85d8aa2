//! Checks the arithmetic: what components read, and how high a total can be.

use super::{Check, say};
use crate::num::Exact;
use crate::pack::TOTAL;
use crate::pack::lookup::concerns;
use crate::pack::model::*;
use crate::sorted_map::Map;

impl Check<'_> {
    pub(super) fn components(&mut self) {
        let pack = self.pack;
        for role in &pack.roles {
            let mut earlier: Vec<&str> = Vec::new();
            for (index, component) in pack.components.iter().enumerate() {
                if !concerns(&component.roles, &role.id) {
                    continue;
                }
                let field = format!("components[{index}]");
                self.require(!earlier.contains(&component.id.as_str()), format!("{field}.id"), || {
                    let (id, role) = (&component.id, &role.id);
                    say(
                        format!("{id:?} có hai lần đối với vai {role:?}; cho phép: một lần"),
                        format!("found {id:?} twice for role {role:?}, allowed is once"),
                    )
                });
                self.rule(&component.rule, &role.id, &earlier, &field);
                earlier.push(&component.id);
            }
            self.require(earlier.last() == Some(&TOTAL), "components", || {
                let role = &role.id;
                say(
                    format!("đối với vai {role:?}, thành phần cuối phải là {TOTAL:?}"),
                    format!("for role {role:?} the last component must be {TOTAL:?}"),
                )
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
                say(
                    "thành phần này tính từ công việc, nhưng gói không có [work]",
                    "found a component made of work, but the pack has no [work]",
                )
            }),
            Rule::Events { of, min, max } => {
                let known: Vec<&str> = pack.events_for(role).map(|event| event.code.as_str()).collect();
                for (index, code) in of.iter().enumerate() {
                    self.known(code, &known, format!("{field}.rule.events.of[{index}]"));
                }
                let ordered = min.as_ref().zip(max.as_ref()).is_none_or(|(min, max)| min <= max);
                self.require(ordered, format!("{field}.rule.events.min"), || {
                    say("đang lớn hơn max", "found above max")
                });
            }
            Rule::Stated { statement } => {
                let known: Vec<&str> = pack.statements_for(role).map(|statement| statement.id.as_str()).collect();
                self.known(statement, &known, format!("{field}.rule.stated.statement"));
            }
            Rule::Products { axis, max } => {
                self.published(max, format!("{field}.rule.products.max"));
                let axes: Vec<&str> =
                    pack.products.iter().flat_map(|rule| &rule.axes).map(|axis| axis.id.as_str()).collect();
                axis.iter().for_each(|axis| self.known(axis, &axes, format!("{field}.rule.products.axis")));
                self.require(pack.products.is_some(), format!("{field}.rule.products"), || {
                    say(
                        "thành phần này tính từ sản phẩm, nhưng gói không có [products]",
                        "found a component made of products, but the pack has no [products]",
                    )
                });
            }
            Rule::Mean { of, max } => {
                self.positive(max, format!("{field}.rule.mean.max"));
                self.require(!of.is_empty(), format!("{field}.rule.mean.of"), || say("chưa có mục nào", "found none"));
                for (index, id) in of.iter().enumerate() {
                    self.known(id, earlier, format!("{field}.rule.mean.of[{index}]"));
                }
            }
            Rule::Sum { terms, max } => {
                if pack.scores_points() {
                    self.published(max, format!("{field}.rule.sum.max"));
                }
                for (index, term) in terms.iter().enumerate() {
                    self.known(&term.component, earlier, format!("{field}.rule.sum.terms[{index}].component"));
                }
            }
        }
    }

    /// The highest value of a component over all roles that have it; none where a part has no bound.
    pub(super) fn highest(&self, component: &str) -> Option<Exact> {
        let pack = self.pack;
        let has = |role: &&Role| pack.component(&role.id, component).is_some();
        let of_role = |role: &Role| {
            let mut highest: Map<&str, Option<Exact>> = Map::new();
            for own in pack.components_for(&role.id) {
                let value = highest_of(pack, &own.rule, &highest);
                highest.insert(own.id.as_str(), value);
            }
            highest.get(component).cloned().flatten()
        };
        let reached: Option<Vec<Exact>> = pack.roles.iter().filter(has).map(of_role).collect();
        reached?.into_iter().max()
    }
}

fn highest_of(pack: &Pack, rule: &Rule, earlier: &Map<&str, Option<Exact>>) -> Option<Exact> {
    let of = |id: &String| earlier.get(id.as_str()).cloned().flatten();
    match rule {
        Rule::Marks { groups } => {
            Some(pack.groups.iter().filter(|group| groups.contains(&group.id)).map(|group| &group.max).sum())
        }
        Rule::Share { .. } => Some(Exact::one()),
        // Under the reading that limits only the total, a part has no bound.
        Rule::Work(_) => pack.option("cap").is_none().then(Exact::one),
        Rule::Stated { statement } => {
            let stated = pack.statements.iter().find(|one| one.id == *statement)?;
            stated.values.iter().map(|value| value.value.clone()).max()
        }
        Rule::Events { max, .. } => max.clone(),
        Rule::Products { max, .. } => Some(max.clone()),
        Rule::Mean { max, .. } => Some(max.clone()),
        Rule::Sum { terms, max } => {
            let sum: Option<Exact> = terms.iter().map(|term| Some(of(&term.component)? * &term.weight)).sum();
            Some(sum.map_or_else(|| max.clone(), |sum| sum.min(max.clone())))
        }
    }
}
