//! Tests the result of folding a log. It must be the same in whatever order concurrent work arrives, whole or in
//! pieces, once or twice, and whether it was folded as it came or all at once after a start.

use proptest::collection::vec;
use proptest::prelude::*;
use shared::card::Card;
use shared::op::{DraftValue, NewLine, Payload, Progress, Target};
use shared::state::State;

use super::Runs;
use crate::proved::Proved;
use crate::random::Draw;
use crate::rig::{BYTES_MAX, Rig};
use crate::sim::acts::draw_act;
use crate::sim::commune::{OFFICIALS, key, number};
use crate::sim::device::{Device, Fate};
use crate::sim::server::{Fall, Server};
use crate::sim::violation::{Checked, require};

/// The official on two devices, the head of office, a colleague.
const PEOPLE: [u8; 4] = [5, 5, 4, 6];
/// Acts before the devices separate, and on each device afterwards.
const ACTS_MAX: usize = 12;
/// Exchanges after which pages of any size must have brought everything.
const PAGES_MAX: usize = 400;

#[derive(Clone, Debug)]
struct Story {
    /// Acts while all devices meet the server after each act. They can be anything that people do.
    together: Vec<(usize, u64)>,
    /// Acts while the devices are separate. They are only acts that no other act can prevent.
    apart: Vec<(usize, u8)>,
    /// Decides the order and pieces in which the work arrives.
    order: u64,
    page_bytes: usize,
}

pub(super) fn prove(runs: &Runs) -> Proved {
    let template = Rig::new(&PEOPLE).and_then(|mut rig| {
        (0..PEOPLE.len()).try_for_each(|place| rig.meet(place))?;
        Ok(rig)
    });
    match template {
        Ok(template) => runs.play("fold", &stories(), |story| tell(template.clone(), story)),
        Err(violation) => Proved { runs: 0, failures: vec![violation.to_string()] },
    }
}

fn stories() -> impl Strategy<Value = Story> {
    let together = vec((0..PEOPLE.len(), any::<u64>()), 0..ACTS_MAX);
    let apart = vec((0..PEOPLE.len(), any::<u8>()), 1..2 * ACTS_MAX);
    let page_bytes = prop_oneof![Just(0_usize), Just(1_500), Just(5_000)];
    (together, apart, any::<u64>(), page_bytes).prop_map(|(together, apart, order, page_bytes)| Story {
        together,
        apart,
        order,
        page_bytes,
    })
}

fn tell(mut rig: Rig, story: &Story) -> Checked {
    for (place, seed) in &story.together {
        rig.now.0 += 61_000;
        let Some(session) = &rig.device(*place)?.session else { continue };
        let (target, payload) = draw_act(&mut Draw::new(*seed), session.replica.view(), session.replica.person());
        if seed.is_multiple_of(5) {
            // An operation that the server refuses has its place in the log, too.
            let now = rig.now;
            rig.device(*place)?.act_unjudged(target, payload.kind(), payload.to_bytes(), now, Fate::Sound);
        } else {
            rig.act(*place, target, &payload)?;
        }
        rig.meet(*place)?;
    }
    (0..PEOPLE.len()).try_for_each(|place| rig.meet(place))?;
    for (place, what) in &story.apart {
        apart(&mut rig, *place, *what)?;
    }
    let mut draw = Draw::new(story.order);
    let (mut one, mut other) = (rig.clone(), rig);
    deliver(&mut one, &mut draw)?;
    deliver(&mut other, &mut draw)?;
    same(one.server.log_state().state(), other.server.log_state().state(), 6, "in another order")?;
    twice(&mut one)?;
    started_again(&mut one)?;
    one.heal()?;
    in_pages(&one, story.page_bytes)
}

/// Work that does not depend on anything another device may change meanwhile: new lines, reports, drafts.
fn apart(rig: &mut Rig, place: usize, what: u8) -> Checked {
    let Some(session) = &rig.device(place)?.session else { return Ok(()) };
    let who = PEOPLE.get(place).copied().unwrap_or(5);
    let own = if OFFICIALS.contains(&who) { who } else { 5 };
    let card = key(own, if what.is_multiple_of(3) { 9 } else { 10 });
    let line = session.replica.view().card(&card).and_then(|card| card.lines().first().map(|line| line.id));
    let payload = match (what % 4, line) {
        (0, Some(line)) => {
            let completed = number(if what > 99 { "1" } else { "2.5" });
            Payload::ReportProgress { line, progress: Progress { completed, ..Progress::default() } }
        }
        (1 | 2, _) => {
            let value = DraftValue { text: format!("nháp {what}"), ..DraftValue::default() };
            Payload::SaveDraft { appraisal: false, fields: [("comment".to_owned(), value)].into_iter().collect() }
        }
        _ => Payload::AssignWork(vec![new_line(what)]),
    };
    rig.act(place, Target::Card(card), &payload).map(drop)
}

fn new_line(what: u8) -> NewLine {
    NewLine {
        code: String::new(),
        name: format!("Việc {what}"),
        coefficient: number("1.5"),
        assigned: number("4"),
        due: None,
        list: None,
        extra: false,
    }
}

/// Every device's work arrives in pieces. The pieces of one device keep their order; those of all are mixed.
fn deliver(rig: &mut Rig, draw: &mut Draw) -> Checked {
    let mut waiting = Vec::new();
    for place in 0..PEOPLE.len() {
        let mut operations = rig.request(place, BYTES_MAX)?.operations;
        operations.reverse();
        waiting.push(operations);
    }
    while waiting.iter().any(|left| !left.is_empty()) {
        let place = draw.below(waiting.len());
        let Some(left) = waiting.get_mut(place) else { break };
        let piece = left.split_off(left.len().saturating_sub(1 + draw.below(3)));
        let piece: Vec<_> = piece.into_iter().rev().collect();
        rig.server.receive(&piece, rig.now, Fall::No, &mut rig.ledger)?;
    }
    Ok(())
}

/// Everything arrives once more. Nothing may change, and the receipts must be those given before.
fn twice(rig: &mut Rig) -> Checked {
    let before = rig.clone();
    let now = shared::time::Millis(rig.now.0 + 1);
    for row in before.server.log() {
        let again = rig.server.receive(core::slice::from_ref(&row.operation), now, Fall::No, &mut rig.ledger)?;
        let same = again.is_some_and(|receipts| receipts.first() == Some(&row.receipt));
        require(same, 2, || format!("{:?} came again and got another receipt", row.id))?;
    }
    require(rig.server.log().len() == before.server.log().len(), 2, || "the log grew".to_owned())?;
    same(before.server.log_state().state(), rig.server.log_state().state(), 2, "after everything came twice")
}

/// The server, folded anew from its log, must be the same, and so must a device from its stores.
fn started_again(rig: &mut Rig) -> Checked {
    let mut again: Server = rig.server.clone();
    again.start_again();
    same(rig.server.log_state().state(), again.log_state().state(), 6, "folded anew")?;
    for device in rig.devices.iter_mut() {
        let Some(session) = &device.session else { continue };
        let before = session.replica.view().clone();
        device.kill();
        device.start(Fate::Sound);
        let Some(session) = &device.session else {
            return require(false, 1, || "a sound store did not open".to_owned());
        };
        same(&before, session.replica.view(), 6, "on a tablet that started again")?;
    }
    Ok(())
}

/// A device that reads the log in small pages must come to the same result as one that read it as it grew.
fn in_pages(rig: &Rig, page_bytes: usize) -> Checked {
    for (place, device) in rig.devices.iter().enumerate() {
        let mut fresh = rig.clone();
        let fresh_id = shared::ids::DeviceId::from_bytes([150; 16]);
        let mut empty = Device::new(device.person, 9, fresh_id, 90_000);
        empty.start(Fate::Sound);
        fresh.devices = vec![empty];
        let mut pages = 0;
        while fresh.exchange(0, page_bytes)? {
            pages += 1;
            require(pages < PAGES_MAX, 5, || "the pages do not end".to_owned())?;
        }
        fresh.agrees(0)?;
        let views = [device, fresh.device(0)?]
            .map(|device| device.session.as_ref().map(|session| session.replica.view().clone()));
        if let [Some(grown), Some(paged)] = views {
            same(&grown, &paged, 5, &format!("on tablet {place}, read in pages"))?;
        }
    }
    Ok(())
}

/// Checks that both have the same cards with the same versions, drafts included, and the same hashes.
fn same(one: &State, other: &State, invariant: u8, when: &str) -> Checked {
    require(one.org == other.org, invariant, || format!("other posts {when}"))?;
    require(one.cards().count() == other.cards().count(), invariant, || format!("other cards {when}"))?;
    one.cards().try_for_each(|(key, card)| {
        let again = other.card(key);
        // A compacted card names no operations. Its content is compared at the end.
        if card.is_compacted() || again.is_some_and(Card::is_compacted) {
            return Ok(());
        }
        let same = again.is_some_and(|again| again.hash() == card.hash() && again.contested() == card.contested());
        require(same, invariant, || format!("{key} is another card {when}"))?;
        let drafts =
            again.is_some_and(|again| [false, true].iter().all(|side| again.draft(*side) == card.draft(*side)));
        require(drafts, invariant, || format!("{key} has other drafts {when}"))
    })
}
