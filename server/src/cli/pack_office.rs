//! What an office lacks for a pack to work in it, in words: for `congtam pack check FILE --data DIR`.

use shared::ids::{PersonId, Subject, UnitId};
use shared::org::Org;
use shared::pack::Pack;
use shared::procedure::{Gap, gaps};
use shared::time::Day;

use crate::words::{said, spoken};

/// One line for each thing that is missing, with the names of all people whom it concerns.
pub(super) fn missing(pack: &Pack, org: &Org, unit: Option<UnitId>, day: Day) -> Vec<String> {
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    for gap in gaps(pack, org, unit, day) {
        let (what, who) = words(pack, org, day, &gap);
        match lines.iter_mut().find(|(known, _)| *known == what) {
            Some((_, names)) => names.push(who),
            None => lines.push((what, vec![who])),
        }
    }
    lines.into_iter().map(|(what, names)| format!("{what}: {}", names.join("; "))).collect()
}

/// What is missing, and for whom.
fn words(pack: &Pack, org: &Org, day: Day, gap: &Gap<'_>) -> (String, String) {
    let step = |id: &str| {
        let place = pack.steps.iter().position(|step| step.id == id).unwrap_or_default();
        let title = pack.step(id).map_or(id, |step| step.title.get(spoken()));
        format!("steps[{place}] “{title}”")
    };
    match gap {
        Gap::NoRole(person) => {
            let what = said("roles: không thuộc nhóm nào của bộ quy định", "roles: in no role of the pack");
            (what.to_owned(), named(org, *person, day))
        }
        Gap::NobodyActs { subject, step: acted } => {
            let step = step(&acted.id);
            let what = said(format!("{step}: chưa có ai làm được cho"), format!("{step}: nobody can do it for"));
            let whom = match *subject {
                Subject::Person(person) => named(org, person, day),
                Subject::Unit(_) => org.name_of(*subject).to_owned(),
            };
            (what, whom)
        }
        Gap::EachOther { one, other, step: acted } => {
            let step = step(&acted.id);
            let what = said(format!("{step}: làm cho nhau"), format!("{step}: they do it for each other"));
            let and = said("và", "and");
            (what, format!("{} {and} {}", named(org, *one, day), named(org, *other, day)))
        }
    }
}

/// Name, title and unit of somebody.
fn named(org: &Org, person: PersonId, day: Day) -> String {
    let name = org.person(person).map_or_else(|| person.to_string(), |person| person.name.clone());
    let Some(post) = org.main_post(person, day) else { return name };
    let unit = org.unit(post.unit).map_or("", |unit| unit.name.as_str());
    format!("{name} ({}, {unit})", post.title)
}
