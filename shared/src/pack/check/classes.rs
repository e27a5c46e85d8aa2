//! Checks the way from points to a class: facts, thresholds, conditions, eligibility, quotas, longer periods.

use super::{Check, say};
use crate::num::Exact;
use crate::pack::TOTAL;
use crate::pack::model::*;
use crate::work::AbsenceCause;

impl Check<'_> {
    pub(super) fn facts(&mut self) {
        let pack = self.pack;
        self.distinct(pack.facts.iter().map(|fact| fact.id.as_str()), "facts", "id");
        for (index, fact) in pack.facts.iter().enumerate() {
            let field = format!("facts[{index}]");
            self.text(&fact.title, &format!("{field}.title"));
            self.clause(&fact.clause, &field);
            self.roles(&fact.roles, &field);
            let fits = match fact.assume {
                Some(Assumption::Absent) => fact.kind != FactKind::Days,
                Some(Assumption::Full) => matches!(fact.kind, FactKind::Days | FactKind::Count),
                None => true,
            };
            self.require(fits, format!("{field}.assume"), || {
                say(
                    "cho phép: absent đối với điều chỉ điều loại đọc, full đối với số ngày và con số",
                    "allowed is absent for what only a knock-out reads, full for days and numbers",
                )
            });
        }
    }

    pub(super) fn classes(&mut self) {
        let pack = self.pack;
        self.distinct(pack.classes.iter().map(|class| class.code.as_str()), "classes", "code");
        for (index, class) in pack.classes.iter().enumerate() {
            let is_last = index.saturating_add(1) == pack.classes.len();
            self.require(is_last || !class.otherwise, format!("classes[{index}].otherwise"), || {
                say("chỉ mức cuối được là true", "allowed is true of the last class only")
            });
        }
        let lowest = pack.classes.last().map(|class| (class.min.is_zero(), class.gates.is_empty()));
        let last = pack.classes.len().saturating_sub(1);
        self.require(lowest == Some((true, true)), format!("classes[{last}].min"), || {
            say(
                "mức cuối phải bắt đầu từ 0 và không có điều kiện, để ai cũng có mức",
                "the last class must start at 0 and have no gates, so that everyone has a class",
            )
        });
        let highest = self.highest(TOTAL).filter(|_| pack.status.scores());
        for (index, class) in pack.classes.iter().enumerate() {
            let field = format!("classes[{index}]");
            self.text(&class.title, &format!("{field}.title"));
            self.clause(&class.clause, &field);
            self.require(pack.scale_max.is_zero() || class.min <= pack.scale_max, format!("{field}.min"), || {
                beyond(&class.min, &pack.scale_max)
            });
            let unreached = highest.as_ref().is_some_and(|highest| class.min > *highest);
            self.require(!unreached, format!("{field}.min"), || {
                let (min, end) = (&class.min, highest.clone().unwrap_or_default());
                say(
                    format!("đang là {min}, không ai đạt được: các thành phần cộng lại nhiều nhất là {end}"),
                    format!("found {min}, which nobody can reach: the components end at {end}"),
                )
            });
            self.other_mins(index, class);
            if let Some(next) = pack.classes.get(index + 1) {
                let lacking = class.min.is_zero() && (pack.status == PackStatus::Template || !pack.scores_points());
                self.require(lacking || class.min > next.min, format!("{field}.min"), || {
                    let (min, below) = (&class.min, &next.min);
                    say(
                        format!("đang là {min}; cho phép: lớn hơn {below} của mức kế dưới"),
                        format!("found {min}, allowed is above the next class's {below}"),
                    )
                });
            }
            self.distinct(class.gates.iter().map(|gate| gate.code.as_str()), &format!("{field}.gates"), "code");
            for (place, gate) in class.gates.iter().enumerate() {
                self.gate(gate, class, &format!("{field}.gates[{place}]"));
            }
        }
    }

    /// Checks thresholds under other readings. They must be within the scale and between those of the classes above and
    /// below.
    fn other_mins(&mut self, index: usize, class: &Class) {
        let pack = self.pack;
        for (place, other) in class.min_when.iter().enumerate() {
            let field = format!("classes[{index}].min_when[{place}]");
            self.clause(&other.clause, &field);
            self.require(!other.when.is_empty(), format!("{field}.when"), || {
                say(
                    "chưa có; cần giá trị lựa chọn mà theo đó nó được tính",
                    "found none, allowed are the option values under which it counts",
                )
            });
            self.require(pack.scale_max.is_zero() || other.min <= pack.scale_max, format!("{field}.min"), || {
                beyond(&other.min, &pack.scale_max)
            });
            let min_of = |class: &Class| {
                let same = class.min_when.iter().find(|one| one.when == other.when);
                same.map_or_else(|| class.min.clone(), |one| one.min.clone())
            };
            let above = index.checked_sub(1).and_then(|place| pack.classes.get(place)).map(min_of);
            self.require(above.as_ref().is_none_or(|above| other.min < *above), format!("{field}.min"), || {
                let (min, above) = (&other.min, above.clone().unwrap_or_default());
                say(
                    format!("đang là {min}; theo cùng cách đọc, cho phép: nhỏ hơn {above} của mức trên"),
                    format!("found {min}, allowed under the same reading is below {above} of the class above"),
                )
            });
            let below = pack.classes.get(index.saturating_add(1)).map(min_of);
            self.require(below.as_ref().is_none_or(|below| other.min > *below), format!("{field}.min"), || {
                let (min, below) = (&other.min, below.clone().unwrap_or_default());
                say(
                    format!("đang là {min}; theo cùng cách đọc, cho phép: lớn hơn {below} của mức dưới"),
                    format!("found {min}, allowed under the same reading is above {below} of the class below"),
                )
            });
        }
    }

    fn gate(&mut self, gate: &Gate, class: &Class, field: &str) {
        let pack = self.pack;
        self.text(&gate.title, &format!("{field}.title"));
        self.clause(&gate.clause, field);
        self.roles(&gate.roles, field);
        for (place, flag) in gate.unless.iter().enumerate() {
            self.fact(flag, &[FactKind::Flag], &format!("{field}.unless[{place}]"));
        }
        let bounds = [&gate.at_least, &gate.at_most, &gate.above];
        let bounded = bounds.iter().any(|bound| bound.is_some());
        self.require(bounded || gate.is.is_some(), field, || {
            say(
                "chưa có giới hạn; cho phép: at_least, at_most, above, hoặc is đối với điều có hay không",
                "found no bound, allowed is at_least, at_most, above, or is for a flag",
            )
        });
        let highest = match (&gate.fact, &gate.component) {
            (Some(fact), None) if bounded => self.quantity(fact, &format!("{field}.fact")),
            (Some(fact), None) => {
                self.fact(fact, &[FactKind::Flag], &format!("{field}.fact"));
                None
            }
            (None, Some(component)) => {
                let known: Vec<&str> = pack.components.iter().map(|one| one.id.as_str()).collect();
                self.known(component, &known, format!("{field}.component"));
                self.highest(component).filter(|_| pack.status.scores())
            }
            _ => {
                self.add(
                    field,
                    say(
                        "cho phép: một sự việc hoặc một thành phần, không được cả hai",
                        "allowed is a fact or a component, and not both",
                    ),
                );
                None
            }
        };
        let never = |highest: &Exact| {
            gate.at_least.as_ref().is_some_and(|lowest| lowest > highest)
                || gate.above.as_ref().is_some_and(|lowest| lowest >= highest)
        };
        let reachable = !highest.as_ref().is_some_and(never)
            && gate.at_most.as_ref().is_none_or(|highest| !highest.is_negative())
            && gate.at_least.as_ref().zip(gate.at_most.as_ref()).is_none_or(|(lowest, highest)| lowest <= highest)
            && gate.above.as_ref().zip(gate.at_most.as_ref()).is_none_or(|(lowest, highest)| lowest < highest);
        self.require(reachable, field, || {
            let (code, end) = (&class.code, |words: &str| within(words, highest.as_ref()));
            say(
                format!("điều kiện này của mức {code} không bao giờ đạt{}", end("nó chỉ từ 0 đến")),
                format!("found a gate of {code} that can never hold{}", end("it is from 0 to")),
            )
        });
    }

    /// Checks a fact that is a number and returns its highest value.
    fn quantity(&mut self, id: &str, field: &str) -> Option<Exact> {
        self.fact(id, &[FactKind::Share, FactKind::Days, FactKind::Count], field);
        let kind = self.pack.facts.iter().find(|fact| fact.id == id).map(|fact| fact.kind);
        kind.and_then(FactKind::highest)
    }

    fn fact(&mut self, id: &str, kinds: &[FactKind], field: &str) {
        let pack = self.pack;
        let fits = pack.facts.iter().filter(|fact| kinds.contains(&fact.kind));
        let allowed: Vec<&str> = fits.map(|fact| fact.id.as_str()).collect();
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
        self.require(allowed.contains(&id), field, || {
            let known = |none: &str| if allowed.is_empty() { none.to_owned() } else { allowed.join(", ") };
            say(
                format!(
                    "đang là {id:?}; cho phép: một sự việc loại {}: {}",
                    kinds.join(" hoặc "),
                    known("gói không có sự việc nào như vậy")
                ),
                format!(
                    "found {id:?}, allowed is a fact of kind {}: {}",
                    kinds.join(" or "),
                    known("the pack has none")
                ),
            )
        });
    }

    fn class_code(&mut self, code: &str, field: impl Into<String>) {
        let pack = self.pack;
        let classes: Vec<&str> = pack.classes.iter().map(|class| class.code.as_str()).collect();
        self.known(code, &classes, field);
    }

    pub(super) fn knock_outs(&mut self) {
        let pack = self.pack;
        for (index, rule) in pack.knock_outs.iter().enumerate() {
            let field = format!("knock_outs[{index}]");
            if rule.below.is_some() || rule.above.is_some() {
                let highest = self.quantity(&rule.fact, &format!("{field}.fact"));
                let below = rule.below.as_ref().is_some_and(|bound| *bound > Exact::zero());
                let above =
                    rule.above.as_ref().is_some_and(|bound| highest.as_ref().is_none_or(|highest| bound < highest));
                self.require(below || above, &field, || {
                    let end = |words: &str| within(words, highest.as_ref());
                    say(
                        format!("điều loại này không bao giờ xảy ra{}", end("sự việc chỉ từ 0 đến")),
                        format!("found a knock-out that can never happen{}", end("the fact is from 0 to")),
                    )
                });
            } else {
                self.fact(&rule.fact, &[FactKind::Flag], &format!("{field}.fact"));
                // Reports the field of the fact, because the fact lacks the word, not the rule.
                let place = pack.facts.iter().position(|fact| fact.id == rule.fact && fact.assume.is_none());
                self.require(place.is_none(), format!("facts[{}].assume", place.unwrap_or_default()), || {
                    let fact = &rule.fact;
                    say(
                        format!("{fact} cần assume = \"absent\": điều loại không ai nêu thì coi như không có"),
                        format!("{fact} needs assume = \"absent\": a knock-out that nobody states counts as absent"),
                    )
                });
            }
            for (place, flag) in rule.unless.iter().enumerate() {
                self.fact(flag, &[FactKind::Flag], &format!("{field}.unless[{place}]"));
            }
            self.class_code(&rule.class, format!("{field}.class"));
            self.roles(&rule.roles, &field);
            self.clause(&rule.clause, &field);
        }
        for (index, cap) in pack.class_caps.iter().enumerate() {
            let field = format!("class_caps[{index}]");
            self.text(&cap.title, &format!("{field}.title"));
            let kind = if cap.class_max.is_some() { FactKind::Flag } else { FactKind::Class };
            self.fact(&cap.fact, &[kind], &format!("{field}.fact"));
            cap.class_max.iter().for_each(|class| self.class_code(class, format!("{field}.class_max")));
            self.roles(&cap.roles, &field);
            self.clause(&cap.clause, &field);
        }
        self.eligibility();
        self.quota();
    }

    fn eligibility(&mut self) {
        let pack = self.pack;
        for (index, rule) in pack.eligibility.iter().enumerate() {
            let field = format!("eligibility[{index}]");
            self.text(&rule.title, &format!("{field}.title"));
            self.roles(&rule.roles, &field);
            self.clause(&rule.clause, &field);
            let bounds = [&rule.at_least, &rule.below].into_iter().flatten();
            if let Some(of) = &rule.of {
                self.quantity(of, &format!("{field}.of"));
                bounds.clone().for_each(|share| self.share(share, format!("{field}.at_least")));
            }
            if bounds.count() == 0 {
                self.fact(&rule.fact, &[FactKind::Flag], &format!("{field}.fact"));
                self.require(rule.is.is_some(), &field, || {
                    say(
                        "chưa có giới hạn; cho phép: at_least, below, hoặc is",
                        "found no bound, allowed is at_least, below, or is",
                    )
                });
            } else {
                self.quantity(&rule.fact, &format!("{field}.fact"));
            }
        }
    }

    pub(super) fn appraisal_gap(&mut self) {
        let Some(rule) = &self.pack.appraisal_gap else { return };
        let highest = &self.pack.scale_max;
        self.positive(&rule.points, "appraisal_gap.points");
        self.require(highest.is_zero() || rule.points <= *highest, "appraisal_gap.points", || {
            let points = &rule.points;
            say(
                format!("đang là {points}, hai tổng điểm không thể lệch như vậy: thang điểm chỉ đến {highest}"),
                format!("found {points}, which no two totals lie apart: the scale ends at {highest}"),
            )
        });
        self.clause(&rule.clause, "appraisal_gap");
    }

    fn quota(&mut self) {
        let pack = self.pack;
        let Some(quota) = &*pack.quota else {
            for (index, option) in pack.options.iter().enumerate() {
                self.require(option.scope != OptionScope::Quota, format!("options[{index}].scope"), || {
                    say(
                        "lựa chọn này nói về tỷ lệ xuất sắc, nhưng gói không có [quota]",
                        "found an option about the quota, but the pack has no [quota]",
                    )
                });
            }
            return;
        };
        self.class_code(&quota.class, "quota.class");
        self.class_code(&quota.of_class, "quota.of_class");
        self.share(&quota.share, "quota.share");
        self.share(&quota.outstanding_share, "quota.outstanding_share");
        self.clause(&quota.clause, "quota");
        self.distinct(quota.tie_breaks.iter().map(|one| one.id.as_str()), "quota.tie_breaks", "id");
        for (index, one) in quota.tie_breaks.iter().enumerate() {
            self.text(&one.title, &format!("quota.tie_breaks[{index}].title"));
            self.clause(&one.clause, &format!("quota.tie_breaks[{index}]"));
        }
    }

    pub(super) fn roll_ups(&mut self) {
        let pack = self.pack;
        for (index, rule) in pack.roll_ups.iter().enumerate() {
            let field = format!("roll_ups[{index}]");
            self.clause(&rule.clause, &field);
            self.require(rule.from < rule.to, format!("{field}.from"), || {
                say("cho phép: kỳ ngắn hơn kỳ được tính ra", "allowed is a shorter period than the one it makes")
            });
            let parts = rule.to.months().checked_div(rule.from.months()).unwrap_or_default();
            self.require(
                rule.worked_min.is_none_or(|least| (1..=parts).contains(&least)),
                format!("{field}.worked_min"),
                || of_periods(parts),
            );
            for cause in &rule.served {
                let known = || AbsenceCause::ALL.map(AbsenceCause::word).join(", ");
                self.require(
                    AbsenceCause::ALL.iter().any(|one| one.word() == cause),
                    format!("{field}.served"),
                    || {
                        let known = known();
                        say(
                            format!("đang là {cause:?}; cho phép: {known}"),
                            format!("found {cause:?}, allowed {known}"),
                        )
                    },
                );
            }
            let ways = pack.roll_ups.iter().filter(|other| other.to == rule.to && other.when == rule.when).count();
            self.require(ways == 1, format!("{field}.to"), || {
                say(
                    "có hai lần theo cùng cách đọc; cho phép: một lần",
                    "found twice under the same readings, allowed is once",
                )
            });
            self.require(rule.parts.is_none_or(|count| (1..=parts).contains(&count)), format!("{field}.parts"), || {
                of_periods(parts)
            });
            for (place, carried) in rule.carries.iter().enumerate() {
                self.fact(carried, &[FactKind::Flag], &format!("{field}.carries[{place}]"));
            }
            for (place, limit) in rule.limits.iter().enumerate() {
                let field = format!("{field}.limits[{place}]");
                self.text(&limit.title, &format!("{field}.title"));
                self.clause(&limit.clause, &field);
                self.roles(&limit.roles, &field);
                self.class_code(&limit.after, format!("{field}.after"));
                let ends = rule.parts.unwrap_or(parts);
                self.require(
                    limit.in_a_row.is_none_or(|count| (2..=ends).contains(&count)),
                    format!("{field}.in_a_row"),
                    || {
                        say(
                            format!("cho phép: từ 2 đến {ends}, số kỳ có kết quả"),
                            format!("allowed is from 2 to {ends}, the number of periods with a result"),
                        )
                    },
                );
                limit.class_max.iter().for_each(|class| self.class_code(class, format!("{field}.class_max")));
            }
        }
    }
}

fn beyond(min: &Exact, end: &Exact) -> Text {
    say(
        format!("đang là {min}, không tổng điểm nào đạt: thang điểm chỉ đến {end}"),
        format!("found {min}, which no total reaches: the scale ends at {end}"),
    )
}

fn of_periods(parts: u32) -> Text {
    say(format!("cho phép: từ 1 đến {parts}, số kỳ"), format!("allowed is from 1 to {parts}, the number of periods"))
}

/// The words with the upper bound: `: it is from 0 to 1`. Empty if the bound is not known.
fn within(words: &str, highest: Option<&Exact>) -> String {
    highest.map(|highest| format!(": {words} {highest}")).unwrap_or_default()
}
