//! Signals and memos with the words of Leptos, whose inner works exist once and not once for every type of value.

use std::any::Any;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use leptos::prelude as inner;
use leptos::prelude::{Get as _, GetUntracked as _, Set as _};

/// What a signal may hold.
pub trait Content: Send + Sync + 'static {}

impl<T: Send + Sync + 'static> Content for T {}

type Same = fn(&dyn Any, &dyn Any) -> bool;

/// A value of any type, and how to tell whether another is the same.
#[derive(Clone)]
struct Held {
    value: Arc<dyn Any + Send + Sync>,
    same: Same,
}

impl PartialEq for Held {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.value, &other.value) || (self.same)(&*self.value, &*other.value)
    }
}

impl Held {
    fn new(value: impl Content) -> Self {
        Self { value: Arc::new(value), same: |_, _| false }
    }

    fn comparable<T: Content + PartialEq>(value: T) -> Self {
        Self { value: Arc::new(value), same: |one, other| one.downcast_ref::<T>() == other.downcast_ref::<T>() }
    }
}

/// A look at a value.
pub struct Read<T> {
    held: Held,
    kind: PhantomData<T>,
}

impl<T: Content> Deref for Read<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // Every constructor of a signal of `T` puts a `T` in.
        self.held.value.downcast_ref().unwrap_or_else(|| unreachable!())
    }
}

impl<T> From<Held> for Read<T> {
    fn from(held: Held) -> Self {
        Self { held, kind: PhantomData }
    }
}

macro_rules! reader {
    ($name:ident) => {
        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<T> Copy for $name<T> {}

        impl<T: Content> $name<T> {
            /// A look at the value; who looks is run again when it changes.
            pub fn read(self) -> Read<T> {
                self.0.get().into()
            }

            /// A look at the value that is not followed.
            pub fn read_untracked(self) -> Read<T> {
                self.0.get_untracked().into()
            }

            /// What `read` makes of the value.
            pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
                read(&self.read())
            }

            /// The value; who asks is run again when it changes.
            pub fn get(self) -> T
            where
                T: Clone,
            {
                T::clone(&self.read())
            }

            /// The value, not followed.
            pub fn get_untracked(self) -> T
            where
                T: Clone,
            {
                T::clone(&self.read_untracked())
            }
        }
    };
}

/// A value worked out of other signals, told of only when it changes.
pub struct Memo<T>(inner::Memo<Held>, PhantomData<fn() -> T>);

/// A value that anyone may set.
pub struct RwSignal<T>(inner::RwSignal<Held>, PhantomData<fn() -> T>);

/// A value to follow, wherever it comes from.
pub struct Signal<T>(inner::Signal<Held>, PhantomData<fn() -> T>);

reader!(Memo);
reader!(RwSignal);
reader!(Signal);

#[inline(never)]
fn memo(make: Box<dyn Fn() -> Held + Send + Sync>) -> inner::Memo<Held> {
    inner::Memo::new(move |_| make())
}

#[inline(never)]
fn derived(make: Box<dyn Fn() -> Held + Send + Sync>) -> inner::Signal<Held> {
    inner::Signal::derive(make)
}

impl<T: Content + PartialEq> Memo<T> {
    /// Worked out now and whenever what was read in it changes.
    pub fn new(make: impl Fn(()) -> T + Send + Sync + 'static) -> Self {
        Self(memo(Box::new(move || Held::comparable(make(())))), PhantomData)
    }
}

impl<T: Content> RwSignal<T> {
    /// Holds `value`.
    pub fn new(value: T) -> Self {
        Self(inner::RwSignal::new(Held::new(value)), PhantomData)
    }

    /// Follows the value without looking.
    pub fn track(self) {
        let _ = self.0.get();
    }

    /// Holds `value` from now on.
    pub fn set(self, value: T) {
        self.0.set(Held::new(value));
    }

    /// As [`Self::set`], and whether it could: nothing happens when the page that made it is gone.
    pub fn try_set(self, value: T) -> bool {
        // What is given back was not taken.
        self.0.try_set(Held::new(value)).is_none()
    }

    /// Changes the value.
    pub fn update(self, change: impl FnOnce(&mut T))
    where
        T: Clone,
    {
        let mut value = self.get_untracked();
        change(&mut value);
        self.set(value);
    }
}

impl<T> PartialEq for RwSignal<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T: Content> Signal<T> {
    /// Worked out at every look.
    pub fn derive(make: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self(derived(Box::new(move || Held::new(make()))), PhantomData)
    }
}

impl<T: Content + Default> Default for Signal<T> {
    fn default() -> Self {
        T::default().into()
    }
}

impl<T: Content> From<T> for Signal<T> {
    fn from(value: T) -> Self {
        Self(inner::Signal::stored(Held::new(value)), PhantomData)
    }
}

impl From<&'static str> for Signal<String> {
    fn from(words: &'static str) -> Self {
        words.to_owned().into()
    }
}

impl<T: Content> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self(memo.0.into(), PhantomData)
    }
}

impl<T: Content> From<RwSignal<T>> for Signal<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self(signal.0.into(), PhantomData)
    }
}
