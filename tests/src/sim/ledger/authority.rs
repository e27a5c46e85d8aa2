//! Who may do and read what, written a second time in the plainest form, so that a mistake in `shared::org` is noticed.

use std::collections::BTreeMap;

use shared::card::Value;
use shared::ids::{PersonId, UnitId};
use shared::op::{Body, CardKey, Payload, Register, Stage, Target};
use shared::org::{Org, Post, Rank, UnitKind};
use shared::state::State;
use shared::time::{Day, Millis};

use super::Known;
use crate::sim::commune::APPROVE;
use crate::whose;

/// The kind of a draft in the envelope.
const DRAFT_KIND: u16 = 24;

/// The seat of a person on a card.
pub(super) type Place = (UnitId, Rank);

/// What decides who may read what: the posts, and the decided cards whose seat differs from the posts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Scene {
    org: Org,
    decided: BTreeMap<CardKey, Place>,
}

impl Scene {
    /// The scene in `state`.
    #[must_use]
    pub(crate) fn of(state: &State) -> Self {
        Self { org: state.org.clone(), decided: moved(state) }
    }

    /// Whether the scene is that of `state`.
    #[must_use]
    pub(crate) fn is_of(&self, state: &State) -> bool {
        self.org == state.org && self.decided == moved(state)
    }

    fn place(&self, key: &CardKey) -> Option<Place> {
        self.decided.get(key).copied().or_else(|| place_by_posts(&self.org, key))
    }
}

fn moved(state: &State) -> BTreeMap<CardKey, Place> {
    let decided = state.cards().filter_map(|(key, _)| Some((key.clone(), decided_place(state, key)?)));
    decided.filter(|(key, place)| place_by_posts(&state.org, key) != Some(*place)).collect()
}

/// The seat on a card: as its decision says, or before a decision by the posts.
pub(super) fn place_of(state: &State, key: &CardKey) -> Option<Place> {
    decided_place(state, key).or_else(|| place_by_posts(&state.org, key))
}

/// The seat from the decision. Of two decisions the one with the later clock counts.
fn decided_place(state: &State, key: &CardKey) -> Option<Place> {
    let versions = state.card(key)?.versions(&Register::Approval(APPROVE)).iter();
    let decisions = versions.filter_map(|version| match &version.value {
        Value::Approval(approval) => Some((version.at, version.op, &approval.standing)),
        _ => None,
    });
    let (.., standing) = decisions.max_by_key(|(at, op, _)| (*at, *op))?;
    Some((standing.unit, standing.rank))
}

/// The main post on the last day of the period with any post, searched day by day backwards.
fn place_by_posts(org: &Org, key: &CardKey) -> Option<Place> {
    let days = (key.period.first_day().0..=key.period.last_day().0).rev();
    let post = days.into_iter().find_map(|day| main_post(org, whose(key), Day(day)))?;
    Some((post.unit, post.rank))
}

/// Whether the period is over on `day`, or the person left before its end.
pub(super) fn is_over(org: &Org, key: &CardKey, day: Day) -> bool {
    let days = (key.period.first_day().0..=key.period.last_day().0).rev();
    let last = days.into_iter().find(|day| main_post(org, whose(key), Day(*day)).is_some());
    last.is_some_and(|last| day > Day(last))
}

/// `unit` and all above it.
fn above(org: &Org, unit: UnitId) -> Vec<UnitId> {
    let mut path = vec![unit];
    let mut next = org.unit(unit).and_then(|unit| unit.parent);
    while let Some(id) = next.filter(|_| path.len() < 12) {
        path.push(id);
        next = org.unit(id).and_then(|unit| unit.parent);
    }
    path
}

fn main_post(org: &Org, person: PersonId, day: Day) -> Option<&Post> {
    let held = org.posts().filter(|post| post.person == person && post.held_on(day));
    held.min_by_key(|post| (post.rank, above(org, post.unit).len(), post.from, post.id))
}

fn head(org: &Org, unit: UnitId, day: Day) -> Option<PersonId> {
    let heads = org.posts().filter(|post| post.unit == unit && post.rank == Rank::Head && post.held_on(day));
    heads.max_by_key(|post| (post.from, post.id)).map(|post| post.person)
}

/// The first head on the way up. The head of a unit is not judged in it.
fn first_head(org: &Org, from: UnitId, (unit, rank): Place, except: PersonId, day: Day) -> Option<PersonId> {
    let mut way = above(org, from);
    if rank == Rank::Head && from == unit {
        way.remove(0);
    }
    way.into_iter().filter_map(|unit| head(org, unit, day)).find(|found| *found != except)
}

fn agency(org: &Org, unit: UnitId) -> UnitId {
    let is_agency = |id: &UnitId| org.unit(*id).is_some_and(|unit| unit.kind == UnitKind::Agency);
    above(org, unit).into_iter().find(is_agency).unwrap_or(unit)
}

fn keeps_records(org: &Org, actor: PersonId, unit: UnitId, day: Day) -> bool {
    let mut own = org.posts().filter(|post| post.person == actor && post.personnel && post.held_on(day));
    own.any(|post| above(org, unit).contains(&agency(org, post.unit)))
}

/// Whether `reader` may have the bytes of an operation.
pub(super) fn may_hold(scene: &Scene, reader: PersonId, known: &Known) -> bool {
    let Some(card) = &known.card else { return true };
    if known.actor == reader {
        return true;
    }
    known.kind != DRAFT_KIND && may_read(scene, reader, card)
}

/// Whether `reader` may see a card.
pub(crate) fn may_read(scene: &Scene, reader: PersonId, card: &CardKey) -> bool {
    let (org, day) = (&scene.org, card.period.last_day());
    if reader == whose(card) || reader == PersonId::SYSTEM {
        return true;
    }
    let Some((unit, _)) = scene.place(card) else { return false };
    let units = above(org, unit);
    let leads = |own: &Post| own.rank == Rank::Head && units.contains(&own.unit);
    let mut held = org.posts().filter(|own| own.person == reader && own.held_on(day));
    held.any(leads) || keeps_records(org, reader, unit, day)
}

/// Whether the author of an accepted operation was entitled to it. `org` is the state before it, and `at` the seat and
/// stage of the card.
pub(super) fn may_do(org: &Org, body: &Body, intent: &Payload, at: (Option<Place>, Stage), arrived: Millis) -> bool {
    match &body.target {
        Target::Card(key) => may_act(org, key, body.actor, intent, at),
        // The simulated regulation asks for no report.
        Target::UnitPeriod(_) => false,
        Target::Org => body.actor == PersonId::SYSTEM || may_organise(org, body, intent, arrived),
        Target::WorkList(_) => {
            let personnel =
                |day: Day| org.posts().any(|post| post.person == body.actor && post.personnel && post.held_on(day));
            body.actor == PersonId::SYSTEM || (personnel(arrived.day()) && personnel(body.hlc.at.day()))
        }
    }
}

fn may_act(org: &Org, key: &CardKey, actor: PersonId, intent: &Payload, at: (Option<Place>, Stage)) -> bool {
    let day = key.period.last_day();
    let own = actor == whose(key);
    let (Some(place), stage) = at else { return false };
    let superior = first_head(org, place.0, place, whose(key), day) == Some(actor);
    let decider = first_head(org, agency(org, place.0), place, whose(key), day) == Some(actor);
    match intent {
        Payload::AssignWork(_) | Payload::ReviseLine { .. } | Payload::RemoveLine { .. } => own || superior || decider,
        Payload::ReportProgress { .. } | Payload::SubmitSelfScore(_) | Payload::WithdrawSelfScore { .. } => own,
        Payload::SaveDraft { appraisal, .. } => {
            if *appraisal {
                superior
            } else {
                own
            }
        }
        Payload::Appraise(..) => superior,
        Payload::Approve(..) => decider,
        Payload::Publish(_) => decider || keeps_records(org, actor, place.0, day),
        Payload::ReturnCard { .. } => match stage {
            Stage::Working | Stage::SelfScored => superior,
            Stage::Appraised => superior || decider,
            Stage::Approved | Stage::Published => decider,
        },
        Payload::Resolve { register, .. } => match register {
            Register::Appraisal(_) => superior || decider,
            Register::Approval(_) | Register::Publication => decider,
            Register::Absence => !own && (superior || decider || keeps_records(org, actor, place.0, day)),
            _ => own || superior,
        },
        Payload::RecordAbsence(_) | Payload::LiftAbsence { .. } => {
            !own && (superior || decider || keeps_records(org, actor, place.0, day))
        }
        _ => false,
    }
}

fn may_organise(org: &Org, body: &Body, intent: &Payload, arrived: Millis) -> bool {
    let days = [arrived.day(), body.hlc.at.day()];
    let keeps = |unit: UnitId| days.iter().all(|day| keeps_records(org, body.actor, unit, *day));
    match intent {
        Payload::PutPost(post) => {
            let division = org.unit(post.unit).is_some_and(|unit| unit.kind == UnitKind::Division);
            let leads = |post: &Post| post.personnel || (post.rank == Rank::Head && !division);
            keeps(post.unit) && post.person != body.actor && !leads(post)
        }
        Payload::AdoptPack(shared::pack::PackAdoption { unit, .. }) => {
            keeps(*unit) || days.iter().all(|day| head(org, *unit, *day) == Some(body.actor))
        }
        Payload::PutUnit(unit) => keeps(unit.id),
        Payload::PutPerson(person) => main_post(org, person.id, arrived.day()).is_some_and(|post| keeps(post.unit)),
        _ => false,
    }
}
