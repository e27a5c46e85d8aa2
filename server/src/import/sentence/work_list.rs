//! The sentences about faults of a work list and of common criteria.

use super::both;
use crate::import::fault::{CriterionProblem, ProductProblem};
use crate::import::sheet::quote;

pub(super) fn of_product(problem: &ProductProblem) -> (String, String) {
    match problem {
        ProductProblem::CodeTwice { found, other } => {
            let (vi, en) = both(other);
            (
                format!("mã “{found}” cũng có ở {vi}; mỗi mã chỉ được dùng một lần"),
                format!("the code “{found}” is also in {en}; each code is allowed once"),
            )
        }
        ProductProblem::FrameMalformed { found } => (
            format!("có “{found}”; cần khung điểm dạng “51-100”"),
            format!("found “{found}”; a frame such as “51-100” is needed"),
        ),
        ProductProblem::FrameBecameDate { found } => (
            format!("Excel đã đổi khung điểm thành ngày {found}; hãy định dạng ô là văn bản rồi ghi lại, ví dụ “1-10”"),
            format!(
                "Excel turned the frame into the day {found}; format the cell as text and write it again, such as “1-10”"
            ),
        ),
        ProductProblem::FrameReversed { found } => (
            format!("khung “{found}” có đầu lớn hơn cuối; cần dạng thấp-cao, ví dụ “51-100”"),
            format!("the frame “{found}” begins above its end; low-high is needed, such as “51-100”"),
        ),
        ProductProblem::FrameDiffersInGroup { found, allowed, group, other } => {
            let (vi, en) = both(other);
            (
                format!("khung “{found}” khác khung “{allowed}” của nhóm {group} (xem {vi})"),
                format!("the frame “{found}” differs from the frame “{allowed}” of group {group} (see {en})"),
            )
        }
        ProductProblem::PointsOutsideFrame { found, allowed_min, allowed_max } => (
            format!(
                "điểm {} nằm ngoài khung; cho phép từ {} đến {}",
                quote(found),
                quote(allowed_min),
                quote(allowed_max)
            ),
            format!(
                "{} points are outside the frame; allowed are {} to {}",
                quote(found),
                quote(allowed_min),
                quote(allowed_max)
            ),
        ),
        ProductProblem::CoefficientMismatch { found, allowed, points, standard_points } => {
            let (found, allowed) = (quote(found), quote(allowed));
            let (points, standard) = (quote(points), quote(standard_points));
            (
                format!("hệ số {found}; phải bằng {points} điểm / {standard} điểm chuẩn = {allowed}"),
                format!(
                    "the coefficient is {found}; it must be {points} points / {standard} standard points = {allowed}"
                ),
            )
        }
    }
}

pub(super) fn of_criterion(problem: &CriterionProblem) -> (String, String) {
    match problem {
        CriterionProblem::CriterionNumberMissing { found } => (
            format!("có “{found}”; cần số La Mã của mục hoặc số thứ tự của tiêu chí trong mục"),
            format!("found “{found}”; a part's Roman numeral or a criterion's number is needed"),
        ),
        CriterionProblem::CriterionMaxDiffers { criterion, found, allowed } => (
            format!("tiêu chí {criterion} tối đa {} điểm; bộ quy tắc quy định {}", quote(found), quote(allowed)),
            format!("criterion {criterion} has at most {} points; the rule pack says {}", quote(found), quote(allowed)),
        ),
        CriterionProblem::CriterionUnknown { criterion } => {
            (format!("bộ quy tắc không có tiêu chí {criterion}"), format!("the rule pack has no criterion {criterion}"))
        }
        CriterionProblem::CriterionMissing { criterion } => (
            format!("thiếu tiêu chí {criterion} của bộ quy tắc"),
            format!("criterion {criterion} of the rule pack is missing"),
        ),
        CriterionProblem::CriteriaSumDiffers { part, found, allowed } if part.is_empty() => (
            format!("tổng cộng ghi {}; các mục cộng lại là {}", quote(found), quote(allowed)),
            format!("the total says {}; the parts add up to {}", quote(found), quote(allowed)),
        ),
        CriterionProblem::CriteriaSumDiffers { part, found, allowed } => (
            format!("mục {part} ghi {}; các tiêu chí cộng lại là {}", quote(found), quote(allowed)),
            format!("part {part} says {}; its criteria add up to {}", quote(found), quote(allowed)),
        ),
    }
}
