//! Naming a unit on the command line.

use shared::ids::UnitId;
use shared::org::{Org, Unit, UnitKind};
use shared::text::fold;

/// The unit meant: by id, by name, or, where nothing is said, the only agency there is.
pub(super) fn unit_of(org: &Org, field: &str, wanted: Option<&str>) -> anyhow::Result<UnitId> {
    let named = |unit: &&Unit, wanted: &str| unit.id.to_string() == wanted || fold(&unit.name) == fold(wanted);
    let found: Vec<&Unit> = match wanted {
        Some(wanted) => org.units().filter(|unit| named(unit, wanted)).collect(),
        None => org.units().filter(|unit| unit.kind == UnitKind::Agency).collect(),
    };
    let all = || org.units().map(|unit| unit.name.as_str()).collect::<Vec<_>>().join(", ");
    match found.as_slice() {
        [unit] => Ok(unit.id),
        [] => anyhow::bail!("{field}: found {}, allowed one of: {}", wanted.unwrap_or("no agency"), all()),
        several => {
            let names: Vec<String> = several.iter().map(|unit| format!("{} ({})", unit.name, unit.id)).collect();
            anyhow::bail!("{field}: found {} units, name one of: {}", several.len(), names.join(", "))
        }
    }
}
