//! Stories of objections to a published result, and of what becomes of a result that is set aside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod common;

use common::voiced::*;
use common::*;
use shared::ids::PersonId;
use shared::op::{Payload, Publication, RefusalCode, Register, Says, Stage, Voice};
use shared::state::StepStatus;

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
