//! Thin wrappers of the browser. Besides `db` and `journal`, no other code calls it.

mod clock;
mod database;
mod events;
mod file;
mod focus;
mod gzip;
mod height;
mod http;
mod javascript;
mod lock;
mod random;
mod recovery;
mod settings;
mod storage;
mod tap;

pub use clock::{now, sleep};
pub use database::lay_out_database;
pub use events::{Channel, announce, on_event, on_hidden, on_reconnect, on_visible};
pub use file::{Download, download, shipped};
pub use focus::focus_when_there;
pub use gzip::gzip;
pub use height::tell_height;
pub use http::{Answer, Call, Method, Unreachable, send};
pub use javascript::{Js, await_promise, call, describe, from_json, get, global, lower_case, object, to_json, words};
pub use lock::{Hold, hold_when_free, try_hold};
pub use random::{fresh_uuid, random};
pub use recovery::show_recovery_on_panic;
pub use settings::{read_setting, write_setting};
pub use storage::{estimate, is_persisted, private_files, request_persistence};
pub use tap::{after_tap, watch_taps};
