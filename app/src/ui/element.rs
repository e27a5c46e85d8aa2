//! One element as data, and how it comes to the page. An element is patched with one drawn by the same view and replaced by
//! any other.

use leptos::ev::{EventDescriptor, Targeted};
use leptos::html::ElementType;
use leptos::prelude::*;
use leptos::reactive::effect::RenderEffect;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::html::node_ref::NodeRefContainer;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::RemoveEventHandler;
use leptos::tachys::renderer::dom::Dom;
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys;
use send_wrapper::SendWrapper;

use super::value::{IntoValue, Value};
use crate::fault::{self, Fault};

const DRAWING: &str = "http://www.w3.org/2000/svg";

type Handler = SendWrapper<Box<dyn FnMut(web_sys::Event)>>;
type Taker = SendWrapper<Box<dyn FnOnce(&web_sys::Element)>>;

#[derive(Clone, Copy)]
enum Place {
    Attribute,
    Property,
    Class,
}

/// A value and where it belongs.
struct Part {
    place: Place,
    name: &'static str,
    value: Value,
}

/// An element, or several views side by side (a group), before they are on the page.
pub struct Element(Box<Inside>);

struct Inside {
    /// Which view of the program it comes from.
    site: u32,
    /// Empty for a group.
    tag: &'static str,
    drawing: bool,
    parts: Vec<Part>,
    handlers: Vec<(String, Handler)>,
    taker: Option<Taker>,
    owner: Owner,
    children: Vec<AnyView>,
}

/// An element of the page; `site` tells the views of the program apart.
#[inline(never)]
pub fn element(tag: &'static str, site: u32) -> Element {
    Element(Box::new(Inside {
        site,
        tag,
        drawing: false,
        parts: Vec::new(),
        handlers: Vec::new(),
        taker: None,
        owner: Owner::current().unwrap_or_default(),
        children: Vec::new(),
    }))
}

/// An element of a drawing.
#[inline(never)]
pub fn drawing(tag: &'static str, site: u32) -> Element {
    let mut element = element(tag, site);
    element.0.drawing = true;
    element
}

/// Views side by side.
#[inline(never)]
pub fn group(site: u32) -> Element {
    element("", site)
}

impl Element {
    /// An attribute with words of the program.
    #[inline(never)]
    pub fn fixed(&mut self, name: &'static str, words: &'static str) {
        self.part(Place::Attribute, name, Value::Fixed(words));
    }

    /// An attribute.
    pub fn attribute(&mut self, name: &'static str, value: impl IntoValue) {
        self.part(Place::Attribute, name, value.into_value());
    }

    /// A property of the element in the page's language.
    pub fn property(&mut self, name: &'static str, value: impl IntoValue) {
        self.part(Place::Property, name, value.into_value());
    }

    /// A class it has or lacks.
    pub fn class(&mut self, name: &'static str, value: impl IntoValue) {
        self.part(Place::Class, name, value.into_value());
    }

    #[inline(never)]
    fn part(&mut self, place: Place, name: &'static str, value: Value) {
        self.0.parts.push(Part { place, name, value });
    }

    /// What is done on an event.
    pub fn on<E>(&mut self, event: E, mut handler: impl FnMut(E::EventType) + 'static)
    where
        E: EventDescriptor,
        E::EventType: JsCast,
    {
        self.listen(event.name().into_owned(), Box::new(move |event| handler(event.unchecked_into())));
    }

    /// What is done on an event, with the element it happened to.
    pub fn on_target<E, T>(&mut self, event: E, mut handler: impl FnMut(Targeted<E::EventType, T>) + 'static)
    where
        E: EventDescriptor,
        E::EventType: JsCast,
    {
        let handler = move |event: web_sys::Event| handler(Targeted::from(event.unchecked_into::<E::EventType>()));
        self.listen(event.name().into_owned(), Box::new(handler));
    }

    #[inline(never)]
    fn listen(&mut self, event: String, handler: Box<dyn FnMut(web_sys::Event)>) {
        self.0.handlers.push((event, SendWrapper::new(handler)));
    }

    /// Gives the element to `node` once it is made.
    pub fn node_ref<E>(&mut self, node: NodeRef<E>)
    where
        E: ElementType + 'static,
        NodeRef<E>: NodeRefContainer<E>,
    {
        self.0.taker = Some(SendWrapper::new(Box::new(move |element| node.load(element))));
    }

    /// Something inside it.
    #[inline(never)]
    pub fn add(&mut self, child: AnyView) {
        self.0.children.push(child);
    }

    /// As a view of no particular type.
    #[inline(never)]
    pub fn done(self) -> AnyView {
        self.into_any()
    }
}

/// A value on the page.
enum Drawn {
    Still(Value),
    Live(RenderEffect<Value>),
}

impl Drawn {
    fn draw(element: &web_sys::Element, part: Part, old: Option<Value>) -> Self {
        let Part { place, name, value } = part;
        match value {
            Value::Live(mut make) => {
                let element = element.clone();
                let draw = move |old: Option<Value>| {
                    let new = make();
                    put(&element, place, name, old.as_ref(), &new);
                    new
                };
                Self::Live(RenderEffect::new_with_value(draw, old))
            }
            still => {
                put(element, place, name, old.as_ref(), &still);
                Self::Still(still)
            }
        }
    }

    fn into_value(self) -> Option<Value> {
        match self {
            Self::Still(value) => Some(value),
            Self::Live(effect) => effect.take_value(),
        }
    }
}

fn put(element: &web_sys::Element, place: Place, name: &str, old: Option<&Value>, new: &Value) {
    if old.is_some_and(|old| old.words() == new.words()) {
        return;
    }
    match (place, new.words()) {
        (Place::Attribute, Some(words)) => Dom::set_attribute(element, name, words),
        // A new element lacks everything, so nothing is to be taken away.
        (Place::Attribute | Place::Class, None) if old.is_none() => {}
        (Place::Attribute, None) => Dom::remove_attribute(element, name),
        (Place::Property, words) => {
            let value = match new {
                Value::Flag(flag) => JsValue::from_bool(*flag),
                _ => words.map_or(JsValue::UNDEFINED, JsValue::from_str),
            };
            Dom::set_property_or_value(element, name, &value);
        }
        (Place::Class, Some(_)) => Dom::add_class(&Dom::class_list(element), name),
        (Place::Class, None) => Dom::remove_class(&Dom::class_list(element), name),
    }
}

/// An element or a group that is on the page.
pub struct ElementState {
    site: u32,
    tag: &'static str,
    /// None for a group.
    element: Option<web_sys::Element>,
    parts: Vec<Drawn>,
    handlers: Vec<RemoveEventHandler<web_sys::Element>>,
    children: Vec<AnyViewState>,
}

fn attach(
    element: &web_sys::Element,
    owner: &Owner,
    handlers: Vec<(String, Handler)>,
) -> Vec<RemoveEventHandler<web_sys::Element>> {
    if handlers.is_empty() {
        return Vec::new();
    }
    // A browser tells an element that is taken away with the focus in it of `blur` and `change`. By then what its view was
    // made of is gone; whatever has to be done when a view goes is done by its own `on_cleanup`.
    let alive = owner.with(|| StoredValue::new(()));
    let attach = |(event, handler): (String, Handler)| {
        let (owner, mut handler) = (owner.clone(), handler.take());
        let handle = move |event: JsValue| {
            if !alive.is_disposed() || fault::is(Fault::StaleHandlers) {
                owner.with(|| handler(event.unchecked_into()));
            }
        };
        Dom::add_event_listener(element, &event, Box::new(handle))
    };
    handlers.into_iter().map(attach).collect()
}

impl Render for Element {
    type State = ElementState;

    fn build(self) -> ElementState {
        let Inside { site, tag, drawing, parts, handlers, taker, owner, children } = *self.0;
        if tag.is_empty() {
            let children = children.into_iter().map(AnyView::build).collect();
            return ElementState { site, tag, element: None, parts: Vec::new(), handlers: Vec::new(), children };
        }
        let element = Dom::create_element(tag, drawing.then_some(DRAWING));
        let parts = parts.into_iter().map(|part| Drawn::draw(&element, part, None)).collect();
        let handlers = attach(&element, &owner, handlers);
        if let Some(taker) = taker {
            taker.take()(&element);
        }
        let mut children: Vec<AnyViewState> = children.into_iter().map(AnyView::build).collect();
        for child in &mut children {
            child.mount(&element, None);
        }
        ElementState { site, tag, element: Some(element), parts, handlers, children }
    }

    fn rebuild(self, state: &mut ElementState) {
        let alike = self.0.site == state.site
            && self.0.tag == state.tag
            && self.0.parts.len() == state.parts.len()
            && self.0.children.len() == state.children.len();
        if !alike {
            let mut fresh = self.build();
            state.insert_before_this(&mut fresh);
            state.unmount();
            *state = fresh;
            return;
        }
        let Inside { parts, handlers, taker, owner, children, .. } = *self.0;
        if let Some(element) = &state.element {
            let old = std::mem::take(&mut state.parts);
            let patch = |(part, old): (Part, Drawn)| Drawn::draw(element, part, old.into_value());
            state.parts = parts.into_iter().zip(old).map(patch).collect();
            state.handlers.clear();
            state.handlers = attach(element, &owner, handlers);
            if let Some(taker) = taker {
                taker.take()(element);
            }
        }
        for (child, old) in children.into_iter().zip(&mut state.children) {
            child.rebuild(old);
        }
    }
}

impl Mountable for ElementState {
    fn unmount(&mut self) {
        match &self.element {
            Some(element) => Dom::remove(element),
            None => self.children.iter_mut().for_each(AnyViewState::unmount),
        }
    }

    fn mount(&mut self, parent: &web_sys::Element, marker: Option<&web_sys::Node>) {
        match &self.element {
            Some(element) => Dom::insert_node(parent, element, marker),
            None => self.children.iter_mut().for_each(|child| child.mount(parent, marker)),
        }
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match &self.element {
            Some(element) => element.insert_before_this(child),
            None => self.children.iter().any(|first| first.insert_before_this(child)),
        }
    }

    fn elements(&self) -> Vec<web_sys::Element> {
        match &self.element {
            Some(element) => vec![element.clone()],
            None => self.children.iter().flat_map(AnyViewState::elements).collect(),
        }
    }
}

impl AddAnyAttr for Element {
    type Output<SomeNewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _attribute: NewAttr) -> Self {
        self
    }
}

/// The app is drawn in browsers only: as text, nothing is to be seen of it.
impl RenderHtml for Element {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        _text: &mut String,
        _position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _attributes: Vec<AnyAttribute>,
    ) {
    }

    fn hydrate<const FROM_SERVER: bool>(self, _cursor: &Cursor, _position: &PositionState) -> ElementState {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
