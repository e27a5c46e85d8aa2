//! `view!` in the language of Leptos, for which an element is data (a tag, a list of attributes, a list of children) and not a
//! type. One piece of code then draws every element of the app, where Leptos's own macro makes code for each; see DESIGN.md.
//!
//! Elements are written out here; components are handed to Leptos's macro with their attributes as they are.
#![forbid(unsafe_code)]

use proc_macro2::{Literal, Span, TokenStream};
use quote::quote;
use rstml::Infallible;
use rstml::node::{KVAttributeValue, KeyedAttribute, Node, NodeAttribute, NodeBlock, NodeElement};
use syn::spanned::Spanned as _;
use syn::{Expr, Ident, Lit, Stmt};

/// Tags that begin a drawing when they are the first of a view.
const DRAWING: [&str; 9] = ["svg", "g", "path", "rect", "circle", "line", "polyline", "polygon", "text"];

/// Draws a view: elements, components, texts and `{expressions}`. Gives an `AnyView`.
#[proc_macro]
pub fn view(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let site = site();
    let expanded = match rstml::parse2(tokens.into()) {
        Ok(nodes) => group(&nodes, site, false),
        Err(error) => error.to_compile_error(),
    };
    expanded.into()
}

/// A number that tells the views of the app apart: what one view drew is never patched with another. FNV-1a of the place.
fn site() -> u32 {
    let here = proc_macro::Span::call_site();
    let place = format!("{}:{}:{}", here.file(), here.line(), here.column());
    place.bytes().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn group(nodes: &[Node], site: u32, drawing: bool) -> TokenStream {
    let mut views: Vec<TokenStream> = nodes.iter().filter_map(|one| node(one, site, drawing)).collect();
    match (views.len(), views.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            let views = views.into_iter().chain(last);
            quote! {{
                let mut __group = crate::ui::group(#site);
                #(__group.add(#views);)*
                __group.done()
            }}
        }
    }
}

fn node(node: &Node, site: u32, drawing: bool) -> Option<TokenStream> {
    match node {
        Node::Comment(_) | Node::Doctype(_) | Node::Custom(_) => None,
        Node::Fragment(fragment) => Some(group(&fragment.children, site, drawing)),
        Node::Element(found) if is_component(found) => Some(component(found, site)),
        Node::Element(found) => Some(element(found, site, drawing)),
        Node::Text(text) => {
            let words = &text.value;
            Some(quote! { crate::ui::text(#words) })
        }
        Node::RawText(raw) => {
            let words = raw.to_string_best();
            Some(quote! { crate::ui::text(#words) })
        }
        Node::Block(found) => {
            let inside = block(found);
            Some(quote! { crate::ui::Child::into_child(#inside) })
        }
    }
}

/// The expression in braces, without them where it is only one.
fn block(block: &NodeBlock) -> TokenStream {
    match block {
        NodeBlock::ValidBlock(valid) => match valid.stmts.as_slice() {
            [Stmt::Expr(only, None)] => quote! { #only },
            _ => quote! { #valid },
        },
        NodeBlock::Invalid(invalid) => quote! { #invalid },
    }
}

fn is_component(element: &NodeElement<Infallible>) -> bool {
    let name = element.name().to_string();
    name.rsplit(':').next().is_some_and(|last| last.trim_start().starts_with(char::is_uppercase))
}

fn component(element: &NodeElement<Infallible>, site: u32) -> TokenStream {
    let (name, attributes) = (element.name(), element.attributes());
    if element.children.is_empty() {
        return quote! { crate::ui::component(::leptos::prelude::view! { <#name #(#attributes)* /> }) };
    }
    let children = group(&element.children, site, false);
    quote! { crate::ui::component(::leptos::prelude::view! { <#name #(#attributes)*>{ #children }</#name> }) }
}

fn element(element: &NodeElement<Infallible>, site: u32, drawing: bool) -> TokenStream {
    let tag = element.name().to_string();
    let drawing = drawing || DRAWING.contains(&tag.as_str());
    let maker = Ident::new(if drawing { "drawing" } else { "element" }, Span::call_site());
    let attributes = element.attributes().iter().map(|found| match found {
        NodeAttribute::Attribute(keyed) => attribute(&tag, keyed),
        NodeAttribute::Block(other) => {
            syn::Error::new(other.span(), "an attribute needs a name here").to_compile_error()
        }
    });
    let children = element.children.iter().filter_map(|child| node(child, site, drawing));
    quote! {{
        let mut __element = crate::ui::#maker(#tag, #site);
        #(#attributes)*
        #(__element.add(#children);)*
        __element.done()
    }}
}

fn attribute(tag: &str, attribute: &KeyedAttribute) -> TokenStream {
    let key = attribute.key.to_string();
    let value = match attribute.possible_value.to_value().map(|value| &value.value) {
        None => quote! { true },
        Some(KVAttributeValue::InvalidBraced(invalid)) => quote! { #invalid },
        Some(KVAttributeValue::Expr(Expr::Lit(literal))) if matches!(literal.lit, Lit::Str(_)) => {
            if !key.contains(':') {
                return quote! { __element.fixed(#key, #literal); };
            }
            quote! { #literal }
        }
        Some(KVAttributeValue::Expr(expression)) => quote! { #expression },
    };
    let span = attribute.key.span();
    let mut parts = key.split(':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("on"), Some(event), None) => {
            let event = Ident::new(event, span);
            quote! { __element.on(::leptos::ev::#event, #value); }
        }
        (Some("on"), Some(event), Some("target")) => {
            let (event, target) = (Ident::new(event, span), Ident::new(target_type(tag), span));
            quote! { __element.on_target::<_, ::leptos::web_sys::#target>(::leptos::ev::#event, #value); }
        }
        (Some("prop"), Some(name), None) => quote! { __element.property(#name, #value); },
        (Some("class"), Some(name), None) => quote! { __element.class(#name, #value); },
        (Some("node_ref"), None, None) => quote! { __element.node_ref(#value); },
        (_, None, None) => {
            let key = Literal::string(&key);
            quote! { __element.attribute(#key, #value); }
        }
        _ => syn::Error::new(span, format!("found {key}; allowed are on:, on:…:target, prop: and class:"))
            .to_compile_error(),
    }
}

fn target_type(tag: &str) -> &'static str {
    match tag {
        "input" => "HtmlInputElement",
        "textarea" => "HtmlTextAreaElement",
        "select" => "HtmlSelectElement",
        "details" => "HtmlDetailsElement",
        "dialog" => "HtmlDialogElement",
        _ => "HtmlElement",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a view becomes, without spaces.
    fn expanded(source: &str) -> String {
        let nodes = rstml::parse2(source.parse().unwrap()).unwrap();
        group(&nodes, 7, false).to_string().replace(' ', "")
    }

    fn check(source: &str, expected: &str) {
        let found = expanded(source);
        assert!(found.contains(expected), "{source} became {found}, which lacks {expected}");
    }

    #[test]
    fn attributes_events_and_properties_become_calls() {
        check(
            r#"<p class="quiet" hidden=away />"#,
            r#"__element.fixed("class","quiet");__element.attribute("hidden",away);"#,
        );
        check("<button on:click=act />", "__element.on(::leptos::ev::click,act);");
        check(
            "<p class:wide=wide prop:value=text />",
            r#"__element.class("wide",wide);__element.property("value",text);"#,
        );
        check(
            "<input on:input:target=typed />",
            "__element.on_target::<_,::leptos::web_sys::HtmlInputElement>(::leptos::ev::input,typed);",
        );
    }

    #[test]
    fn what_lies_in_a_drawing_is_drawn() {
        check("<svg><title>\"a\"</title></svg>", r#"crate::ui::drawing("title",7u32)"#);
        check("<section><title>\"a\"</title></section>", r#"crate::ui::element("title",7u32)"#);
    }

    #[test]
    fn components_keep_their_attributes_and_get_one_child() {
        check(
            "<Card open=open let:x><p /><p /></Card>",
            "view!{<Cardopen=openlet:x>{{letmut__group=crate::ui::group(7u32)",
        );
        check("<page::Card />", "crate::ui::component(::leptos::prelude::view!{<page::Card/>})");
    }

    #[test]
    fn an_attribute_kind_that_is_not_known_is_refused() {
        check("<p style:color=red />", "allowedareon:");
    }
}
