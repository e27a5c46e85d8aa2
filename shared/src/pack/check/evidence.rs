//! What a card brings: marks, work, products, events and statements.

use std::collections::BTreeSet;

use super::Check;
use crate::num::Exact;
use crate::pack::model::*;

impl Check<'_> {
    pub(super) fn groups(&mut self) {
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
            if let Some(min) = &group.min {
                self.require(
                    !min.is_negative() && (*min <= group.max || group.max.is_zero()),
                    format!("{field}.min"),
                    || format!("found {min}, allowed is from 0 to the group's maximum, {}", group.max),
                );
            }
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

    pub(super) fn work(&mut self) {
        let pack = self.pack;
        let Some(work) = &pack.work else { return };
        self.clause(&work.clause, "work");
        self.share(&work.failed_review_loss, "work.failed_review_loss");
        self.share(&work.late_loss, "work.late_loss");
        self.factors(&work.difficulties, "work.difficulties");
        self.factors(&work.positions, "work.positions");
        for (option, list) in [("coefficient", &work.difficulties), ("position_multiplier", &work.positions)] {
            self.require(pack.option(option).is_none() || !list.is_empty(), "work", || {
                format!("found no factors, but the pack has the option {option:?}")
            });
        }
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

    pub(super) fn events(&mut self) {
        let pack = self.pack;
        self.distinct(pack.events.iter().map(|event| event.code.as_str()), "events", "code");
        for (index, event) in pack.events.iter().enumerate() {
            let field = format!("events[{index}]");
            self.text(&event.title, &format!("{field}.title"));
            self.clause(&event.clause, &field);
            self.roles(&event.roles, &field);
            let lacking = pack.status == PackStatus::Template;
            self.require(
                lacking || event.stated.is_some() || !event.points.is_zero(),
                format!("{field}.points"),
                || "found 0, allowed is a bonus above or a deduction below".to_owned(),
            );
            if let Some(stated) = &event.stated {
                let alone = event.points.is_zero() && stated.min < stated.max;
                self.require(alone, format!("{field}.stated"), || {
                    "allowed is a lowest below a highest, and no points of the event's own".to_owned()
                });
            }
            self.require(event.times_max != Some(0), format!("{field}.times_max"), || "found 0".to_owned());
            let read = |rule: &Rule| matches!(rule, Rule::Events { of, .. } if of.contains(&event.code));
            self.require(
                pack.components.iter().any(|component| read(&component.rule)),
                format!("{field}.code"),
                || format!("found {:?}, which no component reads", event.code),
            );
        }
    }

    pub(super) fn statements(&mut self) {
        let pack = self.pack;
        self.distinct(pack.statements.iter().map(|statement| statement.id.as_str()), "statements", "id");
        for (index, statement) in pack.statements.iter().enumerate() {
            let field = format!("statements[{index}]");
            self.text(&statement.title, &format!("{field}.title"));
            self.clause(&statement.clause, &field);
            self.roles(&statement.roles, &field);
            if let Some(min) = &statement.subordinates_min {
                self.positive(min, format!("{field}.subordinates_min"));
            }
            self.require(!statement.values.is_empty(), format!("{field}.values"), || {
                "found none, allowed is at least one".to_owned()
            });
            for (place, value) in statement.values.iter().enumerate() {
                self.share(&value.value, format!("{field}.values[{place}].value"));
                self.text(&value.when, &format!("{field}.values[{place}].when"));
            }
        }
    }

    fn factors(&mut self, factors: &[Factor], field: &str) {
        self.distinct(factors.iter().map(|factor| factor.id.as_str()), field, "id");
        for (index, factor) in factors.iter().enumerate() {
            self.text(&factor.title, &format!("{field}[{index}].title"));
            self.published(&factor.factor, format!("{field}[{index}].factor"));
        }
    }

    pub(super) fn products(&mut self) {
        let pack = self.pack;
        let Some(products) = &pack.products else { return };
        self.clause(&products.clause, "products");
        self.factors(&products.standards, "products.standards");
        self.factors(&products.difficulties, "products.difficulties");
        self.require(products.weights_sum.is_some() == products.standards.is_empty(), "products.weights_sum", || {
            "allowed is a sum of weights, or standards that give points, and not both".to_owned()
        });
        let dimensions: Vec<&str> = products.dimensions.iter().map(|dimension| dimension.id.as_str()).collect();
        self.distinct(dimensions.iter().copied(), "products.dimensions", "id");
        for (index, dimension) in products.dimensions.iter().enumerate() {
            let field = format!("products.dimensions[{index}]");
            self.text(&dimension.title, &format!("{field}.title"));
            if let DimensionSource::Mean(of) = &dimension.source {
                let given = |id: &&str| {
                    products
                        .dimensions
                        .iter()
                        .any(|other| other.id == **id && !matches!(other.source, DimensionSource::Mean(_)))
                };
                let others: Vec<&str> = dimensions.iter().copied().filter(given).collect();
                self.require(!of.is_empty(), format!("{field}.source"), || "found a mean of nothing".to_owned());
                of.iter().for_each(|id| self.known(id, &others, format!("{field}.source.mean")));
            }
            let by_days = dimension.source == DimensionSource::Late;
            let bands = pack.work.as_ref().is_some_and(|work| !work.late_bands.is_empty());
            self.require(!by_days || bands, format!("{field}.source"), || {
                "found late, but [work] has no late_bands".to_owned()
            });
        }
        self.frames(products);
    }

    fn frames(&mut self, products: &ProductRule) {
        let hundred = Exact::from_int(100);
        self.distinct(products.frames.iter().map(|frame| frame.id.as_str()), "products.frames", "id");
        self.require(!products.frames.is_empty(), "products.frames", || {
            "found none, allowed is at least one".to_owned()
        });
        for (index, frame) in products.frames.iter().enumerate() {
            let field = format!("products.frames[{index}]");
            self.text(&frame.title, &format!("{field}.title"));
            self.clause(&frame.clause, &field);
            let (found, wanted) = (frame.weights.len(), products.dimensions.len());
            self.require(found == wanted, format!("{field}.weights"), || {
                format!("found {found} weights, allowed is one for each of the {wanted} dimensions")
            });
            let sum: Exact = frame.weights.iter().sum();
            self.require(sum == hundred, format!("{field}.weights"), || {
                format!("found a sum of {sum}, allowed is 100")
            });
        }
    }

    pub(super) fn bands(&mut self) {
        let pack = self.pack;
        self.distinct(pack.bands.iter().map(|band| band.id.as_str()), "bands", "id");
        for (index, band) in pack.bands.iter().enumerate() {
            let field = format!("bands[{index}]");
            self.text(&band.title, &format!("{field}.title"));
            self.clause(&band.clause, &field);
            self.require(band.from < band.to, format!("{field}.from"), || {
                format!("found {}, allowed is below {}", band.from, band.to)
            });
            let above = index.checked_sub(1).and_then(|place| pack.bands.get(place));
            let wanted = above.map_or_else(Exact::one, |above| above.from.clone());
            self.require(band.to == wanted, format!("{field}.to"), || {
                let kind = if band.to > wanted {
                    "overlaps with the level above"
                } else {
                    "leaves a gap below the level above"
                };
                format!("found {}, which {kind}; allowed is {wanted}", band.to)
            });
        }
        let lowest = pack.bands.last().is_none_or(|band| band.from.is_zero());
        self.require(lowest, "bands", || "the last level must start at 0".to_owned());
    }
}
