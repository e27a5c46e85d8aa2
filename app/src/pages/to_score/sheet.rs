//! A superior's score that is being entered, with what is still missing in it.

use leptos::prelude::*;
use shared::card::Card;
use shared::ids::PersonId;
use shared::op::{Appraisal, CardKey, DraftValue, Led, SelfScore, Stage, Stated};
use shared::pack::{Criterion, Pack};
use shared::procedure::Act;
use shared::report::PanelMarks;
use shared::score::{CardInput, Form as MarkForm};
use shared::sorted_map::Map;
use shared::state::Marking;

use super::super::is_open;
use super::model::{self, ReviewLine};
use super::team::team_of;
use super::{events, products};
use crate::components::Form;
use crate::components::draft::{self, Draft};
use crate::i18n::t;
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

/// Findings on lines that are being entered, in a score or each by itself.
#[derive(Clone, Copy)]
pub(super) struct LineSheet {
    pub(super) key: StoredValue<CardKey>,
    /// What the regulation asks of a line under the readings chosen.
    pub(super) form: MarkForm<'static>,
    pub(super) draft: Draft,
    /// Whether nothing can be entered.
    pub(super) closed: Memo<bool>,
    /// What was found before; only its lines.
    pub(super) before: Memo<Appraisal>,
    pub(super) lines: Memo<Vec<ReviewLine>>,
    /// Whether each line is evaluated by itself: what agrees with the report is then an answer as well.
    pub(super) apart: bool,
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
            workspace.with_view(|state| stored.with_value(|key| state.marking_heard(key, me)))
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
                let (marking, me) = (marking.get(), me.get().map_or(PersonId::SYSTEM, |me| me.person));
                workspace.with_view(|state| stored.with_value(|key| model::said_before(state, key, me, marking)))
            }),
            team: Memo::new(move |_| {
                let (marking, me) = (marking.get(), me.get()?.person);
                workspace.with_view(|state| stored.with_value(|key| team_of(state, key, me, marking)))
            }),
            lines: Memo::new(move |_| {
                workspace.with_view(|state| stored.with_value(|key| model::lines_in_score(state, key)))
            }),
            led: Memo::new(move |_| workspace.with_view(|state| stored.with_value(|key| state.led(key)))),
            error: RwSignal::new(None),
        })
    }

    /// The findings on lines that are part of the score.
    pub(super) const fn of_lines(self) -> LineSheet {
        let Self { key, form, draft, closed, before, lines, .. } = self;
        LineSheet { key, form, draft, closed, before, lines, apart: false }
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
        lines.retain(|id, _| self.lines.read().iter().any(|line| line.id == *id));
        let mut facts = before.facts.clone();
        draft::apply_facts(&fields, &mut facts);
        let mut marks = model::effective_marks(&fields, "mark/", &own.marks, &before.marks);
        let mut leadership = model::effective_marks(&fields, "leadership/", &own.leadership, &before.leadership);
        let stated = self.stated(&fields, &own, &before.stated);
        marks.retain(|code, _| !stated.without.contains_key(code));
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
            stated,
            explanation: fields
                .get(draft::EXPLANATION)
                .map_or_else(|| before.explanation.clone(), |field| field.text.trim().to_owned()),
            document: None,
        }
    }

    /// What counts beside marks. What the person states in the own favour is not there before it is answered.
    fn stated(self, fields: &Map<String, DraftValue>, own: &SelfScore, before: &Stated) -> Stated {
        let over = self.builds_on_marks();
        let mut without = before.without.clone();
        draft::apply_without(fields, &mut without);
        let taken_over = || before.position.clone().or_else(|| own.stated.position.clone().filter(|_| over));
        let mut position = draft::position(fields).or_else(taken_over);
        if let Some(position) =
            position.as_mut().filter(|one| own.stated.position.as_ref().is_some_and(|own| own.id == one.id))
        {
            position.reason.clear();
        }
        Stated {
            events: events::effective(self.pack, fields, own, &before.events, over),
            without,
            products: products::effective(fields, &own.stated.products, &before.products, over),
            position,
        }
    }

    pub(super) fn evidence(self, appraisal: &Appraisal) -> Option<CardInput> {
        let mut appraisal = appraisal.clone();
        let out = appraisal.stated.without.clone();
        let applies = |row: &&Criterion| !out.contains_key(&row.code);
        for row in self.pack.criteria_for(self.role).filter(applies) {
            appraisal.marks.entry(row.code.clone()).or_default();
        }
        appraisal.stated.events.retain(|code, event| self.pack.is_whole(code, event));
        self.form.fill(&mut appraisal.stated);
        if appraisal.explanation.is_empty() {
            // The total is shown before its distance from the self-score is explained.
            t::product::unexplained().clone_into(&mut appraisal.explanation);
        }
        Workspace::get()
            .with_view(|state| self.key.with_value(|key| state.confirmed(key, &appraisal, &self.led.read())))
    }

    /// Whether sending the card back takes nobody else's marks away, or this person closes the team.
    pub(super) fn may_send_back(self) -> bool {
        let own = usize::from(self.marking.get().is_some_and(|marking| marking.done));
        self.team.with(|team| team.as_ref().is_none_or(|team| team.closes || team.marked <= own))
    }
}
