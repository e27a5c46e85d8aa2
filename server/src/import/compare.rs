//! Finds what a new list would change against the one in force.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use shared::work::{Product, WorkList};

use super::sheet::number_text;
use crate::lang::Lang;

/// A field of a product that differs between the lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Name of the field.
    pub field: &'static str,
    /// Its present value.
    pub from: String,
    /// Its new value.
    pub to: String,
}

/// A product that differs between the lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProductChange {
    /// Its code.
    pub code: String,
    /// The fields that differ.
    pub fields: Vec<FieldChange>,
}

/// The changes that a new list makes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Codes that are new.
    pub added: Vec<String>,
    /// Products that differ, field by field.
    pub changed: Vec<ProductChange>,
    /// Products that stay as they are.
    pub unchanged: usize,
    /// Codes that would no longer be assignable.
    pub dropped: Vec<String>,
}

impl Changes {
    /// Compares a list with the one in force, if there is one.
    #[must_use]
    pub fn between(known: Option<&WorkList>, products: &[Product]) -> Self {
        let none = BTreeMap::new();
        let known = known.map_or(&none, |list| &list.products);
        let mut changes = Self::default();
        for product in products {
            match known.get(&product.code) {
                None => changes.added.push(product.code.clone()),
                Some(old) if old == product => changes.unchanged += 1,
                Some(old) => {
                    let fields = fields_between(old, product);
                    changes.changed.push(ProductChange { code: product.code.clone(), fields });
                }
            }
        }
        let stays = |code: &String| products.iter().any(|product| product.code == *code);
        changes.dropped = known.keys().filter(|code| !stays(code)).cloned().collect();
        changes
    }

    /// Whether everything stays as it is.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.dropped.is_empty()
    }

    /// The changes as text.
    #[must_use]
    pub fn to_text(&self, lang: Lang) -> String {
        let mut out = lang.pick(
            format!(
                "So với danh mục hiện hành: thêm {}, sửa {}, giữ nguyên {}, bỏ {}\n",
                self.added.len(),
                self.changed.len(),
                self.unchanged,
                self.dropped.len()
            ),
            format!(
                "Against the list in force: {} added, {} changed, {} unchanged, {} dropped\n",
                self.added.len(),
                self.changed.len(),
                self.unchanged,
                self.dropped.len()
            ),
        );
        for code in &self.added {
            let _ = writeln!(out, "  + {code}");
        }
        for product in &self.changed {
            for change in &product.fields {
                let field = field_name(change.field, lang);
                let _ = writeln!(out, "  ~ {} {field}: “{}” → “{}”", product.code, change.from, change.to);
            }
        }
        for code in &self.dropped {
            let _ = writeln!(out, "  - {code}");
        }
        out
    }
}

fn fields_between(old: &Product, new: &Product) -> Vec<FieldChange> {
    texts_of(old)
        .into_iter()
        .zip(texts_of(new))
        .filter(|((_, from), (_, to))| from != to)
        .map(|((field, from), (_, to))| FieldChange { field, from, to })
        .collect()
}

fn texts_of(product: &Product) -> [(&'static str, String); 9] {
    let frame = format!("{}-{}", number_text(&product.frame_min), number_text(&product.frame_max));
    [
        ("name", product.name.clone()),
        ("detail", product.detail.clone()),
        ("output", product.output.clone()),
        ("unit_name", product.unit_name.clone().unwrap_or_default()),
        ("group", product.group.clone()),
        ("frame", frame),
        ("points", number_text(&product.points)),
        ("coefficient", number_text(&product.coefficient)),
        ("note", product.note.clone()),
    ]
}

fn field_name(field: &'static str, lang: Lang) -> &'static str {
    if lang == Lang::En {
        return field;
    }
    match field {
        "name" => "nhiệm vụ",
        "detail" => "công việc chi tiết",
        "output" => "sản phẩm đầu ra",
        "unit_name" => "phòng, ban",
        "group" => "nhóm",
        "frame" => "khung điểm",
        "points" => "điểm chấm",
        "coefficient" => "hệ số quy đổi",
        _ => "ghi chú",
    }
}
