//! The procedure of a pack, applied: who may do a step, from when, until when, and which role somebody has. The data is
//! [`crate::pack::Step`]; who holds which post comes from [`crate::org`].

mod actors;
mod asked;
#[cfg(feature = "author")]
mod gaps;
mod panel;
mod roles;
mod window;

pub use actors::Case;
pub(crate) use asked::is_in_force;
pub use asked::{Act, Asked, register};
#[cfg(feature = "author")]
pub use gaps::{Gap, gaps};
pub use panel::Panel;
pub use roles::role_of;
