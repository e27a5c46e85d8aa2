//! Whose work is open: at start, at sign-in, at sign-out, and when another tab lets go.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::ids::PersonId;
use shared::order::sort_by_key;

use super::open::{owner_of_file, store_name};
use super::{ActError, Desk, KnownPerson, Link, Phase, ReadOnly, SaveState, SignInError, Workspace};
use crate::platform::{self, Hold};
use crate::session::{
    Last, SignInAnswer, SignedIn, Verifier, end_session, known_people, last_person, open_session, remember,
    set_last_person, set_session_person,
};

impl Workspace {
    /// Opens what was open when the app was last closed, without asking any network; then listens to the world.
    pub async fn start(self) {
        self.listen();
        self.measure_storage().await;
        recover_people().await;
        self.known.set(known_people());
        let opened = match self.whose_work() {
            Some(known) => self.open(known, None).await.is_ok(),
            None => false,
        };
        if !opened {
            self.phase.set(Phase::SignedOut);
        }
    }

    fn whose_work(self) -> Option<KnownPerson> {
        match (last_person(), known_people().as_slice()) {
            (Last::Person(known), _) => Some(known),
            // Forgotten, not signed out: the only person who works here goes on working here.
            (Last::Forgotten, [only]) => Some(only.clone()),
            (Last::Forgotten | Last::Nobody, _) => None,
        }
    }

    fn listen(self) {
        platform::on_visible(move || self.sync_now());
        platform::on_reconnect(move || self.sync_now());
        platform::on_hidden(move || self.save_before_leaving());
        platform::on_event("pagehide", move || self.save_before_leaving());
        platform::on_event("congtam:update-ready", move || self.update_ready.set(true));
    }

    /// Opens a person's desk in place of the one that is open.
    async fn open(self, known: KnownPerson, held: Option<Hold>) -> Result<Rc<Desk>, ActError> {
        if let Some(desk) = self.open_desk().filter(|desk| desk.person() == known.person) {
            return Ok(desk);
        }
        self.close_desk().await;
        let desk = Rc::new(Desk::open(known.person, held).await?);
        self.desk.set_value(Some(Rc::clone(&desk)));
        self.entering.unpark(known.person);
        self.note_health(desk.health());
        self.outcome.set_value(SaveState::Nothing);
        self.show_save_state();
        self.note_link(Link::Contacting);
        self.session_ended.set(false);
        if desk.read_only() == Some(ReadOnly::OtherTab) {
            self.note_link(Link::InTouch { at: desk.with_replica(|replica| replica.meta().contact_at) });
            self.follow_other_tab(&desk);
        }
        self.open_waiting_period(&desk);
        self.show(known);
        self.start_engine(&desk);
        Ok(desk)
    }

    fn show(self, known: KnownPerson) {
        set_last_person(Some(known.person));
        self.person.set(Some(known));
        self.known.set(known_people());
        self.note_change();
        // Setting it again would draw every screen anew, and with it what is being typed.
        if self.phase.get_untracked() != Phase::Open {
            self.phase.set(Phase::Open);
        }
    }

    /// Closes the desk after what was entered and done is saved; what the stores do not take stays with its person.
    async fn close_desk(self) {
        let _ = self.come_to_rest().await;
        if let Some(desk) = self.open_desk() {
            self.desk.set_value(None);
            self.entering.park(desk.person());
            // The engine of the closed desk wakes, sees that it is closed, and ends.
            self.sync_now();
            desk.close().await;
        }
    }

    /// Shows what the writing tab keeps, and takes over when it closes.
    fn follow_other_tab(self, desk: &Rc<Desk>) {
        let watched = Rc::clone(desk);
        desk.hear_changes(move || {
            let desk = Rc::clone(&watched);
            spawn_local(async move {
                if self.has_open(&desk) && desk.reload().await.is_ok() {
                    self.note_change();
                }
            });
        });
        let looking = Rc::clone(desk);
        spawn_local(async move {
            let Some(hold) = platform::hold_when_free(&store_name(looking.person())).await else { return };
            if let Some(known) = self.person.get_untracked().filter(|_| self.has_open(&looking)) {
                self.close_desk().await;
                if let Err(error) = self.open(known, Some(hold)).await {
                    self.save_state.set(SaveState::Failed(error));
                }
            }
        });
    }

    /// Signs in: at the office when it can be reached, else against what this tablet remembers of the person.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in(self, username: String, password: String) -> Result<(), SignInError> {
        let username = platform::lower_case(username.trim());
        let result = match open_session(&username, &password).await {
            SignInAnswer::Welcome(signed_in) => self.enter(signed_in, username, &password).await,
            SignInAnswer::Wrong => Err(SignInError::Wrong),
            SignInAnswer::TooMany => Err(SignInError::TooMany),
            SignInAnswer::Unreachable => self.enter_offline(&username, &password).await,
        };
        if result.is_ok() {
            // Asked once the person has something to lose; the answer stands in the settings.
            spawn_local(async move { self.request_persistence().await });
            self.sign_ins.update(|count| *count = count.saturating_add(1));
        }
        result
    }

    async fn enter(self, signed_in: SignedIn, username: String, password: &str) -> Result<(), SignInError> {
        let known = KnownPerson { person: signed_in.person, name: signed_in.name.clone(), username };
        let desk = self.open(known.clone(), None).await.map_err(device_error)?;
        // Only now: a person is known here when their stores are.
        remember(&known);
        self.show(known.clone());
        let verifier = Verifier::make(password).await.ok();
        desk.note_sign_in(&known, signed_in.server_key, verifier).await.map_err(device_error)?;
        set_session_person(Some(signed_in.person));
        self.sync_now();
        Ok(())
    }

    /// Signs in again at the office, for the person whose work is open: nothing of it is left or closed for that.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in_to_send(self, password: String) -> Result<(), SignInError> {
        let Some(known) = self.person.get_untracked() else { return Err(SignInError::Wrong) };
        match open_session(&known.username, &password).await {
            SignInAnswer::Welcome(signed_in) if signed_in.person == known.person => {
                self.enter(signed_in, known.username, &password).await
            }
            // The name belongs to somebody else by now.
            SignInAnswer::Welcome(_) | SignInAnswer::Wrong => Err(SignInError::Wrong),
            SignInAnswer::TooMany => Err(SignInError::TooMany),
            SignInAnswer::Unreachable => Err(SignInError::Unreachable),
        }
    }

    async fn enter_offline(self, username: &str, password: &str) -> Result<(), SignInError> {
        let known =
            known_people().into_iter().find(|known| known.username == username).ok_or(SignInError::Unreachable)?;
        if let Some(desk) = self.open_desk().filter(|desk| desk.person() == known.person) {
            return if desk.recognises(password).await { Ok(()) } else { Err(SignInError::Wrong) };
        }
        // Looked at before anything is shown.
        let desk = Desk::open(known.person, None).await.map_err(device_error)?;
        let recognised = desk.recognises(password).await;
        desk.close().await;
        drop(desk);
        if !recognised {
            return Err(SignInError::Wrong);
        }
        self.open(known, None).await.map(drop).map_err(device_error)
    }

    /// Signs out, after everything entered is saved. What is saved stays on the tablet, also what has not been sent. Does not,
    /// and says `false`, when something could not be saved, unless the person leaves it unsaved.
    pub async fn sign_out(self, leave_unsaved: bool) -> bool {
        let _ = self.come_to_rest().await;
        if self.has_unsaved() && !leave_unsaved {
            return false;
        }
        set_last_person(None);
        set_session_person(None);
        // Nothing can be entered any more while the stores close.
        self.phase.set(Phase::Starting);
        self.close_desk().await;
        self.person.set(None);
        self.period_of.set_value(None);
        self.phase.set(Phase::SignedOut);
        self.note_change();
        end_session().await;
        true
    }
}

/// People whose stores are here while the settings have forgotten them.
async fn recover_people() {
    let known = known_people();
    let mut owners: Vec<PersonId> =
        platform::private_files().await.iter().filter_map(|file| owner_of_file(file)).collect();
    sort_by_key(&mut owners, |owner| *owner);
    owners.dedup();
    for owner in owners.into_iter().filter(|owner| known.iter().all(|known| known.person != *owner)) {
        if let Ok(desk) = Desk::open(owner, None).await {
            desk.identity().inspect(remember);
            desk.close().await;
        }
    }
}

fn device_error(error: ActError) -> SignInError {
    SignInError::Device(match error {
        ActError::Device(said) => said,
        ActError::Full => "QuotaExceededError".to_owned(),
        ActError::Refused(_) | ActError::SignedOut | ActError::ReadOnly(_) => String::new(),
    })
}
