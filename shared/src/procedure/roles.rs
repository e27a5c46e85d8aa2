//! Which of a pack's roles somebody has.

use crate::ids::Subject;
use crate::org::{Org, Seat};
use crate::pack::{Pack, Role, SubjectKind, Who};
use crate::time::Day;

/// The role in which a pack scores a person who stands at `seat` on `day`, or the unit there: the first that matches. None
/// means that the pack does not score that person or unit.
#[must_use]
pub fn role_of<'p>(pack: &'p Pack, org: &Org, subject: Subject, seat: Seat<'_>, day: Day) -> Option<&'p Role> {
    let (scored, person) = match subject {
        Subject::Person(person) => (SubjectKind::Person, Some(person)),
        Subject::Unit(_) => (SubjectKind::Unit, None),
    };
    let matches = |who: &Who| {
        let kind = || org.unit(seat.unit).map(|unit| unit.kind);
        who.rank.is_none_or(|rank| rank == seat.rank)
            && who.unit_kind.is_none_or(|wanted| kind() == Some(wanted))
            && who.position.as_ref().is_none_or(|position| {
                person.is_some_and(|person| org.holds_position(person, position, seat.unit, day))
            })
    };
    let mut roles = pack.roles.iter().filter(|role| role.subject == scored);
    roles.find(|role| role.who.iter().any(matches))
}

#[cfg(all(test, feature = "author"))]
mod tests {
    use super::*;
    use crate::ids::{PersonId, UnitId};
    use crate::org::{Rank, Unit, UnitKind};
    use crate::pack;

    fn unit(n: u8) -> UnitId {
        UnitId::from_bytes([n; 16])
    }

    /// Which role each pack gives to a rank in a unit of a kind.
    #[test]
    fn the_first_role_that_matches_counts() {
        let mut org = Org::default();
        for (n, kind) in [(1, UnitKind::Region), (2, UnitKind::Agency), (3, UnitKind::Division)] {
            org.put_unit(Unit { id: unit(n), parent: (n > 1).then(|| unit(n - 1)), name: String::new(), kind });
        }
        let table = [
            ("nd335-congchuc", Rank::Head, 2, Some("leader")),
            ("nd335-congchuc", Rank::Deputy, 3, Some("deputy")),
            ("nd335-congchuc", Rank::Staff, 3, Some("staff")),
            ("nd335-congchuc", Rank::Support, 3, Some("support")),
            // Long Biên: deputies of rooms and of the district; heads of rooms are scored by nobody in the text.
            ("longbien", Rank::Staff, 3, Some("staff")),
            ("longbien", Rank::Deputy, 2, Some("deputy")),
            ("longbien", Rank::Deputy, 1, Some("vice_chair")),
            ("longbien", Rank::Head, 2, None),
            // Hà Tĩnh scores heads only, Decree 335 on organisations no people.
            ("hatinh-1000", Rank::Head, 2, Some("leader")),
            ("hatinh-1000", Rank::Staff, 3, None),
            ("nd335-tochuc", Rank::Head, 2, None),
        ];
        for (id, rank, at, role) in table {
            let seat = Seat { unit: unit(at), rank, title: "" };
            let day = Day::parse("2026-10-31").unwrap();
            let found =
                role_of(pack::find(id).unwrap(), &org, PersonId::SYSTEM.into(), seat, day).map(|role| role.id.as_str());
            assert_eq!(found, role, "{id}: {rank:?} in unit {at}");
        }
    }
}
