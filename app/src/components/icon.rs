//! The icons that stand beside words.

use leptos::prelude::*;

/// An icon beside words; it never replaces them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Work,
    Pencil,
    People,
    Stamp,
    Table,
    Send,
    Gear,
    Tablet,
    Tick,
    DoubleTick,
    Warning,
    Stop,
    Clock,
    Arrow,
    Back,
    Forward,
    Plus,
    Copy,
    Cloud,
    Info,
    Book,
    Calendar,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Work => "M4 5h16v15H4zM8 3v4M16 3v4M8 12l2 2 4-4M8 17h8",
            Self::Pencil => "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
            Self::People => {
                "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-4 3-6 6.500-6s6 2 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6.500M18 14c2 .8 3.200 2.800 3.500 6"
            }
            Self::Stamp => "M5 21h14M6 17h12v-3l-4-1V9a3 3 0 1 0-4 0v4l-4 1z",
            Self::Table => "M3 5h18v14H3zM3 10h18M3 14.500h18M9 5v14",
            Self::Send => "M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5",
            Self::Gear => {
                "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM9 19.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z"
            }
            Self::Tablet => "M6 3h12v18H6zM11 18h2",
            Self::Tick => "M4 12.500l5 5L20 6.500",
            Self::DoubleTick => "M2 13l4.500 4.500L16 8M10.500 16l1.500 1.500L22 7.500",
            Self::Warning => "M12 4L2.500 20h19zM12 10v5M12 17.500v.5",
            Self::Stop => "M8 3h8l5 5v8l-5 5H8l-5-5V8zM9 9l6 6M15 9l-6 6",
            Self::Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.500 2",
            Self::Arrow => "M4 12h15M13 6l6 6-6 6",
            Self::Back => "M15 5l-7 7 7 7",
            Self::Forward => "M9 5l7 7-7 7",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Copy => "M8 8h12v12H8zM16 8V4H4v12h4",
            Self::Cloud => {
                "M3 3l18 18M7 9a4.500 4.500 0 0 0-.5 9H16M10 6.300A5.500 5.500 0 0 1 17 10.500a3.700 3.700 0 0 1 3 6"
            }
            Self::Book => "M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h11M9 8h6",
            Self::Calendar => "M4 5h16v15H4zM4 10h16M8 3v4M16 3v4M8 14h2M14 14h2",
            Self::Info => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v6M12 7v.5",
        }
    }
}

/// Draws an icon. It is hidden from screen readers, which read the words.
pub fn icon(icon: Icon) -> AnyView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=icon.path() />
        </svg>
    }
    .into_any()
}
