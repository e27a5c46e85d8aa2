//! Finds placeholders for texts that nobody has entered. A pack with a placeholder is not complete.

use serde_json::Value;

use super::{Check, leaves, say};
use crate::pack::model::PackStatus;

/// The phrases with which packs mark a missing text, in lower case.
const GAPS: [&str; 5] = [
    "cần nhập theo văn bản",
    "entered from the text",
    "entered from their text",
    "enter from the text",
    "enter them from the text",
];

/// The code of the placeholder for classes that were not found.
const NO_CLASS: &str = "CHUA";

/// The phrase in a text that marks it as still to be entered from the regulation, in either language.
#[must_use]
pub fn unwritten(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    GAPS.into_iter().find(|gap| text.contains(gap))
}

impl Check<'_> {
    /// Reports every place of a complete pack that is still to be entered from the text. It looks at the pack as plain
    /// data, so that no field is forgotten. A sample may lack words, but not the classes to which its points lead.
    pub(super) fn unwritten(&mut self) {
        if !self.pack.status.scores() {
            return;
        }
        for (index, class) in self.pack.classes.iter().enumerate() {
            self.require(class.code != NO_CLASS, format!("classes[{index}].code"), || {
                say(
                    format!("đang là {NO_CLASS:?}, chỉ giữ chỗ cho các mức xếp loại của văn bản"),
                    format!("found {NO_CLASS:?}, which only holds the place of the text's classes"),
                )
            });
        }
        if self.pack.status != PackStatus::Complete {
            return;
        }
        for (path, value) in leaves(self.pack) {
            if let Value::String(words) = value {
                self.gap(&words, &path);
            }
        }
    }

    fn gap(&mut self, words: &str, path: &str) {
        if let Some(gap) = unwritten(words) {
            let said = say(
                format!("còn ghi “{gap}”; gói đủ số liệu phải ghi điều văn bản nêu"),
                format!("found “{gap}”, allowed in a complete pack is what the text says"),
            );
            self.add(path, said);
        }
    }
}
