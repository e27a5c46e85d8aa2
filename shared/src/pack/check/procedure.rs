//! Checks the procedure: everybody reaches an end through steps that somebody can do, in an order of days that works.

use std::collections::BTreeSet;

use super::{Check, none, say};
use crate::ids::StepPlace;
use crate::num::Exact;
use crate::op::Stage;
use crate::pack::concerns;
use crate::pack::model::*;
use crate::procedure::register;
use crate::sorted_map::Map;
use crate::time::{Day, Period};

/// Days that a window counts at most.
const WINDOW_DAYS_MAX: u8 = 90;
/// How deeply rules for actors may be nested.
const ACTOR_DEPTH_MAX: usize = 4;
/// Combinations of readings that are looked at.
const READINGS_MAX: usize = 64;
/// A year whose periods stand for all others. It begins and ends in the middle of a week.
const SAMPLE_YEAR: u16 = 2026;

impl Check<'_> {
    /// Checks the conditions under which somebody has a role.
    pub(super) fn who(&mut self) {
        let pack = self.pack;
        self.named(&pack.positions, "positions");
        self.named(&pack.bodies, "bodies");
        let positions = ids(&pack.positions);
        for (index, role) in pack.roles.iter().enumerate() {
            let field = format!("roles[{index}].who");
            self.require(!role.who.is_empty(), &field, || {
                say(
                    "chưa có; cần ít nhất một điều kiện, như { rank = \"staff\" }",
                    "found none, allowed is at least one condition, such as { rank = \"staff\" }",
                )
            });
            for (place, who) in role.who.iter().enumerate() {
                let field = format!("{field}[{place}]");
                if let Some(position) = &who.position {
                    self.known(position, &positions, format!("{field}.position"));
                }
                let of_a_person = who.rank.is_some() || who.position.is_some();
                self.require(role.subject == SubjectKind::Person || !of_a_person, &field, || {
                    say(
                        "nhóm này là đơn vị; cho phép: chỉ unit_kind",
                        "this role is of units; allowed is unit_kind only",
                    )
                });
            }
        }
    }

    fn named(&mut self, list: &[Named], name: &str) {
        self.distinct(list.iter().map(|one| one.id.as_str()), name, "id");
        for (index, one) in list.iter().enumerate() {
            self.text(&one.title, &format!("{name}[{index}].title"));
            self.clause(&one.clause, &format!("{name}[{index}]"));
        }
    }

    pub(super) fn steps(&mut self) {
        let pack = self.pack;
        self.require(!pack.steps.is_empty(), "steps", none);
        self.distinct(pack.steps.iter().map(|step| step.id.as_str()), "steps", "id");
        for (index, step) in pack.steps.iter().enumerate() {
            let field = format!("steps[{index}]");
            self.step_id(&step.id, &format!("{field}.id"));
            self.text(&step.title, &format!("{field}.title"));
            self.clause(&step.clause, &field);
            self.roles(&step.roles, &field);
            self.before(index, step, &field);
            self.require(!step.by.is_empty(), format!("{field}.by"), || {
                say(
                    "chưa có ai được làm; cần ít nhất một, như \"subject\"",
                    "found nobody who may do it, allowed is at least one rule, such as \"subject\"",
                )
            });
            let decides_alone = step.verb == Verb::Decide && step.by.contains(&Actor::Subject);
            self.require(!decides_alone, format!("{field}.by"), || {
                say(
                    "không ai tự quyết định về mình; cho phép: người khác",
                    "nobody decides on themselves; allowed is somebody else",
                )
            });
            for (place, actor) in step.by.iter().enumerate() {
                self.actor(actor, &format!("{field}.by[{place}]"), 0);
            }
            self.slots(step, &field);
            self.window(step, &field);
        }
        let readings = readings(pack);
        for role in &pack.roles {
            for reading in &readings {
                let asked: Vec<_> =
                    steps_of(pack, role).into_iter().filter(|(_, step)| is_asked(step, reading)).collect();
                self.reaches_an_end(role, &asked);
                self.one_after_the_other(role, &asked);
            }
            self.days_in_order(role);
        }
    }

    /// Checks the word for a step. Cards and settings name steps by it.
    fn step_id(&mut self, id: &str, field: &str) {
        let is_word = id.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
        self.require(is_word, field, || {
            say(
                format!("đang là {id:?}; cho phép: chữ thường từ a đến z và dấu _"),
                format!("found {id:?}, allowed are small letters from a to z and _"),
            )
        });
    }

    /// Checks the steps that come before one.
    fn before(&mut self, index: usize, step: &Step, field: &str) {
        let pack = self.pack;
        let others: Vec<&str> =
            pack.steps.iter().map(|other| other.id.as_str()).filter(|other| *other != step.id).collect();
        for (place, before) in step.after.iter().enumerate() {
            self.known(before, &others, format!("{field}.after[{place}]"));
        }
        let all: Vec<&str> = pack.steps.iter().map(|other| other.id.as_str()).collect();
        for (place, before) in step.after_others.iter().enumerate() {
            self.known(&before.step, &all, format!("{field}.after_others[{place}].step"));
        }
        let earlier = ancestors(pack, index);
        self.require(!earlier.contains(&index), format!("{field}.after"), || {
            let id = &step.id;
            say(
                format!("{id:?} phải chờ chính nó; cho phép: các bước không quay vòng"),
                format!("{id:?} waits for itself; allowed are steps without a circle"),
            )
        });
        if !earlier.contains(&index) {
            self.stands_after(index, step, field);
        }
        let marks = |place: &&usize| pack.steps.get(**place).is_some_and(|other| other.verb == Verb::Mark);
        let marked: Vec<&str> = earlier
            .iter()
            .filter(marks)
            .filter_map(|place| pack.steps.get(*place))
            .map(|other| other.id.as_str())
            .collect();
        if let Some(base) = &step.builds_on {
            self.known(base, &marked, format!("{field}.builds_on"));
        }
        self.require(
            step.reason_when != Some(ReasonWhen::Differs) || step.builds_on.is_some(),
            format!("{field}.reason_when"),
            || {
                say(
                    "đang là \"differs\"; chỉ dùng khi có builds_on",
                    "found \"differs\", allowed only together with builds_on",
                )
            },
        );
    }

    /// People read the steps in the order of the file. Each stands after the steps that it waits for.
    fn stands_after(&mut self, index: usize, step: &Step, field: &str) {
        let pack = self.pack;
        for (place, before) in step.after.iter().enumerate() {
            let behind = pack.steps.iter().skip(index + 1).any(|other| other.id == *before);
            self.require(!behind, format!("{field}.after[{place}]"), || {
                let id = &step.id;
                say(
                    format!("bước {id:?} đứng trước bước {before:?} mà nó phải chờ; cho phép: đứng sau"),
                    format!("step {id:?} stands before {before:?}, for which it waits; allowed is after it"),
                )
            });
        }
    }

    fn actor(&mut self, actor: &Actor, field: &str, depth: usize) {
        let pack = self.pack;
        match actor {
            Actor::Position(PositionAt { id, .. }) => {
                self.known(id, &ids(&pack.positions), format!("{field}.position.id"))
            }
            Actor::Member(body) => self.known(body, &ids(&pack.bodies), format!("{field}.member")),
            Actor::AnyOf(rules) | Actor::FirstOf(rules) => {
                self.require(!rules.is_empty(), field, none);
                self.require(depth < ACTOR_DEPTH_MAX, field, || {
                    say(
                        format!("lồng sâu hơn {ACTOR_DEPTH_MAX} bậc; cho phép: không quá số đó"),
                        format!("nested more than {ACTOR_DEPTH_MAX} deep, allowed up to as deep"),
                    )
                });
                for (place, rule) in rules.iter().enumerate().filter(|_| depth < ACTOR_DEPTH_MAX) {
                    self.actor(rule, &format!("{field}[{place}]"), depth + 1);
                }
            }
            Actor::Subject
            | Actor::Head(_)
            | Actor::Deputy(_)
            | Actor::Appointed
            | Actor::Assigner
            | Actor::Managing
            | Actor::Personnel(_) => {}
        }
    }

    /// Checks what only a step with several places can have.
    fn slots(&mut self, step: &Step, field: &str) {
        let several = step.per == Slots::Actor;
        for (name, stated) in
            [("tally", step.tally.is_some()), ("quorum", step.quorum.is_some()), ("blind", step.blind)]
        {
            self.require(several || !stated, format!("{field}.{name}"), || {
                say("chỉ dùng khi per = \"actor\"", "allowed only with per = \"actor\"")
            });
        }
        self.require(!several || step.verb != Verb::Mark || step.tally.is_some(), format!("{field}.tally"), || {
            say("chưa có; cho phép: mean, agreed", "found none, allowed mean, agreed")
        });
        // Every row is marked so where the pack's own reading says it.
        let binary = self.pack.option("common").is_some_and(|option| option.default == "binary");
        let all_or_nothing = |row: &Criterion| match row.marking {
            Some(marking) => marking == MarkingRule::Binary,
            None => binary,
        };
        let marked = self.pack.groups.iter().filter(|group| meet(&group.roles, &step.roles));
        let binary = marked.flat_map(|group| &group.criteria).find(|row| all_or_nothing(row));
        self.require(step.tally != Some(Tally::Mean) || binary.is_none(), format!("{field}.tally"), || {
            let code = binary.map_or("", |row| row.code.as_str());
            say(
                format!("đang là mean, nhưng dòng {code:?} chỉ có 0 hoặc điểm tối đa; cho phép: agreed"),
                format!("found mean, but row {code:?} is marked all or nothing; allowed is agreed"),
            )
        });
        if let Some(quorum) = &step.quorum {
            self.require(
                !quorum.is_negative() && !quorum.is_zero() && *quorum <= Exact::one(),
                format!("{field}.quorum"),
                || {
                    say(
                        format!("đang là {quorum}; cho phép: một tỷ lệ lớn hơn 0, không quá 1"),
                        format!("found {quorum}, allowed is a share above 0 and up to 1"),
                    )
                },
            );
        }
    }

    fn window(&mut self, step: &Step, field: &str) {
        let mut days = Vec::new();
        if let Some(opening) = &step.opens {
            self.require(opening.from.or(opening.december).is_some(), format!("{field}.opens"), none);
            days.extend([("opens.from", opening.from, false), ("opens.december", opening.december, false)]);
        }
        if let Some(due) = &step.due {
            self.require(due.by.is_some() != due.before.is_some(), format!("{field}.due"), || {
                say("cho phép: đúng một trong hai, by hoặc before", "allowed is exactly one of by and before")
            });
            let counts = due.working_days || due.of == DueFrom::Step;
            days.extend([
                ("due.by", due.by, counts),
                ("due.before", due.before, counts),
                ("due.december", due.december, counts),
            ]);
        }
        for (name, day, counts) in days {
            let most = if counts { WINDOW_DAYS_MAX } else { 31 };
            self.require(day.is_none_or(|day| (1..=most).contains(&day)), format!("{field}.{name}"), || {
                say(format!("cho phép: từ 1 đến {most}"), format!("allowed is from 1 to {most}"))
            });
        }
    }

    /// Every step of a role leads to an end at which somebody learns the result, or follows such an end. Before that end
    /// somebody else judges.
    fn reaches_an_end(&mut self, role: &Role, of_role: &[(usize, &Step)]) {
        let pack = self.pack;
        let before: BTreeSet<usize> = of_role.iter().flat_map(|(place, _)| ancestors(pack, *place)).collect();
        for (place, step) in of_role.iter().filter(|(place, _)| !before.contains(place)) {
            let ends = matches!(step.verb, Verb::Notify | Verb::Collect | Verb::Confirm | Verb::Object | Verb::Answer);
            self.require(ends, format!("steps[{place}].verb"), || {
                say(
                    format!("nhóm {:?}: sau bước này không còn gì; bước cuối phải là notify hoặc collect", role.id),
                    format!("role {:?}: nothing follows this step; the last one must be notify or collect", role.id),
                )
            });
        }
        let tells =
            |step: &Step| step.verb == Verb::Notify || step.verb == Verb::Collect && step.on == StepSubject::UnitPeriod;
        let ends: Vec<usize> = of_role.iter().filter(|(_, step)| tells(step)).map(|(place, _)| *place).collect();
        self.require(!ends.is_empty() || pack.steps.is_empty(), "steps", || {
            say(
                format!("nhóm {:?} không tới bước cuối nào; cần một bước notify, hoặc collect của đơn vị", role.id),
                format!("role {:?} reaches no end, allowed is a step notify, or collect on a unit_period", role.id),
            )
        });
        let led_to: BTreeSet<usize> = ends.iter().flat_map(|end| ancestors(pack, *end)).collect();
        let judged = of_role.iter().any(|(place, step)| led_to.contains(place) && step.judges());
        self.require(judged || ends.is_empty(), "steps", || {
            say(
                format!("nhóm {:?}: trước bước cuối không ai khác chấm; cần một bước mark hoặc decide", role.id),
                format!("role {:?}: nobody else judges before the end, allowed is a step mark or decide", role.id),
            )
        });
    }

    /// The result follows from the latest marks, so others mark one after the other, then decide one after the other, and then
    /// make known. Nobody scores the own work once others have marked it.
    fn one_after_the_other(&mut self, role: &Role, of_role: &[(usize, &Step)]) {
        let pack = self.pack;
        let reaches = |(place, step): &(usize, &Step)| {
            let place = StepPlace(u8::try_from(*place).unwrap_or(u8::MAX));
            register(place, step).filter(|_| step.on == StepSubject::Card)?.reaches()
        };
        for (index, later) in of_role.iter().enumerate() {
            let Some(then) = reaches(later) else { continue };
            for earlier in of_role.iter().take(index) {
                let Some(first) = reaches(earlier) else { continue };
                let free = first < Stage::Appraised || first == Stage::Published;
                let in_order = first <= then && (free || ancestors(pack, later.0).contains(&earlier.0));
                let (one, other) = (&earlier.1.id, &later.1.id);
                self.require(in_order, format!("steps[{}].after", later.0), || {
                    say(
                        format!(
                            "nhóm {:?}: {other:?} không nối tiếp {one:?}; cho phép: tự chấm, rồi các bước chấm, rồi các bước quyết định, rồi thông báo, bước sau chờ bước trước",
                            role.id
                        ),
                        format!(
                            "role {:?}: {other:?} does not follow {one:?}; allowed is the self-score, then marks, then decisions, then notify, each waiting for the one before",
                            role.id
                        ),
                    )
                });
            }
        }
    }

    /// No step is due before one that it waits for, and none before it opens.
    fn days_in_order(&mut self, role: &Role) {
        let pack = self.pack;
        for (index, step) in steps_of(pack, role) {
            for period in samples(pack) {
                let Some(last) = step.due.and_then(|due| due.last_day(period)) else { continue };
                let opens = step.opens.and_then(|opens| opens.day(period));
                let earlier = ancestors(pack, index).into_iter().filter_map(|place| pack.steps.get(place));
                let concerned = earlier.filter(|other| concerns(&other.roles, &role.id));
                let later = concerned.filter_map(|other| Some((&other.id, other.due?.last_day(period)?)));
                let late: Option<(&String, Day)> = later.max_by_key(|(_, day)| *day).filter(|(_, day)| *day > last);
                if let Some((before, day)) = late {
                    self.add(
                        format!("steps[{index}].due"),
                        say(
                            format!(
                                "{period}: hạn {last} trước hạn {day} của bước {before:?}; cho phép: không sớm hơn"
                            ),
                            format!("{period}: due {last}, before {before:?} at {day}; allowed is not earlier"),
                        ),
                    );
                    break;
                }
                if let Some(opens) = opens.filter(|opens| *opens > last) {
                    self.add(
                        format!("steps[{index}].due"),
                        say(
                            format!("{period}: hạn {last} trước ngày bắt đầu {opens}; cho phép: không sớm hơn"),
                            format!("{period}: due {last}, before it opens at {opens}; allowed is not earlier"),
                        ),
                    );
                    break;
                }
            }
        }
    }
}

/// The steps that concern a role, with their places.
fn steps_of<'p>(pack: &'p Pack, role: &Role) -> Vec<(usize, &'p Step)> {
    pack.steps.iter().enumerate().filter(|(_, step)| concerns(&step.roles, &role.id)).collect()
}

/// Every combination of the readings on which steps depend; of very many, the first.
fn readings(pack: &Pack) -> Vec<Map<String, String>> {
    let mut readings = vec![Map::new()];
    for option in pack.options.iter().filter(|option| pack.steps.iter().any(|step| step.when.contains_key(&option.id)))
    {
        let with = |reading: &Map<String, String>, value: &OptionValue| {
            let mut reading = reading.clone();
            reading.insert(option.id.clone(), value.id.clone());
            reading
        };
        let each = readings.iter().flat_map(|reading| option.values.iter().map(|value| with(reading, value)));
        readings = each.take(READINGS_MAX).collect();
    }
    readings
}

fn is_asked(step: &Step, reading: &Map<String, String>) -> bool {
    step.when.iter().all(|(option, value)| reading.get(option) == Some(value))
}

fn ids(list: &[Named]) -> Vec<&str> {
    list.iter().map(|one| one.id.as_str()).collect()
}

/// Every step that a step waits for, directly or not. It contains the step itself only where they form a circle.
fn ancestors(pack: &Pack, index: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut open = vec![index];
    while let Some(step) = open.pop().and_then(|place| pack.steps.get(place)) {
        for before in &step.after {
            let place = pack.steps.iter().position(|other| other.id == *before);
            open.extend(place.filter(|place| found.insert(*place)));
        }
    }
    found
}

/// All periods of one year that the pack scores.
fn samples(pack: &Pack) -> Vec<Period> {
    pack.periods.iter().flat_map(|span| Period::Year(SAMPLE_YEAR).parts(*span)).collect()
}
/// Whether two lists of roles have one in common; an empty list names all.
fn meet(one: &[String], other: &[String]) -> bool {
    one.is_empty() || other.is_empty() || one.iter().any(|role| other.contains(role))
}
