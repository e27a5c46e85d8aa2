//! Judges adoptions. The server judges every one that arrives. A device asks before it signs one, on the screen that issues
//! a pack: so this code comes with that screen and not with the first download.

use super::State;
use crate::bug::{self, Bug};
use crate::card::Card;
use crate::ids::{PersonId, Subject, UnitId};
use crate::limits::NAME_CHARS_MAX;
use crate::num::Exact;
use crate::op::{CardKey, Detail, Refusal, RefusalCode};
use crate::org::{Post, Seat};
use crate::pack::{self, Adoptions, OptionScope, Pack, PackAdoption, PackStatus, Span, Step, concerns};
use crate::procedure::role_of;
use crate::sorted_map::Map;
use crate::time::{Day, Period};

impl State {
    /// Whether `actor` may let a unit live by a pack: its head, where it is an agency, and whoever administers it.
    #[must_use]
    pub fn may_adopt(&self, actor: PersonId, unit: UnitId, day: Day) -> bool {
        let leads = self.org.agency_of(unit) == Some(unit) && self.org.head_of(unit, day) == Some(actor);
        leads || self.org.may_administer(actor, unit, day)
    }

    /// Judges an adoption by the day of the author's clock and by the day of arrival.
    ///
    /// # Errors
    /// The field that is wrong. An adoption whose pack is not here is refused as of an unknown pack.
    pub fn admits_adoption(&self, actor: PersonId, adoption: &PackAdoption, days: [Day; 2]) -> Result<(), Refusal> {
        let [_, arrived] = days;
        let next = self.first_day_not_begun(adoption, arrived);
        let ends = self.only_ends_later(adoption, next);
        // An end may be given to what would not be adopted any more.
        let sample = actor == PersonId::SYSTEM || ends;
        self.says_what_can_be_lived(adoption, sample)?;
        if !ends {
            self.other_rules_begin_later(actor, adoption, arrived, next)?;
            self.own_judges_stay(actor, adoption, arrived)?;
            self.decided_work_stays(adoption, next)?;
        }
        if days.into_iter().all(|day| self.may_adopt(actor, adoption.unit, day)) {
            return Ok(());
        }
        days.into_iter().try_for_each(|day| self.administers(actor, adoption.unit, day))
    }

    /// Checks what an adoption says. The pack must be here, able to score, sound, and the one that the adoption names.
    /// `sample` tells whether it may be a sample.
    fn says_what_can_be_lived(&self, adoption: &PackAdoption, sample: bool) -> Result<(), Refusal> {
        self.known_unit(adoption.unit)?;
        name(&adoption.decision, "decision")?;
        day_of_month(adoption.opens, "opens")?;
        day_of_month(adoption.cut_off, "cut_off")?;
        let unknown = || Refusal::new(RefusalCode::UnknownPack, "pack").found(&adoption.id);
        let pack = adoption.rules().ok_or_else(unknown)?;
        if pack.id != adoption.id {
            return Err(Refusal::new(RefusalCode::OutOfRange, "id").found(&adoption.id).allowed(&pack.id));
        }
        // Only the office's own command line knows whether the office is a demo.
        if pack.status == PackStatus::Sample && !sample || !pack.status.scores() {
            return Err(Refusal::new(RefusalCode::OutOfRange, "pack.status").found(pack.status.word()));
        }
        // People send packs that no author checked. What a unit lives by already was checked when it came.
        let lived = self.adoptions.all().any(|known| known.pack == adoption.pack);
        let finding = if lived { None } else { pack::findings(pack).into_iter().next() };
        if let Some(finding) = finding {
            // The field has the same name in every language.
            return Err(Refusal::new(RefusalCode::OutOfRange, "pack").found(finding.field));
        }
        known_options(pack, &adoption.options)?;
        if let Some(role) = adoption.roles.iter().find(|role| pack.role(role).is_none()) {
            return Err(Refusal::new(RefusalCode::Unknown, "roles").found(role));
        }
        if let Some(span) = adoption.spans.iter().find(|span| !pack.periods.contains(span)) {
            return Err(Refusal::new(RefusalCode::Unknown, "spans").found(span.word()));
        }
        if let Some(first) = Day::parse(&pack.effective_from).filter(|first| adoption.from < *first) {
            return Err(Refusal::new(RefusalCode::NotInForce, "from").found(adoption.from).allowed(first));
        }
        if let Some(to) = adoption.to.filter(|to| *to < adoption.from) {
            return Err(Refusal::new(RefusalCode::OutOfRange, "to").found(to).allowed(adoption.from));
        }
        let may_be_outside = |id: &String| pack.step(id).is_some_and(Step::may_be_outside);
        if let Some(step) = adoption.outside.iter().find(|step| !may_be_outside(step)) {
            return Err(Refusal::new(RefusalCode::Unknown, "outside").found(step));
        }
        for (position, unit) in &adoption.bound {
            self.known_unit(*unit)?;
            if !pack.positions.iter().any(|known| known.id == *position) {
                return Err(Refusal::new(RefusalCode::Unknown, "bound").found(position));
            }
        }
        Ok(())
    }

    /// Whoever is scored under an adoption chooses other rules only for periods that have not begun, whatever their length.
    /// Other readings of what a card scores are other rules. How many may reach the highest class is none of them.
    fn other_rules_begin_later(
        &self,
        actor: PersonId,
        adoption: &PackAdoption,
        arrived: Day,
        next: Day,
    ) -> Result<(), Refusal> {
        let scored = self.is_scored_under(actor, adoption, arrived);
        let mut with_it = self.adoptions.clone();
        with_it.put(adoption.clone());
        let line = self.org.ancestry(adoption.unit);
        let changes = |day: Day| rules_in_turn(&self.adoptions, &line, day) != rules_in_turn(&with_it, &line, day);
        let same = ![adoption.from, arrived].into_iter().any(changes);
        if !scored || same || adoption.from >= next {
            return Ok(());
        }
        Err(Refusal::new(RefusalCode::TooEarly, "from").found(adoption.from).allowed(next))
    }

    /// Whoever is scored under an adoption does not choose by it who judges them, or the unit that they head. That is: which
    /// steps an authority outside does, whose document their own keepers of the records then enter, and in which unit a
    /// position is held that acts on them. Who is above decides that, or whoever runs the system.
    fn own_judges_stay(&self, actor: PersonId, adoption: &PackAdoption, arrived: Day) -> Result<(), Refusal> {
        if !self.is_scored_under(actor, adoption, arrived) {
            return Ok(());
        }
        let mut with_it = self.adoptions.clone();
        with_it.put(adoption.clone());
        let day = arrived.max(adoption.from);
        let (before, after) = (self.judges_of(&self.adoptions, actor, day), self.judges_of(&with_it, actor, day));
        match after.into_iter().find(|one| !before.contains(one)) {
            None => Ok(()),
            Some(chosen) => {
                let field = if chosen.1.is_some() { "bound" } else { "outside" };
                Err(Refusal::new(RefusalCode::NotEntitled, field).found(chosen.0))
            }
        }
    }

    /// Nobody moves work of a decided card to another period, whoever adopts: it counted where it was decided, and would count
    /// once more where it was carried.
    fn decided_work_stays(&self, adoption: &PackAdoption, next: Day) -> Result<(), Refusal> {
        let mut with_it = self.clone();
        with_it.adoptions.put(adoption.clone());
        let after =
            |state: &Self, key: &CardKey| state.lines_after(key).into_iter().map(|line| line.id).collect::<Vec<_>>();
        let moves = |(key, card): (&CardKey, &Card)| {
            card.approved_in().is_some()
                && self.cut_off(key) != with_it.cut_off(key)
                && after(self, key) != after(&with_it, key)
        };
        if self.cards().any(moves) {
            return Err(Refusal::new(RefusalCode::TooEarly, "from").found(adoption.from).allowed(next));
        }
        Ok(())
    }

    /// By the rules that count on a day for a person and for the units that the person heads: the steps that an authority
    /// outside does, and the positions that act in another unit, each with that unit.
    fn judges_of<'a>(&self, adoptions: &'a Adoptions, person: PersonId, day: Day) -> Vec<(&'a str, Option<UnitId>)> {
        let mut found = Vec::new();
        for subject in self.spoken_for(person, day) {
            let seat = match subject {
                Subject::Person(person) => self.org.main_post(person, day).map(Post::seat),
                Subject::Unit(unit) => Some(Seat::of_unit(unit)),
            };
            let Some(seat) = seat else { continue };
            let line = self.org.ancestry(seat.unit);
            found.extend(adoptions.in_turn(&line, day).flat_map(|one| self.judges_by(one, (subject, seat), day)));
        }
        found
    }

    fn judges_by<'a>(
        &self,
        adoption: &'a PackAdoption,
        (subject, seat): (Subject, Seat<'_>),
        day: Day,
    ) -> Vec<(&'a str, Option<UnitId>)> {
        let role = adoption.rules().and_then(|pack| Some((pack, role_of(pack, &self.org, subject, seat, day)?)));
        let Some((pack, role)) = role.filter(|(_, role)| concerns(&adoption.roles, &role.id)) else {
            return Vec::new();
        };
        let steps = pack.steps.iter().filter(|step| concerns(&step.roles, &role.id));
        let outside = steps.filter_map(|step| adoption.outside.iter().find(|id| **id == step.id));
        let bound = adoption.bound.iter().map(|(id, unit)| (id.as_str(), Some(*unit)));
        outside.map(|id| (id.as_str(), None)).chain(bound).collect()
    }

    fn is_scored_under(&self, actor: PersonId, adoption: &PackAdoption, day: Day) -> bool {
        self.org.posts_of(actor, day).iter().any(|post| self.org.is_within(post.unit, adoption.unit))
    }

    /// The first day after all periods under way that the adoption scores, or that its unit scores today. Where quarters are
    /// scored, rules from December on would count for the quarter that began in October.
    fn first_day_not_begun(&self, adoption: &PackAdoption, arrived: Day) -> Day {
        let month = Period::month_of(arrived);
        let all: Vec<&PackAdoption> = self.adoptions.of(adoption.unit, arrived).chain([adoption]).collect();
        let scored = Span::ALL.into_iter().filter(|span| all.iter().any(|one| one.scores_in(*span)));
        let first_days = scored.map(|span| month.within(span).next().first_day());
        first_days.chain([month.next().first_day()]).max().unwrap_or(arrived)
    }

    /// Whether it repeats an adoption in force and only gives it an end, before which no period that has begun is cut off.
    fn only_ends_later(&self, adoption: &PackAdoption, next: Day) -> bool {
        let last = Day(next.0.saturating_sub(1));
        let ends_late = |to: Option<Day>| to.is_none_or(|to| to >= last);
        let repeated = |known: &&PackAdoption| **known == PackAdoption { to: known.to, ..adoption.clone() };
        adoption.to.is_some()
            && ends_late(adoption.to)
            && self.adoptions.all().find(repeated).is_some_and(|known| ends_late(known.to))
    }

    pub(super) fn administers(&self, actor: PersonId, unit: UnitId, day: Day) -> Result<(), Refusal> {
        if self.org.may_administer(actor, unit, day) || bug::is(Bug::SkipOrgAuthority) {
            Ok(())
        } else {
            Err(Refusal::new(RefusalCode::NotEntitled, "actor"))
        }
    }

    pub(super) fn known_unit(&self, unit: UnitId) -> Result<(), Refusal> {
        self.org
            .unit(unit)
            .map(drop)
            .ok_or_else(|| Refusal::new(RefusalCode::Unknown, "unit").found(Detail::technical(&unit)))
    }
}

/// The rules by which a unit lives on a day, those of each pack by its nearest adoption, with the readings of the units
/// above where it has none. The day on which decisions open is no rule of its own.
fn rules_in_turn(adoptions: &Adoptions, line: &[UnitId], day: Day) -> Vec<PackAdoption> {
    let mut found: Vec<PackAdoption> = Vec::new();
    for one in adoptions.in_turn(line, day) {
        match found.iter_mut().find(|nearer| nearer.id == one.id) {
            Some(nearer) => {
                // The nearest unit has the last word.
                let mut options = one.options.clone();
                options.extend(std::mem::take(&mut nearer.options));
                nearer.options = options;
            }
            None => {
                let (unit, from, decision) = (UnitId::from_bytes([0; 16]), Day(0), String::new());
                found.push(PackAdoption { unit, from, decision, opens: None, ..one.clone() });
            }
        }
    }
    for one in &mut found {
        let pack = one.rules();
        // What is chosen as the text has it is no choice.
        let changes = |(id, value): &(String, String)| {
            let option = pack.and_then(|pack| pack.option(id));
            option.is_none_or(|option| option.scope == OptionScope::Score && option.default != *value)
        };
        one.options = std::mem::take(&mut one.options).into_iter().filter(changes).collect();
    }
    found
}

pub(super) fn name(text: &str, field: &str) -> Result<(), Refusal> {
    let chars = text.chars().count();
    if text.trim().is_empty() {
        Err(Refusal::new(RefusalCode::Missing, field))
    } else if chars > NAME_CHARS_MAX {
        Err(Refusal::new(RefusalCode::OverLimit, field).found(chars).allowed(NAME_CHARS_MAX))
    } else {
        Ok(())
    }
}

fn day_of_month(day: Option<u8>, field: &str) -> Result<(), Refusal> {
    match day.filter(|day| !(1..=31).contains(day)) {
        Some(day) => Err(Refusal::new(RefusalCode::OutOfRange, field)
            .found(usize::from(day))
            .allowed(Detail::Numbers([Exact::one(), Exact::from_int(31)]))),
        None => Ok(()),
    }
}

fn known_options(pack: &Pack, options: &Map<String, String>) -> Result<(), Refusal> {
    options.iter().try_for_each(|(id, value)| {
        let rule =
            pack.option(id).ok_or_else(|| Refusal::new(RefusalCode::Unknown, format!("options.{id}")).found(value))?;
        if rule.values.iter().any(|allowed| allowed.id == *value) {
            return Ok(());
        }
        let allowed: Vec<&str> = rule.values.iter().map(|value| value.id.as_str()).collect();
        Err(Refusal::new(RefusalCode::OutOfRange, format!("options.{id}")).found(value).allowed(allowed.join(", ")))
    })
}
