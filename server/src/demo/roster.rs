//! The units and people of the demo, plainly fictitious.

use shared::ids::{PersonId, PostId, UnitId};
use shared::op::{Payload, Target};
use shared::org::{Person, Post, Rank, Unit, UnitKind};
use shared::pack::{Pack, PackAdoption};
use shared::sorted_map::Map;
use shared::time::{Day, Millis};

use super::scribe::Scribe;
use super::{chance, words};

/// The pack by which the province lives.
pub(super) const SCHEME: &str = "nd335-congchuc";
/// Place of the province among the units.
pub(super) const PROVINCE: usize = 0;
/// Place of the cluster between province and commune. Nobody holds a post there, to show that authority passes over an
/// empty seat to the province.
const CLUSTER: usize = 1;
/// Place of the commune.
pub(super) const COMMUNE: usize = 2;
/// Place of the first unit below the commune.
const FIRST_DIVISION: usize = 3;

const UNITS: [(&str, Option<usize>, UnitKind); 9] = [
    ("Tỉnh Thử Nghiệm", None, UnitKind::Region),
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
    pub(super) unit: usize,
    pub(super) rank: Rank,
    pub(super) title: String,
    pub(super) personnel: bool,
}

impl Official {
    pub(super) fn id(&self) -> PersonId {
        PersonId::from_bytes(chance::id(&["demo", "person", &self.username]))
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

/// Everyone, in the order of the table.
#[derive(Clone, Debug)]
pub(super) struct Roster {
    pub(super) people: Vec<Official>,
}

pub(super) fn unit_id(place: usize) -> UnitId {
    UnitId::from_bytes(chance::id(&["demo", "unit", &place.to_string()]))
}

impl Roster {
    pub(super) fn new() -> Self {
        let mut roster = Self { people: Vec::new() };
        roster.add("lanhdaotinh", PROVINCE, Rank::Head, "Chủ tịch UBND tỉnh");
        roster.add("nhansutinh", PROVINCE, Rank::Staff, "Chuyên viên tổ chức cán bộ");
        roster.add("chutich", COMMUNE, Rank::Head, "Chủ tịch UBND xã");
        roster.add("phochutich1", COMMUNE, Rank::Deputy, "Phó Chủ tịch UBND xã");
        roster.add("phochutich2", COMMUNE, Rank::Deputy, "Phó Chủ tịch UBND xã");
        roster.add("nhansu", FIRST_DIVISION, Rank::Staff, "Công chức tổ chức - nội vụ");
        let (mut staff, mut support) = (0, 0);
        for (place, (staff_count, support_count)) in STAFF.into_iter().enumerate() {
            let unit = place + FIRST_DIVISION;
            roster.add(&format!("truong{}", place + 1), unit, Rank::Head, head_title(unit));
            roster.add(&format!("pho{}", place + 1), unit, Rank::Deputy, deputy_title(unit));
            for _ in 0..staff_count {
                staff += 1;
                roster.add(&format!("canbo{staff}"), unit, Rank::Staff, "Chuyên viên");
            }
            for _ in 0..support_count {
                support += 1;
                roster.add(&format!("phucvu{support}"), unit, Rank::Support, "Nhân viên phục vụ");
            }
        }
        roster
    }

    fn add(&mut self, username: &str, unit: usize, rank: Rank, title: &str) {
        let place = self.people.len();
        let family = FAMILY_NAMES.get(place % FAMILY_NAMES.len()).copied().unwrap_or_default();
        let given = GIVEN_NAMES.get(place).copied().unwrap_or_default();
        self.people.push(Official {
            username: username.to_owned(),
            name: format!("{family} {given}"),
            unit,
            rank,
            title: title.to_owned(),
            personnel: username.starts_with("nhansu"),
        });
    }

    /// The people of the commune.
    pub(super) fn commune(&self) -> impl Iterator<Item = &Official> {
        self.people.iter().filter(|official| official.unit != PROVINCE)
    }

    /// The name of a unit.
    pub(super) fn unit_name(&self, place: usize) -> &'static str {
        UNITS.get(place).map_or("", |(name, ..)| name)
    }

    /// Signs the operations that add units, people and posts, as the office.
    pub(super) async fn write(&self, scribe: &mut Scribe, at: Millis) -> anyhow::Result<()> {
        for (place, (name, parent, kind)) in UNITS.into_iter().enumerate() {
            let unit = Unit { id: unit_id(place), parent: parent.map(unit_id), name: name.to_owned(), kind };
            scribe.act(PersonId::SYSTEM, Target::Org, Payload::PutUnit(unit), at).await?;
        }
        let (year, ..) = at.day().civil();
        let from = Day::from_civil(year - 1, 7, 1).unwrap_or(at.day());
        for official in &self.people {
            let person = Person { id: official.id(), name: official.name.clone() };
            scribe.act(PersonId::SYSTEM, Target::Org, Payload::PutPerson(person), at).await?;
            scribe.act(PersonId::SYSTEM, Target::Org, Payload::PutPost(official.post(from)), at).await?;
        }
        Ok(())
    }

    /// Lets the province and everybody below it live by a pack.
    pub(super) async fn adopt(&self, scribe: &mut Scribe, pack: &Pack, at: Millis) -> anyhow::Result<()> {
        let adoption = PackAdoption {
            unit: unit_id(PROVINCE),
            id: pack.id.clone(),
            pack: pack.hash,
            roles: Vec::new(),
            from: Day::parse(&pack.effective_from).unwrap_or(at.day()),
            to: None,
            options: Map::new(),
            opens: None,
            bound: Map::new(),
            decision: words::ADOPTED.to_owned(),
        };
        scribe.act(PersonId::SYSTEM, Target::Org, Payload::AdoptPack(adoption), at).await
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
        let roster = Roster::new();
        let count = |rank: Rank| roster.commune().filter(|official| official.rank == rank).count();
        assert_eq!(roster.commune().count(), 40);
        assert_eq!(roster.people.len(), 42);
        assert_eq!((count(Rank::Head), count(Rank::Deputy), count(Rank::Staff), count(Rank::Support)), (7, 8, 22, 3));
        assert_eq!(roster.commune().filter(|official| official.personnel).count(), 1);
        let units: BTreeSet<usize> = roster.commune().map(|official| official.unit).collect();
        assert_eq!(units.len(), 7, "the commune's leaders and six units");
        assert!(roster.people.iter().all(|official| official.unit != CLUSTER), "nobody holds a post in the cluster");
        let titled =
            |title: &str| roster.people.iter().find(|official| official.title == title).map(|found| found.unit);
        assert_eq!(titled("Chánh Văn phòng").map(|unit| roster.unit_name(unit)), Some("Văn phòng HĐND và UBND"));
        assert_eq!(titled("Tổ phó").map(|unit| roster.unit_name(unit)), Some("Tổ Tư pháp - Hộ tịch"));
        let names: BTreeSet<&str> = roster.people.iter().map(|official| official.name.as_str()).collect();
        assert_eq!(names.len(), 42, "no two names alike");
    }
}
