//! A chart of how many people are in each class. Each bar carries its number in words.

use leptos::prelude::*;

use crate::i18n::t;

/// A bar of the chart.
#[derive(Clone, PartialEq, Eq)]
pub struct Bar {
    /// What is counted.
    pub label: String,
    /// How many.
    pub count: usize,
}

const ROW_HEIGHT: usize = 44;
const BAR_HEIGHT: usize = 16;
const WIDTH: usize = 480;
const LABEL_DROP: usize = 14;
const BAR_DROP: usize = 20;

/// Horizontal bars, each with its number in words. The first four bars have their own colours; the order also tells
/// them apart.
#[component]
pub fn BarChart(#[prop(into)] title: String, #[prop(into)] bars: Signal<Vec<Bar>>) -> impl IntoView {
    let height = move || bars.read().len() * ROW_HEIGHT;
    let words = move || {
        let parts: Vec<String> = bars.read().iter().map(|bar| format!("{}: {}", bar.label, bar.count)).collect();
        parts.join("; ")
    };
    let rows = move || {
        let bars = bars.get();
        let most = bars.iter().map(|bar| bar.count).max().unwrap_or_default().max(1);
        bars.into_iter().enumerate().map(|(place, bar)| row(place, &bar, most)).collect_view()
    };
    view! {
        <figure>
            <svg class="chart" role="img" viewBox=move || format!("0 0 {WIDTH} {}", height())
                aria-labelledby="chart-title chart-words">
                <title id="chart-title">{title}</title>
                <desc id="chart-words">{words}</desc>
                {rows}
            </svg>
        </figure>
    }
}

fn row(place: usize, bar: &Bar, most: usize) -> AnyView {
    let top = place * ROW_HEIGHT;
    let width = bar.count * WIDTH / most;
    view! {
        <g>
            <text x="0" y=(top + LABEL_DROP).to_string()>{t::chart::bar(&bar.label, bar.count)}</text>
            <rect class="ground" x="0" y=(top + BAR_DROP).to_string() rx="4" width=WIDTH.to_string() height=BAR_HEIGHT.to_string() />
            <rect class=format!("bar-{}", place + 1) x="0" y=(top + BAR_DROP).to_string() rx="4" width=width.to_string() height=BAR_HEIGHT.to_string() />
        </g>
    }.into_any()
}
