//! What the screen shows of a card, and how the work list is searched. No signals here.

use shared::order::Set;

use shared::card::Line;
use shared::ids::{LineId, PersonId, WorkListId};
use shared::num::Exact;
use shared::op::{CardKey, NewLine, Progress};
use shared::order::sort_by_key;
use shared::state::State;
use shared::text::fold;
use shared::time::Day;
use shared::work::Product;

/// A line of work as the screen shows it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct LineView {
    pub(super) id: LineId,
    pub(super) title: String,
    pub(super) plan: NewLine,
    pub(super) progress: Progress,
    /// Who put it on the card, when it was not the person.
    pub(super) assigned_by: Option<String>,
    pub(super) contested: bool,
}

impl LineView {
    /// What test ids and element ids carry: the code, or the line's own id for free work.
    pub(super) fn handle(&self) -> String {
        if self.plan.code.is_empty() { self.id.to_string() } else { self.plan.code.clone() }
    }

    pub(super) fn is_done(&self) -> bool {
        self.progress.completed >= self.plan.assigned && !self.plan.assigned.is_zero()
    }

    pub(super) fn is_overdue(&self, today: Day) -> bool {
        !self.is_done() && self.plan.due.is_some_and(|due| due < today)
    }
}

/// The title of a line: its own, or that of its product.
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
    let view = |line: Line<'_>| LineView {
        id: line.id,
        title: line_title(state, line.plan),
        plan: line.plan.clone(),
        progress: line.progress.cloned().unwrap_or_default(),
        assigned_by: (line.assigned_by != key.person).then(|| super::super::roster::name(&state.org, line.assigned_by)),
        contested: line.contested,
    };
    state.card(key).map(|card| card.lines().into_iter().map(view).collect()).unwrap_or_default()
}

/// The month in one line.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct MonthSum {
    pub(super) lines: usize,
    pub(super) done: usize,
    pub(super) converted_done: Exact,
    pub(super) converted_assigned: Exact,
}

impl MonthSum {
    pub(super) fn of(lines: &[LineView]) -> Self {
        lines.iter().fold(Self::default(), |sum, line| Self {
            lines: sum.lines + 1,
            done: sum.done + usize::from(line.is_done()),
            converted_done: &sum.converted_done + &(&line.plan.coefficient * &line.progress.completed),
            converted_assigned: &sum.converted_assigned + &(&line.plan.coefficient * &line.plan.assigned),
        })
    }
}

/// A product with what searching needs.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) product: Product,
    pub(super) list: WorkListId,
    /// Done by this person in an earlier month.
    pub(super) usual: bool,
    folded: String,
    rank: u8,
}

/// Which list is in force for a card.
pub(super) fn list_in_force(state: &State, key: &CardKey) -> Option<WorkListId> {
    let day = key.period.last_day();
    let unit = super::super::roster::unit(&state.org, key.person, day)?;
    state.work_lists.in_force(&state.org.ancestry(unit), day).map(|(id, _)| id)
}

/// The work list in force for a card, the person's usual work first, then the own unit's, then what is shared, then the rest.
pub(super) fn work_list(state: &State, key: &CardKey) -> Vec<Entry> {
    let day = key.period.last_day();
    let Some(unit) = super::super::roster::unit(&state.org, key.person, day) else { return Vec::new() };
    let Some((id, list)) = state.work_lists.in_force(&state.org.ancestry(unit), day) else { return Vec::new() };
    let own_unit = fold(&super::super::roster::unit_name(&state.org, unit));
    let usual = usual_codes(state, key.person);
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
    sort_by_key(&mut entries, |entry| entry.rank);
    entries
}

fn usual_codes(state: &State, person: PersonId) -> Set<String> {
    state
        .cards()
        .filter(|(key, _)| key.person == person)
        .flat_map(|(_, card)| card.lines())
        .filter(|line| !line.plan.code.is_empty())
        .map(|line| line.plan.code.clone())
        .collect()
}

/// The entries in which every word of `query` occurs, however it is accented.
pub(super) fn search(entries: &[Entry], query: &str) -> Vec<Entry> {
    let query = fold(query);
    let words: Vec<&str> = query.split_whitespace().collect();
    entries.iter().filter(|entry| words.iter().all(|word| entry.folded.contains(word))).cloned().collect()
}

/// The plan a product makes on a card.
pub(super) fn plan_of(entry: &Entry, due: Option<Day>) -> NewLine {
    NewLine {
        code: entry.product.code.clone(),
        name: String::new(),
        coefficient: entry.product.coefficient.clone(),
        assigned: Exact::one(),
        due,
        list: Some(entry.list),
        extra: false,
    }
}

/// The same day a month later, or the last day of a shorter month.
pub(super) fn month_later(day: Day) -> Day {
    let (_, _, place) = day.civil();
    let next = shared::time::Period::month_of(day).next();
    let (first, last) = (next.first_day(), next.last_day());
    Day(first.0 + i32::from(place) - 1).min(last)
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

    #[test]
    fn a_due_day_moves_to_the_same_day_of_the_next_month() {
        let later = |text: &str| month_later(Day::parse(text).unwrap()).vietnamese();
        assert_eq!(later("25/10/2026"), "25/11/2026");
        assert_eq!(later("31/01/2026"), "28/02/2026");
        assert_eq!(later("31/12/2026"), "31/01/2027");
    }

    #[test]
    fn the_sum_counts_converted_work() {
        let line = |k: i64, assigned: i64, done: i64| LineView {
            id: "0011223344556677-0".parse().unwrap(),
            title: String::new(),
            plan: NewLine {
                code: "A".into(),
                name: String::new(),
                coefficient: Exact::from_int(k),
                assigned: Exact::from_int(assigned),
                due: None,
                list: None,
                extra: false,
            },
            progress: Progress { completed: Exact::from_int(done), ..Progress::default() },
            assigned_by: None,
            contested: false,
        };
        let sum = MonthSum::of(&[line(2, 3, 3), line(5, 2, 1)]);
        assert_eq!((sum.lines, sum.done), (2, 1));
        assert_eq!((sum.converted_done, sum.converted_assigned), (Exact::from_int(11), Exact::from_int(16)));
    }
}
