//! Effects of one boxed type. Leptos makes a task of its own for every type of effect, and every closure is a type.

use leptos::prelude::*;

/// Runs `act` after the first drawing, and again whenever a signal that it read has changed.
pub fn on_change(act: impl FnMut() + 'static) {
    let mut act: Box<dyn FnMut()> = Box::new(act);
    Effect::new(move |_: Option<()>| act());
}
