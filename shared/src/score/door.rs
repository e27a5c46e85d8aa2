//! What only some packs need. Tablets score their own month by packs without it, and their first visit does not carry it: it
//! stands behind a door, which whoever reads a pack that may need it opens.

use super::{appraisal, products};

/// The code behind the door.
pub(super) struct Behind {
    pub(super) products: &'static products::Products,
    pub(super) appraisal: &'static appraisal::Appraisal,
}

static BEHIND: Behind = Behind { products: &products::CODE, appraisal: &appraisal::CODE };

#[cfg(not(feature = "author"))]
static DOOR: std::sync::OnceLock<&'static Behind> = std::sync::OnceLock::new();

/// Lets every pack be scored.
#[cfg(not(feature = "author"))]
pub(crate) fn open() {
    let _ = DOOR.set(&BEHIND);
}

#[cfg(not(feature = "author"))]
pub(super) fn behind() -> Option<&'static Behind> {
    DOOR.get().copied()
}

/// Offices and authors have every pack.
#[cfg(feature = "author")]
pub(crate) const fn open() {}

#[cfg(feature = "author")]
#[allow(clippy::unnecessary_wraps, reason = "tablets may not have it")]
pub(super) const fn behind() -> Option<&'static Behind> {
    Some(&BEHIND)
}
