//! Sentences that people of the demo write.

pub(super) const RETURN_REASON: &str = "Đề nghị bổ sung minh chứng cho các việc đã báo hoàn thành trước khi chấm.";
pub(super) const CAUSE: &str = "Mất điện và mất sóng toàn xã ba ngày do mưa lớn (tình huống giả định).";
pub(super) const CAUSE_CONFIRMED: &str = "Đã xác minh với thôn và đơn vị cấp điện, xác nhận nguyên nhân khách quan.";
pub(super) const PUBLIC_REMARK: &str = "Thống nhất với kết quả chấm của người quản lý trực tiếp.";
pub(super) const EVENT: &str = "Biên bản kiểm tra nội bộ trong tháng (tình huống giả định).";

pub(super) const TEAM_REMARK: &str = "Thống nhất với kết quả của Tổ chấm điểm.";

/// Why a member of a scoring team marks below the self-score.
pub(super) const TEAM_LOWERED: [&str; 4] = [
    "Một phần việc của quý hoàn thành chậm so với kế hoạch.",
    "Báo cáo quý chưa nêu minh chứng cho mức điểm tự chấm.",
    "Còn một lần phản ánh của người dân trong quý, đã xử lý xong.",
    "Phối hợp với các phòng, ban còn chậm ở một việc.",
];
/// Why a member of a scoring team marks above the self-score.
pub(super) const TEAM_RAISED: [&str; 2] =
    ["Kết quả kiểm tra cuối quý tốt hơn mức tự chấm.", "Tự chấm chặt hơn mức chung của các đơn vị."];

pub(super) const LOWERED: [&str; 4] = [
    "Chưa có minh chứng cho mức điểm tự chấm.",
    "Còn một lần phản ánh của người dân trong tháng.",
    "Cần chủ động hơn với việc phát sinh.",
    "Sản phẩm mới dừng ở mức đề xuất, chưa áp dụng.",
];

pub(super) const COMMENTS: [&str; 4] = [
    "Hoàn thành công việc được giao, phối hợp tốt trong bộ phận.",
    "Chủ động, đúng quy trình; cần chú ý thời hạn hơn.",
    "Có cố gắng; tháng tới tập trung xử lý dứt điểm việc tồn.",
    "Nắm chắc địa bàn, giải quyết tốt việc khó.",
];

pub(super) const STRENGTHS: [&str; 3] = [
    "Bám sát kế hoạch, phối hợp tốt với đồng nghiệp.",
    "Xử lý hồ sơ đúng quy trình, giải thích rõ cho người dân.",
    "Chủ động đi cơ sở, nắm tình hình kịp thời.",
];

pub(super) const WEAKNESSES: [&str; 3] =
    ["Còn việc chậm so với hạn.", "Báo cáo đôi khi phải sửa lại số liệu.", "Chưa có sáng kiến mới trong kỳ."];

/// Number and date of the decision by which a regulation was adopted.
pub(super) const ADOPTED: &str = "Quyết định số 01/QĐ-GĐ (giả định)";
