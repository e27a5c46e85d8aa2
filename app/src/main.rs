//! The program that runs in the browser of a device.
#![allow(unreachable_pub, reason = "a binary has no outside: `pub` means other modules")]

mod app;
mod chunks;
mod components;
mod db;
mod fault;
mod i18n;
mod journal;
mod library;
mod pages;
mod platform;
mod route;
mod screens;
mod session;
mod state;
mod sync;

fn main() {
    platform::show_recovery_on_panic();
    let carried = shared::pack::carry(include_bytes!(concat!(env!("OUT_DIR"), "/carried.cbor")));
    debug_assert!(carried, "the build wrote what this program reads");
    leptos::mount::mount_to_body(app::App);
}
