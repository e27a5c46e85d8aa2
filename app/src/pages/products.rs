//! Weighted products, as both the person and the superior state them. In the daily chunk.
//!
//! Test ids: `products`, `products-sums`, `add-product`; of a product `product-N-row`, and `product-N-` with `name`,
//! `weight`, `main`, `frame`, `standard`, `difficulty`, `axis`, `mark-DIMENSION`, `assigned`, `completed`, `late`,
//! `evidence`, `remove`, `own-weights`, `own-DIMENSION`.

use leptos::prelude::*;
use shared::ids::ProductNumber;
use shared::limits::{NAME_CHARS_MAX, NOTE_CHARS_MAX, PRODUCTS_PER_CARD_MAX, QUANTITY_MAX};
use shared::num::Exact;
use shared::op::ProductStated;
use shared::pack::{Dimension, DimensionSource, Factor, Frame, Pack, ProductRule, Text};
use shared::score::Form;
use shared::sorted_map::Map;

use super::work::COUNT_MAX;
use crate::components::draft::{self, Draft};
use crate::components::{Bounds, Choice, Confirm, Icon, Stepper, TextField, Word, icon, word_title, words_of};
use crate::i18n::{clause_words, language, mark, quantity, t};
use crate::state::Workspace;

/// Products by their numbers.
pub(super) type Products = Map<ProductNumber, ProductStated>;

/// A product that is being stated.
#[derive(Clone, Copy)]
pub(super) struct Edit {
    pub(super) rule: &'static ProductRule,
    pub(super) number: ProductNumber,
    pub(super) value: Memo<ProductStated>,
    pub(super) put: Callback<ProductStated>,
    pub(super) closed: Signal<bool>,
}

impl Edit {
    fn change(self, change: impl FnOnce(&mut ProductStated)) {
        let mut product = self.value.get_untracked();
        change(&mut product);
        self.put.run(product);
    }

    fn id(self, suffix: &str) -> String {
        format!("product-{}-{suffix}", self.number)
    }

    fn read<T: PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&ProductStated) -> T + Send + Sync + 'static,
    ) -> Signal<T> {
        Signal::derive(move || self.value.with(&read))
    }
}

/// The section of the own score. Nothing where the pack asks for no products.
#[component]
pub(super) fn OwnProducts(form: Form<'static>, draft: Draft, #[prop(into)] closed: Signal<bool>) -> impl IntoView {
    let products = Memo::new(move |_| draft::self_score(&draft.fields()).stated.products);
    let put = Callback::new(move |(number, product)| draft.put_product(number, product));
    form.products().map(|rule| {
        let row = move |number| {
            let value = Memo::new(move |_| draft.product(number).unwrap_or_default());
            let put = Callback::new(move |product| put.run((number, Some(product))));
            let edit = Edit { rule, number, value, put, closed };
            view! {
                <article class="stack product" data-testid=edit.id("row")>
                    <h3>{move || title(&products.read(), number)}</h3>
                    <Name edit=edit />
                    <Fields edit=edit />
                    <Evidence edit=edit />
                    <Remove edit=edit draft=draft />
                </article>
            }
            .into_any()
        };
        section(form.pack, rule, products, put, closed, t::product::hint(), row)
    })
}

/// All products under their sums, with the button that adds one.
pub(super) fn section(
    pack: &'static Pack,
    rule: &'static ProductRule,
    products: Memo<Products>,
    put: Callback<(ProductNumber, Option<ProductStated>)>,
    closed: Signal<bool>,
    hint: &'static str,
    row: impl Fn(ProductNumber) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView {
    let numbers = move || products.with(|products| products.keys().copied().collect::<Vec<_>>());
    let most = rule.count_max.and_then(|most| usize::try_from(most).ok()).unwrap_or(PRODUCTS_PER_CARD_MAX);
    let full = move || products.with(|products| products.values().filter(|one| !one.struck).count() >= most);
    let add = move |_| {
        let last = products.with_untracked(|products| products.keys().next_back().map_or(0, |number| number.0));
        put.run((ProductNumber(last.saturating_add(1)), Some(begun(rule))));
    };
    view! {
        <section class="card" data-testid="products" aria-labelledby="products-title">
            <h2 id="products-title">{t::product::title()}</h2>
            <p class="quiet small">{hint}" "{clause_words(pack, &rule.clause)}</p>
            <p data-testid="products-sums">{move || sums(rule, &products.read())}</p>
            <For each=numbers key=|number| *number let:number>{row(number)}</For>
            <div class="row">
                <button type="button" data-testid="add-product" disabled=move || closed.get() || full() on:click=add>
                    {icon(Icon::Plus)}{t::product::add()}
                </button>
            </div>
        </section>
    }
    .into_any()
}

/// A product of which nothing is stated. What leaves no choice is chosen.
fn begun(rule: &ProductRule) -> ProductStated {
    let frame = match rule.frames.as_slice() {
        [only] => only.id.clone(),
        _ => String::new(),
    };
    ProductStated { frame, assigned: Exact::one(), ..ProductStated::default() }
}

/// Its place among those that count, and its name.
pub(super) fn title(products: &Products, number: ProductNumber) -> String {
    let place = products.iter().filter(|(other, one)| !one.struck && **other <= number).count();
    match products.get(&number) {
        Some(product) if product.struck => t::product::struck_title(&product.name),
        Some(product) if !product.name.is_empty() => t::product::named(place, &product.name),
        _ => t::product::numbered(place),
    }
}

/// How many products there are, and what their weights add up to, beside what the text asks for.
fn sums(rule: &ProductRule, products: &Products) -> String {
    let counted = || products.values().filter(|product| !product.struck);
    let count = counted().count();
    let number = |bound: Option<u32>| bound.map(|bound| bound.to_string());
    let found = match (number(rule.count_min), number(rule.count_max)) {
        (Some(least), Some(most)) => t::product::count_between(count, &least, &most),
        (Some(least), None) => t::product::count_from(count, &least),
        (None, Some(most)) => t::product::count_up_to(count, &most),
        (None, None) => t::product::count(count),
    };
    let weight: Exact = counted().map(|product| &product.weight).sum();
    let weights = rule.weights_sum.as_ref().map(|sum| t::product::weights(&mark(&weight), &mark(sum)));
    let main: Exact = counted().filter(|product| product.main).map(|product| &product.weight).sum();
    let bounds = has_main(rule).then(|| {
        let most = rule.main_max.as_ref().or(rule.weights_sum.as_ref());
        let least = rule.main_min.clone().unwrap_or_default();
        t::product::main_weights(&mark(&main), &mark(&least), &most.map(mark).unwrap_or_default())
    });
    [Some(found), weights, bounds].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

const fn has_main(rule: &ProductRule) -> bool {
    rule.main_min.is_some() || rule.main_max.is_some()
}

/// A product in words: its weight, where it belongs, and every mark.
pub(super) fn product_words(rule: &'static ProductRule, product: &ProductStated) -> String {
    let title = |text: &'static Text| text.get(language()).to_owned();
    let factor = |factors: &'static [Factor], id: &Option<String>| Some(word_title(factors, id.as_ref()?));
    let frame = rule.frames.iter().find(|frame| frame.id == product.frame && rule.frames.len() > 1);
    let axis = rule.axes.iter().find(|axis| Some(&axis.id) == product.axis.as_ref());
    let own = product.frame_weights.iter().map(mark).collect::<Vec<_>>().join("/");
    let about = [
        rule.weights_sum.as_ref().map(|_| t::product::weight_is(&mark(&product.weight))),
        (has_main(rule) && product.main).then(|| t::product::main().to_owned()),
        axis.map(|axis| title(&axis.title)),
        frame.map(|frame| title(&frame.title)),
        (!own.is_empty()).then(|| t::product::own_weights_are(&own)),
        factor(&rule.standards, &product.standard),
        factor(&rule.difficulties, &product.difficulty),
    ];
    let reached = rule.dimensions.iter().filter_map(|dimension| reached(dimension, product));
    about.into_iter().flatten().chain(reached).collect::<Vec<_>>().join(" · ")
}

/// What a product reached in one dimension.
fn reached(dimension: &Dimension, product: &ProductStated) -> Option<String> {
    let title = dimension.title.get(language());
    match dimension.source {
        DimensionSource::Mark => {
            let given = product.marks.get(&dimension.id).map_or_else(|| "–".to_owned(), mark);
            Some(t::product::reached(title, &given))
        }
        DimensionSource::Done => {
            let done = format!("{}/{}", quantity(&product.completed), quantity(&product.assigned));
            Some(t::product::reached(title, &done))
        }
        DimensionSource::Late => {
            let days = usize::try_from(product.late_days).unwrap_or(usize::MAX);
            Some(t::product::late(title, days))
        }
        DimensionSource::Mean(_) => None,
    }
}

/// What the product is.
#[component]
pub(super) fn Name(edit: Edit) -> impl IntoView {
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
pub(super) fn Evidence(edit: Edit) -> impl IntoView {
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
pub(super) fn Remove(edit: Edit, draft: Draft) -> impl IntoView {
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
pub(super) fn Fields(edit: Edit) -> impl IntoView {
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
            number(edit, &format!("mark-{id}"), &t::product::mark(title), bounds, value, change)
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
    let open = RwSignal::new(untrack(|| edit.value.with(|product| !product.frame_weights.is_empty())));
    let (fields, workspace) = (edit.id("own-"), Workspace::get());
    Effect::new(move |_| {
        if workspace.is_sought(&fields) {
            open.set(true);
        }
    });
    let one = move |place: usize, frame: &'static Frame| {
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
    };
    let sum = move || {
        let sum: Exact = edit.value.with(|product| product.frame_weights.iter().sum());
        (!sum.is_zero()).then(|| t::product::own_weights_sum(&mark(&sum)))
    };
    move || {
        frame.get().map(|frame| view! {
            <details prop:open=open on:toggle:target=move |event| open.set(event.target().open())>
                <summary data-testid=edit.id("own-weights")>{t::product::own_weights(&mark(&rule.shift_max))}</summary>
                <div class="columns">{(0..rule.dimensions.len()).filter_map(|place| one(place, frame)).collect_view()}</div>
                <p class="small">{sum}</p>
            </details>
        })
    }
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
