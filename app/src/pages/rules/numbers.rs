//! Numbers entered for a template on this device. They are stored as settings, and put into the template to make a pack
//! that can score. No signals here.

use shared::ids::PackHash;
use shared::num::Exact;
use shared::pack::{self, Factor, Finding, Pack, PackStatus, Rule};
use shared::sorted_map::Map;

use crate::i18n::{language, read_number};
use crate::platform::{read_setting, write_setting};

/// The numbers by the path of their field: `groups[0].criteria[1].max`.
pub(super) type Numbers = Map<String, Exact>;

fn setting(template: &Pack) -> String {
    format!("congtam.numbers.{}", template.id)
}

/// The numbers entered for this exact text. Another text with the same id may have other fields at the same paths.
pub(super) fn kept(template: &Pack) -> Numbers {
    let text = read_setting(&setting(template)).unwrap_or_default();
    let mut lines = text.lines();
    if lines.next() != Some(template.hash.to_string().as_str()) {
        return Numbers::new();
    }
    let number = |line: &str| {
        let (path, value) = line.split_once('=')?;
        Some((path.to_owned(), Exact::parse(value).ok()?))
    };
    lines.filter_map(number).collect()
}

/// Stores the numbers.
pub(super) fn keep(template: &Pack, numbers: &Numbers) {
    let lines = numbers.iter().map(|(path, value)| format!("\n{path}={value}"));
    write_setting(&setting(template), &(template.hash.to_string() + &lines.collect::<String>()));
}

/// The template with the numbers put in. It can score if it passes the check.
pub(super) fn completed(template: &Pack, numbers: &Numbers) -> Pack {
    let mut pack = Pack { status: PackStatus::Complete, hash: PackHash::from_bytes([0; 32]), ..template.clone() };
    for (path, value) in numbers {
        put(&mut pack, path, value);
    }
    // Where the text gives no sum for a group, the sum of its criteria is used.
    for group in &mut pack.groups {
        if group.max.is_zero() {
            group.max = group.criteria.iter().map(|criterion| &criterion.max).sum();
        }
    }
    pack
}

/// The completed pack, if nothing is missing and the check finds nothing.
pub(super) fn whole(template: &Pack) -> Option<Pack> {
    let numbers = kept(template);
    if numbers.is_empty() {
        return None;
    }
    let pack = completed(template, &numbers);
    pack::findings(&pack).is_empty().then_some(pack)
}

fn put(pack: &mut Pack, path: &str, value: &Exact) -> Option<()> {
    let mut parts = path.split('.').map(place);
    let field = match (parts.next()?, parts.next()) {
        (("scale_max", None), None) => &mut pack.scale_max,
        (("groups", Some(at)), Some(("criteria", Some(row)))) => {
            &mut pack.groups.get_mut(at)?.criteria.get_mut(row)?.max
        }
        (("groups", Some(at)), Some(("max", None))) => &mut pack.groups.get_mut(at)?.max,
        (("events", Some(at)), Some(("points", None))) => &mut pack.events.get_mut(at)?.points,
        (("classes", Some(at)), Some(("min", None))) => &mut pack.classes.get_mut(at)?.min,
        (("components", Some(at)), Some(("rule", None))) => match &mut pack.components.get_mut(at)?.rule {
            Rule::Sum { max, .. } | Rule::Products { max, .. } => max,
            _ => return None,
        },
        ((owner, None), Some((list, Some(at)))) => &mut factors(pack, owner, list)?.get_mut(at)?.factor,
        _ => return None,
    };
    *field = value.clone();
    Some(())
}

/// A list of factors, which belongs to work or to products.
fn factors<'a>(pack: &'a mut Pack, owner: &str, list: &str) -> Option<&'a mut Vec<Factor>> {
    match (owner, list) {
        ("work", "difficulties") => pack.work.as_mut().map(|work| &mut work.difficulties),
        ("work", "positions") => pack.work.as_mut().map(|work| &mut work.positions),
        ("products", "standards") => pack.products.as_mut().map(|products| &mut products.standards),
        ("products", "difficulties") => pack.products.as_mut().map(|products| &mut products.difficulties),
        _ => None,
    }
}

/// The factor that a path names.
pub(super) fn factor(pack: &Pack, path: &str) -> Option<Factor> {
    let mut parts = path.split('.').map(place);
    let ((owner, None), (list, Some(at))) = (parts.next()?, parts.next()?) else { return None };
    factors(&mut pack.clone(), owner, list)?.get(at).cloned()
}

/// Whether a number can be put at this path.
pub(super) fn takes_number(template: &Pack, path: &str) -> bool {
    put(&mut template.clone(), path, &Exact::one()).is_some()
}

/// Splits `groups[3]` into its name and its place.
pub(super) fn place(part: &str) -> (&str, Option<usize>) {
    let Some((name, rest)) = part.split_once('[') else { return (part, None) };
    (name, rest.strip_suffix(']').and_then(|place| place.parse().ok()))
}

/// Reads a number as people type it; a deduction has a minus. A text with two meanings is no number.
pub(super) fn read(text: &str) -> Option<Exact> {
    let text = text.trim();
    match text.strip_prefix(['-', '−']) {
        Some(rest) => read_number(rest).ok().map(|number| -number),
        None => read_number(text).ok(),
    }
}

/// What the check finds in the template with the numbers put in.
pub(super) fn findings(template: &Pack, numbers: &Numbers) -> Vec<Finding> {
    pack::findings_in(&completed(template, numbers), language())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template() -> Pack {
        let mut pack = pack::find("nd335-congchuc").unwrap().clone();
        pack.status = PackStatus::Template;
        pack.scale_max = Exact::zero();
        for group in &mut pack.groups {
            group.max = Exact::zero();
            group.criteria.iter_mut().for_each(|criterion| criterion.max = Exact::zero());
        }
        pack
    }

    #[test]
    fn a_template_is_whole_once_every_number_the_check_asks_for_is_entered() {
        let (template, whole) = (template(), pack::find("nd335-congchuc").unwrap().clone());
        let asked = findings(&template, &Numbers::new());
        assert!(asked.iter().all(|finding| takes_number(&template, &finding.field)), "{asked:?}");
        let mut numbers = Numbers::new();
        for (at, group) in whole.groups.iter().enumerate() {
            for (row, criterion) in group.criteria.iter().enumerate() {
                numbers.insert(format!("groups[{at}].criteria[{row}].max"), criterion.max.clone());
            }
        }
        let left: Vec<String> = findings(&template, &numbers).into_iter().map(|finding| finding.field).collect();
        assert_eq!(left, ["scale_max"]);
        numbers.insert("scale_max".to_owned(), Exact::from_int(100));
        assert_eq!(completed(&template, &numbers), Pack { hash: PackHash::from_bytes([0; 32]), ..whole });
    }

    /// A template may also lack factors. If one of them could not be entered, the template could never be completed
    /// here.
    #[test]
    fn factors_of_work_and_products_can_be_entered() {
        let mut pack = template();
        let hard = || Factor { id: "hard".into(), title: Default::default(), factor: Exact::zero() };
        pack.work.as_mut().unwrap().difficulties = vec![hard()];
        let path = "work.difficulties[0].factor";
        let numbers = Numbers::from([(path.to_owned(), Exact::from_int(2))]);
        assert_eq!(factor(&completed(&pack, &numbers), path).unwrap().factor, Exact::from_int(2));
        for other in ["work.difficulties[1].factor", "work.positions[0].factor", "products.standards[0].factor"] {
            assert!(!takes_number(&pack, other), "{other}");
        }
    }

    #[test]
    fn numbers_are_read_as_typed_and_put_only_where_numbers_are() {
        assert_eq!(read(" -2,5 "), Exact::parse("-2.5").ok());
        assert_eq!(read("5"), Some(Exact::from_int(5)));
        assert_eq!(read("five"), None);
        for path in ["title.vi", "groups[99].max", "classes[0].code", "components[0].rule.marks.groups[0]", ""] {
            assert!(!takes_number(&template(), path), "{path}");
        }
    }
}
