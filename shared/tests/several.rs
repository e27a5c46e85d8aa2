//! Several regulations live at once on one person: each has its own card, and nothing of one enters the other.
#![cfg(feature = "author")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod common;

use common::*;
use shared::card::Side;
use shared::fixture::adoption;
use shared::ids::PersonId;
use shared::op::{
    Appraisal, CardKey, FactValue, Mark, Payload, Publication, RefusalCode, SelfScore, Stage, Target, Verdict,
};
use shared::pack::{self, PackAdoption, Span};
use shared::procedure::Act;
use shared::report::{opening_period, person_years, reported_periods, unit_month, unit_quota};
use shared::state::State;
use shared::time::{Day, Millis, Period};

const DECREE: &str = "nd335-congchuc";
const LEADERS: &str = "hd02-mau";
const OF_ROOMS: &str = "longbien-mau";
const THIRD_QUARTER: Period = Period::Quarter(2026, 3);

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn named(id: &str) -> &'static pack::Pack {
    pack::find(id).unwrap()
}

/// That a unit lives by a regulation from a day on.
fn adopted(unit_number: u8, id: &str, from: &str) -> PackAdoption {
    PackAdoption { unit: unit(unit_number), id: id.into(), pack: named(id).hash, from: day(from), ..adoption() }
}

fn beside(adoption: PackAdoption) -> PackAdoption {
    PackAdoption { beside: true, ..adoption }
}

/// The quarter of leaders and deputies, beside the decree's month.
fn of_leaders() -> PackAdoption {
    let roles = ["leader", "deputy"].map(str::to_owned).to_vec();
    PackAdoption { roles, ..beside(adopted(2, LEADERS, "2026-07-01")) }
}

/// The commune, where the province has adopted the decree, with these adoptions in the order in which they were signed.
fn lived(adoptions: &[PackAdoption]) -> State {
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
    adoptions.iter().cloned().for_each(|adoption| state.adoptions.put(adoption));
    state
}

/// The ids of the packs that score a person in a period.
fn packs(state: &State, n: u8, period: &str) -> Vec<&'static str> {
    let keys = state.card_keys(person(n), period.parse().unwrap());
    keys.iter().map(|key| pack::pinned(&key.pack).unwrap().id.as_str()).collect()
}

/// What is told, the adoptions, a person, a period, and the packs that score the person in it.
type Row<'a> = (&'a str, Vec<PackAdoption>, u8, &'a str, &'a [&'a str]);

/// What is in force: adoptions beside the province's decree, a person, a period, the packs.
#[test]
fn an_adoption_replaces_unless_it_stands_beside() {
    let ended = |adoption: PackAdoption, to: &str| PackAdoption { to: Some(day(to)), ..adoption };
    let months = |adoption: PackAdoption| PackAdoption { spans: vec![Span::Month], ..adoption };
    let rooms = |from: &str| adopted(2, OF_ROOMS, from);
    let nearer =
        |unit_number| PackAdoption { unit: unit(unit_number), ..months(adopted(2, "quanba-mau", "2026-10-01")) };
    let table: &[Row<'_>] = &[
        ("the decree alone", vec![], 5, "2026-10", &[DECREE]),
        // Different periods: nothing to replace, so it does not matter what is said.
        ("the leader's month", vec![of_leaders()], 2, "2026-10", &[DECREE]),
        ("the leader's quarter", vec![of_leaders()], 2, "2026-Q4", &[LEADERS]),
        ("no quarter for staff", vec![of_leaders()], 5, "2026-Q4", &[]),
        ("nor before it began", vec![of_leaders()], 2, "2026-Q2", &[]),
        ("a quarter does not replace a month", vec![adopted(2, LEADERS, "2026-10-01")], 2, "2026-10", &[DECREE]),
        // The same period: replaced, or one beside the other, the main one first.
        ("replaced by the unit itself", vec![rooms("2026-10-01")], 5, "2026-10", &[OF_ROOMS]),
        ("not before", vec![rooms("2026-10-01")], 5, "2026-09", &[DECREE]),
        ("beside", vec![beside(rooms("2026-10-01"))], 5, "2026-10", &[DECREE, OF_ROOMS]),
        ("whom it does not score keeps the one", vec![rooms("2026-10-01")], 2, "2026-10", &[DECREE]),
        ("it ended", vec![ended(rooms("2026-08-01"), "2026-09-30")], 5, "2026-10", &[DECREE]),
        ("it ended beside", vec![beside(ended(rooms("2026-08-01"), "2026-09-30"))], 5, "2026-10", &[DECREE]),
        // Of one unit the later one; what stands beside stays until its own end.
        ("the later one", vec![rooms("2026-08-01"), nearer(2)], 5, "2026-10", &["quanba-mau"]),
        ("of one day the one signed later", vec![rooms("2026-10-01"), nearer(2)], 5, "2026-10", &["quanba-mau"]),
        ("beside stays", vec![beside(rooms("2026-08-01")), nearer(2)], 5, "2026-10", &["quanba-mau", OF_ROOMS]),
        // Of several units the nearer one, whenever it was signed; from above only what stands beside.
        ("nearer", vec![nearer(3), rooms("2026-10-01")], 5, "2026-10", &["quanba-mau"]),
        ("from above beside", vec![nearer(3), beside(rooms("2026-10-01"))], 5, "2026-10", &["quanba-mau", OF_ROOMS]),
        ("nearer beside", vec![beside(nearer(3)), rooms("2026-10-01")], 5, "2026-10", &[OF_ROOMS, "quanba-mau"]),
        // The same regulation counts once.
        ("twice the same", vec![beside(adopted(2, DECREE, "2026-10-01"))], 5, "2026-10", &[DECREE]),
        // To correct an adoption does not move it before a later one.
        (
            "a correction keeps its place",
            vec![rooms("2026-10-01"), nearer(2), PackAdoption { opens: Some(20), ..rooms("2026-10-01") }],
            5,
            "2026-10",
            &["quanba-mau"],
        ),
    ];
    for (what, adoptions, n, period, expected) in table {
        assert_eq!(packs(&lived(adoptions), *n, period), *expected, "{what}");
    }
}

/// A pack that has not arrived is no guess for another. What stands beside it is known all the same.
#[test]
fn a_pack_that_has_not_arrived_hides_only_what_it_would_replace() {
    let unknown = PackAdoption {
        id: "unknown".into(),
        pack: shared::ids::PackHash::of(b"unknown"),
        ..adopted(2, DECREE, "2026-10-01")
    };
    assert_eq!(packs(&lived(std::slice::from_ref(&unknown)), 5, "2026-10"), [] as [&str; 0]);
    assert_eq!(packs(&lived(&[beside(unknown.clone())]), 5, "2026-10"), [DECREE]);
    assert_eq!(packs(&lived(&[unknown.clone(), beside(adopted(2, OF_ROOMS, "2026-10-01"))]), 5, "2026-10"), [OF_ROOMS]);
    assert_eq!(
        packs(&lived(&[unknown, adopted(3, OF_ROOMS, "2026-10-01")]), 5, "2026-10"),
        [OF_ROOMS],
        "a nearer one counts"
    );
}

/// Everybody may choose the lengths of the own cards; who may have to do with others', of all around.
#[test]
fn the_periods_to_choose_from_are_those_that_a_person_needs() {
    let state = lived(&[of_leaders()]);
    let spans = |n: u8| state.spans_of(person(n), day("2026-10-20"));
    assert_eq!(spans(2), [Span::Month, Span::Quarter], "the chairman");
    assert_eq!(spans(7), [Span::Month, Span::Quarter], "the keeper of records appraises");
    assert_eq!(spans(5), [Span::Month], "staff have months only");
    assert_eq!(spans(1), [Span::Month, Span::Quarter], "the head of the province decides");
}

/// A story told by devices that meet a server.
struct Told {
    server: Server,
    devices: Vec<(u8, Device)>,
}

impl Told {
    fn new(adoptions: &[PackAdoption]) -> Self {
        let mut server = founded();
        let mut clerk = Device::new(PersonId::SYSTEM, 120);
        clerk.sync(&mut server, at(1));
        for adoption in adoptions {
            clerk.act(Target::Org, Payload::AdoptPack(adoption.clone()), at(1)).unwrap();
        }
        clerk.sync(&mut server, at(1));
        let devices = (1..=7).map(|n| (n, Device::new(person(n), n))).collect();
        Self { server, devices }
    }

    fn state(&self) -> &State {
        self.server.log_state.state()
    }

    /// Somebody acts on a card on a morning, and meets the server before and after.
    fn act(&mut self, who: PersonId, key: &CardKey, payload: Payload, now: Millis) {
        let (_, device) = self.devices.iter_mut().find(|(n, _)| person(*n) == who).unwrap();
        device.sync(&mut self.server, now);
        device.act(Target::Card(key.clone()), payload, now).unwrap();
        device.sync(&mut self.server, now);
    }

    /// A card from the self-score to what is made known, with these marks by everybody.
    fn live(&mut self, key: &CardKey, marks: &[(&str, &str)], now: Millis) {
        let own = own_score(marks, &pack::pinned(&key.pack).unwrap().id);
        self.act(key.person().unwrap(), key, Payload::SubmitSelfScore(own.clone()), now);
        let next = |state: &State| {
            let marks = |actor: &PersonId| state.marking(key, *actor).is_some_and(|it| it.ready && !it.done);
            let actor = state.actors(key, Act::Mark).into_iter().find(marks)?;
            Some((actor, state.marking(key, actor)?.step))
        };
        while let Some((actor, step)) = next(self.state()) {
            let (marks, facts) = (own.marks.clone(), own.facts.clone());
            let score = Appraisal { marks, facts, ..Appraisal::default() };
            self.act(actor, key, Payload::Appraise(step, score), now);
        }
        self.decide(key, now);
    }

    fn decide(&mut self, key: &CardKey, now: Millis) {
        let actor = self.state().actors(key, Act::Decide)[0];
        let step = self.state().deciding(key, actor).unwrap().step;
        let approval = self.state().approval(key).unwrap();
        let class = approval.class.clone();
        self.act(actor, key, Payload::Approve(step, approval), now);
        if let Some(teller) = self.state().actors(key, Act::Notify).first().copied() {
            self.act(teller, key, Payload::Publish(Publication { class, document: None }), now);
        }
    }
}

fn morning(text: &str) -> Millis {
    Millis(u64::try_from(day(text).0).unwrap() * 86_400_000 + 3 * 3_600_000)
}

fn key_under(n: u8, period: Period, id: &str) -> CardKey {
    CardKey { subject: person(n).into(), period, pack: named(id).hash }
}

/// A self-score with these marks. Of facts everything was done, and nothing late.
fn own_score(marks: &[(&str, &str)], id: &str) -> SelfScore {
    let mark =
        |(code, value): &(&str, &str)| ((*code).to_owned(), Mark { value: number(value), reason: "Có căn cứ".into() });
    let share = |fact: &pack::FactRule| number(if fact.id == "tasks_late_share" { "0" } else { "1" });
    let shares = named(id).facts.iter().filter(|fact| fact.kind == pack::FactKind::Share);
    let facts = shares.map(|fact| (fact.id.clone(), FactValue::Number(share(fact))));
    SelfScore { marks: marks.iter().map(mark).collect(), facts: facts.collect(), ..SelfScore::default() }
}

const OF_QUARTER: [(&str, &str); 21] = [
    ("1.1", "2"),
    ("1.2", "2"),
    ("1.3", "2"),
    ("1.4", "2"),
    ("1.5", "2"),
    ("1.6", "2"),
    ("1.7", "2"),
    ("1.8", "2"),
    ("1.9", "2"),
    ("2.1", "1"),
    ("2.2", "1"),
    ("2.3", "1"),
    ("2.4", "0"),
    ("3.1", "2"),
    ("3.2", "2"),
    ("3.3", "2"),
    ("3.4", "2"),
    ("KPI.A", "100"),
    ("KPI.B", "90"),
    ("KPI.C", "90"),
    ("KPI.D", "80"),
];

/// A deputy's decree months and 02-HD quarter side by side: both decided, each with its own result, and neither in the
/// other's quarter or year.
#[test]
fn a_leaders_month_and_quarter_are_lived_apart() {
    let mut told = Told::new(&[of_leaders()]);
    let (month, quarter) = (key_under(3, Period::Month(2026, 10), DECREE), key_under(3, THIRD_QUARTER, LEADERS));
    let marks: Vec<(String, String)> =
        full_marks().into_iter().map(|(code, mark)| (code, mark.value.to_string())).collect();
    let marks: Vec<(&str, &str)> = marks.iter().map(|(code, value)| (code.as_str(), value.as_str())).collect();
    told.live_month(&month, &marks, morning("2026-10-28"));
    told.live(&quarter, &OF_QUARTER, morning("2026-10-29"));

    let state = told.state();
    let stage = |key: &CardKey| state.card(key).unwrap().stage();
    assert_eq!((stage(&month), stage(&quarter)), (Stage::Published, Stage::Published));
    // 29 + 70 · (1 + 0.9 + 0.9 + 0.8) / 4 = 92.
    let total = |key: &CardKey| state.card(key).unwrap().approval().unwrap().total.clone();
    assert_eq!(
        (total(&quarter), state.card(&quarter).unwrap().approval().unwrap().class.as_str()),
        (Some(number("92")), "HTXS")
    );
    assert_ne!(total(&month), total(&quarter));

    let years = person_years(state, person(3), person(3), 2026);
    let [decree, leaders] = years.as_slice() else { panic!("{years:?}") };
    assert_eq!((decree.regulation.as_str(), leaders.regulation.as_str()), (DECREE, LEADERS));
    assert_eq!((decree.periods.len(), leaders.periods.len()), (12, 4), "months and quarters");
    let made = |year: &shared::report::PersonYear, period: Period| {
        let longer = year.longer.iter().find(|longer| longer.period == period)?;
        longer.outcome.as_ref()?.total.as_ref().map(|total| total.exact.clone())
    };
    assert_eq!(made(decree, Period::Quarter(2026, 4)), total(&month), "the decree's quarter is made of its months");
    assert_eq!(made(decree, THIRD_QUARTER), None, "and takes nothing from what the other regulation scored");
    assert_eq!(made(decree, Period::Year(2026)), total(&month));
    let scored = leaders.periods.iter().find(|part| part.period == THIRD_QUARTER).unwrap();
    assert_eq!(scored.result.as_ref().unwrap().total, Some(number("92")));
    assert_eq!(made(leaders, THIRD_QUARTER), None, "what is scored is not made of anything");
    assert_eq!(
        made(leaders, Period::Year(2026)),
        None,
        "the authority weighs the year; no month of the decree enters it"
    );
}

impl Told {
    /// A month under the decree: one line of work, confirmed by who scores.
    fn live_month(&mut self, key: &CardKey, marks: &[(&str, &str)], now: Millis) {
        self.act(key.person().unwrap(), key, Payload::AssignWork(vec![new_line("V.1", "2", "3")]), now);
        let line = self.state().card(key).unwrap().lines()[0].id;
        self.act(key.person().unwrap(), key, Payload::ReportProgress { line, progress: done("3") }, now);
        let marks: std::collections::BTreeMap<String, Mark> = marks
            .iter()
            .map(|(code, value)| ((*code).to_owned(), Mark { value: number(value), reason: String::new() }))
            .collect();
        let role = self.state().role(key).unwrap();
        let parts = pack::pinned(&key.pack).unwrap().statements_for(role);
        let leadership: std::collections::BTreeMap<String, Mark> =
            parts.map(|part| (part.id.clone(), Mark { value: number("1"), reason: String::new() })).collect();
        let own = SelfScore { marks: marks.clone(), leadership: leadership.clone(), ..SelfScore::default() };
        self.act(key.person().unwrap(), key, Payload::SubmitSelfScore(own), now);
        let scorer = self.state().actors(key, Act::Mark)[0];
        let step = self.state().marking(key, scorer).unwrap().step;
        let lines = self.state().card(key).unwrap().own_work_confirmed(key, &self.state().speakers(key));
        let score = Appraisal { marks, leadership, lines, ..Appraisal::default() };
        self.act(scorer, key, Payload::Appraise(step, score), now);
        self.decide(key, now);
    }
}

/// Two regulations of one month: two rows in every list, two quotas, two classes, and acts on one leave the other alone.
#[test]
fn two_regulations_of_one_month_are_two_cards() {
    let mut told = Told::new(&[beside(adopted(2, OF_ROOMS, "2026-10-01"))]);
    let (decree, rooms) = (key_under(5, OCTOBER, DECREE), key_under(5, OCTOBER, OF_ROOMS));
    assert_eq!(told.state().card_keys(person(5), OCTOBER), [decree.clone(), rooms.clone()]);
    told.live(&rooms, &[("1", "19"), ("2", "66.5"), ("3", "4.5")], morning("2026-10-28"));
    let state = told.state();
    assert_eq!(state.card(&rooms).unwrap().approval().unwrap().total, Some(number("90")));
    assert!(state.card(&decree).is_none(), "nothing was written on the other card");
    assert_eq!(state.card_keys(person(5), OCTOBER), [decree.clone(), rooms.clone()], "a decision moves no card");

    let month = unit_month(state, unit(2), OCTOBER, PersonId::SYSTEM);
    let of_person: Vec<_> = month.rows.iter().filter(|row| row.card.is_of(person(5))).collect();
    let told_rows: Vec<_> = of_person.iter().map(|row| (row.several, row.stage, row.approved.is_some())).collect();
    assert_eq!(told_rows, [(true, Stage::Working, false), (true, state.card(&rooms).unwrap().stage(), true)]);
    let chairman = month.rows.iter().find(|row| row.card.is_of(person(2))).unwrap();
    assert!(!chairman.several, "Long Biên scores no head of an agency");
    assert_eq!(month.packs(), [named(DECREE).hash, named(OF_ROOMS).hash]);
    let classes = |id: &str| {
        month
            .distribution(&named(id).hash)
            .into_iter()
            .map(|(class, (count, _))| (class.to_owned(), count))
            .collect::<Vec<_>>()
    };
    assert_eq!((classes(OF_ROOMS), classes(DECREE)), (vec![("A".to_owned(), 1)], vec![]));
    let quotas = unit_quota(state, &month, false).unwrap();
    for quota in &quotas {
        let cards = quota.groups.iter().flat_map(|group| &group.members).map(|member| &member.card);
        assert!(cards.clone().all(|card| card.pack == quota.rules), "{}: a card of another regulation", quota.pack);
    }
    let csv = month.to_csv(pack::Language::Vi);
    let rows: Vec<&str> = csv.lines().filter(|line| line.contains("Người Thử 5")).collect();
    assert_eq!(rows.len(), 2, "{csv}");
    assert!(
        rows[0].contains("335/2025/NĐ-CP") && rows[1].contains("Quy định đánh giá hằng tháng của quận Long Biên"),
        "{rows:?}"
    );
    let years = person_years(state, PersonId::SYSTEM, person(5), 2026);
    let decided = |at: usize| years[at].periods.iter().filter(|part| part.decided).count();
    assert_eq!((years.len(), decided(0), decided(1)), (2, 0, 1));
}

/// Whoever replaces a regulation closes its cards to everything but reading; what is decided stands.
#[test]
fn a_replaced_regulation_takes_no_more_acts() {
    let mut told = Told::new(&[]);
    let rooms = PackAdoption { unit: unit(2), ..adopted(2, OF_ROOMS, "2026-10-01") };
    let (decree, other) = (key_under(5, OCTOBER, DECREE), key_under(5, OCTOBER, OF_ROOMS));
    told.act(person(5), &decree, Payload::AssignWork(vec![new_line("V.1", "2", "3")]), at(2));
    let mut clerk = Device::new(PersonId::SYSTEM, 121);
    clerk.sync(&mut told.server, at(3));
    clerk.act(Target::Org, Payload::AdoptPack(rooms), at(3)).unwrap();
    clerk.sync(&mut told.server, at(3));
    let mut official = Device::new(person(5), 122);
    official.sync(&mut told.server, at(4));
    let refused =
        official.act(Target::Card(decree.clone()), Payload::SubmitSelfScore(self_score()), at(4)).unwrap_err();
    assert_eq!((refused.code, refused.field.as_str()), (RefusalCode::Unknown, "target.pack"));
    official
        .act(
            Target::Card(other),
            Payload::SubmitSelfScore(own_score(&[("1", "19"), ("2", "66"), ("3", "4")], OF_ROOMS)),
            at(4),
        )
        .unwrap();
    official.sync(&mut told.server, at(4));
    assert_eq!(told.state().card(&decree).unwrap().lines().len(), 1, "what was entered stays readable");
}

/// A chairman who is scored himself adds a regulation beside the others only from a period that has not begun.
#[test]
fn nobody_adds_a_regulation_to_the_period_under_way() {
    let told = Told::new(&[]);
    let today = MORNING.day();
    let admits = |adoption: &PackAdoption| {
        told.state().admits_adoption(person(2), adoption, [today, today]).map_err(|it| it.code)
    };
    let own = |from: &str| {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/packs/nd335-congchuc.toml")).unwrap();
        let own = pack::read_toml(&text.replacen("id = \"nd335-congchuc\"", "id = \"own-beside\"", 1)).unwrap();
        let own = pack::learn(&own.to_bytes()).unwrap();
        beside(PackAdoption { unit: unit(2), id: own.id.clone(), pack: own.hash, from: day(from), ..adoption() })
    };
    assert_eq!(admits(&own("2026-10-01")), Err(RefusalCode::TooEarly));
    assert_eq!(admits(&own("2026-11-01")), Ok(()));
    // The readings of what is lived already may be decided as before.
    assert_eq!(admits(&PackAdoption { unit: unit(2), opens: Some(25), ..adoption() }), Ok(()));
    // To let it stand beside is another rule.
    assert_eq!(admits(&beside(PackAdoption { unit: unit(2), ..adoption() })), Err(RefusalCode::TooEarly));
}

/// A unit's report names its cards by regulation, and a quarter that waits opens where no month does.
#[test]
fn reports_and_the_period_that_opens_go_over_every_regulation() {
    let months = |adoption: PackAdoption| PackAdoption { spans: vec![Span::Month], ..adoption };
    let mut told = Told::new(&[of_leaders(), beside(months(adopted(2, "quanba-mau", "2026-10-01")))]);
    let reports = reported_periods(told.state(), unit(1), OCTOBER);
    assert_eq!(reports.len(), 1, "only one of the two asks for a report");
    let cards = told.state().cards_reported(&reports[0]);
    assert!(!cards.is_empty() && cards.iter().all(|card| card.pack == named("quanba-mau").hash));

    let quarter = key_under(3, THIRD_QUARTER, LEADERS);
    let now = morning("2026-10-21");
    told.act(person(3), &quarter, Payload::SubmitSelfScore(own_score(&OF_QUARTER, LEADERS)), now);
    let opened = |n: u8| opening_period(told.state(), person(n), day("2026-10-22"));
    assert_eq!(opened(7), THIRD_QUARTER, "the keeper of records appraises the quarter before");
    assert_eq!(opened(5), OCTOBER, "nothing waits for staff");
    assert!(matches!(told.server.receipts.values().last().unwrap().decode().unwrap().verdict, Verdict::Accepted));
    assert!(told.state().outcome(&quarter, Side::SelfScored).is_some());
}

/// What a unit adopts for its staff decides nothing about its leaders, who are scored by what the province adopted.
#[test]
fn an_adoption_for_other_roles_leaves_a_card_alone() {
    let staff = PackAdoption {
        unit: unit(2),
        roles: vec!["staff".to_owned()],
        outside: vec!["approve".to_owned()],
        cut_off: Some(20),
        ..adoption()
    };
    let state = lived(&[staff]);
    let next = |n| key_under(n, OCTOBER, DECREE);
    assert_eq!(state.cut_off(&next(5)), Some(day("2026-10-20")));
    assert_eq!(state.cut_off(&next(4)), None, "the head of the section is no staff");
    let decides = |n| state.actors(&next(n), Act::Decide);
    assert_eq!(decides(4), [person(2)], "decided here");
    assert_eq!(decides(5), [person(7)], "entered by personnel");
}
