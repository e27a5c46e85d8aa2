//! `congtam adopt --simulate`: says what an adoption would change and writes nothing.

use std::process::ExitCode;

use shared::ids::PersonId;
use shared::pack::{self, Language, Pack, PackAdoption};
use shared::report::{Changed, Result as Scored, simulate};
use shared::state::State;

use crate::words::{said, spoken};

/// Places after the decimal mark, for reading.
const PLACES: u32 = 2;

/// Prints who would get another result or another card, and how many would not.
pub(super) fn tell(state: &State, adoption: &PackAdoption, pack: &Pack) -> ExitCode {
    // Cards can be reckoned only under a pack that is known.
    let _ = pack::learn(&pack.to_bytes());
    let made = simulate(state, PersonId::SYSTEM, adoption);
    for changed in &made.changed {
        println!("{}", line(changed));
    }
    let (changed, same, decided, aside) = (made.changed.len(), made.unchanged, made.decided, made.set_aside);
    println!(
        "{}",
        said(
            format!(
                "Thay đổi: {changed} phiếu. Giữ nguyên: {same}. Đã quyết định, không đổi: {decided}. Chấm lại trên phiếu mới, \
                 điểm đã chấm để riêng theo quy chế cũ: {aside}. Chưa ghi gì."
            ),
            format!(
                "Changed: {changed} cards. The same: {same}. Decided, stay as they are: {decided}. Scored anew on a new card, \
                 marks set aside under the earlier rules: {aside}. Nothing was written."
            ),
        )
    );
    ExitCode::SUCCESS
}

/// "Nguyễn Văn A, 2026-10: 99,5 HTXS → 99,5 HTT".
fn line(changed: &Changed) -> String {
    let nobody = || said("không còn được chấm", "no longer scored").to_string();
    let to = if changed.next.is_some() { result(changed.to.as_ref()) } else { nobody() };
    let mut text = format!("{}, {}: {} → {to}", changed.name, changed.key.period, result(changed.from.as_ref()));
    if !changed.left_out.is_empty() {
        let left_out = changed.left_out.join(", ");
        text.push_str(&said(format!("; không tính nữa: {left_out}"), format!("; counts no more: {left_out}")));
    }
    for error in &changed.errors {
        text.push_str(&format!("; {}", error.clone().written_in(spoken())));
    }
    text
}

fn result(result: Option<&Scored>) -> String {
    let Some(result) = result else { return said("chưa đủ điểm", "no result yet").to_string() };
    let total = result.total.as_ref().map(|total| total.to_decimal(PLACES)).unwrap_or_default();
    let total = if spoken() == Language::Vi { total.replace('.', ",") } else { total };
    format!("{total} {}", result.class).trim().to_owned()
}
