//! The tray: what people entered and what is not in the stores yet. No signals here; see [`super::entering`].

use shared::ids::LineId;
use shared::op::{CardKey, DraftValue, NewLine, Payload, Progress, Target};
use shared::sorted_map::Map;
use shared::state::Judge;

use super::ActError;

/// The most bytes of text in one operation, so that it stays within the allowed size.
const TEXT_BYTES_PER_OPERATION: usize = 8 * 1024;

/// The place on a card that an edit is about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A field of an unsubmitted score; the superior's when `appraisal`.
    Field {
        /// The name of the field, such as `mark/II.1`.
        appraisal: bool,
        /// Which field, as `mark/II.1`.
        name: String,
    },
    /// The report on a line.
    Progress(LineId),
    /// The plan of a line.
    Plan(LineId),
}

/// What was entered.
#[derive(Clone, PartialEq, Eq)]
pub enum Entered {
    /// A field of a score.
    Field(DraftValue),
    /// A report on a line.
    Progress(Progress),
    /// A line.
    Plan(NewLine),
}

/// Identifies a field: its card, if it belongs to one, and the id of its element.
pub type FieldKey = (Option<CardKey>, String);

/// The text and the error of a field in error.
#[derive(Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What was typed.
    pub text: String,
    /// What is wrong with it and what is allowed.
    pub words: String,
    /// The field's name for people.
    pub label: String,
    /// The screen it is on.
    pub path: String,
}

/// The state of an edit.
#[derive(Clone, PartialEq, Eq)]
enum Fate {
    /// It waits for the next save.
    Waiting,
    /// On its way.
    Saving,
    /// The rules do not allow it. It stays on the screen until it is changed or dropped.
    Refused(ActError),
}

#[derive(Clone)]
struct Edit {
    value: Entered,
    judge: Judge,
    fate: Fate,
}

/// Edits that one operation carries.
pub struct Batch {
    card: CardKey,
    judge: Judge,
    edits: Vec<(Place, Entered)>,
}

impl Batch {
    /// Judges the operation.
    pub const fn judge(&self) -> Judge {
        self.judge
    }

    /// The target of the operation.
    pub fn target(&self) -> Target {
        Target::Card(self.card.clone())
    }

    /// The payload of the operation; `None` for a batch without edits.
    pub fn payload(&self) -> Option<Payload> {
        match self.edits.first()? {
            (Place::Progress(line), Entered::Progress(progress)) => {
                Some(Payload::ReportProgress { line: *line, progress: progress.clone() })
            }
            (Place::Plan(line), Entered::Plan(plan)) => Some(Payload::ReviseLine { line: *line, plan: plan.clone() }),
            (Place::Field { appraisal, .. }, _) => {
                let fields = self.edits.iter().filter_map(|edit| match edit {
                    (Place::Field { name, .. }, Entered::Field(value)) => Some((name.clone(), value.clone())),
                    _ => None,
                });
                Some(Payload::SaveDraft { appraisal: *appraisal, fields: fields.collect() })
            }
            (Place::Progress(_) | Place::Plan(_), _) => None,
        }
    }

    /// Whether `edit` fits into the same operation: fields of one side of one score do, as long as the text stays
    /// short.
    fn takes(&self, card: &CardKey, (place, entered): (&Place, &Entered)) -> bool {
        let text_bytes = |entered: &Entered| match entered {
            Entered::Field(field) => bytes_of(field),
            Entered::Progress(_) | Entered::Plan(_) => 0,
        };
        let bytes = self.edits.iter().map(|(_, entered)| text_bytes(entered)).sum::<usize>() + text_bytes(entered);
        let side = |place: &Place| match place {
            Place::Field { appraisal, .. } => Some(*appraisal),
            Place::Progress(_) | Place::Plan(_) => None,
        };
        let alike = self.edits.first().is_some_and(|(first, _)| side(first).is_some() && side(first) == side(place));
        alike && self.card == *card && bytes <= TEXT_BYTES_PER_OPERATION
    }
}

/// How many bytes the texts of a field take.
fn bytes_of(field: &DraftValue) -> usize {
    let event = field.event.iter().flat_map(|event| [&event.evidence, &event.reason]);
    let product = field.product.iter().flat_map(|one| [&one.name, &one.evidence, &one.reason]);
    event.chain(product).chain([&field.text]).map(String::len).sum()
}

/// The edits of the signed-in person, by card and place.
#[derive(Clone, Default)]
pub struct Tray {
    edits: Map<(CardKey, Place), Edit>,
    /// Why the stores refused them at the last try.
    failure: Option<ActError>,
    /// Fields in error: their text is not saved, and nothing can be submitted over it.
    wrong: Map<FieldKey, Wrong>,
}

impl Tray {
    /// Notes the error of a field.
    pub fn note_wrong(&mut self, key: FieldKey, wrong: Wrong) {
        self.wrong.insert(key, wrong);
    }

    /// Notes that a field has no error.
    pub fn forget_wrong(&mut self, key: &FieldKey) {
        self.wrong.remove(key);
    }

    /// The error of a field.
    pub fn wrong(&self, key: &FieldKey) -> Option<&Wrong> {
        self.wrong.get(key)
    }

    /// The first field of a card that is in error; without a card, the first such field of a dialog.
    pub fn first_wrong(&self, card: Option<&CardKey>) -> Option<(&FieldKey, &Wrong)> {
        self.wrong.iter().find(|((of, _), _)| of.as_ref() == card)
    }

    /// The first field that is in error.
    pub fn any_wrong(&self) -> Option<&Wrong> {
        self.wrong.values().next()
    }

    /// Forgets the errors of a card's fields for which `stays` is false.
    pub fn retain_wrong(&mut self, card: &CardKey, stays: impl Fn(&str) -> bool) {
        self.wrong.retain(|(of, name), _| of.as_ref() != Some(card) || stays(name));
    }

    /// Takes an edit, in place of an earlier one at the same place. `judge` will judge its operation.
    pub fn put(&mut self, judge: Judge, card: CardKey, place: Place, value: Entered) {
        self.failure = None;
        self.edits.insert((card, place), Edit { value, judge, fate: Fate::Waiting });
    }

    /// The edit of a place that is not folded yet.
    pub fn pending(&self, card: &CardKey, place: Place) -> Option<&Entered> {
        self.edits.get(&(card.clone(), place)).map(|edit| &edit.value)
    }

    /// Every edited field of a score that is not folded yet.
    pub fn pending_fields(&self, card: &CardKey, side: bool) -> Map<String, DraftValue> {
        let mine = self.edits.iter().filter(|((of, _), _)| of == card);
        mine.filter_map(|((_, place), edit)| match (place, &edit.value) {
            (Place::Field { appraisal, name }, Entered::Field(value)) if *appraisal == side => {
                Some((name.clone(), value.clone()))
            }
            _ => None,
        })
        .collect()
    }

    /// Whether anything is not in the stores yet.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.wrong.is_empty()
    }

    /// Whether any edit waits to be saved.
    pub fn has_waiting(&self) -> bool {
        self.edits.values().any(|edit| edit.fate == Fate::Waiting)
    }

    /// Whether any edit waits or is on its way.
    pub fn is_busy(&self) -> bool {
        self.edits.values().any(|edit| matches!(edit.fate, Fate::Waiting | Fate::Saving))
    }

    /// Why something is not saved.
    pub fn error(&self) -> Option<ActError> {
        self.failure.clone().or_else(|| self.edits.values().find_map(Edit::refusal))
    }

    /// Why something of a card is not saved.
    pub fn error_of(&self, card: &CardKey) -> Option<ActError> {
        let mine = || self.edits.iter().filter(|((of, _), _)| of == card).map(|(_, edit)| edit);
        let failure = self.failure.clone().filter(|_| mine().next().is_some());
        failure.or_else(|| mine().find_map(Edit::refusal))
    }

    /// Drops the refused edits of a card: the screen shows the saved values again.
    pub fn drop_refused(&mut self, card: &CardKey) {
        self.edits.retain(|(of, _), edit| of != card || edit.refusal().is_none());
    }

    /// Takes the waiting edits as batches of one operation each. From now on they are on their way.
    pub fn take(&mut self) -> Vec<Batch> {
        self.failure = None;
        let mut batches: Vec<Batch> = Vec::new();
        for ((card, place), edit) in self.edits.iter_mut().filter(|(_, edit)| edit.fate == Fate::Waiting) {
            edit.fate = Fate::Saving;
            let taken = (place.clone(), edit.value.clone());
            match batches.last_mut().filter(|batch| batch.takes(card, (place, &edit.value))) {
                Some(batch) => batch.edits.push(taken),
                None => batches.push(Batch { card: card.clone(), judge: edit.judge, edits: vec![taken] }),
            }
        }
        batches
    }

    /// Notes how a batch ended. Newer edits of the same places are not touched. What the stores did not take waits for
    /// another try. What the rules refused is not tried again.
    pub fn note(&mut self, batch: &Batch, result: Result<(), ActError>) {
        let fate = match result {
            Ok(()) => None,
            Err(error @ ActError::Refused(_)) => Some(Fate::Refused(error)),
            Err(error) => {
                self.failure = Some(error);
                Some(Fate::Waiting)
            }
        };
        for (place, _) in &batch.edits {
            let key = (batch.card.clone(), place.clone());
            match (self.edits.get_mut(&key).filter(|edit| edit.fate == Fate::Saving), &fate) {
                (Some(edit), Some(fate)) => edit.fate = fate.clone(),
                (Some(_), None) => drop(self.edits.remove(&key)),
                (None, _) => {}
            }
        }
    }
}

impl Edit {
    fn refusal(&self) -> Option<ActError> {
        match &self.fate {
            Fate::Refused(error) => Some(error.clone()),
            Fate::Waiting | Fate::Saving => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::ids::PersonId;
    use shared::num::Exact;
    use shared::op::{Refusal, RefusalCode};
    use shared::time::Period;

    use super::*;

    fn card(person: u8) -> CardKey {
        CardKey {
            subject: PersonId::from_bytes([person; 16]).into(),
            period: Period::Month(2026, 10),
            pack: shared::ids::PackHash::default(),
        }
    }

    fn field(name: &str) -> Place {
        Place::Field { appraisal: false, name: name.to_owned() }
    }

    fn text(words: &str) -> Entered {
        Entered::Field(DraftValue { text: words.to_owned(), ..DraftValue::default() })
    }

    fn done(number: i64) -> Entered {
        Entered::Progress(Progress { completed: Exact::from_int(number), ..Progress::default() })
    }

    fn line() -> Place {
        Place::Progress("0011223344556677-0".parse().unwrap())
    }

    fn refused() -> ActError {
        ActError::Refused(Refusal::new(RefusalCode::WrongStage, "stage"))
    }

    #[test]
    fn fields_of_one_score_go_in_one_operation_and_long_texts_in_several() {
        let mut tray = Tray::default();
        tray.put(Judge::OWN, card(1), field("mark/I.1"), text(""));
        tray.put(Judge::OWN, card(1), field("mark/I.2"), text(""));
        tray.put(Judge::OWN, card(1), line(), done(3));
        tray.put(Judge::OWN, card(2), field("mark/I.1"), text(""));
        let kinds = |batches: &[Batch]| -> Vec<usize> { batches.iter().map(|batch| batch.edits.len()).collect() };
        assert_eq!(kinds(&tray.take()), [2, 1, 1]);
        for name in ["a", "b", "c"] {
            tray.put(Judge::OWN, card(1), field(name), text(&"ế".repeat(2_000)));
        }
        assert_eq!(kinds(&tray.take()), [1, 1, 1]);
    }

    #[test]
    fn what_is_saved_goes_and_what_was_entered_meanwhile_stays() {
        let mut tray = Tray::default();
        tray.put(Judge::OWN, card(1), line(), done(3));
        let batches = tray.take();
        assert!(!tray.has_waiting() && tray.is_busy());
        tray.put(Judge::OWN, card(1), line(), done(4));
        tray.note(&batches[0], Ok(()));
        assert!(tray.pending(&card(1), line()) == Some(&done(4)), "the newer one still waits");
        let batches = tray.take();
        tray.note(&batches[0], Ok(()));
        assert!(tray.is_empty());
    }

    #[test]
    fn what_the_stores_did_not_take_waits_and_what_the_rules_refused_stays_to_be_seen() {
        let mut tray = Tray::default();
        tray.put(Judge::OWN, card(1), line(), done(3));
        let batches = tray.take();
        tray.note(&batches[0], Err(ActError::Full));
        assert!(tray.has_waiting() && tray.error() == Some(ActError::Full) && tray.error_of(&card(2)).is_none());
        let batches = tray.take();
        assert!(tray.error().is_none(), "a new try has not failed yet");
        tray.note(&batches[0], Err(refused()));
        assert!(!tray.is_busy() && tray.error_of(&card(1)) == Some(refused()));
        assert!(tray.pending(&card(1), line()).is_some());
        assert!(tray.take().is_empty(), "it would be refused again");
        tray.drop_refused(&card(1));
        assert!(tray.is_empty());
    }
}
