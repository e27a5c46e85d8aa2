//! What an organisation lacks for a pack to work in it: people without a role, steps that nobody can do. For the command
//! line, before a pack is adopted.

use super::{Case, is_in_force, role_of};
use crate::ids::{PersonId, Subject, UnitId};
use crate::org::{Org, Seat};
use crate::pack::{Pack, Step, SubjectKind, Verb, concerns};
use crate::sorted_map::Map;
use crate::time::Day;

/// Something that an organisation lacks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gap<'p> {
    /// No role of the pack matches the person.
    NoRole(PersonId),
    /// Nobody can do a step for the person or the unit.
    NobodyActs {
        /// Who or what is scored.
        subject: Subject,
        /// The step.
        step: &'p Step,
    },
    /// Two people mark each other, or decide on each other.
    EachOther {
        /// The one.
        one: PersonId,
        /// The other.
        other: PersonId,
        /// The step of the one, which the other may do.
        step: &'p Step,
    },
}

/// Everything that the people with a post in `unit` or below it on `day` lack, in the order of units and ranks, and then the
/// units themselves. Without a unit, everybody with a post and every unit.
#[must_use]
pub fn gaps<'p>(pack: &'p Pack, org: &Org, unit: Option<UnitId>, day: Day) -> Vec<Gap<'p>> {
    let mut found = Vec::new();
    // A pack that scores only units has no role for people.
    let scores_people = pack.roles.iter().any(|role| role.subject == SubjectKind::Person);
    let mut pairs: Vec<(Verb, PersonId, PersonId)> = Vec::new();
    for (subject, person, seat) in subjects(org, unit, day) {
        let Some(role) = role_of(pack, org, subject, seat, day) else {
            if scores_people && subject == Subject::Person(person) {
                found.push(Gap::NoRole(person));
            }
            continue;
        };
        let case = Case { org, person, seat, day, bound: &[], assigner: None, outside: &[] };
        for step in
            pack.steps.iter().filter(|step| concerns(&step.roles, &role.id) && is_in_force(pack, step, &Map::new()))
        {
            let actors = case.who_may_do(step);
            // A line that nobody evaluates is left to whoever marks the card.
            if step.is_marked_by_line() {
                continue;
            }
            if actors.is_empty() {
                found.push(Gap::NobodyActs { subject, step });
            }
            for other in actors.into_iter().filter(|_| step.judges()) {
                if pairs.contains(&(step.verb, other, person)) {
                    found.push(Gap::EachOther { one: person, other, step });
                }
                pairs.push((step.verb, person, other));
            }
        }
    }
    found
}

/// Everybody with a post, with the seat of the main one.
fn people(org: &Org, unit: Option<UnitId>, day: Day) -> Vec<(PersonId, Seat<'_>)> {
    let seats = org.people().filter_map(|person| Some((person.id, org.main_post(person.id, day)?.seat())));
    let mut people: Vec<_> = seats.filter(|(_, seat)| unit.is_none_or(|unit| org.is_within(seat.unit, unit))).collect();
    people.sort_by_key(|(person, seat)| (org.depth(seat.unit), seat.unit, seat.rank, *person));
    people
}

/// Everybody with a post, then the units, each with whoever speaks for it.
fn subjects(org: &Org, unit: Option<UnitId>, day: Day) -> Vec<(Subject, PersonId, Seat<'_>)> {
    let people = people(org, unit, day).into_iter().map(|(person, seat)| (Subject::Person(person), person, seat));
    let mut units: Vec<_> = org.units().filter(|one| unit.is_none_or(|unit| org.is_within(one.id, unit))).collect();
    units.sort_by_key(|one| (org.depth(one.id), one.id));
    let units = units.into_iter().map(|one| {
        let head = org.head_of(one.id, day).unwrap_or(PersonId::SYSTEM);
        (Subject::Unit(one.id), head, Seat::of_unit(one.id))
    });
    people.chain(units).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{founding, person, unit};
    use crate::op::Payload;
    use crate::pack;

    fn org() -> Org {
        let mut org = Org::default();
        for payload in founding() {
            match payload {
                Payload::PutUnit(unit) => org.put_unit(unit),
                Payload::PutPerson(person) => org.put_person(person),
                Payload::PutPost(post) => org.put_post(post),
                _ => {}
            }
        }
        org
    }

    fn day() -> Day {
        Day::parse("2026-10-31").unwrap()
    }

    fn changed(from: &str, to: &str) -> Pack {
        let text = include_str!("../../packs/nd335-congchuc.toml");
        assert!(text.contains(from), "{from}");
        pack::read_toml(&text.replacen(from, to, 1)).unwrap()
    }

    fn words(gaps: &[Gap<'_>]) -> Vec<String> {
        let number = |person_id: PersonId| (1..=7_u8).find(|n| person(*n) == person_id).unwrap_or_default();
        let word = |gap: &Gap<'_>| match gap {
            Gap::NoRole(person) => format!("no role: {}", number(*person)),
            Gap::NobodyActs { subject, step } => format!(
                "{}: {}",
                step.id,
                match subject {
                    Subject::Person(person) => number(*person).to_string(),
                    Subject::Unit(of) => format!("unit {}", (1..=7_u8).find(|n| unit(*n) == *of).unwrap_or_default()),
                }
            ),
            Gap::EachOther { one, other, step } => format!("{}: {} and {}", step.id, number(*one), number(*other)),
        };
        gaps.iter().map(word).collect()
    }

    #[test]
    fn what_a_commune_lacks_is_named() {
        let org = org();
        let decree = pack::find("nd335-congchuc").unwrap();
        let nothing: [String; 0] = [];
        assert_eq!(words(&gaps(decree, &org, Some(unit(2)), day())), nothing);
        // Nobody is above the head of the province, and the province has nobody who keeps records.
        let all = words(&gaps(decree, &org, None, day()));
        assert_eq!(all, ["appraise: 1", "approve: 1", "publish: 1"]);
        let without_deputies =
            changed("who = [{ rank = \"deputy\" }]", "who = [{ rank = \"deputy\", unit_kind = \"division\" }]");
        assert_eq!(words(&gaps(&without_deputies, &org, Some(unit(2)), day())), ["no role: 3"]);
        let appointed = changed("by = [{ head = \"own_unit\" }]\nbuilds_on", "by = [\"appointed\"]\nbuilds_on");
        assert_eq!(
            words(&gaps(&appointed, &org, Some(unit(3)), day())),
            [4, 5, 6, 7].map(|n| format!("appraise: {n}"))
        );
        assert_eq!(words(&gaps(decree, &Org::default(), None, day())), nothing, "nobody is there");
    }

    #[test]
    fn two_who_judge_each_other_are_named() {
        let mut org = org();
        let mut second = crate::fixture::post(3);
        second.id = crate::ids::PostId::from_bytes([13; 16]);
        second.person = person(6);
        org.put_post(second);
        let pack = changed(
            "by = [{ head = \"own_unit\" }]\nbuilds_on",
            "by = [{ deputy = \"agency\" }, { head = \"own_unit\" }]\nbuilds_on",
        );
        let found = words(&gaps(&pack, &org, Some(unit(2)), day()));
        assert!(found.iter().any(|gap| gap == "appraise: 6 and 3" || gap == "appraise: 3 and 6"), "{found:?}");
    }

    /// The decree's month, appraised by a team.
    fn by_team() -> Pack {
        let text = include_str!("../../packs/nd335-congchuc.toml");
        let body = "[[bodies]]\nid = \"team\"\ntitle.vi = \"Tổ\"\ntitle.en = \"Team\"\nclause = \"Đ.10(1)\"\n\n";
        let team = "by = [{ member = \"team\" }]\nper = \"actor\"\ntally = \"mean\"\nbuilds_on";
        let text = text.replace("by = [{ head = \"own_unit\" }]\nbuilds_on", team);
        pack::read_toml(&text.replacen("[[steps]]", &(body.to_owned() + "[[steps]]"), 1)).unwrap()
    }

    fn seat(org: &mut Org, member: u8) {
        org.put_mandate(crate::org::Mandate {
            id: crate::ids::MandateId::from_bytes([member; 16]),
            person: person(member),
            unit: unit(2),
            task: crate::org::Task::Member,
            word: "team".to_owned(),
            subject: None,
            from: Day::parse("2026-01-01").unwrap(),
            to: None,
            decision: "QĐ 5".to_owned(),
        });
    }

    /// A team of nobody marks nobody, and a team of one does not mark that one.
    #[test]
    fn a_panel_that_nobody_sits_in_is_named() {
        let pack = by_team();
        let mut org = org();
        let appraised = |org: &Org| {
            let found = words(&gaps(&pack, org, Some(unit(3)), day()));
            found.into_iter().filter(|gap| gap.starts_with("appraise")).collect::<Vec<_>>()
        };
        assert_eq!(appraised(&org), [4, 5, 6, 7].map(|n| format!("appraise: {n}")));
        seat(&mut org, 5);
        assert_eq!(appraised(&org), ["appraise: 5"], "the only member is the subject");
        seat(&mut org, 6);
        assert_eq!(appraised(&org), ["appraise: 6 and 5"], "now somebody marks everyone, these two each other");
    }
}
