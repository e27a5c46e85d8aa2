//! The choice between months, quarters and longer periods, where the person needs several lengths. Drawn by the
//! daily chunk. Test ids: `span`, `waits-PERIOD`.

use leptos::prelude::*;
use shared::pack::Span;
use shared::report::waiting_period;
use shared::time::Period;

use super::icon::{Icon, icon};
use crate::i18n::{period_name, t};
use crate::state::Workspace;

#[component]
pub fn SpanChoice() -> impl IntoView {
    let workspace = Workspace::get();
    let shown = workspace.period();
    let choose = move |word: String| {
        let today = Period::month_of(workspace.today());
        if let Some(span) = Span::find(&word) {
            workspace.go_to(today.within(span));
        }
    };
    let option = move |span: Span| {
        view! { <option value=span.word() prop:selected=move || shown.get().span() == span>{span_name(span)}</option> }
    };
    let spans = Memo::new(move |_| {
        let me = workspace.person().get();
        let today = workspace.today();
        me.map(|me| workspace.with_view(|state| state.spans_of(me.person, today))).unwrap_or_default()
    });
    let options = move || spans.get().into_iter().map(option).collect_view();
    let choice = move || {
        view! {
            <select aria-label=t::unit::period() data-testid="span" on:change:target=move |event| choose(event.target().value())>
                {options}
            </select>
        }
    };
    move || (spans.read().len() > 1).then(choice)
}

/// Where a period of another length waits for the person, a notice that leads to it.
#[component]
pub fn OtherPeriods() -> impl IntoView {
    let workspace = Workspace::get();
    let waiting = Memo::new(move |_| {
        let (Some(me), today) = (workspace.person().get(), workspace.today()) else { return Vec::new() };
        let shown = workspace.period().get().span();
        workspace.with_view(|state| {
            let others = state.spans_of(me.person, today).into_iter().filter(|span| *span != shown);
            others.filter_map(|span| waiting_period(state, me.person, span, today)).collect()
        })
    });
    let one = move |period: Period| {
        view! {
            <div class="notice no-print" data-testid=format!("waits-{period}")>
                {icon(Icon::Clock)}
                <div class="row between">
                    <span>{t::unit::also_waits(&period_name(period))}</span>
                    <button type="button" on:click=move |_| workspace.go_to(period)>{t::unit::open_period(&period_name(period))}</button>
                </div>
            </div>
        }
    };
    move || waiting.get().into_iter().map(one).collect_view()
}

/// The name of a length of periods.
pub fn span_name(span: Span) -> &'static str {
    match span {
        Span::Month => t::unit::span_month(),
        Span::Quarter => t::unit::span_quarter(),
        Span::HalfYear => t::unit::span_half_year(),
        Span::Year => t::unit::span_year(),
    }
}
