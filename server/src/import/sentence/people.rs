//! The sentences about faults of a list of people.

use super::both;
use crate::import::fault::PersonProblem;

pub(super) fn of_person(problem: &PersonProblem) -> (String, String) {
    match problem {
        PersonProblem::WordUnknown { found, allowed } => {
            let allowed = allowed.join("”, “");
            (format!("có “{found}”; cho phép “{allowed}”"), format!("found “{found}”; allowed are “{allowed}”"))
        }
        PersonProblem::UsernameMalformed { found } => (
            format!("tên đăng nhập “{found}”; chỉ gồm chữ thường không dấu, số, dấu chấm, gạch nối, gạch dưới"),
            format!("the user name is “{found}”; allowed are small letters a-z, digits, dot, dash, underscore"),
        ),
        PersonProblem::DaysReversed { found, allowed } => (
            format!("ngày thôi {found} trước ngày nhận {allowed}"),
            format!("the last day {found} is before the first day {allowed}"),
        ),
        PersonProblem::NotYesOrNo { found } => (
            format!("có “{found}”; cần “có”, “không” hoặc để trống"),
            format!("found “{found}”; “có” (yes), “không” (no) or nothing is needed"),
        ),
        PersonProblem::UsernameTwice { found, name, other_name, other } => {
            let (vi, en) = both(other);
            (
                format!("tên đăng nhập “{found}” của {name} cũng ghi cho {other_name} ở {vi}; mỗi người một tên riêng"),
                format!("the user name “{found}” of {name} is {other_name}'s, too, in {en}; each person needs one"),
            )
        }
        PersonProblem::HeadTwice { unit, head, other } => {
            let (vi, en) = both(other);
            (
                format!("“{unit}” cùng lúc có người đứng đầu khác là {head} ở {vi}"),
                format!("“{unit}” has another head at that time, {head}, in {en}"),
            )
        }
        PersonProblem::HeadLater { unit, head, since } => (
            format!(
                "“{unit}” trên máy chủ có người đứng đầu là {head} từ {since}, sau ngày ghi ở đây; danh sách cũ hơn máy chủ"
            ),
            format!(
                "the head of “{unit}” is {head} since {since}, later than here; the list is older than what is known"
            ),
        ),
        PersonProblem::PostTwice { other } => {
            let (vi, en) = both(other);
            (
                format!("trùng với {vi}: cùng người, cùng đơn vị, cùng vai trò trong cùng thời gian"),
                format!("the same person, unit and role at the same time as in {en}"),
            )
        }
        PersonProblem::PostsOverlap { name, unit, found } => {
            let found = found.join("; ");
            (
                format!(
                    "{name} ở “{unit}” trên máy chủ đang có nhiều chức vụ cùng vai trò: {found}; không rõ dòng này là chức vụ nào"
                ),
                format!(
                    "{name} has several posts of this role in “{unit}”: {found}; which one the row means is unclear"
                ),
            )
        }
        PersonProblem::KindDiffers { .. }
        | PersonProblem::UnitAmbiguous { .. }
        | PersonProblem::UnitsInCircle { .. } => of_unit(problem),
    }
}

fn of_unit(problem: &PersonProblem) -> (String, String) {
    match problem {
        PersonProblem::KindDiffers { unit, other } => {
            let (vi, en) = both(other);
            (format!("loại của đơn vị “{unit}” khác với {vi}"), format!("the unit “{unit}” is of another kind in {en}"))
        }
        PersonProblem::UnitAmbiguous { unit, parents } => {
            let parents = parents.join("”, “");
            (
                format!("có đơn vị tên “{unit}” thuộc “{parents}”; hãy ghi rõ ở cột “Thuộc đơn vị”"),
                format!("“{unit}” stands under “{parents}”; say which is meant in the column “Thuộc đơn vị”"),
            )
        }
        PersonProblem::UnitsInCircle { unit } => (
            format!("“{unit}” thuộc chính nó qua các đơn vị khác, hoặc nằm quá sâu"),
            format!("“{unit}” stands under itself through other units, or too deep"),
        ),
        _ => Default::default(),
    }
}
