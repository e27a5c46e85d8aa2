//! Puts a formula of an explanation into words: names with their values instead of letters, and `min`, `max`, sums and
//! cases as people say them. Nothing is computed here.

use std::cell::RefCell;

use crate::pack::Language;
use crate::sorted_map::Map;

/// The keys of the two sums in a formula with `Σ`.
const SUMS: [&str; 2] = ["numerator", "denominator"];
/// The beginning of a condition on everyone led.
const ALL_LED: &str = "∀ subordinates";

/// Writes formulas in words, with the inputs of one step.
pub(super) struct Speaker<'a> {
    inputs: &'a Map<String, String>,
    language: Language,
    /// Gives a name and its value in words.
    say: &'a dyn Fn(&str, &str) -> String,
    /// Gives a number that stands in the formula itself.
    number: &'a dyn Fn(&str) -> String,
    said: RefCell<Vec<&'a str>>,
}

impl<'a> Speaker<'a> {
    pub(super) fn new(
        inputs: &'a Map<String, String>,
        language: Language,
        say: &'a dyn Fn(&str, &str) -> String,
        number: &'a dyn Fn(&str) -> String,
    ) -> Self {
        Self { inputs, language, say, number, said: RefCell::default() }
    }

    /// The inputs that the words so far have not mentioned.
    pub(super) fn unsaid(&self) -> impl Iterator<Item = (&'a String, &'a String)> {
        let said = self.said.borrow().clone();
        self.inputs.iter().filter(move |(key, _)| !said.contains(&key.as_str()))
    }

    const fn pick(&self, vi: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Vi => vi,
            Language::En => en,
        }
    }

    /// The whole formula.
    pub(super) fn formula(&self, formula: &str) -> String {
        self.rounded(formula).or_else(|| self.whole(formula)).unwrap_or_else(|| self.run(formula))
    }

    /// `⌊10·x + 1/2⌋ / 10`: x to the nearest tenth. Without the half, x is cut off.
    fn rounded(&self, formula: &str) -> Option<String> {
        let (inside, parts) = formula.strip_prefix('⌊')?.rsplit_once("⌋ / ")?;
        let inside = inside.strip_prefix(parts)?.strip_prefix('·')?;
        let unit = (self.number)(&format!("1/{parts}"));
        Some(match inside.strip_suffix(" + 1/2") {
            Some(inside) => format!("{}, {} {unit}", self.run(inside), self.pick("làm tròn đến", "rounded to")),
            None => format!("{}, {} {unit}", self.run(inside), self.pick("cắt đến", "cut to")),
        })
    }

    /// A formula as a whole. The outermost expression needs no parentheses.
    fn whole(&self, formula: &str) -> Option<String> {
        if let Some((cases, "")) = cases_of(formula) {
            return Some(self.cases(cases));
        }
        let (call, rest) = limit_of(formula)?;
        rest.is_empty().then(|| self.limit(&call))
    }

    fn limit(&self, call: &Call<'_>) -> String {
        let is_number = |text: &str| text.chars().all(|letter| letter.is_ascii_digit() || "-/.".contains(letter));
        let (first, second) = (call.first, call.second);
        let (limit, of) = if is_number(first) { (first, second) } else { (second, first) };
        match (is_number(limit), call.least) {
            (true, true) => format!("{}, {} {}", self.formula(of), self.pick("nhiều nhất", "at most"), self.run(limit)),
            (true, false) => format!("{}, {} {}", self.formula(of), self.pick("ít nhất", "at least"), self.run(limit)),
            (false, least) => {
                let word = if least {
                    ("số nhỏ hơn của", "the lower of")
                } else {
                    ("số lớn hơn của", "the higher of")
                };
                let and = self.pick("và", "and");
                format!("{} {} {and} {}", self.pick(word.0, word.1), self.run(first), self.run(second))
            }
        }
    }

    /// A sequence of pieces, from left to right.
    fn run(&self, formula: &str) -> String {
        let mut words = String::new();
        let mut rest = formula;
        let mut in_word = false;
        while let Some(letter) = rest.chars().next() {
            let (said, after) = self.piece(rest, in_word);
            in_word = letter.is_alphanumeric() || letter == '′';
            words.push_str(&said);
            rest = after;
        }
        words
    }

    /// The first piece of `text` in words, and the text after it.
    fn piece<'t>(&self, text: &'t str, in_word: bool) -> (String, &'t str) {
        if let Some((call, rest)) = limit_of(text).filter(|_| !in_word) {
            return (format!("({})", self.limit(&call)), rest);
        }
        if let Some((cases, rest)) = cases_of(text) {
            return (format!("({})", self.cases(cases)), rest);
        }
        if text.starts_with(ALL_LED) {
            let rest = text.get(ALL_LED.len()..).unwrap_or_default();
            return (self.pick("điểm của mọi người được phụ trách", "points of everyone led").to_owned(), rest);
        }
        if text.starts_with('Σ') {
            return self.sum(text);
        }
        if let Some((key, value, rest)) = self.key(text).filter(|_| !in_word) {
            return ((self.say)(key, value), rest);
        }
        let number = text.find(|letter: char| !letter.is_ascii_digit() && letter != '/').unwrap_or(text.len());
        if let (Some(found), Some(rest)) = (text.get(..number), text.get(number..))
            && !found.is_empty()
            && !in_word
            && !found.starts_with('/')
        {
            return ((self.number)(found), rest);
        }
        let mut letters = text.chars();
        let said = match letters.next() {
            Some('·') => " × ".to_owned(),
            letter => letter.into_iter().collect(),
        };
        (said, letters.as_str())
    }

    /// The longest name of an input with which `text` begins.
    fn key<'t>(&self, text: &'t str) -> Option<(&'a str, &'a str, &'t str)> {
        let ends = |rest: &str| {
            let mut letters = rest.chars();
            let next = letters.next();
            let goes_on = next == Some('.') && letters.next().is_some_and(char::is_alphanumeric);
            !goes_on && !next.is_some_and(|letter| letter.is_alphanumeric() || letter == '′' || letter == '_')
        };
        let found = self.inputs.iter().filter_map(|(key, value)| {
            let rest = text.strip_prefix(key.as_str()).filter(|rest| ends(rest))?;
            Some((key.as_str(), value.as_str(), rest))
        });
        let longest = found.max_by_key(|(key, ..)| key.len())?;
        self.said.borrow_mut().push(longest.0);
        Some(longest)
    }

    /// A sum: `Σ k·h` before the stroke is the numerator, the part after the stroke is the denominator.
    fn sum<'t>(&self, text: &'t str) -> (String, &'t str) {
        let (above, below) = match text.split_once(" / Σ ") {
            Some((_, below)) => (true, below),
            None => (false, text.trim_start_matches("Σ ")),
        };
        let end = sum_end(below);
        let (of, rest) = (below.get(..end).unwrap_or_default(), below.get(end..).unwrap_or_default());
        let value = |key| self.inputs.get(key).map(|value| (self.number)(value)).unwrap_or_default();
        self.said.borrow_mut().extend(SUMS);
        let [numerator, denominator] = SUMS.map(value);
        let whole = match of {
            "k·g" => {
                self.pick("tổng hệ số × số được giao của các việc", "the sum of coefficient × assigned of all work")
            }
            _ => self.pick("tổng hệ số × số hoàn thành của các việc", "the sum of coefficient × completed of all work"),
        };
        let all = self.pick("tổng của các việc trên", "the sum of the work above");
        let said =
            if above { format!("{all} {numerator} / {whole} {denominator}") } else { format!("{whole} {denominator}") };
        (said, rest)
    }

    /// `[l ≤ 3: 3/4; 0]`: the first case whose condition holds counts.
    fn cases(&self, cases: &str) -> String {
        let (when, then) = (self.pick("nếu", "if"), self.pick("thì", "then"));
        let rest = self.pick("còn lại", "otherwise");
        let one = |case: &str| match case.split_once(": ") {
            Some((condition, value)) => format!("{when} {} {then} {}", self.run(condition), self.run(value)),
            None => format!("{rest} {}", self.run(case)),
        };
        cases.split("; ").map(one).collect::<Vec<_>>().join("; ")
    }
}

/// `min(a, b)` or `max(a, b)`.
struct Call<'t> {
    /// Whether it is `min`. Then the lowest argument is the limit.
    least: bool,
    first: &'t str,
    second: &'t str,
}

/// The limit at the start of `text`, and the text after it.
fn limit_of(text: &str) -> Option<(Call<'_>, &str)> {
    let least = text.starts_with("min(");
    let inside = text.strip_prefix("min(").or_else(|| text.strip_prefix("max("))?;
    let mut depth = 0_u32;
    let mut comma = None;
    for (place, letter) in inside.char_indices() {
        match letter {
            '(' => depth = depth.saturating_add(1),
            ')' if depth > 0 => depth = depth.saturating_sub(1),
            ')' => {
                let (first, second) = inside.get(..place)?.split_at_checked(comma?)?;
                return Some((
                    Call { least, first, second: second.strip_prefix(", ")? },
                    inside.get(place..)?.strip_prefix(')')?,
                ));
            }
            ',' if depth == 0 => comma = comma.or(Some(place)),
            _ => {}
        }
    }
    None
}

/// The cases at the start of `text`, and the text after them.
fn cases_of(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('[')?.split_once(']')
}

/// Where a sum ends: before a comparison, a case, or the closing parenthesis around it.
fn sum_end(text: &str) -> usize {
    let mut depth = 0_u32;
    for (place, letter) in text.char_indices() {
        match letter {
            '(' => depth = depth.saturating_add(1),
            ')' if depth == 0 => return place,
            ')' => depth = depth.saturating_sub(1),
            '=' | ';' | ']' if depth == 0 => return text.get(..place).unwrap_or_default().trim_end().len(),
            _ => {}
        }
    }
    text.len()
}
