//! Reading a card: its lines, its scores, and the evidence it puts before the scoring engine.

use crate::order::Map;

use serde::Serialize;

use super::{Card, Value, Version};
use crate::ids::{LineId, PersonId};
use crate::num::Exact;
use crate::op::{
    Absence, Appraisal, Approval, DraftValue, FactValue, LineReview, Mark, NewLine, Progress, Publication, Register,
    SelfScore,
};
use crate::order::{map_of, sort_by_key};
use crate::org::Standing;
use crate::score::{CardInput, Fact, Subject, WorkLine};
use crate::time::Hlc;

/// Whose view of the evidence is scored.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The person's own marks and reports; claimed causes do not count yet.
    SelfScored,
    /// The superior's marks, findings and confirmed causes.
    Appraised,
}

/// A line of work with what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its identity.
    pub id: LineId,
    /// What is assigned.
    pub plan: &'a NewLine,
    /// Who put it on the card.
    pub assigned_by: PersonId,
    /// What was done; none before the first report.
    pub progress: Option<&'a Progress>,
    /// What the superior found, where it differs.
    pub review: Option<&'a LineReview>,
    /// Its plan or progress has two versions.
    pub contested: bool,
}

impl Card {
    /// The lines, in the order they were put on the card. Of a contested plan or report the latest by the authors' clocks
    /// is shown; the next stage waits until someone has chosen.
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
                progress: progress.map(|(_, progress)| progress),
                review: reviews.and_then(|reviews| reviews.get(id)),
                contested: versions.len() > 1 || reports.len() > 1,
            };
            // A line that is revised stays in its place.
            lines.push((self.added_at(*id).unwrap_or(version.at), line));
        }
        sort_by_key(&mut lines, |(at, line)| (*at, line.id));
        lines.into_iter().map(|(_, line)| line).collect()
    }

    /// When a line was put on.
    pub(crate) fn added_at(&self, line: LineId) -> Option<Hlc> {
        self.added.get(&line).copied()
    }

    /// One line.
    #[must_use]
    pub fn line(&self, id: LineId) -> Option<Line<'_>> {
        self.lines().into_iter().find(|line| line.id == id)
    }

    /// The submitted self-score.
    #[must_use]
    pub fn self_score(&self) -> Option<&SelfScore> {
        match &self.current(&Register::SelfScore)?.value {
            Value::SelfScore(score) => Some(score),
            _ => None,
        }
    }

    /// The superior's score.
    #[must_use]
    pub fn appraisal(&self) -> Option<&Appraisal> {
        match &self.current(&Register::Appraisal)?.value {
            Value::Appraisal(appraisal) => Some(appraisal),
            _ => None,
        }
    }

    /// The decision.
    #[must_use]
    pub fn approval(&self) -> Option<&Approval> {
        match &self.current(&Register::Approval)?.value {
            Value::Approval(approval) => Some(approval),
            _ => None,
        }
    }

    /// That the person is not assessed in the period, and why; of two versions the later, until someone has chosen.
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
        self.holds(&Register::Appraisal) && !self.holds(&Register::SelfScore)
    }

    /// Where the person stood by the decision; of two that are contested, by the later.
    #[must_use]
    pub fn decided_standing(&self) -> Option<&Standing> {
        let decided = latest(self.versions(&Register::Approval), |value| match value {
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

    /// The evidence as the scoring engine takes it, or none while that side has not scored.
    #[must_use]
    pub fn input(&self, side: Side, role: &str, options: Map<String, String>) -> Option<CardInput> {
        let own = self.self_score();
        match side {
            Side::SelfScored => {
                let own = own?;
                Some(self.input_with(role, options, own, &Map::new()))
            }
            Side::Appraised => {
                let appraisal = self.appraisal()?;
                let confirmed = self.current(&Register::Appraisal)?.at.at.day();
                let mut facts = own.map(|own| own.facts.clone()).unwrap_or_default();
                facts.extend(appraisal.facts.clone());
                let score = SelfScore {
                    marks: appraisal.marks.clone(),
                    leadership: appraisal.leadership.clone(),
                    facts,
                    ..SelfScore::default()
                };
                let mut input = self.input_with(role, options, &score, &appraisal.lines);
                for line in input.work.iter_mut().filter(|line| !line.objective_cause.is_empty()) {
                    line.cause_confirmed = Some(confirmed);
                }
                Some(input)
            }
        }
    }

    /// The evidence with marks that are not submitted yet, for a live result.
    #[must_use]
    pub fn input_with(
        &self,
        role: &str,
        options: Map<String, String>,
        score: &SelfScore,
        reviews: &Map<LineId, LineReview>,
    ) -> CardInput {
        let values =
            |marks: &Map<String, Mark>| map_of(marks.iter().map(|(code, mark)| (code.clone(), mark.value.clone())));
        let facts = map_of(score.facts.iter().map(|(code, fact)| (code.clone(), Fact::from(fact.clone()))));
        let reasoned = score.marks.iter().filter(|(_, mark)| !mark.reason.is_empty());
        CardInput {
            options,
            subject: Subject { role: role.to_owned(), position: None },
            criteria: values(&score.marks),
            reasons: map_of(reasoned.map(|(code, mark)| (code.clone(), mark.reason.clone()))),
            work: self.lines().iter().map(|line| work_line(line, reviews.get(&line.id))).collect(),
            leadership: values(&score.leadership),
            facts,
            ..CardInput::default()
        }
    }
}

impl From<FactValue> for Fact {
    fn from(value: FactValue) -> Self {
        match value {
            FactValue::Flag(flag) => Self::Flag(flag),
            FactValue::Number(number) => Self::Quantity(number),
        }
    }
}

/// A line as the engine takes it. Work beyond the plan is done outside what was assigned (Đ.18(1)d of Decree 335/2025).
fn work_line(line: &Line<'_>, review: Option<&LineReview>) -> WorkLine {
    let report = line.progress.cloned().unwrap_or_default();
    let found = review.cloned().unwrap_or_else(|| LineReview {
        completed: report.completed,
        failed_reviews: report.failed_reviews,
        late_times: report.late_times,
        late_days: report.late_days,
        ..LineReview::default()
    });
    let (assigned, completed, extra) = if line.plan.extra {
        (Exact::zero(), Exact::zero(), found.completed)
    } else {
        (line.plan.assigned.clone(), found.completed, Exact::zero())
    };
    WorkLine {
        code: line.plan.code.clone(),
        name: line.plan.name.clone(),
        coefficient: line.plan.coefficient.clone(),
        assigned,
        completed,
        failed_reviews: found.failed_reviews,
        late_times: found.late_times,
        late_days: found.late_days,
        objective_cause: found.causes,
        extra,
        handed_over: report.handed_over,
        ..WorkLine::default()
    }
}

fn latest<'a, T>(versions: &'a [Version], pick: impl Fn(&'a Value) -> Option<&'a T>) -> Option<(&'a Version, &'a T)> {
    versions
        .iter()
        .filter_map(|version| pick(&version.value).map(|value| (version, value)))
        .max_by_key(|(version, _)| (version.at, version.op))
}
