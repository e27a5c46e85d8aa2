//! Tests of importing a work list that a commune really published.

use std::collections::BTreeMap;
use std::path::Path;

use server::import::criteria::{CommonCriterion, criteria_of};
use server::import::report::SheetKind;
use server::import::{Lang, WorkListOptions, WorkListPlan, read_work_list, work_list_payloads};
use shared::ids::UnitId;
use shared::limits::OPERATION_BYTES_MAX;
use shared::num::Exact;
use shared::op::Payload;
use shared::time::Day;
use shared::work::WorkList;

fn bytes() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/work-list-commune-2026.xlsx");
    std::fs::read(&path).unwrap_or_else(|error| {
        panic!(
            "the real work list is needed beside the repository, at {}: {error}. \
             Without it the main input of the product is untested.",
            path.display()
        )
    })
}

fn plan() -> WorkListPlan {
    let plan = read_work_list(&bytes(), &WorkListOptions::default(), None);
    assert!(plan.report.accepted, "{}", plan.report.to_text(Lang::En));
    plan
}

#[test]
fn all_371_products_of_three_sheets_are_taken() {
    let plan = plan();
    let counts: Vec<(SheetKind, usize, usize)> =
        plan.report.sheets.iter().map(|sheet| (sheet.kind, sheet.taken, sheet.refused)).collect();
    assert_eq!(
        counts,
        [
            (SheetKind::CommonCriteria, 10, 0),
            (SheetKind::Products, 18, 0),
            (SheetKind::Products, 62, 0),
            (SheetKind::Products, 291, 0),
        ]
    );
    assert_eq!(plan.products.len(), 371);
    assert_eq!(plan.report.faults_total, 0);
    assert_eq!(plan.title, "Quyết định số 283/ QĐ-UBND ngày 31 tháng 5 năm 2026 của UBND xã Nghĩa Lâm");
}

#[test]
fn every_coefficient_is_exactly_points_over_five() {
    let plan = plan();
    assert_eq!(plan.standard_points, Some(Exact::from_int(5)));
    for product in &plan.products {
        assert_eq!(
            product.points.checked_div(&Exact::from_int(5)),
            Some(product.coefficient.clone()),
            "{}",
            product.code
        );
    }
    assert!(plan.products.iter().any(|product| !product.coefficient.is_integer()), "some k has a decimal");
}

#[test]
fn groups_frames_units_and_remarks_are_those_of_the_file() {
    let plan = plan();
    let mut groups: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut units: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for product in &plan.products {
        let frame = format!("{}-{}", product.frame_min, product.frame_max);
        *groups.entry((product.group.clone(), frame)).or_default() += 1;
        *units.entry(product.unit_name.as_deref()).or_default() += 1;
    }
    let groups: Vec<(&str, &str, usize)> =
        groups.iter().map(|((group, frame), count)| (group.as_str(), frame.as_str(), *count)).collect();
    assert_eq!(groups, [("N1", "1-10", 16), ("N2", "11-50", 159), ("N3", "51-100", 178), ("N4", "101-200", 18)]);
    assert_eq!(
        units.into_iter().collect::<Vec<_>>(),
        [
            (None, 80),
            (Some("Phòng Kinh tế"), 136),
            (Some("Phòng Văn hóa - Xã hội"), 71),
            (Some("Trung tâm Phục vụ hành chính công"), 42),
            (Some("Văn phòng HĐND-UBND"), 42),
        ]
    );
    let remarks = plan.products.iter().filter(|product| !product.note.is_empty()).count();
    assert_eq!(remarks, 167, "8 + 27 + 132, the 27 under a heading that is no heading of remarks");
    let first = &plan.products[0];
    assert_eq!((first.code.as_str(), first.output.as_str()), ("QL.01", "Chương trình/kế hoạch/bảng phân công"));
    assert_eq!(first.name, "Chỉ đạo xây dựng chương trình, kế hoạch công tác của phòng/trung tâm");
}

#[test]
fn the_common_criteria_are_recognised_and_compared() {
    let mut expected: Vec<CommonCriterion> = plan().common_criteria;
    let maxima: Vec<(&str, String)> =
        expected.iter().map(|criterion| (criterion.code.as_str(), criterion.max.to_decimal(2))).collect();
    let maxima: Vec<(&str, &str)> = maxima.iter().map(|(code, max)| (*code, max.as_str())).collect();
    assert_eq!(
        maxima,
        [
            ("I.1", "5"),
            ("I.2", "5"),
            ("II.1", "2.5"),
            ("II.2", "2.5"),
            ("II.3", "2.5"),
            ("II.4", "2.5"),
            ("III.1", "2.5"),
            ("III.2", "2.5"),
            ("III.3", "2.5"),
            ("III.4", "2.5"),
        ]
    );
    expected[0].max = Exact::from_int(6);
    expected[9].code = "III.5".to_owned();
    let options = WorkListOptions { expected_criteria: Some(expected), ..WorkListOptions::default() };
    let plan = read_work_list(&bytes(), &options, None);
    let text = plan.report.to_text(Lang::En);
    assert!(plan.products.is_empty() && !plan.report.accepted);
    for sentence in [
        "row 5, column C “Điểm tối đa”: criterion I.1 has at most 5 points; the rule pack says 6",
        "row 16, column C “Điểm tối đa”: the rule pack has no criterion III.4",
        "criterion III.5 of the rule pack is missing",
    ] {
        assert!(text.contains(sentence), "{sentence}\n{text}");
    }
}

#[test]
fn the_common_criteria_are_those_of_the_decree() {
    let pack = shared::pack::find("nd335-congchuc").unwrap();
    let options = WorkListOptions { expected_criteria: Some(criteria_of(pack)), ..WorkListOptions::default() };
    let plan = read_work_list(&bytes(), &options, None);
    assert!(plan.report.accepted, "{}", plan.report.to_text(Lang::En));
    assert_eq!(plan.common_criteria.len(), 10);
}

#[test]
fn the_operations_carry_the_whole_list_within_their_size() {
    let plan = plan();
    let owner = UnitId::from_bytes([7; 16]);
    let day = Day::from_civil(2026, 6, 1).unwrap();
    let payloads = work_list_payloads(&plan, owner, day);
    let (adoption, parts) = payloads.split_last().unwrap();
    let mut carried = Vec::new();
    for part in parts {
        assert!(part.to_bytes().len() <= OPERATION_BYTES_MAX - 2_048, "{}", part.to_bytes().len());
        let Payload::PutProducts(products) = part else { panic!("{part:?}") };
        carried.extend(products.clone());
    }
    assert_eq!(carried, plan.products);
    let Payload::AdoptWorkList(adoption) = adoption else { panic!("{adoption:?}") };
    assert_eq!((adoption.products, adoption.owner, adoption.effective_from), (371, owner, day));
    assert_eq!(adoption.standard_points, Exact::from_int(5));
}

#[test]
fn a_second_import_shows_field_by_field_what_would_change() {
    let mut known = WorkList::default();
    for mut product in plan().products {
        if product.code == "DC.01" {
            product.points = Exact::from_int(4);
            product.coefficient = Exact::ratio(4, 5).unwrap();
        }
        if product.code != "DC.02" {
            known.products.insert(product.code.clone(), product);
        }
    }
    let old = shared::work::Product { code: "CU.01".to_owned(), ..Default::default() };
    known.products.insert(old.code.clone(), old);
    let plan = read_work_list(&bytes(), &WorkListOptions::default(), Some(&known));
    let text = plan.report.changes.unwrap().to_text(Lang::Vi);
    assert_eq!(
        text,
        "So với danh mục hiện hành: thêm 1, sửa 1, giữ nguyên 369, bỏ 1\n  + DC.02\n  \
         ~ DC.01 điểm chấm: “4” → “5”\n  ~ DC.01 hệ số quy đổi: “0.8” → “1”\n  - CU.01\n"
    );
}
