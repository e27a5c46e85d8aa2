//! Finds which units the rows of a list mean: known units, found by their name under their parent, and new ones.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shared::ids::UnitId;
use shared::limits::UNIT_DEPTH_MAX;
use shared::org::{Org, Unit, UnitKind};

use super::compare::FieldChange;
use super::fault::{Answer, Fault, PersonProblem, Question};
use super::people::PersonRow;
use super::people_changes::{UnitChange, unit_path};
use super::sentence::question::kind_name;
use super::sheet::Place;
use crate::names::{identity, look};

/// The units planned from the rows.
#[derive(Debug, Default)]
pub(super) struct UnitPlan {
    /// The unit of each row. None where it is doubtful.
    pub(super) of_row: Vec<Option<UnitId>>,
    /// Units to be written, each after the unit above it.
    pub(super) put: Vec<Unit>,
    /// The same, for people to read.
    pub(super) changes: Vec<UnitChange>,
    /// Units that are already known exactly so.
    pub(super) unchanged: usize,
    /// New units that look like each other.
    pub(super) alike: Vec<[String; 2]>,
    /// The doubtful changes and other faults.
    pub(super) faults: Vec<Fault>,
}

/// A unit as the rows name it, under the unit above it where a row names one.
#[derive(Debug)]
struct Node {
    name: String,
    parent_name: Option<String>,
    parent: Option<usize>,
    kind: Option<UnitKind>,
    place: Place,
    is_above_agency: bool,
    is_refused: bool,
}

/// Plans the units while it goes through the rows.
struct Planner<'a> {
    org: &'a Org,
    answers: &'a BTreeSet<Answer>,
    known_by_name: HashMap<String, Vec<&'a Unit>>,
    nodes: Vec<Node>,
    nodes_by_name: BTreeMap<String, Vec<usize>>,
    of_row: Vec<Option<usize>>,
    faults: Vec<Fault>,
}

/// The unit that a node stands for.
#[derive(Clone, Debug)]
enum Found<'a> {
    Known(&'a Unit),
    New,
    InDoubt,
}

/// Plans the units of some rows. `new_id` gives 16 fresh bytes.
pub(super) fn plan_units(
    rows: &[&PersonRow],
    org: &Org,
    answers: &BTreeSet<Answer>,
    new_id: &mut impl FnMut() -> [u8; 16],
) -> UnitPlan {
    let mut known_by_name: HashMap<String, Vec<&Unit>> = HashMap::new();
    for unit in org.units() {
        known_by_name.entry(identity(&unit.name)).or_default().push(unit);
    }
    let mut planner = Planner {
        org,
        answers,
        known_by_name,
        nodes: Vec::new(),
        nodes_by_name: BTreeMap::new(),
        of_row: Vec::new(),
        faults: Vec::new(),
    };
    planner.name_all(rows);
    planner.refuse_circles();
    planner.mark_above_agencies();
    planner.resolve(new_id)
}

impl<'a> Planner<'a> {
    /// Makes a node of every named unit, and finds the node above each.
    fn name_all(&mut self, rows: &[&PersonRow]) {
        let mut by_names: BTreeMap<(String, String), usize> = BTreeMap::new();
        for row in rows {
            let Some(parent) = &row.parent else { continue };
            let names = (identity(&row.unit), identity(parent));
            by_names.entry(names).or_insert_with(|| self.add(&row.unit, Some(parent.clone()), &row.places.unit));
        }
        for row in rows {
            let node = match &row.parent {
                Some(parent) => by_names.get(&(identity(&row.unit), identity(parent))).copied(),
                None => self.named(&row.unit, &row.places.unit),
            };
            self.of_row.push(node);
            if let Some(node) = node {
                self.note_kind(node, row);
            }
        }
        for place in 0..self.nodes.len() {
            let Some(Node { parent_name: Some(parent), place: at, .. }) = self.nodes.get(place) else { continue };
            let (parent, at) = (parent.clone(), at.clone());
            let above = self.named(&parent, &at);
            if let Some(node) = self.nodes.get_mut(place) {
                node.parent = above;
                node.is_refused |= above.is_none();
            }
        }
    }

    fn add(&mut self, name: &str, parent_name: Option<String>, place: &Place) -> usize {
        let node = Node {
            name: name.to_owned(),
            parent_name,
            parent: None,
            kind: None,
            place: place.clone(),
            is_above_agency: false,
            is_refused: false,
        };
        self.nodes.push(node);
        let at = self.nodes.len() - 1;
        self.nodes_by_name.entry(identity(name)).or_default().push(at);
        at
    }

    /// The only node of a name, or a new one where there is none. Several are a fault.
    fn named(&mut self, name: &str, place: &Place) -> Option<usize> {
        let nodes = self.nodes_by_name.get(&identity(name)).map(Vec::as_slice).unwrap_or_default();
        match nodes {
            [] => Some(self.add(name, None, place)),
            [node] => Some(*node),
            several => {
                let parents = several.iter().filter_map(|node| self.nodes.get(*node)?.parent_name.clone()).collect();
                self.fault(place, PersonProblem::UnitAmbiguous { unit: name.to_owned(), parents });
                None
            }
        }
    }

    fn note_kind(&mut self, node: usize, row: &PersonRow) {
        let Some(node) = self.nodes.get_mut(node) else { return };
        let Some(kind) = row.kind else { return };
        if node.kind.is_some_and(|known| known != kind) {
            let problem = PersonProblem::KindDiffers { unit: node.name.clone(), other: Box::new(node.place.clone()) };
            self.faults.push(Fault::new(row.places.unit.clone(), problem));
        } else {
            node.kind = Some(kind);
        }
    }

    fn fault(&mut self, place: &Place, problem: impl Into<super::fault::Problem>) {
        self.faults.push(Fault::new(place.clone(), problem));
    }

    /// The node and those above it, nearest first. None when they form a circle or are nested too deep.
    fn ancestry(&self, node: usize) -> Option<Vec<usize>> {
        let mut path = vec![node];
        let mut next = node;
        while let Some(parent) = self.nodes.get(next).and_then(|node| node.parent) {
            path.push(parent);
            if path.len() >= UNIT_DEPTH_MAX {
                return None;
            }
            next = parent;
        }
        Some(path)
    }

    fn refuse_circles(&mut self) {
        for at in 0..self.nodes.len() {
            if self.ancestry(at).is_some() {
                continue;
            }
            let Some(node) = self.nodes.get_mut(at) else { continue };
            node.is_refused = true;
            let (unit, place) = (node.name.clone(), node.place.clone());
            self.fault(&place, PersonProblem::UnitsInCircle { unit });
        }
    }

    /// Marks every unit above an agency, whether a row states its kind or not.
    fn mark_above_agencies(&mut self) {
        let is_agency = |node: &Node| {
            let known = self.known_by_name.get(&identity(&node.name)).map(Vec::as_slice).unwrap_or_default();
            let is_known = || known.iter().any(|unit| unit.kind == UnitKind::Agency);
            node.kind.map_or_else(is_known, |kind| kind == UnitKind::Agency)
        };
        let agencies: Vec<usize> =
            (0..self.nodes.len()).filter(|at| self.nodes.get(*at).is_some_and(is_agency)).collect();
        let above: Vec<usize> =
            agencies.iter().filter_map(|at| self.ancestry(*at)).flat_map(|path| path.into_iter().skip(1)).collect();
        for at in above {
            if let Some(node) = self.nodes.get_mut(at) {
                node.is_above_agency = true;
            }
        }
    }

    fn resolve(mut self, new_id: &mut impl FnMut() -> [u8; 16]) -> UnitPlan {
        let mut order: Vec<(usize, usize)> =
            (0..self.nodes.len()).filter_map(|at| Some((self.ancestry(at)?.len(), at))).collect();
        order.sort_unstable();
        let tops = order.iter().filter(|(depth, at)| *depth == 1 && self.candidates(*at).is_empty()).count();
        let may_found = tops == 1 && self.org.units().next().is_none();
        let mut plan = UnitPlan::default();
        let mut units: BTreeMap<usize, Unit> = BTreeMap::new();
        for (_, at) in order {
            let parent = self.nodes.get(at).and_then(|node| node.parent);
            let above = parent.and_then(|parent| units.get(&parent)).cloned();
            let is_refused = self.nodes.get(at).is_none_or(|node| node.is_refused);
            if is_refused || (parent.is_some() && above.is_none()) {
                continue;
            }
            let found = match &above {
                None => self.find_top(at, may_found),
                Some(above) => self.find_below(at, above),
            };
            let known = match found {
                Found::InDoubt => continue,
                Found::Known(known) => Some(known),
                Found::New => None,
            };
            if let Some(unit) = self.unit_of(at, known, above.as_ref(), new_id) {
                plan.note(known, &unit, |id| units.values().find(|unit| unit.id == id).or_else(|| self.org.unit(id)));
                units.insert(at, unit);
            }
        }
        plan.alike = alike(&plan.changes);
        plan.of_row = self.of_row.iter().map(|node| Some(units.get(&(*node)?)?.id)).collect();
        plan.faults = self.faults;
        plan
    }

    /// The known units of a node's name.
    fn candidates(&self, at: usize) -> &[&'a Unit] {
        let name = self.nodes.get(at).map(|node| identity(&node.name)).unwrap_or_default();
        self.known_by_name.get(&name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Finds a unit of which no row names the unit above. A list that begins at the commune says nothing about the
    /// units above it. A list that forgets which agency a division belongs to must not put its people into another
    /// agency.
    fn find_top(&mut self, at: usize, may_found: bool) -> Found<'a> {
        let candidates = self.candidates(at).to_vec();
        let agencies = self.org.units().filter(|unit| unit.kind == UnitKind::Agency).count();
        let names_agency = |unit: &Unit| {
            let above = self.org.ancestry(unit.id).into_iter().skip(1).filter_map(|id| self.org.unit(id));
            above.into_iter().any(|above| self.nodes_by_name.contains_key(&identity(&above.name)))
        };
        let sure: Vec<&Unit> = match candidates.as_slice() {
            [one] if one.kind != UnitKind::Division || agencies <= 1 || self.nodes_by_name.len() == 1 => vec![*one],
            _ => candidates.iter().copied().filter(|unit| names_agency(unit)).collect(),
        };
        let (name, place) = self.named_at(at);
        match (sure.as_slice(), candidates.as_slice()) {
            ([one], _) => Found::Known(one),
            (_, []) => {
                let alike = self.alike_known(&name, |_| true);
                match self.decide_alike(&name, &place, alike) {
                    Found::New if !may_found && !self.answers.contains(&Answer::TopUnits) => {
                        self.fault(&place, Question::TopUnit { unit: name });
                        Found::InDoubt
                    }
                    found => found,
                }
            }
            (_, several) => {
                let above = |unit: &&Unit| Some(self.org.unit(unit.parent?)?.name.clone());
                let parents = several.iter().filter_map(above).collect();
                self.fault(&place, PersonProblem::UnitAmbiguous { unit: name, parents });
                Found::InDoubt
            }
        }
    }

    /// Finds a unit under another that is known or was just planned.
    fn find_below(&mut self, at: usize, above: &Unit) -> Found<'a> {
        let candidates = self.candidates(at).to_vec();
        let here: Vec<&Unit> = candidates.iter().copied().filter(|unit| unit.parent == Some(above.id)).collect();
        let (name, place) = self.named_at(at);
        match here.as_slice() {
            [one] => return Found::Known(one),
            [] => {}
            _ => {
                let parents = vec![above.name.clone(); here.len()];
                self.fault(&place, PersonProblem::UnitAmbiguous { unit: name, parents });
                return Found::InDoubt;
            }
        }
        let roots: Vec<&Unit> = candidates.into_iter().filter(|unit| unit.parent.is_none()).collect();
        if let [root] = roots.as_slice() {
            return match self.same_or_new() {
                Some(true) => Found::Known(root),
                Some(false) => Found::New,
                None => {
                    self.fault(&place, Question::UnitStandsElsewhere { unit: name, parent: above.name.clone() });
                    Found::InDoubt
                }
            };
        }
        let alike = self.alike_known(&name, |unit| unit.parent == Some(above.id));
        self.decide_alike(&name, &place, alike)
    }

    fn named_at(&self, at: usize) -> (String, Place) {
        self.nodes.get(at).map(|node| (node.name.clone(), node.place.clone())).unwrap_or_default()
    }

    /// Known units with a similar name that the list itself does not name.
    fn alike_known(&self, name: &str, among: impl Fn(&Unit) -> bool) -> Vec<&'a Unit> {
        let wanted = look(name);
        let units = self.org.units().filter(|unit| among(unit) && look(&unit.name) == wanted);
        units.filter(|unit| !self.nodes_by_name.contains_key(&identity(&unit.name))).collect()
    }

    fn decide_alike(&mut self, name: &str, place: &Place, alike: Vec<&'a Unit>) -> Found<'a> {
        let Some(first) = alike.first() else { return Found::New };
        match self.same_or_new() {
            Some(false) => Found::New,
            Some(true) if alike.len() == 1 => Found::Known(first),
            _ => {
                let known = unit_path(first, |id| self.org.unit(id));
                self.fault(place, Question::UnitLooksLike { unit: name.to_owned(), known });
                Found::InDoubt
            }
        }
    }

    /// Whether units that look like known ones are those. None when nobody said so, or when both were said.
    fn same_or_new(&self) -> Option<bool> {
        let (same, new) = (self.answers.contains(&Answer::SameUnits), self.answers.contains(&Answer::NewUnits));
        (same != new).then_some(same)
    }

    /// The unit as it will be. None when its kind is doubtful.
    fn unit_of(
        &mut self,
        at: usize,
        known: Option<&Unit>,
        above: Option<&Unit>,
        new_id: &mut impl FnMut() -> [u8; 16],
    ) -> Option<Unit> {
        let node = self.nodes.get(at)?;
        let kind = node.kind.or(known.map(|known| known.kind)).unwrap_or_else(|| usual_kind(node, above));
        if let Some(known) = known
            && known.kind != kind
            && !self.answers.contains(&Answer::SameUnits)
        {
            let question = Question::UnitKindChanges { unit: node.name.clone(), known: known.kind, found: kind };
            let place = node.place.clone();
            self.fault(&place, question);
            return None;
        }
        let parent = above.map(|above| above.id);
        let name = known.map_or_else(|| node.name.clone(), |known| spelled(&known.name, &node.name));
        Some(match known {
            Some(known) => Unit { id: known.id, parent: parent.or(known.parent), name, kind },
            None => Unit { id: UnitId::from_bytes(new_id()), parent, name, kind },
        })
    }
}

impl UnitPlan {
    fn note<'u>(&mut self, known: Option<&Unit>, unit: &Unit, find: impl Fn(UnitId) -> Option<&'u Unit>) {
        if known == Some(unit) {
            self.unchanged += 1;
            return;
        }
        let name_of = |parent: Option<UnitId>| parent.and_then(&find).map(|unit| unit.name.clone()).unwrap_or_default();
        let pairs = known.map(|known| {
            [
                ("name", known.name.clone(), unit.name.clone()),
                ("parent", name_of(known.parent), name_of(unit.parent)),
                ("kind", kind_name(known.kind).to_owned(), kind_name(unit.kind).to_owned()),
            ]
        });
        let fields = pairs.into_iter().flatten().filter(|(_, from, to)| from != to);
        self.changes.push(UnitChange {
            is_new: known.is_none(),
            unit: unit_path(known.unwrap_or(unit), &find),
            kind: unit.kind,
            fields: fields.map(|(field, from, to)| FieldChange { field, from, to }).collect(),
        });
        self.put.push(unit.clone());
    }
}

/// The kind of a unit when no row states it. Above an agency it is a region, below one a division, otherwise itself an
/// agency.
const fn usual_kind(node: &Node, above: Option<&Unit>) -> UnitKind {
    match above {
        _ if node.is_above_agency => UnitKind::Region,
        Some(Unit { kind: UnitKind::Agency | UnitKind::Division, .. }) => UnitKind::Division,
        _ => UnitKind::Agency,
    }
}

/// The spelling to keep of a name: that of the list, unless it is only in capitals.
pub(super) fn spelled(known: &str, found: &str) -> String {
    let is_shouted = !found.chars().any(char::is_lowercase) && known.chars().any(char::is_lowercase);
    if is_shouted && identity(known) == identity(found) { known.to_owned() } else { found.to_owned() }
}

/// Pairs of new units where one name may be a misspelling of the other.
fn alike(changes: &[UnitChange]) -> Vec<[String; 2]> {
    let mut by_look: BTreeMap<String, Vec<&UnitChange>> = BTreeMap::new();
    for change in changes.iter().filter(|change| change.is_new) {
        by_look.entry(look(&change.unit)).or_default().push(change);
    }
    let several = by_look.into_values().filter(|alike| alike.len() > 1);
    several
        .flat_map(|alike| {
            alike
                .windows(2)
                .filter_map(|pair| match pair {
                    [one, other] => Some([one.unit.clone(), other.unit.clone()]),
                    _ => None,
                })
                .collect::<Vec<_>>()
        })
        .collect()
}
