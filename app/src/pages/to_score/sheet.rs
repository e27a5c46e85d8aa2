//! A superior's score that is being entered, with what is still missing in it.

use leptos::prelude::*;
use shared::card::Card;
use shared::ids::{LineId, ProductNumber};
use shared::op::{
    Appraisal, CardKey, DraftValue, EventStated, FactValue, Led, LineReview, PositionStated, ProductStated, SelfScore,
    Stage, Stated,
};
use shared::pack::{Criterion, Pack, Statement};
use shared::procedure::Act;
use shared::report::PanelMarks;
use shared::score::{self, CardInput, Form as MarkForm};
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

    /// The number of criteria and leader's parts without a mark, of events without points, and of what products lack. A
    /// row that the person leaves out waits for an answer instead.
    pub(super) fn missing(self, appraisal: &Appraisal) -> usize {
        let own = self.own.read();
        let open = |code: &String| {
            let given = appraisal.marks.contains_key(code) || appraisal.stated.without.contains_key(code);
            !given && !self.row_waits(&own, appraisal, code)
        };
        let marks = self.pack.criteria_for(self.role).filter(|row| open(&row.code)).count();
        // Nobody states a part that follows from the people led.
        let follows = |part: &&Statement| part.subordinates_min.is_some() && !self.led.read().is_empty();
        let stated = self.pack.statements_for(self.role).filter(|part| !follows(part));
        let stated_events = appraisal.stated.events.iter();
        let points = stated_events.filter(|(code, event)| !self.pack.is_whole(code, event)).count();
        let position = usize::from(self.position_waits(&own, appraisal));
        let weighed = self.form.unfinished(&appraisal.stated).saturating_sub(position) + self.wrong_products(appraisal);
        marks + points + weighed + stated.filter(|part| !appraisal.leadership.contains_key(&part.id)).count()
    }

    /// What the rules refuse of products that are all confirmed: their number, or what their weights add up to.
    fn wrong_products(self, appraisal: &Appraisal) -> usize {
        let own = self.own.read();
        let waits = || own.stated.products.keys().any(|number| products::waits(&own.stated, appraisal, *number));
        if self.form.products().is_none() || waits() {
            return 0;
        }
        self.evidence(appraisal).map_or(0, |input| score::wrong_products(self.pack, &input))
    }

    /// Whether a row that the person leaves out is not answered yet: it neither has a mark nor is left out, and nobody said
    /// that it applies.
    fn row_waits(self, own: &SelfScore, appraisal: &Appraisal, code: &String) -> bool {
        let answered = appraisal.marks.contains_key(code) || appraisal.stated.without.contains_key(code);
        own.stated.without.contains_key(code) && !answered && !self.draft.is_said_to_apply(code)
    }

    fn position_waits(self, own: &SelfScore, appraisal: &Appraisal) -> bool {
        let asked = !self.form.positions().is_empty();
        asked && own.stated.position.is_some() && appraisal.stated.position.is_none()
    }

    /// The number of own work lines, claimed facts, bonuses, rows left out and products of the person, and of the position,
    /// that were not answered yet.
    pub(super) fn unanswered(self, appraisal: &Appraisal) -> usize {
        let (own, lines) = (self.own.read(), self.lines.read());
        let lines = lines.iter().filter(|line| line.own && !appraisal.lines.contains_key(&line.id)).count();
        let claimed = own.facts.iter().filter(|(_, fact)| **fact == FactValue::Flag(true));
        let facts = claimed.filter(|(code, _)| !appraisal.facts.contains_key(*code)).count();
        let events = own.stated.events.keys().filter(|code| events::waits(&own, appraisal, code)).count();
        let rows = own.stated.without.keys().filter(|code| self.row_waits(&own, appraisal, code)).count();
        let proposed = own.stated.products.keys();
        let products = proposed.filter(|number| products::waits(&own.stated, appraisal, **number)).count();
        lines + facts + events + rows + products + usize::from(self.position_waits(&own, appraisal))
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
        let stated = &appraisal.stated;
        let events = stated.events.iter().filter(|(code, event)| !event.says_as(own.stated.events.get(*code))).count();
        let without = stated.without.keys().filter(|code| !own.stated.without.contains_key(*code)).count();
        let products = stated.products.iter().filter(|(number, one)| !one.says_as(own.stated.products.get(*number)));
        let position = usize::from(other_position(&own, appraisal).is_some());
        marks + parts + events + without + products.count() + position + self.findings(appraisal).len()
    }

    /// Whether the score is so far from the self-score that the regulation asks for an explanation, and there is none.
    pub(super) fn is_unexplained(self, appraisal: &Appraisal) -> bool {
        if self.pack.appraisal_gap.is_none() || !appraisal.explanation.is_empty() {
            return false;
        }
        let input = self.evidence(appraisal).and_then(|mut input| {
            input.self_score.as_mut()?.explanation.clear();
            Some(input)
        });
        input.is_some_and(|input| score::is_unexplained(self.pack, &input))
    }

    /// The number of differences without a reason.
    pub(super) fn unreasoned(self, appraisal: &Appraisal) -> usize {
        let own = self.own.read();
        let bare = |own: &Map<String, shared::op::Mark>, code: &String, mark: &shared::op::Mark| {
            model::differs(own, code, mark) && mark.reason.trim().is_empty()
        };
        let marks = appraisal.marks.iter().filter(|(code, mark)| bare(&own.marks, code, mark)).count();
        let parts = appraisal.leadership.iter().filter(|(code, mark)| bare(&own.leadership, code, mark)).count();
        let lines = self.findings(appraisal).iter().filter(|review| review.reason.trim().is_empty()).count();
        let stated = &appraisal.stated;
        let unlike = |(code, event): &(&String, &EventStated)| !event.says_as(own.stated.events.get(*code));
        let events = stated.events.iter().filter(unlike).filter(|(_, event)| event.reason.is_empty()).count();
        let out = |(code, reason): &(&String, &String)| !own.stated.without.contains_key(*code) && reason.is_empty();
        let without = stated.without.iter().filter(out).count();
        let changed = |(number, one): &(&ProductNumber, &ProductStated)| !one.says_as(own.stated.products.get(*number));
        let products = stated.products.iter().filter(changed).filter(|(_, one)| one.reason.is_empty()).count();
        let position = usize::from(other_position(&own, appraisal).is_some_and(|one| one.reason.is_empty()));
        let gap = usize::from(self.is_unexplained(appraisal));
        marks + parts + events + without + products + position + gap + lines
    }
}

/// The position, where it is another one than was stated before.
fn other_position<'a>(own: &SelfScore, appraisal: &'a Appraisal) -> Option<&'a PositionStated> {
    let before = own.stated.position.as_ref()?;
    appraisal.stated.position.as_ref().filter(|position| position.id != before.id)
}
