//! An unsubmitted score: the saved fields, the fields on their way to the stores, and the score they make.

use leptos::prelude::*;
use shared::card::Card;
use shared::ids::{LineId, ProductNumber};
use shared::num::Exact;
use shared::op::{
    CardKey, DraftValue, EventStated, FactValue, LineReview, Mark, PositionStated, ProductStated, SelfScore, Stated,
};
use shared::sorted_map::Map;
use shared::state::Judge;

use crate::state::{Entered, Place, Workspace};

/// A handle on the draft of one card: the person's own, or the superior's.
#[derive(Clone, Copy)]
pub struct Draft {
    workspace: Workspace,
    key: StoredValue<CardKey>,
    appraisal: bool,
    saved: Memo<Map<String, DraftValue>>,
}

impl Draft {
    /// The draft of `key`. With `appraisal`, the superior's draft.
    pub fn new(key: CardKey, appraisal: bool) -> Self {
        let workspace = Workspace::get();
        workspace.forget_on_leaving();
        let card = key.clone();
        let saved = Memo::new(move |_| {
            workspace.with_view(|state| state.card(&card).map(|card| known_fields(card, appraisal)).unwrap_or_default())
        });
        Self { workspace, key: StoredValue::new(key), appraisal, saved }
    }

    fn place(self, name: &str) -> Place {
        Place::Field { appraisal: self.appraisal, name: name.to_owned() }
    }

    fn enter(self, name: &str, value: DraftValue) {
        self.workspace.put(Judge::OWN, self.key.get_value(), self.place(name), Entered::Field(value));
    }

    /// One field, as last entered.
    pub fn field(self, name: &str) -> Option<DraftValue> {
        match self.key.with_value(|key| self.workspace.pending(key, self.place(name))) {
            Some(Entered::Field(value)) => Some(value),
            _ => self.saved.with(|saved| saved.get(name).cloned()),
        }
    }

    /// Every field, as last entered.
    pub fn fields(self) -> Map<String, DraftValue> {
        let mut fields = self.saved.get();
        fields.extend(self.key.with_value(|key| self.workspace.pending_fields(key, self.appraisal)));
        fields
    }

    /// The text of a field that holds only text.
    pub fn text(self, name: &str) -> String {
        self.field(name).map(|field| field.text).unwrap_or_default()
    }

    /// Enters a number and keeps the reason.
    pub fn put_value(self, name: &str, value: Option<Exact>) {
        let old = untrack(|| self.field(name)).unwrap_or_default();
        self.enter(name, DraftValue { value, ..old });
    }

    /// Enters a text or a reason and keeps the number.
    pub fn put_text(self, name: &str, text: String) {
        let old = untrack(|| self.field(name)).unwrap_or_default();
        self.enter(name, DraftValue { text, ..old });
    }

    /// Enters a finding on a line; `None` takes it back.
    pub fn put_review(self, line: LineId, review: Option<LineReview>) {
        self.enter(&format!("line/{line}"), DraftValue { review, ..DraftValue::default() });
    }
}

/// The prefix of fields for events.
const EVENT: &str = "event/";

impl Draft {
    /// Enters what is stated of an event of the pack.
    pub fn put_event(self, code: &str, event: EventStated) {
        self.enter(&format!("{EVENT}{code}"), DraftValue { event: Some(event), ..DraftValue::default() });
    }

    /// What is stated of an event, as it was typed.
    pub fn event(self, code: &str) -> Option<EventStated> {
        self.field(&format!("{EVENT}{code}"))?.event
    }
}

/// The prefix of fields for criteria that do not apply.
const WITHOUT: &str = "without/";

impl Draft {
    /// Whether a criterion is said not to apply.
    pub fn is_without(self, code: &str) -> bool {
        self.field(&format!("{WITHOUT}{code}")).is_some_and(|field| is_yes(&field))
    }
}

impl Draft {
    /// Whether somebody said that a criterion applies after all.
    pub fn is_said_to_apply(self, code: &str) -> bool {
        self.field(&format!("{WITHOUT}{code}")).is_some_and(|field| field.value.is_some() && !is_yes(&field))
    }
}

fn is_yes(field: &DraftValue) -> bool {
    field.value.as_ref().is_some_and(|value| !value.is_zero())
}

/// Enters the criteria that do not apply into `without`, with their reasons, and removes those that apply.
pub fn apply_without(fields: &Map<String, DraftValue>, without: &mut Map<String, String>) {
    for (name, field) in fields {
        let Some(code) = name.strip_prefix(WITHOUT) else { continue };
        if is_yes(field) {
            without.insert(code.to_owned(), field.text.trim().to_owned());
        } else {
            without.remove(code);
        }
    }
}

fn fields_of_without(without: &Map<String, String>) -> Map<String, DraftValue> {
    let field = |(code, reason): (&String, &String)| {
        (format!("{WITHOUT}{code}"), DraftValue { value: Some(Exact::one()), ..text_field(reason) })
    };
    without.iter().map(field).collect()
}

/// The events stated in fields, without blanks around their texts.
pub fn events(fields: &Map<String, DraftValue>) -> Map<String, EventStated> {
    let event = |(name, field): (&String, &DraftValue)| {
        let mut event = field.event.clone()?;
        event.evidence = event.evidence.trim().to_owned();
        event.reason = event.reason.trim().to_owned();
        Some((name.strip_prefix(EVENT)?.to_owned(), event))
    };
    fields.iter().filter_map(event).collect()
}

/// The prefix of fields for weighted products.
const PRODUCT: &str = "product/";
/// The field of the position, as its word in the pack.
pub const POSITION: &str = "position";
/// The field of the reason why a superior states another position.
pub const POSITION_REASON: &str = "position-reason";

impl Draft {
    /// Enters what is stated of a product; none takes it away.
    pub fn put_product(self, number: ProductNumber, product: Option<ProductStated>) {
        self.enter(&format!("{PRODUCT}{number}"), DraftValue { product, ..DraftValue::default() });
    }

    /// What is stated of a product, as it was typed.
    pub fn product(self, number: ProductNumber) -> Option<ProductStated> {
        self.field(&format!("{PRODUCT}{number}"))?.product
    }
}

/// Enters the products into `products`, without blanks around their texts, and removes those that were taken away.
pub fn apply_products(fields: &Map<String, DraftValue>, products: &mut Map<ProductNumber, ProductStated>) {
    for (name, field) in fields {
        let Some(number) = name.strip_prefix(PRODUCT).and_then(|number| number.parse().ok()) else { continue };
        match field.product.clone() {
            Some(mut product) => {
                for text in [&mut product.name, &mut product.evidence, &mut product.reason] {
                    *text = text.trim().to_owned();
                }
                products.insert(ProductNumber(number), product);
            }
            None => drop(products.remove(&ProductNumber(number))),
        }
    }
}

/// The position that fields name, or none.
pub fn position(fields: &Map<String, DraftValue>) -> Option<PositionStated> {
    let text = |name: &str| fields.get(name).map(|field| field.text.trim().to_owned()).unwrap_or_default();
    let id = text(POSITION);
    (!id.is_empty()).then(|| PositionStated { id, reason: text(POSITION_REASON) })
}

fn fields_of_stated(stated: &Stated) -> Map<String, DraftValue> {
    let event = |(code, event): (&String, &EventStated)| {
        (format!("{EVENT}{code}"), DraftValue { event: Some(event.clone()), ..DraftValue::default() })
    };
    let product = |(number, product): (&ProductNumber, &ProductStated)| {
        (format!("{PRODUCT}{number}"), DraftValue { product: Some(product.clone()), ..DraftValue::default() })
    };
    let position = stated.position.iter().flat_map(|position| {
        [(POSITION.to_owned(), text_field(&position.id)), (POSITION_REASON.to_owned(), text_field(&position.reason))]
    });
    let mut fields = fields_of_without(&stated.without);
    fields.extend(stated.events.iter().map(event));
    fields.extend(stated.products.iter().map(product));
    fields.extend(position);
    fields
}

/// All known fields of a score. A submitted score also shows itself where its draft never was, such as on another
/// device.
fn known_fields(card: &Card, appraisal: bool) -> Map<String, DraftValue> {
    let mut fields = card.draft(appraisal);
    if appraisal {
        if let Some(before) = card.appraisal() {
            let mut known = fields_of(&before.marks, &before.leadership, &before.facts);
            known.append(&mut fields_of_stated(&before.stated));
            known.insert("comment".to_owned(), text_field(&before.comment));
            known.insert(EXPLANATION.to_owned(), text_field(&before.explanation));
            known.append(&mut fields);
            return known;
        }
    } else if let Some(own) = card.self_score() {
        fields.append(&mut fields_of(&own.marks, &own.leadership, &own.facts));
        fields.append(&mut fields_of_stated(&own.stated));
        fields.insert("strengths".to_owned(), text_field(&own.strengths));
        fields.insert("weaknesses".to_owned(), text_field(&own.weaknesses));
    }
    fields
}

/// The field that explains why self-score and appraisal are far apart.
pub const EXPLANATION: &str = "explanation";
/// The prefix of fields for facts that are answered with yes, no or a class.
const FACT: &str = "fact/";
/// The prefix of fields for facts that are numbers.
pub const NUMBER: &str = "number/";

fn text_field(text: &str) -> DraftValue {
    DraftValue { text: text.to_owned(), ..DraftValue::default() }
}

fn fields_of(
    marks: &Map<String, Mark>,
    leadership: &Map<String, Mark>,
    facts: &Map<String, FactValue>,
) -> Map<String, DraftValue> {
    let field = |prefix: &str, code: &String, mark: &Mark| {
        let value = DraftValue { value: Some(mark.value.clone()), text: mark.reason.clone(), ..DraftValue::default() };
        (format!("{prefix}/{code}"), value)
    };
    let marks = marks.iter().map(|(code, mark)| field("mark", code, mark));
    let parts = leadership.iter().map(|(code, mark)| field("leadership", code, mark));
    let stated = facts.iter().map(|(code, fact)| match fact {
        FactValue::Number(_) => (format!("{NUMBER}{code}"), fact_field(fact)),
        _ => (format!("{FACT}{code}"), fact_field(fact)),
    });
    marks.chain(parts).chain(stated).collect()
}

fn fact_field(fact: &FactValue) -> DraftValue {
    match fact {
        FactValue::Flag(flag) => DraftValue { value: Some(Exact::from(u32::from(*flag))), ..DraftValue::default() },
        FactValue::Number(number) => DraftValue { value: Some(number.clone()), ..DraftValue::default() },
        FactValue::Class(class) => text_field(class),
    }
}

/// The marks under a prefix such as `mark/`, without empty ones.
pub fn marks(fields: &Map<String, DraftValue>, prefix: &str) -> Map<String, Mark> {
    let mark = |(name, field): (&String, &DraftValue)| {
        let code = name.strip_prefix(prefix)?;
        let value = field.value.clone()?;
        Some((code.to_owned(), Mark { value, reason: field.text.trim().to_owned() }))
    };
    fields.iter().filter_map(mark).collect()
}

/// Enters the stated facts into `facts`, and removes those that are no longer stated.
pub fn apply_facts(fields: &Map<String, DraftValue>, facts: &mut Map<String, FactValue>) {
    for (name, field) in fields {
        if let Some(code) = name.strip_prefix(NUMBER) {
            match &field.value {
                Some(value) => facts.insert(code.to_owned(), FactValue::Number(value.clone())),
                None => facts.remove(code),
            };
        }
        let Some(code) = name.strip_prefix(FACT) else { continue };
        match (&field.value, field.text.as_str()) {
            (Some(value), _) => facts.insert(code.to_owned(), FactValue::Flag(!value.is_zero())),
            (None, "") => facts.remove(code),
            (None, class) => facts.insert(code.to_owned(), FactValue::Class(class.to_owned())),
        };
    }
}

/// Enters the findings on lines into `reviews`, and removes those that were taken back.
pub fn apply_reviews(fields: &Map<String, DraftValue>, reviews: &mut Map<LineId, LineReview>) {
    for (name, field) in fields {
        let Some(line) = name.strip_prefix("line/").and_then(|line| line.parse().ok()) else { continue };
        match &field.review {
            Some(review) => reviews.insert(line, review.clone()),
            None => reviews.remove(&line),
        };
    }
}

/// The self-score that the fields make.
pub fn self_score(fields: &Map<String, DraftValue>) -> SelfScore {
    let text = |name: &str| fields.get(name).map(|field| field.text.trim().to_owned()).unwrap_or_default();
    let mut facts = Map::new();
    apply_facts(fields, &mut facts);
    let mut without = Map::new();
    apply_without(fields, &mut without);
    let mut products = Map::new();
    apply_products(fields, &mut products);
    let mut given = marks(fields, "mark/");
    // A row that does not apply has no mark.
    given.retain(|code, _| !without.contains_key(code));
    SelfScore {
        marks: given,
        leadership: marks(fields, "leadership/"),
        strengths: text("strengths"),
        weaknesses: text("weaknesses"),
        facts,
        stated: Stated {
            events: events(fields).into_iter().filter(|(_, event)| event.count > 0).collect(),
            without,
            products,
            position: position(fields),
        },
    }
}
