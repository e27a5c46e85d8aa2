//! Reads a card: its lines, its scores, and the evidence that it gives to the scoring engine.

use crate::sort;
use crate::sorted_map::Map;

use serde::Serialize;

use super::{Card, Lateness, Value, Version, events, products};
use crate::bug::{self, Bug};
use crate::ids::{LineId, PersonId};
use crate::num::Exact;
use crate::op::{
    Absence, Appraisal, Approval, CardKey, DraftValue, FactValue, Led, LineReview, Mark, NewLine, PlanReview, Progress,
    Publication, Register, SelfScore, Stated,
};
use crate::org::Standing;
use crate::pack::Pack;
use crate::score::{self, CardInput, Event, Fact, Subject, Subordinate, WorkLine};
use crate::time::{Day, Hlc};
use crate::work::WorkLists;

/// Whose view of the evidence is scored.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The person's own marks, reports and work. Statements that only favour the person and wait for confirmation (an
    /// objective cause, an excuse) do not count yet.
    SelfScored,
    /// The superior's marks, findings and facts. Statements in the person's own favour count as far as the superior
    /// confirmed them.
    Appraised,
}

/// The card that is read, and the rules for it.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// Who is scored, and for which period.
    pub key: &'a CardKey,
    /// The person scored, or everybody who ever spoke for the unit scored.
    pub speakers: &'a [PersonId],
    /// Its rule pack.
    pub pack: &'a Pack,
    /// The role the person is scored in.
    pub role: &'a str,
    /// The options decided for the person's unit.
    pub options: &'a Map<String, String>,
    /// The results of the people led, as they are known here. Results that a decision names take precedence.
    pub led: &'a [Led],
    /// The work lists that give work its name in explanations.
    pub lists: Option<&'a WorkLists>,
    /// The day after which work counts in the next period; none: all work counts.
    pub cut_off: Option<Day>,
    /// Faults that were found after the decision of another period or card, and that count on this one.
    pub faults: &'a [Event],
}

impl Reading<'_> {
    /// Whether a line is the person's own claim: nobody entitled assigned it.
    #[must_use]
    pub fn is_own(&self, line: &Line<'_>) -> bool {
        self.speakers.contains(&line.assigned_by) && !bug::is(Bug::OwnWorkCounts)
    }

    /// Whether a finding agrees with what the person reported and confirms no cause. For the person's own work the
    /// finding must also state what is assigned.
    #[must_use]
    pub fn agrees(&self, line: &Line<'_>, review: &LineReview) -> bool {
        let plan = match &review.plan {
            None if !self.is_own(line) => None,
            _ => Some(line.planned()),
        };
        let reported = line.as_reported(self.key.period.last_day());
        *review == LineReview { plan, reason: review.reason.clone(), ..reported }
    }

    /// Whether a line counts in this period, and not in the next one.
    fn counts(&self, line: &Line<'_>) -> bool {
        self.cut_off.is_none_or(|day| !line.is_after(day, self.speakers))
    }

    /// Adds the name that a line has in its list, if the card gives none.
    fn named(&self, line: &Line<'_>, work: WorkLine) -> WorkLine {
        let list = line.plan.list.filter(|_| work.name.is_empty()).and_then(|list| self.lists?.get(list));
        match list.and_then(|list| list.products.get(&line.plan.code)) {
            Some(product) => WorkLine { name: product.name.clone(), ..work },
            None => work,
        }
    }

    fn input(
        &self,
        score: &Map<String, Mark>,
        leadership: &Map<String, Mark>,
        facts: Facts<'_>,
        stated: &Stated,
    ) -> CardInput {
        let values =
            |marks: &Map<String, Mark>| marks.iter().map(|(code, mark)| (code.clone(), mark.value.clone())).collect();
        let reasoned = score.iter().filter(|(_, mark)| !mark.reason.is_empty());
        CardInput {
            options: self.options.clone(),
            subject: Subject {
                role: self.role.to_owned(),
                position: stated.position.as_ref().map(|position| position.id.clone()),
            },
            products: products::counted(&stated.products),
            criteria: values(score),
            reasons: reasoned.map(|(code, mark)| (code.clone(), mark.reason.clone())).collect(),
            leadership: values(leadership),
            facts: facts.map(|(code, fact)| (code.clone(), Fact::from(fact.clone()))).collect(),
            ..CardInput::default()
        }
    }
}

type Facts<'a> = &'a mut dyn Iterator<Item = (&'a String, &'a FactValue)>;

/// A line of work with what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its identity.
    pub id: LineId,
    /// The plan: what is assigned.
    pub plan: &'a NewLine,
    /// Who wrote its plan as it stands.
    pub assigned_by: PersonId,
    /// Who put it on the card.
    pub added_by: PersonId,
    /// What was done; none before the first report.
    pub progress: Option<&'a Progress>,
    /// What was found of it: by whoever evaluates the line, else by the superior, where it differs from the report.
    pub review: Option<&'a LineReview>,
    /// Whether its plan or progress has two versions.
    pub contested: bool,
}

impl Card {
    /// The lines, in the order they were put on the card. Of a contested plan or report, the latest by the authors'
    /// clocks is shown. The next stage waits until someone has chosen.
    #[must_use]
    pub fn lines(&self) -> Vec<Line<'_>> {
        let reviews = self.appraisal().map(|appraisal| &appraisal.lines);
        let mut lines: Vec<(Hlc, Line<'_>)> = Vec::new();
        for (register, versions) in &self.registers {
            let Register::Plan(id) = register else { continue };
            let Some((version, plan)) = latest(versions, |value| match value {
                Value::Plan(plan) => Some(plan),
                _ => None,
            }) else {
                continue;
            };
            let reports = self.versions(&Register::Progress(*id));
            let progress = latest(reports, |value| match value {
                Value::Progress(progress) => Some(progress),
                _ => None,
            });
            let line = Line {
                id: *id,
                plan,
                assigned_by: version.actor,
                added_by: self.added_by(*id).unwrap_or(version.actor),
                progress: progress.map(|(_, progress)| progress),
                review: self.finding(*id).or_else(|| reviews.and_then(|reviews| reviews.get(id))),
                contested: versions.len() > 1 || reports.len() > 1,
            };
            // A revised line keeps its place.
            lines.push((self.added_at(*id).unwrap_or(version.at), line));
        }
        sort::sort_by_key(&mut lines, |(at, line)| (*at, line.id));
        lines.into_iter().map(|(_, line)| line).collect()
    }

    /// The lines carried here, as they came. A line of their own that `person` took off may be carried again; what somebody
    /// else gave, and took off or changed since, may not.
    pub(crate) fn carried(&self, speakers: &[PersonId]) -> impl Iterator<Item = &NewLine> {
        let own = |line: LineId| self.added_by(line).is_some_and(|by| speakers.contains(&by));
        let stands = move |line: LineId| self.holds(&Register::Plan(line)) || !own(line);
        self.carried.iter().filter(move |(line, _)| stands(*line)).map(|(_, plan)| plan)
    }

    /// When a line was put on the card.
    pub(crate) fn added_at(&self, line: LineId) -> Option<Hlc> {
        self.added.get(&line).map(|(at, _)| *at)
    }

    /// Who put a line on the card.
    pub(crate) fn added_by(&self, line: LineId) -> Option<PersonId> {
        self.added.get(&line).map(|(_, actor)| *actor)
    }

    /// Whether somebody ever put a line on the card.
    pub(crate) fn has_added(&self, actor: PersonId) -> bool {
        self.added.values().any(|(_, by)| *by == actor)
    }

    /// What was found of a line in the latest step in which each line is evaluated by itself. It counts before what a
    /// superior's score says of the line.
    #[must_use]
    pub fn finding(&self, line: LineId) -> Option<&LineReview> {
        let found =
            self.registers.keys().rev().filter(|register| matches!(register, Register::Finding(_, of) if *of == line));
        found.filter_map(|register| self.current(register)).find_map(|version| match &version.value {
            Value::Finding(finding) => Some(finding),
            _ => None,
        })
    }

    /// One line.
    #[must_use]
    pub fn line(&self, id: LineId) -> Option<Line<'_>> {
        self.lines().into_iter().find(|line| line.id == id)
    }

    /// The findings that confirm all own work on the card of `key`, as `speakers` registered and reported it.
    #[must_use]
    pub fn own_work_confirmed(&self, key: &CardKey, speakers: &[PersonId]) -> Map<LineId, LineReview> {
        let ends = key.period.last_day();
        let lines = self.lines();
        let own = lines.iter().filter(|line| speakers.contains(&line.assigned_by));
        own.map(|line| (line.id, LineReview { plan: Some(line.planned()), ..line.as_reported(ends) })).collect()
    }

    /// The submitted self-score.
    #[must_use]
    pub fn self_score(&self) -> Option<&SelfScore> {
        match &self.current(&Register::SelfScore)?.value {
            Value::SelfScore(score) => Some(score),
            _ => None,
        }
    }

    /// The superior's score that counts: that of the latest step.
    #[must_use]
    pub fn appraisal(&self) -> Option<&Appraisal> {
        self.appraisal_in(self.appraised_in()?)
    }

    /// The superior's score in one register.
    #[must_use]
    pub fn appraisal_in(&self, register: &Register) -> Option<&Appraisal> {
        match &self.current(register)?.value {
            Value::Appraisal(appraisal) => Some(appraisal),
            _ => None,
        }
    }

    /// The decision that counts: that of the latest step.
    #[must_use]
    pub fn approval(&self) -> Option<&Approval> {
        match &self.current(self.approved_in()?)?.value {
            Value::Approval(approval) => Some(approval),
            _ => None,
        }
    }

    /// The statement that the person is not assessed in the period, with the reason. Of two versions it is the later,
    /// until someone has chosen.
    #[must_use]
    pub fn absence(&self) -> Option<&Absence> {
        let absence = latest(self.versions(&Register::Absence), |value| match value {
            Value::Absence(absence) => Some(absence),
            _ => None,
        });
        absence.map(|(_, absence)| absence)
    }

    /// Whether a superior scored without a self-score.
    #[must_use]
    pub fn is_scored_alone(&self) -> bool {
        self.appraised_in().is_some() && !self.holds(&Register::SelfScore)
    }

    /// The seat that the decision names. Of two contested decisions the later counts.
    #[must_use]
    pub fn decided_standing(&self) -> Option<&Standing> {
        let decided = latest(self.versions(self.approved_in()?), |value| match value {
            Value::Approval(approval) => Some(&approval.standing),
            _ => None,
        });
        decided.map(|(_, standing)| standing)
    }

    /// The publication.
    #[must_use]
    pub fn publication(&self) -> Option<&Publication> {
        match &self.current(&Register::Publication)?.value {
            Value::Publication(publication) => Some(publication),
            _ => None,
        }
    }

    /// The fields of an unsubmitted score: the superior's when `appraisal`, else the person's own.
    #[must_use]
    pub fn draft(&self, appraisal: bool) -> Map<String, DraftValue> {
        let mut fields = Map::new();
        for (register, versions) in &self.registers {
            let Register::Draft(key) = register else { continue };
            if key.appraisal != appraisal {
                continue;
            }
            let value = latest(versions, |value| match value {
                Value::Draft(draft) => Some(draft),
                _ => None,
            });
            if let Some((_, draft)) = value {
                fields.insert(key.field.clone(), draft.clone());
            }
        }
        fields
    }

    /// The evidence in the form that the scoring engine takes, or none if that side has not scored.
    #[must_use]
    pub fn input(&self, side: Side, reading: &Reading<'_>) -> Option<CardInput> {
        match side {
            Side::SelfScored => Some(self.claimed(reading, self.self_score()?)),
            Side::Appraised => {
                let confirmed = self.current(self.appraised_in()?)?.at.at.day();
                let decided = self.approval().map(|approval| approval.led.as_slice());
                let reading = Reading { led: decided.unwrap_or(reading.led), ..*reading };
                let mut input = self.confirmed(&reading, self.appraisal()?);
                for line in input.work.iter_mut().filter(|line| !line.objective_cause.is_empty()) {
                    line.cause_confirmed = Some(confirmed);
                }
                Some(input)
            }
        }
    }

    /// The evidence as the person claims it with these marks, submitted or not. An excuse raises no class, and a bonus
    /// no points, before someone entitled has confirmed it.
    #[must_use]
    pub fn claimed(&self, reading: &Reading<'_>, own: &SelfScore) -> CardInput {
        let mut facts = own.facts.iter().filter(|(code, _)| !reading.pack.is_excuse(code));
        let ends = reading.key.period.last_day();
        let counted =
            |line: &Line<'_>| reading.named(line, line.counted(&line.planned(), &line.as_reported(ends), ends));
        let work = self.lines().iter().filter(|line| reading.counts(line)).map(counted).collect();
        let events = events::admitted(reading.pack, &own.stated.events);
        let mut input = reading.input(&own.marks, &own.leadership, &mut facts, &own.stated);
        for (row, reason) in own.stated.without.iter().filter(|(row, _)| !own.marks.contains_key(*row)) {
            input.criteria.insert(row.clone(), Exact::zero());
            input.reasons.insert(row.clone(), reason.clone());
        }
        CardInput { work, events, ..input }.as_counted(reading.pack)
    }

    /// The evidence as this appraisal confirms it, given or not. The person's own work counts as the appraisal sets it;
    /// it does not count where the appraisal does not mention it. Facts and events count only as the appraisal
    /// states them.
    #[must_use]
    pub fn confirmed(&self, reading: &Reading<'_>, appraisal: &Appraisal) -> CardInput {
        let ends = reading.key.period.last_day();
        let counted = |line: &Line<'_>| {
            let review = self.finding(line.id).or_else(|| appraisal.lines.get(&line.id));
            let set = review.and_then(|review| review.plan.clone());
            let plan = if reading.is_own(line) { set? } else { set.unwrap_or_else(|| line.planned()) };
            let found = review.cloned().unwrap_or_else(|| line.as_reported(ends));
            Some(reading.named(line, line.counted(&plan, &found, ends)))
        };
        let work = self.lines().iter().filter(|line| reading.counts(line)).filter_map(counted).collect();
        let stated = &appraisal.stated;
        let mut input = reading.input(&appraisal.marks, &appraisal.leadership, &mut appraisal.facts.iter(), stated);
        input.leave_out(&stated.without);
        input.self_score = self.compared(reading, &appraisal.explanation);
        if !reading.led.is_empty() {
            // Nobody states what follows from the results of the people led (Đ.15(3)a of Decree 335/2025).
            for statement in reading.pack.statements_for(reading.role).filter(|one| one.subordinates_min.is_some()) {
                input.leadership.remove(&statement.id);
            }
            input.subordinates = reading.led.iter().map(Subordinate::from).collect();
        }
        let found = events::with_faults(events::confirmed(&stated.events), reading.faults);
        let events = events::with_faults(found, &self.own_faults());
        CardInput { work, events, ..input }.as_counted(reading.pack)
    }

    /// What the self-score came to, where the pack compares it with the appraisal. None without a self-score, and where
    /// that led to no class: then there is nothing to compare.
    fn compared(&self, reading: &Reading<'_>, explanation: &str) -> Option<score::SelfScore> {
        reading.pack.appraisal_gap.as_ref()?;
        let outcome = score::evaluate(reading.pack, &self.claimed(reading, self.self_score()?)).ok()?;
        let (total, class) = (outcome.total?.exact, outcome.class?.code);
        Some(score::SelfScore { total, class: Some(class), explanation: explanation.to_owned() })
    }
}

impl Line<'_> {
    /// Who gave the work to whoever is scored: whoever put it on the card, or where one of the `speakers` did that, who took
    /// it over by changing its plan. A speaker where nobody did.
    #[must_use]
    pub fn given_by(&self, speakers: &[PersonId]) -> PersonId {
        if speakers.contains(&self.added_by) { self.assigned_by } else { self.added_by }
    }

    /// Whether it came after a cut-off: every day that is known of it, due and finished, is later. A line without any day
    /// is not. Nor is given work without a due day: the day on which the `speakers` of whoever is scored say that it was
    /// finished would take undone work out of the period.
    #[must_use]
    pub fn is_after(&self, cut_off: Day, speakers: &[PersonId]) -> bool {
        let finished = self.progress.and_then(|report| report.finished);
        let finished = finished.filter(|_| self.plan.due.is_some() || speakers.contains(&self.given_by(speakers)));
        let mut days = [self.plan.due, finished].into_iter().flatten().peekable();
        days.peek().is_some() && days.all(|day| day > cut_off)
    }

    /// The plan in the form in which a superior confirms or sets it.
    #[must_use]
    pub fn planned(&self) -> PlanReview {
        let NewLine { coefficient, assigned, extra, level, .. } = self.plan.clone();
        PlanReview { coefficient, assigned, extra, level }
    }

    /// How late the work is by the person's report.
    #[must_use]
    pub fn lateness(&self, period_ends: Day) -> Lateness {
        let report = self.progress.cloned().unwrap_or_default();
        Lateness::of(self.plan.due, report.finished, (report.late_times, report.late_days), period_ends)
    }

    /// The finding that agrees with the report. It confirms no cause and does not mention the plan.
    #[must_use]
    pub fn as_reported(&self, period_ends: Day) -> LineReview {
        let report = self.progress.cloned().unwrap_or_default();
        let late = self.lateness(period_ends);
        LineReview {
            completed: report.completed,
            failed_reviews: report.failed_reviews,
            late_times: late.times,
            late_days: late.days,
            finished: report.finished,
            ..LineReview::default()
        }
    }

    /// A line as the engine takes it. Work beyond the plan is done outside what was assigned (Đ.18(1)d of Decree
    /// 335/2025). Where there is a due day, a superior may find more lateness than the days give, but not less.
    fn counted(&self, plan: &PlanReview, found: &LineReview, period_ends: Day) -> WorkLine {
        let late = Lateness::of(self.plan.due, found.finished, (found.late_times, found.late_days), period_ends);
        let handed_over = self.progress.map(|report| report.handed_over.clone()).unwrap_or_default();
        let (assigned, completed, extra) = if plan.extra {
            (Exact::zero(), Exact::zero(), found.completed.clone())
        } else {
            (plan.assigned.clone(), found.completed.clone(), Exact::zero())
        };
        WorkLine {
            code: self.plan.code.clone(),
            name: self.plan.name.clone(),
            coefficient: plan.coefficient.clone(),
            handed_over: handed_over.min(assigned.clone()),
            assigned,
            completed,
            failed_reviews: found.failed_reviews,
            late_times: late.times.max(found.late_times),
            late_days: late.days.max(found.late_days),
            objective_cause: found.causes.clone(),
            extra,
            difficulty: plan.level.clone(),
            ..WorkLine::default()
        }
    }
}

impl From<&Led> for Subordinate {
    fn from(led: &Led) -> Self {
        Self { id: led.person.to_string(), total: led.total.clone(), ..Self::default() }
    }
}

impl From<FactValue> for Fact {
    fn from(value: FactValue) -> Self {
        match value {
            FactValue::Flag(flag) => Self::Flag(flag),
            FactValue::Number(number) => Self::Quantity(number),
            FactValue::Class(class) => Self::Class(class),
        }
    }
}

fn latest<'a, T>(versions: &'a [Version], pick: impl Fn(&'a Value) -> Option<&'a T>) -> Option<(&'a Version, &'a T)> {
    versions
        .iter()
        .filter_map(|version| pick(&version.value).map(|value| (version, value)))
        .max_by_key(|(version, _)| (version.at, version.op))
}
