//! Faults that were found after the result of a card was decided.

use super::{Card, Value, Version, events};
use crate::op::{Fault, Register};
use crate::score::Event;

impl Card {
    /// The faults that stand, with the operation that recorded each.
    pub fn faults(&self) -> impl Iterator<Item = (&Version, &Fault)> {
        let held = self.registers.iter().filter(|(register, _)| matches!(register, Register::Fault(_)));
        held.filter_map(|(_, versions)| match versions.as_slice() {
            [version] => Some((version, version.fault()?)),
            // Two people said at once that it is none.
            _ => None,
        })
    }

    /// The faults that cost the period of this card itself.
    pub(super) fn own_faults(&self) -> Vec<Event> {
        self.faults().filter(|(_, fault)| fault.reopens.is_some()).map(|(_, fault)| counted(fault)).collect()
    }
}

/// The fault as the engine takes it.
pub(crate) fn counted(fault: &Fault) -> Event {
    events::happened((&fault.code, &fault.event))
}

impl Version {
    /// The fault, if it is one.
    const fn fault(&self) -> Option<&Fault> {
        match &self.value {
            Value::Fault(fault) => Some(fault),
            _ => None,
        }
    }
}
