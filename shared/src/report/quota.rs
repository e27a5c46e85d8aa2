//! The quota on a unit's month: who may be in the limited class, by groups of similar duty.
//!
//! A group is a role within an agency. No finer record of similar duties exists.

use serde::Serialize;

use super::{Row, UnitMonth};
use crate::ids::{PackHash, Subject, UnitId};
use crate::num::Exact;
use crate::op::{CardKey, Document, Reckoned};
use crate::org::{Rank, UnitKind};
use crate::pack::{self, OptionScope, Pack};
use crate::score::{GroupOutcome, InputError, Member, QuotaGroup, QuotaInput, QuotaOutcome, quota};
use crate::sorted_map::Map;
use crate::state::State;

/// A person or a unit whose class counts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Counted {
    /// Who or what is scored.
    #[serde(flatten)]
    pub subject: Subject,
    /// Name as on paper.
    pub name: String,
    /// The card.
    pub card: CardKey,
    /// The total as decided, or else as the superior scored; none where a document from outside states a class only.
    pub total: Option<Exact>,
    /// The class as decided, or else as the superior scored.
    pub class: String,
    /// Whether it was decided.
    pub decided: bool,
    /// What followed from the marks, where the decider set another result, with the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reckoned: Option<Reckoned>,
    /// The document by which an authority outside decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// A group with its quota.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct GroupOfMonth {
    /// The quota for those who have a class.
    pub outcome: GroupOutcome,
    /// Everyone who has a class.
    pub members: Vec<Counted>,
    /// Names of those who have no result yet.
    pub missing: Vec<String>,
    /// Names of those with a result but no class.
    pub without_class: Vec<String>,
    /// Names of those who are not assessed. They count nowhere.
    pub not_assessed: Vec<String>,
}

/// The quota of one pack on a unit's month.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct QuotaOfMonth {
    /// The pack.
    pub pack: String,
    /// The pack, by content.
    #[serde(skip)]
    pub rules: PackHash,
    /// The class that is limited.
    pub class: String,
    /// The clause that says so.
    pub clause: String,
    /// Readings used, defaults included.
    pub options: Map<String, String>,
    /// The groups.
    pub groups: Vec<GroupOfMonth>,
}

/// A group while it is being collected.
#[derive(Clone, Default)]
struct Gathered {
    name: String,
    members: Vec<Counted>,
    heads: Vec<Subject>,
    missing: Vec<(Subject, String)>,
    without_class: Vec<String>,
    not_assessed: Vec<String>,
}

/// Computes the quota of every pack that has one on a unit's month. `outstanding` states that the authority decided
/// that the organisation is outstanding; this is not recorded anywhere else.
///
/// # Errors
/// A reading in force that the pack does not know.
pub fn unit_quota(state: &State, month: &UnitMonth, outstanding: bool) -> Result<Vec<QuotaOfMonth>, Vec<InputError>> {
    let mut found = Vec::new();
    let mut packs: Vec<PackHash> = Vec::new();
    for row in &month.rows {
        if packs.contains(&row.card.pack) {
            continue;
        }
        packs.push(row.card.pack);
        let Some(pack) = pack::pinned(&row.card.pack) else { continue };
        if pack.quota.is_some() {
            let rows = month.rows.iter().filter(|other| other.card.pack == pack.hash);
            let gathered = gather(state, pack, rows);
            let options = state.options(&row.card).into_iter();
            let options = options.filter(|(id, _)| pack.option(id).is_some_and(|one| one.scope == OptionScope::Quota));
            found.push(of_pack(pack, options.collect(), outstanding, gathered)?);
        }
    }
    Ok(found)
}

/// The rows by agency and role, in the order of the rows.
fn gather<'a>(state: &State, pack: &Pack, rows: impl Iterator<Item = &'a Row>) -> Vec<Gathered> {
    let mut groups: Vec<((Option<UnitId>, &str), Gathered)> = Vec::new();
    for row in rows {
        let Some((seat, role)) = state.seat(&row.card).zip(state.role(&row.card)) else { continue };
        // Units compete with the others under the same unit.
        let within = match row.subject {
            Subject::Person(_) => state.org.agency_of(seat.unit),
            Subject::Unit(unit) => state.org.unit(unit).and_then(|unit| unit.parent),
        };
        let key = (within, role);
        let place = groups.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            groups.push((key, Gathered { name: group_name(state, pack, key), ..Gathered::default() }));
            groups.len() - 1
        });
        let Some((_, group)) = groups.get_mut(place) else { continue };
        let heads_agency = state.org.unit(seat.unit).is_some_and(|unit| unit.kind != UnitKind::Division);
        if seat.rank == Rank::Head && heads_agency {
            group.heads.push(row.subject);
        }
        put(group, row);
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn group_name(state: &State, pack: &Pack, (agency, role): (Option<UnitId>, &str)) -> String {
    let role = pack.role(role).map_or(role, |role| role.title.vi.as_str());
    match agency.and_then(|agency| state.org.unit(agency)) {
        Some(agency) => format!("{}: {role}", agency.name),
        None => role.to_owned(),
    }
}

fn put(group: &mut Gathered, row: &Row) {
    if row.absence.is_some() {
        return group.not_assessed.push(row.name.clone());
    }
    match row.approved.as_ref().or(row.appraised.as_ref()) {
        None => group.missing.push((row.subject, row.name.clone())),
        Some(result) if result.class.is_empty() => group.without_class.push(row.name.clone()),
        Some(result) => group.members.push(Counted {
            subject: row.subject,
            name: row.name.clone(),
            card: row.card.clone(),
            total: result.total.clone(),
            class: result.class.clone(),
            decided: row.approved.is_some(),
            reckoned: row.reckoned.clone(),
            document: row.document.clone(),
        }),
    }
}

fn of_pack(
    pack: &Pack,
    options: Map<String, String>,
    outstanding: bool,
    gathered: Vec<Gathered>,
) -> Result<QuotaOfMonth, Vec<InputError>> {
    let input = QuotaInput {
        pack: pack.id.clone(),
        options,
        groups: gathered.iter().map(|group| group.for_quota(outstanding)).collect(),
    };
    let QuotaOutcome { options, class, clause, groups, .. } = quota(pack, &input)?;
    // Under one reading all groups are taken together.
    let gathered = if groups.len() == gathered.len() { gathered } else { vec![together(gathered)] };
    let groups = groups
        .into_iter()
        .zip(gathered)
        .map(|(outcome, group)| GroupOfMonth {
            outcome,
            members: group.members,
            missing: group.missing.into_iter().map(|(_, name)| name).collect(),
            without_class: group.without_class,
            not_assessed: group.not_assessed,
        })
        .collect();
    Ok(QuotaOfMonth { pack: pack.id.clone(), rules: pack.hash, class, clause, options, groups })
}

fn together(groups: Vec<Gathered>) -> Gathered {
    let mut all = Gathered::default();
    for group in groups {
        all.members.extend(group.members);
        all.missing.extend(group.missing);
        all.without_class.extend(group.without_class);
        all.not_assessed.extend(group.not_assessed);
    }
    all
}

impl Gathered {
    /// The group in the form that the engine takes. Missing people count among those whose result can still change the
    /// number.
    fn for_quota(&self, outstanding: bool) -> QuotaGroup {
        let known = self.members.iter().map(|member| Member {
            id: member.subject.to_string(),
            total: member.total.clone(),
            class: Some(member.class.clone()),
            tie_breaks: Map::new(),
            head: self.heads.contains(&member.subject),
            set: member.reckoned.is_some() || member.document.is_some(),
        });
        let missing = self.missing.iter().map(|(subject, _)| Member {
            id: subject.to_string(),
            total: None,
            class: None,
            tie_breaks: Map::new(),
            head: self.heads.contains(subject),
            set: false,
        });
        QuotaGroup { name: self.name.clone(), outstanding, members: known.chain(missing).collect() }
    }
}
