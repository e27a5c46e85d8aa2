//! The level of what is added next. In the daily chunk: few regulations weigh work by levels.
//!
//! Test ids: `work-level`.

use leptos::prelude::*;

use super::Month;
use crate::components::{Choice, words_of};
use crate::i18n::t;

/// The choice. Nothing can be added before it is made.
#[component]
pub(crate) fn WorkLevel(month: Month) -> impl IntoView {
    let chosen = Signal::derive(move || month.level.get().unwrap_or_default());
    let choose = Callback::new(move |level: String| month.level.set((!level.is_empty()).then_some(level)));
    view! {
        <Choice id="work-level" label=t::product::level().into_any() none=t::product::level_none()
            words=words_of(month.levels) chosen=chosen on_choose=choose closed=false />
        <p class="hint">{t::product::level_hint()}</p>
    }
}
