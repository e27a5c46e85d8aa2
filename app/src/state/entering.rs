//! Entering values. What people type and tap is shown at once and saved a moment after they stop. Leaving the field,
//! the app or the session saves it at once.

use std::rc::Rc;
use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::ids::PersonId;
use shared::op::{CardKey, DraftValue};
use shared::sorted_map::Map;
use shared::state::Judge;
use tokio_sync::sync::{Mutex, Notify};

use super::tray::{Entered, FieldKey, Place, Tray, Wrong};
use super::{ActError, Workspace};
use crate::fault::{self, Fault};
use crate::platform;

/// The pause after the last edit before it is saved.
const PAUSE: Duration = Duration::from_millis(600);
/// The pause after the last letter before a text counts as finished. People who search for every key need a second.
const TYPING_PAUSE: Duration = Duration::from_millis(1_500);

/// The field that is being typed into, and the function that takes the text. Its argument says whether the field was
/// left.
struct Typing {
    key: FieldKey,
    finish: Rc<dyn Fn(bool)>,
    pause: Option<TimeoutHandle>,
}

/// The state of entering. It is part of the workspace, so that it outlives every page.
#[derive(Clone, Copy)]
pub(super) struct Entering {
    tray: StoredValue<Tray>,
    /// Unsaved edits of people whose work was closed when somebody else signed in, kept until they come back.
    parked: StoredValue<Map<PersonId, Tray>>,
    changes: RwSignal<u64>,
    timer: StoredValue<Option<TimeoutHandle>>,
    typing: StoredValue<Option<Typing>, LocalStorage>,
    /// The id of a field that should be shown, until it is shown.
    sought: RwSignal<String>,
    /// Edits are saved one batch at a time: of two values of one place, the later one must stay.
    turn: StoredValue<Rc<Mutex<()>>, LocalStorage>,
    /// Notified whenever an act has ended.
    ended: StoredValue<Rc<Notify>, LocalStorage>,
}

impl Entering {
    pub(super) fn new() -> Self {
        Self {
            tray: StoredValue::new(Tray::default()),
            parked: StoredValue::new(Map::new()),
            changes: RwSignal::new(0),
            timer: StoredValue::new(None),
            typing: StoredValue::new_local(None),
            sought: RwSignal::new(String::new()),
            turn: StoredValue::new_local(Rc::new(Mutex::new(()))),
            ended: StoredValue::new_local(Rc::new(Notify::new())),
        }
    }

    fn read<R>(self, read: impl FnOnce(&Tray) -> R) -> R {
        self.changes.track();
        self.tray.with_value(read)
    }

    fn change<R>(self, change: impl FnOnce(&mut Tray) -> R) -> R {
        let result = self.tray.try_update_value(change);
        self.changes.update(|changes| *changes = changes.wrapping_add(1));
        // The workspace exists as long as the page that the browser loaded.
        result.unwrap_or_else(|| unreachable!())
    }

    pub(super) fn is_busy(self) -> bool {
        self.tray.with_value(Tray::is_busy)
    }

    pub(super) fn is_typing(self) -> bool {
        self.typing.with_value(Option::is_some)
    }

    /// The name of a field that is in error.
    pub(super) fn wrong_field(self) -> Option<String> {
        self.tray.with_value(|tray| tray.any_wrong().map(|wrong| wrong.label.clone()))
    }

    pub(super) fn error(self) -> Option<ActError> {
        self.tray.with_value(Tray::error)
    }

    pub(super) fn note_ended(self) {
        self.ended.with_value(|ended| ended.notify_waiters());
    }

    fn stop_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    /// Puts aside the unsaved edits of `person`.
    pub(super) fn park(self, person: PersonId) {
        let left = self.change(std::mem::take);
        if !left.is_empty() {
            self.parked.update_value(|parked| drop(parked.insert(person, left)));
        }
    }

    /// Brings back the unsaved edits of `person`.
    pub(super) fn unpark(self, person: PersonId) {
        let left = self.parked.try_update_value(|parked| parked.remove(&person)).flatten();
        self.change(|tray| *tray = left.unwrap_or_default());
    }
}

impl Workspace {
    /// Takes an edit. It is shown from now on and saved after a pause, when `judge` allows it.
    pub fn put(self, judge: Judge, card: CardKey, place: Place, value: Entered) {
        self.entering.change(|tray| tray.put(judge, card, place, value));
        self.show_save_state();
        self.entering.stop_timer();
        self.entering.timer.set_value(set_timeout_with_handle(move || self.flush(), PAUSE).ok());
    }

    /// Injects [`Fault::LostOnLeaving`]: waiting edits are forgotten when the screen goes.
    pub fn forget_on_leaving(self) {
        if fault::is(Fault::LostOnLeaving) {
            on_cleanup(move || drop(self.entering.change(Tray::take)));
        }
    }

    /// The edit of a place that is not folded yet.
    pub fn pending(self, card: &CardKey, place: Place) -> Option<Entered> {
        self.entering.read(|tray| tray.pending(card, place).cloned())
    }

    /// Every edited field of a score that is not folded yet.
    pub fn pending_fields(self, card: &CardKey, appraisal: bool) -> Map<String, DraftValue> {
        self.entering.read(|tray| tray.pending_fields(card, appraisal))
    }

    /// Why something entered on a card is not saved.
    pub fn unsaved(self, card: CardKey) -> Signal<Option<ActError>> {
        Signal::derive(move || self.entering.read(|tray| tray.error_of(&card)))
    }

    /// Drops the refused edits of a card.
    pub fn drop_refused(self, card: &CardKey) {
        self.entering.change(|tray| tray.drop_refused(card));
        self.show_save_state();
    }

    /// Notes that somebody types into a field; `finish` takes the text.
    pub fn note_typing(self, key: FieldKey, finish: impl Fn(bool) + 'static) {
        let other = self.entering.typing.with_value(|typing| typing.as_ref().is_some_and(|typing| typing.key != key));
        if other {
            self.finish_typing();
        }
        self.end_typing(&key);
        let finish: Rc<dyn Fn(bool)> = Rc::new(finish);
        // A weak reference: if the pause could not be cancelled, it finds nothing to finish after the typing has ended.
        let at_pause = Rc::downgrade(&finish);
        let at_pause = move || {
            platform::after_tap(move || {
                if let Some(finish) = at_pause.upgrade() {
                    finish(false);
                }
            });
        };
        let pause = set_timeout_with_handle(at_pause, TYPING_PAUSE).ok();
        self.entering.typing.set_value(Some(Typing { key, finish, pause }));
        self.show_save_state();
    }

    /// Notes that the text of a field was taken or refused.
    pub fn end_typing(self, key: &FieldKey) {
        let ended =
            self.entering.typing.try_update_value(|typing| typing.take_if(|typing| typing.key == *key)).flatten();
        if let Some(Typing { pause: Some(pause), .. }) = ended {
            pause.clear();
        }
        self.show_save_state();
    }

    /// Takes the text that is being typed as if its field were left.
    pub fn finish_typing(self) {
        let typing = self.entering.typing.try_update_value(Option::take).flatten();
        if let Some(Typing { finish, pause, .. }) = typing {
            if let Some(pause) = pause {
                pause.clear();
            }
            finish(true);
        }
    }

    /// As [`Self::finish_typing`], but only for this field.
    pub fn finish_typing_into(self, key: &FieldKey) {
        if self.is_typing_into(key) {
            self.finish_typing();
        }
    }

    /// Whether the text of a field is neither taken nor refused yet.
    pub fn is_typing_into(self, key: &FieldKey) -> bool {
        self.entering.typing.with_value(|typing| typing.as_ref().is_some_and(|typing| typing.key == *key))
    }

    /// Notes the error of a field.
    pub fn note_wrong(self, key: FieldKey, wrong: Wrong) {
        self.entering.change(|tray| tray.note_wrong(key, wrong));
        self.show_save_state();
    }

    /// Notes that a field has no error.
    pub fn forget_wrong(self, key: &FieldKey) {
        if self.wrong(key).is_some() {
            self.entering.change(|tray| tray.forget_wrong(key));
            self.show_save_state();
        }
    }

    /// Forgets the errors of a card's fields that no longer exist.
    pub fn retain_wrong(self, card: &CardKey, stays: impl Fn(&str) -> bool) {
        if self.entering.wrong_field().is_some() {
            self.entering.change(|tray| tray.retain_wrong(card, stays));
            self.show_save_state();
        }
    }

    /// The error of a field.
    pub fn wrong(self, key: &FieldKey) -> Option<Wrong> {
        self.entering.tray.with_value(|tray| tray.wrong(key).cloned())
    }

    /// The first field of a card that is in error; without a card, the first such field of a dialog. A caller in a memo
    /// or view runs again when that changes.
    pub fn first_wrong(self, card: Option<&CardKey>) -> Option<(FieldKey, Wrong)> {
        self.entering.read(|tray| tray.first_wrong(card).map(|(key, wrong)| (key.clone(), wrong.clone())))
    }

    /// Shows a field: the folded parts around it open.
    pub fn seek(self, (_, name): &FieldKey) {
        self.entering.sought.set(name.clone());
        let name = name.clone();
        spawn_local(async move {
            platform::focus_when_there(&name).await;
            self.entering.sought.set(String::new());
        });
    }

    /// Whether the field to be shown has an id with this beginning.
    pub fn is_sought(self, beginning: &str) -> bool {
        self.entering.sought.with(|sought| sought.starts_with(beginning))
    }

    /// Whether anything that was entered is not saved.
    pub fn has_unsaved(self) -> bool {
        !self.entering.tray.with_value(Tray::is_empty)
    }

    /// Saves before the app is hidden, because it may not come back.
    pub(super) fn save_before_leaving(self) {
        self.finish_typing();
        self.flush();
    }

    /// Saves the waiting edits at once.
    pub fn flush(self) {
        spawn_local(async move {
            // The screen of the card shows a failure.
            let _ = self.save_waiting().await;
        });
    }

    /// Saves the waiting edits and returns when they are folded, so that an act that builds on them can follow.
    ///
    /// # Errors
    /// When the stores or the rules refused something.
    pub async fn settle(self) -> Result<(), ActError> {
        loop {
            self.finish_typing();
            self.save_waiting().await?;
            if !self.entering.tray.with_value(Tray::has_waiting) && !self.entering.is_typing() {
                return Ok(());
            }
        }
    }

    /// Returns when all edits are saved and every act has ended.
    ///
    /// # Errors
    /// As [`Self::settle`].
    pub(super) async fn come_to_rest(self) -> Result<(), ActError> {
        loop {
            self.settle().await?;
            if !self.is_acting() {
                return Ok(());
            }
            let ended = self.entering.ended.with_value(Rc::clone);
            ended.notified().await;
        }
    }

    async fn save_waiting(self) -> Result<(), ActError> {
        let turn = self.entering.turn.with_value(Rc::clone);
        let _turn = turn.lock().await;
        // Every waiting edit is taken now: the timer would only repeat what fails, behind the back of the person.
        self.entering.stop_timer();
        let mut saved = Ok(());
        for batch in self.entering.change(Tray::take) {
            let Some(payload) = batch.payload() else { continue };
            let result = self.carry_out(batch.judge(), batch.target(), &payload).await.map(drop);
            self.entering.change(|tray| tray.note(&batch, result.clone()));
            saved = saved.and(result);
        }
        self.show_save_state();
        saved
    }
}
