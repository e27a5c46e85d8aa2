//! Where the steps of a result go: into a list, or at once into an answer that is being written.

use std::fmt::{self, Arguments, Display};

use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

use super::Inputs;
use crate::num::Exact;
use crate::score::outcome::Step;
use crate::time::Day;

/// Takes the steps of a result, one after the other.
pub(in crate::score) trait Steps {
    /// Takes the next step.
    fn take(&mut self, step: impl Into<Step> + Serialize);
}

impl Steps for Vec<Step> {
    fn take(&mut self, step: impl Into<Step> + Serialize) {
        self.push(step.into());
    }
}

/// Steps that are written while they are computed. After an error nothing more is written.
pub(in crate::score) struct Written<S: SerializeSeq> {
    pub(in crate::score) list: S,
    pub(in crate::score) so_far: Result<(), S::Error>,
}

impl<S: SerializeSeq> Steps for Written<S> {
    fn take(&mut self, step: impl Into<Step> + Serialize) {
        if self.so_far.is_ok() {
            self.so_far = self.list.serialize_element(&step);
        }
    }
}

/// The step of a line of work. A card has dozens of them, so their parts become text only where they are written.
#[derive(Serialize)]
pub(super) struct LineStep<'a> {
    pub(super) step: Arguments<'a>,
    pub(super) formula: &'a str,
    pub(super) inputs: LineInputs<'a>,
    pub(super) value: &'a Exact,
    pub(super) clause: &'a str,
}

/// The inputs that a line may have, in the order of their names.
pub(super) struct LineInputs<'a>(pub(super) [(&'static str, Option<Input<'a>>); 11]);

/// One input of a line.
#[derive(Clone, Copy, Serialize)]
#[serde(untagged)]
pub(super) enum Input<'a> {
    Text(&'a str),
    Number(&'a Exact),
    #[serde(serialize_with = "as_text")]
    Count(u32),
    #[serde(serialize_with = "as_text")]
    Day(Day),
}

fn as_text<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

impl Display for Input<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => out.write_str(text),
            Self::Number(number) => number.fmt(out),
            Self::Count(count) => count.fmt(out),
            Self::Day(day) => day.fmt(out),
        }
    }
}

impl<'a> LineInputs<'a> {
    /// The inputs that the line has.
    fn present(&self) -> impl Iterator<Item = (&'static str, Input<'a>)> {
        self.0.iter().filter_map(|(name, input)| Some((*name, (*input)?)))
    }
}

impl Serialize for LineInputs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.present())
    }
}

impl From<LineStep<'_>> for Step {
    fn from(line: LineStep<'_>) -> Self {
        let mut inputs = Inputs::new();
        for (name, input) in line.inputs.present() {
            inputs.insert(name.to_owned(), input.to_string());
        }
        super::step(&line.step.to_string(), line.formula.to_owned(), inputs, line.value, line.clause)
    }
}
