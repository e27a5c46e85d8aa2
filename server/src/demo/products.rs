//! A small work list of invented products.

use anyhow::Context as _;
use shared::ids::{PersonId, WorkListId};
use shared::num::Exact;
use shared::op::{Payload, Target};
use shared::time::Day;
use shared::work::{Adoption, Product};

use super::calendar::{MORNING, moment};
use super::chance;
use super::roster::{COMMUNE, Roster, unit_id};
use super::scribe::Scribe;

/// Points of the standard product, by which all others are measured.
const STANDARD_POINTS: i64 = 5;
/// The number of products in one operation.
const PART: usize = 10;

/// Frames of points by group.
const FRAMES: [(&str, i64, i64); 4] = [("N1", 1, 5), ("N2", 6, 15), ("N3", 16, 30), ("N4", 31, 60)];

/// A product: code, name, what comes out, place of the group, points, place of the unit (none: for all).
type Row = (&'static str, &'static str, &'static str, usize, i64, Option<usize>);

const ROWS: [Row; 25] = [
    ("VD.01", "Trả lời văn bản hỏi ý kiến", "Công văn", 1, 8, None),
    ("VD.02", "Báo cáo định kỳ của bộ phận", "Báo cáo", 1, 12, None),
    ("VD.03", "Báo cáo chuyên đề", "Báo cáo", 2, 20, None),
    ("VD.04", "Dự thảo kế hoạch năm của bộ phận", "Kế hoạch", 2, 28, None),
    ("VD.05", "Ghi và hoàn thiện biên bản họp", "Biên bản", 0, 5, None),
    ("VD.06", "Cập nhật sổ theo dõi điện tử", "Lượt cập nhật", 0, 2, None),
    ("VD.07", "Chuẩn bị kỳ họp chuyên đề", "Bộ tài liệu", 3, 40, Some(2)),
    ("VD.08", "Xếp lịch công tác tuần", "Lịch công tác", 0, 4, Some(2)),
    ("VD.09", "Rà soát thể thức văn bản trước khi ký", "Văn bản", 0, 3, Some(2)),
    ("VD.10", "Thẩm tra dự toán công trình nhỏ", "Tờ trình", 3, 35, Some(3)),
    ("VD.11", "Kiểm tra thực địa thửa đất", "Biên bản", 2, 18, Some(3)),
    ("VD.12", "Tổng hợp tiến độ giải ngân", "Bảng tổng hợp", 1, 10, Some(3)),
    ("VD.13", "Hướng dẫn hộ trồng rừng lập hồ sơ", "Hồ sơ", 1, 9, Some(3)),
    ("VD.14", "Rà soát hộ nghèo một thôn", "Danh sách", 2, 25, Some(4)),
    ("VD.15", "Tổ chức ngày hội văn hóa thôn", "Sự kiện", 3, 45, Some(4)),
    ("VD.16", "Lập hồ sơ trợ giúp xã hội", "Hồ sơ", 1, 7, Some(4)),
    ("VD.17", "Kiểm tra điểm trường vùng cao", "Biên bản", 2, 16, Some(4)),
    ("VD.18", "Tiếp nhận và số hóa hồ sơ một cửa", "Hồ sơ", 0, 1, Some(5)),
    ("VD.19", "Hỗ trợ người dân nộp hồ sơ trực tuyến", "Lượt hỗ trợ", 0, 2, Some(5)),
    ("VD.20", "Khảo sát mức độ hài lòng", "Báo cáo", 2, 22, Some(5)),
    ("VD.21", "Bảo dưỡng tuyến nước sinh hoạt", "Đợt", 2, 24, Some(6)),
    ("VD.22", "Phát thanh bản tin xã", "Bản tin", 0, 5, Some(6)),
    ("VD.23", "Đăng ký hộ tịch", "Hồ sơ", 0, 3, Some(7)),
    ("VD.24", "Hòa giải ở cơ sở", "Vụ việc", 2, 17, Some(7)),
    ("VD.25", "Rà soát văn bản quy phạm của xã", "Báo cáo", 3, 32, Some(7)),
];

/// The id of the list.
pub(super) fn list_id() -> WorkListId {
    WorkListId::from_bytes(chance::id(&["demo", "work list"]))
}

/// The code and coefficient of products that people of a unit may be given: the unit's own first, then those for all.
pub(super) fn for_unit(unit: usize) -> Vec<(&'static str, Exact)> {
    let own = ROWS.iter().filter(|row| row.5 == Some(unit));
    let shared = ROWS.iter().filter(|row| row.5.is_none());
    own.chain(shared).filter_map(|row| Some((row.0, coefficient(row.4)?))).collect()
}

fn coefficient(points: i64) -> Option<Exact> {
    Exact::ratio(points, STANDARD_POINTS)
}

fn product(row: &Row, roster: &Roster) -> anyhow::Result<Product> {
    let (code, name, output, group, points, unit) = *row;
    let (group, frame_min, frame_max) = *FRAMES.get(group).with_context(|| format!("{code}: no such group"))?;
    Ok(Product {
        code: code.to_owned(),
        name: name.to_owned(),
        detail: String::new(),
        output: output.to_owned(),
        unit_name: unit.map(|place| roster.unit_name(place).to_owned()),
        group: group.to_owned(),
        frame_min: Exact::from_int(frame_min),
        frame_max: Exact::from_int(frame_max),
        points: Exact::from_int(points),
        coefficient: coefficient(points).with_context(|| format!("{code}: no coefficient"))?,
        note: "Sản phẩm giả định".to_owned(),
    })
}

/// Signs the operations that put the list in force for the commune, as the office.
pub(super) async fn write(scribe: &mut Scribe, roster: &Roster, from: Day) -> anyhow::Result<()> {
    let at = moment(from, MORNING);
    let products: Vec<Product> = ROWS.iter().map(|row| product(row, roster)).collect::<anyhow::Result<_>>()?;
    let target = || Target::WorkList(list_id());
    for part in products.chunks(PART) {
        scribe.act(PersonId::SYSTEM, target(), Payload::PutProducts(part.to_vec()), at).await?;
    }
    let adoption = Adoption {
        title: "Danh mục sản phẩm, công việc giả định của xã Giả Tưởng".to_owned(),
        owner: unit_id(COMMUNE),
        standard_points: Exact::from_int(STANDARD_POINTS),
        effective_from: from,
        products: u32::try_from(products.len())?,
    };
    scribe.act(PersonId::SYSTEM, target(), Payload::AdoptWorkList(adoption), at).await
}
