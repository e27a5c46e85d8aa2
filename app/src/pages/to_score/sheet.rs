//! A superior's score that is being entered, with what is still missing in it.

use leptos::prelude::*;
use shared::card::Card;
use shared::ids::LineId;
use shared::op::{Appraisal, CardKey, EventStated, FactValue, Led, LineReview, SelfScore, Stage};
use shared::pack::{Criterion, Pack, Statement};
use shared::procedure::Act;
use shared::report::PanelMarks;
use shared::score::{CardInput, Form as MarkForm};
use shared::state::Marking;

use super::super::is_open;
use super::events;
use super::model::{self, ReviewLine};
use super::team::team_of;
use crate::components::Form;
use crate::components::draft::{self, Draft};
use crate::state::{ActError, Workspace};

/// A superior's score that is being entered.
#[derive(Clone, Copy)]
pub(super) struct Sheet {
    pub(super) key: StoredValue<CardKey>,
    pub(super) pack: &'static Pack,
    pub(super) role: &'static str,
    /// How rows are marked under the readings chosen.
    pub(super) form: MarkForm<'static>,
    pub(super) draft: Draft,
    pub(super) stage: Memo<Stage>,
    /// Whether it is scored without a self-score: there is none, and nobody waits for it.
    pub(super) alone: Memo<bool>,
    /// Whether the superior chose not to wait for a self-score.
    pub(super) chosen_alone: RwSignal<bool>,
    /// Whether the person is not assessed in the period.
    pub(super) absent: Memo<bool>,
    /// In which step the superior scores, and on what the marks build.
    pub(super) marking: Memo<Option<Marking>>,
    /// The team in whose step the superior marks; none where one person marks.
    pub(super) team: Memo<Option<PanelMarks>>,
    /// What the score starts from: the person's marks, or those of the step before.
    pub(super) own: Memo<SelfScore>,
    pub(super) before: Memo<Appraisal>,
    pub(super) lines: Memo<Vec<ReviewLine>>,
    pub(super) led: Memo<Vec<Led>>,
    /// Whether nothing can be entered.
    pub(super) closed: Memo<bool>,
    pub(super) error: RwSignal<Option<ActError>>,
}

impl Sheet {
    pub(super) fn new(key: CardKey) -> Option<Self> {
        let workspace = Workspace::get();
        let (pack, role) = untrack(|| workspace.with_view(|state| model::pack_and_role(state, &key)))?;
        let form = MarkForm::new(pack, role, &untrack(|| workspace.with_view(|state| state.options(&key))));
        let stored = StoredValue::new(key.clone());
        Form::provide(key.clone());
        let me = workspace.person();
        let marking = Memo::new(move |_| {
            let me = me.get()?.person;
            workspace.with_view(|state| stored.with_value(|key| state.marking(key, me)))
        });
        let stage = move || {
            let stage = workspace.with_view(|state| stored.with_value(|key| state.card(key).map(Card::stage)));
            stage.unwrap_or(Stage::Working)
        };
        let stage = Memo::new(move |_| stage());
        let chosen_alone = RwSignal::new(false);
        let alone = Memo::new(move |_| {
            let (today, chosen) = (workspace.today(), chosen_alone.get());
            workspace.with_view(|state| stored.with_value(|key| model::is_alone(state, key, today, chosen)))
        });
        let is_absent = |card: &Card| card.absence().is_some();
        let absent = Memo::new(move |_| {
            workspace.with_view(|state| stored.with_value(|key| state.card(key).is_some_and(is_absent)))
        });
        // Scoring is open from the self-score to the decision, and also once nobody waits for a self-score.
        let closed = Memo::new(move |_| {
            let (stage, alone) = (stage.get(), alone.get());
            let open = (Stage::SelfScored..=Stage::Appraised).contains(&stage) || stage < Stage::SelfScored && alone;
            // A team's marks are closed with its result; elsewhere whoever marked may mark anew.
            let ready = marking.get().is_some_and(|marking| marking.ready && !(marking.apart && marking.over));
            !open
                || !ready
                || absent.get()
                || !stored.with_value(|key| is_open(key, Act::Mark))
                || workspace.health().with(|health| health.read_only.is_some())
        });
        Some(Self {
            key: stored,
            chosen_alone,
            pack,
            role,
            form,
            draft: Draft::new(key, true),
            stage,
            alone,
            absent,
            closed,
            marking,
            own: Memo::new(move |_| {
                let marking = marking.get();
                workspace.with_view(|state| stored.with_value(|key| model::starting_point(state, key, marking)))
            }),
            before: Memo::new(move |_| {
                let (marking, me) =
                    (marking.get(), me.get().map_or(stored.with_value(|key| key.person), |me| me.person));
                workspace.with_view(|state| stored.with_value(|key| model::said_before(state, key, me, marking)))
            }),
            team: Memo::new(move |_| {
                let (marking, me) = (marking.get(), me.get()?.person);
                workspace.with_view(|state| stored.with_value(|key| team_of(state, key, me, marking)))
            }),
            lines: Memo::new(move |_| {
                workspace.with_view(|state| stored.with_value(|key| model::review_lines(state, key)))
            }),
            led: Memo::new(move |_| workspace.with_view(|state| stored.with_value(|key| state.led(key)))),
            error: RwSignal::new(None),
        })
    }

    /// Whether the score builds on the marks of somebody before, instead of on the self-score.
    pub(super) fn builds_on_marks(self) -> bool {
        self.marking.get().is_some_and(|marking| marking.builds_on.is_some())
    }

    /// The current score: the person's own marks wherever the superior has not entered others.
    pub(super) fn appraisal(self) -> Appraisal {
        let fields = self.draft.fields();
        let (own, before) = (self.own.read(), self.before.read());
        let mut lines = before.lines.clone();
        draft::apply_reviews(&fields, &mut lines);
        let mut facts = before.facts.clone();
        draft::apply_facts(&fields, &mut facts);
        let events = events::effective(self.pack, &fields, &own, &before.events, self.builds_on_marks());
        let mut marks = model::effective_marks(&fields, "mark/", &own.marks, &before.marks);
        let mut leadership = model::effective_marks(&fields, "leadership/", &own.leadership, &before.leadership);
        let mut without = before.without.clone();
        draft::apply_without(&fields, &mut without);
        marks.retain(|code, _| !without.contains_key(code));
        if self.alone.get() {
            // Without a self-score every mark differs, and the reason is that there is none.
            for mark in marks.values_mut().chain(leadership.values_mut()).filter(|mark| mark.reason.is_empty()) {
                mark.reason = model::NOT_SELF_SCORED.to_owned();
            }
        }
        if !self.led.read().is_empty() {
            // Nobody states a part that follows from the people led.
            let follows = self.pack.statements_for(self.role).filter(|statement| statement.subordinates_min.is_some());
            follows.for_each(|statement| drop(leadership.remove(&statement.id)));
        }
        Appraisal {
            marks,
            leadership,
            lines,
            comment: fields.get("comment").map_or_else(|| before.comment.clone(), |field| field.text.trim().to_owned()),
            facts,
            events,
            without,
        }
    }

    pub(super) fn evidence(self, appraisal: &Appraisal) -> Option<CardInput> {
        let mut appraisal = appraisal.clone();
        let applies = |row: &&Criterion| !appraisal.without.contains_key(&row.code);
        for row in self.pack.criteria_for(self.role).filter(applies) {
            appraisal.marks.entry(row.code.clone()).or_default();
        }
        appraisal.events.retain(|code, event| self.pack.is_whole(code, event));
        Workspace::get()
            .with_view(|state| self.key.with_value(|key| state.confirmed(key, &appraisal, &self.led.read())))
    }

    /// Whether sending the card back takes nobody else's marks away, or this person closes the team.
    pub(super) fn may_send_back(self) -> bool {
        let own = usize::from(self.marking.get().is_some_and(|marking| marking.done));
        self.team.with(|team| team.as_ref().is_none_or(|team| team.closes || team.marked <= own))
    }

    /// The number of criteria and leader's parts without a mark, and of events without points. With a self-score it is 0.
    pub(super) fn missing(self, appraisal: &Appraisal) -> usize {
        let open = |code: &String| !appraisal.marks.contains_key(code) && !appraisal.without.contains_key(code);
        let marks = self.pack.criteria_for(self.role).filter(|row| open(&row.code)).count();
        // Nobody states a part that follows from the people led.
        let follows = |part: &&Statement| part.subordinates_min.is_some() && !self.led.read().is_empty();
        let stated = self.pack.statements_for(self.role).filter(|part| !follows(part));
        let points = appraisal.events.iter().filter(|(code, event)| !self.pack.is_whole(code, event)).count();
        marks + points + stated.filter(|part| !appraisal.leadership.contains_key(&part.id)).count()
    }

    /// The number of own work lines, claimed facts and bonuses of the person that were not answered yet.
    pub(super) fn unanswered(self, appraisal: &Appraisal) -> usize {
        let (own, lines) = (self.own.read(), self.lines.read());
        let lines = lines.iter().filter(|line| line.own && !appraisal.lines.contains_key(&line.id)).count();
        let claimed = own.facts.iter().filter(|(_, fact)| **fact == FactValue::Flag(true));
        let facts = claimed.filter(|(code, _)| !appraisal.facts.contains_key(*code)).count();
        let events = own.events.keys().filter(|code| events::waits(&own, appraisal, code)).count();
        lines + facts + events
    }

    /// The findings that differ from the person's statements, or confirm a cause.
    fn findings(self, appraisal: &Appraisal) -> Vec<LineReview> {
        let lines = self.lines.read();
        let differs = |(id, review): (&LineId, &LineReview)| {
            let agrees = lines.iter().any(|line| line.id == *id && line.agrees(review));
            (!agrees).then(|| review.clone())
        };
        appraisal.lines.iter().filter_map(differs).collect()
    }

    /// The number of places that differ from the person's statements.
    pub(super) fn differences(self, appraisal: &Appraisal) -> usize {
        let own = self.own.read();
        let marks = appraisal.marks.iter().filter(|(code, mark)| model::differs(&own.marks, code, mark)).count();
        let parts =
            appraisal.leadership.iter().filter(|(code, mark)| model::differs(&own.leadership, code, mark)).count();
        let events = appraisal.events.iter().filter(|(code, event)| !event.says_as(own.events.get(*code))).count();
        let without = appraisal.without.keys().filter(|code| !own.without.contains_key(*code)).count();
        marks + parts + events + without + self.findings(appraisal).len()
    }

    /// The number of differences without a reason.
    pub(super) fn unreasoned(self, appraisal: &Appraisal) -> usize {
        let own = self.own.read();
        let bare = |own: &shared::sorted_map::Map<String, shared::op::Mark>, code: &String, mark: &shared::op::Mark| {
            model::differs(own, code, mark) && mark.reason.trim().is_empty()
        };
        let marks = appraisal.marks.iter().filter(|(code, mark)| bare(&own.marks, code, mark)).count();
        let parts = appraisal.leadership.iter().filter(|(code, mark)| bare(&own.leadership, code, mark)).count();
        let lines = self.findings(appraisal).iter().filter(|review| review.reason.trim().is_empty()).count();
        let unlike = |(code, event): &(&String, &EventStated)| !event.says_as(own.events.get(*code));
        let events = appraisal.events.iter().filter(unlike).filter(|(_, event)| event.reason.is_empty()).count();
        let out = |(code, reason): &(&String, &String)| !own.without.contains_key(*code) && reason.is_empty();
        let without = appraisal.without.iter().filter(out).count();
        marks + parts + events + without + lines
    }
}
