//! The variants in which the app is built.

/// A variant and its purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variant {
    /// Small and compressed, as devices get it.
    Shipped,
    /// Like [`Variant::Shipped`], but optimised crate by crate. It is a third larger and builds in a fraction of the
    /// time.
    Preview,
    /// Quick to build, large.
    Dev,
    /// Like [`Variant::Dev`], with inactive faults that a test can inject. It is never served to anybody.
    Faulty,
}

impl Variant {
    /// Whether it is quick to build, with names in stack traces, instead of small.
    pub(super) const fn is_quick(self) -> bool {
        matches!(self, Self::Dev | Self::Faulty)
    }

    /// The folder below the target folder.
    pub(super) const fn folder(self) -> &'static str {
        match self {
            Self::Shipped => "dist",
            Self::Preview => "dist-preview",
            Self::Dev => "dist-dev",
            Self::Faulty => "dist-faulty",
        }
    }

    pub(super) const fn profile(self) -> &'static str {
        match self {
            Self::Shipped => "wasm",
            Self::Preview => "wasm-preview",
            Self::Dev | Self::Faulty => "dev",
        }
    }

    /// Features of the app besides its default ones.
    pub(super) const fn features(self) -> &'static [&'static str] {
        match self {
            Self::Faulty => &["--features", "injected-faults"],
            Self::Shipped | Self::Preview | Self::Dev => &[],
        }
    }
}
