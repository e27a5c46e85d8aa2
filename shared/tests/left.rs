//! Case 01 and row B0: people who leave in the middle of a month keep the month, and a decided card keeps the seat of
//! its decision.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod common;

use common::{
    APPRAISE, Device, OCTOBER, Server, appraisal, approval, at, card, confirming, founded, key, official_head_chair,
    person, publication, unit, work_a_month,
};
use shared::ids::PersonId;
use shared::ids::PostId;
use shared::op::{Payload, RefusalCode, Stage, Target};
use shared::org::{Post, Rank};
use shared::report::{person_years, unit_month, unit_quota};
use shared::time::Day;

struct Story {
    server: Server,
    clerk: Device,
    official: Device,
    head: Device,
    chair: Device,
}

impl Story {
    /// The official has scored on a device without a network.
    fn begun() -> Self {
        let mut server = founded();
        let [mut official, mut head, mut chair] = official_head_chair();
        for device in [&mut official, &mut head, &mut chair] {
            device.sync(&mut server, at(1));
        }
        let clerk = Device::new(PersonId::SYSTEM, 98);
        work_a_month(&mut official, 5);
        Self { server, clerk, official, head, chair }
    }

    fn published() -> Self {
        let mut story = Self::begun();
        story.official.sync(&mut story.server, at(40));
        story.decide();
        story
    }

    fn decide(&mut self) {
        let Self { server, head, chair, .. } = self;
        head.sync(server, at(41));
        let score = confirming(head, 5, appraisal("II.1", "2", "Cần học thêm nghiệp vụ"));
        head.act(card(5), Payload::Appraise(APPRAISE, score), at(50)).unwrap();
        head.sync(server, at(51));
        chair.sync(server, at(60));
        chair.act(card(5), approval("99.5", "HTXS"), at(61)).unwrap();
        chair.act(card(5), publication("HTXS"), at(62)).unwrap();
        chair.sync(server, at(63));
    }

    /// The system changes the official's post.
    fn post(&mut self, change: impl FnOnce(&mut Post)) {
        self.clerk.sync(&mut self.server, at(70));
        let id = PostId::from_bytes([5; 16]);
        let mut post = self.server.log_state.state().org.post(id).unwrap().clone();
        change(&mut post);
        self.clerk.act(Target::Org, Payload::PutPost(post), at(71)).unwrap();
        self.clerk.sync(&mut self.server, at(72));
    }

    /// The chairman's device asks for the whole card.
    fn whole(&mut self, minutes: u64) {
        self.chair.sync(&mut self.server, at(minutes));
        self.chair.replica.want(&key(5));
        self.chair.sync(&mut self.server, at(minutes));
    }

    /// The approved totals that the month of a unit shows, by person.
    fn approved(&self, at: u8) -> Vec<(PersonId, String)> {
        let month = unit_month(self.server.log_state.state(), unit(at), OCTOBER, PersonId::SYSTEM);
        let rows = month.rows.into_iter();
        rows.filter_map(|row| Some((row.card.person()?, row.approved?.total?.to_string()))).collect()
    }
}

fn ends(day: &str) -> impl FnOnce(&mut Post) {
    move |post| post.to = Day::parse(day)
}

#[test]
fn case_01_a_self_score_sent_after_the_last_day_was_entered_counts() {
    let mut story = Story::begun();
    story.post(ends("2026-10-20"));
    story.official.sync(&mut story.server, at(80));
    let verdicts = story.official.own.iter().map(|own| story.server.receipts[&own.id()].decode().unwrap().verdict);
    assert!(verdicts.into_iter().all(|verdict| verdict.counts()));
    let rows = unit_month(story.server.log_state.state(), unit(3), OCTOBER, PersonId::SYSTEM).rows;
    assert_eq!(rows.iter().filter(|row| row.card.is_of(person(5))).count(), 1);
    story.decide();
    assert_eq!(story.approved(3), [(person(5), "199/2".to_owned())]);
    assert!(story.server.log_state.state().card_key(person(5), OCTOBER.next()).is_none(), "November is not theirs");
}

#[test]
fn b0_what_is_published_outlives_the_post() {
    let mut story = Story::published();
    let before = story.approved(2);
    assert_eq!(before, [(person(5), "199/2".to_owned())]);
    // Ended in the month, before it, and as if it had never existed.
    for last_day in ["2026-10-20", "2026-09-30", "2026-01-01"] {
        story.post(ends(last_day));
        let state = story.server.log_state.state();
        assert_eq!((story.approved(2), story.approved(3)), (before.clone(), before.clone()), "{last_day}");
        let year = person_years(state, PersonId::SYSTEM, person(5), 2026).remove(0);
        assert!(year.periods.iter().any(|month| month.period == OCTOBER && month.decided), "{last_day}");
        let month = unit_month(state, unit(2), OCTOBER, PersonId::SYSTEM);
        let quotas = unit_quota(state, &month, false).unwrap();
        let mut counted = quotas.iter().flat_map(|quota| &quota.groups).flat_map(|group| &group.members);
        assert!(counted.any(|one| one.subject == person(5).into()), "{last_day}");
        for device in [&mut story.official, &mut story.head, &mut story.chair] {
            device.sync(&mut story.server, at(90));
            let seen = device.replica.view();
            let whole = !device.replica.is_compacted(&key(5));
            let same = seen.card_hash(&key(5)) == story.server.log_state.state().card_hash(&key(5));
            assert!(same || !whole, "{last_day}");
            let month = unit_month(seen, unit(3), OCTOBER, PersonId::SYSTEM);
            assert!(month.rows.iter().any(|row| row.card.is_of(person(5)) && row.approved.is_some()), "{last_day}");
        }
    }
    // The card can be read and published. To continue with it, the post has to exist again.
    let back = Payload::ReturnCard { to: Stage::Working, reason: "Xem lại".to_owned() };
    story.whole(94);
    let refusal = story.chair.act(card(5), back.clone(), at(95)).unwrap_err();
    assert_eq!((refusal.code, refusal.field.as_str()), (RefusalCode::Unknown, "target.subject"));
    story.post(|post| post.to = None);
    story.whole(96);
    story.chair.act(card(5), back, at(97)).unwrap();
}

#[test]
fn b0_what_is_published_stays_in_the_unit_and_rank_of_its_decision() {
    let mut story = Story::published();
    story.post(|post| (post.unit, post.rank) = (unit(2), Rank::Deputy));
    let state = story.server.log_state.state();
    assert_eq!(state.role(&key(5)), Some("staff"));
    assert_eq!(story.approved(3), [(person(5), "199/2".to_owned())]);
    let november = unit_month(state, unit(3), OCTOBER.next(), PersonId::SYSTEM);
    assert!(november.rows.iter().all(|row| !row.card.is_of(person(5))), "the next month is elsewhere");
    story.head.sync(&mut story.server, at(90));
    assert!(story.head.replica.view().card(&key(5)).is_some(), "whoever scored it reads it");
}

#[test]
fn a_card_nobody_decided_goes_where_the_post_goes() {
    let mut story = Story::begun();
    story.official.sync(&mut story.server, at(40));
    story.head.sync(&mut story.server, at(41));
    assert!(story.head.replica.view().card(&key(5)).is_some());
    story.post(|post| post.unit = unit(2));
    story.head.sync(&mut story.server, at(80));
    assert!(story.head.replica.view().card(&key(5)).is_none());
    story.post(ends("2026-09-30"));
    assert!(story.server.log_state.state().card_key(person(5), OCTOBER).is_none());
}
