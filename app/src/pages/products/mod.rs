//! Weighted products, as both the person and the superior state them. In the daily chunk.
//!
//! Test ids: `products`, `products-sums`, `add-product`; of a product `product-N-row`, and `product-N-` with `name`,
//! `weight`, `main`, `frame`, `standard`, `difficulty`, `axis`, `mark-DIMENSION`, `assigned`, `completed`, `late`,
//! `evidence`, `remove`, `own-weights`, `own-DIMENSION`.

mod fields;

use leptos::prelude::*;
use shared::ids::ProductNumber;
use shared::limits::PRODUCTS_PER_CARD_MAX;
use shared::num::Exact;
use shared::op::ProductStated;
use shared::pack::{Dimension, DimensionSource, Factor, Pack, ProductRule, Text};
use shared::score::Form;
use shared::sorted_map::Map;

use super::folded::Folded;
use crate::components::draft::{self, Draft};
use crate::components::{Icon, icon, word_title};
use crate::i18n::{clause_words, language, mark, quantity, t};

use fields::Evidence;
pub(super) use fields::{Edit, Fields, Name, Remove};

/// Products by their numbers.
pub(super) type Products = Map<ProductNumber, ProductStated>;

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
            // A product that lacks something stands open; the others say in a line what they are.
            let open = untrack(|| {
                value.with(|product| form.lacks(product) > 0 || rule.weights_sum.is_some() && product.weight.is_zero())
            });
            let summary = view! {
                <span class="stack tight">
                    <strong>{move || title(&products.read(), number)}</strong>
                    <span class="small">{move || product_words(rule, &value.read())}</span>
                </span>
            };
            view! {
                <article class="stack product" data-testid=edit.id("row")>
                    <Folded testid=edit.id("more") fields=edit.id("") open=open summary=summary.into_any()>
                        <Name edit=edit />
                        <Fields edit=edit />
                        <Evidence edit=edit />
                        <Remove edit=edit draft=draft />
                    </Folded>
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
    let weight = rule.weights_sum.as_ref().map(|_| t::product::weight_is(&mark(&product.weight)));
    let reached = rule.dimensions.iter().filter_map(|dimension| {
        Some(t::product::reached(dimension.title.get(language()), &reached(dimension, product)?))
    });
    weight.into_iter().chain(kind_words(rule, product)).chain(reached).collect::<Vec<_>>().join(" · ")
}

/// Where a product belongs, and how it is weighed.
pub(super) fn kind_words(rule: &'static ProductRule, product: &ProductStated) -> Vec<String> {
    let title = |text: &'static Text| text.get(language()).to_owned();
    let factor = |factors: &'static [Factor], id: &Option<String>| Some(word_title(factors, id.as_ref()?));
    let frame = rule.frames.iter().find(|frame| frame.id == product.frame && rule.frames.len() > 1);
    let axis = rule.axes.iter().find(|axis| Some(&axis.id) == product.axis.as_ref());
    let own = product.frame_weights.iter().map(mark).collect::<Vec<_>>().join("/");
    let about = [
        (has_main(rule) && product.main).then(|| t::product::main().to_owned()),
        axis.map(|axis| title(&axis.title)),
        frame.map(|frame| title(&frame.title)),
        (!own.is_empty()).then(|| t::product::own_weights_are(&own)),
        factor(&rule.standards, &product.standard),
        factor(&rule.difficulties, &product.difficulty),
    ];
    about.into_iter().flatten().collect()
}

/// What a product reached in one dimension; nothing where that follows from the others.
pub(super) fn reached(dimension: &Dimension, product: &ProductStated) -> Option<String> {
    match dimension.source {
        DimensionSource::Mark => Some(product.marks.get(&dimension.id).map_or_else(|| "–".to_owned(), mark)),
        DimensionSource::Done => Some(format!("{}/{}", quantity(&product.completed), quantity(&product.assigned))),
        DimensionSource::Late => Some(t::product::late(usize::try_from(product.late_days).unwrap_or(usize::MAX))),
        DimensionSource::Mean(_) => None,
    }
}
