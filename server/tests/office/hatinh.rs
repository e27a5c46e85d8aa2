//! Tests of the office of the demo that is scored by the quarter, by a scoring team (the seed article of Báo Hà Tĩnh).

use std::collections::{BTreeMap, BTreeSet};

use server::data_directory::DataDirectory;
use server::demo::{Scheme, create_with};
use server::open_directory;
use shared::ids::PersonId;
use shared::op::{CardKey, Payload, Stage};
use shared::pack;
use shared::state::State;
use shared::time::{Day, Period};
use tempfile::TempDir;

use crate::harness::{Device, Server};

/// The heads who are scored, and the role of each.
const SCORED: [(&str, &str); 8] = [
    ("ht-vanphong", "leader"),
    ("ht-noivu", "leader"),
    ("ht-doitruong", "leader"),
    ("ht-phuong1", "leader"),
    ("ht-phuong2", "leader"),
    ("ht-xa", "leader"),
    ("ht-tochuc", "party_leader"),
    ("ht-phunu", "party_leader"),
];
/// The scoring team. The last of them heads a ward and is scored as well.
const TEAM: [&str; 5] = ["ht-phochutich", "ht-thuky", "ht-phovanphong", "ht-phonoivu", "ht-phuong1"];

fn today() -> Day {
    Day::parse("2026-11-20").unwrap()
}

fn quarter() -> Period {
    "2026-Q4".parse().unwrap()
}

/// The demo with these offices on 20 November, and who is behind each user name.
async fn demo(schemes: &[Scheme]) -> (TempDir, BTreeMap<String, PersonId>) {
    let data = TempDir::new().unwrap();
    let folder = DataDirectory::new(data.path());
    create_with(&folder, today(), 1, schemes).await.unwrap();
    let store = open_directory::open_to_read(&folder).await.unwrap();
    let accounts = store.accounts().await.unwrap();
    store.close().await;
    let people = accounts.into_iter().map(|account| (account.username, account.person)).collect();
    (data, people)
}

/// Who may do a step of a card.
fn actors(state: &State, key: &CardKey, step: &str) -> BTreeSet<PersonId> {
    let steps = state.steps_of(PersonId::SYSTEM, key, today());
    steps.into_iter().find(|one| one.step.id == step).unwrap().actors.into_iter().collect()
}

#[tokio::test]
async fn the_quarter_of_the_heads_has_begun_and_the_team_waits() {
    let (data, people) = demo(&[Scheme::HaTinh]).await;
    let office = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let state = office.state();
    let key = |user: &str, period| state.card_key(people[user], period);
    for (user, role) in SCORED {
        assert_eq!(state.role(&key(user, quarter()).unwrap()), Some(role), "{user}");
        assert_eq!(key(user, quarter().previous()), None, "the regulation counts from the first quarter that is shown");
        assert_eq!(key(user, "2026-11".parse().unwrap()), None, "nobody is scored by the month");
    }
    let heads: BTreeSet<&str> = SCORED.iter().map(|(user, _)| *user).collect();
    for (user, _) in people.iter().filter(|(user, _)| !heads.contains(user.as_str())) {
        assert_eq!(key(user, quarter()), None, "{user} heads nothing that the regulation scores");
    }
    let mut stages: BTreeMap<Stage, usize> = BTreeMap::new();
    state.cards().for_each(|(_, card)| *stages.entry(card.stage()).or_default() += 1);
    assert_eq!(stages.keys().collect::<Vec<_>>(), [&Stage::SelfScored], "{stages:?}");
    assert!((4..SCORED.len()).contains(&stages[&Stage::SelfScored]), "some have scored themselves: {stages:?}");
}

/// “Tổ chấm điểm” scores everybody but the member on whose card it is. The city decides on those whom it manages, the
/// province on its own (172 and 14 in the article).
#[tokio::test]
async fn the_team_scores_and_the_managing_level_decides() {
    let (data, people) = demo(&[Scheme::HaTinh]).await;
    let office = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let state = office.state();
    for (user, _) in SCORED {
        let key = state.card_key(people[user], quarter()).unwrap();
        let team: BTreeSet<PersonId> = TEAM.iter().filter(|member| **member != user).map(|one| people[*one]).collect();
        assert_eq!(actors(state, &key, "appraise"), team, "{user}");
        let decides = if user == "ht-tochuc" { "lanhdaotinh" } else { "ht-chutich" };
        assert_eq!(actors(state, &key, "approve"), BTreeSet::from([people[decides]]), "{user}");
    }
    let own = state.card_key(people["ht-phuong1"], quarter()).unwrap();
    assert_eq!(actors(state, &own, "appraise").len(), TEAM.len() - 1, "a member is not scored by himself");
}

#[tokio::test]
async fn a_head_scores_the_quarter_and_the_secretary_of_the_team_reads_it() {
    let (data, _) = demo(&[Scheme::HaTinh]).await;
    let server = Server::start(data.path(), &[]);
    let mut secretary = Device::of(&server, "ht-thuky", 1).await;
    let mut head = Device::of(&server, "ht-xa", 2).await;
    head.sync().await;
    let key = head.card(quarter());
    assert!(head.replica.view().card(&key).is_none(), "the demo leaves this card to be begun");
    let highest = pack::find("hatinh-mau").unwrap().criteria_for("leader");
    let marks =
        highest.map(|one| (one.code.clone(), shared::op::Mark { value: one.max.clone(), reason: String::new() }));
    let own = shared::op::SelfScore { marks: marks.collect(), ..shared::op::SelfScore::default() };
    head.on_card(&key, &Payload::SubmitSelfScore(own));
    head.sync().await;
    secretary.sync().await;
    let seen = secretary.replica.view().card(&key).unwrap();
    assert_eq!(seen.stage(), Stage::SelfScored);

    let mut stranger = Device::of(&server, "ht-phuong2-pho", 3).await;
    stranger.sync().await;
    assert!(stranger.replica.view().card(&key).is_none(), "whoever has no part in it does not read it");
}

/// In one tree with the commune of the decree, the heads have their quarter and no month, the commune its months.
#[tokio::test]
async fn beside_the_other_offices_each_lives_by_its_own_regulation() {
    let (data, people) = demo(&Scheme::ALL).await;
    let office = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let state = office.state();
    let november: Period = "2026-11".parse().unwrap();
    let under = |user: &str, period| state.card_key(people[user], period).map(|key| key.pack);
    let hash = |id: &str| Some(pack::find(id).unwrap().hash);
    for (user, _) in SCORED {
        assert_eq!((under(user, quarter()), under(user, november)), (hash("hatinh-mau"), None), "{user}");
    }
    assert_eq!(under("canbo1", november), hash("nd335-congchuc"));
    assert_eq!(under("lb-bophan1", november), hash("longbien-mau"));
    assert_eq!(under("qb-chuyenvien", november), hash("quanba-mau"));
}
