//! The quota of a unit's month ("Tỷ lệ xuất sắc"): how many may be in the limited class, who is within the quota, who
//! is over it, who is tied, and what is not known yet.
//!
//! Test ids: `unit`, `outstanding`, `group-PLACE`, `allowed-PLACE`, `fits-PLACE`, `over-PLACE`, `ties-PLACE`,
//! `readings`.

mod group;

use leptos::prelude::*;
use shared::pack;
use shared::report::{QuotaOfMonth, unit_quota};
use shared::score::InputError;

use super::units::{UnitChoice, Units};
use crate::components::{Explained, PageHead, class_title};
use crate::i18n::{clause_words, input_error, language, t};
use crate::state::Workspace;
use group::Group;

type Found = Result<Vec<QuotaOfMonth>, Vec<InputError>>;

/// The screen of the quota.
#[component]
pub fn QuotaScreen() -> impl IntoView {
    let workspace = Workspace::get();
    let units = Units::new();
    let outstanding = RwSignal::new(false);
    let found: Memo<Option<Found>> = Memo::new(move |_| {
        let (month, outstanding) = (units.month()?, outstanding.get());
        Some(workspace.with_view(|state| unit_quota(state, &month, outstanding)))
    });
    let title = move || units.name().map_or_else(|| t::quota::title().to_owned(), |name| t::quota::title_of(&name));
    let inside = move || match found.get() {
        None => Vec::new(),
        Some(Ok(quotas)) => quotas.into_iter().map(|quota| view! { <OfPack quota=quota /> }.into_any()).collect(),
        Some(Err(errors)) => {
            errors.iter().map(|error| view! { <p class="wrong">{input_error(error)}</p> }.into_any()).collect()
        }
    };
    view! {
        <Explained>
            <PageHead title=Signal::derive(title) next_step=Signal::derive(move || next_step(&found.read())) />
            <UnitChoice units=units />
            <div class="card">
                <label class="choice">
                    <input type="checkbox" data-testid="outstanding" prop:checked=outstanding
                        on:change:target=move |event| outstanding.set(event.target().checked()) />
                    <span>{t::quota::outstanding()}</span>
                </label>
            </div>
            {inside}
        </Explained>
    }
}

fn next_step(found: &Option<Found>) -> String {
    let Some(Ok(quotas)) = found else { return t::unit::none().to_owned() };
    let groups = || quotas.iter().flat_map(|quota| &quota.groups);
    let over: usize = groups().map(|group| group.outcome.over.len()).sum();
    let ties: usize = groups().map(|group| group.outcome.ties.len()).sum();
    let missing: usize = groups().map(|group| group.missing.len()).sum();
    match (over, ties, missing) {
        (0, 0, 0) => t::quota::within().to_owned(),
        (0, 0, missing) => t::quota::still_missing(missing),
        (over, ties, _) => t::quota::to_decide(over + ties),
    }
}

/// The quota of one pack: the readings used, then the groups.
#[component]
fn OfPack(quota: QuotaOfMonth) -> impl IntoView {
    let pack = pack::pinned(&quota.rules);
    let class = pack.map(|pack| class_title(pack, &quota.class)).unwrap_or_default();
    let clause = pack.map(|pack| clause_words(pack, &quota.clause)).unwrap_or_default();
    let readings = quota.options.iter().filter_map(|(id, value)| {
        let option = pack?.option(id)?;
        let words = option.values.iter().find(|known| known.id == *value)?;
        Some(view! { <li>{t::quota::reading(option.title.get(language()), words.title.get(language()), &clause_words(pack?, &option.clause))}</li> })
    });
    let readings = readings.collect_view();
    let groups = quota.groups.into_iter().enumerate();
    let groups =
        groups.map(|(place, group)| view! { <Group place=place group=group pack=quota.rules /> }).collect_view();
    view! {
        <section class="card" aria-label=t::quota::readings() data-testid="readings">
            <p class="strong">{t::quota::limited(&class, &clause)}</p>
            <ul>{readings}</ul>
            <p class="quiet small">{t::quota::by_role()}</p>
        </section>
        {groups}
    }
}
