//! The data of the work on a card, and the search in the work list. No signals here.

use shared::sort;
use shared::sorted_map::Set;

use shared::card::{Lateness, Line};
use shared::ids::{LineId, Subject, WorkListId};
use shared::num::Exact;
use shared::op::{CardKey, NewLine, Progress};
use shared::pack::{self, Factor};
use shared::score::Form;
use shared::state::State;
use shared::text::fold;
use shared::time::{Day, Period};
use shared::work::Product;

use super::super::roster;
use crate::components::Bounds;
use crate::state::Workspace;

/// A line of work as the screen shows it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct LineView {
    pub(crate) id: LineId,
    pub(crate) title: String,
    pub(crate) plan: NewLine,
    pub(crate) progress: Progress,
    /// Who put it on the card, if it was not the person.
    pub(crate) assigned_by: Option<String>,
    pub(crate) contested: bool,
    /// The period in which it counts, if that is the next one: it came after the cut-off.
    pub(crate) counts_in: Option<Period>,
    /// The last day of the card's period.
    pub(crate) ends: Day,
}

impl LineView {
    /// The part of test ids and element ids: the code, or the line's own id for free work.
    pub(crate) fn handle(&self) -> String {
        if self.plan.code.is_empty() { self.id.to_string() } else { self.plan.code.clone() }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.progress.completed >= self.plan.assigned && !self.plan.assigned.is_zero()
    }

    /// Whether more was done than assigned. The excess counts only as work of its own that was given besides or arose
    /// outside the plan (Đ.18(1)d of Decree 335/2025), or it is a typing error. The line shows it in either case.
    pub(crate) fn is_over(&self) -> bool {
        self.progress.completed > self.plan.assigned
    }

    /// The lateness by the entered values. Work that has not begun has none yet.
    pub(crate) fn lateness(&self) -> Lateness {
        let report = &self.progress;
        if report.completed.is_zero() {
            return Lateness::default();
        }
        Lateness::of(self.plan.due, report.finished, (report.late_times, report.late_days), self.ends)
    }

    pub(super) fn is_overdue(&self, today: Day) -> bool {
        !self.is_done() && self.plan.due.is_some_and(|due| due < today)
    }
}

/// The title of a line: its own, or the title of its product.
pub(crate) fn line_title(state: &State, plan: &NewLine) -> String {
    if !plan.name.is_empty() {
        return plan.name.clone();
    }
    plan.list
        .and_then(|list| state.work_lists.get(list))
        .and_then(|list| list.products.get(&plan.code))
        .map_or_else(|| plan.code.clone(), |product| product.name.clone())
}

/// The lines of a card.
pub(super) fn lines(state: &State, key: &CardKey) -> Vec<LineView> {
    let cut_off = state.cut_off(key);
    let speakers = state.speakers(key);
    let view = |line: Line<'_>| LineView {
        id: line.id,
        title: line_title(state, line.plan),
        plan: line.plan.clone(),
        progress: line.progress.cloned().unwrap_or_default(),
        assigned_by: (!speakers.contains(&line.assigned_by)).then(|| roster::name(&state.org, line.assigned_by)),
        contested: line.contested,
        counts_in: cut_off.filter(|day| line.is_after(*day, &speakers)).map(|_| key.period.next()),
        ends: key.period.last_day(),
    };
    state.card(key).map(|card| card.lines().into_iter().map(view).collect()).unwrap_or_default()
}

/// A product with the data that the search needs.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) product: Product,
    pub(crate) list: WorkListId,
    /// Whether this person did it in an earlier month.
    pub(super) usual: bool,
    folded: String,
    rank: u8,
}

/// Whether a card's role is marked by converted work.
pub(super) fn takes_work(state: &State, key: &CardKey) -> bool {
    pack::pinned(&key.pack).zip(state.role(key)).is_none_or(|(pack, role)| pack.takes_work(role))
}

/// The levels of difficulty by which the work of a card is weighed.
pub(super) fn levels(state: &State, key: &CardKey) -> &'static [Factor] {
    let form = pack::pinned(&key.pack).zip(state.role(key));
    form.map_or(&[], |(pack, role)| Form::new(pack, role, &state.options(key)).levels())
}

/// The list that is in force for a card.
pub(super) fn list_in_force(state: &State, key: &CardKey) -> Option<WorkListId> {
    let day = key.period.last_day();
    let unit = roster::unit(state, key)?;
    state.work_lists.in_force(&state.org.ancestry(unit), day).map(|(id, _)| id)
}

/// The work list in force for a card: the person's usual work first, then the own unit's, then shared work, then the
/// rest.
pub(crate) fn work_list(state: &State, key: &CardKey) -> Vec<Entry> {
    let day = key.period.last_day();
    let Some(unit) = roster::unit(state, key) else { return Vec::new() };
    let Some((id, list)) = state.work_lists.in_force(&state.org.ancestry(unit), day) else { return Vec::new() };
    let own_unit = fold(&roster::unit_name(&state.org, unit));
    let usual = usual_codes(state, key.subject);
    let entry = |product: &Product| {
        let usual = usual.contains(&product.code);
        let rank = match (&product.unit_name, usual) {
            (_, true) => 0,
            (Some(name), _) if fold(name) == own_unit => 1,
            (None, _) => 2,
            (Some(_), _) => 3,
        };
        let folded = fold(&format!("{} {} {} {}", product.code, product.name, product.detail, product.output));
        Entry { product: product.clone(), list: id, usual, folded, rank }
    };
    let mut entries: Vec<Entry> = list.products.values().map(entry).collect();
    sort::sort_by_key(&mut entries, |entry| entry.rank);
    entries
}

fn usual_codes(state: &State, subject: Subject) -> Set<String> {
    state
        .cards()
        .filter(|(key, _)| key.subject == subject)
        .flat_map(|(_, card)| card.lines())
        .filter(|line| !line.plan.code.is_empty())
        .map(|line| line.plan.code.clone())
        .collect()
}

/// The allowed coefficients of work that no list has.
pub(crate) fn frame_of(key: &CardKey) -> Bounds {
    let (min, max) = Workspace::get().with_view(|state| state.coefficient_frame(key));
    Bounds { min, max, ..Bounds::count(1) }
}

/// The entries that contain every word of `query`, with or without accents.
pub(super) fn search(entries: &[Entry], query: &str) -> Vec<Entry> {
    let query = fold(query);
    let words: Vec<&str> = query.split_whitespace().collect();
    entries.iter().filter(|entry| words.iter().all(|word| entry.folded.contains(word))).cloned().collect()
}

/// The plan of a line for a product.
pub(super) fn plan_of(entry: &Entry, level: Option<String>) -> NewLine {
    NewLine {
        code: entry.product.code.clone(),
        name: String::new(),
        coefficient: entry.product.coefficient.clone(),
        assigned: Exact::one(),
        due: None,
        list: Some(entry.list),
        extra: false,
        level,
        carried: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(code: &str, name: &str) -> Entry {
        let product = Product { code: code.into(), name: name.into(), ..Product::default() };
        let folded = fold(&format!("{code} {name}"));
        Entry { product, list: WorkListId::from_bytes([1; 16]), usual: false, folded, rank: 2 }
    }

    #[test]
    fn search_finds_every_word_without_accents_in_any_order() {
        let entries = [entry("DC.04", "Báo cáo số liệu đất đai"), entry("VP.01", "Soạn thảo văn bản")];
        let found =
            |query: &str| search(&entries, query).iter().map(|entry| entry.product.code.clone()).collect::<Vec<_>>();
        assert_eq!(found("bao cao"), ["DC.04"]);
        assert_eq!(found("ĐẤT báo"), ["DC.04"]);
        assert_eq!(found("vp.01"), ["VP.01"]);
        assert_eq!(found(""), ["DC.04", "VP.01"]);
        assert_eq!(found("bao van"), Vec::<String>::new());
    }
}
