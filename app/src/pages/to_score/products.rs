//! Weighted products as the superior states them: only these count. What the person proposes waits until it is confirmed
//! or changed; a change has a reason.
//!
//! Test ids: see `pages::products`; `confirm-products`, `product-N-confirm`, `product-N-refuse`, `product-N-more`,
//! `reason-product-N`.

use leptos::prelude::*;
use shared::ids::ProductNumber;
use shared::op::{Appraisal, DraftValue, ProductStated, Stated};
use shared::pack::ProductRule;
use shared::sorted_map::Map;

use super::super::answer::Answer;
use super::super::folded::Folded;
use super::super::products::{Edit, Fields, Name, Products, Remove, product_words, section, title};
use super::reason::Reason;
use super::sheet::Sheet;
use crate::components::{Icon, draft, icon};
use crate::i18n::t;

/// The products that count: entered here, else said before. What somebody before stated is taken over; what the person
/// proposes is not, before it is answered.
pub(super) fn effective(
    fields: &Map<String, DraftValue>,
    own: &Products,
    before: &Products,
    builds_on_marks: bool,
) -> Products {
    let plain = |(number, one): (&ProductNumber, &ProductStated)| {
        (*number, ProductStated { reason: String::new(), ..one.clone() })
    };
    let mut products: Products = own.iter().filter(|_| builds_on_marks).map(plain).collect();
    products.extend(before.clone());
    draft::apply_products(fields, &mut products);
    for (number, product) in &mut products {
        // Both say the same again, so its reason no longer applies.
        if product.says_as(own.get(number)) {
            product.reason.clear();
        }
    }
    // What nobody stated and nobody states is not mentioned.
    products.retain(|number, product| !product.struck || own.contains_key(number));
    products
}

/// Whether what the person proposes is not answered yet.
pub(super) fn waits(own: &Stated, appraisal: &Appraisal, number: ProductNumber) -> bool {
    let proposed = own.products.get(&number).is_some_and(|product| !product.struck);
    proposed && !appraisal.stated.products.contains_key(&number)
}

/// The section. Nothing where the pack asks for no products.
#[component]
pub(super) fn ProductsOf(sheet: Sheet, appraisal: Memo<Appraisal>) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let mut shown = sheet.own.with(|own| own.stated.products.clone());
        shown.extend(appraisal.with(|mine| mine.stated.products.clone()));
        shown
    });
    let put = Callback::new(move |(number, product)| sheet.draft.put_product(number, product));
    let closed = Signal::derive(move || sheet.closed.get());
    sheet.form.products().map(|rule| {
        let row = move |number| {
            view! { <Row sheet=sheet rule=rule number=number shown=shown appraisal=appraisal /> }.into_any()
        };
        view! {
            <ConfirmAll sheet=sheet appraisal=appraisal />
            {section(sheet.pack, rule, shown, put, closed, t::product::hint_above(), row)}
        }
    })
}

/// Confirms in one tap every product that waits, as it was proposed.
#[component]
fn ConfirmAll(sheet: Sheet, appraisal: Memo<Appraisal>) -> impl IntoView {
    let waiting = Memo::new(move |_| {
        let own = sheet.own.read();
        let waits = |number: &ProductNumber| appraisal.with(|mine| waits(&own.stated, mine, *number));
        own.stated.products.keys().copied().filter(waits).collect::<Vec<_>>()
    });
    let confirm = move |_| {
        for number in waiting.get_untracked() {
            let proposed = sheet.own.with_untracked(|own| own.stated.products.get(&number).cloned());
            sheet.draft.put_product(number, proposed);
        }
    };
    move || {
        let count = waiting.with(Vec::len);
        (count > 0).then(|| {
            view! {
                <div class="notice">{icon(Icon::Info)}<div class="row">
                    <span>{t::product::waiting(count)}</span>
                    <button type="button" data-testid="confirm-products" disabled=sheet.closed on:click=confirm>
                        {t::product::confirm_all(count)}
                    </button>
                </div></div>
            }
        })
    }
}

#[component]
fn Row(
    sheet: Sheet,
    rule: &'static ProductRule,
    number: ProductNumber,
    shown: Memo<Products>,
    appraisal: Memo<Appraisal>,
) -> impl IntoView {
    let own = Memo::new(move |_| sheet.own.with(|own| own.stated.products.get(&number).cloned()));
    let found = Memo::new(move |_| appraisal.with(|mine| mine.stated.products.get(&number).cloned()));
    // As typed: the texts of the appraisal have lost the blanks around them.
    let value = Memo::new(move |_| {
        sheet.draft.product(number).or_else(|| found.get()).or_else(|| own.get()).unwrap_or_default()
    });
    let put = Callback::new(move |product| sheet.draft.put_product(number, Some(product)));
    let closed = Signal::derive(move || sheet.closed.get());
    let edit = Edit { rule, number, value, put, closed };
    let said = move || {
        let product = own.get()?;
        let words = product_words(rule, &product);
        let words =
            if sheet.builds_on_marks() { t::special::event_before(&words) } else { t::special::event_own(&words) };
        let evidence = (!product.evidence.is_empty()).then(|| t::review::evidence(&product.evidence));
        Some(view! { <p class="small">{words}</p>{evidence.map(|words| view! { <p class="small">{words}</p> })} })
    };
    let answer = Signal::derive(move || found.with(|found| found.as_ref().map(|product| !product.struck)));
    let on_answer = Callback::new(move |counts: bool| {
        let reason = value.get_untracked().reason;
        let proposed = own.get_untracked().unwrap_or_default();
        put.run(ProductStated { reason, struck: !counts, ..proposed });
    });
    let is_proposed = untrack(|| own.with(Option::is_some));
    let counts = Memo::new(move |_| answer.get() == Some(true));
    let differs =
        Memo::new(move |_| found.with(|found| found.as_ref().is_some_and(|one| !one.says_as(own.read().as_ref()))));
    let reason = Signal::derive(move || value.with(|product| product.reason.clone()));
    let change = Callback::new(move |reason: String| put.run(ProductStated { reason, ..value.get_untracked() }));
    let label = Signal::derive(move || t::special::event_reason(&title(&shown.read(), number)));
    view! {
        <article class="stack product" data-testid=format!("product-{number}-row")>
            <h3>{move || title(&shown.read(), number)}</h3>
            {said}
            {is_proposed.then(|| view! {
                <Answer name=format!("product-{number}") legend=view! { <legend class="unseen">{move || title(&shown.read(), number)}</legend> }.into_any()
                    confirm=t::product::counts() refuse=t::product::counts_not() answer=answer on_answer=on_answer closed=closed />
            })}
            {move || counts.get().then(|| view! { <Change edit=edit sheet=sheet proposed=is_proposed differs=differs /> })}
            <Reason id=format!("reason-product-{number}") label=label differs=differs reason=reason on_change=change closed=closed />
        </article>
    }
}

/// What the superior changes of a product; folded away while it is as proposed.
#[component]
fn Change(edit: Edit, sheet: Sheet, proposed: bool, differs: Memo<bool>) -> impl IntoView {
    if !proposed {
        return view! { <Name edit=edit /><Fields edit=edit /><Remove edit=edit draft=sheet.draft /> }.into_any();
    }
    view! {
        <Folded testid=edit.id("more") fields=edit.id("") open=differs.get_untracked() summary=t::product::change().into_any()>
            <Fields edit=edit />
        </Folded>
    }
    .into_any()
}
