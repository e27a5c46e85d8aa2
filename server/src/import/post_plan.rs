//! Finds which posts the rows of a list mean, and the effects on heads and on people who had left.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shared::ids::{PersonId, PostId, UnitId};
use shared::org::{Org, Post, Rank};
use shared::time::Day;

use super::compare::FieldChange;
use super::fault::{Answer, CellProblem, Fault, PersonProblem, Problem, Question};
use super::people::{LastDay, PersonRow};
use super::people_changes::{PostAct, PostChange, unit_path};
use super::people_plan::{KnownPeople, MeantPerson};
use super::sheet::Place;
use super::unit_plan::UnitPlan;

/// A post to be written.
#[derive(Clone, Debug)]
pub(super) struct PutPost {
    pub(super) post: Post,
    change: PostChange,
}

/// The posts planned from the rows.
#[derive(Debug, Default)]
pub(super) struct Posts {
    /// Posts that are new or change.
    pub(super) put: Vec<PutPost>,
    /// Posts that are already known exactly so.
    pub(super) unchanged: usize,
    named: BTreeSet<PostId>,
    /// What is wrong or in doubt.
    pub(super) faults: Vec<Fault>,
}

impl Posts {
    /// Whether a row names the post.
    pub(super) fn names(&self, post: PostId) -> bool {
        self.named.contains(&post)
    }

    /// The changes, by who holds the post.
    pub(super) fn changes_by_person(&self) -> BTreeMap<PersonId, Vec<PostChange>> {
        let mut by_person: BTreeMap<PersonId, Vec<PostChange>> = BTreeMap::new();
        for put in &self.put {
            by_person.entry(put.post.person).or_default().push(put.change.clone());
        }
        by_person
    }
}

/// A post as a row wants it.
#[derive(Clone, Debug)]
struct Wanted<'a> {
    row: &'a PersonRow,
    known: Option<&'a Post>,
    post: Post,
}

impl Wanted<'_> {
    fn is_changed(&self) -> bool {
        self.known != Some(&self.post)
    }

    /// Whether the post covers days that it did not cover before.
    fn gains_days(&self) -> bool {
        let ends_later = |known: &Post| match (known.to, self.post.to) {
            (Some(_), None) => true,
            (Some(known), Some(to)) => to > known,
            (None, _) => false,
        };
        self.known.is_none_or(|known| self.post.from < known.from || ends_later(known))
    }

    /// Whether the holder would keep the personnel records on days on which this post did not say so.
    fn gives_records(&self) -> bool {
        self.post.personnel && (self.known.is_none_or(|known| !known.personnel) || self.gains_days())
    }

    /// Where the personnel records are taken from the holder: the last day of keeping them, or that there is none.
    fn takes_records(&self) -> Option<Option<Day>> {
        let known = self.known.filter(|known| known.personnel)?;
        if !self.post.personnel {
            return Some(None);
        }
        ends_earlier(known, &self.post).then_some(self.post.to)
    }
}

/// Posts of one kind differ only in time.
type Kind = (PersonId, UnitId, Rank);

struct Planner<'a> {
    known: &'a KnownPeople<'a>,
    answers: &'a BTreeSet<Answer>,
    by_person: HashMap<PersonId, Vec<&'a Post>>,
    heads: HashMap<UnitId, Vec<&'a Post>>,
    people: HashMap<PersonId, &'a str>,
    units: HashMap<UnitId, String>,
    wanted: Vec<Wanted<'a>>,
    faults: Vec<Fault>,
}

/// Plans the posts of rows whose unit and person are clear.
pub(super) fn plan_posts<'a>(
    rows: &[&'a PersonRow],
    units: &'a UnitPlan,
    people: &'a BTreeMap<String, MeantPerson>,
    known: &'a KnownPeople<'a>,
    answers: &'a BTreeSet<Answer>,
    new_id: &mut impl FnMut() -> [u8; 16],
) -> Posts {
    let mut planner = Planner::of(known, answers, units, people);
    let mut kinds: BTreeMap<Kind, Vec<&PersonRow>> = BTreeMap::new();
    let mut order: Vec<Kind> = Vec::new();
    for (row, unit) in rows.iter().zip(&units.of_row) {
        let (Some(unit), Some(meant)) = (unit, people.get(&row.username)) else { continue };
        let kind = (meant.person.id, *unit, row.rank);
        let of_kind = kinds.entry(kind).or_default();
        if of_kind.is_empty() {
            order.push(kind);
        }
        of_kind.push(row);
    }
    for kind in order {
        planner.plan_kind(kind, kinds.remove(&kind).unwrap_or_default(), new_id);
    }
    let replaced = planner.check_heads();
    planner.check_returning();
    planner.check_records(&replaced);
    planner.finish(replaced)
}

impl<'a> Planner<'a> {
    fn of(
        known: &'a KnownPeople<'a>,
        answers: &'a BTreeSet<Answer>,
        units: &'a UnitPlan,
        people: &'a BTreeMap<String, MeantPerson>,
    ) -> Self {
        let org: &Org = known.org;
        let mut by_person: HashMap<PersonId, Vec<&Post>> = HashMap::new();
        let mut heads: HashMap<UnitId, Vec<&Post>> = HashMap::new();
        for post in org.posts() {
            by_person.entry(post.person).or_default().push(post);
            if post.rank == Rank::Head {
                heads.entry(post.unit).or_default().push(post);
            }
        }
        let mut names: HashMap<PersonId, &str> = org.people().map(|person| (person.id, person.name.as_str())).collect();
        names.extend(people.values().map(|meant| (meant.person.id, meant.person.name.as_str())));
        let new: HashMap<UnitId, _> = units.put.iter().map(|unit| (unit.id, unit)).collect();
        let find = |id: UnitId| new.get(&id).copied().or_else(|| org.unit(id));
        let paths = org.units().chain(units.put.iter()).map(|unit| (unit.id, unit_path(unit, find))).collect();
        Self { known, answers, by_person, heads, people: names, units: paths, wanted: Vec::new(), faults: Vec::new() }
    }

    fn fault(&mut self, place: &Place, problem: impl Into<Problem>) {
        self.faults.push(Fault::new(place.clone(), problem));
    }

    fn unit(&self, id: UnitId) -> String {
        self.units.get(&id).cloned().unwrap_or_default()
    }

    fn name(&self, id: PersonId) -> String {
        self.people.get(&id).map(|name| (*name).to_owned()).unwrap_or_default()
    }

    /// Finds the known post that each row of one kind means, and what the row changes in it.
    fn plan_kind(&mut self, kind: Kind, rows: Vec<&'a PersonRow>, new_id: &mut impl FnMut() -> [u8; 16]) {
        let (person, unit, rank) = kind;
        let own = self.by_person.get(&person).into_iter().flatten().copied();
        let mut left: Vec<&Post> = own.filter(|post| post.unit == unit && post.rank == rank).collect();
        let mut pairs: Vec<(&PersonRow, Option<&Post>)> = Vec::new();
        for row in &rows {
            let same = left.iter().position(|post| post.from == row.from);
            pairs.push((row, same.map(|at| left.remove(at))));
        }
        for (row, known) in &mut pairs {
            if known.is_some() {
                continue;
            }
            let last = if let LastDay::Day(to) = row.to { Some(to) } else { None };
            let meant = |post: &&&Post| overlap((row.from, last), days(post));
            let several: Vec<&Post> = left.iter().filter(meant).copied().collect();
            match several.as_slice() {
                [] => {}
                [one] => {
                    left.retain(|post| post.id != one.id);
                    *known = Some(one);
                }
                several => {
                    let problem = self.overlapping(kind, several);
                    self.fault(&row.places.row, problem);
                    return;
                }
            }
        }
        let mut wanted = Vec::new();
        for (row, known) in pairs {
            let new_id = || PostId::from_bytes(new_id());
            wanted.extend(self.wanted(kind, row, known, new_id));
        }
        self.refuse_overlaps(kind, &wanted, &left);
        self.wanted.extend(wanted);
    }

    fn wanted(
        &mut self,
        (person, unit, rank): Kind,
        row: &'a PersonRow,
        known: Option<&'a Post>,
        new_id: impl FnOnce() -> PostId,
    ) -> Option<Wanted<'a>> {
        let title = row.title.clone().or_else(|| known.map(|known| known.title.clone()));
        let Some(title) = title else {
            self.fault(&row.places.title, CellProblem::CellEmpty);
            return None;
        };
        if let Some(known) = known
            && known.from < row.from
            && !self.answers.contains(&Answer::FirstDays)
        {
            let (name, unit) = (row.name.clone(), self.unit(unit));
            let (known, found) = (known.from.vietnamese(), row.from.vietnamese());
            self.fault(&row.places.from, Question::FirstDayLater { name, unit, known, found });
            return None;
        }
        let to = match row.to {
            LastDay::Blank => known.and_then(|known| known.to),
            LastDay::None => None,
            LastDay::Day(day) => Some(day),
        };
        // A row with both days was checked when it was read.
        if let Some(to) = to.filter(|to| *to < row.from && row.to == LastDay::Blank) {
            let problem = PersonProblem::DaysReversed { found: to.vietnamese(), allowed: row.from.vietnamese() };
            self.fault(&row.places.to, problem);
            return None;
        }
        let personnel = row.personnel.or(known.map(|known| known.personnel)).unwrap_or_default();
        let id = known.map_or_else(new_id, |known| known.id);
        Some(Wanted { row, known, post: Post { id, person, unit, rank, title, from: row.from, to, personnel } })
    }

    /// One person holds one post of a kind at a time. This holds within the list and together with what is known.
    fn refuse_overlaps(&mut self, kind: Kind, wanted: &[Wanted<'a>], left: &[&Post]) {
        for (place, one) in wanted.iter().enumerate() {
            let before = wanted.iter().take(place);
            if let Some(other) = before.into_iter().find(|other| overlap(days(&other.post), days(&one.post))) {
                let other = Box::new(other.row.places.row.clone());
                self.fault(&one.row.places.row, PersonProblem::PostTwice { other });
            }
            let beside: Vec<&Post> = left.iter().copied().filter(|post| overlap(days(post), days(&one.post))).collect();
            if one.is_changed() && !beside.is_empty() {
                let all: Vec<&Post> = one.known.into_iter().chain(beside).collect();
                let problem = self.overlapping(kind, &all);
                self.fault(&one.row.places.row, problem);
            }
        }
    }

    fn overlapping(&self, (person, unit, _): Kind, posts: &[&Post]) -> PersonProblem {
        let of = |post: &&Post| {
            let to = post.to.map_or_else(|| "…".to_owned(), Day::vietnamese);
            format!("“{}” {} - {to}", post.title, post.from.vietnamese())
        };
        PersonProblem::PostsOverlap {
            name: self.name(person),
            unit: self.unit(unit),
            found: posts.iter().map(of).collect(),
        }
    }

    /// Compares every head who gains days with the other heads of the unit, in the list and at the office. Returns the
    /// posts of replaced heads, ended on the day before.
    fn check_heads(&mut self) -> Vec<(&'a Post, Post)> {
        let of_list: BTreeSet<PostId> = self.wanted.iter().map(|wanted| wanted.post.id).collect();
        let mut by_unit: HashMap<UnitId, Vec<usize>> = HashMap::new();
        for (at, wanted) in self.wanted.iter().enumerate().filter(|(_, wanted)| wanted.post.rank == Rank::Head) {
            by_unit.entry(wanted.post.unit).or_default().push(at);
        }
        let mut replaced: Vec<(&Post, Post)> = Vec::new();
        let mut faults = Vec::new();
        for (at, new) in self.wanted.iter().enumerate().filter(|(_, wanted)| wanted.post.rank == Rank::Head) {
            let meets = |post: &Post| post.person != new.post.person && overlap(days(post), days(&new.post));
            let listed = by_unit.get(&new.post.unit).into_iter().flatten().filter(|other| **other < at);
            let listed = listed.filter_map(|other| self.wanted.get(*other));
            if let Some(other) = listed.into_iter().find(|other| meets(&other.post)) {
                let (unit, head) = (self.unit(new.post.unit), other.row.name.clone());
                let problem = PersonProblem::HeadTwice { unit, head, other: Box::new(other.row.places.row.clone()) };
                faults.push(Fault::new(new.row.places.row.clone(), problem));
                continue;
            }
            let known = self.heads.get(&new.post.unit).into_iter().flatten().copied();
            for head in known.filter(|head| new.gains_days() && !of_list.contains(&head.id) && meets(head)) {
                match self.replace(head, new) {
                    Ok(ended) => replaced.extend(ended.map(|ended| (head, ended))),
                    Err(problem) => faults.push(Fault::new(new.row.places.row.clone(), problem)),
                }
            }
        }
        self.faults.extend(faults);
        replaced
    }

    /// The post of a known head who meets a new one, ended on the day before. None where the new one only serves next
    /// to the old one for a time.
    fn replace(&self, head: &Post, new: &Wanted<'_>) -> Result<Option<Post>, Problem> {
        let (unit, name, since) = (self.unit(head.unit), self.name(head.person), head.from.vietnamese());
        let is_for_a_time = new.post.to.is_some_and(|to| head.to.is_none_or(|last| to < last));
        if !is_for_a_time && head.from >= new.post.from {
            return Err(PersonProblem::HeadLater { unit, head: name, since }.into());
        }
        if !self.answers.contains(&Answer::Heads) {
            let (new_name, from) = (new.row.name.clone(), new.post.from.vietnamese());
            let until = new.post.to.filter(|_| is_for_a_time).map(Day::vietnamese);
            return Err(Question::HeadReplaced { unit, head: name, since, new: new_name, from, until }.into());
        }
        let last = Day(new.post.from.0.saturating_sub(1));
        Ok((!is_for_a_time).then(|| Post { to: Some(last), ..head.clone() }))
    }

    /// People who had left everything come back only when somebody confirmed it. An older list does not bring people
    /// back.
    fn check_returning(&mut self) {
        if self.answers.contains(&Answer::Returning) {
            return;
        }
        let today = self.known.today;
        let mut asked = BTreeSet::new();
        let mut faults = Vec::new();
        for wanted in self.wanted.iter().filter(|wanted| wanted.is_changed()) {
            let own = self.by_person.get(&wanted.post.person).map(Vec::as_slice).unwrap_or_default();
            let last = own.iter().map(|post| post.to).max_by_key(|to| to.unwrap_or(Day(i32::MAX))).flatten();
            let Some(last) = last.filter(|last| *last < today) else { continue };
            if wanted.post.to.is_none_or(|to| to >= today) && asked.insert(wanted.post.person) {
                let question = Question::BroughtBack { name: wanted.row.name.clone(), last_day: last.vietnamese() };
                faults.push(Fault::new(wanted.row.places.row.clone(), question));
            }
        }
        self.faults.extend(faults);
    }

    /// Asks before the personnel records are given or taken, because who keeps them publishes results and decides who
    /// is who. The list that makes an office has to give them to somebody.
    fn check_records(&mut self, replaced: &[(&Post, Post)]) {
        if self.answers.contains(&Answer::Personnel) || self.by_person.is_empty() {
            return;
        }
        let mut faults = Vec::new();
        for wanted in &self.wanted {
            let (name, unit) = (wanted.row.name.clone(), self.unit(wanted.post.unit));
            if wanted.gives_records() {
                let from = wanted.post.from.vietnamese();
                let question = Question::PersonnelGiven { name, unit, from };
                faults.push(Fault::new(wanted.row.places.row.clone(), question));
            } else if let Some(last_day) = wanted.takes_records() {
                let question = Question::PersonnelTaken { name, unit, last_day: last_day.map(Day::vietnamese) };
                faults.push(Fault::new(wanted.row.places.row.clone(), question));
            }
        }
        // A replaced head has no row. The successor's row stands for it.
        for (head, ended) in replaced.iter().filter(|(head, _)| head.personnel) {
            let is_successor = |new: &&Wanted<'_>| new.post.rank == Rank::Head && new.post.unit == head.unit;
            let Some(new) = self.wanted.iter().find(is_successor) else { continue };
            let (name, unit, last_day) = (self.name(head.person), self.unit(head.unit), ended.to.map(Day::vietnamese));
            let question = Question::PersonnelTaken { name, unit, last_day };
            faults.push(Fault::new(new.row.places.row.clone(), question));
        }
        self.faults.extend(faults);
    }

    fn finish(self, replaced: Vec<(&Post, Post)>) -> Posts {
        let named = self.wanted.iter().map(|wanted| wanted.post.id).collect();
        let mut posts = Posts { named, ..Posts::default() };
        for (known, post) in replaced {
            let change = self.change(Some(known), &post);
            posts.put.push(PutPost { post, change });
        }
        for wanted in &self.wanted {
            if wanted.is_changed() {
                let change = self.change(wanted.known, &wanted.post);
                posts.put.push(PutPost { post: wanted.post.clone(), change });
            } else {
                posts.unchanged += 1;
            }
        }
        posts.faults = self.faults;
        posts
    }

    fn change(&self, known: Option<&Post>, post: &Post) -> PostChange {
        let day = |day: Option<Day>| day.map(Day::vietnamese).unwrap_or_default();
        let yes = |yes: bool| if yes { "có" } else { "không" }.to_owned();
        let pairs = known.map(|known| {
            [
                ("title", known.title.clone(), post.title.clone()),
                ("from", day(Some(known.from)), day(Some(post.from))),
                ("to", day(known.to), day(post.to)),
                ("personnel", yes(known.personnel), yes(post.personnel)),
            ]
        });
        let fields: Vec<FieldChange> = pairs
            .into_iter()
            .flatten()
            .filter(|(_, from, to)| from != to)
            .map(|(field, from, to)| FieldChange { field, from, to })
            .collect();
        let act = match known {
            None => PostAct::Added,
            Some(known) if ends_earlier(known, post) => PostAct::Ended,
            Some(_) => PostAct::Changed,
        };
        PostChange {
            act,
            unit: self.unit(post.unit),
            rank: post.rank,
            title: post.title.clone(),
            from: post.from,
            to: post.to,
            personnel: post.personnel,
            fields,
        }
    }
}

type Days = (Day, Option<Day>);

const fn days(post: &Post) -> Days {
    (post.from, post.to)
}

fn ends_earlier(known: &Post, post: &Post) -> bool {
    post.to.is_some_and(|to| known.to.is_none_or(|last| to < last))
}

fn overlap(one: Days, other: Days) -> bool {
    let ends_before = |one: Days, other: Days| one.1.is_some_and(|to| to < other.0);
    !ends_before(one, other) && !ends_before(other, one)
}
