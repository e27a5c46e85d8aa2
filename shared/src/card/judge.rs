//! Whether an intent may be done to a card. The same judgement on a tablet, before signing, and at the office, on arrival.

mod contents;
mod events;
mod faults;
mod lines;
mod order;
mod outside;
mod own;
mod products;
mod slots;
mod voices;
mod weights;
mod without;

use contents::{marks_have_short_reasons, new_lines, note, quantity, required, within};

use super::{Card, Line, Reading, Value, Version};
use crate::bug::{self, Bug};
use crate::ids::{LineId, OpId, PersonId, StepPlace, UnitId};
use crate::limits::{CARD_BYTES_MAX, DRAFT_FIELDS_PER_CARD_MAX, HEADS_PER_REGISTER_MAX, LED_NAMED_MAX};
use crate::op::{
    Absence, Appraisal, Approval, Body, CardKey, Detail, Led, LineReview, NewLine, Payload, Publication, Refusal,
    RefusalCode, Register, Stage, Verdict,
};
use crate::org::{Org, Seat};
use crate::pack::{Pack, ReasonWhen, Step};
use crate::procedure::{Act, Asked, Case};
use crate::score::{CardInput, Event, Form, Outcome};
use crate::sorted_map::Map;
use crate::time::{Day, Period};
use crate::work::AbsenceCause;

/// What a judgement needs beside the card: the people, the rules, and the readings in force.
#[derive(Clone, Copy, Debug)]
pub struct CardPolicy<'a> {
    /// Whose card it is.
    pub key: &'a CardKey,
    /// The person scored, or everybody who ever spoke for the unit scored.
    pub speakers: &'a [PersonId],
    /// Who of them counts on the card's last day.
    pub speaker: PersonId,
    /// Units, people, posts.
    pub org: &'a Org,
    /// The rule pack of the card.
    pub pack: &'a Pack,
    /// Where the person stands.
    pub seat: Seat<'a>,
    /// The role in which the pack scores the person.
    pub role: &'a str,
    /// Options decided for the person's unit.
    pub options: &'a Map<String, String>,
    /// Units that the adoption binds to positions.
    pub bound: &'a [(String, UnitId)],
    /// Steps that an authority outside the system does, as the adoption says.
    pub outside: &'a [String],
    /// The day after which work counts in the next period; none: all work counts.
    pub cut_off: Option<Day>,
    /// Lines of earlier periods that wait to be carried here before the card is scored.
    pub owed: usize,
    /// Nobody has to wait for a self-score any more.
    pub alone: bool,
    /// The people led, as their results are known here.
    pub led: &'a [Led],
    /// Faults that were found later and count on this card.
    pub faults: &'a [Event],
}

type Judgement = Result<(), Verdict>;

fn reject(code: RefusalCode, field: &str) -> Verdict {
    Verdict::Rejected(Refusal::new(code, field))
}

fn superseded(code: RefusalCode, field: &str, found: impl Into<Detail>) -> Verdict {
    Verdict::Superseded(Refusal::new(code, field).found(found))
}

impl CardPolicy<'_> {
    /// Judges an intent on `card`.
    #[must_use]
    pub fn judge(&self, card: &Card, id: OpId, body: &Body, intent: &Payload) -> Verdict {
        let judged = self
            .entitled(card, body.actor, intent)
            .and_then(|()| self.stage_admits(card, body, intent))
            .and_then(|()| card.has_room(id, body, intent))
            .and_then(|()| self.content_admits(card, body.hlc.at.day(), intent));
        card.verdict(judged, id, body, intent)
    }

    const fn asked(&self) -> Asked<'_> {
        Asked { pack: self.pack, role: self.role, options: self.options }
    }

    fn form(&self) -> Form<'_> {
        Form::new(self.pack, self.role, self.options)
    }

    fn case(&self) -> Case<'_> {
        let (person, day) = (self.speaker, self.key.period.last_day());
        let (bound, outside) = (self.bound, self.outside);
        Case { org: self.org, person, seat: self.seat, day, bound, assigner: None, outside }
    }

    /// The steps in which `actor` marks, and those in which `actor` signs the result. Of a panel, whoever closes it signs.
    fn steps_of(&self, card: &Card, actor: PersonId) -> (Vec<StepPlace>, Vec<StepPlace>) {
        let case = self.case();
        let mine = |(place, step): (StepPlace, &Step)| case.may_do(step, actor).then_some(place);
        let asked = self.asked();
        let mut decides: Vec<StepPlace> = asked.deciding().into_iter().filter_map(mine).collect();
        decides.retain(|place| self.may_close(card, *place, actor));
        (asked.marking().into_iter().filter_map(mine).collect(), decides)
    }

    fn entitled(&self, card: &Card, actor: PersonId, intent: &Payload) -> Judgement {
        if self.is_own(card, actor, intent) {
            return Ok(());
        }
        let own = actor == self.speaker;
        let (marks, decides) = self.steps_of(card, actor);
        let (superior, decider) = (!marks.is_empty(), !decides.is_empty());
        // Of a panel, only those who close it undo what others have marked.
        let reaches = |place: StepPlace| marks.iter().any(|mine| *mine >= place && self.may_close(card, *mine, actor));
        // Nobody sets aside, or chooses between, decisions of a later step.
        let settles = |register: &Register| decides.iter().any(|mine| Register::Approval(*mine) >= *register);
        let decided = card.approved_in().map_or(decider, settles);
        let notifies = || self.asked().steps_of(Act::Notify).iter().any(|(_, step)| self.case().may_do(step, actor));
        let keeps = || self.org.keeps_records_of(actor, self.seat.unit, self.key.period.last_day());
        let absence = !own && (superior || decider || keeps());
        let entered = |register: &Register| self.is_entered(register, actor);
        let allowed = match intent {
            Payload::CarryWork(_) if own => true,
            Payload::AssignWork(_) | Payload::CarryWork(_) => {
                superior || decider || self.asked().plans(self.case(), actor)
            }
            Payload::ReviseLine { line, .. } | Payload::RemoveLine { line, .. } => {
                // Whoever gave a line may change it as long as they may give work: not a former head.
                let gave = || card.added_by(*line) == Some(actor) && self.asked().plans(self.case(), actor);
                superior || decider || !own && gave()
            }
            Payload::SaveDraft { appraisal: true, .. } => {
                superior || self.evaluates_any(card, actor) || self.enters_marks(actor)
            }
            Payload::EvaluateLines(step, findings) => {
                findings.keys().all(|line| self.evaluates(card, *step, *line, actor))
            }
            Payload::Appraise(step, Appraisal { document: Some(_), .. }) => self.enters_as(Act::Mark, *step, actor),
            Payload::Approve(step, Approval { document: Some(_), .. }) => self.enters_as(Act::Decide, *step, actor),
            Payload::Publish(Publication { document: Some(_), .. }) => self.enters_notice(actor),
            Payload::Appraise(step, _) => marks.contains(step) && self.may_close(card, *step, actor),
            Payload::FillSlot(step, _) => {
                marks.contains(step) && self.asked().step(*step).is_some_and(Step::is_marked_apart)
            }
            Payload::Approve(step, _) => decides.contains(step),
            Payload::Speak(step, voice) => self.may_speak(*step, actor, voice),
            Payload::Publish(_) => decider || notifies(),
            // Nobody takes back the marks of somebody in a later step.
            Payload::ReturnCard { .. } => {
                let marked = superior && card.marked_beside(actor).is_none_or(reaches);
                marked && card.stage() <= Stage::Appraised
                    || decided && card.stage() >= Stage::Appraised
                    || self.takes_back_entered(card, actor, intent)
            }
            Payload::Resolve { register, .. } => match register {
                // Of what a superior assigned and what the person registered, the person does not choose.
                Register::Plan(_) => superior || own && self.is_all_own(card, register),
                Register::Progress(_) | Register::Draft(_) | Register::SelfScore => own || superior,
                Register::Appraisal(place) => decider || reaches(*place) || entered(register),
                Register::Slot(_, member) | Register::Voice(_, Some(member)) => *member == actor,
                Register::Voice(step, None) => self.speaks_in(*step, actor),
                Register::Finding(step, line) => self.evaluates(card, *step, *line, actor),
                Register::Approval(_) => settles(register) || entered(register),
                Register::Publication => decided || entered(register),
                Register::Absence => absence,
                Register::Fault(fault) => decided && !own && self.lifts(card, actor, *fault),
            },
            Payload::RecordAbsence(_) | Payload::LiftAbsence { .. } => absence,
            Payload::RecordFault(_) => decided && !own,
            Payload::LiftFault { fault, .. } => decided && !own && self.lifts(card, actor, *fault),
            _ => false,
        };
        let seeded =
            bug::is(Bug::SkipAuthority) || bug::is(Bug::ResolveByAnyone) && matches!(intent, Payload::Resolve { .. });
        if allowed || seeded { Ok(()) } else { Err(reject(RefusalCode::NotEntitled, "actor")) }
    }

    /// `today` is the author's day: nobody finished anything later.
    fn content_admits(&self, card: &Card, today: Day, intent: &Payload) -> Judgement {
        match intent {
            Payload::CarryWork(lines) => {
                let plans: Vec<NewLine> = lines.iter().map(|line| line.plan.clone()).collect();
                self.work_counts()?;
                new_lines(card, &plans)?;
                let known =
                    |plan: &NewLine| plan.level.as_ref().map_or(Ok(()), |level| self.level(Some(level), "plan"));
                plans.iter().try_for_each(known)
            }
            // An authority outside is no member of a panel here.
            Payload::FillSlot(_, Appraisal { document: Some(_), .. }) => {
                Err(reject(RefusalCode::Malformed, "document"))
            }
            Payload::Appraise(step, appraisal) | Payload::FillSlot(step, appraisal) => {
                self.appraisal(card, today, *step, appraisal)?;
                let tallied = matches!(intent, Payload::Appraise(..)) && appraisal.document.is_none();
                if tallied { self.tallied(card, *step, appraisal) } else { Ok(()) }
            }
            Payload::EvaluateLines(_, findings) => self.findings(card, today, findings),
            Payload::Approve(_, approval) => self.approval(card, today, approval),
            Payload::Speak(_, voice) => self.said(voice),
            Payload::Publish(publication) => {
                self.document(today, publication.document.as_ref())?;
                let decided = card.approval().map(|approval| approval.class.as_str());
                if decided == Some(publication.class.as_str()) {
                    Ok(())
                } else {
                    Err(Verdict::Rejected(
                        Refusal::new(RefusalCode::ResultDiffers, "class")
                            .found(&publication.class)
                            .allowed(decided.unwrap_or_default()),
                    ))
                }
            }
            Payload::ReturnCard { reason, .. } if bug::is(Bug::ReturnWithoutReason) => note(reason, "reason"),
            Payload::ReturnCard { reason, .. } => required(reason, "reason"),
            Payload::LiftAbsence { reason } | Payload::LiftFault { reason, .. } => required(reason, "reason"),
            Payload::RecordFault(fault) => self.fault(today, fault),
            Payload::RecordAbsence(Absence { cause: AbsenceCause::Other, note }) => required(note, "note"),
            Payload::RecordAbsence(absence) => note(&absence.note, "note"),
            // Choosing the version that takes a stage back sends the card back.
            Payload::Resolve { register, choice, reason } if card.takes_stage_back(register, *choice) => {
                required(reason, "reason")
            }
            Payload::Resolve { reason, .. } => note(reason, "reason"),
            _ => self.own_content_admits(card, today, intent),
        }
    }

    /// Some roles are marked without converted work: nobody writes down what would not count.
    fn work_counts(&self) -> Judgement {
        if self.pack.takes_work(self.role) { Ok(()) } else { Err(reject(RefusalCode::NoWork, "lines")) }
    }

    fn score(&self, input: &CardInput) -> Result<Outcome, Verdict> {
        crate::score::evaluate(self.pack, input).map_err(|errors| {
            let refusal = errors.first().map_or_else(
                || Refusal::new(RefusalCode::OutOfRange, "input"),
                |error| {
                    Refusal::new(RefusalCode::OutOfRange, &error.field)
                        .found(Detail::read(&error.found))
                        .allowed(Detail::allowed(&error.allowed))
                },
            );
            Verdict::Rejected(refusal)
        })
    }

    const fn reading(&self) -> Reading<'_> {
        Reading {
            key: self.key,
            speakers: self.speakers,
            pack: self.pack,
            role: self.role,
            options: self.options,
            led: self.led,
            lists: None,
            cut_off: self.cut_off,
            faults: self.faults,
        }
    }

    fn appraisal(&self, card: &Card, today: Day, place: StepPlace, appraisal: &Appraisal) -> Judgement {
        note(&appraisal.comment, "comment")?;
        self.document(today, appraisal.document.as_ref())?;
        marks_have_short_reasons(appraisal.marks.values().chain(appraisal.leadership.values()))?;
        // What a document says needs no other reason.
        if appraisal.document.is_none() {
            self.reasons(card, place, appraisal)?;
        }
        note(&appraisal.explanation, "explanation")?;
        let stated = &appraisal.stated;
        self.found_events(card, today, place, &stated.events)?;
        self.left_out(card, place, &stated.without)?;
        self.found_products(card, place, &stated.products)?;
        self.found_position(card, place, stated.position.as_ref())?;
        let lines = card.lines();
        for (id, review) in &appraisal.lines {
            card.has_line(*id)?;
            // What whoever gave the work has found is not for anybody else to change.
            if card.finding(*id).is_some() {
                return Err(reject(RefusalCode::NotEntitled, &format!("lines.{id}")));
            }
            let line = lines.iter().find(|line| line.id == *id);
            line.map_or(Ok(()), |line| self.review(line, review, today))?;
        }
        self.score(&card.confirmed(&self.reading(), appraisal)).map(drop)
    }

    /// Whether the marks have the reasons that the step asks for.
    fn reasons(&self, card: &Card, place: StepPlace, appraisal: &Appraisal) -> Judgement {
        let when = self.asked().step(place).and_then(|step| step.reason_when).unwrap_or(ReasonWhen::Differs);
        let (marks, leadership) = self.asked().starting_point(card, place);
        let highest = |code: &str| self.pack.criteria_for(self.role).find(|one| one.code == code).map(|one| &one.max);
        for (given, stated, part) in
            [(&appraisal.marks, &marks, "marks"), (&appraisal.leadership, &leadership, "leadership")]
        {
            for (code, mark) in given {
                let needed = match when {
                    ReasonWhen::Differs => stated.get(code).is_none_or(|stated| stated.value != mark.value),
                    ReasonWhen::BelowMax => highest(code).is_some_and(|highest| mark.value < *highest),
                    ReasonWhen::Always => true,
                    ReasonWhen::Never => false,
                };
                if needed && mark.reason.trim().is_empty() {
                    return Err(reject(RefusalCode::ReasonRequired, &format!("{part}.{code}")));
                }
            }
        }
        Ok(())
    }

    /// A finding that differs from what the person stated, or that confirms a cause, needs its reason.
    fn review(&self, line: &Line<'_>, review: &LineReview, today: Day) -> Judgement {
        let field = format!("lines.{}", line.id);
        if let Some(plan) = &review.plan {
            quantity(&plan.assigned, &format!("{field}.assigned"))?;
            self.level(plan.level.as_ref(), &field)?;
        }
        let from = line.plan.carried.unwrap_or(self.key.period);
        self.finish_day(from, review.finished, today, &format!("{field}.finished"))?;
        let agrees = self.reading().agrees(line, review);
        if agrees { note(&review.reason, &field) } else { required(&review.reason, &format!("{field}.reason")) }
    }

    /// Nobody finished work before the period, or the one from which it was carried, nor later than today.
    fn finish_day(&self, from: Period, finished: Option<Day>, today: Day, field: &str) -> Judgement {
        let first = from.first_day();
        match finished.filter(|day| *day < first || *day > today.max(first)) {
            None => Ok(()),
            Some(found) => {
                let refusal = Refusal::new(RefusalCode::OutOfRange, field).found(found);
                Err(Verdict::Rejected(refusal.allowed(Detail::Days([first, today.max(first)]))))
            }
        }
    }

    /// The approver signs the result that was on the screen; when this side computes another, nobody must be surprised. While
    /// something is missing there is nothing to decide on.
    fn approval(&self, card: &Card, today: Day, approval: &Approval) -> Judgement {
        note(&approval.comment, "comment")?;
        if !self.seat.is_same_place(approval.standing.seat()) {
            let refusal = Refusal::new(RefusalCode::ResultDiffers, "standing");
            return Err(Verdict::Held(refusal.found(&approval.standing.title).allowed(self.seat.title)));
        }
        within("led", approval.led.len(), LED_NAMED_MAX)?;
        if approval.document.is_some() {
            return self.decided_outside(today, approval);
        }
        self.set_otherwise(approval)?;
        self.signed(card, self.led, approval, "total")?;
        // What the approver saw of the people led must lead to the number signed as well: it is what the card tells later.
        if approval.led.is_empty() != self.led.is_empty() {
            let refusal = Refusal::new(RefusalCode::ResultDiffers, "led").found(approval.led.len());
            return Err(Verdict::Held(refusal.allowed(self.led.len())));
        }
        self.signed(card, &approval.led, approval, "led")
    }

    /// Whether the result signed is the one that follows with these results of the people led.
    fn signed(&self, card: &Card, led: &[Led], approval: &Approval, field: &str) -> Judgement {
        let Some(appraisal) = card.appraisal() else { return Err(reject(RefusalCode::Missing, "appraisal")) };
        let outcome = self.score(&card.confirmed(&Reading { led, ..self.reading() }, appraisal))?;
        let Some(total) = outcome.total.as_ref().map(|total| total.exact.clone()) else {
            return Err(Verdict::Rejected(
                Refusal::new(RefusalCode::Missing, field).found(self.missing(led, &outcome)),
            ));
        };
        let class = outcome.class.as_ref().map(|class| class.code.clone()).unwrap_or_default();
        let seen = approval.as_reckoned();
        if seen == Some((&total, class.as_str())) {
            return Ok(());
        }
        let (seen_total, seen_class) = seen.map(|(total, class)| (total.clone(), class)).unwrap_or_default();
        let refusal = Refusal::new(RefusalCode::ResultDiffers, field);
        let found = refusal.found(Detail::Result(seen_total, seen_class.to_owned()));
        Err(Verdict::Held(found.allowed(Detail::Result(total, class))))
    }

    /// Whose results are missing, by name, else which fields are.
    fn missing(&self, led: &[Led], outcome: &Outcome) -> String {
        let name = |one: &Led| self.org.person(one.person).map(|person| person.name.clone());
        let names: Vec<String> = led.iter().filter(|one| one.total.is_none()).filter_map(name).collect();
        if names.is_empty() { outcome.missing.join(", ") } else { names.join(", ") }
    }
}

impl Card {
    fn has_line(&self, line: LineId) -> Judgement {
        if self.holds(&Register::Plan(line)) {
            Ok(())
        } else {
            Err(superseded(RefusalCode::Unknown, "line", Detail::technical(&line)))
        }
    }

    /// Whether choosing a version empties a register that a stage rests on.
    fn takes_stage_back(&self, register: &Register, choice: OpId) -> bool {
        let cleared = |version: &Version| version.op == choice && matches!(version.value, Value::Cleared(_));
        register.reaches().is_some() && self.versions(register).iter().any(cleared)
    }

    /// No place of the card gets more versions than somebody could choose between, and the card does not become too large to
    /// be told: neither may stop those who have to act on it.
    fn has_room(&self, id: OpId, body: &Body, intent: &Payload) -> Judgement {
        let writes = self.writes(id, body.actor, intent.clone());
        for (register, _) in &writes {
            let unseen = self.heads(register).filter(|head| *head != id && !body.base.contains(head)).count();
            if unseen >= HEADS_PER_REGISTER_MAX {
                let refusal = Refusal::new(RefusalCode::OverLimit, format!("versions.{register}")).found(unseen + 1);
                return Err(Verdict::Superseded(refusal.allowed(HEADS_PER_REGISTER_MAX)));
            }
        }
        match intent {
            Payload::AssignWork(_)
            | Payload::CarryWork(_)
            | Payload::ReviseLine { .. }
            | Payload::ReportProgress { .. }
            | Payload::SubmitSelfScore(_) => {
                let written: usize = writes.iter().map(|(_, value)| value.bytes()).sum();
                within("card", self.work_bytes().saturating_add(written), CARD_BYTES_MAX)
            }
            Payload::SaveDraft { .. } => {
                let new = writes.iter().filter(|(register, _)| self.versions(register).is_empty()).count();
                let known = self.count(|register| matches!(register, Register::Draft(_)));
                within("fields", known.saturating_add(new), DRAFT_FIELDS_PER_CARD_MAX)
            }
            _ => Ok(()),
        }
    }

    /// The verdict on an intent that is allowed, or the one that refuses it.
    fn verdict(&self, judged: Judgement, id: OpId, body: &Body, intent: &Payload) -> Verdict {
        match judged {
            Err(verdict) => verdict,
            Ok(()) if self.leaves_unseen(id, body, intent) => Verdict::AcceptedContested,
            Ok(()) => Verdict::Accepted,
        }
    }

    /// Whether writing leaves a version beside the new one that the author had not seen.
    fn leaves_unseen(&self, id: OpId, body: &Body, intent: &Payload) -> bool {
        !bug::is(Bug::SilentContested)
            && self
                .writes(id, body.actor, intent.clone())
                .iter()
                .any(|(register, _)| self.heads(register).any(|head| head != id && !body.base.contains(&head)))
    }
}
