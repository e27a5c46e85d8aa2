//! Ways in which the app is built.

/// What is built, and what for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variant {
    /// Small and compressed, as tablets get it.
    Shipped,
    /// As [`Variant::Shipped`], but optimised crate by crate: a third larger, and built in a fraction of the time.
    Preview,
    /// Quick to build, large.
    Dev,
    /// As [`Variant::Dev`], with faults asleep in it that a test can wake; nobody is ever served it.
    Faulty,
}

impl Variant {
    /// Quick to build, with names in stack traces, instead of small.
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

    /// Features of the app besides its own.
    pub(super) const fn features(self) -> &'static [&'static str] {
        match self {
            Self::Faulty => &["--features", "injected-faults"],
            Self::Shipped | Self::Preview | Self::Dev => &[],
        }
    }
}
