//! Reads a row of a work list into a product.

use shared::limits::{CODE_CHARS_MAX, NAME_CHARS_MAX, NOTE_CHARS_MAX};
use shared::num::Exact;
use shared::work::Product;

use super::cells::{in_range, optional_text, positive_number, required_text};
use super::coefficient::read_coefficient;
use super::fault::{CellProblem, Problem, ProductProblem};
use super::headings::Heading;
use super::row::RowReader;
use super::sheet::{Cell, Value, number_text};

/// What a column of a work list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProductField {
    /// The code.
    Code,
    /// The unit that does it.
    Unit,
    /// The task.
    Name,
    /// Its steps.
    Detail,
    /// Its result.
    Output,
    /// Group of complexity.
    Group,
    /// Lowest and highest points of the group.
    Frame,
    /// Points.
    Points,
    /// k.
    Coefficient,
    /// Remark.
    Note,
}

use ProductField as Field;

/// The headings of a work list, as communes word them.
pub const HEADINGS: [Heading<Field>; 10] = [
    Heading {
        field: Field::Code,
        label: "Mã CV",
        keys: &["macv", "macongviec", "masanpham", "masp", "ma", "code"],
        required: true,
    },
    Heading {
        field: Field::Unit,
        label: "Phòng, ban chuyên môn",
        keys: &["phongbanchuyenmon", "phongban", "phongdonvi", "donvi", "unit"],
        required: false,
    },
    Heading {
        field: Field::Name,
        label: "Nhiệm vụ",
        keys: &["nhiemvu", "tennhiemvu", "tencongviec", "congviec", "sanphamcongviec", "task"],
        required: true,
    },
    Heading {
        field: Field::Detail,
        label: "Công việc chi tiết",
        keys: &["congviecchitiet", "chitiet", "noidungcongviec", "detail"],
        required: false,
    },
    Heading {
        field: Field::Output,
        label: "Sản phẩm đầu ra",
        keys: &["sanphamdaura", "daura", "output"],
        required: false,
    },
    Heading { field: Field::Group, label: "Nhóm", keys: &["nhom", "nhomcongviec", "group"], required: true },
    Heading { field: Field::Frame, label: "Khung điểm", keys: &["khungdiem", "frame"], required: true },
    Heading {
        field: Field::Points,
        label: "Điểm chấm",
        keys: &["diemcham", "diem", "sodiem", "points"],
        required: true,
    },
    Heading {
        field: Field::Coefficient,
        label: "Hệ số quy đổi",
        keys: &["hesoquydoi", "heso", "hesok", "k", "coefficient"],
        required: true,
    },
    Heading {
        field: Field::Note,
        label: "Ghi chú",
        // One published list has the definition of the standard product above its column of remarks.
        keys: &["ghichu", "note", "sanphamchuan*"],
        required: false,
    },
];

/// Whether a row holds no product: the title of a section, a line of totals, or the headings repeated on a new page.
#[must_use]
pub fn is_no_product(reader: &RowReader<'_, Field>) -> bool {
    let is_heading_again = || {
        let key = super::sheet::heading_key(&reader.cell(Field::Code).text());
        HEADINGS.first().is_some_and(|heading| heading.keys.contains(&key.as_str()))
    };
    reader.all_empty(&[Field::Code, Field::Group, Field::Frame, Field::Points, Field::Coefficient])
        || is_heading_again()
}

/// Reads a product. Faults are left in the reader, and then the product must not be used.
pub fn read_product(reader: &mut RowReader<'_, Field>, standard: Option<&Exact>) -> Product {
    let name = |cell: &Cell| required_text(cell, NAME_CHARS_MAX);
    let short = |cell: &Cell| optional_text(cell, NAME_CHARS_MAX);
    let unit_name = reader.read(Field::Unit, short).filter(|unit| !unit.is_empty());
    let mut product = Product {
        code: reader.read(Field::Code, |cell| required_text(cell, CODE_CHARS_MAX)).unwrap_or_default(),
        name: reader.read(Field::Name, name).unwrap_or_default(),
        detail: reader.read(Field::Detail, |cell| optional_text(cell, NOTE_CHARS_MAX)).unwrap_or_default(),
        output: reader.read(Field::Output, short).unwrap_or_default(),
        unit_name,
        group: reader.read(Field::Group, |cell| required_text(cell, CODE_CHARS_MAX)).unwrap_or_default(),
        note: reader.read(Field::Note, short).unwrap_or_default(),
        ..Product::default()
    };
    let frame = reader.read(Field::Frame, read_frame);
    let points = reader.read(Field::Points, positive_number);
    if let (Some((min, max)), Some(points)) = (&frame, &points)
        && (points < min || points > max)
    {
        let (found, allowed_min, allowed_max) = (number_text(points), number_text(min), number_text(max));
        reader.fault(Field::Points, ProductProblem::PointsOutsideFrame { found, allowed_min, allowed_max });
    }
    let points_cell = reader.address(Field::Points);
    product.coefficient = match (&points, standard) {
        (Some(points), Some(standard)) => {
            reader.read(Field::Coefficient, |cell| read_coefficient(cell, points, &points_cell, standard))
        }
        _ => None,
    }
    .unwrap_or_default();
    (product.frame_min, product.frame_max) = frame.unwrap_or_default();
    product.points = points.unwrap_or_default();
    product
}

/// A frame as lists write it, such as `51-100`.
#[must_use]
pub fn frame_text(min: &Exact, max: &Exact) -> String {
    format!("{}-{}", number_text(min), number_text(max))
}

fn read_frame(cell: &Cell) -> Result<(Exact, Exact), Problem> {
    let found = cell.quote();
    match &cell.value {
        Value::Empty => return Err(CellProblem::CellEmpty.into()),
        Value::Date(_) => return Err(ProductProblem::FrameBecameDate { found }.into()),
        _ => {}
    }
    let text = cell.text();
    let ends = text.split_once(['-', '–', '—', '÷']).and_then(|(min, max)| Some((frame_end(min)?, frame_end(max)?)));
    let Some((min, max)) = ends else {
        return Err(ProductProblem::FrameMalformed { found }.into());
    };
    if min > max {
        return Err(ProductProblem::FrameReversed { found }.into());
    }
    Ok((in_range(&min)?, in_range(&max)?))
}

fn frame_end(text: &str) -> Option<Exact> {
    let text = text.trim().replace(',', ".");
    if text.contains('/') { None } else { Exact::parse(&text).ok() }
}
