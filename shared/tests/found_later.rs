//! Stories of faults that are found after the result was decided: they cost the period and the people that the text names,
//! and the earlier result stays readable.
#![cfg(feature = "author")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod common;

use std::fs;

use common::*;
use shared::card::{Card, Side};
use shared::fixture::adoption;
use shared::ids::{LineId, OpId, PersonId, StepPlace};
use shared::limits::NOTE_CHARS_MAX;
use shared::op::{
    Appraisal, CardKey, EventStated, FactValue, Fault, Mark, Payload, Publication, Refusal, RefusalCode, SelfScore,
    Stage, Target,
};
use shared::pack::{self, Pack, PackAdoption};
use shared::state::State;
use shared::time::{Day, Period};

/// The steps of `docs/example-pack.toml` in which the head of the section marks and the chair decides.
const MARK: StepPlace = StepPlace(2);
const DECIDE: StepPlace = StepPlace(3);
const NOVEMBER: Period = Period::Month(2026, 11);
/// Minutes from 20 October to 3 November.
const LATER: u64 = 14 * 24 * 60;
/// Minutes from 20 October to 28 November.
const MONTH_END: u64 = 39 * 24 * 60;

/// The example's regulation, which scores heads as well, with these words for what is found later (Đ.4).
fn rules(found_later: &str) -> &'static Pack {
    let text = fs::read_to_string(format!("{}/../docs/example-pack.toml", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let text = text.replace("who = [{ rank = \"staff\" }]", "who = [{ rank = \"staff\" }, { rank = \"head\" }]");
    learned(&text.replace("found_later = { costs = \"period_found\" }\n", found_later))
}

struct Office {
    pack: &'static Pack,
    server: Server,
    official: Device,
    head: Device,
    chair: Device,
    keeper: Device,
    minute: u64,
}

impl Office {
    /// October of the official is decided and made known: 92 points.
    fn decided(found_later: &str) -> Self {
        let pack = rules(found_later);
        let mut server = Server::new();
        let mut clerk = Device::new(PersonId::SYSTEM, 99);
        for payload in founding().into_iter().filter(|payload| !matches!(payload, Payload::AdoptPack(_))) {
            clerk.act(Target::Org, payload, at(0)).unwrap();
        }
        let from = Day::parse("2026-03-01").unwrap();
        let adopted = PackAdoption { id: pack.id.clone(), pack: pack.hash, from, ..adoption() };
        clerk.act(Target::Org, Payload::AdoptPack(adopted), at(0)).unwrap();
        clerk.sync(&mut server, at(0));
        let [official, head, chair] = official_head_chair();
        let keeper = Device::new(person(7), 7);
        let mut office = Self { pack, server, official, head, chair, keeper, minute: 1 };
        office.self_scored(OCTOBER);
        office.judged(OCTOBER);
        office
    }

    fn key(&self, who: u8, period: Period) -> CardKey {
        CardKey { subject: person(who).into(), period, pack: self.pack.hash }
    }

    fn state(&self) -> &State {
        self.server.log_state.state()
    }

    fn card(&self) -> &Card {
        self.state().card(&self.key(5, OCTOBER)).unwrap()
    }

    fn act(&mut self, who: u8, key: CardKey, payload: Payload) -> Result<OpId, Refusal> {
        self.minute += 1;
        let minute = at(self.minute);
        let device = match who {
            5 => &mut self.official,
            4 => &mut self.head,
            2 => &mut self.chair,
            _ => &mut self.keeper,
        };
        device.sync(&mut self.server, minute);
        let done = device.act(Target::Card(key), payload, minute)?;
        device.sync(&mut self.server, minute);
        let verdict = self.server.receipts[&done].decode().unwrap().verdict;
        assert!(verdict.counts(), "the server judges as the device: {verdict:?}");
        Ok(done)
    }

    fn self_scored(&mut self, period: Period) {
        let key = self.key(5, period);
        let mut line = new_line("A", "1", "4");
        line.due = None;
        let work = self.act(4, key.clone(), Payload::AssignWork(vec![line])).unwrap();
        let done = shared::op::Progress { finished: None, ..done("4") };
        self.act(5, key.clone(), Payload::ReportProgress { line: LineId::new(work, 0), progress: done }).unwrap();
        self.act(
            5,
            key,
            Payload::SubmitSelfScore(SelfScore { marks: marks(), facts: facts(), ..SelfScore::default() }),
        )
        .unwrap();
    }

    /// The head marks, the chair decides, the keeper makes it known.
    fn judged(&mut self, period: Period) {
        let key = self.key(5, period);
        let marked = Appraisal { marks: marks(), facts: facts(), ..Appraisal::default() };
        self.act(4, key.clone(), Payload::Appraise(MARK, marked)).unwrap();
        let decision = self.state().approval(&key).unwrap();
        let class = decision.class.clone();
        self.act(2, key.clone(), Payload::Approve(DECIDE, decision)).unwrap();
        self.act(7, key, Payload::Publish(Publication { class, document: None })).unwrap();
    }

    fn record(&mut self, who: u8, fault: Fault) -> Result<OpId, Refusal> {
        self.act(who, self.key(5, OCTOBER), Payload::RecordFault(fault))
    }

    fn total(&self, who: u8, period: Period, side: Side) -> String {
        let outcome = self.state().outcome(&self.key(who, period), side).unwrap();
        outcome.unwrap_or_else(|errors| panic!("{errors:?}")).total.unwrap().exact.to_string()
    }
}

fn marks() -> shared::sorted_map::Map<String, Mark> {
    let marks = [("I.1", "8"), ("I.2", "8"), ("II.1", "10"), ("II.2", "6")];
    let mark = |(code, value): (&str, &str)| (code.to_owned(), Mark { value: number(value), reason: String::new() });
    marks.map(mark).into_iter().collect()
}

fn facts() -> shared::sorted_map::Map<String, FactValue> {
    named(&[("dossiers_on_time_share", FactValue::Number(number("1")))])
}

fn complaint(reopens: Option<StepPlace>) -> Fault {
    let evidence = "Kết luận 12/KL-UBND".to_owned();
    let event = EventStated { count: 1, day: Day::parse("2026-10-15"), evidence, ..EventStated::default() };
    Fault { code: "complaint".to_owned(), event, reopens }
}

/// Đ.4 of the example: "trừ vào tháng có kết luận".
#[test]
fn what_is_found_later_costs_the_month_in_which_it_is_found() {
    let mut office = Office::decided("found_later = { costs = \"period_found\" }\n");
    office.minute = LATER;
    for who in [5, 4, 7] {
        assert_eq!(office.record(who, complaint(None)).unwrap_err().code, RefusalCode::NotEntitled, "{who}");
    }
    let fault = office.record(2, complaint(None)).unwrap();
    assert_eq!(office.card().stage(), Stage::Published, "the result of October stands");
    assert_eq!(office.card().approval().unwrap().total, Some(number("92")));
    assert_eq!(office.card().faults().count(), 1, "and shows what was found");

    office.self_scored(NOVEMBER);
    assert_eq!(office.total(5, NOVEMBER, Side::SelfScored), "92", "what the person claims is the person's own");
    office.minute = MONTH_END;
    office.judged(NOVEMBER);
    let november = office.key(5, NOVEMBER);
    assert_eq!(office.total(5, NOVEMBER, Side::Appraised), "90");
    let input = office.state().input(&november, Side::Appraised).unwrap();
    assert_eq!(input.events[0].evidence, "2026-10: Kết luận 12/KL-UBND", "the number explains itself");

    let reason = "Kết luận đã bị hủy".to_owned();
    let lift = |reason: String| Payload::LiftFault { fault, reason };
    let october = office.key(5, OCTOBER);
    assert_eq!(office.act(2, october.clone(), lift(String::new())).unwrap_err().code, RefusalCode::ReasonRequired);
    for who in [5, 4, 7] {
        let refused = office.act(who, october.clone(), lift(reason.clone())).unwrap_err();
        assert_eq!(refused.code, RefusalCode::NotEntitled, "{who}");
    }
    office.act(2, october.clone(), lift(reason.clone())).unwrap();
    assert!(office.act(2, october, lift(reason)).is_err(), "once");
    assert_eq!(office.total(5, NOVEMBER, Side::Appraised), "92");
    assert_eq!(
        office.state().card(&november).unwrap().approval().unwrap().total,
        Some(number("90")),
        "as it was signed"
    );
}

/// As Đ.21(3) of Decree 335/2025 has it for the year: a new decision takes the place of the one before.
#[test]
fn where_the_text_says_so_the_earlier_result_is_made_anew() {
    let mut office = Office::decided("found_later = { costs = \"period_happened\" }\n");
    office.minute = LATER;
    let refused = office.record(2, complaint(None)).unwrap_err();
    assert_eq!((refused.code, refused.field.as_str()), (RefusalCode::OutOfRange, "reopens"));
    office.record(2, complaint(Some(MARK))).unwrap();
    assert_eq!(office.card().stage(), Stage::SelfScored, "the head marks again");
    let earlier = office.card().earlier();
    assert_eq!(earlier.len(), 1);
    office.judged(OCTOBER);
    assert_eq!(
        office.card().approval().unwrap().total,
        Some(number("90")),
        "nobody has to state it, and nobody leaves it out"
    );
    assert_eq!(office.total(5, OCTOBER, Side::SelfScored), "92", "what the person had claimed stays");
    assert_eq!(office.state().earlier_results(person(5), &office.key(5, OCTOBER)).len(), 1, "both are readable");
    assert!(office.state().faults_on(&office.key(5, NOVEMBER)).is_empty(), "it costs no other month");
}

#[test]
fn it_costs_the_head_where_the_text_names_the_head() {
    let mut office = Office::decided("found_later = { costs = \"period_found\", whom = [\"head\"] }\n");
    office.minute = LATER;
    office.record(2, complaint(None)).unwrap();
    let borne = |who| office.state().faults_on(&office.key(who, NOVEMBER)).len();
    assert_eq!((borne(4), borne(5), borne(2)), (1, 0, 0));
    let next = CardKey { period: NOVEMBER.next(), ..office.key(4, NOVEMBER) };
    assert!(office.state().faults_on(&next).is_empty(), "once");
}

#[test]
fn what_cannot_be_recorded() {
    let with = |change: fn(&mut Fault)| {
        let mut fault = complaint(None);
        change(&mut fault);
        fault
    };
    let table: &[(Fault, RefusalCode, &str)] = &[
        (with(|fault| fault.code = "fire".to_owned()), RefusalCode::Unknown, "events.fire"),
        (with(|fault| fault.event.count = 0), RefusalCode::OutOfRange, "events.complaint.count"),
        (with(|fault| fault.event.evidence = " ".to_owned()), RefusalCode::ReasonRequired, "events.complaint.evidence"),
        (with(|fault| fault.event.day = Day::parse("2026-09-30")), RefusalCode::OutOfRange, "events.complaint.day"),
        (with(|fault| fault.reopens = Some(MARK)), RefusalCode::OutOfRange, "reopens"),
    ];
    let mut office = Office::decided("found_later = { costs = \"period_found\" }\n");
    for (fault, code, field) in table {
        let refused = office.record(2, fault.clone()).unwrap_err();
        assert_eq!((refused.code, refused.field.as_str()), (*code, *field));
    }
    let mut office = Office::decided("");
    let refused = office.record(2, complaint(None)).unwrap_err();
    assert_eq!(refused.code, RefusalCode::Unknown, "the text says nothing of it");
    let november = office.key(5, NOVEMBER);
    let refused = office.act(2, november, Payload::RecordFault(complaint(None))).unwrap_err();
    assert_eq!(refused.code, RefusalCode::WrongStage, "before a decision it is an event like others");
}

/// Others bear a fault only where it is found, and only what costs points is a fault.
#[test]
fn what_a_pack_may_say_of_it() {
    let text = fs::read_to_string(format!("{}/../docs/example-pack.toml", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let findings = |from: &str, to: &str| {
        let found = pack::read_toml(&text.replace(from, to)).err().unwrap_or_default();
        found.into_iter().map(|finding| finding.field).collect::<Vec<_>>()
    };
    let said = "found_later = { costs = \"period_found\" }";
    let nobody = "found_later = { costs = \"period_found\", whom = [] }";
    let head = "found_later = { costs = \"period_happened\", whom = [\"subject\", \"head\"] }";
    assert_eq!(findings(said, said), Vec::<String>::new());
    assert_eq!(findings(said, nobody), ["events[0].found_later.whom"]);
    assert_eq!(findings(said, head), ["events[0].found_later.whom"]);
    for points in ["points = 2", "stated = { min = -5, max = -1 }"] {
        let found = findings("points = -2", points);
        assert!(found.contains(&"events[0].found_later".to_owned()), "{points}: {found:?}");
    }
}

/// Found on the 28th of a month that was decided before its end, it counts in the next one: nothing is lost between them.
#[test]
fn what_is_found_before_the_period_is_over_counts_in_the_next_one() {
    let mut office = Office::decided("found_later = { costs = \"period_found\" }\n");
    office.record(2, complaint(None)).unwrap();
    assert!(office.state().faults_on(&office.key(5, OCTOBER)).is_empty(), "October is decided");
    assert_eq!(office.state().faults_on(&office.key(5, NOVEMBER)).len(), 1);
}

/// What shows a fault is as long as a note may be. With what was stated of the same event it would be longer than the engine
/// takes, and the card could never be scored.
#[test]
fn long_words_do_not_stop_the_reckoning() {
    let mut office = Office::decided("found_later = { costs = \"period_found\" }\n");
    office.minute = LATER;
    let mut fault = complaint(None);
    fault.event.evidence = "ă".repeat(NOTE_CHARS_MAX);
    office.record(2, fault.clone()).unwrap();
    fault.event.evidence.replace_range(.."ă".len(), "â");
    office.record(2, fault).unwrap();
    office.self_scored(NOVEMBER);
    office.minute = MONTH_END;
    office.judged(NOVEMBER);
    assert_eq!(office.total(5, NOVEMBER, Side::Appraised), "88");
}
