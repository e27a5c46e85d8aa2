//! Tests of who and what a row means. Marks, dashes and invisible characters neither merge nor split names.

use super::{COMMUNE, Place, Row, day, person, unit};

/// A function that writes a text in another way.
type Spoil = Box<dyn Fn(&str) -> String>;

#[tokio::test]
async fn c_what_nobody_sees_splits_nobody() {
    let place = Place::with_commune();
    let known = place.org().await;
    let nfd = |text: &str| text.chars().fold(String::new(), |made, letter| made + decomposed(letter).as_str());
    let spoiled: [(&str, Spoil); 5] = [
        ("decomposed", Box::new(nfd)),
        ("non-breaking spaces", Box::new(|text| text.replace(' ', "\u{a0}"))),
        ("zero-width characters", Box::new(|text| text.replace(' ', " \u{200b}") + "\u{feff}")),
        ("spaces around", Box::new(|text| format!("  {} \n", text.replace(' ', "   ")))),
        ("large letters", Box::new(|text| text.to_uppercase())),
    ];
    for (what, spoil) in spoiled {
        let rows = COMMUNE.map(|row| {
            let [name, unit, parent] = [row[0], row[1], row[2]].map(&spoil);
            [
                name,
                unit,
                parent,
                row[3].into(),
                row[4].into(),
                row[5].into(),
                String::new(),
                String::new(),
                row[8].into(),
            ]
        });
        let rows: Vec<Row<'_>> =
            rows.iter().map(|row| std::array::from_fn(|at| row[at].trim_matches('\u{0}'))).collect();
        let said = place.import(&rows, &[]).taken();
        said.says(&["Không có gì để thay đổi."]);
        assert_eq!(place.org().await, known, "{what}");
    }
}

/// The letters of the commune's names, decomposed as macOS and some web forms write them.
fn decomposed(letter: char) -> String {
    match letter {
        'ử' => "u\u{31b}\u{309}".into(),
        'ă' => "a\u{306}".into(),
        'ú' => "u\u{301}".into(),
        'ị' => "i\u{323}".into(),
        'ô' => "o\u{302}".into(),
        'ồ' => "o\u{302}\u{300}".into(),
        'ố' => "o\u{302}\u{301}".into(),
        'ó' => "o\u{301}".into(),
        'ò' => "o\u{300}".into(),
        'ã' => "a\u{303}".into(),
        'â' => "a\u{302}".into(),
        letter => letter.into(),
    }
}

#[tokio::test]
async fn c_dashes_and_places_of_tones_split_no_unit_and_numbers_merge_none() {
    let place = Place::with_commune();
    let row = |unit: &'static str, name: &'static str, username: &'static str| -> Row<'static> {
        [name, unit, "UBND xã Mây Thử", "Chuyên viên", "Chuyên viên", "01/07/2025", "", "", username]
    };
    place
        .import(
            &[
                row("Phòng Văn hóa - Xã hội", "Thử Văn Hóa", "hoa"),
                row("Tổ 1-1", "Thử Văn Một", "mot"),
                row("Tổ 11", "Thử Văn Hai", "hai"),
            ],
            &[],
        )
        .taken();
    let org = place.org().await;
    assert_ne!(unit(&org, "Tổ 1-1").id, unit(&org, "Tổ 11").id);
    for unit in ["Phòng Văn hoá – Xã hội", "Phòng Văn hóa-Xã hội", "Phòng văn hóa — xã hội"] {
        place.import(&[row(unit, "Thử Thị Mới", "moi")], &[]).taken();
    }
    assert_eq!(place.org().await.units().count(), org.units().count(), "one room however it is written");
}

#[tokio::test]
async fn c_a_unit_that_looks_like_a_known_one_is_asked_about() {
    let place = Place::with_commune();
    let known = place.org().await;
    let row: Row<'_> =
        ["Thử Thị Mới", "Phòng Giò", "UBND xã Mây Thử", "Chuyên viên", "Chuyên viên", "01/07/2025", "", "", "moi"];
    let asked = [
        "“Phòng Giò” chưa có trên máy chủ nhưng gần giống “Phòng Gió (UBND xã Mây Thử)”",
        "--confirm same-units / --confirm new-units",
    ];
    place.import(&[row], &[]).refused(&asked);
    place.import(&[row], &["--confirm", "same-units,new-units"]).refused(&asked);
    let renamed = Place::with_commune();
    renamed
        .import(&[row], &["--confirm", "same-units"])
        .taken()
        .says(&["~ Phòng Gió (UBND xã Mây Thử): tên “Phòng Gió” → “Phòng Giò”"]);
    assert_eq!(renamed.org().await.units().count(), known.units().count());
    place.import(&[row], &["--confirm", "new-units"]).taken();
    assert_eq!(place.org().await.units().count(), known.units().count() + 1);
    // Two in one list are two, as two communes are, and the answer names both.
    let both = Place::new();
    both.import(&[&COMMUNE[..], &[row]].concat(), &[])
        .taken()
        .says(&["! hai đơn vị mới gần giống nhau: Phòng Gió (UBND xã Mây Thử) / Phòng Giò (UBND xã Mây Thử)"]);
}

#[tokio::test]
async fn c_a_commune_gets_a_unit_above_it_only_when_that_is_confirmed() {
    let place = Place::with_commune();
    let commune = unit(&place.org().await, "UBND xã Mây Thử").id;
    let rows: [Row<'_>; 2] = [
        ["Thử Văn Tỉnh", "UBND tỉnh Thử", "", "Chủ tịch", "Trưởng", "01/07/2025", "", "", "tinh"],
        ["Thử Văn Núi", "UBND xã Mây Thử", "UBND tỉnh Thử", "Chủ tịch", "Trưởng", "01/07/2025", "", "", "nui"],
    ];
    let said = place.import(&rows, &["--confirm", "top-units"]);
    said.refused(&["“UBND xã Mây Thử” trên máy chủ không thuộc đơn vị nào, danh sách ghi thuộc “UBND tỉnh Thử”"]);
    place.import(&rows, &["--confirm", "top-units,same-units"]).taken();
    let org = place.org().await;
    assert_eq!(org.unit(commune).unwrap().parent, Some(unit(&org, "UBND tỉnh Thử").id), "no second commune");
}

/// The rule for a corrected spelling: the name differs in marks only, and the row is a post that the person holds
/// exactly so.
#[tokio::test]
async fn c_only_a_spelling_of_the_same_post_is_corrected_unasked() {
    let row = |name: &'static str, unit: &'static str, from: &'static str| -> Row<'static> {
        [name, unit, "UBND xã Mây Thử", "Chuyên viên", "Chuyên viên", from, "", "", "suoi"]
    };
    for (refused, what) in [
        (row("Thử Văn Suôi", "Văn phòng", "01/07/2025"), "another room"),
        (row("Thử Văn Suôi", "Phòng Gió", "01/10/2026"), "another first day"),
        (row("Thử Văn Sim", "Phòng Gió", "01/07/2025"), "another name"),
    ] {
        let place = Place::with_commune();
        let said = place.import(&[refused], &["--confirm", "first-days"]);
        said.refused(&["là của Thử Văn Suối", "--confirm renamed"]);
        assert_eq!(person(&place.org().await, "Thử Văn Suối").name, "Thử Văn Suối", "{what}");
    }
    let place = Place::with_commune();
    let both = [
        row("Thử Văn Suôi", "Phòng Gió", "01/07/2025"),
        ["Thử Văn Suối", "Phòng Gió", "UBND xã Mây Thử", "Chuyên viên", "Chuyên viên", "01/07/2025", "", "", "suoi2"],
    ];
    place.import(&both, &[]).refused(&["tên đăng nhập “suoi” trên máy chủ là của Thử Văn Suối"]);
    // A new name of the same person, when confirmed by an option.
    let id = person(&place.org().await, "Thử Văn Suối").id;
    place.import(&[row("Thử Văn Sim", "Phòng Gió", "01/07/2025")], &["--confirm", "renamed"]).taken();
    assert_eq!(person(&place.org().await, "Thử Văn Sim").id, id);
}

#[tokio::test]
async fn c_a_known_name_under_another_user_name_is_asked_about() {
    let place = Place::with_commune();
    let row: Row<'_> =
        ["Thử Văn Suối", "Văn phòng", "UBND xã Mây Thử", "Văn thư", "Chuyên viên", "01/10/2026", "", "", "suoi.thu"];
    place.import(&[row], &[]).refused(&[
        "Thử Văn Suối đã có trên máy chủ với tên đăng nhập “suoi” (Chuyên viên, Phòng Gió (UBND xã Mây Thử))",
        "--confirm namesakes",
    ]);
    assert_eq!(place.org().await.people().count(), 4);
    place.import(&[row], &["--confirm", "namesakes"]).taken();
    let org = place.org().await;
    assert_eq!(org.people().filter(|person| person.name == "Thử Văn Suối").count(), 2);
    assert_eq!(org.members(unit(&org, "Phòng Gió").id, day("2026-10-31")).len(), 2, "the first is where he was");
}
