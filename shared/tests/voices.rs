//! Stories of what is said before a decision, and of the acknowledgement after it.
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
use shared::op::{Payload, RefusalCode, Register, Says, Stage, Voice};
use shared::state::StepStatus;

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
