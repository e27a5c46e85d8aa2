//! The contestants that score the same cards, and the rounds in which they take turns.

use std::error::Error;
use std::hint::black_box;
use std::io::{self, BufRead, Write};
use std::time::{Duration, Instant};

use num_rational::Ratio;
use tests::measure::{CARDS, Field, Way};

use crate::{cards, float, rational, scaled};

/// The approximate length of one turn.
const TURN: Duration = Duration::from_millis(40);
/// Cards of one pass when instructions are counted. They are few, because counting takes long.
const CARDS_COUNTED: usize = 100;
/// Codes of the classes, in order.
const CLASSES: [&str; 4] = ["HTXS", "HTT", "HTNV", "KHT"];

/// The cards in every form.
pub(crate) struct Contest {
    field: Field,
    scaled: Vec<cards::Card>,
    float: Vec<float::Card>,
    rational: Vec<rational::Card>,
}

/// A way to score.
#[derive(Clone, Copy)]
pub(crate) enum Contestant {
    Float,
    Scaled,
    Rational,
    Engine(Way),
}

impl Contestant {
    pub(crate) fn all() -> Vec<Self> {
        let by_hand = [Self::Float, Self::Scaled, Self::Rational];
        by_hand.into_iter().chain(Way::ALL.map(Self::Engine)).collect()
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Float => "by hand, f64",
            Self::Scaled => "by hand, scaled integers",
            Self::Rational => "by hand, rational",
            Self::Engine(way) => way.name(),
        }
    }
}

impl Contest {
    pub(crate) fn new(cards: usize) -> Result<Self, Box<dyn Error>> {
        let field = Field::new(cards).ok_or("the pack refused a card")?;
        let scaled: Vec<cards::Card> =
            field.inputs.iter().map(cards::Card::of).collect::<Option<_>>().ok_or("a number finer than its unit")?;
        let float = scaled.iter().map(float::Card::of).collect();
        let rational = scaled.iter().map(rational::Card::of).collect();
        Ok(Self { field, scaled, float, rational })
    }

    /// Checks that all find the same: the exact ones exactly, the other within 1e-9.
    pub(crate) fn agree(&self) -> Result<(), Box<dyn Error>> {
        for (index, found) in self.field.results().into_iter().enumerate() {
            let (total, class) = found.ok_or("the engine found no total or no class")?;
            let (numerator, denominator) = total.as_small().ok_or("a total beyond machine words")?;
            let scaled = self.scaled.get(index).and_then(scaled::score).ok_or("nothing assigned")?;
            let rational = self.rational.get(index).and_then(rational::score).ok_or("nothing assigned")?;
            let float = self.float.get(index).and_then(float::score).ok_or("nothing assigned")?;
            let same_total = numerator * scaled.denominator == scaled.numerator * denominator
                && rational.0 == Ratio::new(numerator, denominator)
                && float::is_near(float.0, numerator, denominator);
            let same_class =
                [scaled.class, rational.1].iter().all(|place| CLASSES.get(*place) == Some(&class.as_str()));
            if !same_total || !same_class {
                let json = self.field.inputs.get(index).map(serde_json::to_string);
                return Err(format!("{total} {class}, {scaled:?}, {rational:?}, {float:?}: {json:?}").into());
            }
        }
        Ok(())
    }

    pub(crate) fn pass(&self, who: Contestant) {
        match who {
            Contestant::Float => each(&self.float, float::score),
            Contestant::Scaled => each(&self.scaled, scaled::score),
            Contestant::Rational => each(&self.rational, rational::score),
            Contestant::Engine(way) => self.field.pass(way),
        }
    }

    /// How many passes fit in a turn.
    fn passes_per_turn(&self, who: Contestant) -> u32 {
        let mut passes = 1;
        while self.time(who, passes) < TURN && passes < 1 << 20 {
            passes *= 2;
        }
        passes
    }

    #[expect(clippy::disallowed_methods, reason = "a measurement")]
    fn time(&self, who: Contestant, passes: u32) -> Duration {
        let start = Instant::now();
        (0..passes).for_each(|_| self.pass(who));
        start.elapsed()
    }
}

/// Scores every card once. The optimiser cannot remove the result.
fn each<C, R>(cards: &[C], score: impl Fn(&C) -> R) {
    for card in cards {
        black_box(score(black_box(card)));
    }
}

/// Runs a round for each line on standard input. Every contestant takes a turn, and a line reports how long a card
/// took.
///
/// The first line of output names the contestants.
pub(crate) fn rounds() -> Result<(), Box<dyn Error>> {
    let contest = Contest::new(CARDS)?;
    contest.agree()?;
    let everyone: Vec<(Contestant, u32)> =
        Contestant::all().into_iter().map(|who| (who, contest.passes_per_turn(who))).collect();
    let names: Vec<&str> = everyone.iter().map(|(who, _)| who.name()).collect();
    let mut output = io::stdout().lock();
    writeln!(output, "{}", serde_json::to_string(&names)?)?;
    for line in io::stdin().lock().lines() {
        line?;
        let turn = |(who, passes): &(Contestant, u32)| {
            let cards = u128::from(*passes) * CARDS as u128;
            contest.time(*who, *passes).as_nanos() * 1000 / cards
        };
        let picoseconds_per_card: Vec<u128> = everyone.iter().map(turn).collect();
        writeln!(output, "{}", serde_json::to_string(&picoseconds_per_card)?)?;
        output.flush()?;
    }
    Ok(())
}

/// Prints every contestant's name, for counting their instructions one by one.
pub(crate) fn names() {
    for who in Contestant::all() {
        println!("{}", who.name());
    }
}

/// Runs this many passes of one contestant and nothing else, for counting instructions.
pub(crate) fn count(name: &str, passes: u32) -> Result<(), Box<dyn Error>> {
    let contest = Contest::new(CARDS_COUNTED)?;
    let who = Contestant::all().into_iter().find(|who| who.name() == name).ok_or("no such contestant")?;
    (0..passes).for_each(|_| contest.pass(who));
    Ok(())
}
