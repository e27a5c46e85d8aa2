//! Tests of scoring a whole unit.

use super::*;
use crate::score::{WorkLine, read_input};

fn pack() -> Pack {
    let mut pack = pack::find("nd335-congchuc").unwrap().clone();
    // Đ.15(3)a of Decree 335/2025: the whole share if every subordinate reaches 50, half of it if one does not.
    pack.statements
        .iter_mut()
        .filter(|one| one.id == "unit")
        .for_each(|one| one.subordinates_min = Some(Exact::from_int(50)));
    pack
}

/// A card with full common marks and a share of its work done.
fn card(role: &str, done: &str) -> CardInput {
    let marks = r#""I.1":5,"I.2":5,"II.1":2.5,"II.2":2.5,"II.3":2.5,"II.4":2.5,"III.1":2.5,"III.2":2.5,"III.3":2.5,"III.4":2.5"#;
    let leadership = if role == "staff" { "" } else { r#","leadership":{"organising":"1","cohesion":"1"}"# };
    let text = format!(
        r#"{{"subject":{{"role":"{role}"}},"criteria":{{{marks}}},"work":[{{"code":"A","coefficient":1,"assigned":10,"completed":{done}}}]{leadership}}}"#
    );
    read_input(&text).unwrap()
}

fn member(id: &str, led_by: &[&str], card: CardInput) -> UnitMember {
    UnitMember { id: id.into(), led_by: led_by.iter().map(|id| (*id).to_owned()).collect(), card }
}

fn of(members: Vec<UnitMember>) -> UnitInput {
    UnitInput { pack: "nd335-congchuc".into(), options: Map::new(), members }
}

fn share_of<'o>(outcome: &'o UnitOutcome, id: &str) -> &'o Outcome {
    outcome.members.iter().find(|member| member.id == id).unwrap().outcome.as_ref().unwrap()
}

#[test]
fn those_led_come_before_those_who_lead_level_by_level() {
    let outcome = unit(
        &pack(),
        &of(vec![
            member("chairman", &[], card("leader", "10")),
            member("head", &["chairman"], card("leader", "10")),
            member("clerk", &["head"], card("staff", "10")),
            member("driver", &["chairman"], card("staff", "10")),
        ]),
    )
    .unwrap();
    let order: Vec<&str> = outcome.members.iter().map(|member| member.id.as_str()).collect();
    assert_eq!(order, ["clerk", "driver", "head", "chairman"]);
    assert_eq!(share_of(&outcome, "chairman").total.as_ref().unwrap().decimal, "100");
}

#[test]
fn one_subordinate_below_fifty_halves_the_share_of_everyone_who_leads_them() {
    let outcome = unit(
        &pack(),
        &of(vec![
            member("weak", &["head", "deputy"], card("staff", "0")),
            member("good", &["head"], card("staff", "10")),
            member("deputy", &["head"], card("deputy", "10")),
            member("head", &[], card("leader", "10")),
        ]),
    )
    .unwrap();
    for id in ["deputy", "head"] {
        let leader = share_of(&outcome, id);
        assert_eq!(leader.components.get("d").unwrap().exact.to_string(), "1/2", "{id}");
        let step = leader.explanation.iter().find(|step| step.step == "d").unwrap();
        assert_eq!(
            (step.formula.as_str(), step.inputs.get("weak").unwrap().as_str()),
            ("[∀ subordinates ≥ 50: 1; 1/2]", "30")
        );
    }
}

#[test]
fn a_refused_card_leaves_its_leader_provisional_with_what_is_missing_and_a_range() {
    let mut broken = card("staff", "10");
    broken.criteria.remove("I.1");
    let outcome =
        unit(&pack(), &of(vec![member("broken", &["head"], broken), member("head", &[], card("leader", "10"))]))
            .unwrap();
    assert_eq!(outcome.members.first().unwrap().errors.first().unwrap().field, "criteria.I.1");
    let head = share_of(&outcome, "head");
    assert_eq!(
        (head.status, head.missing.as_slice()),
        (Status::Provisional, &["subordinates[0].total".to_owned()][..])
    );
    let range = head.range.as_ref().unwrap();
    assert_eq!((range.low.decimal.as_str(), range.high.decimal.as_str()), ("94.166667", "100"));
}

#[test]
fn circles_strangers_and_doubles_are_refused() {
    let fields =
        |members| unit(&pack(), &of(members)).unwrap_err().into_iter().map(|error| error.field).collect::<Vec<_>>();
    let plain = || card("staff", "10");
    let circle = vec![member("a", &["b"], plain()), member("b", &["a"], plain()), member("c", &[], plain())];
    let errors = unit(&pack(), &of(circle)).unwrap_err();
    assert_eq!((errors[0].field.as_str(), errors[0].found.as_str()), ("members.led_by", "a → b"));
    assert_eq!(fields(vec![member("a", &["x"], plain())]), ["members[0].led_by[0]"]);
    assert_eq!(fields(vec![member("a", &["a"], plain())]), ["members.led_by"]);
    assert_eq!(fields(vec![member("a", &[], plain()), member("a", &[], plain())]), ["members[1].id"]);
}

/// Handbook of the ministry: the shares of a product that cannot be split add up to at most the whole.
#[test]
fn shares_of_one_product_come_to_at_most_all_of_it() {
    let with_share = |share: &str| {
        let mut card = card("staff", "10");
        card.work.push(WorkLine {
            code: "plan".into(),
            coefficient: Exact::from_int(50),
            assigned: Exact::one(),
            completed: Exact::one(),
            share: Exact::parse(share).unwrap(),
            ..WorkLine::default()
        });
        card
    };
    let two = |first: &str, second: &str| {
        unit(&pack(), &of(vec![member("a", &[], with_share(first)), member("b", &[], with_share(second))]))
    };
    assert!(two("0.6", "0.4").is_ok());
    assert_eq!(two("0.6", "0.41").unwrap_err()[0].field, "shares.plan");
}

#[test]
fn people_led_are_filled_in_where_a_share_follows_from_them_and_nobody_listed_others() {
    let mut led = card("leader", "10");
    led.subordinates =
        vec![Subordinate { id: "elsewhere".into(), total: Some(Exact::from_int(40)), ..Subordinate::default() }];
    // A clerk who guides another has no share that follows from the other's result.
    let members = vec![
        member("a", &["head", "guide"], card("staff", "10")),
        member("guide", &[], card("staff", "10")),
        member("head", &[], led),
    ];
    let outcome = unit(&pack(), &of(members)).unwrap();
    assert_eq!(share_of(&outcome, "guide").status, Status::Scored);
    assert_eq!(share_of(&outcome, "head").components["d"].exact.to_string(), "1/2");
}

#[test]
fn shares_of_a_product_that_people_do_besides_nothing_else_come_to_one_at_most() {
    let sharing = |id: &str, share: &str| {
        let mut card = card("staff", "10");
        card.work[0].share = Exact::parse(share).unwrap();
        member(id, &[], card)
    };
    assert!(unit(&pack(), &of(vec![sharing("a", "0.5"), sharing("b", "0.5")])).is_ok());
    let errors = unit(&pack(), &of(vec![sharing("a", "0.5"), sharing("b", "0.6")])).unwrap_err();
    assert_eq!((errors[0].field.as_str(), errors[0].found.as_str()), ("shares.A", "11/10"));
}
