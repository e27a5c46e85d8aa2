//! What issuing a pack changes: for whom, from when, and what stays. No signals here.

use shared::ids::{PersonId, Subject, UnitId};
use shared::op::Refusal;
use shared::org::UnitKind;
use shared::pack::{Language, Pack, PackAdoption, Span, SubjectKind, counting};
use shared::procedure::role_of;
use shared::sorted_map::Map;
use shared::state::State;
use shared::text;
use shared::time::{Day, Period};

/// What the person chose.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) unit: UnitId,
    /// Number and date of the decision.
    pub(super) decision: String,
    /// The first month that is scored by it.
    pub(super) from: Period,
    /// Whether a role is scored, in the order of the pack.
    pub(super) roles: Vec<bool>,
    /// The readings, by option.
    pub(super) options: Map<String, String>,
    /// The lengths of the periods that are scored.
    pub(super) spans: Vec<Span>,
    /// The day of a period's last month from which its class may be decided.
    pub(super) opens: Option<u8>,
    /// The last day of it whose work counts in the period.
    pub(super) cut_off: Option<u8>,
    /// Whether it stands beside what the unit lives by for the same periods.
    pub(super) beside: bool,
}

/// Whom a role has, and who has none.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(super) struct Scored {
    /// How many people have each role of the pack.
    pub(super) counts: Vec<usize>,
    /// The names of those in whose role nobody is scored.
    pub(super) nobody: Vec<String>,
}

/// The units that the person may let live by a pack: the own one first, then higher ones before lower ones.
pub(super) fn units(state: &State, me: PersonId, today: Day) -> Vec<(UnitId, String)> {
    let own = state.org.main_post(me, today).map(|post| post.unit);
    let nearest = own.map(|unit| state.org.agency_of(unit).unwrap_or(unit));
    let may = |unit: UnitId| state.may_adopt(me, unit, today);
    // A part of an agency lives by what its agency adopted.
    let mut found: Vec<_> = state.org.units().filter(|unit| unit.kind != UnitKind::Division && may(unit.id)).collect();
    found.sort_by_key(|unit| (Some(unit.id) != nearest, state.org.depth(unit.id), text::order(&unit.name)));
    found.into_iter().map(|unit| (unit.id, unit.name.clone())).collect()
}

/// Whom, and which units, the pack scores under a unit from a month on. Unless it stands `beside`, people for whom a lower unit adopted rules
/// of its own for such periods stay as they are.
pub(super) fn scored(state: &State, pack: &Pack, unit: UnitId, from: Period, beside: bool) -> Scored {
    let day = from.last_day();
    let span = pack.periods.iter().min();
    let comes_first = |one: &PackAdoption| !one.beside && span.is_some_and(|span| one.scores_in(*span));
    let mut found = Scored { counts: vec![0; pack.roles.len()], nobody: Vec::new() };
    let scores_people = pack.roles.iter().any(|role| role.subject == SubjectKind::Person);
    for subject in state.org.subjects() {
        let Some(seat) = state.org.seat_in(subject, from) else { continue };
        let line = state.org.ancestry(seat.unit);
        let mut below = line.iter().take_while(|above| **above != unit);
        let stays = !beside && below.any(|lower| state.adoptions.of(*lower, day).any(comes_first));
        if !line.contains(&unit) || stays {
            continue;
        }
        let role = role_of(pack, &state.org, subject, seat, day);
        match role.and_then(|role| pack.roles.iter().position(|known| known.id == role.id)) {
            Some(at) => found.counts.iter_mut().skip(at).take(1).for_each(|count| *count += 1),
            None if scores_people && matches!(subject, Subject::Person(_)) => {
                found.nobody.push(state.org.name_of(subject).to_owned());
            }
            None => {}
        }
    }
    found
}

/// The pack by which the unit would be scored in the same periods from a month on: this one replaces it, or stands beside it.
pub(super) fn replaced(state: &State, pack: &Pack, unit: UnitId, from: Period) -> Option<PackAdoption> {
    let span = pack.periods.iter().min()?;
    let line = state.org.ancestry(unit);
    let scores = |one: &PackAdoption| one.rules().map(|_| one.scores_in(*span));
    let lived = counting(state.adoptions.in_turn(&line, from.last_day()), scores);
    lived.into_iter().find(|one| !one.beside && one.id != pack.id).cloned()
}

/// The name of a pack for people.
pub(super) fn pack_title(adoption: &PackAdoption, language: Language) -> String {
    adoption.rules().map_or_else(|| adoption.id.clone(), |pack| pack.title.get(language).to_owned())
}

/// The adoption that follows from a choice. The shortest periods alone are what is left out.
pub(super) fn adoption(pack: &Pack, choice: &Choice) -> PackAdoption {
    let all = choice.roles.iter().all(|chosen| *chosen);
    let chosen = pack.roles.iter().zip(&choice.roles).filter(|(_, chosen)| **chosen && !all);
    let shortest: Vec<Span> = pack.periods.iter().min().copied().into_iter().collect();
    let spans = if choice.spans == shortest { Vec::new() } else { choice.spans.clone() };
    PackAdoption {
        unit: choice.unit,
        id: pack.id.clone(),
        pack: pack.hash,
        roles: chosen.map(|(role, _)| role.id.clone()).collect(),
        from: choice.from.first_day(),
        to: None,
        options: choice.options.clone(),
        opens: choice.opens,
        bound: Vec::new(),
        decision: choice.decision.clone(),
        spans,
        cut_off: choice.cut_off,
        outside: Vec::new(),
        beside: choice.beside,
    }
}

/// The adoption, judged as the server will judge it.
///
/// # Errors
/// The refusal that the server would give.
pub(super) fn act(
    state: &State,
    me: PersonId,
    pack: &Pack,
    choice: &Choice,
    today: Day,
) -> Result<PackAdoption, Refusal> {
    let adoption = adoption(pack, choice);
    state.admits_adoption(me, &adoption, [today, today])?;
    Ok(adoption)
}

#[cfg(test)]
mod tests {
    use shared::fixture::{MORNING, founding, person, unit};
    use shared::op::{Payload, RefusalCode};
    use shared::pack;

    use super::*;

    fn commune() -> State {
        let mut state = State::default();
        for payload in founding() {
            match payload {
                Payload::PutUnit(unit) => state.org.put_unit(unit),
                Payload::PutPerson(person) => state.org.put_person(person),
                Payload::PutPost(post) => state.org.put_post(post),
                Payload::AdoptPack(adoption) => state.adoptions.put(adoption),
                _ => {}
            }
        }
        state
    }

    #[test]
    fn who_keeps_the_records_or_leads_the_agency_issues_for_it_and_nobody_else() {
        let (state, today) = (commune(), MORNING.day());
        let of = |n: u8| units(&state, person(n), today).into_iter().map(|(unit, _)| unit).collect::<Vec<_>>();
        assert_eq!((of(7), of(2)), (vec![unit(2)], vec![unit(2)]));
        assert_eq!((of(5), of(4)), (vec![], vec![]), "nor the head of a division");
    }

    #[test]
    fn what_changes_is_told_for_everybody_of_the_unit() {
        let state = commune();
        let next = Period::month_of(MORNING.day()).next();
        let decree = pack::find("nd335-congchuc").unwrap();
        let all = scored(&state, decree, unit(2), next, false);
        assert_eq!((all.counts.iter().sum::<usize>(), all.nobody.len()), (6, 0), "all but the head of the province");
        let heads = scored(&state, pack::find("longbien-mau").unwrap(), unit(2), next, true);
        assert_eq!(heads.nobody, ["Người Thử 2"], "Long Biên scores no head of an agency");
    }

    #[test]
    fn the_act_is_one_that_the_server_will_take() {
        let (mut state, today) = (commune(), MORNING.day());
        let decree = pack::find("nd335-congchuc").unwrap();
        let own = Pack { id: "own".to_owned(), ..decree.clone() };
        let own = pack::learn(&own.to_bytes()).unwrap();
        let this = Period::month_of(today);
        let mut choice = Choice {
            unit: unit(2),
            decision: "12/QĐ-UBND ngày 20/10/2026".to_owned(),
            from: this.next(),
            roles: vec![true; own.roles.len()],
            options: Map::new(),
            spans: vec![Span::Month],
            opens: Some(25),
            cut_off: Some(20),
            beside: false,
        };
        let act = |state: &State, choice: &Choice| act(state, person(7), own, choice, today);
        let done = act(&state, &choice).unwrap();
        assert!(done.roles.is_empty() && !done.beside, "all roles, in place of the other: {done:?}");
        assert_eq!((done.opens, done.cut_off, done.spans.len()), (Some(25), Some(20), 0), "the shortest length");
        let begun = Choice { from: this, ..choice.clone() };
        assert_eq!(act(&state, &begun).unwrap_err().code, RefusalCode::TooEarly);

        let other = |state: &State| replaced(state, own, unit(2), this.next()).map(|one| one.id);
        assert_eq!(other(&state).as_deref(), Some("nd335-congchuc"), "what the province adopted");
        choice.roles[0] = false;
        choice.beside = true;
        let done = act(&state, &choice).unwrap();
        assert_eq!((done.roles.len(), done.beside), (own.roles.len() - 1, true));
        state.adoptions.put(done);
        let quarters = pack::find("hatinh-mau").unwrap();
        assert_eq!(replaced(&state, quarters, unit(2), this.next()), None, "no quarters are scored there");
    }
}
