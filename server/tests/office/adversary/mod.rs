//! Attacks on the real server, all of which must fail. `cargo xtask prove adversary` names and counts them.

mod cards;
mod flood;

use std::future::Future;
use std::pin::Pin;

use crate::harness::{Demo, demo_copy};

/// The result of an attack. An error says why the attacker succeeded.
type Outcome = Result<(), String>;
type Attack = fn(Demo) -> Pin<Box<dyn Future<Output = Vec<(String, Outcome)>>>>;

/// The attacks. Each has an office of its own, so that no attack helps or hinders another.
const ATTACKS: [Attack; 9] = [
    |data| Box::pin(cards::acts_of_the_subject(data)),
    |data| Box::pin(cards::acts_of_a_neighbour(data)),
    |data| Box::pin(cards::acts_in_another_name(data)),
    |data| Box::pin(cards::acts_on_the_organisation(data)),
    |data| Box::pin(cards::guesses_a_draft(data)),
    |data| Box::pin(cards::sets_the_clock_back(data)),
    |data| Box::pin(flood::makes_a_card_too_large(data)),
    |data| Box::pin(flood::locks_a_card(data)),
    |data| Box::pin(flood::floods_the_log(data)),
];

#[tokio::test]
async fn nobody_gets_what_is_not_theirs() {
    let (mut runs, mut failures) = (0, 0);
    for attack in ATTACKS {
        for (name, outcome) in attack(demo_copy().await).await {
            runs += 1;
            if let Err(why) = outcome {
                failures += 1;
                println!("adversary: {name}: {why}");
            }
        }
    }
    println!("adversary: {runs} runs, {failures} failures");
    assert_eq!(failures, 0);
}

/// A failure with its reason, unless `holds`.
fn must(holds: bool, why: impl FnOnce() -> String) -> Outcome {
    if holds { Ok(()) } else { Err(why()) }
}
