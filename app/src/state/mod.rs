//! The one handle the screens work through: what is folded, how to act, and how saving and sending stand.
//!
//! A `Workspace` is created once, in `App`, because signals made in a page die with the page.

use leptos::prelude::*;
use shared::ids::{OpId, PersonId};
use shared::op::{Payload, Refusal, Target};
use shared::time::{Day, Millis, Period};

mod status;

pub use status::{ActError, Link, Phase, Progress, ReadOnly, SaveState, SignInError, StorageHealth};

use crate::platform;

/// Everything folded on this tablet: the office's log and the person's own pending operations on top.
#[derive(Default)]
pub struct View {
    /// Units, people and posts.
    pub org: shared::org::Org,
    /// Work lists, with the one in force.
    pub work_lists: shared::work::WorkLists,
}

/// A person who has signed in on this tablet before and may do so again without a network.
#[derive(Clone, PartialEq, Eq)]
pub struct KnownPerson {
    /// Who.
    pub person: PersonId,
    /// As shown.
    pub name: String,
    /// As typed at sign-in.
    pub username: String,
}

/// A copyable handle; see the module.
#[derive(Clone, Copy)]
pub struct Workspace {
    view: StoredValue<View, LocalStorage>,
    revision: RwSignal<u64>,
    phase: RwSignal<Phase>,
    person: RwSignal<Option<KnownPerson>>,
    known: RwSignal<Vec<KnownPerson>>,
    period: RwSignal<Period>,
    save_state: RwSignal<SaveState>,
    link: RwSignal<Link>,
    progress: RwSignal<Option<Progress>>,
    health: RwSignal<StorageHealth>,
}

impl Workspace {
    /// A workspace without a person yet.
    pub fn new() -> Self {
        Self {
            view: StoredValue::new_local(View::default()),
            revision: RwSignal::new(0),
            phase: RwSignal::new(Phase::Starting),
            person: RwSignal::new(None),
            known: RwSignal::new(Vec::new()),
            period: RwSignal::new(Period::month_of(platform::now().day())),
            save_state: RwSignal::new(SaveState::Nothing),
            link: RwSignal::new(Link::Contacting),
            progress: RwSignal::new(None),
            health: RwSignal::new(StorageHealth::default()),
        }
    }

    /// The workspace that `App` created.
    pub fn get() -> Self {
        expect_context::<Self>()
    }

    /// Whether the tablet is opening, waits for a sign-in, or is open.
    pub fn phase(self) -> Signal<Phase> {
        self.phase.into()
    }

    /// Who is signed in.
    pub fn person(self) -> Signal<Option<KnownPerson>> {
        self.person.into()
    }

    /// Who may sign in here without a network.
    pub fn known_people(self) -> Signal<Vec<KnownPerson>> {
        self.known.into()
    }

    /// The period all screens show.
    pub fn period(self) -> RwSignal<Period> {
        self.period
    }

    /// This tablet's clock.
    pub fn now(self) -> Millis {
        platform::now()
    }

    /// Today by this tablet's clock, in Vietnam.
    pub fn today(self) -> Day {
        self.now().day()
    }

    /// Rises whenever the folded state changed; for effects that must run then.
    pub fn revision(self) -> Signal<u64> {
        self.revision.into()
    }

    /// Reads the folded state; a caller inside a memo or a view is run again after every change.
    pub fn with_view<R>(self, read: impl FnOnce(&View) -> R) -> R {
        self.revision.track();
        self.view.with_value(read)
    }

    /// Whether the last act is saved.
    pub fn save_state(self) -> Signal<SaveState> {
        self.save_state.into()
    }

    /// How the link to the office stands.
    pub fn link(self) -> Signal<Link> {
        self.link.into()
    }

    /// How much of the office's log has arrived, while it is arriving.
    pub fn progress(self) -> Signal<Option<Progress>> {
        self.progress.into()
    }

    /// The two stores: what was mended, whether the browser keeps them, whether this tab may write.
    pub fn health(self) -> Signal<StorageHealth> {
        self.health.into()
    }

    /// Does something: judged here, signed, saved in both stores, then visible. Acts are carried out in the order of the calls.
    ///
    /// # Errors
    /// [`ActError::Refused`] names field, found and allowed; nothing was saved. The others say why it could not be saved.
    pub async fn act(self, target: Target, payload: Payload) -> Result<OpId, ActError> {
        let _ = (target, payload);
        Err(ActError::SignedOut)
    }

    /// Contacts the office now.
    pub fn sync_now(self) {}

    /// Signs in: at the office when it can be reached, else against what this tablet remembers of the person.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in(self, username: String, password: String) -> Result<(), SignInError> {
        let _ = (username, password);
        Err(SignInError::Unreachable)
    }

    /// Signs out. What is saved stays on the tablet, also what has not been sent.
    pub async fn sign_out(self) {
        self.person.set(None);
        self.phase.set(Phase::SignedOut);
    }

    /// Asks the browser never to evict what is saved; the answer is in [`Self::health`].
    pub async fn request_persistence(self) {}
}

impl From<Refusal> for ActError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
