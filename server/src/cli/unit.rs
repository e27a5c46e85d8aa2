//! Finds the unit named on the command line.

use shared::ids::UnitId;
use shared::org::{Org, Unit, UnitKind};

use crate::names::{identity, look};
use crate::words::said;

/// The unit meant, by id or by name. Without either it is the only agency there is.
pub(super) fn unit_of(org: &Org, field: &str, wanted: Option<&str>) -> anyhow::Result<UnitId> {
    let found: Vec<&Unit> = match wanted {
        Some(wanted) => named(org, wanted),
        None => org.units().filter(|unit| unit.kind == UnitKind::Agency).collect(),
    };
    let all = || org.units().map(|unit| unit.name.as_str()).collect::<Vec<_>>().join(", ");
    match found.as_slice() {
        [unit] => Ok(unit.id),
        [] => anyhow::bail!(said(
            format!("{field}: đang là {}; cho phép: {}", wanted.unwrap_or("không cơ quan nào"), all()),
            format!("{field}: found {}, allowed one of: {}", wanted.unwrap_or("no agency"), all()),
        )),
        several => {
            let names: Vec<String> = several.iter().map(|unit| format!("{} ({})", unit.name, unit.id)).collect();
            let (count, names) = (several.len(), names.join(", "));
            anyhow::bail!(said(
                format!("{field}: có {count} đơn vị như vậy; hãy nêu một trong: {names}"),
                format!("{field}: found {count} units, name one of: {names}"),
            ))
        }
    }
}

/// The units with exactly this name. If there are none, the units with a similar name, because people in a hurry leave
/// out diacritics.
fn named<'a>(org: &'a Org, wanted: &str) -> Vec<&'a Unit> {
    let as_written = |unit: &&Unit| unit.id.to_string() == wanted || identity(&unit.name) == identity(wanted);
    let found: Vec<&Unit> = org.units().filter(as_written).collect();
    if found.is_empty() { org.units().filter(|unit| look(&unit.name) == look(wanted)).collect() } else { found }
}
