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
    leptos::mount::mount_to_body(app::App);
}
