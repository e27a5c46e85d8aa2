//! The workspace, through which the screens work: the folded state, how to act on it, and the state of saving and
//! sending.
//!
//! A `Workspace` is created once, in `App`, because signals made in a page disappear with the page.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::ids::{BlobHash, DeviceId, OpId, PackHash, PersonId, Subject};
use shared::op::{CardKey, Payload, Refusal, Target};
use shared::report::{opening_period, reachable};
use shared::sync::Replica;
use shared::time::{Day, Millis, Period};
use tokio_sync::sync::Notify;

mod dual_store;
mod duties;
mod entering;
mod kept_blobs;
mod local_session;
mod open;
mod person;
mod status;
mod tray;

pub use dual_store::DualStore;
pub use duties::Duties;
pub use local_session::{AbsorbError, LocalSession};
use shared::state::Judge;
pub use shared::state::State as View;
pub use status::{ActError, Leaving, Link, Phase, Progress, ReadOnly, SaveState, SignInError, StorageHealth};
pub use tray::{Entered, FieldKey, Place, Wrong};

use crate::chunks::own_judge;
use crate::platform::Channel;
pub use crate::session::{KnownPerson, PasswordAnswer, Weak};
use crate::{platform, sync};
use entering::Entering;

/// How long to wait for further acts, so that acts in a row are sent together.
const GATHER_MS: u32 = 3_000;

/// A copyable handle; see the module.
#[derive(Clone, Copy)]
pub struct Workspace {
    session: StoredValue<Option<Rc<LocalSession>>, LocalStorage>,
    wake: StoredValue<Rc<Notify>, LocalStorage>,
    entering: Entering,
    /// The number of acts on their way into the stores.
    acting: StoredValue<u32>,
    /// How the last act ended. It is shown when nothing is on its way any more.
    outcome: StoredValue<SaveState>,
    gathering: StoredValue<bool>,
    offline_since: StoredValue<Option<Millis>>,
    revision: RwSignal<u64>,
    phase: RwSignal<Phase>,
    person: RwSignal<Option<KnownPerson>>,
    known: RwSignal<Vec<KnownPerson>>,
    period: RwSignal<Period>,
    /// The person for whom the shown period was chosen, or who chose it.
    period_of: StoredValue<Option<PersonId>>,
    /// Whose card is shown, and under which regulation, to a person who fills in several.
    chosen: RwSignal<Option<(Subject, PackHash)>>,
    session_ended: RwSignal<bool>,
    save_state: RwSignal<SaveState>,
    link: RwSignal<Link>,
    progress: RwSignal<Option<Progress>>,
    health: RwSignal<StorageHealth>,
    update_ready: RwSignal<bool>,
    sign_ins: RwSignal<u32>,
    /// The channel on which tabs announce that somebody has signed in or out.
    people: StoredValue<Channel, LocalStorage>,
}

thread_local! {
    static WORKSPACE: Cell<Option<Workspace>> = const { Cell::new(None) };
}

/// See [`Workspace::people`].
const PEOPLE: &str = "congtam-people";

impl Workspace {
    /// Creates a workspace without a person. From now on [`Self::get`] returns it. Called once, by `App`.
    pub fn begin() -> Self {
        let this = Self {
            session: StoredValue::new_local(None),
            wake: StoredValue::new_local(Rc::new(Notify::new())),
            entering: Entering::new(),
            acting: StoredValue::new(0),
            outcome: StoredValue::new(SaveState::Nothing),
            gathering: StoredValue::new(false),
            offline_since: StoredValue::new(None),
            revision: RwSignal::new(0),
            phase: RwSignal::new(Phase::Starting),
            person: RwSignal::new(None),
            known: RwSignal::new(Vec::new()),
            period: RwSignal::new(Period::month_of(platform::now().day())),
            period_of: StoredValue::new(None),
            chosen: RwSignal::new(None),
            session_ended: RwSignal::new(false),
            save_state: RwSignal::new(SaveState::Nothing),
            link: RwSignal::new(Link::Contacting),
            progress: RwSignal::new(None),
            health: RwSignal::new(StorageHealth::default()),
            update_ready: RwSignal::new(false),
            sign_ins: RwSignal::new(0),
            people: StoredValue::new_local(Channel::join(PEOPLE)),
        };
        WORKSPACE.set(Some(this));
        this
    }

    /// The workspace that `App` created. It is not a Leptos context: a typed text may be taken while its view is
    /// removed, when contexts can no longer be found.
    pub fn get() -> Self {
        // `App` draws every screen.
        WORKSPACE.get().unwrap_or_else(|| unreachable!())
    }

    /// Whether the device is opening, waits for a sign-in, or is open.
    pub fn phase(self) -> Signal<Phase> {
        self.phase.into()
    }

    /// Who is signed in.
    pub fn person(self) -> Signal<Option<KnownPerson>> {
        self.person.into()
    }

    /// How many sign-ins succeeded since the app opened.
    pub fn sign_ins(self) -> Signal<u32> {
        self.sign_ins.into()
    }

    /// Who may sign in here without a network.
    pub fn known_people(self) -> Signal<Vec<KnownPerson>> {
        self.known.into()
    }

    /// The period that all screens show.
    pub fn period(self) -> Signal<Period> {
        self.period.into()
    }

    /// Shows another period, within the reachable ones. It stays until this person chooses another.
    pub fn go_to(self, period: Period) {
        let (first, last) = self.with_view(|state| reachable(state, period.span(), self.today()));
        self.period_of.set_value(self.person.get_untracked().map(|person| person.person));
        self.period.set(period.clamp(first, last));
    }

    /// The card that the signed-in person fills in for the shown period: the own one, or that of a unit which the person
    /// heads. Of several it is the one that the person chose, or else the first.
    pub fn own_card(self) -> Option<CardKey> {
        let person = self.person.get()?.person;
        let (period, chosen) = (self.period.get(), self.chosen.get());
        let keys = self.with_view(|state| state.keys_spoken_for(person, period));
        keys.iter().find(|key| Some((key.subject, key.pack)) == chosen).or(keys.first()).cloned()
    }

    /// Shows this card, or in another period the one of the same subject and regulation.
    pub fn show_card(self, key: &CardKey) {
        self.chosen.set(Some((key.subject, key.pack)));
    }

    /// Opens the month that waits for the person, unless the person has chosen one. Before the first contact it is not
    /// known what waits, so this is called again once everything is here.
    pub fn open_waiting_period(self, session: &LocalSession) {
        let person = session.person();
        if self.period_of.get_value() == Some(person) {
            return;
        }
        let today = self.today();
        let (period, is_here) = session.with_replica(|replica| {
            (opening_period(replica.view(), person, today), replica.meta().contact_at > Millis(0))
        });
        self.period.set(period);
        if is_here {
            self.period_of.set_value(Some(person));
        }
    }

    /// This device's clock.
    pub fn now(self) -> Millis {
        platform::now()
    }

    /// Today by this device's clock, in Vietnam.
    pub fn today(self) -> Day {
        self.now().day()
    }

    /// Reads the folded state. A caller in a memo or view runs again after every change.
    pub fn with_view<R>(self, read: impl FnOnce(&View) -> R) -> R {
        self.revision.track();
        match self.open_session() {
            Some(session) => session.with_view(read),
            None => read(&View::default()),
        }
    }

    /// Reads this device's copy: own operations, receipts, last contact. Tracks like [`Self::with_view`]; `None` while
    /// nobody is signed in.
    pub fn with_replica<R>(self, read: impl FnOnce(&Replica) -> R) -> Option<R> {
        self.revision.track();
        self.open_session().map(|session| session.with_replica(read))
    }

    /// Whether the last act is saved.
    pub fn save_state(self) -> Signal<SaveState> {
        self.save_state.into()
    }

    /// The state of the link to the server.
    pub fn link(self) -> Signal<Link> {
        self.link.into()
    }

    /// How much of the server's log has arrived, while it is arriving.
    pub fn progress(self) -> Signal<Option<Progress>> {
        self.progress.into()
    }

    /// The health of the two stores: what was mended, whether the browser keeps them, whether this tab may write.
    pub fn health(self) -> Signal<StorageHealth> {
        self.health.into()
    }

    /// Carries out an act: it is judged here, signed, saved in both stores, and then visible. Acts are carried out in
    /// the order of the calls, after everything that was entered before.
    ///
    /// # Errors
    /// [`ActError::Refused`] names the field, what was found and what is allowed; nothing was saved. The other errors
    /// say why it could not be saved.
    pub async fn act(self, target: Target, payload: Payload) -> Result<OpId, ActError> {
        self.act_judged_by(Judge::WHOLE, target, payload).await
    }

    /// As [`Self::act`], for what a person does on the own card. The judgement of everything else is not in the first part
    /// of the download, whose screens call only this. Once a later part is here, all of it is judged.
    ///
    /// # Errors
    /// As for [`Self::act`]. What is no such act is refused.
    pub async fn act_on_own_card(self, key: CardKey, payload: Payload) -> Result<OpId, ActError> {
        self.act_judged_by(own_judge(), Target::Card(key), payload).await
    }

    /// As [`Self::act`], with the judgement named.
    ///
    /// # Errors
    /// As for [`Self::act`].
    pub async fn act_judged_by(self, judge: Judge, target: Target, payload: Payload) -> Result<OpId, ActError> {
        self.note_begun();
        // Errors of edits are shown where they were entered. They do not hold up the act.
        let _ = self.settle().await;
        let result = self.carry_out(judge, target, &payload).await;
        self.note_ended();
        result
    }

    /// Runs several acts to their end. A sign-out in the meantime waits for the last of them.
    pub fn see_through(self, acts: impl Future<Output = ()> + 'static) {
        self.note_begun();
        spawn_local(async move {
            acts.await;
            self.note_ended();
        });
    }

    /// Keeps a pack that was made here in both stores, so that it is here after the next start, too.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub async fn keep_pack(self, bytes: &[u8]) -> Result<(), ActError> {
        let session = self.open_session().ok_or(ActError::SignedOut)?;
        if let Some(why) = session.read_only() {
            return Err(ActError::ReadOnly(why));
        }
        session.keep_blob(BlobHash::of(bytes), bytes).await
    }

    async fn carry_out(self, judge: Judge, target: Target, payload: &Payload) -> Result<OpId, ActError> {
        // A tab that was frozen may not have heard yet that its person has signed out.
        self.leave_if_left();
        let session = self.open_session().ok_or(ActError::SignedOut)?;
        // A person who works in a month stays in it.
        self.period_of.set_value(Some(session.person()));
        self.note_begun();
        let result = session.act(judge, target, payload).await;
        match &result {
            Ok(_) => {
                self.outcome.set_value(SaveState::Saved { at: platform::now() });
                self.note_change();
                self.send_soon();
            }
            // The act was not allowed. What was saved before is still saved.
            Err(ActError::Refused(_)) => {}
            Err(error) => self.outcome.set_value(SaveState::Failed(error.clone())),
        }
        self.note_ended();
        self.note_health(session.health());
        result
    }

    fn note_begun(self) {
        self.acting.update_value(|count| *count = count.saturating_add(1));
        self.show_save_state();
    }

    fn note_ended(self) {
        self.acting.update_value(|count| *count = count.saturating_sub(1));
        self.show_save_state();
        self.entering.note_ended();
    }

    fn is_acting(self) -> bool {
        self.acting.get_value() > 0
    }

    /// Updates the save state. It shows "saved" only when nothing is on its way, and "being saved" only when something
    /// is.
    fn show_save_state(self) {
        let state = match (self.entering.error(), self.entering.wrong_field()) {
            (Some(error), _) => SaveState::Failed(error),
            (None, Some(field)) => SaveState::Wrong { field },
            _ if self.entering.is_typing() => SaveState::Typing,
            _ if self.is_acting() || self.entering.is_busy() => SaveState::Saving,
            _ => self.outcome.get_value(),
        };
        if state != self.save_state.get_untracked() {
            self.save_state.set(state);
        }
    }

    /// Contacts the server now.
    pub fn sync_now(self) {
        self.wake.with_value(|wake| wake.notify_one());
    }

    /// Sends the last act soon, while the server is in touch. Otherwise the engine decides when: work without a network
    /// must not make the device try after every key.
    fn send_soon(self) {
        if !matches!(self.link.get_untracked(), Link::InTouch { .. }) || self.gathering.get_value() {
            return;
        }
        self.gathering.set_value(true);
        spawn_local(async move {
            platform::sleep(GATHER_MS).await;
            self.gathering.set_value(false);
            self.sync_now();
        });
    }

    /// Whether a new version of the app waits to take over.
    pub fn update_ready(self) -> Signal<bool> {
        self.update_ready.into()
    }

    /// Lets the new version take over; the page loads again. Does nothing while an act is being saved.
    pub fn apply_update(self) {
        if !self.is_acting() && !self.has_unsaved() {
            platform::announce("congtam:apply-update");
        }
    }

    /// Asks the browser never to evict the saved data; the answer is in [`Self::health`].
    pub async fn request_persistence(self) {
        let persisted = platform::request_persistence().await;
        self.health.update(|health| health.persisted = persisted.or(health.persisted));
        self.measure_storage().await;
    }

    /// Asks the browser how much storage is used and left, and whether it promised to keep the data.
    pub async fn measure_storage(self) {
        let estimate = platform::estimate().await;
        let persisted = platform::is_persisted().await;
        self.health.update(|health| {
            health.used_bytes = estimate.used_bytes;
            health.quota_bytes = estimate.quota_bytes;
            health.persisted = persisted.or(health.persisted);
        });
    }

    /// The device id under which the signed-in person signs here.
    pub fn device(self) -> Option<DeviceId> {
        self.open_session().map(|session| session.device())
    }

    fn open_session(self) -> Option<Rc<LocalSession>> {
        self.session.with_value(Clone::clone)
    }

    /// Whether `session` is still the open one.
    pub fn has_open(self, session: &Rc<LocalSession>) -> bool {
        self.session.with_value(|open| open.as_ref().is_some_and(|open| Rc::ptr_eq(open, session)))
    }

    /// Notes that the folded state changed.
    pub fn note_change(self) {
        self.revision.update(|revision| *revision = revision.wrapping_add(1));
    }

    /// Notes the state of the link.
    pub fn note_link(self, link: Link) {
        if matches!(link, Link::InTouch { .. } | Link::SignInNeeded) {
            self.offline_since.set_value(None);
            self.session_ended.set(link == Link::SignInNeeded);
        }
        self.link.set(link);
    }

    /// Whether the server wants a sign-in before it takes anything. Stays true until the sign-in succeeded, also during
    /// another attempt.
    pub fn session_ended(self) -> Signal<bool> {
        self.session_ended.into()
    }

    /// Notes that the server was not reached. The link counts as offline since the last contact, or if there was none,
    /// since the first failure in a row.
    pub fn note_offline(self) {
        let contact = self.open_session().map(|session| session.with_replica(|replica| replica.meta().contact_at));
        let first = self.offline_since.get_value().unwrap_or_else(platform::now);
        let since = contact.filter(|contact| contact.0 > 0).unwrap_or(first);
        self.offline_since.set_value(Some(first));
        self.link.set(Link::Offline { since });
    }

    /// Notes that the server's answer could not be saved.
    pub fn note_unkept(self, error: ActError) {
        self.save_state.set(SaveState::Failed(error));
    }

    /// Notes how far the server's log has arrived.
    pub fn note_progress(self, progress: Option<Progress>) {
        self.progress.set(progress);
    }

    /// Takes the stores' health. What the browser said about storage stays.
    fn note_health(self, fresh: StorageHealth) {
        let old = self.health.get_untracked();
        let whole = StorageHealth {
            persisted: old.persisted,
            used_bytes: old.used_bytes,
            quota_bytes: old.quota_bytes,
            ..fresh
        };
        if whole != old {
            self.health.set(whole);
        }
    }

    fn start_engine(self, session: &Rc<LocalSession>) {
        // A tab that only looks leaves the contact with the server to the tab that writes.
        if session.read_only() != Some(ReadOnly::OtherTab) {
            spawn_local(sync::run(self, Rc::clone(session), self.wake.with_value(Clone::clone)));
        }
    }
}

impl From<Refusal> for ActError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
