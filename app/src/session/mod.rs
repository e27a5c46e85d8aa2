//! The people of this device, their keys, and their sessions at the server.

mod attempts;
mod keys;
mod known;
mod own_keys;
mod server;
mod verifier;

pub use attempts::{admit, forgive, owe_session_end, owes_session_end};
pub use keys::{PublicKey, ServerKey, SigningPair};
pub use known::{
    KnownPerson, Last, fresh_device_id, known_people, last_person, remember, session_person, set_last_person,
    set_session_person, tablet_id, works_here,
};
pub use server::{
    PasswordAnswer, Registered, Registration, SignInAnswer, SignedIn, Weak, ask_session, change_password, open_session,
    register_device, settle_session,
};
pub use verifier::{Secret, Verifier};
