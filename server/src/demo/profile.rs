//! Decides how an official's month went: the work on the card, how it was done, and the marks that follow.

use std::collections::{BTreeMap, BTreeSet};

use shared::ids::Subject;
use shared::num::Exact;
use shared::op::{Mark, NewLine, Progress};
use shared::org::Rank;
use shared::pack::{Criterion, Pack};
use shared::score::Form;
use shared::sorted_map::Map;
use shared::time::{Day, Period};
use shared::work::Cause;

use super::calendar::nth;
use super::offices::Scheme;
use super::roster::Official;
use super::{chance, given, products, words};

/// The person whose first month goes badly, to show how it affects the head.
const BAD_MONTH: &str = "canbo20";

/// How a month went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Profile {
    Excellent,
    Good,
    Fair,
    Weak,
}

/// A work line and its progress.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) plan: NewLine,
    pub(super) progress: Progress,
}

/// Someone's month, or that of the unit that somebody heads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Story<'a> {
    pub(super) official: &'a Official,
    /// Whose card it is: the official's, or the unit's.
    pub(super) subject: Subject,
    pub(super) period: Period,
    pub(super) profile: Profile,
}

impl<'a> Story<'a> {
    /// The month of `official`. The bad month is the `first` one.
    pub(super) fn of(official: &'a Official, period: Period, first: bool) -> Self {
        let roll = chance::roll(&[&official.username, &period.to_string(), "profile"], 12);
        let leads = official.rank <= Rank::Deputy;
        let profile = match (leads, roll) {
            _ if first && official.username == BAD_MONTH => Profile::Weak,
            // Under Hà Tĩnh's scheme no work lines bring points: half of the heads do well.
            (_, 0..=5) if official.scheme == Scheme::HaTinh => Profile::Good,
            (_, 11) if official.scheme == Scheme::HaTinh => Profile::Weak,
            // Leaders are also scored by the results of their units, so the same work brings them more points.
            (true, 0..=2) => Profile::Good,
            (false, 0..=1) => Profile::Excellent,
            (false, 2..=8) => Profile::Good,
            _ => Profile::Fair,
        };
        Self { official, subject: official.id().into(), period, profile }
    }

    /// The month of a unit, as its head tells it.
    pub(super) fn about(self, subject: Subject) -> Self {
        Self { subject, ..self }
    }

    /// A number below `sides`, determined by person, month and word.
    pub(super) fn roll(&self, word: &str, sides: usize) -> usize {
        chance::roll(&[&self.official.username, &self.period.to_string(), word], sides)
    }

    /// One of the sentences, determined by person, month and word.
    pub(super) fn sentence(&self, word: &str, sentences: &[&str]) -> String {
        chance::pick(&[&self.official.username, &self.period.to_string(), word], sentences).to_owned()
    }

    /// The work of the month. None for support staff, who are marked on a form of their own.
    pub(super) fn tasks(&self) -> Vec<Task> {
        if self.official.rank == Rank::Support {
            return Vec::new();
        }
        if self.official.scheme == Scheme::HaNoi {
            return given::tasks(self);
        }
        let offered = products::for_official(self.official);
        let count = (4 + self.roll("lines", 3)).min(offered.len());
        let start = self.roll("start", offered.len());
        let lines = offered.iter().cycle().skip(start).take(count);
        lines.zip(0..).map(|((code, coefficient), place)| self.task(code, coefficient.clone(), place)).collect()
    }

    fn task(&self, code: &str, coefficient: Exact, place: usize) -> Task {
        let quantity = 2 + i64::try_from(self.roll(code, 5)).unwrap_or_default();
        let due = nth(self.period, 8 + i32::try_from(place * 3).unwrap_or_default());
        let extra = self.profile == Profile::Excellent && place == 3;
        let plan = NewLine {
            code: code.to_owned(),
            name: String::new(),
            coefficient,
            assigned: Exact::from_int(quantity),
            due: Some(due),
            list: Some(products::list_id(self.official.scheme)),
            extra,
            level: None,
            carried: None,
        };
        let (failed_reviews, days_late) = self.troubles(place);
        let claimed = days_late > 0 && place == 0 && self.claims_cause();
        let progress = Progress {
            completed: self.completed(quantity, place),
            failed_reviews,
            finished: Some(Day(due.0 + days_late)),
            evidence: format!("Văn bản số {}/VD (giả định)", 10 + self.roll(&format!("{code} number"), 90)),
            causes: if claimed { BTreeSet::from([Cause::Progress]) } else { BTreeSet::new() },
            cause_text: if claimed { words::CAUSE.to_owned() } else { String::new() },
            ..Progress::default()
        };
        Task { plan, progress }
    }

    /// Whether the person claims an objective cause for the first line's lateness.
    fn claims_cause(&self) -> bool {
        self.profile == Profile::Good && self.roll("cause", 3) == 0
    }

    fn completed(&self, quantity: i64, place: usize) -> Exact {
        let share = |over: i64, under: i64| Exact::ratio(quantity * over, under).unwrap_or_default();
        match self.profile {
            Profile::Excellent => Exact::from_int(quantity),
            Profile::Good if place == 2 => share(4, 5),
            Profile::Good => Exact::from_int(quantity),
            Profile::Fair => share(if place.is_multiple_of(2) { 4 } else { 3 }, 5),
            Profile::Weak => share(2, 5),
        }
    }

    /// The number of failed reviews, and how many days after the due day the work was finished.
    const fn troubles(&self, place: usize) -> (u32, i32) {
        match (self.profile, place % 4) {
            (Profile::Excellent, 1) => (0, 1),
            (Profile::Excellent, _) => (0, 0),
            (Profile::Good, 0) => (1, 2),
            (Profile::Good, 1 | 3) => (1, 0),
            (Profile::Good, _) => (0, 1),
            (Profile::Fair, 0 | 2) => (2, 3),
            (Profile::Fair, _) => (1, 1),
            (Profile::Weak, _) => (2, 5),
        }
    }

    /// The marks a person gives for the month.
    pub(super) fn marks(&self, pack: &Pack, role: &str) -> BTreeMap<String, Mark> {
        let form = Form::new(pack, role, &Map::new());
        let mark = |criterion: &Criterion| {
            let below = match self.profile {
                Profile::Excellent => usize::from(self.roll(&criterion.code, 4) == 0),
                Profile::Good => self.roll(&criterion.code, 2),
                Profile::Fair => 2,
                Profile::Weak => 3,
            };
            let steps = match &pack.scale_max {
                // On a scale of a thousand no two cards are alike.
                scale if *scale == Exact::from_int(10 * HUNDRED) => below * 7 + self.roll(&criterion.code, 6),
                // A mark out of a hundred has finer steps than one out of five.
                _ if criterion.max == Exact::from_int(HUNDRED) => below * 3,
                // Most of a unit's points are in one row.
                _ if matches!(self.subject, Subject::Unit(_)) && criterion.max >= Exact::from_int(HUNDRED / 2) => {
                    below * 5
                }
                _ => below,
            };
            let value = match lowered(criterion, i64::try_from(steps).unwrap_or_default()) {
                // Met or not met: one slip does not fail a row.
                value if form.is_binary(criterion) && value < criterion.max && below < 2 => criterion.max.clone(),
                value if form.is_binary(criterion) && value < criterion.max => Exact::zero(),
                value => value,
            };
            (criterion.code.clone(), Mark { value, reason: String::new() })
        };
        pack.criteria_for(role).map(mark).collect()
    }
}

/// The maximum of marks given in percent.
const HUNDRED: i64 = 100;

/// The maximum minus some steps.
pub(super) fn lowered(criterion: &Criterion, steps: i64) -> Exact {
    let step = criterion.step.clone().unwrap_or_else(Exact::one);
    (&criterion.max - &(&step * &Exact::from_int(steps))).max(Exact::zero())
}
