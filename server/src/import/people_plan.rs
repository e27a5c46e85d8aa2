//! Plans what a list of people would change. Every row is compared with what the office knows.
//!
//! A person is found by user name and name together, a unit by its name under its parent, a post by person, unit, role
//! and time. Doubtful changes are asked about, and made only with an [`Answer`].

use std::collections::{BTreeMap, BTreeSet};

use shared::ids::{PersonId, UnitId};
use shared::op::Payload;
use shared::org::{Org, Person, Post};
use shared::time::Day;

use super::compare::FieldChange;
use super::fault::{Answer, Fault, Question};
use super::people::{PeopleList, PersonRow};
use super::people_changes::{PeopleChanges, PersonChange, PostAct, role_name, unit_path};
use super::post_plan::{Posts, plan_posts};
use super::report::ImportReport;
use super::unit_plan::{UnitPlan, plan_units, spelled};
use crate::names::{identity, look_alike};

/// What the office knows already.
#[derive(Clone, Debug)]
pub struct KnownPeople<'a> {
    /// Units, people, posts.
    pub org: &'a Org,
    /// The person who signs in under each name.
    pub accounts: &'a BTreeMap<String, PersonId>,
    /// Today. People whose posts ended before it have left.
    pub today: Day,
}

/// The options of an import.
#[derive(Clone, Debug, Default)]
pub struct PeopleOptions {
    /// Take sound rows although others are refused.
    pub partial: bool,
    /// The doubtful changes that are allowed.
    pub answers: BTreeSet<Answer>,
}

/// Somebody who needs an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    /// Name to sign in with.
    pub username: String,
    /// Their id.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// The unit of the first post.
    pub unit: String,
    /// The post as on paper.
    pub title: String,
}

/// The plan from a list of people. It must not be carried out unless the report says that it was accepted.
#[derive(Clone, Debug, Default)]
pub struct PeoplePlan {
    /// What was taken and refused, why, and what it changes.
    pub report: ImportReport,
    /// Units, then people, then posts. What is known and unchanged is left out.
    pub payloads: Vec<Payload>,
    /// Accounts to be made.
    pub new_accounts: Vec<NewAccount>,
}

/// A person whom rows mean.
#[derive(Clone, Debug)]
pub(super) struct MeantPerson {
    pub(super) person: Person,
    pub(super) username: String,
    pub(super) known_name: Option<String>,
    pub(super) has_account: bool,
}

/// Plans a list of people. `new_id` gives 16 fresh bytes, because ids are not made here.
#[must_use]
pub fn plan_people(
    list: &PeopleList,
    known: &KnownPeople<'_>,
    options: &PeopleOptions,
    mut new_id: impl FnMut() -> [u8; 16],
) -> PeoplePlan {
    let mut report = list.report.clone();
    let is_sound = |report: &ImportReport, row: &&PersonRow| !report.is_faulty(&row.places.row);
    // Rows that may be taken are planned again without the refused rows, so that a refused row leaves no unit and no
    // head. Rows that then turn out to be wrong are refused, too, until the rest is sound.
    let mut rows: Vec<&PersonRow> = list.rows.iter().filter(|row| !options.partial || is_sound(&report, row)).collect();
    let outcome = loop {
        let outcome = plan_rows(&rows, known, &options.answers, &mut new_id);
        let is_final = outcome.faults.is_empty() || !options.partial;
        report.add_faults(outcome.faults.clone());
        for row in &outcome.in_doubt {
            report.refuse_row(row);
        }
        if is_final {
            break outcome;
        }
        rows.retain(|row| is_sound(&report, row));
    };
    report.decide(list.places.iter(), options.partial);
    report.people = Some(outcome.changes);
    let mut plan = PeoplePlan { report, ..PeoplePlan::default() };
    if plan.report.accepted {
        plan.payloads = outcome.payloads;
        plan.new_accounts = outcome.new_accounts;
    }
    plan
}

/// The plan for some rows.
#[derive(Debug, Default)]
struct Outcome {
    faults: Vec<Fault>,
    /// Rows that depend on a doubtful change.
    in_doubt: Vec<super::sheet::Place>,
    changes: PeopleChanges,
    payloads: Vec<Payload>,
    new_accounts: Vec<NewAccount>,
}

fn plan_rows(
    rows: &[&PersonRow],
    known: &KnownPeople<'_>,
    answers: &BTreeSet<Answer>,
    new_id: &mut impl FnMut() -> [u8; 16],
) -> Outcome {
    let units = plan_units(rows, known.org, answers, new_id);
    let people = People::of(rows, &units, known, answers, new_id);
    let posts = plan_posts(rows, &units, &people.meant, known, answers, new_id);
    let mut outcome = Outcome::default();
    for (row, unit) in rows.iter().zip(&units.of_row) {
        if unit.is_none() || !people.meant.contains_key(&row.username) {
            outcome.in_doubt.push(row.places.row.clone());
        }
    }
    outcome.new_accounts = people.new_accounts(rows);
    outcome.changes = changes(&units, &people, &posts, known);
    outcome.payloads.extend(units.put.iter().cloned().map(Payload::PutUnit));
    outcome.payloads.extend(people.put(known.org).map(Payload::PutPerson));
    outcome.payloads.extend(posts.put.iter().map(|put| Payload::PutPost(put.post.clone())));
    outcome.faults = [units.faults, people.faults, posts.faults].concat();
    outcome
}

/// The people whom rows mean, by user name, in the order of the list.
#[derive(Debug, Default)]
struct People {
    meant: BTreeMap<String, MeantPerson>,
    order: Vec<String>,
    faults: Vec<Fault>,
}

impl People {
    fn of(
        rows: &[&PersonRow],
        units: &UnitPlan,
        known: &KnownPeople<'_>,
        answers: &BTreeSet<Answer>,
        new_id: &mut impl FnMut() -> [u8; 16],
    ) -> Self {
        let mut by_username: BTreeMap<&str, Vec<(&PersonRow, Option<UnitId>)>> = BTreeMap::new();
        let mut people = Self::default();
        for (row, unit) in rows.iter().zip(&units.of_row) {
            let own = by_username.entry(&row.username).or_default();
            if own.is_empty() {
                people.order.push(row.username.clone());
            }
            own.push((row, *unit));
        }
        let registry = Registry::of(rows, known);
        for username in &people.order {
            let Some(own) = by_username.get(username.as_str()) else { continue };
            let Some((first, _)) = own.first() else { continue };
            match registry.meant(own, answers) {
                Ok(Some(meant)) => {
                    people.meant.insert(username.clone(), meant);
                }
                Ok(None) => {
                    let person = Person { id: PersonId::from_bytes(new_id()), name: first.name.clone() };
                    let meant =
                        MeantPerson { person, username: username.clone(), known_name: None, has_account: false };
                    people.meant.insert(username.clone(), meant);
                }
                Err(question) => people.faults.push(Fault::new(first.places.username.clone(), question)),
            }
        }
        people
    }

    fn in_order(&self) -> impl Iterator<Item = &MeantPerson> {
        self.order.iter().filter_map(|username| self.meant.get(username))
    }

    /// People who are new or whose name changes.
    fn put<'a>(&'a self, org: &'a Org) -> impl Iterator<Item = Person> + 'a {
        let changed = self.in_order().filter(|meant| org.person(meant.person.id) != Some(&meant.person));
        changed.map(|meant| meant.person.clone())
    }

    fn new_accounts(&self, rows: &[&PersonRow]) -> Vec<NewAccount> {
        let mut first: BTreeMap<&str, &PersonRow> = BTreeMap::new();
        for row in rows {
            first.entry(&row.username).or_insert(row);
        }
        let new = self.in_order().filter(|meant| !meant.has_account);
        new.map(|meant| {
            let row = first.get(meant.username.as_str());
            NewAccount {
                username: meant.username.clone(),
                person: meant.person.id,
                name: meant.person.name.clone(),
                unit: row.map(|row| row.unit.clone()).unwrap_or_default(),
                title: row.and_then(|row| row.title.clone()).unwrap_or_default(),
            }
        })
        .collect()
    }
}

/// Finds known people.
struct Registry<'a> {
    known: &'a KnownPeople<'a>,
    usernames: BTreeMap<PersonId, &'a str>,
    posts: BTreeMap<PersonId, Vec<&'a Post>>,
    by_name: BTreeMap<String, Vec<&'a Person>>,
    /// Names in the list, to tell a corrected name from another person's.
    listed: BTreeMap<String, BTreeSet<&'a str>>,
}

impl<'a> Registry<'a> {
    fn of(rows: &[&'a PersonRow], known: &'a KnownPeople<'a>) -> Self {
        let mut by_name: BTreeMap<String, Vec<&Person>> = BTreeMap::new();
        for person in known.org.people() {
            by_name.entry(identity(&person.name)).or_default().push(person);
        }
        let mut listed: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for row in rows {
            listed.entry(identity(&row.name)).or_default().insert(&row.username);
        }
        let usernames = known.accounts.iter().map(|(username, person)| (*person, username.as_str())).collect();
        Self { known, usernames, posts: posts_by_person(known.org), by_name, listed }
    }

    /// The known person whom the rows of one user name mean. None for somebody new.
    fn meant(
        &self,
        rows: &[(&PersonRow, Option<UnitId>)],
        answers: &BTreeSet<Answer>,
    ) -> Result<Option<MeantPerson>, Box<Question>> {
        let Some((row, _)) = rows.first() else { return Ok(None) };
        let Some(id) = self.known.accounts.get(&row.username) else {
            return if answers.contains(&Answer::Namesakes) { Ok(None) } else { self.refuse_namesake(rows) };
        };
        let found = |known_name: Option<&str>| {
            let name = known_name.map_or_else(|| row.name.clone(), |known| spelled(known, &row.name));
            MeantPerson {
                person: Person { id: *id, name },
                username: row.username.clone(),
                known_name: known_name.map(str::to_owned),
                has_account: true,
            }
        };
        let Some(person) = self.known.org.person(*id) else { return Ok(Some(found(None))) };
        let is_same = identity(&person.name) == identity(&row.name);
        if is_same || answers.contains(&Answer::Renamed) || self.is_spelling(person, rows) {
            return Ok(Some(found(Some(&person.name))));
        }
        Err(Box::new(Question::UsernameOfOther {
            username: row.username.clone(),
            found: row.name.clone(),
            holder: person.name.clone(),
            posts: self.posts_of(person.id),
        }))
    }

    /// Whether rows only correct how a name is written. This needs three things. The name differs only in marks,
    /// capitals or what separates its words. Every row is a post that the person holds exactly so, from the same day
    /// on. Nobody else in the list has the known name.
    fn is_spelling(&self, person: &Person, rows: &[(&PersonRow, Option<UnitId>)]) -> bool {
        let posts = self.posts.get(&person.id).map(Vec::as_slice).unwrap_or_default();
        let is_known = |(row, unit): &(&PersonRow, Option<UnitId>)| {
            posts.iter().any(|post| Some(post.unit) == *unit && post.rank == row.rank && post.from == row.from)
        };
        let alike = rows.iter().all(|(row, _)| look_alike(&row.name, &person.name));
        alike && rows.iter().all(is_known) && !self.listed.contains_key(&identity(&person.name))
    }

    /// Refuses a new person with the name of somebody known in the same agency. It may be that person under another
    /// user name.
    fn refuse_namesake(&self, rows: &[(&PersonRow, Option<UnitId>)]) -> Result<Option<MeantPerson>, Box<Question>> {
        let Some((row, _)) = rows.first() else { return Ok(None) };
        let org = self.known.org;
        let agency = |unit: UnitId| org.agency_of(unit).unwrap_or(unit);
        let agencies: BTreeSet<UnitId> = rows.iter().filter_map(|(_, unit)| *unit).map(agency).collect();
        let of_name = self.by_name.get(&identity(&row.name)).map(Vec::as_slice).unwrap_or_default();
        let listed = self.listed.get(&identity(&row.name));
        for person in of_name {
            let Some(username) = self.usernames.get(&person.id) else { continue };
            let is_listed = listed.is_some_and(|listed| listed.contains(username));
            let posts = self.posts.get(&person.id).map(Vec::as_slice).unwrap_or_default();
            let is_here = posts.iter().any(|post| agencies.contains(&agency(post.unit)));
            if is_here && !is_listed {
                return Err(Box::new(Question::Namesake {
                    name: row.name.clone(),
                    known_username: (*username).to_owned(),
                    posts: self.posts_of(person.id),
                }));
            }
        }
        Ok(None)
    }

    /// The posts of somebody in words.
    fn posts_of(&self, person: PersonId) -> Vec<String> {
        let mut posts = self.posts.get(&person).cloned().unwrap_or_default();
        posts.sort_by_key(|post| (post.from, post.id));
        posts.into_iter().map(|post| in_words(post, self.known.org)).collect()
    }
}

fn posts_by_person(org: &Org) -> BTreeMap<PersonId, Vec<&Post>> {
    let mut by_person: BTreeMap<PersonId, Vec<&Post>> = BTreeMap::new();
    for post in org.posts() {
        by_person.entry(post.person).or_default().push(post);
    }
    by_person
}

fn in_words(post: &Post, org: &Org) -> String {
    let unit = org.unit(post.unit).map(|unit| unit_path(unit, |id| org.unit(id))).unwrap_or_default();
    format!("{}, {unit}", role_name(post.rank))
}

/// Everything that changes, person by person.
fn changes(units: &UnitPlan, people: &People, posts: &Posts, known: &KnownPeople<'_>) -> PeopleChanges {
    let org = known.org;
    let mut all = PeopleChanges {
        units: units.changes.clone(),
        alike: units.alike.clone(),
        unchanged: units.unchanged + posts.unchanged,
        people: Vec::new(),
    };
    let mut by_person = posts.changes_by_person();
    let known_posts = posts_by_person(org);
    for meant in people.in_order() {
        let is_new = org.person(meant.person.id).is_none();
        let renamed = meant.known_name.as_ref().filter(|known| **known != meant.person.name);
        let fields: Vec<FieldChange> = renamed
            .map(|known| FieldChange { field: "name", from: known.clone(), to: meant.person.name.clone() })
            .into_iter()
            .collect();
        let changed = by_person.remove(&meant.person.id).unwrap_or_default();
        all.unchanged += usize::from(!is_new && fields.is_empty());
        if is_new || !fields.is_empty() || !changed.is_empty() {
            let is_added = changed.iter().any(|post| post.act == PostAct::Added);
            let goes_on = |post: &&&Post| is_added && post.held_on(known.today) && !posts.names(post.id);
            let own = known_posts.get(&meant.person.id).into_iter().flatten();
            let still = own.filter(goes_on).map(|post| in_words(post, org)).collect();
            let (name, username) = (meant.person.name.clone(), meant.username.clone());
            all.people.push(PersonChange { name, username, is_new, fields, posts: changed, still });
        }
    }
    // Replaced heads need not be in the list themselves.
    for (person, posts) in by_person {
        let name = org.person(person).map(|person| person.name.clone()).unwrap_or_default();
        let own_name = known.accounts.iter().find(|(_, of)| **of == person);
        let username = own_name.map(|(username, _)| username.clone()).unwrap_or_default();
        let (fields, still) = (Vec::new(), Vec::new());
        all.people.push(PersonChange { name, username, is_new: false, fields, posts, still });
    }
    all
}
