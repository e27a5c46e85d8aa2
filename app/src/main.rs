//! The tablet.
#![allow(unreachable_pub, reason = "a binary has no outside: `pub` means other modules")]
#![allow(dead_code, unused_imports, reason = "the workspace is complete before the screens that use it")]

mod app;
mod components;
mod pages;
mod platform;
mod state;

fn main() {
    leptos::mount::mount_to_body(app::App);
}
