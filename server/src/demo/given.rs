//! The work of a month in an office where whoever gave a task evaluates it: given by a deputy, by the head above and by the
//! person, due week by week, and evaluated.

use std::collections::BTreeMap;

use shared::ids::{LineId, PersonId, StepPlace};
use shared::num::Exact;
use shared::op::{CardKey, LineReview, NewLine, Payload, Progress};
use shared::procedure::Act;
use shared::time::Day;

use super::calendar::{MORNING, moment, nth};
use super::profile::{Profile, Story, Task};
use super::roster::person_id;
use super::scribe::Scribe;
use super::words;

/// Tasks of a ward, in the order of its weeks.
const TASKS: [&str; 8] = [
    "Lịch tiếp công dân và kết luận giải quyết kiến nghị",
    "Kiểm tra trật tự đô thị tuyến phố giả định",
    "Báo cáo tuần về hồ sơ thủ tục hành chính",
    "Kế hoạch ra quân vệ sinh môi trường",
    "Biên bản nghiệm thu công trình ngõ, ngách",
    "Văn bản trả lời cử tri của phường",
    "Rà soát hộ kinh doanh trên địa bàn",
    "Báo cáo tháng của bộ phận",
];
/// How many tasks a person has: two from a deputy, two from the head above, one of the own.
const COUNT: usize = 5;
/// Of so many lines one is found less than it was reported.
const LESS_IN: usize = 6;

/// The tasks of somebody's month.
pub(super) fn tasks(story: &Story<'_>) -> Vec<Task> {
    let start = story.roll("start", TASKS.len());
    let names = TASKS.iter().cycle().skip(start).take(COUNT);
    names.zip(0..).map(|(name, place)| task(story, name, place)).collect()
}

fn task(story: &Story<'_>, name: &str, place: usize) -> Task {
    let quantity = 2 + i64::try_from(story.roll(name, 3)).unwrap_or_default();
    let due = nth(story.period, 6 + i32::try_from(place * 4).unwrap_or_default());
    let late = i32::from(story.profile == Profile::Fair && place == 1);
    let undone = i64::from(matches!(story.profile, Profile::Fair | Profile::Weak) && place == 2);
    let plan = NewLine {
        code: String::new(),
        name: name.to_owned(),
        coefficient: Exact::one(),
        assigned: Exact::from_int(quantity),
        due: Some(due),
        list: None,
        extra: false,
        level: None,
        carried: None,
    };
    let progress = Progress {
        completed: Exact::from_int(quantity - undone),
        failed_reviews: u32::from(story.profile != Profile::Excellent && place == 3),
        finished: Some(Day(due.0 + late)),
        evidence: format!("Văn bản số {}/VD (giả định)", 10 + story.roll(&format!("{name} number"), 90)),
        ..Progress::default()
    };
    Task { plan, progress }
}

/// Puts the tasks on the card: each by whoever gives it.
pub(super) async fn plan(scribe: &mut Scribe, story: &Story<'_>, key: &CardKey, day: Day) -> anyhow::Result<()> {
    let above = scribe.state().actors(key, Act::Mark).first().copied().unwrap_or(scribe.state().speaker(key));
    // A deputy gives no work to the other one, nor to the chair.
    let deputy = person_id(&format!("hn-phochutich{}", 1 + story.roll("deputy", 2)));
    let below = !story.official.username.contains("chutich") && scribe.state().may_plan(key, deputy);
    let deputy = if below { deputy } else { above };
    let mut lines = story.tasks().into_iter().map(|task| task.plan);
    let mut next = |count: usize| lines.by_ref().take(count).collect::<Vec<_>>();
    let given = [(deputy, next(2)), (above, next(2)), (scribe.state().speaker(key), next(COUNT))];
    for (minutes, (giver, lines)) in (MORNING..).zip(given) {
        scribe.on_card(giver, key, Payload::AssignWork(lines), moment(day, minutes)).await?;
    }
    Ok(())
}

/// Lets everybody evaluate what they gave to one person.
pub(super) async fn evaluate(scribe: &mut Scribe, story: &Story<'_>, key: &CardKey, day: Day) -> anyhow::Result<()> {
    let ends = key.period.last_day();
    let mut found: BTreeMap<(PersonId, StepPlace), BTreeMap<LineId, LineReview>> = BTreeMap::new();
    for (place, slot) in scribe.state().line_slots(key) {
        let Some(actor) = slot.actors.first() else { continue };
        let reported = slot.line.as_reported(ends);
        let less = story.roll(&format!("{} found", slot.line.plan.name), LESS_IN) == 0;
        let finding = match less && reported.completed >= Exact::one() {
            true => LineReview {
                completed: &reported.completed - &Exact::one(),
                reason: story.sentence("less", &words::FOUND_LESS),
                ..reported
            },
            false => reported,
        };
        found.entry((*actor, place)).or_default().insert(slot.line.id, finding);
    }
    for (minutes, ((actor, place), findings)) in (MORNING..).zip(found) {
        scribe.on_card(actor, key, Payload::EvaluateLines(place, findings), moment(day, minutes)).await?;
    }
    Ok(())
}
