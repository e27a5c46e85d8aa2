//! Tests of the demo commune.

use std::collections::BTreeMap;

use server::data_directory::DataDirectory;
use server::open_directory;
use shared::ids::UnitId;
use shared::op::Stage;
use shared::state::State;
use shared::time::Period;

use crate::harness::{Server, binary, client, demo_copy, sign_in};

fn name_of(state: &State, unit: UnitId) -> &str {
    &state.org.unit(unit).unwrap().name
}

#[tokio::test]
async fn two_months_are_published_for_all_forty_and_one_is_under_way() {
    let data = demo_copy().await;
    let office = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let state = office.state();
    let mut stages: BTreeMap<(Period, Stage), usize> = BTreeMap::new();
    let mut classes: BTreeMap<String, usize> = BTreeMap::new();
    let (mut returned, mut late, mut failed, mut causes, mut confirmed, mut lowered) = (0, 0, 0, 0, 0, 0);
    for (key, card) in state.cards() {
        *stages.entry((key.period, card.stage())).or_default() += 1;
        if let Some(publication) = card.publication() {
            *classes.entry(publication.class.clone()).or_default() += 1;
        }
        returned += card.returns().len();
        for line in card.lines() {
            late += usize::from(line.progress.is_some() && line.lateness(key.period.last_day()).is_late());
            failed += usize::from(line.progress.is_some_and(|progress| progress.failed_reviews > 0));
        }
        let appraisal = card.appraisal();
        let reviews = || appraisal.into_iter().flat_map(|appraisal| appraisal.lines.values());
        causes += reviews().filter(|review| !review.causes.is_empty()).count();
        confirmed += reviews().filter(|review| review.plan.is_some()).count();
        lowered +=
            appraisal.map_or(0, |appraisal| appraisal.marks.values().filter(|mark| !mark.reason.is_empty()).count());
    }
    let month = |text: &str| text.parse::<Period>().unwrap();
    assert_eq!(stages[&(month("2026-09"), Stage::Published)], 40);
    assert_eq!(stages[&(month("2026-10"), Stage::Published)], 40);
    let open = stages[&(month("2026-11"), Stage::Working)];
    assert!((20..40).contains(&open), "{open} cards under way");
    assert_eq!(stages.len(), 3, "{stages:?}");
    for class in ["HTXS", "HTT", "HTNV"] {
        assert!(classes[class] >= 5, "{classes:?}");
    }
    assert_eq!(classes["KHT"], 1, "{classes:?}");
    assert_eq!(returned, 1);
    assert!(late > 50 && failed > 50 && causes >= 3 && lowered >= 10, "{late} {failed} {causes} {lowered}");
    assert!(confirmed >= 40, "those who lead register their own work, and it counts as confirmed: {confirmed}");
    let day = month("2026-11").last_day();
    let commune = state.org.units().find(|unit| unit.name.contains("xã")).unwrap();
    assert_eq!(state.cards_under(commune.id, month("2026-11")).len(), 40);
    let above: Vec<&str> = state.org.ancestry(commune.id).into_iter().map(|unit| name_of(state, unit)).collect();
    assert_eq!(above, ["UBND xã Giả Tưởng", "Cụm Không Có Thật", "Tỉnh Thử Nghiệm"]);
    let chairman = state.org.head_of(commune.id, day).unwrap();
    assert_eq!(state.org.head_of(commune.parent.unwrap(), day), None, "the seat between is empty");
    let province = *state.org.ancestry(commune.id).last().unwrap();
    let above = state.direct_head(&state.card_key(chairman, month("2026-11")).unwrap());
    assert_eq!(above, state.org.head_of(province, day));
    assert!(above.is_some(), "authority falls through to the province");
    assert_eq!(state.work_lists.in_force(&state.org.ancestry(commune.id), day).unwrap().1.products.len(), 25);
}

#[tokio::test]
async fn everyone_listed_signs_in_and_a_second_demo_keeps_the_data() {
    let data = demo_copy().await;
    let before = std::fs::read(data.path().join("congtam.sqlite3")).unwrap();
    let again = binary().arg("demo").arg("--data").arg(data.path()).output().unwrap();
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8(again.stdout).unwrap().contains("kept"));
    assert_eq!(std::fs::read(data.path().join("congtam.sqlite3")).unwrap(), before);
    let table = binary().args(["demo", "--accounts", "--data"]).arg(data.path()).output().unwrap();
    let table = String::from_utf8(table.stdout).unwrap();
    let rows: Vec<&str> = table.lines().skip(1).collect();
    assert_eq!(rows.len(), 42, "{table}");
    let server = Server::start(data.path(), &[]);
    for row in rows.iter().step_by(6) {
        let words: Vec<&str> = row.split_whitespace().collect();
        let [.., username, password] = words.as_slice() else { panic!("{row}") };
        assert!(sign_in(&client(), &server.url, username, password).await.status().is_success(), "{row}");
    }
}
