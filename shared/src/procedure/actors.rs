//! Finds who may do a step, from dated posts and mandates. It is computed each time and never stored on a card.

use crate::bug::{self, Bug};
use crate::ids::{PersonId, UnitId};
use crate::org::{Mandate, Org, Rank, Seat, Task};
use crate::pack::{Actor, Place, PositionAt, RecordsOf, Step};
use crate::sorted_map::Set;
use crate::time::Day;

/// The subject of a card, as the rules for actors see it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// Units, people, posts, mandates.
    pub org: &'a Org,
    /// The person scored, or who speaks for the unit scored. [`PersonId::SYSTEM`] where nobody does, and for the period of a
    /// unit.
    pub person: PersonId,
    /// Where the person stands in the period; for a unit, the unit itself.
    pub seat: Seat<'a>,
    /// The day on which posts count.
    pub day: Day,
    /// Units outside the subject's own line, by position, as the adoption binds them.
    pub bound: &'a [(String, UnitId)],
    /// Who gave the line of work that is asked about; none where the question is about no line.
    pub assigner: Option<PersonId>,
    /// Steps that an authority outside the system does, as the adoption says: their rules find nobody here.
    pub outside: &'a [String],
}

impl Case<'_> {
    /// Whether `actor` may do a step.
    #[must_use]
    pub fn may_do(&self, step: &Step, actor: PersonId) -> bool {
        !(self.is_judged_in(step) && actor == self.person) && self.act_by(step, &step.by, actor)
    }

    /// Everybody who may do a step, each once.
    #[must_use]
    pub fn who_may_do(&self, step: &Step) -> Vec<PersonId> {
        self.actors_by(step, &step.by)
    }

    /// Whether the class that is made known in a step is for `reader` to read: for everybody with a post in the unit that the
    /// step names, or below it.
    #[must_use]
    pub fn is_told(&self, step: &Step, reader: PersonId) -> bool {
        let Some(unit) = step.public_in.and_then(|place| self.unit(place)) else { return false };
        self.org.posts_of(reader, self.day).iter().any(|post| self.org.is_within(post.unit, unit))
    }

    /// Whether `actor` may enter a step that an authority outside did, by its document: a keeper of the subject's records,
    /// never for themselves, where the rule of the step finds nobody here.
    #[must_use]
    pub fn may_enter(&self, step: &Step, actor: PersonId) -> bool {
        actor != self.person
            && step.may_be_outside()
            && self.org.keeps_records_of(actor, self.seat.unit, self.day)
            && self.who_may_do(step).is_empty()
    }

    /// Whether `actor`, who does a step, need not do the one before it apart, because they may do it as well. Nobody marks for
    /// a panel alone. Who enters a step for an authority outside covers what such an authority does before.
    pub(crate) fn covers(&self, step: &Step, before: &Step, actor: PersonId) -> bool {
        if self.may_enter(step, actor) {
            return self.may_enter(before, actor);
        }
        !before.is_marked_apart() && self.may_do(before, actor)
    }

    /// Everybody who may enter a step that an authority outside did. Nobody, where somebody here may do it.
    #[must_use]
    pub fn who_may_enter(&self, step: &Step) -> Vec<PersonId> {
        if !step.may_be_outside() || !self.who_may_do(step).is_empty() {
            return Vec::new();
        }
        let mut keepers = self.org.keepers_of_records(self.seat.unit, self.day);
        keepers.retain(|keeper| *keeper != self.person);
        keepers
    }

    /// Whether a step's rule names a head and the search went on above that seat.
    #[must_use]
    pub fn is_done_above(&self, step: &Step) -> bool {
        let [Actor::Head(place)] = step.by.as_slice() else { return false };
        let head = self.unit(*place).and_then(|unit| self.org.head_of(unit, self.day));
        self.who_may_do(step).first().is_some_and(|found| Some(*found) != head)
    }

    /// Whether `actor` may do a step by these rules. The first rule that finds somebody counts.
    fn act_by(&self, step: &Step, rules: &[Actor], actor: PersonId) -> bool {
        if self.outside.contains(&step.id) {
            return false;
        }
        let Some((last, before)) = in_turn(rules).split_last() else { return false };
        for rule in before {
            let found = self.found(step, rule);
            if !found.is_empty() {
                return found.contains(&actor);
            }
        }
        self.includes(step, last, actor)
    }

    /// Everybody who may do a step by these rules, each once.
    fn actors_by(&self, step: &Step, rules: &[Actor]) -> Vec<PersonId> {
        if self.outside.contains(&step.id) {
            return Vec::new();
        }
        in_turn(rules).iter().map(|rule| self.found(step, rule)).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Whether a rule finds `actor`. The keepers of records are not searched for: a list asks this of every card.
    fn includes(&self, step: &Step, rule: &Actor, actor: PersonId) -> bool {
        match rule {
            Actor::Personnel(of) => {
                self.records(*of).is_some_and(|unit| self.org.keeps_records_of(actor, unit, self.day))
            }
            Actor::AnyOf(rules) => rules.iter().any(|rule| self.includes(step, rule, actor)),
            Actor::FirstOf(rules) => self.act_by(step, rules, actor),
            _ => self.found(step, rule).contains(&actor),
        }
    }

    /// Everybody whom a rule finds, each once. In a step in which somebody judges, the subject is nobody.
    fn found(&self, step: &Step, rule: &Actor) -> Vec<PersonId> {
        let mut found = self.named_by(step, rule);
        found.retain(|actor| !self.is_judged_in(step) || *actor != self.person);
        found
    }

    /// Whether the subject is judged in a step, and so never does it.
    fn is_judged_in(&self, step: &Step) -> bool {
        step.leaves_out_subject() && !bug::is(Bug::SubjectMayJudge)
    }

    fn named_by(&self, step: &Step, rule: &Actor) -> Vec<PersonId> {
        match rule {
            // A unit acts through its head.
            Actor::Subject if self.person == PersonId::SYSTEM => {
                self.org.head_of(self.seat.unit, self.day).into_iter().collect()
            }
            Actor::Subject => vec![self.person],
            Actor::Head(place) => self.head(*place),
            // The own agency manages its people, and the level above manages the head of an agency. The search upwards from
            // the agency finds both. A person whom a higher level manages needs no mandate of another kind: the decision
            // says who decides there, and `Appointed` before `Managing` finds that person by name.
            Actor::Managing => self.head(Place::Agency),
            Actor::Deputy(place) => self.unit(*place).map_or_else(Vec::new, |unit| self.deputies(unit)),
            Actor::Personnel(of) => {
                let keepers = self.records(*of).map(|unit| self.org.keepers_of_records(unit, self.day));
                keepers.unwrap_or_default()
            }
            Actor::AnyOf(rules) => {
                let found: Set<PersonId> = rules.iter().flat_map(|rule| self.found(step, rule)).collect();
                found.into_iter().collect()
            }
            Actor::FirstOf(rules) => self.actors_by(step, rules),
            Actor::Position(position) => self.holders(position),
            Actor::Member(body) => self.members(body),
            Actor::Appointed => self.appointed(step),
            // Whoever has left the service evaluates nothing any more.
            Actor::Assigner => {
                let serves = |actor: &PersonId| self.org.main_post(*actor, self.day).is_some();
                self.assigner.into_iter().filter(|actor| *actor != self.person).filter(serves).collect()
            }
        }
    }

    /// The head there, or the first one above who is not the subject.
    fn head(&self, place: Place) -> Vec<PersonId> {
        let head = self.unit(place).and_then(|unit| self.org.head_above(unit, self.person, self.seat, self.day));
        head.into_iter().collect()
    }

    /// The deputies there, except the subject. Of its own head a unit's deputies do nothing: nobody is scored by whom they
    /// lead.
    fn deputies(&self, unit: UnitId) -> Vec<PersonId> {
        if self.seat.rank == Rank::Head && self.seat.unit == unit {
            return Vec::new();
        }
        let members = self.org.members(unit, self.day).into_iter().filter(|person| *person != self.person);
        let holds = |person: &PersonId| {
            let posts = self.org.posts_of(*person, self.day);
            posts.iter().any(|post| post.unit == unit && post.rank == Rank::Deputy)
        };
        members.filter(holds).collect()
    }

    /// Who holds a position there, except the subject.
    fn holders(&self, position: &PositionAt) -> Vec<PersonId> {
        let at = match position.at {
            Place::Bound => self.bound_unit(&position.id),
            place => self.unit(place),
        };
        let is_it = |one: &Mandate, at| one.unit == at && one.task == Task::Position && one.word == position.id;
        at.map_or_else(Vec::new, |at| self.with_mandate(|one| is_it(one, at)))
    }

    /// The members of a body that is formed in a unit of the subject's line or in a unit that the adoption binds, except
    /// the subject.
    fn members(&self, body: &str) -> Vec<PersonId> {
        self.in_body(body, Task::is_in_body)
    }

    /// Who leads the bodies that rules name, or keeps their papers, except the subject.
    pub(super) fn who_leads(&self, rules: &[Actor]) -> Vec<PersonId> {
        let leads = |rule: &Actor| match rule {
            Actor::Member(body) => self.in_body(body, |task| matches!(task, Task::Chair | Task::Secretary)),
            Actor::AnyOf(rules) | Actor::FirstOf(rules) => self.who_leads(rules),
            _ => Vec::new(),
        };
        rules.iter().flat_map(leads).collect()
    }

    fn in_body(&self, body: &str, is_it: fn(Task) -> bool) -> Vec<PersonId> {
        let line = self.org.ancestry(self.seat.unit);
        self.with_mandate(|mandate| {
            is_it(mandate.task)
                && mandate.word == body
                && (line.contains(&mandate.unit) || self.bound.iter().any(|(_, unit)| *unit == mandate.unit))
        })
    }

    /// Who was appointed by name for a step of the subject, else of the people of the subject's unit.
    fn appointed(&self, step: &Step) -> Vec<PersonId> {
        let of = |wanted: Option<PersonId>| {
            let is_it = |one: &Mandate| one.task == Task::Step && one.word == step.id && one.subject == wanted;
            let above = |unit| self.org.is_within(self.seat.unit, unit);
            self.with_mandate(|one| is_it(one) && (one.unit == self.seat.unit || wanted.is_some() && above(one.unit)))
        };
        let by_name = of(Some(self.person));
        if by_name.is_empty() { of(None) } else { by_name }
    }

    /// Everybody but the subject who holds such a mandate, each once.
    fn with_mandate(&self, is_it: impl Fn(&Mandate) -> bool) -> Vec<PersonId> {
        let held = self.org.mandates_on(self.day).filter(|mandate| is_it(mandate));
        let found: Set<PersonId> = held.map(|mandate| mandate.person).filter(|one| *one != self.person).collect();
        found.into_iter().collect()
    }

    fn bound_unit(&self, position: &str) -> Option<UnitId> {
        self.bound.iter().find(|(bound, _)| bound == position).map(|(_, unit)| *unit)
    }

    /// The unit at a place; none where the tree has none.
    fn unit(&self, place: Place) -> Option<UnitId> {
        let own = self.seat.unit;
        match place {
            Place::OwnUnit => Some(own),
            Place::Parent => self.org.unit(own)?.parent,
            Place::Agency => Some(self.org.agency_of(own).unwrap_or(own)),
            Place::Region => self.org.ancestry(own).into_iter().find(|unit| self.org.is_region(*unit)),
            // The adoption binds units to positions only.
            Place::Bound => None,
        }
    }

    /// The unit whose records are meant.
    fn records(&self, of: RecordsOf) -> Option<UnitId> {
        match of {
            RecordsOf::Agency => Some(self.seat.unit),
            RecordsOf::Above => self.org.unit(self.unit(Place::Agency)?)?.parent,
        }
    }
}

/// The rules that are asked one after the other.
fn in_turn(rules: &[Actor]) -> &[Actor] {
    match rules {
        [_, rest @ ..] if !rest.is_empty() && bug::is(Bug::FirstRuleSkipped) => rest,
        _ => rules,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PostId;
    use crate::org::{Person, Post, Unit, UnitKind};

    const DAY: &str = "2026-10-31";

    fn person(n: u8) -> PersonId {
        PersonId::from_bytes([n; 16])
    }

    fn unit(n: u8) -> UnitId {
        UnitId::from_bytes([n; 16])
    }

    fn day() -> Day {
        Day::parse(DAY).unwrap()
    }

    /// Province 1 over commune 2 over office 3. People: 1 province head, 2 chairman, 3 and 13 deputy chairmen, 4 head of
    /// office, 14 deputy head of office, 5 staff, 6 personnel officer in the office, 7 personnel officer of the province.
    fn house() -> Org {
        let mut org = Org::default();
        for (id, parent, kind) in
            [(1, None, UnitKind::Region), (2, Some(1), UnitKind::Agency), (3, Some(2), UnitKind::Division)]
        {
            org.put_unit(Unit { id: unit(id), parent: parent.map(unit), name: format!("Đơn vị {id}"), kind });
        }
        let posts = [
            (1, 1, Rank::Head, false),
            (7, 1, Rank::Staff, true),
            (2, 2, Rank::Head, false),
            (3, 2, Rank::Deputy, false),
            (13, 2, Rank::Deputy, false),
            (4, 3, Rank::Head, false),
            (14, 3, Rank::Deputy, false),
            (5, 3, Rank::Staff, false),
            (6, 3, Rank::Staff, true),
        ];
        for (id, at, rank, personnel) in posts {
            org.put_person(Person { id: person(id), name: format!("Người {id}") });
            let (person, from, title) = (person(id), Day::parse("2026-01-01").unwrap(), String::new());
            let id = PostId::from_bytes([id; 16]);
            org.put_post(Post { id, person, unit: unit(at), rank, title, from, to: None, personnel });
        }
        org
    }

    fn found(org: &Org, subject: u8, rules: &[Actor]) -> Vec<u8> {
        // A step in which nobody judges, so that the rules alone are seen.
        found_in(org, subject, "report", rules)
    }

    fn found_in(org: &Org, subject: u8, step: &str, rules: &[Actor]) -> Vec<u8> {
        let seat = org.main_post(person(subject), day()).unwrap().seat();
        let bound = [("party_secretary".to_owned(), unit(4))];
        let case = Case { org, person: person(subject), seat, day: day(), bound: &bound, assigner: None, outside: &[] };
        let decree = crate::pack::find("nd335-congchuc").unwrap();
        let step = Step { by: rules.to_vec(), ..decree.step(step).unwrap().clone() };
        let found = case.who_may_do(&step);
        for other in org.people() {
            assert_eq!(case.may_do(&step, other.id), found.contains(&other.id), "{rules:?}: {}", other.name);
        }
        found.iter().filter_map(|found| (1..=20).find(|n| person(*n) == *found)).collect()
    }

    #[test]
    fn each_rule_finds_whom_it_names() {
        let org = house();
        let table: &[(u8, Actor, &[u8])] = &[
            (5, Actor::Subject, &[5]),
            (5, Actor::Head(Place::OwnUnit), &[4]),
            (4, Actor::Head(Place::OwnUnit), &[2]),
            (5, Actor::Head(Place::Parent), &[2]),
            (4, Actor::Head(Place::Parent), &[2]),
            (2, Actor::Head(Place::Parent), &[1]),
            (5, Actor::Head(Place::Agency), &[2]),
            (2, Actor::Head(Place::Agency), &[1]),
            (5, Actor::Head(Place::Region), &[1]),
            (1, Actor::Head(Place::OwnUnit), &[]),
            (5, Actor::Deputy(Place::OwnUnit), &[14]),
            (14, Actor::Deputy(Place::OwnUnit), &[]),
            (2, Actor::Deputy(Place::OwnUnit), &[]),
            (3, Actor::Deputy(Place::OwnUnit), &[13]),
            (5, Actor::Personnel(RecordsOf::Agency), &[6, 7]),
            (5, Actor::Personnel(RecordsOf::Above), &[7]),
            (5, Actor::Head(Place::Bound), &[]),
        ];
        for (subject, rule, expected) in table {
            assert_eq!(found(&org, *subject, std::slice::from_ref(rule)), *expected, "{subject}: {rule:?}");
        }
    }

    /// Hà Tĩnh: the level that manages the cadre decides. The city manages the heads of its agencies and offices, except those
    /// whom the province manages (14 of 186). Such a person's approver is appointed by name.
    #[test]
    fn the_level_that_manages_a_cadre_decides() {
        let mut org = house();
        // City 10 under province 1: office 11, which stands under it without an agency, and ward 12 without a head.
        for (id, kind) in [(10, UnitKind::Region), (11, UnitKind::Division), (12, UnitKind::Agency)] {
            let parent = Some(unit(if id == 10 { 1 } else { 10 }));
            org.put_unit(Unit { id: unit(id), parent, name: format!("Đơn vị {id}"), kind });
        }
        let posts = [
            (8, 10, Rank::Head),
            (9, 11, Rank::Head),
            (10, 12, Rank::Deputy),
            (11, 12, Rank::Staff),
            (8, 12, Rank::Head),
        ];
        for (place, (holder, at, rank)) in (20..).zip(posts) {
            org.put_person(Person { id: person(holder), name: format!("Người {holder}") });
            let (from, title) = (Day::parse("2026-01-01").unwrap(), String::new());
            let (id, person, unit) = (PostId::from_bytes([place; 16]), person(holder), unit(at));
            org.put_post(Post { id, person, unit, rank, title, from, to: None, personnel: false });
        }
        let table: &[(u8, &str, &[u8])] = &[
            (5, "staff of an office: the head of the agency", &[2]),
            (4, "the head of an office inside an agency: the head of the agency", &[2]),
            (3, "the deputy head of an agency: its head", &[2]),
            (2, "the head of an agency: the head of the region above", &[1]),
            (9, "the head of an office under the city: the head of the city", &[8]),
            (10, "the deputy head of a ward: its head, though that is the head of the city as well", &[8]),
            (8, "the head of the city, and of a ward: never the same person", &[1]),
            (1, "above the province there is nobody", &[]),
        ];
        for (subject, why, expected) in table {
            assert_eq!(found_in(&org, *subject, "approve", &[Actor::Managing]), *expected, "{why}");
        }
        appoint(&mut org, 1, 1, Some(9));
        let rules = [Actor::Appointed, Actor::Managing];
        assert_eq!(found_in(&org, 9, "approve", &rules), [1], "the province decides on whom it manages");
        assert_eq!(found_in(&org, 10, "approve", &rules), [8], "and on nobody else");
        appoint(&mut org, 2, 4, Some(4));
        assert_eq!(found_in(&org, 4, "approve", &rules), [2], "an appointment for oneself finds nobody");
    }

    /// Appoints somebody for the step `approve` of a person, at that person's level or above.
    fn appoint(org: &mut Org, at: u8, holder: u8, subject: Option<u8>) {
        let id = crate::ids::MandateId::from_bytes([100 + at; 16]);
        let (from, to, word) = (Day::parse("2026-01-01").unwrap(), None, "approve".to_owned());
        let (person, unit, subject, decision) = (person(holder), unit(at), subject.map(person), "QĐ 2".to_owned());
        org.put_mandate(Mandate { id, person, unit, task: Task::Step, word, subject, from, to, decision });
    }

    /// Long Biên: the head of the section or the deputy head scores first.
    #[test]
    fn the_first_rule_that_finds_somebody_counts() {
        let org = house();
        let (head, deputy) = (Actor::Head(Place::OwnUnit), Actor::Deputy(Place::OwnUnit));
        let either = Actor::AnyOf(vec![head.clone(), deputy.clone()]);
        assert_eq!(found(&org, 5, std::slice::from_ref(&either)), [4, 14]);
        assert_eq!(found(&org, 5, &[deputy.clone(), head.clone()]), [14]);
        assert_eq!(found(&org, 14, &[deputy.clone(), head.clone()]), [4], "nobody is a deputy beside the subject");
        assert_eq!(found(&org, 5, &[Actor::Appointed, Actor::FirstOf(vec![deputy, head])]), [14]);
        assert_eq!(found(&org, 5, &[]), [0_u8; 0]);
    }

    /// Nobody judges themselves. So a rule that finds only the person scored has found nobody, and the next one counts.
    #[test]
    fn a_rule_that_finds_only_the_subject_finds_nobody_to_judge() {
        let mut org = house();
        org.put_post(Post { personnel: false, ..org.post(PostId::from_bytes([7; 16])).unwrap().clone() });
        let (subject, head) = (Actor::Subject, Actor::Head(Place::OwnUnit));
        let keeper = Actor::Personnel(RecordsOf::Agency);
        assert_eq!(found_in(&org, 5, "appraise", &[subject.clone(), head.clone()]), [4]);
        assert_eq!(found_in(&org, 5, "appraise", &[Actor::AnyOf(vec![subject]), head.clone()]), [4]);
        assert_eq!(found_in(&org, 5, "appraise", &[keeper.clone(), head.clone()]), [6]);
        assert_eq!(found_in(&org, 6, "appraise", &[keeper, head]), [4], "the only keeper of the records is scored");
    }
}
