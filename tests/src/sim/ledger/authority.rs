//! Who may do and read what, written a second time and plainly, so that a slip in `shared::org` shows.

use shared::ids::{PersonId, UnitId};
use shared::op::{Body, CardKey, Payload, Register, Stage, Target};
use shared::org::{Org, Post, Rank, UnitKind};
use shared::time::{Day, Millis};

use super::Known;

/// A draft in the envelope.
const DRAFT_KIND: u16 = 24;

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

fn first_head(org: &Org, from: UnitId, except: PersonId, day: Day) -> Option<PersonId> {
    above(org, from).into_iter().filter_map(|unit| head(org, unit, day)).find(|found| *found != except)
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
pub(super) fn may_hold(org: &Org, reader: PersonId, known: &Known) -> bool {
    let Some(card) = &known.card else { return true };
    if known.actor == reader {
        return true;
    }
    known.kind != DRAFT_KIND && may_read(org, reader, card)
}

/// Whether `reader` may see a card.
pub(crate) fn may_read(org: &Org, reader: PersonId, card: &CardKey) -> bool {
    let day = card.period.last_day();
    if reader == card.person || reader == PersonId::OFFICE {
        return true;
    }
    let Some(post) = main_post(org, card.person, day) else { return false };
    let units = above(org, post.unit);
    let leads = |own: &Post| own.rank == Rank::Head && units.contains(&own.unit);
    let mut held = org.posts().filter(|own| own.person == reader && own.held_on(day));
    held.any(leads) || keeps_records(org, reader, post.unit, day)
}

/// Whether the author of an accepted operation was entitled to it. `org` is what was known before it.
pub(super) fn may_do(org: &Org, body: &Body, intent: &Payload, stage: Stage, arrived: Millis) -> bool {
    match &body.target {
        Target::Card(key) => may_act(org, key, body.actor, intent, stage),
        Target::Org => body.actor == PersonId::OFFICE || may_organise(org, body, intent, arrived),
        Target::WorkList(_) => {
            let personnel =
                |day: Day| org.posts().any(|post| post.person == body.actor && post.personnel && post.held_on(day));
            body.actor == PersonId::OFFICE || (personnel(arrived.day()) && personnel(body.hlc.at.day()))
        }
    }
}

fn may_act(org: &Org, key: &CardKey, actor: PersonId, intent: &Payload, stage: Stage) -> bool {
    let day = key.period.last_day();
    let own = actor == key.person;
    let Some(post) = main_post(org, key.person, day) else { return false };
    let superior = first_head(org, post.unit, key.person, day) == Some(actor);
    let decider = first_head(org, agency(org, post.unit), key.person, day) == Some(actor);
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
        Payload::Appraise(_) => superior,
        Payload::Approve(_) => decider,
        Payload::Publish(_) => decider || keeps_records(org, actor, post.unit, day),
        Payload::ReturnCard { .. } => match stage {
            Stage::Working | Stage::SelfScored => superior,
            Stage::Appraised => superior || decider,
            Stage::Approved | Stage::Published => decider,
        },
        Payload::Resolve { register, .. } => match register {
            Register::Appraisal => superior || decider,
            Register::Approval | Register::Publication => decider,
            _ => own || superior,
        },
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
        Payload::DecideOptions { unit, .. } => {
            keeps(*unit) || days.iter().all(|day| head(org, *unit, *day) == Some(body.actor))
        }
        Payload::PutUnit(unit) => keeps(unit.id),
        Payload::PutPerson(person) => main_post(org, person.id, arrived.day()).is_some_and(|post| keeps(post.unit)),
        _ => false,
    }
}
