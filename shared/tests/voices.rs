//! Stories of what is said on a card: opinions and votes before the decision, an acknowledgement, an objection to the result
//! and its answer.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod common;

use common::*;
use shared::card::Card;
use shared::fixture;
use shared::ids::{LineId, MandateId, OpId, PersonId, StepPlace};
use shared::op::{Approval, CardKey, Payload, Publication, Refusal, RefusalCode, Register, Says, Stage, Target, Voice};
use shared::org::{Mandate, Task};
use shared::pack::{Pack, PackAdoption};
use shared::state::{State, StepStatus};
use shared::time::{Day, Millis};

const OPINE: StepPlace = StepPlace(4);
const MEETING: StepPlace = StepPlace(5);
const DECIDE: StepPlace = StepPlace(6);
const RECEIVED: StepPlace = StepPlace(8);
const OBJECT: StepPlace = StepPlace(9);
const ANSWER: StepPlace = StepPlace(10);

/// Between the marks and the decision: the deputy heads of the agency give an opinion, a meeting votes openly.
const BEFORE: &str = r#"[[bodies]]
id = "meeting"
title.vi = "Cuộc họp xét"
title.en = "Meeting"
clause = "Đ.21"

[[steps]]
id = "opine"
verb = "opine"
title.vi = "Cấp phó cho ý kiến"
title.en = "The deputies give an opinion"
clause = "Đ.21"
after = ["appraise"]
by = [{ deputy = "agency" }]

[[steps]]
id = "meeting"
verb = "vote"
title.vi = "Họp, biểu quyết"
title.en = "The meeting votes"
clause = "Đ.21"
after = ["appraise"]
by = [{ member = "meeting" }]
per = "actor"
quorum = "2/3"
blind = true

[[steps]]
id = "approve""#;

/// After the notice: an acknowledgement, an objection within five working days, an answer within seven (Đ.22).
const AFTER: &str = r#"
[[steps]]
id = "received"
verb = "confirm"
title.vi = "Xác nhận đã nhận thông báo"
title.en = "Acknowledge the notice"
clause = "Đ.22"
after = ["publish"]
by = ["subject"]

[[steps]]
id = "object"
verb = "object"
title.vi = "Kiến nghị"
title.en = "Object"
clause = "Đ.22"
after = ["publish"]
by = ["subject"]
due = { by = 5, of = "step", working_days = true }

[[steps]]
id = "answer"
verb = "answer"
title.vi = "Giải quyết kiến nghị"
title.en = "Answer the objection"
clause = "Đ.22 (07 ngày làm việc kể từ ngày nhận được kiến nghị)"
after = ["object"]
by = [{ any_of = [{ head = "agency" }, { deputy = "agency" }] }]
reopens = "appraise"
due = { by = 7, of = "step", working_days = true }
"#;

fn rules() -> &'static Pack {
    let text = include_str!("../packs/nd335-congchuc.toml");
    let text = text.replace("[[steps]]\nid = \"approve\"", BEFORE);
    let text = text.replace(
        "after = [\"appraise\"]\nby = [{ head = \"agency\" }]",
        "after = [\"opine\", \"meeting\"]\nby = [{ head = \"agency\" }]",
    );
    learned(&(text + AFTER))
}

/// So many days after 20 October 2026, a Tuesday, at ten.
fn days(days: u64) -> Millis {
    at(days * 24 * 60)
}

fn the_key() -> CardKey {
    CardKey { pack: rules().hash, ..key(5) }
}

fn target() -> Target {
    Target::Card(the_key())
}

/// The commune lives by these rules. 4 (who marks), 6, 7 and 5 (who is scored) sit in the meeting.
fn commune() -> Server {
    let mut server = Server::new();
    let mut clerk = Device::new(PersonId::SYSTEM, 99);
    let founding = founding().into_iter().filter(|payload| !matches!(payload, Payload::AdoptPack(_)));
    let adoption = PackAdoption { pack: rules().hash, ..fixture::adoption() };
    let seat = |n| {
        let (id, word, decision) = (MandateId::from_bytes([n; 16]), "meeting".to_owned(), "QĐ 5".to_owned());
        let (person, unit, task, subject) = (person(n), unit(2), Task::Member, None);
        let from = Day::parse("2026-01-01").unwrap();
        Payload::PutMandate(Mandate { id, person, unit, task, word, subject, from, to: None, decision })
    };
    for payload in founding.chain([Payload::AdoptPack(adoption)]).chain([4, 5, 6, 7].map(seat)) {
        clerk.act(Target::Org, payload, at(0)).unwrap();
    }
    clerk.sync(&mut server, at(0));
    server
}

fn device(server: &mut Server, n: u8) -> Device {
    let mut device = Device::new(person(n), n);
    device.sync(server, at(1));
    device
}

fn say(device: &mut Device, place: StepPlace, says: Says, words: &str, now: Millis) -> Result<OpId, Refusal> {
    let voice = device.replica.view().voice(&the_key(), place, says, words).expect("something is said in this step");
    device.act(target(), Payload::Speak(place, voice), now)
}

/// The head of the office marks the first row.
fn mark(head: &mut Device, value: &str, reason: &str, now: Millis) {
    let marks = confirming_on(head, &the_key(), appraisal("I.1", value, reason));
    head.act(target(), Payload::Appraise(APPRAISE, marks), now).unwrap();
}

fn decision(device: &Device) -> Payload {
    let approval: Approval = device.replica.view().approval(&the_key()).unwrap();
    Payload::Approve(DECIDE, approval)
}

/// The official has scored and the head of the office has marked.
fn marked() -> (Server, Device, Device) {
    let mut server = commune();
    let mut official = device(&mut server, 5);
    let planned = official.act(target(), Payload::AssignWork(vec![new_line("1", "2", "5")]), at(2)).unwrap();
    let report = Payload::ReportProgress { line: LineId::new(planned, 0), progress: done("5") };
    official.act(target(), report, at(2)).unwrap();
    official.act(target(), Payload::SubmitSelfScore(self_score()), at(2)).unwrap();
    official.sync(&mut server, at(3));
    let mut head = device(&mut server, 4);
    mark(&mut head, "4", "Chậm hai văn bản", at(4));
    head.sync(&mut server, at(5));
    (server, official, head)
}

/// Everybody was heard, the chairman has decided and the personnel officer has published, on 20 October.
fn published() -> (Server, Device, Device) {
    let (mut server, mut official, mut head) = marked();
    let mut deputy = device(&mut server, 3);
    say(&mut deputy, OPINE, Says::Opinion, "Nhất trí", at(6)).unwrap();
    deputy.sync(&mut server, at(7));
    let mut member = device(&mut server, 6);
    for device in [&mut head, &mut member] {
        say(device, MEETING, Says::For, "", at(8)).unwrap();
        device.sync(&mut server, at(9));
    }
    let mut chairman = device(&mut server, 2);
    let act = decision(&chairman);
    chairman.act(target(), act, at(10)).unwrap();
    chairman.sync(&mut server, at(11));
    let mut officer = device(&mut server, 7);
    let class = officer.replica.view().card(&the_key()).unwrap().approval().unwrap().class.clone();
    officer.act(target(), Payload::Publish(Publication { class, document: None }), at(12)).unwrap();
    officer.sync(&mut server, at(13));
    official.sync(&mut server, at(14));
    chairman.sync(&mut server, at(14));
    (server, official, chairman)
}

fn the_card(server: &Server) -> &Card {
    server.log_state.state().card(&the_key()).unwrap()
}

/// What the server said of the last act of a device.
fn told(device: &Device) -> Option<Refusal> {
    device.replica.own().last()?.receipt.as_ref()?.verdict.refusal().cloned()
}

fn status(state: &State, reader: u8, id: &str, day: &str) -> (StepStatus, Option<Day>) {
    let steps = state.steps_of(person(reader), &the_key(), Day::parse(day).unwrap());
    let step = steps.into_iter().find(|one| one.step.id == id).unwrap();
    (step.status, step.due)
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// The decision waits for the opinion and for two thirds of the meeting. One member is away; the subject has no vote on the own
/// card. Whoever decides signs what was said, and has seen it.
#[test]
fn opinions_and_votes_come_before_the_decision() {
    let (mut server, mut official, mut head) = marked();
    let mut chairman = device(&mut server, 2);
    let early = decision(&chairman);
    let refused = chairman.act(target(), early, at(6)).unwrap_err();
    assert_eq!((refused.code, refused.field.as_str()), (RefusalCode::Missing, "voices.opine"));
    assert!(!chairman.replica.view().deciding_heard(&the_key(), person(2)).unwrap().ready);

    let mut deputy = device(&mut server, 3);
    let mut member = device(&mut server, 6);
    assert_eq!(say(&mut deputy, OPINE, Says::Opinion, " ", at(6)).unwrap_err().code, RefusalCode::ReasonRequired);
    let proposal =
        Voice { class: "HTT".to_owned(), ..deputy.replica.view().voice(&the_key(), OPINE, Says::Opinion, "").unwrap() };
    deputy.act(target(), Payload::Speak(OPINE, proposal), at(6)).unwrap();
    say(&mut head, MEETING, Says::For, "", at(6)).unwrap();
    let unknown =
        Voice { class: "Z".to_owned(), ..member.replica.view().voice(&the_key(), MEETING, Says::Class, "").unwrap() };
    let refused = member.act(target(), Payload::Speak(MEETING, unknown), at(6)).unwrap_err();
    assert_eq!((refused.code, refused.field.as_str()), (RefusalCode::OutOfRange, "class"));
    assert!(refused.allowed.to_string().contains("HTXS"), "{refused}");
    for device in [&mut deputy, &mut head] {
        device.sync(&mut server, at(7));
    }
    chairman.sync(&mut server, at(8));
    let act = decision(&chairman);
    assert_eq!(chairman.act(target(), act, at(8)).unwrap_err().field, "voices.meeting", "one of three is not enough");
    let sees = |server: &Server, reader, who| {
        server.log_state.state().may_see(person(reader), &the_key(), &Register::Voice(MEETING, Some(person(who))))
    };
    assert!(!sees(&server, 6, 4), "a blind vote");
    assert!(!sees(&server, 5, 4), "the subject reads nothing before the publication");

    say(&mut member, MEETING, Says::Against, "Chưa đủ minh chứng", at(9)).unwrap();
    member.sync(&mut server, at(10));
    assert!(sees(&server, 6, 4) && sees(&server, 2, 6), "enough have voted");
    // The chairman has not seen the second vote.
    chairman.sync(&mut server, at(10));
    let act = decision(&chairman);
    say(&mut member, MEETING, Says::For, "", at(11)).unwrap();
    chairman.act(target(), act, at(11)).unwrap();
    member.sync(&mut server, at(12));
    chairman.sync(&mut server, at(13));
    assert_eq!(told(&chairman).unwrap().code, RefusalCode::Stale, "a vote was changed meanwhile");
    let act = decision(&chairman);
    chairman.act(target(), act, at(14)).unwrap();
    chairman.sync(&mut server, at(15));
    assert_eq!(the_card(&server).stage(), Stage::Approved);

    // The third member comes too late, and is told.
    let mut late = device(&mut server, 7);
    assert_eq!(say(&mut late, MEETING, Says::Against, "", at(16)).unwrap_err().code, RefusalCode::WrongStage);
    official.sync(&mut server, at(17));
    assert_eq!(say(&mut official, MEETING, Says::For, "", at(17)).unwrap_err().code, RefusalCode::NotEntitled);
}

/// Who marks anew after the vote asks for another vote: what was said was said about other marks.
#[test]
fn a_vote_is_about_the_marks_that_its_author_saw() {
    let (mut server, _, mut head) = marked();
    let mut member = device(&mut server, 6);
    for device in [&mut head, &mut member] {
        say(device, MEETING, Says::For, "", at(6)).unwrap();
        device.sync(&mut server, at(7));
    }
    head.sync(&mut server, at(8));
    mark(&mut head, "3", "Chậm ba văn bản", at(9));
    head.sync(&mut server, at(10));
    let steps = server.log_state.state().steps_of(person(2), &the_key(), day("2026-10-20"));
    assert_eq!(steps.iter().find(|one| one.step.id == "meeting").unwrap().marked, Some((0, 3)));
    say(&mut member, MEETING, Says::For, "", at(11)).unwrap();
    member.sync(&mut server, at(12));
    assert_eq!(told(&member).unwrap().code, RefusalCode::Stale, "it voted on the marks of before");
    say(&mut member, MEETING, Says::For, "", at(13)).unwrap();
    member.sync(&mut server, at(14));
    assert_eq!(told(&member), None);
}

/// Published on Tuesday 20 October: five working days end on Tuesday 27 October.
#[test]
fn an_objection_comes_within_its_window() {
    let (mut server, mut official, mut chairman) = published();
    assert_eq!(status(official.replica.view(), 5, "object", "2026-10-21"), (StepStatus::Open, Some(day("2026-10-27"))));
    assert_eq!(status(official.replica.view(), 5, "answer", "2026-10-21").0, StepStatus::Waiting);
    assert_eq!(status(official.replica.view(), 5, "object", "2026-10-28").0, StepStatus::Skipped);
    assert_eq!(status(official.replica.view(), 5, "answer", "2026-10-28").0, StepStatus::Skipped);

    assert_eq!(say(&mut official, OBJECT, Says::Objection, "", days(7)).unwrap_err().code, RefusalCode::ReasonRequired);
    let late = say(&mut official, OBJECT, Says::Objection, "Đã nộp đúng hạn", days(8)).unwrap_err();
    assert_eq!(late.code, RefusalCode::TooLate);
    assert_eq!(late.allowed.to_string(), "2026-10-27", "it names the last day");
    let mut other = device(&mut server, 6);
    assert_eq!(
        say(&mut other, OBJECT, Says::Objection, "Thay bạn", days(1)).unwrap_err().code,
        RefusalCode::NotEntitled
    );

    say(&mut official, OBJECT, Says::Objection, "Đã nộp đúng hạn", days(7)).unwrap();
    official.sync(&mut server, days(7));
    assert_eq!(told(&official), None);
    chairman.sync(&mut server, days(7));
    // Seven working days after the 27th.
    assert_eq!(status(chairman.replica.view(), 2, "answer", "2026-10-28"), (StepStatus::Open, Some(day("2026-11-05"))));
    assert!(the_card(&server).publication().is_some(), "until it is answered, nothing changes");
}

/// Written without a network within the window, it counts whenever it arrives: the act lies between the last answer of the
/// server to this device and its arrival. The clock of the author shows, beside the day of arrival.
#[test]
fn an_objection_written_offline_counts_when_it_arrives_later() {
    let (mut server, mut official, _) = published();
    say(&mut official, OBJECT, Says::Objection, "Đã nộp đúng hạn", days(3)).unwrap();
    official.sync(&mut server, days(30));
    assert_eq!(told(&official), None);
    let version = the_card(&server).current(&Register::Voice(OBJECT, None)).unwrap();
    assert_eq!((version.at.at.day(), version.arrived_later()), (day("2026-10-23"), Some(day("2026-11-19"))));

    // A clock that is set back does not help once the device has heard from the server.
    let (mut server, mut official, _) = published();
    official.sync(&mut server, days(9));
    let late = say(&mut official, OBJECT, Says::Objection, "Đã nộp đúng hạn", days(3)).unwrap_err();
    assert_eq!((late.code, late.found.to_string()), (RefusalCode::TooLate, "2026-10-29".to_owned()));
}

/// Until it is answered, the subject may say it in other words, or take it back.
#[test]
fn an_objection_is_taken_back_before_it_is_answered() {
    let (mut server, mut official, mut chairman) = published();
    say(&mut official, OBJECT, Says::Objection, "Thiếu điểm mục I.1", days(1)).unwrap();
    say(&mut official, OBJECT, Says::Objection, "Thiếu điểm mục I.1, có biên bản", days(1)).unwrap();
    official.sync(&mut server, days(1));
    chairman.sync(&mut server, days(1));
    say(&mut official, OBJECT, Says::Withdrawn, "Đã được giải thích", days(2)).unwrap();
    say(&mut chairman, ANSWER, Says::Refused, "Không có biên bản", days(2)).unwrap();
    official.sync(&mut server, days(2));
    chairman.sync(&mut server, days(2));
    assert!(told(&chairman).is_some(), "there is nothing to answer any more");
    assert_eq!(status(server.log_state.state(), 5, "object", "2026-10-22").0, StepStatus::Open, "within the window");
    say(&mut official, OBJECT, Says::Objection, "Vẫn đề nghị xem lại", days(3)).unwrap();
    official.sync(&mut server, days(3));
    chairman.sync(&mut server, days(3));
    say(&mut chairman, ANSWER, Says::Refused, "Không có biên bản", days(4)).unwrap();
    chairman.sync(&mut server, days(4));
    official.sync(&mut server, days(4));
    let back = say(&mut official, OBJECT, Says::Withdrawn, "", days(4)).unwrap_err();
    assert_eq!(back.code, RefusalCode::WrongStage, "it is answered");
}

/// The answer gives its grounds. Refused, the result stands.
#[test]
fn a_refused_objection_leaves_the_result() {
    let (mut server, mut official, mut chairman) = published();
    let answer = |device: &mut Device, words: &str| say(device, ANSWER, Says::Refused, words, days(2));
    assert_eq!(answer(&mut chairman, "Không có").unwrap_err().field, "voices.object", "nobody objected");
    say(&mut official, OBJECT, Says::Objection, "Đã nộp đúng hạn", days(1)).unwrap();
    official.sync(&mut server, days(1));
    let own = say(&mut official, ANSWER, Says::Upheld, "Đúng", days(1)).unwrap_err();
    assert_eq!(own.code, RefusalCode::NotEntitled, "nobody answers the own objection");
    let mut head = device(&mut server, 4);
    assert_eq!(answer(&mut head, "Không").unwrap_err().code, RefusalCode::NotEntitled);
    chairman.sync(&mut server, days(2));
    assert_eq!(answer(&mut chairman, "  ").unwrap_err().code, RefusalCode::ReasonRequired);
    answer(&mut chairman, "Văn bản đến ngày 27, quá hạn hai ngày").unwrap();
    chairman.sync(&mut server, days(2));
    official.sync(&mut server, days(3));
    let card = the_card(&server);
    assert_eq!((card.stage(), card.earlier().len()), (Stage::Published, 0));
    let (_, said) = card.voice_in(&Register::Voice(ANSWER, None)).unwrap();
    assert_eq!(said.words, "Văn bản đến ngày 27, quá hạn hai ngày");
    let state = official.replica.view();
    assert!(state.may_see(person(5), &the_key(), &Register::Voice(ANSWER, None)), "the subject reads the answer");
    assert_eq!(status(state, 5, "answer", "2026-10-23").0, StepStatus::Done(Some((person(2), day("2026-10-22")))));
    assert_eq!(answer(&mut chairman, "Lần hai").unwrap_err().code, RefusalCode::WrongStage, "it is answered once");
}

/// Upheld, the card is marked anew. The published result stays beside the new one, for the subject and whoever may read the card.
#[test]
fn an_upheld_objection_reopens_the_step_and_both_results_stay() {
    let (mut server, mut official, mut chairman) = published();
    let before = the_card(&server).approval().unwrap().total.clone();
    say(&mut official, OBJECT, Says::Objection, "Đã nộp đúng hạn", days(1)).unwrap();
    official.sync(&mut server, days(1));
    chairman.sync(&mut server, days(2));
    let forged = Voice {
        reopens: Some(DECIDE),
        ..chairman.replica.view().voice(&the_key(), ANSWER, Says::Upheld, "Đúng").unwrap()
    };
    let refused = chairman.act(target(), Payload::Speak(ANSWER, forged), days(2)).unwrap_err();
    assert_eq!(refused.field, "reopens", "the pack says what is done anew");
    say(&mut chairman, ANSWER, Says::Upheld, "Có dấu công văn đến ngày 24", days(2)).unwrap();
    chairman.sync(&mut server, days(2));
    let card = the_card(&server);
    assert_eq!(card.stage(), Stage::SelfScored, "marks, decision and publication are gone");
    assert_eq!(card.earlier().len(), 1);
    official.sync(&mut server, days(2));
    let steps = |id| status(official.replica.view(), 5, id, "2026-10-22").0;
    assert!(matches!(steps("appraise"), StepStatus::Open) && matches!(steps("publish"), StepStatus::Waiting));
    assert!(matches!(steps("object"), StepStatus::Waiting) && matches!(steps("answer"), StepStatus::Waiting));
    assert!(official.replica.view().result_for(person(5), &the_key()).decided.is_none());

    let mut head = device(&mut server, 4);
    mark(&mut head, "5", "Đúng hạn", days(3));
    say(&mut head, MEETING, Says::For, "", days(3)).unwrap();
    head.sync(&mut server, days(3));
    for (n, place, says, words) in [(6, MEETING, Says::For, ""), (3, OPINE, Says::Opinion, "Nhất trí")] {
        let mut one = device(&mut server, n);
        say(&mut one, place, says, words, days(3)).unwrap();
        one.sync(&mut server, days(3));
    }
    chairman.sync(&mut server, days(4));
    let act = decision(&chairman);
    chairman.act(target(), act, days(4)).unwrap();
    chairman.sync(&mut server, days(4));
    let mut officer = device(&mut server, 7);
    let class = officer.replica.view().card(&the_key()).unwrap().approval().unwrap().class.clone();
    officer.act(target(), Payload::Publish(Publication { class, document: None }), days(5)).unwrap();
    officer.sync(&mut server, days(5));
    official.sync(&mut server, days(5));

    let state = official.replica.view();
    let after = state.result_for(person(5), &the_key()).decided.unwrap().result.total;
    assert_ne!(after, before);
    for reader in [5, 4, 2, 7] {
        let [earlier] = state.earlier_results(person(reader), &the_key()) else { panic!("{reader}") };
        let shared::card::Value::Approval(old) = &earlier.decision.value else { panic!("a decision") };
        assert_eq!(old.total, before);
        assert_eq!(earlier.objection.as_ref().unwrap().voice().unwrap().words, "Đã nộp đúng hạn");
        assert_eq!(earlier.answer.as_ref().unwrap().voice().unwrap().words, "Có dấu công văn đến ngày 24");
        assert_eq!(earlier.answer.as_ref().unwrap().actor, person(2));
    }
    assert!(state.earlier_results(person(6), &the_key()).len() == 1, "a member of the meeting reads the card");
    assert_eq!(state.earlier_results(PersonId::from_bytes([42; 16]), &the_key()).len(), 0);
    // The new result was made known on the 25th, a Sunday: it may be objected to as well, until Friday the 30th.
    assert_eq!(status(state, 5, "object", "2026-10-26"), (StepStatus::Open, Some(day("2026-10-30"))));
    say(&mut official, OBJECT, Says::Objection, "Còn mục II.1", days(6)).unwrap();
    official.sync(&mut server, days(6));
    assert_eq!(told(&official), None);
    assert_eq!(official.replica.view().card_hash(&the_key()), server.log_state.state().card_hash(&the_key()));
    assert_eq!(the_card(&server).earlier(), server.copied().log_state.state().card(&the_key()).unwrap().earlier());
}

/// Two who may answer do so without each other. Both answers are kept, and one of them chooses. Only an answer that counts
/// reopens anything.
#[test]
fn two_answers_wait_for_a_choice() {
    let (mut server, mut official, mut chairman) = published();
    say(&mut official, OBJECT, Says::Objection, "Đã nộp đúng hạn", days(1)).unwrap();
    official.sync(&mut server, days(1));
    let mut deputy = device(&mut server, 3);
    chairman.sync(&mut server, days(2));
    deputy.sync(&mut server, days(2));
    say(&mut deputy, ANSWER, Says::Refused, "Văn bản đến muộn", days(2)).unwrap();
    let upheld = say(&mut chairman, ANSWER, Says::Upheld, "Có dấu công văn đến", days(2)).unwrap();
    deputy.sync(&mut server, days(2));
    chairman.sync(&mut server, days(3));
    let answer = Register::Voice(ANSWER, None);
    let card = the_card(&server);
    assert!(card.is_contested(&answer));
    assert_eq!(card.stage(), Stage::Published, "nothing is reopened while two answers stand");
    assert_eq!(status(server.log_state.state(), 2, "answer", "2026-10-23").0, StepStatus::Open);
    let choose =
        |reason: &str| Payload::Resolve { register: answer.clone(), choice: upheld, reason: reason.to_owned() };
    official.sync(&mut server, days(3));
    let own = official.act(target(), choose(""), days(3)).unwrap_err();
    assert_eq!(own.code, RefusalCode::NotEntitled, "not the subject");
    chairman.act(target(), choose("Đã kiểm tra sổ công văn đến"), days(3)).unwrap();
    chairman.sync(&mut server, days(3));
    let card = the_card(&server);
    assert_eq!((card.stage(), card.earlier().len()), (Stage::SelfScored, 1));
    let kept = card.earlier()[0].answer.as_ref().unwrap();
    assert_eq!(kept.voice().unwrap().words, "Có dấu công văn đến");

    // Where the answer that upholds comes first, there is nothing left that another could refuse.
    let (mut server, mut official, mut chairman) = published();
    say(&mut official, OBJECT, Says::Objection, "Đã nộp đúng hạn", days(1)).unwrap();
    official.sync(&mut server, days(1));
    let mut deputy = device(&mut server, 3);
    chairman.sync(&mut server, days(2));
    deputy.sync(&mut server, days(2));
    say(&mut deputy, ANSWER, Says::Refused, "Văn bản đến muộn", days(2)).unwrap();
    say(&mut chairman, ANSWER, Says::Upheld, "Có dấu công văn đến", days(2)).unwrap();
    chairman.sync(&mut server, days(3));
    deputy.sync(&mut server, days(3));
    assert_eq!(told(&deputy).unwrap().code, RefusalCode::WrongStage);
    assert_eq!(the_card(&server).stage(), Stage::SelfScored);
}

/// The subject acknowledges the notice, once; nobody else does.
#[test]
fn the_notice_is_acknowledged_once() {
    let (mut server, mut official, mut chairman) = published();
    assert_eq!(say(&mut chairman, RECEIVED, Says::Confirmed, "", days(1)).unwrap_err().code, RefusalCode::NotEntitled);
    say(&mut official, RECEIVED, Says::Confirmed, "", days(1)).unwrap();
    official.sync(&mut server, days(1));
    assert_eq!(told(&official), None);
    assert_eq!(say(&mut official, RECEIVED, Says::Confirmed, "", days(1)).unwrap_err().code, RefusalCode::WrongStage);
    let state = server.log_state.state();
    assert_eq!(status(state, 2, "received", "2026-10-22").0, StepStatus::Done(Some((person(5), day("2026-10-21")))));
    let objecting = state.voice(&the_key(), RECEIVED, Says::Objection, "Không");
    assert!(objecting.is_none(), "a step hears its own kind only");
    let wrong = Payload::Speak(RECEIVED, Voice::new(Says::Objection, "Không"));
    assert_eq!(official.act(target(), wrong, days(1)).unwrap_err().code, RefusalCode::NotEntitled);
}

/// Whoever signs may send a published card back, as before. Its result stays readable as well.
#[test]
fn a_published_result_that_is_sent_back_stays_readable() {
    let (mut server, mut official, mut chairman) = published();
    let back = Payload::ReturnCard { to: Stage::SelfScored, reason: "Nhập nhầm điểm".to_owned() };
    chairman.act(target(), back, days(1)).unwrap();
    chairman.sync(&mut server, days(1));
    official.sync(&mut server, days(1));
    let [earlier] = official.replica.view().earlier_results(person(5), &the_key()) else { panic!("one") };
    assert_eq!(earlier.set_aside.actor, person(2));
    assert!(earlier.objection.is_none());
    let device = say(&mut official, OBJECT, Says::Objection, "Sao lại trả về?", days(1)).unwrap_err();
    assert_eq!(device.code, RefusalCode::WrongStage, "there is no result to object to");
}
