//! What is entered for a template on this device: its missing numbers and words. It is stored as settings, and put into the
//! template to make a pack that can score. No signals here.

use std::ops::RangeInclusive;

use shared::ids::PackHash;
use shared::num::Exact;
use shared::pack::{self, Class, Factor, Finding, Pack, PackStatus, Rule, Text, unwritten};
use shared::sorted_map::Map;

use crate::i18n::{language, read_number};
use crate::platform::{read_setting, write_setting};

/// What was entered, by the path of its field: `groups[0].criteria[1].max`. Numbers are written as [`Exact`] writes them.
pub(super) type Entries = Map<String, String>;

/// The code of the class that only holds the place of those of the text.
const NO_CLASS: &str = "CHUA";
/// The entry that tells how many classes the text has, where the template has none of them.
pub(super) const CLASSES: &str = "classes";
/// How many there are at least, and at most.
pub(super) const CLASS_COUNT: RangeInclusive<usize> = 2..=9;

/// A place of a pack for something that people enter.
pub(super) enum Slot<'a> {
    Number(&'a mut Exact),
    Word(&'a mut String),
    /// Words for people. What is entered stands for both languages.
    Title(&'a mut Text),
}

fn setting(template: &Pack) -> String {
    format!("congtam.numbers.{}", template.id)
}

/// What was entered for this exact text. Another text with the same id may have other fields at the same paths.
pub(super) fn kept(template: &Pack) -> Entries {
    let text = read_setting(&setting(template)).unwrap_or_default();
    let mut lines = text.lines();
    if lines.next() != Some(template.hash.to_string().as_str()) {
        return Entries::new();
    }
    let entry = |line: &str| line.split_once('=').map(|(path, value)| (path.to_owned(), value.to_owned()));
    lines.filter_map(entry).collect()
}

/// Stores what was entered. A value has one line.
pub(super) fn keep(template: &Pack, entries: &Entries) {
    let lines = entries.iter().map(|(path, value)| format!("\n{path}={value}"));
    write_setting(&setting(template), &(template.hash.to_string() + &lines.collect::<String>()));
}

/// Whether the template names none of the classes of its text.
pub(super) fn lacks_classes(template: &Pack) -> bool {
    template.classes.iter().all(|class| class.code == NO_CLASS)
}

/// How many classes the text has, where the template has none of them.
pub(super) fn class_count(entries: &Entries) -> usize {
    let entered = entries.get(CLASSES).and_then(|count| count.parse().ok());
    entered.unwrap_or(4).clamp(*CLASS_COUNT.start(), *CLASS_COUNT.end())
}

/// The template with the entries put in. It can score if it passes the check.
pub(super) fn completed(template: &Pack, entries: &Entries) -> Pack {
    let mut pack = Pack { status: PackStatus::Complete, hash: PackHash::from_bytes([0; 32]), ..template.clone() };
    // Such a note only says what is missing.
    pack.notes.retain(|note| unwritten(&note.vi).is_none() && unwritten(&note.en).is_none());
    if lacks_classes(template) {
        pack.classes = vec![blank_class(); class_count(entries)];
    }
    for (path, value) in entries {
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

/// The template with the entries put in, to go on with elsewhere. It stays a template, with its notes on what is missing.
pub(super) fn unfinished(template: &Pack, entries: &Entries) -> Pack {
    let pack = completed(template, entries);
    let entered = entries.keys().any(|path| path.starts_with("classes["));
    let classes = if entered { pack.classes } else { template.classes.clone() };
    Pack { status: PackStatus::Template, notes: template.notes.clone(), classes, ..pack }
}

fn blank_class() -> Class {
    Class {
        code: String::new(),
        title: Text::default(),
        min: Exact::zero(),
        min_when: Vec::new(),
        clause: String::new(),
        gates: Vec::new(),
        otherwise: false,
    }
}

/// The completed pack, if nothing is missing and the check finds nothing. Its hash is that of what it says.
pub(super) fn whole(template: &Pack) -> Option<Pack> {
    let entries = kept(template);
    if entries.is_empty() {
        return None;
    }
    let pack = completed(template, &entries);
    let hash = PackHash::of(&pack.to_bytes());
    pack::findings(&pack).is_empty().then_some(Pack { hash, ..pack })
}

fn put(pack: &mut Pack, path: &str, value: &str) -> Option<()> {
    match slot(pack, path)? {
        Slot::Number(field) => *field = Exact::parse(value).ok()?,
        Slot::Word(field) => value.clone_into(field),
        Slot::Title(field) => *field = Text { vi: value.to_owned(), en: value.to_owned() },
    }
    Some(())
}

/// The place that a path names, if people enter something there.
pub(super) fn slot<'a>(pack: &'a mut Pack, path: &str) -> Option<Slot<'a>> {
    let mut parts = path.split('.').map(place);
    let place = match (parts.next()?, parts.next(), parts.next()) {
        (("scale_max", None), None, _) => Slot::Number(&mut pack.scale_max),
        (("instrument", None), None, _) => Slot::Word(&mut pack.instrument),
        (("issuing_body", None), None, _) => Slot::Title(&mut pack.issuing_body),
        (("groups", Some(at)), Some(("criteria", Some(row))), Some((field, None))) => {
            let criterion = pack.groups.get_mut(at)?.criteria.get_mut(row)?;
            match field {
                "max" => Slot::Number(&mut criterion.max),
                "title" => Slot::Title(&mut criterion.title),
                _ => return None,
            }
        }
        ((list, Some(at)), Some((field, None)), _) => field_of(pack, list, at, field)?,
        ((owner, None), Some((list, Some(at))), field) => {
            let factor = factors(pack, owner, list)?.get_mut(at)?;
            if field == Some(("title", None)) {
                Slot::Title(&mut factor.title)
            } else {
                Slot::Number(&mut factor.factor)
            }
        }
        _ => return None,
    };
    Some(place)
}

/// A field of an item of a list.
fn field_of<'a>(pack: &'a mut Pack, list: &str, at: usize, field: &str) -> Option<Slot<'a>> {
    Some(match (list, field) {
        ("groups", "max") => Slot::Number(&mut pack.groups.get_mut(at)?.max),
        ("events", "points") => Slot::Number(&mut pack.events.get_mut(at)?.points),
        ("classes", "min") => Slot::Number(&mut pack.classes.get_mut(at)?.min),
        ("classes", "code") => Slot::Word(&mut pack.classes.get_mut(at)?.code),
        ("components", "rule") => match &mut pack.components.get_mut(at)?.rule {
            Rule::Sum { max, .. } | Rule::Products { max, .. } => Slot::Number(max),
            _ => return None,
        },
        (_, "title") => Slot::Title(words(pack, list, at)?.0?),
        (_, "clause") => Slot::Word(words(pack, list, at)?.1),
        _ => return None,
    })
}

/// The title and the clause of an item of a list.
fn words<'a>(pack: &'a mut Pack, list: &str, at: usize) -> Option<(Option<&'a mut Text>, &'a mut String)> {
    macro_rules! titled {
        ($($name:literal $field:ident)*) => {
            match list {
                $($name => pack.$field.get_mut(at).map(|item| (Some(&mut item.title), &mut item.clause)),)*
                "roll_ups" => pack.roll_ups.get_mut(at).map(|item| (None, &mut item.clause)),
                _ => None,
            }
        };
    }
    titled! {
        "groups" groups "events" events "components" components "classes" classes "steps" steps
        "bands" bands "bodies" bodies "positions" positions "options" options
    }
}

/// The name of the item to which a path belongs, for people.
pub(super) fn title_of(pack: &Pack, list: &str, at: usize) -> Option<String> {
    let mut pack = pack.clone();
    words(&mut pack, list, at)?.0.map(|title| title.get(language()).to_owned())
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

/// Whether what is entered at this path is a number.
pub(super) fn is_number(pack: &Pack, path: &str) -> bool {
    matches!(slot(&mut pack.clone(), path), Some(Slot::Number(_)))
}

/// The words that stand at this path now.
pub(super) fn words_at(pack: &Pack, path: &str) -> String {
    match slot(&mut pack.clone(), path) {
        Some(Slot::Word(word)) => word.clone(),
        Some(Slot::Title(title)) => title.get(language()).to_owned(),
        Some(Slot::Number(_)) | None => String::new(),
    }
}

/// Splits `groups[3]` into its name and its place.
pub(super) fn place(part: &str) -> (&str, Option<usize>) {
    let Some((name, rest)) = part.split_once('[') else { return (part, None) };
    (name, rest.strip_suffix(']').and_then(|place| place.parse().ok()))
}

/// The path of the field in which a finding is put right: words in two languages have one.
fn field_path(path: &str) -> &str {
    path.strip_suffix(".vi").or_else(|| path.strip_suffix(".en")).unwrap_or(path)
}

/// Reads a number as people type it; a deduction has a minus. A text with two meanings is no number.
pub(super) fn read(text: &str) -> Option<Exact> {
    let text = text.trim();
    match text.strip_prefix(['-', '−']) {
        Some(rest) => read_number(rest).ok().map(|number| -number),
        None => read_number(text).ok(),
    }
}

/// What the check finds in the template with the entries put in, each field once.
pub(super) fn findings(template: &Pack, entries: &Entries) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for finding in pack::findings_in(&completed(template, entries), language()) {
        let finding = Finding { field: field_path(&finding.field).to_owned(), ..finding };
        if found.iter().all(|known| known.field != finding.field) {
            found.push(finding);
        }
    }
    found
}

/// The fields to show, in the order of the pack: those that the check asks for, and those that were entered. None stands
/// twice.
pub(super) fn fields(template: &Pack, entries: &Entries) -> Vec<String> {
    let count = entries.get(CLASSES).map(|count| (CLASSES.to_owned(), count.clone()));
    let blank: Entries = count.into_iter().collect();
    let mut pack = completed(template, &blank);
    let asked = findings(template, &blank).into_iter().map(|finding| finding.field);
    let mut paths: Vec<String> = Vec::new();
    for path in asked.chain(entries.keys().cloned()) {
        if !paths.contains(&path) && slot(&mut pack, &path).is_some() {
            paths.push(path);
        }
    }
    paths.sort_by_key(|path| (part_of(path), path.split('.').filter_map(|part| place(part).1).collect::<Vec<_>>()));
    paths
}

/// The parts of a pack in which something is entered, in their order on the screen. Everything else comes first.
const PARTS: [&str; 7] = ["groups", "bands", "work", "products", "events", "components", "classes"];
/// What comes after them: who does what.
const PROCEDURE: [&str; 4] = ["positions", "bodies", "steps", "roll_ups"];

/// The number of the part to which a path belongs.
pub(super) fn part_of(path: &str) -> usize {
    let list = path.split('.').next().map_or("", |part| place(part).0);
    let at = |parts: &[&str]| parts.iter().position(|part| *part == list);
    at(&PARTS).map_or_else(|| at(&PROCEDURE).map_or(0, |_| PARTS.len() + 1), |at| at + 1)
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

    fn asked(template: &Pack, entries: &Entries) -> Vec<String> {
        findings(template, entries).into_iter().map(|finding| finding.field).collect()
    }

    #[test]
    fn a_template_is_whole_once_every_number_the_check_asks_for_is_entered() {
        let (template, whole) = (template(), pack::find("nd335-congchuc").unwrap().clone());
        let mut entries = Entries::new();
        assert_eq!(fields(&template, &entries), asked(&template, &entries), "everything asked for can be entered");
        for (at, group) in whole.groups.iter().enumerate() {
            for (row, criterion) in group.criteria.iter().enumerate() {
                entries.insert(format!("groups[{at}].criteria[{row}].max"), criterion.max.to_string());
            }
        }
        assert_eq!(asked(&template, &entries), ["scale_max"]);
        entries.insert("scale_max".to_owned(), "100".to_owned());
        assert_eq!(completed(&template, &entries), Pack { hash: PackHash::from_bytes([0; 32]), ..whole });
    }

    /// Whatever words a template that comes with the program lacks can be entered on the screen, and classes where its text
    /// names none.
    #[test]
    fn no_words_of_a_template_are_out_of_reach() {
        for template in pack::all().filter(|pack| pack.status == PackStatus::Template) {
            let mut entries = Entries::new();
            if lacks_classes(template) {
                entries.insert(CLASSES.to_owned(), "3".to_owned());
            }
            let blank = completed(template, &entries);
            for path in fields(template, &entries) {
                let value = match path.ends_with("code") {
                    true => format!("M{}", entries.len()),
                    false if is_number(&blank, &path) => "10".to_owned(),
                    false => "Điều 4".to_owned(),
                };
                entries.insert(path, value);
            }
            // Numbers of a test do not fit together; of the words nothing may be left.
            let words = ["title", "clause", "code", "instrument", "issuing_body"];
            let mut left = findings(template, &entries);
            left.retain(|finding| words.iter().any(|word| finding.field.ends_with(word)));
            assert!(left.is_empty(), "{}: {left:?}", template.id);
        }
    }

    #[test]
    fn the_classes_of_a_text_are_entered_where_the_template_has_none() {
        let template = pack::find("longbien").unwrap();
        assert!(lacks_classes(template));
        let entries = Entries::from([
            (CLASSES.to_owned(), "2".to_owned()),
            ("classes[0].code".to_owned(), "A".to_owned()),
            ("classes[0].min".to_owned(), "50".to_owned()),
            ("classes[1].title".to_owned(), "Không hoàn thành".to_owned()),
        ]);
        let classes = completed(template, &entries).classes;
        let said: Vec<_> =
            classes.iter().map(|class| (class.code.as_str(), &*class.title.vi, class.min.to_string())).collect();
        assert_eq!(said, [("A", "", "50".to_owned()), ("", "Không hoàn thành", "0".to_owned())]);
        let asked = asked(template, &entries);
        assert!(
            asked.iter().any(|path| path == "classes[1].code") && !asked.iter().any(|path| path == "classes[0].code")
        );
        assert!(asked.iter().all(|path| !path.starts_with("notes")), "notes on what was missing go: {asked:?}");
    }

    /// A template may also lack factors. If one of them could not be entered, the template could never be completed
    /// here.
    #[test]
    fn factors_of_work_and_products_can_be_entered() {
        let mut pack = template();
        let hard = || Factor { id: "hard".into(), title: Default::default(), factor: Exact::zero() };
        pack.work.as_mut().unwrap().difficulties = vec![hard()];
        let path = "work.difficulties[0].factor";
        let entries = Entries::from([(path.to_owned(), "2".to_owned())]);
        assert_eq!(factor(&completed(&pack, &entries), path).unwrap().factor, Exact::from_int(2));
        for other in ["work.difficulties[1].factor", "work.positions[0].factor", "products.standards[0].factor"] {
            assert!(slot(&mut pack, other).is_none(), "{other}");
        }
    }

    #[test]
    fn numbers_are_read_as_typed_and_nothing_is_put_where_nothing_is_entered() {
        assert_eq!(read(" -2,5 "), Exact::parse("-2.5").ok());
        assert_eq!(read("5"), Some(Exact::from_int(5)));
        assert_eq!(read("five"), None);
        for path in ["id", "groups[99].max", "roles[0].id", "components[0].rule.marks.groups[0]", ""] {
            assert!(slot(&mut template(), path).is_none(), "{path}");
        }
    }
}
