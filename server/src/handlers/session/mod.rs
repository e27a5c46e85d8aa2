//! Sessions: signs in, shows who is signed in, signs out.

mod create;
mod delete;
mod show;

use serde::Serialize;
use shared::ids::PersonId;

pub(crate) use create::create;
pub(crate) use delete::delete;
pub(crate) use show::show;

use crate::app::App;
use crate::clock;
use crate::errors::ApiError;

/// The signed-in person, and what a device needs to trust this server's receipts.
#[derive(Debug, Serialize)]
pub(crate) struct WhoAmI {
    person: PersonId,
    name: String,
    /// Ed25519 public key, hexadecimal.
    server_key: String,
    server_time_ms: u64,
}

impl WhoAmI {
    async fn of(app: &App, person: PersonId) -> Result<Self, ApiError> {
        let office = app.ingest.log_state().await?;
        let name = office.state().org.person(person).map(|person| person.name.clone()).unwrap_or_default();
        Ok(Self { person, name, server_key: hex::encode(app.ingest.public_key()), server_time_ms: clock::now().0 })
    }
}
