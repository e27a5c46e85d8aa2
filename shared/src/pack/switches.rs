//! The readings on which the arithmetic depends. A pack decides which of them its regulation leaves open and which is
//! the default.

use crate::sorted_map::Map;

macro_rules! switch {
    ($(#[$doc:meta])* $name:ident = $option:literal { $($(#[$value_doc:meta])* $value:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
        pub enum $name {
            $($(#[$value_doc])* $value,)*
        }

        impl $name {
            /// The option that sets it.
            pub const OPTION: &'static str = $option;
            /// The words for its values.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            fn chosen(options: &Map<String, String>) -> Self {
                match options.get(Self::OPTION).map(String::as_str) {
                    $(Some($word) => Self::$value,)*
                    _ => Self::default(),
                }
            }
        }
    };
}

switch! {
    /// What counts as a lateness.
    LateUnit = "late_unit" {
        /// Each time late.
        #[default]
        Occurrence = "occurrence",
        /// Each day late.
        Day = "day",
        /// The days late, by the pack's bands.
        Bands = "bands",
    }
}

switch! {
    /// What quality and progress are divided by.
    Denominator = "denominator" {
        /// Converted work assigned.
        #[default]
        Assigned = "assigned",
        /// Converted work completed.
        Completed = "completed",
    }
}

switch! {
    /// Where the limit of 100 % applies.
    Cap = "cap" {
        /// The own work of a line counts at most as assigned; a component is at most 1.
        #[default]
        Line = "line",
        /// The own work of all lines of one product together counts at most as assigned; a component is at most 1.
        Indicator = "indicator",
        /// A component is at most 1.
        Component = "component",
        /// Only the numbers computed from the components are limited.
        Total = "total",
    }
}

switch! {
    /// Which marks are allowed.
    Marking = "common" {
        /// Any mark from 0 to the maximum.
        #[default]
        Graded = "graded",
        /// 0 or the maximum.
        Binary = "binary",
        /// Any mark. The result names the pack's level into which it falls.
        Bands = "bands",
    }
}

switch! {
    /// Rounding of the total.
    Rounding = "rounding" {
        /// No rounding.
        #[default]
        None = "none",
        /// Each product is rounded half up to 0.1. The total is not rounded again.
        TenthProduct = "tenth_product",
        /// Half up to 0.1.
        Tenth = "tenth",
        /// Half up to 0.5.
        Half = "half",
        /// Cut off after two decimals.
        CutHundredth = "cut_hundredth",
    }
}

switch! {
    /// What follows when the points suffice and a gate fails.
    GateFailure = "gate_failure" {
        /// The highest class whose gates hold.
        #[default]
        Drop = "drop",
        /// The authority decides. Until then it is the highest class whose gates hold.
        Authority = "authority",
    }
}

switch! {
    /// How often an event that happened several times counts.
    EventCount = "event_count" {
        /// Each time.
        #[default]
        Each = "each",
        /// Once in the period, however often it happened.
        Once = "once",
    }
}

switch! {
    /// What happens to a criterion that does not apply to a person.
    NotApplicable = "not_applicable" {
        /// This is not allowed: every criterion is marked.
        #[default]
        Refuse = "refuse",
        /// It is left out, and the rest of its group is scaled up to the group's maximum.
        Rescale = "rescale",
        /// It is granted in full.
        Grant = "grant",
    }
}

switch! {
    /// The weight of work.
    Coefficient = "coefficient" {
        /// The product's own coefficient.
        #[default]
        Product = "product",
        /// The factor of its level of difficulty.
        Level = "level",
        /// Both multiplied.
        ProductLevel = "product_level",
    }
}

switch! {
    /// Whether work is also multiplied by a factor of the position.
    PositionMultiplier = "position_multiplier" {
        /// It is not.
        #[default]
        Off = "off",
        /// It is.
        On = "on",
    }
}

switch! {
    /// Whether a mark below the maximum needs a reason.
    ReasonBelowMax = "reason_below_max" {
        /// It does not.
        #[default]
        Off = "off",
        /// It does.
        On = "on",
    }
}

switch! {
    /// How low deductions can bring a total.
    TotalFloor = "total_floor" {
        /// There is no lower bound.
        #[default]
        None = "none",
        /// A total is at least 0.
        Zero = "zero",
    }
}

switch! {
    /// Where one and the same event may count.
    DoublePenalty = "discipline" {
        /// In one place: points, class, or a leader's share.
        #[default]
        Class = "class",
        /// In points and in the class.
        ClassAndPoints = "class_and_points",
    }
}

/// All readings on which the arithmetic depends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Switches {
    /// What counts as a lateness.
    pub late_unit: LateUnit,
    /// What quality and progress are divided by.
    pub denominator: Denominator,
    /// Where the limit of 100 % applies.
    pub cap: Cap,
    /// Which marks are allowed.
    pub marking: Marking,
    /// Rounding of the total.
    pub rounding: Rounding,
    /// What follows when points suffice and a gate fails.
    pub gate_failure: GateFailure,
    /// How often an event that happened several times counts.
    pub event_count: EventCount,
    /// What happens to a criterion that does not apply.
    pub not_applicable: NotApplicable,
    /// The weight of work.
    pub coefficient: Coefficient,
    /// Whether work is multiplied by a factor of the position.
    pub position_multiplier: PositionMultiplier,
    /// Whether a mark below the maximum needs a reason.
    pub reason_below_max: ReasonBelowMax,
    /// How low deductions can bring a total.
    pub total_floor: TotalFloor,
    /// Where one and the same event may count.
    pub double_penalty: DoublePenalty,
}

impl Switches {
    /// The switches that the options set. A value that a switch does not know leaves its first value: packs and inputs
    /// were checked before.
    #[must_use]
    pub fn chosen(options: &Map<String, String>) -> Self {
        Self {
            late_unit: LateUnit::chosen(options),
            denominator: Denominator::chosen(options),
            cap: Cap::chosen(options),
            marking: Marking::chosen(options),
            rounding: Rounding::chosen(options),
            gate_failure: GateFailure::chosen(options),
            event_count: EventCount::chosen(options),
            not_applicable: NotApplicable::chosen(options),
            coefficient: Coefficient::chosen(options),
            position_multiplier: PositionMultiplier::chosen(options),
            reason_below_max: ReasonBelowMax::chosen(options),
            total_floor: TotalFloor::chosen(options),
            double_penalty: DoublePenalty::chosen(options),
        }
    }

    /// The values of a switch; `None` for options that are not a switch.
    #[must_use]
    pub fn words(option: &str) -> Option<&'static [&'static str]> {
        match option {
            LateUnit::OPTION => Some(LateUnit::WORDS),
            Denominator::OPTION => Some(Denominator::WORDS),
            Cap::OPTION => Some(Cap::WORDS),
            Marking::OPTION => Some(Marking::WORDS),
            Rounding::OPTION => Some(Rounding::WORDS),
            GateFailure::OPTION => Some(GateFailure::WORDS),
            EventCount::OPTION => Some(EventCount::WORDS),
            NotApplicable::OPTION => Some(NotApplicable::WORDS),
            Coefficient::OPTION => Some(Coefficient::WORDS),
            PositionMultiplier::OPTION => Some(PositionMultiplier::WORDS),
            ReasonBelowMax::OPTION => Some(ReasonBelowMax::WORDS),
            TotalFloor::OPTION => Some(TotalFloor::WORDS),
            DoublePenalty::OPTION => Some(DoublePenalty::WORDS),
            _ => None,
        }
    }
}
