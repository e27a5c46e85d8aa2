//! An office of the kind of Hà Nội: a ward whose chair, deputies and heads of rooms give work, and evaluate each what they
//! gave.

use shared::org::{Rank, UnitKind};

use super::{ALL, Office, Scheme};
use crate::demo::roster::{PROVINCE, Roster};

pub(super) fn add_to(roster: &mut Roster) {
    let ward = roster.add_unit("UBND phường Hồ Ảo", Some(PROVINCE), UnitKind::Agency);
    let rooms = ["Văn phòng phường Hồ Ảo", "Phòng Kinh tế, Hạ tầng phường Hồ Ảo"];
    let rooms = rooms.map(|name| roster.add_unit(name, Some(ward), UnitKind::Division));
    let mut add = |name: &str, unit, rank, title: &str, part| roster.add(name, Scheme::HaNoi, unit, rank, title, part);
    add("hn-chutich", ward, Rank::Head, "Chủ tịch UBND phường", "giao việc, quyết định xếp loại");
    for number in 1..=2 {
        let part = "giao việc, đánh giá việc mình giao";
        add(&format!("hn-phochutich{number}"), ward, Rank::Deputy, "Phó Chủ tịch UBND phường", part);
    }
    for ((number, room), title) in (1..).zip(rooms).zip(["Chánh Văn phòng", "Trưởng phòng"]) {
        let part = "giao việc, đánh giá việc mình giao, chấm người của phòng";
        add(&format!("hn-truong{number}"), room, Rank::Head, title, part);
        if number == 1 {
            add("hn-nhansu", room, Rank::Staff, "Công chức tổ chức - nội vụ", "công khai kết quả");
        }
        for place in 1..=5 {
            add(&format!("hn-canbo{number}{place}"), room, Rank::Staff, "Chuyên viên", "tự chấm");
        }
    }
    roster.offices.push(Office { scheme: Scheme::HaNoi, unit: ward, roles: ALL, bound: Vec::new() });
}
