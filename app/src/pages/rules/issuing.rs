//! What issuing a pack changes: for whom, from when, and what stays. No signals here.

use shared::ids::{PersonId, UnitId};
use shared::op::Refusal;
use shared::org::UnitKind;
use shared::pack::{Language, Pack, PackAdoption};
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
    /// Whether the unit stops living by the other packs that it adopted itself.
    pub(super) ends_others: bool,
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

/// Whom the pack scores under a unit from a month on. People for whom a lower unit adopted rules of its own stay as they
/// are.
pub(super) fn scored(state: &State, pack: &Pack, unit: UnitId, from: Period) -> Scored {
    let day = from.last_day();
    let mut found = Scored { counts: vec![0; pack.roles.len()], nobody: Vec::new() };
    for person in state.org.people() {
        let Some(seat) = state.org.seat_in(person.id, from) else { continue };
        let line = state.org.ancestry(seat.unit);
        let mut below = line.iter().take_while(|above| **above != unit);
        if !line.contains(&unit) || below.any(|lower| state.adoptions.of(*lower, day).next().is_some()) {
            continue;
        }
        let role = role_of(pack, &state.org, person.id, seat, day);
        match role.and_then(|role| pack.roles.iter().position(|known| known.id == role.id)) {
            Some(at) => found.counts.iter_mut().skip(at).take(1).for_each(|count| *count += 1),
            None => found.nobody.push(person.name.clone()),
        }
    }
    found
}

/// The other packs by which the unit itself would still live from a month on.
pub(super) fn others(state: &State, pack: &Pack, unit: UnitId, from: Period) -> Vec<PackAdoption> {
    let earlier = |one: &&PackAdoption| one.id != pack.id && one.from < from.first_day();
    state.adoptions.of(unit, from.last_day()).filter(earlier).cloned().collect()
}

/// The name of a pack for people.
pub(super) fn pack_title(adoption: &PackAdoption, language: Language) -> String {
    adoption.rules().map_or_else(|| adoption.id.clone(), |pack| pack.title.get(language).to_owned())
}

/// The acts: the adoption, then the ends of what it replaces. Each is judged as the server will judge it.
///
/// # Errors
/// The refusal that the server would give.
pub(super) fn acts(
    state: &State,
    me: PersonId,
    pack: &Pack,
    choice: &Choice,
    today: Day,
) -> Result<Vec<PackAdoption>, Refusal> {
    let all = choice.roles.iter().all(|chosen| *chosen);
    let chosen = pack.roles.iter().zip(&choice.roles).filter(|(_, chosen)| **chosen && !all);
    let first = choice.from.first_day();
    let adoption = PackAdoption {
        unit: choice.unit,
        id: pack.id.clone(),
        pack: pack.hash,
        roles: chosen.map(|(role, _)| role.id.clone()).collect(),
        from: first,
        to: None,
        options: choice.options.clone(),
        opens: None,
        bound: Vec::new(),
        decision: choice.decision.clone(),
        spans: Vec::new(),
    };
    let others = if choice.ends_others { others(state, pack, choice.unit, choice.from) } else { Vec::new() };
    let last = Some(Day(first.0.saturating_sub(1)));
    let acts: Vec<PackAdoption> =
        std::iter::once(adoption).chain(others.into_iter().map(|one| PackAdoption { to: last, ..one })).collect();
    acts.iter().try_for_each(|act| state.admits_adoption(me, act, [today, today]))?;
    Ok(acts)
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
        let all = scored(&state, decree, unit(2), next);
        assert_eq!((all.counts.iter().sum::<usize>(), all.nobody.len()), (6, 0), "all but the head of the province");
        let heads = scored(&state, pack::find("longbien-mau").unwrap(), unit(2), next);
        assert_eq!(heads.nobody, ["Người Thử 2"], "Long Biên scores no head of an agency");
    }

    #[test]
    fn the_acts_are_those_that_the_server_will_take() {
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
            ends_others: true,
        };
        let act = |state: &State, choice: &Choice| acts(state, person(7), own, choice, today);
        let done = act(&state, &choice).unwrap();
        assert!(done.len() == 1 && done[0].roles.is_empty(), "all roles, and nothing of the own to end: {done:?}");
        let begun = Choice { from: this, ..choice.clone() };
        assert_eq!(act(&state, &begun).unwrap_err().code, RefusalCode::TooEarly);

        let older = PackAdoption { unit: unit(2), ..shared::fixture::adoption() };
        state.adoptions.put(older.clone());
        choice.roles[0] = false;
        let done = act(&state, &choice).unwrap();
        assert_eq!(done[0].roles.len(), own.roles.len() - 1);
        let last = this.last_day();
        assert_eq!(done[1..], [PackAdoption { to: Some(last), ..older }], "it ends with the month under way");
        choice.ends_others = false;
        assert_eq!(act(&state, &choice).unwrap().len(), 1);
    }
}
