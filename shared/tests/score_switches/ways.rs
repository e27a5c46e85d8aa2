//! The ways to run a row of the switch list, and the short form of each result.

use serde::Serialize;
use serde_json::Value;
use shared::num::Exact;
use shared::pack::{self, Pack, PackStatus};
use shared::score::{InputError, explained, quota, read_input, roll_up};

use super::written::written;

/// The pack; a template completed with points of this test's own, where the text gives none.
pub(super) fn pack(id: &str) -> Pack {
    let mut pack = pack::find(id).unwrap().clone();
    pack.status = PackStatus::Complete;
    pack.events.iter_mut().filter(|event| event.points.is_zero()).for_each(|event| event.points = Exact::from_int(-5));
    assert_eq!(pack::findings(&written(&pack)), [], "{id}");
    pack
}

pub(super) fn refused(errors: &[InputError]) -> String {
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    format!("refused: {}", fields.join(", "))
}

/// Total, class and status.
pub(super) fn told(outcome: Result<impl Serialize, Vec<InputError>>) -> String {
    let outcome = match outcome {
        Ok(outcome) => serde_json::to_value(outcome).unwrap(),
        Err(errors) => return refused(&errors),
    };
    let class = outcome["class"]["code"].as_str().unwrap_or("-");
    format!("{} {class} {}", outcome["total"]["exact"].as_str().unwrap_or("-"), outcome["status"].as_str().unwrap())
}

/// The short result of a card.
pub(super) fn scored(pack: &Pack, input: &Value) -> String {
    told(explained(pack, &read_input(&input.to_string()).unwrap()))
}

/// The same as [`scored`], with the level of the mark 1.1, where the reading names it.
pub(super) fn levelled(pack: &Pack, input: &Value) -> String {
    let outcome = explained(pack, &read_input(&input.to_string()).unwrap());
    let steps = outcome.map(|outcome| outcome.explanation).unwrap_or_default();
    let level = steps.iter().find(|step| step.step == "level.1.1").map_or("-", |step| step.value.as_str());
    format!("{} {level}", scored(pack, input))
}

/// The same as [`scored`], with how a stated fact was understood. That is kept with the result and changes no number.
pub(super) fn recorded(pack: &Pack, input: &Value) -> String {
    let outcome = explained(pack, &read_input(&input.to_string()).unwrap()).unwrap();
    let kept = ["exceeded", "two_posts"].map(|option| outcome.options.get(option).cloned().unwrap_or_default());
    format!("{} {}", scored(pack, input), kept.join(" ").trim())
}

/// How many may be in the highest class, group by group, and how many are not counted.
pub(super) fn limited(pack: &Pack, input: &Value) -> String {
    let outcome = quota(pack, &serde_json::from_str(&input.to_string()).unwrap()).unwrap();
    let groups = outcome.groups.iter().map(|group| {
        format!("{} allowed, {} over, {} left out", group.allowed, group.over.len(), group.left_out.len())
    });
    groups.collect::<Vec<_>>().join("; ")
}

/// The short result of a year.
pub(super) fn rolled_up(pack: &Pack, input: &Value) -> String {
    told(roll_up(pack, &serde_json::from_str(&input.to_string()).unwrap()))
}
