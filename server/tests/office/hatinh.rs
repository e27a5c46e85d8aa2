//! Tests of the office of the demo that is scored by the quarter, by a scoring team (the seed article of Báo Hà Tĩnh).

use std::collections::{BTreeMap, BTreeSet};

use server::data_directory::DataDirectory;
use server::demo::Scheme;
use server::open_directory;
use shared::ids::{PersonId, StepPlace};
use shared::num::Exact;
use shared::op::{Appraisal, CardKey, Payload, Register, Stage, Target};
use shared::pack;
use shared::report::{panels, reportings, unit_month};
use shared::state::State;
use shared::time::{Day, Period};

use crate::harness::{Device, Server, binary, demo_of};

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

/// The quarter under way.
fn quarter() -> Period {
    "2026-Q4".parse().unwrap()
}

/// The quarter that the demo has lived to its end.
fn lived() -> Period {
    "2026-Q3".parse().unwrap()
}

/// Who may do a step of a card.
fn actors(state: &State, key: &CardKey, step: &str) -> BTreeSet<PersonId> {
    let steps = state.steps_of(PersonId::SYSTEM, key, today());
    steps.into_iter().find(|one| one.step.id == step).unwrap().actors.into_iter().collect()
}

#[tokio::test]
async fn the_quarter_of_the_heads_has_begun_and_the_team_waits() {
    let (data, people) = demo_of(&[Scheme::HaTinh], today()).await;
    let office = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let state = office.state();
    let key = |user: &str, period| state.card_key(people[user], period);
    for (user, role) in SCORED {
        assert_eq!(state.role(&key(user, quarter()).unwrap()), Some(role), "{user}");
        assert_eq!(key(user, lived().previous()), None, "the regulation counts from the first quarter that is shown");
        assert_eq!(key(user, "2026-11".parse().unwrap()), None, "nobody is scored by the month");
    }
    let heads: BTreeSet<&str> = SCORED.iter().map(|(user, _)| *user).collect();
    for (user, _) in people.iter().filter(|(user, _)| !heads.contains(user.as_str())) {
        assert_eq!(key(user, quarter()), None, "{user} heads nothing that the regulation scores");
    }
    let mut stages: BTreeMap<Stage, usize> = BTreeMap::new();
    let begun = state.cards().filter(|(key, _)| key.period == quarter());
    begun.for_each(|(_, card)| *stages.entry(card.stage()).or_default() += 1);
    assert_eq!(stages.keys().collect::<Vec<_>>(), [&Stage::SelfScored], "{stages:?}");
    assert!((4..SCORED.len()).contains(&stages[&Stage::SelfScored]), "some have scored themselves: {stages:?}");
}

/// “Tổ chấm điểm” scores everybody but the member on whose card it is. The city decides on those whom it manages, the
/// province on its own (172 and 14 in the article).
#[tokio::test]
async fn the_team_scores_and_the_managing_level_decides() {
    let (data, people) = demo_of(&[Scheme::HaTinh], today()).await;
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
    let (data, _) = demo_of(&[Scheme::HaTinh], today()).await;
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
    let (data, people) = demo_of(&Scheme::ALL, today()).await;
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

/// The step in which the team marks a card.
fn team_step() -> StepPlace {
    let steps = &pack::find("hatinh-mau").unwrap().steps;
    StepPlace(u8::try_from(steps.iter().position(|step| step.id == "appraise").unwrap()).unwrap())
}

/// What each member of the team has marked on a card.
fn slots<'s>(
    state: &'s State,
    key: &CardKey,
    people: &BTreeMap<String, PersonId>,
) -> Vec<(&'static str, &'s Appraisal)> {
    let card = state.card(key).unwrap();
    let slot = |user: &'static str| Some((user, card.appraisal_in(&Register::Slot(team_step(), people[user]))?));
    TEAM.into_iter().filter_map(slot).collect()
}

/// Article: “chấm 3 tháng một lần”. The quarter before has gone the whole way, from the self-score to the publication.
#[tokio::test]
async fn the_quarter_before_is_published_for_all_eight() {
    let (data, people) = demo_of(&[Scheme::HaTinh], today()).await;
    let office = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let state = office.state();
    assert_eq!(state.cards().filter(|(key, _)| key.period == lived()).count(), SCORED.len());
    let mut changed = 0;
    for (user, _) in SCORED {
        let key = state.card_key(people[user], lived()).unwrap();
        let card = state.card(&key).unwrap();
        assert_eq!(card.stage(), Stage::Published, "{user}");
        let decided = card.current(card.approved_in().unwrap()).unwrap();
        let decides = if user == "ht-tochuc" { "lanhdaotinh" } else { "ht-chutich" };
        assert_eq!(decided.actor, people[decides], "{user}");
        let leads = [people["ht-phochutich"], people["ht-thuky"]];
        for register in [Register::Appraisal(team_step()), Register::Publication] {
            assert!(leads.contains(&card.current(&register).unwrap().actor), "{user}: {register:?}");
        }
        let own = card.self_score().unwrap();
        let differing = slots(state, &key, &people).into_iter().flat_map(|(_, slot)| &slot.marks);
        for (code, mark) in differing.filter(|(code, mark)| mark.value != own.marks[*code].value) {
            assert!(mark.reason.chars().count() > 20, "{user}: {code}: {:?}", mark.reason);
            changed += 1;
        }
    }
    assert!((6..=24).contains(&changed), "a few marks differ from the self-scores: {changed}");
    let top = state.org.units().find(|unit| unit.parent.is_none()).unwrap().id;
    let reports = reportings(state, top, lived(), people["ht-thuky"]);
    let reported: usize = reports.iter().map(|one| one.waiting.first().unwrap().collection.results.len()).sum();
    assert_eq!((reports.len(), reported), (8, 8), "every office has reported its head");
    assert!(reports.iter().all(|one| one.waiting.first().unwrap().collection.says_the_same(&one.today)));
}

/// The total is the mean of the members' totals, reckoned here from whole marks; a third of a point stays exact.
#[tokio::test]
async fn the_total_is_the_exact_mean_of_the_team() {
    let (data, people) = demo_of(&[Scheme::HaTinh], today()).await;
    let office = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let state = office.state();
    let points = |value: &Exact| value.to_string().parse::<i64>().unwrap();
    let (mut other, mut broken, mut deductions) = (0, 0, 0);
    for (user, _) in SCORED {
        let key = state.card_key(people[user], lived()).unwrap();
        let card = state.card(&key).unwrap();
        let given = slots(state, &key, &people);
        let sum: i64 = given.iter().flat_map(|(_, slot)| slot.marks.values()).map(|mark| points(&mark.value)).sum();
        let count = i64::try_from(given.len()).unwrap();
        let own: i64 = card.self_score().unwrap().marks.values().map(|mark| points(&mark.value)).sum();
        // The article: "gây phiền hà, sách nhiễu (trừ 15 điểm)".
        let admitted =
            i64::from(card.self_score().unwrap().stated.events.get("harassment").map_or(0, |event| event.count));
        assert!(given.iter().all(|(_, slot)| slot.stated.events.len() == usize::try_from(admitted).unwrap()), "{user}");
        let total = Exact::ratio(sum - 15 * admitted * count, count).unwrap();
        assert_eq!(card.approval().unwrap().total, Some(total), "{user}: {sum} of {count}, {admitted} deductions");
        deductions += admitted;
        other += usize::from(sum != own * count);
        broken += usize::from(sum % count != 0);
    }
    assert!(deductions > 0, "somebody admits a deduction");
    assert!(other >= 4 && broken >= 3, "other totals than the self-scores: {other}, no whole points: {broken}");
}

/// Two thirds of the members are enough (illustrative). Whoever was away stays named.
#[tokio::test]
async fn the_member_who_was_away_is_named() {
    let (data, people) = demo_of(&[Scheme::HaTinh], today()).await;
    let office = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let state = office.state();
    let missing = |user: &str| {
        let key = state.card_key(people[user], lived()).unwrap();
        let panel = state.panel(&key, team_step()).unwrap();
        assert!(panel.is_enough(), "{user}");
        (panel.members.len(), panel.missing())
    };
    let away = vec![people["ht-phonoivu"]];
    assert_eq!(missing("ht-phuong1"), (4, away.clone()), "three of four, without the subject");
    assert_eq!(missing("ht-xa"), (5, away));
    assert_eq!(missing("ht-tochuc"), (5, Vec::new()));
}

#[tokio::test]
async fn the_quarter_is_printed() {
    let (data, people) = demo_of(&[Scheme::HaTinh], today()).await;
    let city = "UBND thành phố Hà Ảo";
    let words = ["export", "month", "--period", "2026-Q3", "--unit", city, "--data"];
    let printed = binary().args(words).arg(data.path()).output().unwrap();
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    let printed = String::from_utf8(printed.stdout).unwrap();
    let office = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let state = office.state();
    let unit = state.org.units().find(|unit| unit.name == city).unwrap().id;
    let table = unit_month(state, unit, lived(), PersonId::SYSTEM);
    assert_eq!(table.rows.len(), SCORED.len());
    for (user, _) in SCORED {
        let name = &state.org.person(people[user]).unwrap().name;
        let line =
            printed.lines().find(|line| line.contains(name.as_str())).unwrap_or_else(|| panic!("{name}: {printed}"));
        let row = table.rows.iter().find(|row| row.card.is_of(people[user])).unwrap();
        let class = &row.approved.as_ref().unwrap().class;
        assert!(line.contains(class.as_str()), "{class} in {line}");
    }
}

/// The marks are given blind. Once there is one result, the members see each other's, and the person scored the result only.
#[tokio::test]
async fn members_see_each_other_after_the_closing() {
    let (data, _) = demo_of(&[Scheme::HaTinh], today()).await;
    let server = Server::start(data.path(), &[]);
    let mut member = Device::of(&server, "ht-phovanphong", 1).await;
    let mut head = Device::of(&server, "ht-xa", 2).await;
    member.sync().await;
    head.sync().await;
    let key = head.card(lived());
    let seen = |device: &Device| {
        let found = panels(device.replica.view(), device.person, &key);
        let panel = found.first().unwrap();
        (panel.is_closed, panel.slots.len(), panel.slots.iter().filter(|(who, _)| who.is_some()).count())
    };
    assert_eq!(seen(&member), (true, 4, 4));
    let (closed, _, named) = seen(&head);
    assert_eq!((closed, named), (true, 0), "the person scored learns no names");
    let late = Payload::FillSlot(team_step(), Appraisal::default());
    assert!(member.try_act(Target::Card(key), &late).is_err(), "nobody marks a closed card");
}
