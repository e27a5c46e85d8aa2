//! The units and people of the demo, plainly fictitious.

use anyhow::Context as _;
use shared::ids::{MandateId, PersonId, PostId, UnitId};
use shared::op::{Payload, Target};
use shared::org::{Mandate, Person, Post, Rank, Task, Unit, UnitKind};
use shared::pack::{self, PackAdoption, Span};
use shared::sorted_map::Map;
use shared::time::{Day, Millis, Period};

use super::offices::{ALL, DECREE, Office, Scheme};
use super::scribe::Scribe;
use super::{chance, words};

/// Place of the province among the units.
pub(super) const PROVINCE: usize = 0;
/// Place of the cluster between province and commune. Nobody holds a post there, to show that authority passes over an
/// empty seat to the province.
const CLUSTER: usize = 1;
/// Place of the commune.
pub(super) const COMMUNE: usize = 2;
/// Place of the first unit below the commune.
const FIRST_DIVISION: usize = 3;

const PROVINCE_NAME: &str = "Tỉnh Thử Nghiệm";
/// The head of the province.
pub(super) const PROVINCE_HEAD: &str = "lanhdaotinh";
/// The units of the commune that lives by the decree.
const UNITS: [(&str, Option<usize>, UnitKind); 8] = [
    ("Cụm Không Có Thật", Some(PROVINCE), UnitKind::Region),
    ("UBND xã Giả Tưởng", Some(CLUSTER), UnitKind::Agency),
    ("Văn phòng HĐND và UBND", Some(COMMUNE), UnitKind::Division),
    ("Phòng Kinh tế", Some(COMMUNE), UnitKind::Division),
    ("Phòng Văn hóa - Xã hội", Some(COMMUNE), UnitKind::Division),
    ("Trung tâm Phục vụ hành chính công", Some(COMMUNE), UnitKind::Division),
    ("Trung tâm Dịch vụ tổng hợp", Some(COMMUNE), UnitKind::Division),
    ("Tổ Tư pháp - Hộ tịch", Some(COMMUNE), UnitKind::Division),
];

/// The numbers of staff and support staff of each unit below the commune, besides its head and deputy. The first unit
/// has a personnel officer in addition.
const STAFF: [(usize, usize); 6] = [(4, 2), (5, 0), (4, 0), (4, 0), (2, 1), (2, 0)];

const FAMILY_NAMES: [&str; 12] =
    ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Lý", "Giàng"];

/// How far the family names move on when the given names come again.
const FAMILY_SHIFT: usize = 5;
/// No regulation of the demo counts before this day: 1 January 2026.
pub(super) const FIRST_DAY: Day = Day(20_454);

/// Given names that nobody has. They are words for "made up".
const GIVEN_NAMES: [&str; 42] = [
    "Minh Họa",
    "Ví Von",
    "Giả Định",
    "Ví Dụ",
    "Thí Điểm",
    "Thử Nghiệm",
    "Mô Phỏng",
    "Bản Mẫu",
    "Hư Cấu",
    "Tưởng Tượng",
    "Phác Thảo",
    "Tập Dượt",
    "Diễn Tập",
    "Trình Diễn",
    "Giả Lập",
    "Mẫu Số",
    "Tử Số",
    "Ẩn Số",
    "Hằng Số",
    "Biến Số",
    "Đáp Số",
    "Thí Dụ",
    "Phép Thử",
    "Làm Thử",
    "Chạy Thử",
    "Bài Tập",
    "Sơ Đồ",
    "Biểu Mẫu",
    "Ô Trống",
    "Vô Danh",
    "Không Tên",
    "Ký Hiệu",
    "Tạm Gọi",
    "Tạm Tính",
    "Tượng Trưng",
    "Đại Diện",
    "Ước Lệ",
    "Quy Ước",
    "Dự Phòng",
    "Tham Khảo",
    "Giả Sử",
    "Nháp Thôi",
];

/// Someone of the demo.
#[derive(Clone, Debug)]
pub(super) struct Official {
    pub(super) username: String,
    pub(super) name: String,
    pub(super) scheme: Scheme,
    pub(super) unit: usize,
    pub(super) rank: Rank,
    pub(super) title: String,
    /// What the person does in the regulation, in a few words.
    pub(super) part: &'static str,
    pub(super) personnel: bool,
}

impl Official {
    pub(super) fn id(&self) -> PersonId {
        person_id(&self.username)
    }

    fn post(&self, from: Day) -> Post {
        Post {
            id: PostId::from_bytes(chance::id(&["demo", "post", &self.username])),
            person: self.id(),
            unit: unit_id(self.unit),
            rank: self.rank,
            title: self.title.clone(),
            from,
            to: None,
            personnel: self.personnel,
        }
    }
}

/// A unit of the demo.
#[derive(Clone, Debug)]
struct UnitRow {
    name: &'static str,
    /// Place of the unit above.
    parent: Option<usize>,
    kind: UnitKind,
}

/// That somebody holds a task in a unit, by a word of the packs.
#[derive(Clone, Copy, Debug)]
pub(super) struct MandateRow {
    username: &'static str,
    /// Place of the unit.
    unit: usize,
    task: Task,
    word: &'static str,
    /// Whose card it concerns; none where it concerns everybody's.
    subject: Option<&'static str>,
}

impl MandateRow {
    /// One that concerns everybody's card.
    pub(super) const fn new(username: &'static str, unit: usize, task: Task, word: &'static str) -> Self {
        Self { username, unit, task, word, subject: None }
    }

    /// One that concerns only the card of `subject`.
    pub(super) const fn about(self, subject: &'static str) -> Self {
        Self { subject: Some(subject), ..self }
    }

    fn mandate(&self, place: usize, from: Day) -> Mandate {
        Mandate {
            id: MandateId::from_bytes(chance::id(&["demo", "mandate", &place.to_string()])),
            person: person_id(self.username),
            unit: unit_id(self.unit),
            task: self.task,
            word: self.word.to_owned(),
            subject: self.subject.map(person_id),
            from,
            to: None,
            decision: words::ADOPTED.to_owned(),
        }
    }
}

/// Everyone, in the order of the table, with their units and what these live by.
#[derive(Clone, Debug)]
pub(super) struct Roster {
    units: Vec<UnitRow>,
    pub(super) people: Vec<Official>,
    pub(super) mandates: Vec<MandateRow>,
    pub(super) offices: Vec<Office>,
}

pub(super) fn person_id(username: &str) -> PersonId {
    PersonId::from_bytes(chance::id(&["demo", "person", username]))
}

pub(super) fn unit_id(place: usize) -> UnitId {
    UnitId::from_bytes(chance::id(&["demo", "unit", &place.to_string()]))
}

impl Roster {
    /// A province with an office for each scheme.
    pub(super) fn new(schemes: &[Scheme]) -> Self {
        let mut roster = Self { units: Vec::new(), people: Vec::new(), mandates: Vec::new(), offices: Vec::new() };
        roster.add_unit(PROVINCE_NAME, None, UnitKind::Region);
        let part = if schemes.contains(&Scheme::HaTinh) {
            "chấm chủ tịch xã; quyết định người tỉnh quản lý"
        } else {
            "chấm chủ tịch xã"
        };
        roster.add(PROVINCE_HEAD, Scheme::Decree, PROVINCE, Rank::Head, "Chủ tịch UBND tỉnh", part);
        roster.add(
            "nhansutinh",
            Scheme::Decree,
            PROVINCE,
            Rank::Staff,
            "Chuyên viên tổ chức cán bộ",
            "theo dõi cả tỉnh",
        );
        schemes.iter().for_each(|scheme| scheme.add_to(&mut roster));
        if schemes.len() > 1 {
            // Beside the commune are offices with regulations of their own. Their people have no months under the decree.
            let decree = roster.offices.iter_mut().filter(|office| office.scheme == Scheme::Decree);
            decree.for_each(|office| office.unit = CLUSTER);
        }
        roster
    }

    /// The commune that lives by the decree.
    pub(super) fn add_commune(&mut self) {
        for (name, parent, kind) in UNITS {
            self.add_unit(name, parent, kind);
        }
        let mut add =
            |username: &str, unit, rank, title: &str, part| self.add(username, Scheme::Decree, unit, rank, title, part);
        add("chutich", COMMUNE, Rank::Head, "Chủ tịch UBND xã", "chấm và quyết định");
        add("phochutich1", COMMUNE, Rank::Deputy, "Phó Chủ tịch UBND xã", "tự chấm");
        add("phochutich2", COMMUNE, Rank::Deputy, "Phó Chủ tịch UBND xã", "tự chấm");
        add("nhansu", FIRST_DIVISION, Rank::Staff, "Công chức tổ chức - nội vụ", "công bố");
        let (mut staff, mut support) = (0, 0);
        for (place, (staff_count, support_count)) in STAFF.into_iter().enumerate() {
            let unit = place + FIRST_DIVISION;
            add(&format!("truong{}", place + 1), unit, Rank::Head, head_title(unit), "chấm người của mình");
            add(&format!("pho{}", place + 1), unit, Rank::Deputy, deputy_title(unit), "tự chấm");
            for _ in 0..staff_count {
                staff += 1;
                add(&format!("canbo{staff}"), unit, Rank::Staff, "Chuyên viên", "tự chấm");
            }
            for _ in 0..support_count {
                support += 1;
                add(&format!("phucvu{support}"), unit, Rank::Support, "Nhân viên phục vụ", "tự chấm");
            }
        }
        self.offices.push(Office { scheme: Scheme::Decree, unit: PROVINCE, roles: ALL, bound: Vec::new() });
    }

    /// Adds a unit and returns its place.
    pub(super) fn add_unit(&mut self, name: &'static str, parent: Option<usize>, kind: UnitKind) -> usize {
        self.units.push(UnitRow { name, parent, kind });
        self.units.len() - 1
    }

    pub(super) fn add(
        &mut self,
        username: &str,
        scheme: Scheme,
        unit: usize,
        rank: Rank,
        title: &str,
        part: &'static str,
    ) {
        let place = self.people.len();
        // Beyond the given names they come again, with other family names.
        let round = place.checked_div(GIVEN_NAMES.len()).unwrap_or_default() * FAMILY_SHIFT;
        let family = FAMILY_NAMES.get((place + round) % FAMILY_NAMES.len()).copied().unwrap_or_default();
        let given = GIVEN_NAMES.get(place % GIVEN_NAMES.len()).copied().unwrap_or_default();
        self.people.push(Official {
            username: username.to_owned(),
            name: format!("{family} {given}"),
            scheme,
            unit,
            rank,
            title: title.to_owned(),
            part,
            personnel: username.contains("nhansu"),
        });
    }

    /// The people of the offices.
    pub(super) fn offices(&self) -> impl Iterator<Item = &Official> {
        self.people.iter().filter(|official| official.unit != PROVINCE)
    }

    /// Whether there is an office of a scheme.
    pub(super) fn has(&self, scheme: Scheme) -> bool {
        self.offices.iter().any(|office| office.scheme == scheme)
    }

    /// The place of the unit whose people are led by the leader of an office that lives by the decree.
    pub(super) fn top_of(&self, scheme: Scheme) -> Option<usize> {
        match scheme {
            Scheme::Decree => Some(COMMUNE),
            Scheme::Leaders => self.offices.iter().find(|office| office.scheme == scheme).map(|office| office.unit),
            Scheme::LongBien | Scheme::QuanBa | Scheme::HaTinh | Scheme::HaNoi | Scheme::PhuTho => None,
        }
    }

    /// The name of a unit.
    pub(super) fn unit_name(&self, place: usize) -> &'static str {
        self.units.get(place).map_or("", |unit| unit.name)
    }

    /// Signs the operations that add units, people and posts, as the office.
    pub(super) async fn write(&self, scribe: &mut Scribe, at: Millis) -> anyhow::Result<()> {
        for (place, row) in self.units.iter().enumerate() {
            let (parent, name) = (row.parent.map(unit_id), row.name.to_owned());
            let unit = Unit { id: unit_id(place), parent, name, kind: row.kind };
            scribe.act(PersonId::SYSTEM, Target::Org, Payload::PutUnit(unit), at).await?;
        }
        let (year, ..) = at.day().civil();
        let from = Day::from_civil(year - 1, 7, 1).unwrap_or(at.day());
        for official in &self.people {
            let person = Person { id: official.id(), name: official.name.clone() };
            scribe.act(PersonId::SYSTEM, Target::Org, Payload::PutPerson(person), at).await?;
            scribe.act(PersonId::SYSTEM, Target::Org, Payload::PutPost(official.post(from)), at).await?;
        }
        for (place, row) in self.mandates.iter().enumerate() {
            let mandate = row.mandate(place, from);
            scribe.act(PersonId::SYSTEM, Target::Org, Payload::PutMandate(mandate), at).await?;
        }
        Ok(())
    }

    /// Lets each office live by its pack: by the month since that is in force, by the quarter from the first one that the
    /// demo shows. Otherwise all quarters before would wait for a score.
    pub(super) async fn adopt(&self, scribe: &mut Scribe, at: Millis, first_quarter: Period) -> anyhow::Result<()> {
        for office in &self.offices {
            for (place, id) in office.scheme.packs().iter().enumerate() {
                let adoption = self.adoption(office, id, place > 0, at.day(), first_quarter)?;
                scribe.act(PersonId::SYSTEM, Target::Org, Payload::AdoptPack(adoption), at).await?;
            }
        }
        Ok(())
    }

    /// That an office lives by a pack, alone or beside another.
    fn adoption(
        &self,
        office: &Office,
        id: &str,
        beside: bool,
        day: Day,
        first_quarter: Period,
    ) -> anyhow::Result<PackAdoption> {
        let pack = pack::find(id).context("a pack of the demo")?;
        let in_force = Day::parse(&pack.effective_from).unwrap_or(day).max(FIRST_DAY);
        let by_quarter = pack.periods == [Span::Quarter];
        Ok(PackAdoption {
            unit: unit_id(office.unit),
            id: pack.id.clone(),
            pack: pack.hash,
            roles: office.scored_roles(beside),
            from: if by_quarter { first_quarter.first_day().max(in_force) } else { in_force },
            to: None,
            options: Map::new(),
            opens: None,
            bound: office.bound_units().collect(),
            decision: words::ADOPTED.to_owned(),
            // Every length that the regulation names, so that each can be tried. The decree lets the office choose: months.
            spans: if id == DECREE { Vec::new() } else { pack.periods.clone() },
            beside,
            cut_off: None,
            outside: Vec::new(),
        })
    }
}

const fn head_title(unit: usize) -> &'static str {
    match unit {
        3 => "Chánh Văn phòng",
        6 | 7 => "Giám đốc Trung tâm",
        8 => "Tổ trưởng",
        _ => "Trưởng phòng",
    }
}

const fn deputy_title(unit: usize) -> &'static str {
    match unit {
        3 => "Phó Chánh Văn phòng",
        6 | 7 => "Phó Giám đốc Trung tâm",
        8 => "Tổ phó",
        _ => "Phó Trưởng phòng",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn forty_officials_in_six_units_under_two_levels() {
        let roster = Roster::new(&[Scheme::Decree]);
        let count = |rank: Rank| roster.offices().filter(|official| official.rank == rank).count();
        assert_eq!(roster.offices().count(), 40);
        assert_eq!(roster.people.len(), 42);
        assert_eq!((count(Rank::Head), count(Rank::Deputy), count(Rank::Staff), count(Rank::Support)), (7, 8, 22, 3));
        assert_eq!(roster.offices().filter(|official| official.personnel).count(), 1);
        let units: BTreeSet<usize> = roster.offices().map(|official| official.unit).collect();
        assert_eq!(units.len(), 7, "the commune's leaders and six units");
        assert!(roster.people.iter().all(|official| official.unit != CLUSTER), "nobody holds a post in the cluster");
        let titled =
            |title: &str| roster.people.iter().find(|official| official.title == title).map(|found| found.unit);
        assert_eq!(titled("Chánh Văn phòng").map(|unit| roster.unit_name(unit)), Some("Văn phòng HĐND và UBND"));
        assert_eq!(titled("Tổ phó").map(|unit| roster.unit_name(unit)), Some("Tổ Tư pháp - Hộ tịch"));
        let names: BTreeSet<&str> = roster.people.iter().map(|official| official.name.as_str()).collect();
        assert_eq!(names.len(), 42, "no two names alike");
    }

    #[test]
    fn every_scheme_has_an_office_with_people_of_its_own() {
        let roster = Roster::new(&Scheme::ALL);
        for scheme in Scheme::ALL {
            let count = roster.offices().filter(|official| official.scheme == scheme).count();
            assert!(count >= 15, "{scheme:?}: {count}");
            assert_eq!(Scheme::find(scheme.word()), Some(scheme));
        }
        let names: BTreeSet<&str> = roster.people.iter().map(|official| official.name.as_str()).collect();
        assert_eq!(names.len(), roster.people.len(), "no two names alike");
    }
}
