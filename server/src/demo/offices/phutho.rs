//! An office of the kind of Phú Thọ: a department whose people are scored, and which scores units of two localities. These
//! stand outside its own tree. The district of the text is a level of the tree; since 2025 another level stands there.

use shared::org::{Rank, Task, UnitKind};

use super::{Office, Scheme};
use crate::demo::roster::{MandateRow, PROVINCE, Roster};

/// The role of the department's people. By their kind the department and its rooms would be units that are scored.
const PEOPLE: &[&str] = &["staff"];
/// The roles of units. Their people live by no rules of the department.
const UNITS: &[&str] = &["unit_culture_office", "unit_media_centre"];
/// Positions outside the units' own line, both held in the department.
const POSITIONS: [&str; 2] = ["department_director", "department_scorer"];

pub(super) fn add_to(roster: &mut Roster) {
    let department = add_department(roster);
    let localities = [
        (
            "UBND vùng Đồi Ảo",
            "Phòng Văn hóa và Thông tin vùng Đồi Ảo",
            "Trung tâm Văn hóa, Thể thao, Du lịch và Truyền thông vùng Đồi Ảo",
        ),
        (
            "UBND thành phố Cọ Ảo",
            "Phòng Văn hóa và Thông tin thành phố Cọ Ảo",
            "Đài Truyền thanh - Truyền hình thành phố Cọ Ảo",
        ),
    ];
    for (number, (above, office, centre)) in (1..).zip(localities) {
        let above = roster.add_unit(above, Some(PROVINCE), UnitKind::Region);
        let office = roster.add_unit(office, Some(above), UnitKind::Agency);
        let centre = roster.add_unit(centre, Some(above), UnitKind::Division);
        let mut add = |name: String, unit, rank, title: &str, part| {
            roster.add(&name, Scheme::PhuTho, unit, rank, title, part);
        };
        add(format!("pt-chutich{number}"), above, Rank::Head, "Chủ tịch UBND", "xem kết quả các đơn vị");
        for (user, unit, title) in [
            ("vanhoa", office, "Trưởng phòng"),
            ("trungtam", centre, if number == 1 { "Giám đốc" } else { "Trưởng đài" }),
        ] {
            add(format!("pt-{user}{number}"), unit, Rank::Head, title, "chấm cho đơn vị");
            add(
                format!("pt-{user}{number}-vien"),
                unit,
                Rank::Staff,
                "Chuyên viên",
                "không được chấm: chỉ chấm đơn vị",
            );
        }
        let bound = POSITIONS.map(|position| (position, department)).to_vec();
        roster.offices.push(Office { scheme: Scheme::PhuTho, unit: above, roles: UNITS, bound });
    }
}

/// The department with its people, and what it lives by.
fn add_department(roster: &mut Roster) -> usize {
    let department = roster.add_unit("Sở Thông tin và Truyền thông (giả định)", Some(PROVINCE), UnitKind::Agency);
    let bureau = roster.add_unit("Văn phòng Sở (giả định)", Some(department), UnitKind::Division);
    let room = roster.add_unit("Phòng Thông tin, Báo chí (giả định)", Some(department), UnitKind::Division);
    let mut add = |name: &str, unit, rank, title: &str, part| roster.add(name, Scheme::PhuTho, unit, rank, title, part);
    add("pt-giamdoc", department, Rank::Head, "Giám đốc Sở", "quyết định xếp loại người và đơn vị");
    add("pt-phogiamdoc", department, Rank::Deputy, "Phó Giám đốc Sở", "tự chấm");
    add("pt-chanhvanphong", bureau, Rank::Head, "Chánh Văn phòng", "tự chấm; chấm người của phòng");
    add("pt-nhansu", bureau, Rank::Staff, "Chuyên viên tổ chức cán bộ", "tự chấm; thông báo kết quả");
    add("pt-truongphong", room, Rank::Head, "Trưởng phòng", "tự chấm; chấm người của phòng");
    add("pt-danhgia", room, Rank::Deputy, "Phó Trưởng phòng", "tự chấm; chấm đơn vị, gửi quyết định");
    for (number, unit) in [(1, bureau), (2, room)] {
        for place in 1..=3 {
            add(&format!("pt-canbo{number}{place}"), unit, Rank::Staff, "Chuyên viên", "tự chấm");
        }
    }
    roster.mandates.extend([
        MandateRow::new("pt-giamdoc", department, Task::Position, "department_director"),
        MandateRow::new("pt-danhgia", department, Task::Position, "department_scorer"),
    ]);
    roster.offices.push(Office { scheme: Scheme::PhuTho, unit: department, roles: PEOPLE, bound: Vec::new() });
    department
}
