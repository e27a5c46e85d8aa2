//! What is read of many cards at once: who may read what, the period's table, its sums, and what signs many cards in one
//! go.

use std::collections::{BTreeMap, BTreeSet};

use shared::ids::{OpId, PersonId, Subject};
use shared::op::{Body, CardKey, Payload, Stage, Target};
use shared::pack::{Language, PackAdoption, Step};
use shared::procedure::{Gap, gaps};
use shared::report::{Row, UnitMonth, unit_month};
use shared::state::State;

use super::life::{Life, Open, asked_for, key, open_steps};
use super::oracle::{Leaves, Rules, leaves};
use super::regulation::{corrected, under};
use crate::whose;

/// Cells of the table that hold totals and classes of superiors: scored, its class, signed, its class.
const RESULT_CELLS: [usize; 4] = [10, 11, 12, 13];

/// A check of what was found.
pub(super) type Checked = Result<(), String>;

pub(super) fn require(holds: bool, what: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(what()) }
}

/// What the check of an office names: who has no role, and which step nobody can do for whom.
#[derive(Debug, Default)]
pub(super) struct Named {
    no_role: BTreeSet<PersonId>,
    nobody: BTreeSet<(PersonId, String)>,
}

impl Named {
    /// Whether it names that nobody can do a step for somebody.
    pub(super) fn lacks(&self, person: PersonId, step: &str) -> bool {
        self.nobody.contains(&(person, step.to_owned()))
    }
}

impl Life<'_> {
    /// What the static check says of this office, under the readings that it adopted.
    ///
    /// # Errors
    /// When it names somebody whom the rules do not lack, or overlooks one.
    pub(super) fn named_gaps(&self) -> Result<Named, String> {
        let office = self.rules.office;
        let pack = under(office.pack, &office.adoption.options);
        let mut named = Named::default();
        for gap in gaps(&pack, &self.state.org, None, self.rules.day()) {
            match gap {
                Gap::NoRole(person) => drop(named.no_role.insert(person)),
                Gap::NobodyActs { subject: Subject::Person(subject), step } => {
                    named.nobody.insert((subject, step.id.clone()));
                }
                Gap::NobodyActs { .. } | Gap::EachOther { .. } => {}
            }
        }
        // The check does not know yet which units an adoption will bind.
        let mut unbound = office.clone();
        unbound.adoption.bound.clear();
        let rules = Rules { office: &unbound };
        let serving: BTreeSet<PersonId> = rules.held(self.rules.day()).map(|post| post.person).collect();
        for person in serving {
            let without = rules.role(person).is_none();
            require(named.no_role.contains(&person) == without, || {
                format!("{person}: no role {without}, but named otherwise")
            })?;
            // A line that nobody evaluates is left to whoever marks.
            let by_line = |step: &Step| leaves(step) == Leaves::Lines;
            for (place, step) in rules.steps(person).into_iter().filter(|(_, step)| !without && !by_line(step)) {
                let nobody = rules.actors(step, person).is_empty();
                require(named.lacks(person, &step.id) == nobody, || {
                    format!("step {place} of {person}, by {:?}: nobody acts {nobody}, but named otherwise", step.by)
                })?;
            }
        }
        Ok(named)
    }

    /// Nobody reads more than the rules give, and nobody less.
    ///
    /// # Errors
    /// Who reads what.
    pub(super) fn readers(&self) -> Checked {
        let office = self.rules.office;
        for subject in self.subjects() {
            let key = key(office, subject);
            for reader in office.people.iter().map(|person| person.id) {
                let (found, due) = (self.state.may_read_card(reader, &key), self.rules.reads(reader, subject));
                require(found == due, || format!("{reader} reads the card of {subject}: {found}, by the rules {due}"))?;
                let known = self.state.result_for(reader, &key);
                let told = reader != subject || self.record(subject).is_told(self.rules, subject);
                let shown = known.found.is_some() || known.decided.is_some();
                require(!shown || due && told, || format!("{reader} sees the result of {subject} too early"))?;
            }
        }
        Ok(())
    }

    /// Everyone who is scored is exactly once in the period's table of the whole, and every unit's table is the sum of its
    /// own people and of the tables below it.
    ///
    /// # Errors
    /// Who is missing or there twice; the sums that differ; a total or a class that nothing supports.
    pub(super) fn roster(&self) -> Checked {
        let office = self.rules.office;
        let all = |unit| unit_month(&self.state, unit, office.period, PersonId::SYSTEM);
        let mut seen: Vec<PersonId> = Vec::new();
        for unit in &office.units {
            let table = all(unit.id);
            let below = office.units.iter().filter(|other| other.parent == Some(unit.id));
            let (mut expected, mut sums) = (Vec::new(), BTreeMap::new());
            let own = |row: &&Row| self.rules.seat(whose(&row.card)).is_some_and(|(at, _)| at == unit.id);
            let own = UnitMonth { rows: table.rows.iter().filter(own).cloned().collect(), ..all(unit.id) };
            for part in below.map(|other| all(other.id)).chain([own]) {
                expected.extend(part.rows.iter().map(|row| whose(&row.card)));
                add(&mut sums, &part);
            }
            let mut people: Vec<PersonId> = table.rows.iter().map(|row| whose(&row.card)).collect();
            let mut whole = BTreeMap::new();
            add(&mut whole, &table);
            people.sort_unstable();
            expected.sort_unstable();
            require(people == expected, || format!("{}: its table is not that of its parts", unit.name))?;
            require(whole == sums, || format!("{}: the sums {sums:?} are not the whole {whole:?}", unit.name))?;
            if unit.parent.is_none() {
                seen.extend(people);
                self.nothing_made_up(&table)?;
            }
        }
        seen.sort_unstable();
        require(seen == self.subjects(), || format!("in the tables {seen:?}, with a card {:?}", self.subjects()))
    }

    /// A missing part never stands in a table as a total or a class.
    fn nothing_made_up(&self, table: &UnitMonth) -> Checked {
        let text = table.to_csv(Language::Vi);
        for (row, line) in table.rows.iter().zip(text.lines().skip(1)) {
            let record = self.record(whose(&row.card));
            let reckoned = record.reckon(self.rules, whose(&row.card));
            let total = row.appraised.as_ref().and_then(|found| found.total.clone());
            require(total == reckoned.total, || {
                format!("{}: total {total:?}, by the rules {reckoned:?}", whose(&row.card))
            })?;
            let class = row.appraised.as_ref().map(|found| found.class.as_str()).unwrap_or_default();
            let due = reckoned.class.unwrap_or_default();
            require(class == due, || format!("{}: class {class:?}, by the rules {due:?}", whose(&row.card)))?;
            let signed = record.stage() >= Stage::Approved;
            require(row.approved.is_some() == signed, || {
                format!("{}: signed {signed}, in the table otherwise", whose(&row.card))
            })?;
            let cells: Vec<&str> = line.split(';').collect();
            let shown: Vec<bool> =
                RESULT_CELLS.iter().map(|at| cells.get(*at).is_some_and(|cell| !cell.is_empty())).collect();
            let class_known = !due.is_empty();
            let known = [total.is_some(), class_known, signed, signed && class_known];
            require(shown == known, || {
                format!("{}: the line {line:?} shows {shown:?}, known is {known:?}", whose(&row.card))
            })?;
        }
        Ok(())
    }

    /// Signs all that is ready for somebody: what was made ready on one screen in one go leaves the same results as one after
    /// the other, each made ready when those before were signed.
    ///
    /// # Errors
    /// The card that differs.
    pub(super) fn many_at_once(&mut self) -> Checked {
        let Some(actor) = self.draw.pick(&self.rules.office.people).map(|person| person.id) else { return Ok(()) };
        let (subjects, begun) = (self.subjects(), self.state.clone());
        let ready: Vec<(CardKey, (OpId, Body))> =
            subjects.into_iter().filter_map(|subject| self.decision_of(actor, subject)).collect();
        let mut together = begun.clone();
        ready.iter().for_each(|(_, decision)| self.sign(&mut together, decision));
        for (key, _) in &ready {
            let mut one_by_one = self.state.clone();
            if let Some((_, decision)) = self.decision_of(actor, whose(key)) {
                self.sign(&mut one_by_one, &decision);
            }
            self.state = one_by_one;
        }
        for (key, _) in &ready {
            let result = |state: &State| state.card(key).and_then(|card| card.approval().cloned());
            let (one, other) = (result(&together), result(&self.state));
            require(one.is_some() && one == other, || {
                format!("{key}: many at once left {one:?}, one by one {other:?}")
            })?;
        }
        self.state = begun;
        Ok(())
    }

    /// The decision that somebody would sign now, if it is the person's turn.
    fn decision_of(&mut self, actor: PersonId, subject: PersonId) -> Option<(CardKey, (OpId, Body))> {
        let open = open_steps(&self.state, self.rules.office, subject, self.today());
        let (key, mut draw) = (key(self.rules.office, subject), self.draw.clone());
        let signs = open.into_iter().filter(|one| one.actors.contains(&actor)).find_map(|one| {
            let asked = asked_for(self.sight(&key), &mut draw, &Open { actors: vec![actor], ..one })?;
            matches!(asked, Payload::Approve(..)).then_some(asked)
        })?;
        let signed = self.body(actor, Target::Card(key.clone()), &signs);
        Some((key, signed))
    }

    fn sign(&self, state: &mut State, (id, body): &(OpId, Body)) {
        if state.judge(*id, body, self.now).counts() {
            state.apply(*id, body, Some(self.now));
        }
    }

    /// The office adopts a corrected text for the same period. Cards that are decided stay as they are, under the pack that
    /// they name; nobody goes on with the others.
    ///
    /// # Errors
    /// The card that changed.
    pub(super) fn another_text(&mut self) -> Checked {
        let Some(pack) = corrected(self.rules.office.pack) else {
            return Err("a corrected text does not read".to_owned());
        };
        let before = self.state.clone();
        let adoption = PackAdoption { pack: pack.hash, ..self.rules.office.adoption.clone() };
        let (id, body) = self.body(PersonId::SYSTEM, Target::Org, &Payload::AdoptPack(adoption));
        require(self.state.judge(id, &body, self.now).counts(), || "a corrected text could not be adopted".to_owned())?;
        self.state.apply(id, &body, Some(self.now));
        for subject in self.subjects() {
            let old = key(self.rules.office, subject);
            let new = CardKey { pack: pack.hash, ..old.clone() };
            let decided = self.record(subject).stage() >= Stage::Approved;
            let expected = if decided { old.clone() } else { new };
            let keys = self.state.card_keys(subject, old.period);
            require(keys == [expected], || format!("the cards of {subject} are {keys:?}"))?;
            require(self.state.card(&old) == before.card(&old), || {
                format!("the card of {subject} changed with the text")
            })?;
            let results = |state: &State| state.result_for(PersonId::SYSTEM, &old);
            require(!decided || results(&self.state) == results(&before), || {
                format!("the result of {subject} changed")
            })?;
            let mut draw = self.draw.clone();
            let payload = self.sight(&old).own_score(&mut draw);
            let (id, body) = self.body(subject, Target::Card(old), &payload);
            require(!self.state.judge(id, &body, self.now).counts(), || {
                format!("{subject} goes on under the old text")
            })?;
        }
        self.state = before;
        Ok(())
    }
}

/// Adds the people of a table: by stage, those not assessed, and by class.
fn add(sums: &mut BTreeMap<String, usize>, table: &UnitMonth) {
    let stages = table.stages().into_iter().map(|(stage, count)| (format!("stage {}", stage.word()), count));
    let packs = table.packs();
    let classes = packs.iter().flat_map(|pack| table.distribution(pack).into_iter().map(move |one| (pack, one)));
    let classes = classes.map(|(pack, (class, (count, _)))| (format!("class {class} of {pack}"), count));
    let absent = [("absent".to_owned(), table.absent())].into_iter().filter(|(_, count)| *count > 0);
    for (what, count) in stages.chain(classes).chain(absent) {
        *sums.entry(what).or_default() += count;
    }
}
