//! Checks the evidence that a card can contain: marks, work, products, events and statements.

use std::collections::BTreeSet;

use super::{Check, none, say, twice};
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
                let max = &group.max;
                say(
                    format!("đang là {max}; cho phép: tổng các tiêu chí của nhóm, {sum}"),
                    format!("found {max}, allowed is the sum of its criteria, {sum}"),
                )
            });
            if let Some(min) = &group.min {
                self.require(
                    !min.is_negative() && (*min <= group.max || group.max.is_zero()),
                    format!("{field}.min"),
                    || {
                        let max = &group.max;
                        say(
                            format!("đang là {min}; cho phép: từ 0 đến điểm tối đa của nhóm, {max}"),
                            format!("found {min}, allowed is from 0 to the group's maximum, {max}"),
                        )
                    },
                );
            }
            self.require(self.reads(group), format!("{field}.id"), || unread(&group.id));
            for (place, criterion) in group.criteria.iter().enumerate() {
                let field = format!("{field}.criteria[{place}]");
                self.text(&criterion.title, &format!("{field}.title"));
                self.published(&criterion.max, format!("{field}.max"));
                self.word(&criterion.code, &format!("{field}.code"));
                self.require(seen.insert(&criterion.code), format!("{field}.code"), || twice(&criterion.code));
                if let Some(step) = &criterion.step {
                    self.positive(step, format!("{field}.step"));
                }
            }
        }
    }

    /// Whether any component reads the marks of a group.
    fn reads(&self, group: &Group) -> bool {
        self.pack.components.iter().any(|component| match &component.rule {
            Rule::Marks { groups } => groups.contains(&group.id),
            Rule::Share { criterion } => group.criteria.iter().any(|own| own.code == *criterion),
            _ => false,
        })
    }

    /// Checks that no reading concerns a part that the pack does not have.
    pub(super) fn readings(&mut self) {
        let pack = self.pack;
        let of_work = ["late_unit", "denominator", "cap", "coefficient", "position_multiplier"];
        for (index, option) in pack.options.iter().enumerate() {
            let field = format!("options[{index}]");
            self.require(pack.work.is_some() || !of_work.contains(&option.id.as_str()), format!("{field}.id"), || {
                without(&option.id, "[work]")
            });
            let lacks = [
                ("common", "bands", pack.bands.is_empty(), "[[bands]]"),
                ("rounding", "tenth_product", pack.products.is_none(), "[products]"),
            ];
            for (id, word, lacking, table) in lacks {
                let place = option.values.iter().position(|value| value.id == word);
                if let Some(place) = place.filter(|_| lacking && option.id == id) {
                    self.add(format!("{field}.values[{place}].id"), without(word, table));
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
                say(
                    format!("chưa có hệ số nào, nhưng gói có lựa chọn {option:?}"),
                    format!("found no factors, but the pack has the option {option:?}"),
                )
            });
        }
        for (index, band) in work.late_bands.iter().enumerate() {
            let field = format!("work.late_bands[{index}]");
            self.share(&band.kept, format!("{field}.kept"));
            let is_last = index + 1 == work.late_bands.len();
            self.require(band.to_days.is_none() == is_last, format!("{field}.to_days"), || {
                say(
                    "mọi mức phải có số ngày cuối, trừ mức cuối cùng thì không",
                    "allowed is an end for every band but the last, and none for the last",
                )
            });
            let Some(next) = work.late_bands.get(index + 1) else { continue };
            let ascending = band.to_days.zip(next.to_days).is_none_or(|(here, there)| here < there);
            self.require(ascending && next.kept <= band.kept, format!("{field}.to_days"), || {
                say(
                    "các mức phải xếp theo số ngày, mức sau không được giữ lại nhiều hơn",
                    "bands must follow by days, and a later band may not keep more",
                )
            });
        }
        let bands_allowed =
            pack.option("late_unit").is_some_and(|option| option.values.iter().any(|value| value.id == "bands"));
        self.require(!bands_allowed || !work.late_bands.is_empty(), "work.late_bands", || {
            say("chưa có mức nào, nhưng late_unit cho phép bands", "found none, but late_unit allows bands")
        });
    }

    /// What is found after the decision costs points, and others than the person only in the period in which it is found:
    /// their own earlier results are not on the card.
    fn found_later(&mut self, event: &EventRule, field: &str) {
        let Some(later) = &event.found_later else { return };
        let template = self.pack.status == PackStatus::Template;
        // It is added to what was stated of the same event, so each time costs the same.
        let deducts = event.stated.is_none() && event.points.is_negative();
        self.require(template || deducts, format!("{field}.found_later"), || {
            say(
                "cho phép: chỉ điểm trừ cố định (points dưới 0, không có stated)",
                "allowed are fixed deductions only (points below 0, no stated)",
            )
        });
        self.require(!later.whom.is_empty(), format!("{field}.found_later.whom"), || {
            say("chưa có; cho phép: subject, head", "found none, allowed subject, head")
        });
        let alone = later.whom == [Bearer::Subject];
        self.require(later.costs == Costs::PeriodFound || alone, format!("{field}.found_later.whom"), || {
            say(
                "kỳ đã xảy ra chỉ tính cho chính người đó; cho phép: subject",
                "the period in which it happened costs only the person, allowed is subject",
            )
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
            let template = pack.status == PackStatus::Template;
            self.require(
                template || event.stated.is_some() || !event.points.is_zero(),
                format!("{field}.points"),
                || {
                    say(
                        "đang là 0; cho phép: điểm cộng trên 0 hoặc điểm trừ dưới 0",
                        "found 0, allowed is a bonus above or a deduction below",
                    )
                },
            );
            self.found_later(event, &field);
            if let Some(stated) = &event.stated {
                let alone = event.points.is_zero() && stated.min < stated.max;
                self.require(alone, format!("{field}.stated"), || {
                    say(
                        "cho phép: mức thấp nhất nhỏ hơn mức cao nhất, và không có points riêng",
                        "allowed is a lowest below a highest, and no points of the event's own",
                    )
                });
            }
            self.require(event.times_max != Some(0), format!("{field}.times_max"), || {
                say("đang là 0; cho phép: từ 1", "found 0, allowed is from 1")
            });
            let read = |rule: &Rule| matches!(rule, Rule::Events { of, .. } if of.contains(&event.code));
            self.require(
                pack.components.iter().any(|component| read(&component.rule)),
                format!("{field}.code"),
                || unread(&event.code),
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
            self.require(!statement.values.is_empty(), format!("{field}.values"), none);
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
            say(
                "cho phép: tổng trọng số, hoặc định mức cho điểm, không được cả hai",
                "allowed is a sum of weights, or standards that give points, and not both",
            )
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
                self.require(!of.is_empty(), format!("{field}.source"), || {
                    say("trung bình của không mục nào", "found a mean of nothing")
                });
                of.iter().for_each(|id| self.known(id, &others, format!("{field}.source.mean")));
            }
            let by_days = dimension.source == DimensionSource::Late;
            let bands = pack.work.as_ref().is_some_and(|work| !work.late_bands.is_empty());
            self.require(!by_days || bands, format!("{field}.source"), || {
                say("đang là late, nhưng [work] không có late_bands", "found late, but [work] has no late_bands")
            });
        }
        self.frames(products);
    }

    fn frames(&mut self, products: &ProductRule) {
        let hundred = Exact::from_int(100);
        self.distinct(products.frames.iter().map(|frame| frame.id.as_str()), "products.frames", "id");
        self.require(!products.frames.is_empty(), "products.frames", none);
        for (index, frame) in products.frames.iter().enumerate() {
            let field = format!("products.frames[{index}]");
            self.text(&frame.title, &format!("{field}.title"));
            self.clause(&frame.clause, &field);
            let (found, wanted) = (frame.weights.len(), products.dimensions.len());
            self.require(found == wanted, format!("{field}.weights"), || {
                say(
                    format!("đang có {found} trọng số; cho phép: mỗi chiều một trọng số, {wanted} chiều"),
                    format!("found {found} weights, allowed is one for each of the {wanted} dimensions"),
                )
            });
            let sum: Exact = frame.weights.iter().sum();
            self.require(sum == hundred, format!("{field}.weights"), || {
                say(format!("tổng đang là {sum}; cho phép: 100"), format!("found a sum of {sum}, allowed is 100"))
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
                let (from, to) = (&band.from, &band.to);
                say(format!("đang là {from}; cho phép: nhỏ hơn {to}"), format!("found {from}, allowed is below {to}"))
            });
            let above = index.checked_sub(1).and_then(|place| pack.bands.get(place));
            let wanted = above.map_or_else(Exact::one, |above| above.from.clone());
            self.require(band.to == wanted, format!("{field}.to"), || {
                let (vi, en) = if band.to > wanted {
                    ("chồng lên mức trên", "overlaps with the level above")
                } else {
                    ("để trống một khoảng dưới mức trên", "leaves a gap below the level above")
                };
                let to = &band.to;
                say(
                    format!("đang là {to}, {vi}; cho phép: {wanted}"),
                    format!("found {to}, which {en}; allowed is {wanted}"),
                )
            });
        }
        let lowest = pack.bands.last().is_none_or(|band| band.from.is_zero());
        let last = pack.bands.len().saturating_sub(1);
        self.require(lowest, format!("bands[{last}].from"), || {
            say("mức cuối phải bắt đầu từ 0", "the last level must start at 0")
        });
    }
}

fn unread(found: &str) -> Text {
    say(format!("đang là {found:?}, không thành phần nào đọc"), format!("found {found:?}, which no component reads"))
}

fn without(found: &str, table: &str) -> Text {
    say(
        format!("đang là {found:?}, nhưng gói không có {table}"),
        format!("found {found:?}, but the pack has no {table}"),
    )
}
