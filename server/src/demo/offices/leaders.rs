//! An office whose leaders are scored twice: a commune that lives by the decree's month, where 02-HD scores chairman,
//! deputies and heads by the quarter beside it.

use shared::org::{Rank, UnitKind};

use super::{ALL, Office, Scheme};
use crate::demo::roster::{PROVINCE, Roster};

/// The roles that are scored by the quarter: the guidance binds leaders and managers.
pub(super) const ROLES: &[&str] = &["leader", "deputy"];

pub(super) fn add_to(roster: &mut Roster) {
    let commune = roster.add_unit("UBND xã Song Ảo", Some(PROVINCE), UnitKind::Agency);
    let rooms = ["Văn phòng HĐND và UBND xã Song Ảo", "Phòng Kinh tế xã Song Ảo", "Phòng Văn hóa - Xã hội xã Song Ảo"];
    let rooms = rooms.map(|name| roster.add_unit(name, Some(commune), UnitKind::Division));
    let mut add =
        |name: &str, unit, rank, title: &str, part| roster.add(name, Scheme::Leaders, unit, rank, title, part);
    let twice = "tự chấm tháng và quý";
    add("hd-chutich", commune, Rank::Head, "Chủ tịch UBND xã", "tự chấm tháng và quý; chấm, quyết định");
    add("hd-phochutich1", commune, Rank::Deputy, "Phó Chủ tịch UBND xã", twice);
    add("hd-phochutich2", commune, Rank::Deputy, "Phó Chủ tịch UBND xã", twice);
    let mut staff = 0;
    for (number, room) in (1..).zip(rooms) {
        let office = number == 1;
        let title = if office { "Chánh Văn phòng" } else { "Trưởng phòng" };
        add(&format!("hd-truong{number}"), room, Rank::Head, title, "tự chấm tháng và quý; chấm tháng");
        let title = if office { "Phó Chánh Văn phòng" } else { "Phó Trưởng phòng" };
        add(&format!("hd-pho{number}"), room, Rank::Deputy, title, twice);
        if office {
            add("hd-nhansu", room, Rank::Staff, "Công chức tổ chức - nội vụ", "thẩm định quý; công bố");
        }
        for _ in 0..2 {
            staff += 1;
            add(&format!("hd-canbo{staff}"), room, Rank::Staff, "Chuyên viên", "tự chấm tháng");
        }
    }
    roster.offices.push(Office { scheme: Scheme::Leaders, unit: commune, roles: ALL, bound: Vec::new() });
}
