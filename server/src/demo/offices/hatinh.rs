//! An office of the kind of Hà Tĩnh: a city whose scoring team of five scores the heads of its offices, wards, party bodies and
//! mass organisations by the quarter. One of the team heads a ward, and one of the heads is managed by the province.

use shared::org::{Rank, Task, UnitKind};

use super::{ALL, Office, Scheme};
use crate::demo::roster::{MandateRow, PROVINCE, PROVINCE_HEAD, Roster};

/// The step in which the result is decided.
const DECISION: &str = "approve";
/// The body that scores.
const TEAM: &str = "scoring_team";

pub(super) fn add_to(roster: &mut Roster) {
    let city = roster.add_unit("UBND thành phố Hà Ảo", Some(PROVINCE), UnitKind::Region);
    let mut below = |name, kind| roster.add_unit(name, Some(city), kind);
    let bureau = below("Văn phòng HĐND và UBND thành phố Hà Ảo", UnitKind::Division);
    let home_affairs = below("Phòng Nội vụ thành phố Hà Ảo", UnitKind::Division);
    let order = below("Đội Quản lý trật tự đô thị Hà Ảo", UnitKind::Division);
    let wards = ["UBND phường Bến Ảo", "UBND phường Cầu Ảo", "UBND xã Đồng Ảo"];
    let wards = wards.map(|name| below(name, UnitKind::Agency));
    let party = below("Ban Tổ chức Thành ủy Hà Ảo", UnitKind::Agency);
    let women = below("Hội Phụ nữ thành phố Hà Ảo", UnitKind::Agency);
    let mut add = |name: &str, unit, rank, title: &str, part| roster.add(name, Scheme::HaTinh, unit, rank, title, part);
    add("ht-chutich", city, Rank::Head, "Chủ tịch UBND thành phố", "quyết định xếp loại");
    add("ht-phochutich", city, Rank::Deputy, "Phó Chủ tịch UBND thành phố", "tổ trưởng tổ chấm điểm");
    add("ht-nhansu", city, Rank::Staff, "Chuyên viên tổ chức cán bộ", "giữ hồ sơ, ghi ai trong tổ");
    add("ht-vanphong", bureau, Rank::Head, "Chánh Văn phòng", "tự chấm");
    add("ht-phovanphong", bureau, Rank::Deputy, "Phó Chánh Văn phòng", "chấm trong tổ");
    add("ht-noivu", home_affairs, Rank::Head, "Trưởng phòng", "tự chấm");
    add("ht-phonoivu", home_affairs, Rank::Deputy, "Phó Trưởng phòng", "chấm trong tổ");
    add("ht-thuky", home_affairs, Rank::Staff, "Chuyên viên", "thư ký tổ chấm điểm");
    add("ht-doitruong", order, Rank::Head, "Đội trưởng", "tự chấm");
    for (ward, (user, part)) in wards.into_iter().zip([
        ("ht-phuong1", "tự chấm; chấm trong tổ, trừ phiếu của mình"),
        ("ht-phuong2", "tự chấm"),
        ("ht-xa", "tự chấm"),
    ]) {
        let title = if user == "ht-xa" { "Chủ tịch UBND xã" } else { "Chủ tịch UBND phường" };
        add(user, ward, Rank::Head, title, part);
        add(
            &format!("{user}-pho"),
            ward,
            Rank::Deputy,
            "Phó Chủ tịch UBND",
            "không được chấm: chỉ chấm người đứng đầu",
        );
    }
    add("ht-tochuc", party, Rank::Head, "Trưởng Ban Tổ chức Thành ủy", "tự chấm; tỉnh quyết định");
    add("ht-phunu", women, Rank::Head, "Chủ tịch Hội Phụ nữ", "tự chấm");
    roster.mandates.extend([
        MandateRow::new("ht-phochutich", city, Task::Chair, TEAM),
        MandateRow::new("ht-thuky", city, Task::Secretary, TEAM),
        MandateRow::new("ht-phovanphong", city, Task::Member, TEAM),
        MandateRow::new("ht-phonoivu", city, Task::Member, TEAM),
        MandateRow::new("ht-phuong1", city, Task::Member, TEAM),
        MandateRow::new("ht-tochuc", party, Task::Position, "party_body_head"),
        MandateRow::new("ht-phunu", women, Task::Position, "organisation_head"),
        // One of those whom the province manages: its head decides on this card.
        MandateRow::new(PROVINCE_HEAD, PROVINCE, Task::Step, DECISION).about("ht-tochuc"),
    ]);
    roster.offices.push(Office { scheme: Scheme::HaTinh, unit: city, roles: ALL, bound: Vec::new() });
}
