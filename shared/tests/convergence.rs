//! A random test of convergence. People act at random on devices that contact the server at random, lose answers and
//! are closed at any moment. In every run nothing acknowledged is lost, and when everybody has contacted the server,
//! all who may read a card agree on it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test stops where it fails")]

mod common;

use common::*;
use shared::ids::{LineId, PersonId};
use shared::op::{Payload, Register, Stage};

/// Seeds run by the test command.
const RUNS: u64 = 60;
const STEPS: u64 = 150;

/// A small generator (SplitMix64): the same seed gives the same run on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }
}

/// The official on two devices, the head of office, the chairman, a colleague.
fn devices() -> Vec<Device> {
    [(5, 50), (5, 51), (4, 40), (2, 20), (6, 60)].map(|(who, device)| Device::new(person(who), device)).into()
}

fn some_act(dice: &mut Dice, device: &Device) -> Payload {
    let view = device.replica.view();
    let card = view.card(&key(5));
    let lines: Vec<LineId> = card.map(|card| card.lines().iter().map(|line| line.id).collect()).unwrap_or_default();
    let some_line = |dice: &mut Dice| lines.get(dice.below(lines.len().max(1))).copied();
    let reason = "vì thế".to_owned();
    match (dice.below(10), some_line(dice)) {
        (0 | 1, _) | (2 | 3, None) => Payload::AssignWork(vec![new_line("V", "1.5", "4")]),
        (2, Some(line)) => Payload::ReportProgress { line, progress: done(["1", "2.5", "4"][dice.below(3)]) },
        (3, Some(line)) => Payload::RemoveLine { line, reason },
        (4, _) => Payload::SubmitSelfScore(self_score()),
        (5, _) => Payload::Appraise(APPRAISE, appraisal("I.1", ["3", "4.5"][dice.below(2)], "nhận xét")),
        (6, _) => approve_what_is_seen(device),
        (7, _) => publication(card.and_then(|card| card.approval()).map_or("HTT", |approval| &approval.class)),
        (8, _) => Payload::ReturnCard { to: Stage::ALL[dice.below(4)], reason },
        _ => match card.and_then(|card| card.contested().first().cloned()) {
            Some(register) => {
                let choice = card.unwrap().heads(&register).last().unwrap();
                Payload::Resolve { register, choice, reason }
            }
            None => Payload::WithdrawSelfScore { reason },
        },
    }
}

fn approve_what_is_seen(device: &Device) -> Payload {
    let outcome = device.replica.view().outcome(&key(5), shared::card::Side::Appraised);
    let seen = outcome.and_then(Result::ok).and_then(|outcome| shared::report::from_outcome(&outcome));
    seen.map_or_else(|| approval("0", ""), |seen| approval(&seen.total.to_string(), &seen.class))
}

struct Story {
    server: Server,
    devices: Vec<Device>,
    accepted: usize,
    refused: usize,
}

impl Story {
    fn step(&mut self, dice: &mut Dice, minute: u64) {
        let place = dice.below(self.devices.len());
        match dice.below(12) {
            0..=7 => {
                let payload = some_act(dice, &self.devices[place]);
                match self.devices[place].act(card(5), payload, at(minute)) {
                    Ok(_) => self.accepted += 1,
                    Err(_) => self.refused += 1,
                }
            }
            8 => {
                // The request arrives, the answer does not.
                let request = self.devices[place].replica.request(400);
                self.server.exchange(self.devices[place].replica.person(), &request, at(minute));
            }
            9 => self.devices[place].reopen(),
            _ => {
                self.devices[place].sync_in(&mut self.server, at(minute), [200, 1_000, 64_000][dice.below(3)]);
            }
        }
    }

    fn meet_all(&mut self, minute: u64) {
        for round in 0..2 {
            for device in &mut self.devices {
                device.sync(&mut self.server, at(minute + round));
            }
        }
    }

    fn check(&self, seed: u64) {
        let office = self.server.log_state.state();
        for device in &self.devices {
            let who = device.replica.person();
            let entitled = office.may_read_card(who, &key(5));
            if entitled {
                assert_eq!(device.replica.view().card_hash(&key(5)), office.card_hash(&key(5)), "seed {seed}, {who}");
            } else {
                assert!(device.replica.view().card(&key(5)).is_none(), "seed {seed}: {who} is not entitled");
            }
            assert_eq!(device.replica.unsent().count(), 0, "seed {seed}: outboxes drain");
            for own in &device.own {
                assert!(self.server.receipts.contains_key(&own.id()), "seed {seed}: nothing signed is lost");
            }
        }
        if let Some(card) = office.card(&key(5)) {
            let heads: usize = card.contested().iter().map(|register| card.versions(register).len()).sum();
            assert!(heads != 1, "seed {seed}: a contested register has more than one version");
        }
    }
}

#[test]
fn all_who_may_read_a_card_agree_on_it_in_the_end() {
    let (mut accepted, mut refused, mut contested) = (0, 0, 0);
    for seed in 0..RUNS {
        let mut story = Story { server: founded(), devices: devices(), accepted: 0, refused: 0 };
        let mut dice = Dice(seed);
        for minute in 1..STEPS {
            story.step(&mut dice, minute);
        }
        story.meet_all(STEPS + 1);
        story.check(seed);
        accepted += story.accepted;
        refused += story.refused;
        let verdicts = story.server.receipts.values().map(|receipt| receipt.decode().unwrap().verdict);
        contested += verdicts.filter(|verdict| *verdict == shared::op::Verdict::AcceptedContested).count();
    }
    println!("{RUNS} seeds: {accepted} acts done, {refused} refused at the desk, {contested} contested at the office");
    assert!(accepted > 1_000 && refused > 100 && contested > 10, "the stories reach what they are to test");
}

/// Stores logs of such runs, to be folded natively and in WebAssembly (`cargo xtask test --only golden`).
/// `UPDATE_GOLDEN=1` writes those that are missing.
#[test]
fn stories_for_the_fold_are_kept() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/fold");
    for seed in [1, 7, 23] {
        let file = folder.join(format!("story-{seed}.json"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() && !file.exists() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, story_of(seed)).unwrap();
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert!(kept.lines().count() > 20, "{} holds a story", file.display());
    }
}

fn story_of(seed: u64) -> String {
    let mut story = Story { server: founded(), devices: devices(), accepted: 0, refused: 0 };
    let mut dice = Dice(seed);
    for minute in 1..STEPS {
        story.step(&mut dice, minute);
    }
    story.meet_all(STEPS + 1);
    let hex = |operation: &shared::op::SignedOperation| -> String {
        operation.body.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let log: Vec<String> = story.server.log.values().map(|operation| format!("    \"{}\"", hex(operation))).collect();
    format!("{{\n  \"name\": \"a month of five tablets, seed {seed}\",\n  \"input\": [\n{}\n  ]\n}}\n", log.join(",\n"))
}

#[test]
fn whoever_is_not_entitled_is_refused_everywhere() {
    let mut server = founded();
    let mut stranger = Device::new(PersonId::from_bytes([77; 16]), 7);
    stranger.sync(&mut server, at(1));
    let refused = stranger.act(card(5), Payload::AssignWork(vec![new_line("V", "1", "1")]), at(2));
    assert_eq!(refused.unwrap_err().code, shared::op::RefusalCode::NotEntitled);
    assert!(server.log_state.state().card(&key(5)).is_none_or(|card| card.versions(&Register::SelfScore).is_empty()));
}
