//! An office of the kind of Quản Bạ: every row of its table of scorers has somebody. The district of the text is a level of
//! the tree; since 2025 another level stands there.

use shared::org::{Rank, Task, UnitKind};

use super::{ALL, Office, Scheme};
use crate::demo::roster::{MandateRow, PROVINCE, Roster};

pub(super) fn add_to(roster: &mut Roster) {
    let above = roster.add_unit("UBND vùng Đá Ảo", Some(PROVINCE), UnitKind::Region);
    let office = roster.add_unit("Phòng Tư pháp vùng Đá Ảo", Some(above), UnitKind::Division);
    let party = roster.add_unit("Đảng ủy xã Mây Ảo", Some(above), UnitKind::Agency);
    let front = roster.add_unit("Ủy ban MTTQ xã Mây Ảo", Some(above), UnitKind::Agency);
    let commune = roster.add_unit("UBND xã Mây Ảo", Some(above), UnitKind::Agency);
    let mut add = |name: &str, unit, rank, title: &str, part| roster.add(name, Scheme::QuanBa, unit, rank, title, part);
    add("qb-chutichvung", above, Rank::Head, "Chủ tịch UBND vùng", "chấm thủ trưởng, chủ tịch xã");
    add("qb-thuongtruc1", above, Rank::Deputy, "Phó Bí thư thường trực", "chấm bí thư Đảng ủy xã");
    add("qb-thuongtruc2", above, Rank::Deputy, "Ủy viên thường trực", "chấm bí thư Đảng ủy xã");
    add("qb-nhansuvung", above, Rank::Staff, "Chuyên viên nội vụ vùng", "nhận báo cáo tháng");
    add("qb-truongphong", office, Rank::Head, "Trưởng phòng", "chấm người của phòng");
    add("qb-phophong", office, Rank::Deputy, "Phó Trưởng phòng", "tự chấm");
    add("qb-chuyenvien", office, Rank::Staff, "Chuyên viên", "tự chấm");
    add("qb-bithu", party, Rank::Head, "Bí thư Đảng ủy xã", "chấm phó bí thư, mặt trận, đoàn thể");
    add("qb-phobithu", party, Rank::Deputy, "Phó Bí thư Đảng ủy xã", "tự chấm");
    add("qb-mattran", front, Rank::Head, "Chủ tịch Ủy ban MTTQ xã", "tự chấm");
    add("qb-phunu", front, Rank::Staff, "Chủ tịch Hội Phụ nữ xã", "tự chấm");
    add("qb-chutich", commune, Rank::Head, "Chủ tịch UBND xã", "chấm phó chủ tịch, công chức xã");
    add("qb-phochutich", commune, Rank::Deputy, "Phó Chủ tịch UBND xã", "tự chấm");
    add("qb-nhansu", commune, Rank::Staff, "Công chức văn phòng - thống kê", "tổng hợp tháng");
    add("qb-diachinh", commune, Rank::Staff, "Công chức địa chính", "tự chấm");
    add("qb-tuphap", commune, Rank::Staff, "Công chức tư pháp - hộ tịch", "tự chấm");
    roster.mandates.extend([
        MandateRow::new("qb-chutichvung", above, Task::Position, "district_chair"),
        MandateRow::new("qb-thuongtruc1", above, Task::Chair, "district_standing"),
        MandateRow::new("qb-thuongtruc2", above, Task::Member, "district_standing"),
        MandateRow::new("qb-bithu", party, Task::Position, "party_secretary"),
        MandateRow::new("qb-phobithu", party, Task::Position, "deputy_party_secretary"),
        MandateRow::new("qb-mattran", front, Task::Position, "front_head"),
        MandateRow::new("qb-phunu", front, Task::Position, "organisation_head"),
    ]);
    let bound = vec![("party_secretary", party), ("district_chair", above)];
    roster.offices.push(Office { scheme: Scheme::QuanBa, unit: above, roles: ALL, bound });
}
