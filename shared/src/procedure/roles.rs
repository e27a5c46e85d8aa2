//! Which of a pack's roles somebody has.

use crate::org::{Org, Seat};
use crate::pack::{Pack, Role, SubjectKind, Who};

/// The role in which a pack scores a person who stands at `seat`: the first that matches. None means that the pack does
/// not score the person.
#[must_use]
pub fn role_of<'p>(pack: &'p Pack, org: &Org, seat: Seat<'_>) -> Option<&'p Role> {
    let people = pack.roles.iter().filter(|role| role.subject == SubjectKind::Person);
    let mut matching = people.filter(|role| role.who.iter().any(|who| matches(who, org, seat)));
    matching.next()
}

/// Whether a condition holds at a seat. Nobody is recorded in a position yet, so a condition on one does not hold.
fn matches(who: &Who, org: &Org, seat: Seat<'_>) -> bool {
    let kind = || org.unit(seat.unit).map(|unit| unit.kind);
    who.position.is_none()
        && who.rank.is_none_or(|rank| rank == seat.rank)
        && who.unit_kind.is_none_or(|wanted| kind() == Some(wanted))
}
