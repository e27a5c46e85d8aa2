//! The sentence for each kind of condition, met and not met, in both languages.

use shared::pack::{self, Language, Pack};
use shared::score::{Numbers, Step, text};
use shared::sorted_map::Map;

/// A step as a sentence, in both languages.
fn said(pack: &Pack, name: &str, formula: &str, inputs: &[(&str, &str)], value: &str) -> String {
    let inputs: Map<String, String> = inputs.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
    let step = Step { step: name.into(), formula: formula.into(), inputs, value: value.into(), clause: "Đ.1".into() };
    let role = &pack.roles[0].id;
    format!(
        "{}\n{}\n",
        text(pack, role, &step, Language::Vi, Numbers::Exact),
        text(pack, role, &step, Language::En, Numbers::Short)
    )
}

fn first(with: impl Fn(&Pack) -> bool) -> &'static Pack {
    pack::all().find(|pack| with(pack)).unwrap()
}

#[test]
fn every_kind_of_condition_has_its_sentence() {
    let mut told = String::new();
    let capped = first(|pack| !pack.class_caps.is_empty());
    let cap = capped.class_caps.last().unwrap();
    let name = format!("cap.{}", cap.code);
    told += &said(capped, &name, "class ≤ B", &[(&cap.fact, "assumed")], "true");
    told += &said(capped, &name, "class ≤ B", &[(&cap.fact, "true")], "false");
    let levelled = first(|pack| !pack.bands.is_empty());
    let band = levelled.bands.last().unwrap();
    told += &said(levelled, "level.1.1", "1/2 ≤ 1.1 / 2 < 1", &[("1.1", "1")], &band.id);
    let grouped = first(|pack| pack.groups.len() > 1);
    let (group, class) = (&grouped.groups.last().unwrap().id, &grouped.classes[1].code);
    told += &said(grouped, &format!("group_min.{class}.{group}"), &format!("{group} ≥ 10"), &[], "false");
    let limited = first(|pack| !pack.eligibility.is_empty());
    let rule = limited.eligibility.last().unwrap();
    let name = format!("eligibility.{}", rule.code);
    told += &said(limited, &name, "1 ≥ 1/2", &[(&rule.fact, "10")], "false");
    let decree = pack::find("nd335-congchuc").unwrap();
    told += &said(decree, "insufficient_data", "Σ k·g > 0", &[("Σ k·g", "0")], "false");
    told += &said(decree, "class", "70 ≤ total < 90", &[("total", "2699/30")], "HTT");
    for formula in ["authority", "gates"] {
        told += &said(decree, "class.decided", formula, &[("by_points", "HTXS")], "HTT");
    }
    told += &said(decree, "knock_out.disciplined", "not disciplined", &[("disciplined", "assumed")], "true");
    told += &said(decree, "gate.HTXS.nothing", "nothing", &[], "true");
    insta::assert_snapshot!(told);
}

#[test]
fn what_is_no_component_has_a_name_of_its_own() {
    let decree = pack::find("nd335-congchuc").unwrap();
    let mut told = String::new();
    for name in ["rounding", "not_worked", "missing", "sent_by_unit", "nobody.knows", "a", "a.2", "I"] {
        told += &said(decree, name, "x", &[("l", "2"), ("weather", "false")], "true");
    }
    let deducting = first(|pack| pack.events.len() > 1);
    let event = deducting.events.last().unwrap();
    told += &said(deducting, &format!("event.{}", event.code), "-5·times", &[("times", "2")], "-10");
    told += &said(deducting, "total", "criteria + deductions", &[], "90");
    let limits = |pack: &&Pack| pack.roll_ups.iter().map(|rule| rule.limits.len()).sum::<usize>();
    let limiting = pack::all().max_by_key(limits).unwrap();
    let limit = limiting.roll_ups.iter().flat_map(|rule| &rule.limits).last().unwrap();
    told += &said(limiting, &format!("limit.{}", limit.code), "x", &[], "false");
    told += &said(limiting, &format!("other.{}", limit.code), "x", &[], "false");
    insta::assert_snapshot!(told);
}

#[test]
fn formulas_are_said_in_words() {
    let decree = pack::find("nd335-congchuc").unwrap();
    for (name, formula, inputs, value, wanted) in [
        (
            "total",
            "(2026-01 + 2026-02) / 2",
            &[("2026-01", "2699/30"), ("2026-02", "90")][..],
            "5399/60",
            "Điểm theo dõi, đánh giá: (tháng 1/2026 (≈ 89,96) + tháng 2/2026 (90)) / 2 ≈ 89,98.",
        ),
        (
            "rounding",
            "⌊10·total + 1/2⌋ / 10",
            &[("total", "2699/30")],
            "90",
            "Làm tròn: tổng điểm (≈ 89,96), làm tròn đến 0,1 = 90.",
        ),
        (
            "rounding",
            "⌊100·total⌋ / 100",
            &[("total", "2699/30")],
            "2249/25",
            "Làm tròn: tổng điểm (≈ 89,96), cắt đến 0,01 = 89,96.",
        ),
        ("not_worked", "2026-02, 2026-03", &[], "2", "Không làm việc: tháng 2/2026, tháng 3/2026 = 2."),
        (
            "d",
            "[∀ subordinates ≥ 50: 1; 1/2]",
            &[("Lò Thị Mẫu", "90"), ("Vàng A Thử", "4999/100")],
            "1/2",
            "Kết quả hoạt động của đơn vị, lĩnh vực phụ trách (d): nếu điểm của mọi người được phụ trách ≥ 50 thì 1; còn lại 0,5 (Lò Thị Mẫu: 90; Vàng A Thử: 49,99) = 0,5.",
        ),
        (
            "c.2",
            "k·h·[l ≤ 3: 3/4; 0]",
            &[("code", "KN"), ("name", "Giải quyết khiếu nại"), ("k", "27/10"), ("g", "3"), ("h", "3"), ("l", "2")],
            "243/40",
            "Tiến độ (c), “Giải quyết khiếu nại”: hệ số (2,7) × hoàn thành (3) × (nếu chậm (2) ≤ 3 thì 0,75; còn lại 0) (được giao: 3) = 6,075.",
        ),
        (
            "h′.a.2",
            "min(h, G − H)",
            &[("h", "3"), ("G", "5"), ("H", "4")],
            "1",
            "Hoàn thành được tính, việc thứ 2: số nhỏ hơn của hoàn thành (3) và được giao cùng sản phẩm (5) − đã tính ở việc khác (4) = 1.",
        ),
        (
            "k.1",
            "coefficient·share",
            &[("coefficient", "27/10"), ("share", "1/3")],
            "9/10",
            "Hệ số của việc, việc thứ 1: hệ số sản phẩm (2,7) × phần tham gia (≈ 0,333333) = 0,9.",
        ),
    ] {
        let inputs: Map<String, String> = inputs.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        let step =
            Step { step: name.into(), formula: formula.into(), inputs, value: value.into(), clause: "Mẫu 01".into() };
        let said = text(decree, "leader", &step, Language::Vi, Numbers::Short);
        assert_eq!(said, format!("{wanted} Căn cứ Mẫu 01."));
    }
}
