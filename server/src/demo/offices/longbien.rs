//! An office of the kind of Long Biên: a ward's committee with two vice-chairs over a room of two sections.

use shared::org::{Rank, UnitKind};

use super::{ALL, Office, Scheme};
use crate::demo::roster::{PROVINCE, Roster};

pub(super) fn add_to(roster: &mut Roster) {
    let committee = roster.add_unit("UBND quận Sông Ảo", Some(PROVINCE), UnitKind::Region);
    let room = roster.add_unit("Phòng Kinh tế quận Sông Ảo", Some(committee), UnitKind::Agency);
    let sections = ["Bộ phận Đất đai", "Bộ phận Chợ và Thương mại"];
    let sections = sections.map(|name| roster.add_unit(name, Some(room), UnitKind::Division));
    let mut add =
        |name: &str, unit, rank, title: &str, part| roster.add(name, Scheme::LongBien, unit, rank, title, part);
    add("lb-chutich", committee, Rank::Head, "Chủ tịch UBND quận", "chấm các phó chủ tịch");
    add("lb-phochutich1", committee, Rank::Deputy, "Phó Chủ tịch UBND quận", "tự chấm");
    add("lb-phochutich2", committee, Rank::Deputy, "Phó Chủ tịch UBND quận", "tự chấm");
    add("lb-nhansu", committee, Rank::Staff, "Chuyên viên tổ chức", "thông báo kết quả");
    add("lb-truongphong", room, Rank::Head, "Trưởng phòng", "chấm lần hai, chấm phó phòng");
    add("lb-phophong1", room, Rank::Deputy, "Phó Trưởng phòng", "chấm lần đầu thay trưởng bộ phận");
    add("lb-phophong2", room, Rank::Deputy, "Phó Trưởng phòng", "tự chấm");
    for (number, section) in (1..).zip(sections) {
        add(&format!("lb-bophan{number}"), section, Rank::Head, "Trưởng bộ phận", "chấm lần đầu");
        for place in 1..=3 {
            add(&format!("lb-canbo{number}{place}"), section, Rank::Staff, "Chuyên viên", "tự chấm");
        }
    }
    roster.offices.push(Office { scheme: Scheme::LongBien, unit: committee, roles: ALL, bound: Vec::new() });
}
