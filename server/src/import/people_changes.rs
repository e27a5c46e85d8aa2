//! Shows what an import of people would change, by name, before anything is changed.

use std::fmt::Write as _;

use serde::Serialize;
use shared::ids::UnitId;
use shared::org::{Rank, Unit, UnitKind};
use shared::time::Day;

use super::compare::FieldChange;
use super::sentence::question::kind_name;
use super::wordings::ROLES;
use crate::lang::Lang;

/// A unit that is new or changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnitChange {
    /// Whether it is new.
    pub is_new: bool,
    /// Its name, with that of the unit above.
    pub unit: String,
    /// Its kind from now on.
    pub kind: UnitKind,
    /// What differs.
    pub fields: Vec<FieldChange>,
}

/// What happens to a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PostAct {
    /// It is new.
    Added,
    /// Something other than its end changes.
    Changed,
    /// It gets a last day, or an earlier one.
    Ended,
}

/// A post that is new or changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PostChange {
    /// What happens to it.
    pub act: PostAct,
    /// Its unit, with the unit above.
    pub unit: String,
    /// Place in the unit's order.
    pub rank: Rank,
    /// As on paper.
    pub title: String,
    /// First day held.
    pub from: Day,
    /// Last day held.
    pub to: Option<Day>,
    /// Whether it keeps the personnel records.
    pub personnel: bool,
    /// What differs.
    pub fields: Vec<FieldChange>,
}

/// A person who is new or whose name or posts change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonChange {
    /// The name from now on.
    pub name: String,
    /// Name to sign in with.
    pub username: String,
    /// Whether the person is new.
    pub is_new: bool,
    /// What differs in the person.
    pub fields: Vec<FieldChange>,
    /// Posts that are new or change.
    pub posts: Vec<PostChange>,
    /// Posts that the list does not name and that continue next to new ones. A list ends only what it says.
    pub still: Vec<String>,
}

/// Everything that would change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PeopleChanges {
    /// Units.
    pub units: Vec<UnitChange>,
    /// People, in the order of the list.
    pub people: Vec<PersonChange>,
    /// Units, people and posts that stay as they are.
    pub unchanged: usize,
    /// New units whose names are so alike that one may be a misspelling of the other.
    pub alike: Vec<[String; 2]>,
}

impl PeopleChanges {
    /// Whether everything stays as it is.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.units.is_empty() && self.people.is_empty()
    }

    /// The changes as text, a line each.
    #[must_use]
    pub fn to_text(&self, lang: Lang) -> String {
        let mut out = self.summary(lang);
        for unit in &self.units {
            let _ = writeln!(out, "  {}", unit_line(unit, lang));
        }
        for person in &self.people {
            person_lines(&mut out, person, lang);
        }
        for [one, other] in &self.alike {
            let _ = writeln!(
                out,
                "  {}",
                lang.pick(
                    format!("! hai đơn vị mới gần giống nhau: {one} / {other}"),
                    format!("! two new units look alike: {one} / {other}"),
                )
            );
        }
        out
    }

    fn summary(&self, lang: Lang) -> String {
        let new_units = self.units.iter().filter(|unit| unit.is_new).count();
        let new_people = self.people.iter().filter(|person| person.is_new).count();
        let posts = |act: PostAct| {
            let posts = self.people.iter().flat_map(|person| &person.posts);
            posts.filter(|post| post.act == act).count()
        };
        let (units, people) = (self.units.len() - new_units, self.people.len() - new_people);
        let (added, changed, ended) = (posts(PostAct::Added), posts(PostAct::Changed), posts(PostAct::Ended));
        let unchanged = self.unchanged;
        lang.pick(
            format!(
                "So với máy chủ: đơn vị thêm {new_units}, sửa {units}; người thêm {new_people}, có thay đổi {people}; \
                 chức vụ thêm {added}, sửa {changed}, kết thúc {ended}; giữ nguyên {unchanged} mục\n"
            ),
            format!(
                "Against what is known: units {new_units} added, {units} changed; people {new_people} added, {people} with \
                 changes; posts {added} added, {changed} changed, {ended} ended; {unchanged} records as they are\n"
            ),
        )
    }
}

/// A unit's name with that of the unit above it.
pub(super) fn unit_path<'u>(unit: &Unit, find: impl Fn(UnitId) -> Option<&'u Unit>) -> String {
    let above = unit.parent.and_then(find);
    above.map_or_else(|| unit.name.clone(), |above| format!("{} ({})", unit.name, above.name))
}

/// A role as lists write it.
#[must_use]
pub fn role_name(rank: Rank) -> &'static str {
    ROLES.iter().find(|(known, ..)| *known == rank).map_or("", |(_, label, _)| label)
}

fn unit_line(unit: &UnitChange, lang: Lang) -> String {
    let kind = kind_name(unit.kind);
    if unit.is_new {
        format!("+ {}: {kind}", unit.unit)
    } else {
        format!("~ {}: {}", unit.unit, differences(&unit.fields, lang))
    }
}

fn person_lines(out: &mut String, person: &PersonChange, lang: Lang) {
    let who = format!("{} ({})", person.name, person.username);
    if person.is_new {
        let _ = writeln!(out, "  + {who}: {}", lang.pick("người mới, tài khoản mới", "new person, new account"));
    }
    if !person.fields.is_empty() {
        let _ = writeln!(out, "  ~ {who}: {}", differences(&person.fields, lang));
    }
    for post in &person.posts {
        let (sign, what) = match post.act {
            PostAct::Added => ("+", days(post, lang)),
            PostAct::Changed => ("~", differences(&post.fields, lang)),
            PostAct::Ended => ("-", differences(&post.fields, lang)),
        };
        let records = match post.act {
            PostAct::Added if post.personnel => {
                lang.pick(", giữ hồ sơ tổ chức cán bộ", ", keeps the personnel records")
            }
            _ => "",
        };
        let (role, title, unit) = (role_name(post.rank), &post.title, &post.unit);
        let _ = writeln!(out, "  {sign} {who}, {role}, “{title}”, {unit}: {what}{records}");
    }
    if let Some(still) = still_line(person, lang) {
        let _ = writeln!(out, "  {still}");
    }
}

fn still_line(person: &PersonChange, lang: Lang) -> Option<String> {
    let (who, still) = (format!("{} ({})", person.name, person.username), person.still.join("; "));
    let line = lang.pick(format!("! {who} vẫn giữ: {still}"), format!("! {who} goes on as: {still}"));
    (!still.is_empty()).then_some(line)
}

fn days(post: &PostChange, lang: Lang) -> String {
    let from = post.from.vietnamese();
    match post.to {
        None => lang.pick(format!("từ {from}"), format!("from {from}")),
        Some(to) => {
            let to = to.vietnamese();
            lang.pick(format!("từ {from} đến {to}"), format!("from {from} to {to}"))
        }
    }
}

fn differences(fields: &[FieldChange], lang: Lang) -> String {
    let of = |change: &FieldChange| {
        let shown = |text: &str| match text {
            "" => lang.pick("(trống)", "(none)").to_owned(),
            text => format!("“{text}”"),
        };
        format!("{} {} → {}", field_name(change.field, lang), shown(&change.from), shown(&change.to))
    };
    fields.iter().map(of).collect::<Vec<_>>().join(", ")
}

fn field_name(field: &'static str, lang: Lang) -> &'static str {
    if lang == Lang::En {
        return match field {
            "from" => "first day",
            "to" => "last day",
            "personnel" => "keeps the personnel records",
            "parent" => "stands under",
            other => other,
        };
    }
    match field {
        "name" => "tên",
        "parent" => "thuộc đơn vị",
        "kind" => "loại đơn vị",
        "title" => "chức vụ",
        "from" => "từ ngày",
        "to" => "đến ngày",
        "personnel" => "tổ chức cán bộ",
        other => other,
    }
}
