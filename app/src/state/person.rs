//! Whose work is open: at the start, at a sign-in, at a sign-out, and when another tab closes.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::ids::PersonId;

use super::open::{Entry, Opened, identity_of, open_stores, owner_of_file, store_name, verifier_of};
use super::{ActError, KnownPerson, Leaving, Link, LocalSession, Phase, ReadOnly, SaveState, SignInError, Workspace};
use crate::db::Store;
use crate::platform::{self, Hold};
use crate::session::{
    self, Last, PasswordAnswer, Secret, SignInAnswer, SignedIn, Verifier, known_people, last_person, open_session,
    remember, session_person, set_last_person, set_session_person, works_here,
};

/// The lock that is held while a password is checked without a network. Tabs wait for one another, so that every
/// attempt is counted.
const OFFLINE_SIGN_IN: &str = "congtam-offline-sign-in";

impl Workspace {
    /// Opens the work that was open when the app was last closed, without a network, and starts listening for events.
    pub async fn start(self) {
        self.listen();
        self.hear_of_people();
        self.measure_storage().await;
        recover_people().await;
        self.known.set(known_people());
        let opened = match self.whose_work() {
            Some(known) => self.resume(known, None).await.is_ok(),
            None => false,
        };
        if !opened {
            self.phase.set(Phase::SignedOut);
            self.settle_session();
        }
    }

    fn whose_work(self) -> Option<KnownPerson> {
        match (last_person(), known_people().as_slice()) {
            (Last::Person(known), _) => Some(known),
            // The settings were lost, nobody signed out: the only person who works here continues.
            (Last::Forgotten, [only]) => Some(only.clone()),
            (Last::Forgotten | Last::Nobody, _) => None,
        }
    }

    fn listen(self) {
        platform::watch_taps();
        platform::on_visible(move || self.come_back());
        platform::on_reconnect(move || self.come_back());
        platform::on_hidden(move || self.save_before_leaving());
        platform::on_event("pagehide", move || self.save_before_leaving());
        platform::on_event("congtam:update-ready", move || self.update_ready.set(true));
    }

    /// What to do when the page becomes visible or the network changes.
    fn come_back(self) {
        self.leave_if_left();
        self.sync_now();
        self.settle_session();
    }

    /// Listens for other tabs that announce who works on this device now. A frozen tab hears them late, so
    /// [`Self::leave_if_left`] also checks by itself.
    fn hear_of_people(self) {
        self.people.with_value(|people| people.hear(move |_| spawn_local(self.leave_if_signed_out())));
    }

    /// Closes the session of a person who has signed out, or been replaced by somebody else, in another tab.
    pub(super) fn leave_if_left(self) {
        if let Some(session) = self.open_session().filter(|session| !works_here(session.person())) {
            self.leave(session);
        }
    }

    /// As [`Self::leave_if_left`], but also asks the database. If two tabs run in separate processes, another tab's
    /// settings may arrive after its message.
    async fn leave_if_signed_out(self) {
        self.leave_if_left();
        if let Some(session) = self.open_session() {
            let signed_in = session.is_signed_in().await;
            if matches!(signed_in, Ok(false)) && self.has_open(&session) {
                self.leave(session);
            }
        }
    }

    fn leave(self, session: Rc<LocalSession>) {
        // Take the text while the tray of this person is still there.
        self.finish_typing();
        self.session.set_value(None);
        self.entering.park(session.person());
        self.show_nobody();
        spawn_local(async move { session.close().await });
    }

    fn show_nobody(self) {
        self.person.set(None);
        self.period_of.set_value(None);
        self.phase.set(Phase::SignedOut);
        self.note_change();
    }

    /// Ends the server's session of a person who signed out without a network, as soon as the server is reached.
    fn settle_session(self) {
        if self.open_session().is_none() {
            // If the server is not reached, the next occasion tries again.
            spawn_local(async move {
                let _ = session::settle_session().await;
            });
        }
    }

    /// Opens the session of a person who is signed in.
    async fn resume(self, known: KnownPerson, held: Option<Hold>) -> Result<Rc<LocalSession>, ActError> {
        let session = LocalSession::resume(known.person, held).await?;
        Ok(self.install_session(known, session))
    }

    /// Opens the session of a person with a correct password, in place of the open one.
    async fn enter_session(
        self,
        known: &KnownPerson,
        opened: Opened,
        secret: Option<&Secret>,
    ) -> Result<Rc<LocalSession>, ActError> {
        // The work of the previous person is saved first; afterwards that person has no key here.
        self.close_session().await;
        let seated = match sign_out_others(known.person).await {
            Ok(()) => LocalSession::of(known.person, opened, Entry::SignIn(secret)).await,
            Err(error) => Err(error),
        };
        let session = seated.inspect_err(|_| self.show_nobody())?;
        // Only now: a person is known here only if their stores are.
        remember(known);
        Ok(self.install_session(known.clone(), session))
    }

    fn install_session(self, known: KnownPerson, session: LocalSession) -> Rc<LocalSession> {
        let session = Rc::new(session);
        self.session.set_value(Some(Rc::clone(&session)));
        self.entering.unpark(known.person);
        self.note_health(session.health());
        self.outcome.set_value(SaveState::Nothing);
        self.show_save_state();
        self.note_link(Link::Contacting);
        self.session_ended.set(false);
        if session.read_only() == Some(ReadOnly::OtherTab) {
            self.note_link(Link::InTouch { at: session.with_replica(|replica| replica.meta().contact_at) });
            self.follow_other_tab(&session);
        }
        self.open_waiting_period(&session);
        self.show(known);
        self.start_engine(&session);
        session
    }

    fn show(self, known: KnownPerson) {
        set_last_person(Some(known.person));
        self.people.with_value(|people| people.say("in"));
        self.person.set(Some(known));
        self.known.set(known_people());
        self.note_change();
        // Setting the phase again would draw every screen anew, and lose what is being typed.
        if self.phase.get_untracked() != Phase::Open {
            self.phase.set(Phase::Open);
        }
    }

    /// Closes the session after edits and acts are saved. Edits that the stores refused are kept for their person.
    async fn close_session(self) {
        let _ = self.come_to_rest().await;
        if let Some(session) = self.open_session() {
            self.session.set_value(None);
            self.entering.park(session.person());
            // The engine of the closed session wakes up, sees that it is closed, and ends.
            self.sync_now();
            session.close().await;
        }
    }

    /// Shows what the writing tab saves, and takes over when it closes.
    fn follow_other_tab(self, session: &Rc<LocalSession>) {
        let watched = Rc::clone(session);
        session.hear_changes(move || {
            let session = Rc::clone(&watched);
            spawn_local(async move {
                if self.has_open(&session) && session.reload().await.is_ok() {
                    self.note_change();
                }
            });
        });
        let looking = Rc::clone(session);
        spawn_local(async move {
            let Some(hold) = platform::hold_when_free(&store_name(looking.person())).await else { return };
            if let Some(known) = self.person.get_untracked().filter(|_| self.has_open(&looking)) {
                self.close_session().await;
                match self.resume(known, Some(hold)).await {
                    Ok(_) => {}
                    Err(ActError::SignedOut) => self.show_nobody(),
                    Err(error) => self.save_state.set(SaveState::Failed(error)),
                }
            }
        });
    }

    /// Signs in: at the server when it can be reached, else with what this device remembers of the person.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in(self, username: String, password: String) -> Result<(), SignInError> {
        let username = platform::lower_case(username.trim());
        let result = match open_session(&username, &password).await {
            SignInAnswer::Welcome(signed_in) => self.enter(signed_in, username, &password).await,
            SignInAnswer::Wrong => Err(SignInError::Wrong),
            SignInAnswer::TooMany => Err(SignInError::TooMany),
            SignInAnswer::Closed { no_post } => {
                self.forget_password(&username).await;
                Err(SignInError::Closed { no_post })
            }
            SignInAnswer::Unreachable => self.enter_offline(&username, &password).await,
        };
        if result.is_ok() {
            // Asked now, because the person has something to lose. The settings show the answer.
            spawn_local(async move { self.request_persistence().await });
            self.sign_ins.update(|count| *count = count.saturating_add(1));
        }
        result
    }

    async fn enter(self, signed_in: SignedIn, username: String, password: &str) -> Result<(), SignInError> {
        let known = KnownPerson { person: signed_in.person, name: signed_in.name.clone(), username };
        // This sign-in has ended the previous person's session at the server.
        session::owe_session_end(false).await.map_err(|error| device_error(error.into()))?;
        let (session, verifier) = match self.open_session().filter(|session| session.person() == known.person) {
            Some(session) => {
                remember(&known);
                self.show(known.clone());
                let verifier =
                    if session.recognise(password).await.is_some() { None } else { new_verifier(password).await };
                (session, verifier)
            }
            None => {
                let opened = open_stores(known.person, None).await.map_err(device_error)?;
                let (secret, verifier) = secret_of(&opened, password).await;
                (self.enter_session(&known, opened, secret.as_ref()).await.map_err(device_error)?, verifier)
            }
        };
        session::forgive(known.person).await;
        session.note_sign_in(&known, signed_in.server_key, verifier).await.map_err(device_error)?;
        set_session_person(Some(signed_in.person));
        self.sync_now();
        Ok(())
    }

    /// Signs in again at the server, for the person whose work is open. The work stays open.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in_to_send(self, password: String) -> Result<(), SignInError> {
        let Some(known) = self.person.get_untracked() else { return Err(SignInError::Wrong) };
        match open_session(&known.username, &password).await {
            SignInAnswer::Welcome(signed_in) if signed_in.person == known.person => {
                self.enter(signed_in, known.username, &password).await
            }
            // The username belongs to somebody else by now.
            SignInAnswer::Welcome(_) | SignInAnswer::Wrong => Err(SignInError::Wrong),
            SignInAnswer::TooMany => Err(SignInError::TooMany),
            SignInAnswer::Closed { no_post } => {
                self.forget_password(&known.username).await;
                Err(SignInError::Closed { no_post })
            }
            SignInAnswer::Unreachable => Err(SignInError::Unreachable),
        }
    }

    async fn enter_offline(self, username: &str, password: &str) -> Result<(), SignInError> {
        let known = known_person(username).ok_or(SignInError::Unreachable)?;
        let _turn = platform::hold_when_free(OFFLINE_SIGN_IN).await;
        match session::admit(known.person, platform::now()).await {
            Ok(Ok(())) => {}
            Ok(Err(seconds)) => return Err(SignInError::Wait { seconds }),
            Err(error) => return Err(device_error(error.into())),
        }
        if let Some(session) = self.open_session().filter(|session| session.person() == known.person) {
            session.recognise(password).await.ok_or(SignInError::Wrong)?;
            session::forgive(known.person).await;
            return Ok(());
        }
        // Check this before anything is shown.
        let opened = open_stores(known.person, None).await.map_err(device_error)?;
        let secret = match verifier_of(&opened.records) {
            Some(verifier) => verifier.recognise(password).await,
            None => None,
        };
        let Some(secret) = secret else {
            opened.close().await;
            return Err(SignInError::Wrong);
        };
        session::forgive(known.person).await;
        self.enter_session(&known, opened, Some(&secret)).await.map(drop).map_err(device_error)
    }

    /// After the server has closed an account, the password must not open it here either. The saved work stays.
    async fn forget_password(self, username: &str) {
        let Some(known) = known_person(username) else { return };
        // If the device refuses, the server is asked again next time.
        if let Some(session) = self.open_session().filter(|session| session.person() == known.person) {
            let _ = session.forget_password().await;
        } else if let Ok(opened) = open_stores(known.person, None).await {
            let _ = opened.forget_password().await;
            opened.close().await;
        }
    }

    /// Changes the password at the server and on this device.
    pub async fn change_password(self, old: &str, new: &str) -> PasswordAnswer {
        let Some(session) = self.open_session() else { return PasswordAnswer::SignInNeeded };
        if session_person() != Some(Some(session.person())) {
            return PasswordAnswer::SignInNeeded;
        }
        let answer = session::change_password(old, new).await;
        if answer == PasswordAnswer::Changed {
            // If the device refuses, the next sign-in repairs it.
            let _ = session.renew_secret(old, new).await;
        }
        answer
    }

    /// Signs out after everything entered is saved. Saved work stays on the device, also what has not been sent.
    /// Afterwards nothing on the device can sign for the person, not even after a power cut. The server's session ends
    /// now or at the next contact. When something could not be saved, the person is asked first: see [`Leaving`].
    pub async fn sign_out(self, leave_unsaved: bool) -> Leaving {
        let _ = self.come_to_rest().await;
        if self.has_unsaved() && !leave_unsaved {
            return Leaving::Unsaved;
        }
        if self.remove_keys().await.is_err() {
            return Leaving::Refused;
        }
        set_last_person(None);
        self.people.with_value(|people| people.say("out"));
        // Nothing can be entered while the stores close.
        self.phase.set(Phase::Starting);
        self.close_session().await;
        self.show_nobody();
        self.settle_session();
        Leaving::Left
    }

    async fn remove_keys(self) -> Result<(), ActError> {
        session::owe_session_end(true).await?;
        match self.open_session() {
            Some(session) => session.sign_out().await,
            None => Ok(()),
        }
    }
}

/// A person who has signed in here before.
fn known_person(username: &str) -> Option<KnownPerson> {
    known_people().into_iter().find(|known| known.username == username)
}

/// The secret of a password that the server has accepted. Also returns a verifier if the password differs from the last
/// one.
async fn secret_of(opened: &Opened, password: &str) -> (Option<Secret>, Option<Verifier>) {
    if let Some(verifier) = verifier_of(&opened.records)
        && let Some(secret) = verifier.recognise(password).await
    {
        return (Some(secret), None);
    }
    let secret = Secret::of(password).await.ok();
    let verifier = secret.as_ref().map(Secret::verifier);
    (secret, verifier)
}

async fn new_verifier(password: &str) -> Option<Verifier> {
    Secret::of(password).await.ok().map(|secret| secret.verifier())
}

/// Signs everybody else out of this device, so that only the key of this person is usable here.
async fn sign_out_others(person: PersonId) -> Result<(), ActError> {
    for other in known_people().into_iter().filter(|known| known.person != person) {
        let store = Store::open(&store_name(other.person)).await?;
        if store.is_signed_in().await? {
            store.sign_out().await?;
        }
        store.close();
    }
    Ok(())
}

/// Remembers people whose stores are here although the settings have forgotten them.
async fn recover_people() {
    for owner in platform::private_files().await.iter().filter_map(|file| owner_of_file(file)) {
        // A person has several files; one of them is enough.
        if known_people().iter().any(|known| known.person == owner) {
            continue;
        }
        if let Ok(opened) = open_stores(owner, None).await {
            identity_of(&opened.records).inspect(remember);
            opened.close().await;
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
