//! `POST /v1/devices`: binds a key to the signed-in person, a device and an epoch, once.

use axum::Json;
use axum::extract::State;
use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};
use shared::ids::DeviceId;
use shared::limits::NAME_CHARS_MAX;
use shared::op::ChainKey;

use crate::app::App;
use crate::auth::CurrentPerson;
use crate::clock;
use crate::errors::ApiError;
use crate::handlers::body::JsonBody;
use crate::store::{DeviceKey, Registration};

/// The key to bind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    device: DeviceId,
    epoch: u32,
    /// Ed25519, hexadecimal.
    public_key: String,
    #[serde(default)]
    label: String,
}

/// The key that was bound.
#[derive(Debug, Serialize)]
pub(crate) struct Registered {
    device: DeviceId,
    epoch: u32,
}

/// Registers a key. Registering the same key again changes nothing.
pub(crate) async fn register(
    State(app): State<App>,
    current: CurrentPerson,
    JsonBody(request): JsonBody<Request>,
) -> Result<Json<Registered>, ApiError> {
    let Request { device, epoch, public_key, label } = request;
    if epoch == 0 {
        return Err(ApiError::invalid("epoch", epoch, "1 and above"));
    }
    if label.chars().count() > NAME_CHARS_MAX {
        return Err(ApiError::invalid("label", label.chars().count(), format!("up to {NAME_CHARS_MAX} characters")));
    }
    let chain = ChainKey { actor: current.person, device, epoch };
    let key = DeviceKey { chain, public_key: usable_key(&public_key)?, label };
    match app.store.register_device(&key, clock::now()).await? {
        Registration::Taken { epoch_max } => Err(ApiError::EpochTaken { epoch_max }),
        Registration::Registered => {
            tracing::info!(person = %current.person, device = %device, epoch, "device registered");
            Ok(Json(Registered { device, epoch }))
        }
    }
}

/// A key under which signatures are meaningful: on the curve and not of small order.
fn usable_key(text: &str) -> Result<[u8; 32], ApiError> {
    let mut bytes = [0; 32];
    let usable = hex::decode_to_slice(text, &mut bytes).is_ok()
        && VerifyingKey::from_bytes(&bytes).is_ok_and(|key| !key.is_weak());
    let found = || text.chars().take(80).collect::<String>();
    usable
        .then_some(bytes)
        .ok_or_else(|| ApiError::invalid("public_key", found(), "an Ed25519 key, 64 hexadecimal digits"))
}
