//! The fields of one product.

use leptos::prelude::*;
use shared::ids::ProductNumber;
use shared::limits::{NAME_CHARS_MAX, NOTE_CHARS_MAX, QUANTITY_MAX};
use shared::num::Exact;
use shared::op::ProductStated;
use shared::pack::{Dimension, DimensionSource, Frame, ProductRule};

use super::super::folded::Folded;
use super::super::work::COUNT_MAX;
use super::has_main;
use crate::components::draft::Draft;
use crate::components::{Bounds, Choice, Confirm, Icon, Stepper, TextField, Word, icon, words_of};
use crate::i18n::{language, mark, t};

/// A product that is being stated.
#[derive(Clone, Copy)]
pub(in crate::pages) struct Edit {
    pub(in crate::pages) rule: &'static ProductRule,
    pub(in crate::pages) number: ProductNumber,
    pub(in crate::pages) value: Memo<ProductStated>,
    pub(in crate::pages) put: Callback<ProductStated>,
    pub(in crate::pages) closed: Signal<bool>,
}

impl Edit {
    fn change(self, change: impl FnOnce(&mut ProductStated)) {
        let mut product = self.value.get_untracked();
        change(&mut product);
        self.put.run(product);
    }

    pub(in crate::pages) fn id(self, suffix: &str) -> String {
        format!("product-{}-{suffix}", self.number)
    }

    fn read<T: PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&ProductStated) -> T + Send + Sync + 'static,
    ) -> Signal<T> {
        Signal::derive(move || self.value.with(&read))
    }
}

/// What the product is.
#[component]
pub(in crate::pages) fn Name(edit: Edit) -> impl IntoView {
    let name = edit.id("name");
    view! {
        <div class="field">
            <label for=name.clone()>{t::product::name()}</label>
            <TextField name=name label=t::product::name() value=edit.read(|product| product.name.clone())
                max=NAME_CHARS_MAX short=true required=true disabled=edit.closed
                on_change=Callback::new(move |name| edit.change(|product| product.name = name)) />
        </div>
    }
}

#[component]
pub(in crate::pages) fn Evidence(edit: Edit) -> impl IntoView {
    let name = edit.id("evidence");
    view! {
        <div class="field">
            <label for=name.clone()>{t::product::evidence()}</label>
            <TextField name=name label=t::product::evidence() value=edit.read(|product| product.evidence.clone())
                max=NOTE_CHARS_MAX short=true disabled=edit.closed
                on_change=Callback::new(move |evidence| edit.change(|product| product.evidence = evidence)) />
        </div>
    }
}

/// Takes a product away, after a question: its texts go with it.
#[component]
pub(in crate::pages) fn Remove(edit: Edit, draft: Draft) -> impl IntoView {
    let asking = RwSignal::new(false);
    let words = Signal::derive(move || t::product::remove_words(&edit.value.read().name));
    view! {
        <div class="row end">
            <button type="button" class="stop" data-testid=edit.id("remove") disabled=edit.closed
                on:click=move |_| asking.set(true)>{icon(Icon::Stop)}{t::product::remove()}</button>
        </div>
        <Confirm open=asking title=t::product::remove() words=words action=t::product::remove()
            on_confirm=Callback::new(move |()| draft.put_product(edit.number, None)) />
    }
}

/// Everything about a product that is weighed or marked, as far as the pack reads it.
#[component]
pub(in crate::pages) fn Fields(edit: Edit) -> impl IntoView {
    let rule = edit.rule;
    let frames: Vec<Word> = rule.frames.iter().map(|frame| Word(&frame.id, &frame.title)).collect();
    let axes: Vec<Word> = rule.axes.iter().map(|axis| Word(&axis.id, &axis.title)).collect();
    let word = |suffix: &str,
                label: &'static str,
                words: Vec<Word>,
                get: fn(&ProductStated) -> Option<String>,
                set: fn(&mut ProductStated, String)| {
        (!words.is_empty()).then(|| {
            let choose = Callback::new(move |word| edit.change(|product| set(product, word)));
            let chosen = edit.read(move |product| get(product).unwrap_or_default());
            view! { <Choice id=edit.id(suffix) label=label.into_any() none=t::product::choose() words=words chosen=chosen on_choose=choose closed=edit.closed /> }
        })
    };
    view! {
        <div class="columns">
            {(frames.len() > 1).then(|| word("frame", t::product::frame(), frames, |one| Some(one.frame.clone()), |one, word| {
                // Own weights belong to the frame that was chosen before.
                one.frame_weights.clear();
                one.frame = word;
            }))}
            {word("axis", t::product::axis(), axes, |one| one.axis.clone(), |one, word| one.axis = chosen_word(word))}
            {word("standard", t::product::standard(), words_of(&rule.standards), |one| one.standard.clone(), |one, word| one.standard = chosen_word(word))}
            {word("difficulty", t::product::difficulty(), words_of(&rule.difficulties), |one| one.difficulty.clone(), |one, word| one.difficulty = chosen_word(word))}
            {rule.weights_sum.clone().map(|sum| view! { <Weight edit=edit sum=sum /> })}
        </div>
        {has_main(rule).then(|| view! { <Main edit=edit /> })}
        {rule.marked().next().map(|_| view! { <p class="strong">{t::product::reached_title()}</p> })}
        <div class="columns">
            {rule.dimensions.iter().map(|dimension| view! { <Reached edit=edit dimension=dimension /> }).collect_view()}
        </div>
        {(!rule.shift_max.is_zero()).then(|| view! { <OwnWeights edit=edit /> })}
    }
}

fn chosen_word(word: String) -> Option<String> {
    (!word.is_empty()).then_some(word)
}

#[component]
fn Weight(edit: Edit, sum: Exact) -> impl IntoView {
    let value = edit.read(|product| (!product.weight.is_zero()).then(|| product.weight.clone()));
    let change = Callback::new(move |weight: Option<Exact>| edit.change(|one| one.weight = weight.unwrap_or_default()));
    number(edit, "weight", t::product::weight(), Bounds::up_to(sum, Exact::one()), value, change)
}

#[component]
fn Main(edit: Edit) -> impl IntoView {
    view! {
        <label class="choice">
            <input type="checkbox" data-testid=edit.id("main") disabled=edit.closed
                prop:checked=move || edit.value.with(|product| product.main)
                on:change:target=move |event| {
                    let main = event.target().checked();
                    edit.change(|product| product.main = main);
                } />
            <span>{t::product::is_main()}</span>
        </label>
    }
}

/// What is stated of one dimension: a mark, how much was done, or how late it was.
#[component]
fn Reached(edit: Edit, dimension: &'static Dimension) -> impl IntoView {
    let (id, title) = (&dimension.id, dimension.title.get(language()));
    match dimension.source {
        DimensionSource::Mark => {
            let value = edit.read(move |product| product.marks.get(id).cloned());
            let change = Callback::new(move |given: Option<Exact>| {
                edit.change(|product| match given {
                    Some(given) => drop(product.marks.insert(id.clone(), given)),
                    None => drop(product.marks.remove(id)),
                });
            });
            let bounds = Bounds::up_to(Exact::from_int(100), Exact::from_int(5));
            number(edit, &format!("mark-{id}"), title, bounds, value, change)
        }
        DimensionSource::Done => {
            let assigned = edit.read(|product| Some(product.assigned.clone()));
            let assign =
                Callback::new(move |given: Option<Exact>| edit.change(|one| one.assigned = given.unwrap_or_default()));
            let done = edit.read(|product| Some(product.completed.clone()));
            let report =
                Callback::new(move |given: Option<Exact>| edit.change(|one| one.completed = given.unwrap_or_default()));
            let amount = || Bounds::count(QUANTITY_MAX);
            view! {
                {number(edit, "assigned", t::field::assigned(), amount(), assigned, assign)}
                {number(edit, "completed", t::field::completed(), amount(), done, report)}
            }
            .into_any()
        }
        DimensionSource::Late => {
            let value = edit.read(|product| Some(Exact::from(product.late_days)));
            let change = Callback::new(move |days: Option<Exact>| {
                let days = days.unwrap_or_default().to_decimal(0).parse().unwrap_or_default();
                edit.change(|product| product.late_days = days);
            });
            number(edit, "late", t::field::late_days(), Bounds::whole(COUNT_MAX), value, change)
        }
        DimensionSource::Mean(_) => ().into_any(),
    }
}

/// The person's own weights of the dimensions, as far from the frame's as the text allows.
#[component]
fn OwnWeights(edit: Edit) -> impl IntoView {
    let rule = edit.rule;
    let frame = move || {
        let chosen = edit.value.with(|product| product.frame.clone());
        rule.frames.iter().find(|frame| frame.id == chosen)
    };
    let frame = Memo::new_with_compare(
        move |_| frame(),
        |old, new| old.map(|old| old.map(|it| &it.id)) != new.map(|new| new.map(|it| &it.id)),
    );
    let any = untrack(|| edit.value.with(|product| !product.frame_weights.is_empty()));
    let one = move |place, frame| own_weight(edit, place, frame);
    let sum = move || {
        let sum: Exact = edit.value.with(|product| product.frame_weights.iter().sum());
        (!sum.is_zero()).then(|| t::product::own_weights_sum(&mark(&sum)))
    };
    move || {
        frame.get().map(|frame| view! {
            <Folded testid=edit.id("own-weights") fields=edit.id("own-") open=any
                summary=t::product::own_weights(&mark(&rule.shift_max)).into_any()>
                <div class="columns">{(0..rule.dimensions.len()).filter_map(|place| one(place, frame)).collect_view()}</div>
                <p class="small">{sum}</p>
            </Folded>
        })
    }
}

/// The own weight of one dimension, near that of the frame.
fn own_weight(edit: Edit, place: usize, frame: &'static Frame) -> Option<AnyView> {
    let rule = edit.rule;
    let dimension = rule.dimensions.get(place)?;
    let given = frame.weights.get(place)?;
    let least = (given - &rule.shift_max).max(Exact::zero());
    let bounds = Bounds { min: least, ..Bounds::up_to(given + &rule.shift_max, Exact::one()) };
    let value =
        edit.read(move |product| product.frame_weights.get(place).or_else(|| frame.weights.get(place)).cloned());
    let change = Callback::new(move |weight: Option<Exact>| {
        edit.change(|product| {
            let mut weights = if product.frame_weights.is_empty() {
                frame.weights.clone()
            } else {
                std::mem::take(&mut product.frame_weights)
            };
            if let (Some(slot), Some(weight)) = (weights.get_mut(place), weight) {
                *slot = weight;
            }
            product.frame_weights = if weights == frame.weights { Vec::new() } else { weights };
        });
    });
    Some(number(edit, &format!("own-{}", dimension.id), dimension.title.get(language()), bounds, value, change))
}

fn number(
    edit: Edit,
    suffix: &str,
    label: &str,
    bounds: Bounds,
    value: Signal<Option<Exact>>,
    change: Callback<Option<Exact>>,
) -> AnyView {
    let name = edit.id(suffix);
    view! {
        <div class="field">
            <label for=name.clone()>{label.to_owned()}</label>
            <Stepper name=name label=label.to_owned() value=value bounds=bounds on_change=change disabled=edit.closed />
        </div>
    }
    .into_any()
}
