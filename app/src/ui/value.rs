//! Values of attributes: words, yes or no, nothing, or what a signal says.

use super::signal::{Content, Memo, RwSignal, Signal};

/// The value of an attribute, a property or a class.
pub enum Value {
    /// Not there.
    Absent,
    /// There without words, or not there.
    Flag(bool),
    /// Words of the program.
    Fixed(&'static str),
    /// Words.
    Text(String),
    /// What the signals read in it say, now and whenever they change.
    Live(Box<dyn FnMut() -> Value + Send>),
}

impl Value {
    /// The words it stands for; none when it is not there.
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Absent | Self::Flag(false) | Self::Live(_) => None,
            Self::Flag(true) => Some(""),
            Self::Fixed(words) => Some(words),
            Self::Text(words) => Some(words),
        }
    }
}

/// What `view!` takes as a value.
pub trait IntoValue {
    /// As data.
    fn into_value(self) -> Value;
}

impl IntoValue for &'static str {
    fn into_value(self) -> Value {
        Value::Fixed(self)
    }
}

impl IntoValue for String {
    fn into_value(self) -> Value {
        Value::Text(self)
    }
}

impl IntoValue for bool {
    fn into_value(self) -> Value {
        Value::Flag(self)
    }
}

impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self) -> Value {
        self.map_or(Value::Absent, T::into_value)
    }
}

impl<F, T> IntoValue for F
where
    F: FnMut() -> T + Send + 'static,
    T: IntoValue,
{
    fn into_value(mut self) -> Value {
        Value::Live(Box::new(move || self().into_value()))
    }
}

macro_rules! signals {
    ($($signal:ident),+) => {$(
        impl<T: IntoValue + Clone + Content> IntoValue for $signal<T> {
            fn into_value(self) -> Value {
                (move || self.get()).into_value()
            }
        }
    )+};
}

signals!(Memo, RwSignal, Signal);
