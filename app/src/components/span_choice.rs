//! The choice between months, quarters and longer periods, where several lengths are scored around the person. Drawn by the
//! daily chunk. Test id: `span`.

use leptos::prelude::*;
use shared::pack::Span;
use shared::time::Period;

use crate::i18n::t;
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
        view! { <option value=span.word() prop:selected=move || shown.get().span() == span>{name_of(span)}</option> }
    };
    let spans = Memo::new(move |_| {
        let me = workspace.person().get();
        me.map(|me| workspace.with_view(|state| state.spans_around(me.person))).unwrap_or_default()
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

fn name_of(span: Span) -> &'static str {
    match span {
        Span::Month => t::unit::span_month(),
        Span::Quarter => t::unit::span_quarter(),
        Span::HalfYear => t::unit::span_half_year(),
        Span::Year => t::unit::span_year(),
    }
}
