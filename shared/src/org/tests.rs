//! Tests of units, posts and authority.

use super::*;

const DAY: &str = "2026-10-31";
const OCTOBER: crate::time::Period = crate::time::Period::Month(2026, 10);

struct House {
    org: Org,
}

fn person(n: u8) -> PersonId {
    PersonId::from_bytes([n; 16])
}

fn unit(n: u8) -> UnitId {
    UnitId::from_bytes([n; 16])
}

impl House {
    /// Province 1 over commune 2 over office 3. People: 1 province head, 2 chairman, 3 deputy chairman, 4 head of
    /// office, 5 staff, 6 personnel officer in the office.
    fn new() -> Self {
        let mut org = Org::default();
        for (id, parent, kind) in
            [(1, None, UnitKind::Region), (2, Some(1), UnitKind::Agency), (3, Some(2), UnitKind::Division)]
        {
            org.put_unit(Unit { id: unit(id), parent: parent.map(unit), name: format!("Đơn vị {id}"), kind });
        }
        let posts = [
            (1, 1, Rank::Head, false),
            (2, 2, Rank::Head, false),
            (3, 2, Rank::Deputy, false),
            (4, 3, Rank::Head, false),
            (5, 3, Rank::Staff, false),
            (6, 3, Rank::Staff, true),
        ];
        for (id, at, rank, personnel) in posts {
            org.put_person(Person { id: person(id), name: format!("Người {id}") });
            org.put_post(Post {
                id: PostId::from_bytes([id; 16]),
                person: person(id),
                unit: unit(at),
                rank,
                title: String::new(),
                from: Day::parse("2026-01-01").unwrap(),
                to: None,
                personnel,
            });
        }
        Self { org }
    }
}

/// Decree 335/2025 Đ.10: who tracks and scores whom, who classifies whom.
#[test]
fn the_decrees_table_of_scorers() {
    let House { org } = House::new();
    let day = Day::parse(DAY).unwrap();
    let table = [(5, 4, 2), (6, 4, 2), (4, 2, 2), (3, 2, 2), (2, 1, 1)];
    for (subject, scorer, classifier) in table {
        let seat = org.seat_in(person(subject), OCTOBER).unwrap();
        assert_eq!(org.direct_head(person(subject), seat, day), Some(person(scorer)), "scorer of {subject}");
        assert_eq!(org.agency_head(person(subject), seat, day), Some(person(classifier)), "classifier of {subject}");
    }
    let top = org.seat_in(person(1), OCTOBER).unwrap();
    assert_eq!(org.direct_head(person(1), top, day), None, "nobody above the province's head here");
}

fn ended(org: &mut Org, n: u8, to: &str) {
    let mut post = org.post(PostId::from_bytes([n; 16])).unwrap().clone();
    post.to = Day::parse(to);
    org.put_post(post);
}

#[test]
fn an_empty_seat_falls_to_the_head_above() {
    let House { mut org } = House::new();
    ended(&mut org, 4, "2026-10-15");
    let seat = org.seat_in(person(5), OCTOBER).unwrap();
    assert_eq!(org.direct_head(person(5), seat, Day::parse(DAY).unwrap()), Some(person(2)));
    assert_eq!(org.direct_head(person(5), seat, Day::parse("2026-10-15").unwrap()), Some(person(4)));
}

/// Case 01: a period belongs to everybody who held a post on any day of it.
#[test]
fn case_01_whoever_held_a_post_in_a_period_stands_in_it() {
    let House { mut org } = House::new();
    for (to, october, november) in [
        ("2026-09-30", false, false),
        ("2026-10-01", true, false),
        ("2026-10-31", true, false),
        ("2026-11-01", true, true),
    ] {
        ended(&mut org, 5, to);
        let stands = |period| org.seat_in(person(5), period).is_some();
        assert_eq!((stands(OCTOBER), stands(OCTOBER.next())), (october, november), "{to}");
    }
    // Moved on the 11th: the person is scored once, in the last unit.
    ended(&mut org, 5, "2026-10-10");
    let moved = Post {
        id: PostId::from_bytes([15; 16]),
        unit: unit(2),
        ..org.post(PostId::from_bytes([5; 16])).unwrap().clone()
    };
    org.put_post(Post { from: Day::parse("2026-10-11").unwrap(), to: Day::parse("2026-10-20"), ..moved });
    assert_eq!(org.seat_in(person(5), OCTOBER).unwrap().unit, unit(2));
    assert_eq!(org.seat_in(person(5), OCTOBER.previous()).unwrap().unit, unit(3));
}

/// Đ.10 of Decree 335/2025: the head above scores a head, also after somebody else took the seat.
#[test]
fn a_head_who_left_is_not_scored_by_the_successor() {
    let House { mut org } = House::new();
    ended(&mut org, 4, "2026-10-15");
    let post = org.post(PostId::from_bytes([4; 16])).unwrap().clone();
    let id = PostId::from_bytes([14; 16]);
    org.put_post(Post { id, person: person(6), from: Day::parse("2026-10-16").unwrap(), to: None, ..post });
    let day = Day::parse(DAY).unwrap();
    assert_eq!(org.direct_head(person(4), org.seat_in(person(4), OCTOBER).unwrap(), day), Some(person(2)));
    assert_eq!(org.direct_head(person(5), org.seat_in(person(5), OCTOBER).unwrap(), day), Some(person(6)));
}

#[test]
fn a_card_is_read_by_the_heads_above_and_the_keeper_of_records_only() {
    let House { org } = House::new();
    let day = Day::parse(DAY).unwrap();
    let readers = |at| (1..=6_u8).filter(|reader| org.may_read(person(*reader), unit(at), day)).collect::<Vec<_>>();
    assert_eq!(readers(3), [1, 2, 4, 6]);
    assert_eq!(readers(2), [1, 2, 6]);
}

#[test]
fn circles_are_seen_before_they_close() {
    let House { org } = House::new();
    assert!(org.would_circle(unit(1), unit(3)));
    assert!(!org.would_circle(unit(3), unit(1)));
}
