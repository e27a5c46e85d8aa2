//! The tree of units that the rows of a list of people describe piece by piece.

use std::collections::BTreeMap;

use serde::Serialize;
use shared::org::UnitKind;

use super::fault::{Fault, PersonProblem};
use super::sheet::{Place, heading_key};

/// A unit of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedUnit {
    /// Its name.
    pub name: String,
    /// Name of the unit above; none for the topmost.
    pub parent: Option<String>,
    /// What it is: as said, or as its place in the tree suggests.
    pub kind: UnitKind,
}

/// A unit while its rows are read. Parent and kind count once a row says them.
#[derive(Debug)]
struct Node {
    name: String,
    parent: Option<(String, Place)>,
    kind: Option<UnitKind>,
    place: Place,
}

/// Units by name, in the order in which they were first named.
#[derive(Debug)]
pub struct Units {
    nodes: BTreeMap<String, Node>,
    order: Vec<String>,
    depth_max: usize,
}

impl Units {
    /// No units yet, and at most `depth_max` levels of them.
    #[must_use]
    pub const fn new(depth_max: usize) -> Self {
        Self { nodes: BTreeMap::new(), order: Vec::new(), depth_max }
    }

    /// Notes what a row says of a unit: the unit above (empty when the row does not say) and its kind.
    ///
    /// A fault when another row named another unit above.
    pub fn add(&mut self, name: &str, parent: &str, kind: Option<UnitKind>, place: &Place) -> Option<Fault> {
        self.name(name, place);
        let parent_key = heading_key(parent);
        if !parent_key.is_empty() {
            self.name(parent, place);
        }
        let known_name = self.nodes.get(&parent_key).map(|node| node.name.clone());
        let node = self.nodes.get_mut(&heading_key(name))?;
        node.kind = node.kind.or(kind);
        let parent = known_name?;
        match &node.parent {
            None => {
                node.parent = Some((parent, place.clone()));
                None
            }
            Some((known, _)) if heading_key(known) == parent_key => None,
            Some((known, other)) => {
                let problem = PersonProblem::ParentDiffers {
                    unit: name.to_owned(),
                    found: parent,
                    allowed: known.clone(),
                    other: Box::new(other.clone()),
                };
                Some(Fault::new(place.clone(), problem))
            }
        }
    }

    fn name(&mut self, name: &str, place: &Place) {
        let key = heading_key(name);
        if !self.nodes.contains_key(&key) {
            self.order.push(key.clone());
            self.nodes.insert(key, Node { name: name.to_owned(), parent: None, kind: None, place: place.clone() });
        }
    }

    /// The unit and those above it, nearest first; none when they run in a circle or too deep.
    fn ancestry(&self, key: &str) -> Option<Vec<String>> {
        let mut path = vec![key.to_owned()];
        let mut next = key.to_owned();
        while let Some((parent, _)) = self.nodes.get(&next).and_then(|node| node.parent.as_ref()) {
            next = heading_key(parent);
            path.push(next.clone());
            if path.len() > self.depth_max {
                return None;
            }
        }
        Some(path)
    }

    /// A fault for each unit that stands under itself, or too deep.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let wrong = self.nodes.iter().filter(|(key, _)| self.ancestry(key).is_none());
        wrong
            .map(|(_, node)| {
                let place = node.parent.as_ref().map_or(&node.place, |(_, place)| place).clone();
                Fault::new(place, PersonProblem::UnitsInCircle { unit: node.name.clone() })
            })
            .collect()
    }

    /// The units, each after the unit above it.
    #[must_use]
    pub fn planned(&self) -> Vec<PlannedUnit> {
        let mut ordered: Vec<(usize, &String)> =
            self.order.iter().filter_map(|key| Some((self.ancestry(key)?.len(), key))).collect();
        ordered.sort_by_key(|(depth, _)| *depth);
        let mut kinds: BTreeMap<&str, UnitKind> = BTreeMap::new();
        let mut planned = Vec::new();
        for (_, key) in ordered {
            let Some(node) = self.nodes.get(key) else { continue };
            let parent = node.parent.as_ref().map(|(name, _)| name.clone());
            let above = parent.as_ref().and_then(|name| kinds.get(heading_key(name).as_str()).copied());
            let kind = node.kind.unwrap_or_else(|| self.usual_kind(key, above));
            kinds.insert(key, kind);
            planned.push(PlannedUnit { name: node.name.clone(), parent, kind });
        }
        planned
    }

    /// What a unit is when no row says: above an agency a region, below one a division, else itself an agency.
    fn usual_kind(&self, key: &str, above: Option<UnitKind>) -> UnitKind {
        let is_above_agency = self.nodes.iter().any(|(other, node)| {
            node.kind == Some(UnitKind::Agency)
                && other != key
                && self.ancestry(other).is_some_and(|path| path.iter().any(|above| above == key))
        });
        match above {
            _ if is_above_agency => UnitKind::Region,
            Some(UnitKind::Agency | UnitKind::Division) => UnitKind::Division,
            Some(UnitKind::Region) | None => UnitKind::Agency,
        }
    }
}
