//! Tests of the office of the demo that scores units as well as people (PhuthoPortal, 12/2022: the department's own people by
//! the month; offices of culture and information and media centres of the districts as units).

use std::collections::{BTreeMap, BTreeSet};

use server::data_directory::DataDirectory;
use server::demo::Scheme;
use server::open_directory;
use shared::ids::{PersonId, Subject, UnitId};
use shared::num::Exact;
use shared::op::{CardKey, Mark, Payload, RefusalCode, SelfScore, Stage, Target};
use shared::pack;
use shared::report::{person_years, unit_month};
use shared::state::State;
use shared::time::{Day, Period};

use crate::harness::{Device, Server, binary, demo_of};

const DEPARTMENT: &str = "Sở Thông tin và Truyền thông (giả định)";
/// The units that are scored, the role of each, and who heads it.
const UNITS: [(&str, &str, &str); 4] = [
    ("Phòng Văn hóa và Thông tin vùng Đồi Ảo", "unit_culture_office", "pt-vanhoa1"),
    ("Trung tâm Văn hóa, Thể thao, Du lịch và Truyền thông vùng Đồi Ảo", "unit_media_centre", "pt-trungtam1"),
    ("Phòng Văn hóa và Thông tin thành phố Cọ Ảo", "unit_culture_office", "pt-vanhoa2"),
    ("Đài Truyền thanh - Truyền hình thành phố Cọ Ảo", "unit_media_centre", "pt-trungtam2"),
];
/// How many people the department has.
const PEOPLE: usize = 12;

fn today() -> Day {
    Day::parse("2026-11-24").unwrap()
}

fn november() -> Period {
    "2026-11".parse().unwrap()
}

fn october() -> Period {
    "2026-10".parse().unwrap()
}

fn unit(state: &State, name: &str) -> UnitId {
    state.org.units().find(|unit| unit.name == name).unwrap().id
}

/// Nothing else is scored as a unit: neither the department and its rooms, which are of the same kinds, nor other offices.
#[tokio::test]
async fn the_people_of_the_department_and_four_units_are_scored() {
    let (data, people) = demo_of(&Scheme::ALL, today()).await;
    let office = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let state = office.state();
    let scored: BTreeMap<UnitId, String> = state
        .org
        .units()
        .filter_map(|unit| {
            let key = state.card_key(unit.id, november())?;
            Some((unit.id, state.role(&key)?.to_owned()))
        })
        .collect();
    let expected: BTreeMap<UnitId, String> =
        UNITS.iter().map(|(name, role, _)| (unit(state, name), (*role).to_owned())).collect();
    assert_eq!(scored, expected);
    let own: BTreeSet<&str> = people
        .iter()
        .filter(|(user, person)| user.starts_with("pt-") && state.card_key(**person, november()).is_some())
        .map(|(user, _)| user.as_str())
        .collect();
    assert_eq!(own.len(), PEOPLE, "{own:?}");
    let outside = UNITS.iter().flat_map(|(.., head)| [(*head).to_owned(), format!("{head}-vien")]);
    assert!(outside.chain(["pt-chutich1".to_owned()]).all(|user| !own.contains(user.as_str())), "{own:?}");
    let department = unit(state, DEPARTMENT);
    assert!(expected.keys().all(|unit| !state.org.is_within(*unit, department)), "outside the department's tree");
}

/// October has gone the whole way for people and units: the head scores for the unit, the department marks, its director
/// decides and the decision is sent.
#[tokio::test]
async fn a_month_is_lived_to_its_end_by_people_and_units() {
    let (data, people) = demo_of(&[Scheme::PhuTho], today()).await;
    let office = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let state = office.state();
    let lived: Vec<CardKey> =
        state.cards().filter(|(key, _)| key.period == october()).map(|(key, _)| key.clone()).collect();
    assert_eq!(lived.len(), PEOPLE + UNITS.len());
    let mut classes: BTreeSet<&str> = BTreeSet::new();
    for key in &lived {
        let card = state.card(key).unwrap();
        assert_eq!(card.stage(), Stage::Published, "{key}");
        classes.insert(&card.publication().unwrap().class);
    }
    assert!(classes.len() >= 2, "{classes:?}");
    for (name, _, head) in UNITS {
        let key = state.card_key(unit(state, name), october()).unwrap();
        let card = state.card(&key).unwrap();
        let decided = card.approved_in().unwrap();
        assert_eq!(card.current(decided).unwrap().actor, people["pt-giamdoc"], "{name}");
        assert_eq!(state.speaker(&key), people[head], "{name}");
        let steps = state.steps_of(PersonId::SYSTEM, &key, today());
        let marks = steps.iter().find(|step| step.step.id == "appraise_unit").unwrap();
        assert_eq!(marks.actors, [people["pt-danhgia"]], "{name}");
    }
}

/// The month and the year of a unit have a row of the unit.
#[tokio::test]
async fn a_unit_has_a_row_in_its_month_and_a_year_of_its_own() {
    let (data, _) = demo_of(&[Scheme::PhuTho], today()).await;
    let office = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let state = office.state();
    for (name, ..) in UNITS {
        let table = unit_month(state, unit(state, name), october(), PersonId::SYSTEM);
        let rows: Vec<&str> = table.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(rows, [name]);
        let years = person_years(state, PersonId::SYSTEM, unit(state, name), 2026);
        let results = years[0].periods.iter().filter(|part| part.result.is_some()).count();
        assert_eq!((years.len(), results), (1, 1), "{name}");
    }
    let above = unit_month(state, unit(state, "UBND vùng Đồi Ảo"), october(), PersonId::SYSTEM);
    assert_eq!(above.rows.len(), 2);
    let own = unit_month(state, unit(state, DEPARTMENT), october(), PersonId::SYSTEM);
    assert_eq!(own.rows.len(), PEOPLE, "the units scored are no part of the department's month");

    let words = ["export", "month", "--period", "2026-10", "--unit", "UBND vùng Đồi Ảo", "--data"];
    let printed = binary().args(words).arg(data.path()).output().unwrap();
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    let printed = String::from_utf8(printed.stdout).unwrap();
    for (name, ..) in &UNITS[..2] {
        assert!(printed.lines().any(|line| line.contains(name)), "{name}: {printed}");
    }
}

/// On tablets: the head scores for the unit, staff of the unit and other heads cannot, and the department's scorer reads it.
#[tokio::test]
async fn the_head_scores_for_the_unit_and_the_department_reads_it() {
    let (data, people) = demo_of(&[Scheme::PhuTho], today()).await;
    let server = Server::start(data.path(), &[]);
    let mut head = Device::of(&server, "pt-vanhoa1", 1).await;
    head.sync().await;
    let subject = Subject::Unit(unit(head.replica.view(), UNITS[0].0));
    let key = head.replica.view().card_key(subject, november()).unwrap();
    let spoken_for = head.replica.view().keys_spoken_for(people["pt-vanhoa1"], november());
    assert_eq!(spoken_for, std::slice::from_ref(&key));
    let highest = pack::find("phutho-mau").unwrap().criteria_for("unit_culture_office");
    let marks = highest.map(|one| (one.code.clone(), Mark { value: one.max.clone(), reason: String::new() }));
    let own = SelfScore { marks: marks.collect(), ..SelfScore::default() };
    for stranger in ["pt-vanhoa1-vien", "pt-trungtam1", "pt-danhgia"] {
        let mut device = Device::of(&server, stranger, 9).await;
        device.sync().await;
        let refused = device.try_act(Target::Card(key.clone()), &Payload::SubmitSelfScore(own.clone())).unwrap_err();
        assert_eq!(refused.code, RefusalCode::NotEntitled, "{stranger}");
    }
    head.on_card(&key, &Payload::SubmitSelfScore(own));
    head.sync().await;
    let mut scorer = Device::of(&server, "pt-danhgia", 2).await;
    scorer.sync().await;
    let seen = scorer.replica.view().card(&key).unwrap();
    let total = seen.self_score().unwrap().marks.values().map(|mark| &mark.value).sum::<Exact>();
    assert_eq!((seen.stage(), total), (Stage::SelfScored, Exact::from_int(100)));
    let mut neighbour = Device::of(&server, "pt-trungtam2", 3).await;
    neighbour.sync().await;
    assert!(neighbour.replica.view().card(&key).is_none(), "another unit does not read it");
}
