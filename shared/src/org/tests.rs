use super::*;

const DAY: &str = "2026-10-31";

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
    /// Province 1 over commune 2 over office 3. People: 1 province head, 2 chairman, 3 deputy chairman, 4 head of office,
    /// 5 staff, 6 personnel officer in the office.
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
        assert_eq!(org.direct_head(person(subject), day), Some(person(scorer)), "scorer of {subject}");
        assert_eq!(org.agency_head(person(subject), day), Some(person(classifier)), "classifier of {subject}");
    }
    assert_eq!(org.direct_head(person(1), day), None, "nobody above the province's head here");
}

#[test]
fn an_empty_seat_falls_to_the_head_above() {
    let House { mut org } = House::new();
    let day = Day::parse(DAY).unwrap();
    let mut post = org.post(PostId::from_bytes([4; 16])).unwrap().clone();
    post.to = Day::parse("2026-10-15");
    org.put_post(post);
    assert_eq!(org.direct_head(person(5), day), Some(person(2)));
    assert_eq!(org.direct_head(person(5), Day::parse("2026-10-15").unwrap()), Some(person(4)));
}

#[test]
fn a_card_is_read_by_the_person_the_heads_above_and_the_keeper_of_records_only() {
    let House { org } = House::new();
    let day = Day::parse(DAY).unwrap();
    let readers: Vec<u8> = (1..=6).filter(|reader| org.may_read(person(*reader), person(5), day)).collect();
    assert_eq!(readers, [1, 2, 4, 5, 6]);
    let readers: Vec<u8> = (1..=6).filter(|reader| org.may_read(person(*reader), person(2), day)).collect();
    assert_eq!(readers, [1, 2, 6]);
}

#[test]
fn circles_are_seen_before_they_close() {
    let House { org } = House::new();
    assert!(org.would_circle(unit(1), unit(3)));
    assert!(!org.would_circle(unit(3), unit(1)));
}
