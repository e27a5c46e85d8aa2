//! Which people work on this device. These are settings only, not records. Losing them costs at most a sign-in, because
//! the stores of a person name their owner.

use js_sys::Array;
use shared::ids::{DeviceId, PersonId};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::platform::{fresh_uuid, from_json, object, read_setting, to_json, words, write_setting};

const KNOWN: &str = "congtam.people";
const LAST: &str = "congtam.person";
const COOKIE: &str = "congtam.session-person";
const DEVICE: &str = "congtam.device";

/// A person who has signed in on this device before and may do so again without a network.
#[derive(Clone, PartialEq, Eq)]
pub struct KnownPerson {
    /// The person's id.
    pub person: PersonId,
    /// The name as shown.
    pub name: String,
    /// The username as typed at sign-in.
    pub username: String,
}

impl KnownPerson {
    /// The form that is kept with the person's work.
    pub fn to_json(&self) -> String {
        to_json(&self.to_value())
    }

    /// Reads what [`Self::to_json`] gave.
    pub fn from_json(text: &str) -> Option<Self> {
        Self::from_value(&from_json(text)?)
    }

    fn to_value(&self) -> JsValue {
        object(&[
            ("person", &self.person.to_string().into()),
            ("name", &self.name.as_str().into()),
            ("username", &self.username.as_str().into()),
        ])
    }

    fn from_value(value: &JsValue) -> Option<Self> {
        let person = words(value, "person")?.parse().ok()?;
        Some(Self { person, name: words(value, "name")?, username: words(value, "username")? })
    }
}

/// Everyone who has signed in on this device.
pub fn known_people() -> Vec<KnownPerson> {
    let list = read_setting(KNOWN).and_then(|text| from_json(&text)?.dyn_into::<Array>().ok());
    list.iter().flat_map(Array::iter).filter_map(|value| KnownPerson::from_value(&value)).collect()
}

/// Remembers a person, or the person's new name.
pub fn remember(known: &KnownPerson) {
    let mut people = known_people();
    people.retain(|other| other.person != known.person);
    people.push(known.clone());
    write_setting(KNOWN, &to_json(&people.iter().map(KnownPerson::to_value).collect::<Array>()));
}

/// Whose work opens when the app starts.
#[derive(Clone, PartialEq, Eq)]
pub enum Last {
    /// The work of this person.
    Person(KnownPerson),
    /// Nobody's: the last person signed out.
    Nobody,
    /// The browser does not remember. It writes settings late: after the battery died they may be lost while the stores
    /// have everything.
    Forgotten,
}

/// Whose work was open last.
pub fn last_person() -> Last {
    match read_person(LAST) {
        Some(Some(last)) => {
            known_people().into_iter().find(|known| known.person == last).map_or(Last::Forgotten, Last::Person)
        }
        Some(None) => Last::Nobody,
        None => Last::Forgotten,
    }
}

/// Whether the person still works here: no other tab has signed them out or somebody else in.
pub fn works_here(person: PersonId) -> bool {
    read_person(LAST).is_none_or(|last| last == Some(person))
}

/// Notes whose work opens next time; `None` after a sign-out.
pub fn set_last_person(person: Option<PersonId>) {
    write_person(LAST, person);
}

/// The person of the session cookie. With several people on one device this need not be the person whose work is open.
/// The outer `None` means that the browser does not remember.
pub fn session_person() -> Option<Option<PersonId>> {
    read_person(COOKIE)
}

/// An empty text stands for nobody.
fn read_person(key: &str) -> Option<Option<PersonId>> {
    let text = read_setting(key)?;
    if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) }
}

fn write_person(key: &str, person: Option<PersonId>) {
    write_setting(key, &person.map(|person| person.to_string()).unwrap_or_default());
}

/// Notes the person of the session cookie.
pub fn set_session_person(person: Option<PersonId>) {
    write_person(COOKIE, person);
}

/// The id of this browser profile.
///
/// # Errors
/// What the browser said when it has no random numbers.
pub fn tablet_id() -> Result<DeviceId, String> {
    if let Some(id) = read_setting(DEVICE).and_then(|text| text.parse().ok()) {
        return Ok(id);
    }
    fresh_device_id().inspect(|id| write_setting(DEVICE, &id.to_string()))
}

/// A new id, for a person whose stores were both lost: the old chain cannot be continued, because its end is not known
/// here.
///
/// # Errors
/// As [`tablet_id`].
pub fn fresh_device_id() -> Result<DeviceId, String> {
    fresh_uuid().map(DeviceId::new)
}
