//! A commune whose regulation asks for what is said on a card: opinions and votes before the decision, an acknowledgement, an
//! objection to the result and its answer.

use super::*;
use shared::card::Card;
use shared::fixture;
use shared::ids::{LineId, MandateId, OpId, PersonId, StepPlace};
use shared::op::{Approval, CardKey, Payload, Publication, Refusal, RefusalCode, Register, Says, Stage, Target, Voice};
use shared::org::{Mandate, Task};
use shared::pack::{Pack, PackAdoption};
use shared::state::{State, StepStatus};
use shared::time::{Day, Millis};

pub const OPINE: StepPlace = StepPlace(4);
pub const MEETING: StepPlace = StepPlace(5);
pub const DECIDE: StepPlace = StepPlace(6);
pub const RECEIVED: StepPlace = StepPlace(8);
pub const OBJECT: StepPlace = StepPlace(9);
pub const ANSWER: StepPlace = StepPlace(10);

/// Between the marks and the decision: the deputy heads of the agency give an opinion, a meeting votes openly.
pub const BEFORE: &str = r#"[[bodies]]
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
pub const AFTER: &str = r#"
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

pub fn rules() -> &'static Pack {
    let text = include_str!("../../packs/nd335-congchuc.toml");
    let text = text.replace("[[steps]]\nid = \"approve\"", BEFORE);
    let text = text.replace(
        "after = [\"appraise\"]\nby = [{ head = \"agency\" }]",
        "after = [\"opine\", \"meeting\"]\nby = [{ head = \"agency\" }]",
    );
    learned(&(text + AFTER))
}

/// So many days after 20 October 2026, a Tuesday, at ten.
pub fn days(days: u64) -> Millis {
    at(days * 24 * 60)
}

pub fn the_key() -> CardKey {
    CardKey { pack: rules().hash, ..key(5) }
}

pub fn target() -> Target {
    Target::Card(the_key())
}

/// The commune lives by these rules. 4 (who marks), 6, 7 and 5 (who is scored) sit in the meeting.
pub fn commune() -> Server {
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

pub fn device(server: &mut Server, n: u8) -> Device {
    let mut device = Device::new(person(n), n);
    device.sync(server, at(1));
    device
}

pub fn say(device: &mut Device, place: StepPlace, says: Says, words: &str, now: Millis) -> Result<OpId, Refusal> {
    let voice = device.replica.view().voice(&the_key(), place, says, words).expect("something is said in this step");
    device.act(target(), Payload::Speak(place, voice), now)
}

/// The head of the office marks the first row.
pub fn mark(head: &mut Device, value: &str, reason: &str, now: Millis) {
    let marks = confirming_on(head, &the_key(), appraisal("I.1", value, reason));
    head.act(target(), Payload::Appraise(APPRAISE, marks), now).unwrap();
}

pub fn decision(device: &Device) -> Payload {
    let approval: Approval = device.replica.view().approval(&the_key()).unwrap();
    Payload::Approve(DECIDE, approval)
}

/// The official has scored and the head of the office has marked.
pub fn marked() -> (Server, Device, Device) {
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
pub fn published() -> (Server, Device, Device) {
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

pub fn the_card(server: &Server) -> &Card {
    server.log_state.state().card(&the_key()).unwrap()
}

/// What the server said of the last act of a device.
pub fn told(device: &Device) -> Option<Refusal> {
    device.replica.own().last()?.receipt.as_ref()?.verdict.refusal().cloned()
}

pub fn status(state: &State, reader: u8, id: &str, day: &str) -> (StepStatus, Option<Day>) {
    let steps = state.steps_of(person(reader), &the_key(), Day::parse(day).unwrap());
    let step = steps.into_iter().find(|one| one.step.id == id).unwrap();
    (step.status, step.due)
}

pub fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}
