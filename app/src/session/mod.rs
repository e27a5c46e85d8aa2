//! Who works here, and with which key.

mod keys;
mod known;
mod office;
mod own_keys;
mod verifier;

pub use keys::{OfficeKey, PublicKey, SigningPair};
pub use known::{
    KnownPerson, Last, fresh_device_id, known_people, last_person, remember, session_person, set_last_person,
    set_session_person, tablet_id,
};
pub use office::{
    Registered, Registration, SignInAnswer, SignedIn, ask_session, end_session, open_session, register_device,
};
pub use verifier::Verifier;
