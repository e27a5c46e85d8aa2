//! What `view!` draws with: elements as data. One piece of code builds and patches all of them.

mod child;
mod element;
mod list;
mod signal;
mod value;

pub use child::{Child, component, text};
pub use element::{drawing, element, group};
pub use list::For;
pub use markup::view;
pub use signal::{Memo, RwSignal, Signal};
