//! The sentences about doubtful changes. Each gives both readings, and the word that chooses one.

use shared::org::UnitKind;

use crate::import::fault::{Answer, Question};
use crate::import::wordings::KINDS;

/// The question in Vietnamese and English.
#[must_use]
pub fn sentences(question: &Question) -> (String, String) {
    match question {
        Question::UsernameOfOther { .. } | Question::Namesake { .. } | Question::BroughtBack { .. } => {
            of_person(question)
        }
        Question::HeadReplaced { .. } | Question::FirstDayLater { .. } => of_post(question),
        Question::PersonnelGiven { .. } | Question::PersonnelTaken { .. } => of_records(question),
        _ => of_unit(question),
    }
}

/// What to do when the list means what it says.
fn answers(answers: &[Answer]) -> String {
    answers.iter().map(|answer| format!("--confirm {}", answer.word())).collect::<Vec<_>>().join(" / ")
}

fn of_person(question: &Question) -> (String, String) {
    match question {
        Question::UsernameOfOther { username, found, holder, posts } => {
            let (posts, confirm) = (posts.join("; "), answers(&[Answer::Renamed]));
            (
                format!(
                    "tên đăng nhập “{username}” trên máy chủ là của {holder} ({posts}), danh sách ghi cho {found}; \
                     nếu là người khác, ghi tên đăng nhập khác; nếu vẫn là người đó, nay mang tên mới, thêm {confirm}"
                ),
                format!(
                    "the user name “{username}” belongs to {holder} ({posts}), the list gives it to {found}; \
                     if that is another person, write another user name; if it is the same person under a new name, add {confirm}"
                ),
            )
        }
        Question::Namesake { name, known_username, posts } => {
            let (posts, confirm) = (posts.join("; "), answers(&[Answer::Namesakes]));
            (
                format!(
                    "{name} đã có trên máy chủ với tên đăng nhập “{known_username}” ({posts}); nếu là người đó, ghi đúng \
                     tên này; nếu là người khác trùng họ tên, thêm {confirm}"
                ),
                format!(
                    "{name} is known with the user name “{known_username}” ({posts}); if that is the person, write this \
                     name; if it is another person of the same name, add {confirm}"
                ),
            )
        }
        Question::BroughtBack { name, last_day } => {
            let confirm = answers(&[Answer::Returning]);
            (
                format!(
                    "{name} đã thôi giữ mọi chức vụ từ {last_day}; danh sách ghi lại như đang làm việc; nếu đúng, thêm {confirm}"
                ),
                format!(
                    "{name} holds no post since {last_day}; the list brings this person back; if that is right, add {confirm}"
                ),
            )
        }
        _ => Default::default(),
    }
}

fn of_post(question: &Question) -> (String, String) {
    match question {
        Question::HeadReplaced { unit, head, since, new, from, until } => {
            let confirm = answers(&[Answer::Heads]);
            let (vi, en) = match until {
                None => (format!("thay từ {from}"), format!("would be replaced from {from} on")),
                Some(until) => (
                    format!("có thêm người đứng đầu từ {from} đến {until}"),
                    format!("would have another head beside, from {from} to {until}"),
                ),
            };
            (
                format!(
                    "“{unit}” đang có người đứng đầu là {head} (từ {since}), {vi}: {new}; nếu đúng, thêm {confirm}, \
                     hoặc ghi “Đến ngày” cho {head}"
                ),
                format!(
                    "the head of “{unit}” is {head} (since {since}), who {en}: {new}; if that is right, add {confirm}, \
                     or give {head} a last day"
                ),
            )
        }
        Question::FirstDayLater { name, unit, known, found } => {
            let confirm = answers(&[Answer::FirstDays]);
            (
                format!(
                    "{name} ở “{unit}”: ngày nhận lùi từ {known} sang {found}, các ngày ở giữa không còn chức vụ; nếu đúng, \
                     thêm {confirm}; nếu là chức vụ mới, ghi thêm dòng của chức vụ cũ với “Đến ngày”"
                ),
                format!(
                    "{name} in “{unit}”: the first day would move from {known} to {found}, and the days between lose the \
                     post; if that is right, add {confirm}; if this is a new post, add the row of the old one with its last day"
                ),
            )
        }
        _ => Default::default(),
    }
}

fn of_records(question: &Question) -> (String, String) {
    let confirm = answers(&[Answer::Personnel]);
    match question {
        Question::PersonnelGiven { name, unit, from } => (
            format!(
                "{name} sẽ giữ hồ sơ tổ chức cán bộ ở “{unit}” từ {from}: được công bố kết quả, lập và sửa đơn vị, người, chức \
                 vụ; nếu đúng, thêm {confirm}"
            ),
            format!(
                "{name} would keep the personnel records in “{unit}” from {from} on: may publish, and change units, people and \
                 posts; if that is right, add {confirm}"
            ),
        ),
        Question::PersonnelTaken { name, unit, last_day } => {
            let (vi, en) = match last_day {
                None => (String::new(), String::new()),
                Some(day) => (format!(" sau ngày {day}"), format!(" after {day}")),
            };
            (
                format!("{name} sẽ không còn giữ hồ sơ tổ chức cán bộ ở “{unit}”{vi}; nếu đúng, thêm {confirm}"),
                format!(
                    "{name} would not keep the personnel records in “{unit}” any more{en}; if that is right, add {confirm}"
                ),
            )
        }
        _ => Default::default(),
    }
}

fn of_unit(question: &Question) -> (String, String) {
    let either = answers(&[Answer::SameUnits, Answer::NewUnits]);
    match question {
        Question::UnitLooksLike { unit, known } => (
            format!(
                "“{unit}” chưa có trên máy chủ nhưng gần giống “{known}”; là một đơn vị hay là đơn vị mới: thêm {either}"
            ),
            format!("“{unit}” is not known but looks like “{known}”; the same unit or a new one: add {either}"),
        ),
        Question::UnitStandsElsewhere { unit, parent } => (
            format!(
                "“{unit}” trên máy chủ không thuộc đơn vị nào, danh sách ghi thuộc “{parent}”; là một đơn vị hay là đơn vị \
                 mới: thêm {either}"
            ),
            format!(
                "“{unit}” stands under nothing, the list says under “{parent}”; the same unit or a new one: add {either}"
            ),
        ),
        Question::UnitKindChanges { unit, known, found } => {
            let confirm = answers(&[Answer::SameUnits]);
            let (known, found) = (kind_name(*known), kind_name(*found));
            (
                format!("“{unit}” trên máy chủ là “{known}”, danh sách ghi “{found}”; nếu đúng, thêm {confirm}"),
                format!("“{unit}” is “{known}”, the list says “{found}”; if that is right, add {confirm}"),
            )
        }
        Question::TopUnit { unit } => {
            let confirm = answers(&[Answer::TopUnits]);
            (
                format!(
                    "“{unit}” là đơn vị mới và không dòng nào ghi thuộc đơn vị nào; hãy ghi cột “Thuộc đơn vị”, hoặc thêm \
                     {confirm} nếu đây là đơn vị cao nhất"
                ),
                format!(
                    "“{unit}” is a new unit and no row says what it stands under; write that, or add {confirm} if it is \
                     a topmost unit"
                ),
            )
        }
        _ => Default::default(),
    }
}

/// A kind of unit as lists write it.
#[must_use]
pub fn kind_name(kind: UnitKind) -> &'static str {
    KINDS.iter().find(|(known, ..)| *known == kind).map_or("", |(_, label, _)| label)
}
