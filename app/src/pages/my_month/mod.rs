//! My month ("Việc của tôi"): the plan, what was done of it, and what holds it up.
//!
//! Test ids: `add-work`, `same-as-last-month`, `month-sum`; for the lines and the search see `work`.

mod copy;
mod model;

use leptos::prelude::*;
use shared::op::{CardKey, Stage};

use super::own_card;
use super::work::{Month, Work, own_line};
use crate::chunks::{Deferred, Piece};
use crate::components::{Actions, Icon, PageHead, icon};
use crate::i18n::{quantity, stage_name, t};
pub(crate) use copy::SameAsLastMonth;
use model::MonthSum;

/// The screen of the own month.
#[component]
pub fn MyMonth() -> impl IntoView {
    let key = own_card();
    view! {
        {move || match key.get() {
            Some(key) => view! { <MonthOf key=key /> }.into_any(),
            None => view! { <PageHead title=t::my_month::title() next_step=t::my_month::no_post() /> }.into_any(),
        }}
    }
}

#[component]
fn MonthOf(key: CardKey) -> impl IntoView {
    let month = Month::own(key.clone());
    provide_context(month);
    let adding = RwSignal::new(false);
    view! {
        <PageHead title=t::my_month::title() next_step=Signal::derive(move || next_step(month)) />
        <Deferred piece=Piece::Head(StoredValue::new(key)) />
        <Work title=t::add_work::title() adding=adding draw=own_line />
        <Foot adding=adding />
    }
}

#[component]
fn Foot(adding: RwSignal<bool>) -> impl IntoView {
    let month = expect_context::<Month>();
    let sum = move || {
        let sum = MonthSum::of(&month.lines.read());
        t::my_month::sum(sum.lines, sum.done, &quantity(&sum.converted_done), &quantity(&sum.converted_assigned))
    };
    month.takes_work.then(|| {
        view! {
            <Actions>
                <span class="sum" data-testid="month-sum">{sum}</span>
                <Deferred piece=Piece::SameAsLastMonth(month) />
                <button type="button" class="main" data-testid="add-work" disabled=move || !month.open()
                    on:click=move |_| adding.set(true)>{icon(Icon::Plus)}{t::my_month::add()}</button>
            </Actions>
        }
    })
}

fn next_step(month: Month) -> String {
    let stage = month.stage.get();
    match stage {
        Stage::Working => {}
        Stage::SelfScored => return t::my_month::closed(stage_name(stage)),
        Stage::Appraised | Stage::Approved => return t::my_month::closed_scored(stage_name(stage)),
        Stage::Published => return t::my_month::closed_published().to_owned(),
    }
    if !month.takes_work {
        return t::my_month::no_work().to_owned();
    }
    let sum = MonthSum::of(&month.lines.read());
    match (sum.lines, sum.lines - sum.done) {
        (0, _) => t::my_month::empty().to_owned(),
        _ if sum.over > 0 => t::my_month::over(sum.over),
        (_, 0) => t::my_month::all_done().to_owned(),
        (_, left) => t::my_month::left(left),
    }
}
