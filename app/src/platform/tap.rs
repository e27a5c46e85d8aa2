//! Delays work until a tap is over. The browser moves the cursor out of a field when the finger goes down, and looks
//! for the tapped element when it goes up. Whatever moves the element in between loses the tap.

use std::cell::RefCell;
use std::time::Duration;

use leptos::leptos_dom::helpers::set_timeout;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::window;

/// The longest delay. The end of a tap may never be seen, such as over the browser's own lists.
const LONGEST: Duration = Duration::from_secs(1);
/// The events that end a tap. After a text was dragged, no `mouseup` comes.
const ENDS: [&str; 3] = ["mouseup", "dragend", "keydown"];

#[derive(Default)]
struct Tap {
    /// The number of the current tap.
    under_way: Option<u32>,
    begun: u32,
    waiting: Vec<Box<dyn FnOnce()>>,
}

thread_local! {
    static TAP: RefCell<Tap> = RefCell::default();
}

/// Watches taps as long as the page exists.
pub fn watch_taps() {
    listen("mousedown", begin);
    for end in ENDS {
        // Now the tapped element is known. The delayed work runs before that element gets its event, because it was
        // begun before. During the click itself it would be too late: a box that is drawn again while it is ticked
        // loses its tick.
        listen(end, || under_way().into_iter().for_each(finish));
    }
}

/// Calls `act` when no tap is going on: at once, or as soon as the tapped element is known.
pub fn after_tap(act: impl FnOnce() + 'static) {
    if under_way().is_some() {
        TAP.with_borrow_mut(|tap| tap.waiting.push(Box::new(act)));
    } else {
        act();
    }
}

/// The number of the current tap.
fn under_way() -> Option<u32> {
    TAP.with_borrow(|tap| tap.under_way)
}

fn begin() {
    let number = TAP.with_borrow_mut(|tap| {
        tap.begun = tap.begun.wrapping_add(1);
        tap.under_way = Some(tap.begun);
        tap.begun
    });
    set_timeout(move || finish(number), LONGEST);
}

/// Ends the tap unless another one has begun, and runs what waited for it.
fn finish(number: u32) {
    let waiting = TAP.with_borrow_mut(|tap| match tap.under_way {
        Some(under_way) if under_way == number => {
            tap.under_way = None;
            std::mem::take(&mut tap.waiting)
        }
        _ => Vec::new(),
    });
    for act in waiting {
        act();
    }
}

/// Listens before any element of the page: the cursor leaves a field after the finger went down.
fn listen(name: &str, act: impl FnMut() + 'static) {
    let Some(window) = window() else { return };
    let closure = Closure::<dyn FnMut()>::new(act);
    if window.add_event_listener_with_callback_and_bool(name, closure.as_ref().unchecked_ref(), true).is_ok() {
        closure.forget();
    }
}
