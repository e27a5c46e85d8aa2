//! Evaluates formulas: names, numbers, signs, cases, sums over lines. It is written from their description and not from
//! the engine.

use std::collections::BTreeMap;

use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

pub type Fraction = BigRational;
/// The values of names.
pub type Names = BTreeMap<String, String>;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    Number(Fraction),
    Truth(bool),
    /// Nobody stated it. No comparison with it holds, and as a flag it means no.
    Unknown,
}

enum Tree {
    Number(Fraction),
    Name(String),
    /// The value of each line's own step: `b.i`.
    Each(String),
    Minus(Box<Tree>),
    Floor(Box<Tree>),
    Distance(Box<Tree>),
    Least(Vec<Tree>),
    Most(Vec<Tree>),
    Signed(Box<Tree>, Vec<(char, Tree)>),
    Compared(Box<Tree>, Vec<(char, Tree)>),
    /// Every input compared with a number.
    All(char, Box<Tree>),
    Not(Box<Tree>),
    And(Vec<Tree>),
    Or(Vec<Tree>),
    /// Cases with their conditions. The last may have none.
    Cases(Vec<(Option<Tree>, Tree)>),
    Sum(Box<Tree>),
}

/// The names that a formula may use: its own inputs, and those of each work line with the values of the line's steps.
pub struct Scope<'a> {
    pub names: &'a Names,
    pub lines: &'a [Line],
}

/// A work line: the inputs of its step, and the values of its steps by component.
#[derive(Default, Debug)]
pub struct Line {
    pub inputs: Names,
    pub values: Names,
}

/// The value of a formula.
pub fn value(formula: &str, scope: &Scope<'_>) -> Result<Value, String> {
    let mut reader = Reader { rest: formula, words: words(scope) };
    let tree = reader.or()?;
    if !reader.rest.trim().is_empty() {
        return Err(format!("{:?} is left of {formula:?}", reader.rest));
    }
    eval(&tree, scope, None)
}

/// Every name that can occur, the longest first: `I.1` before `I`.
fn words(scope: &Scope<'_>) -> Vec<String> {
    let lines = scope.lines.iter().flat_map(|line| line.inputs.keys().cloned());
    let each = scope.lines.iter().flat_map(|line| line.values.keys().map(|id| format!("{id}.i")));
    let mut words: Vec<String> = scope.names.keys().cloned().chain(lines).chain(each).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.dedup();
    words
}

struct Reader<'a> {
    rest: &'a str,
    words: Vec<String>,
}

impl Reader<'_> {
    fn takes(&mut self, sign: &str) -> bool {
        let trimmed = self.rest.trim_start();
        match trimmed.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn needs(&mut self, sign: &str) -> Result<(), String> {
        if self.takes(sign) { Ok(()) } else { Err(format!("{sign:?} expected at {:?}", self.rest)) }
    }

    fn one_of(&mut self, signs: &[char]) -> Option<char> {
        signs.iter().copied().find(|sign| self.takes(&sign.to_string()))
    }

    fn or(&mut self) -> Result<Tree, String> {
        let mut parts = vec![self.and()?];
        while self.takes("∨") {
            parts.push(self.and()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Tree::Or(parts) })
    }

    fn and(&mut self) -> Result<Tree, String> {
        let mut parts = vec![self.not()?];
        while self.takes("∧") {
            parts.push(self.not()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Tree::And(parts) })
    }

    fn not(&mut self) -> Result<Tree, String> {
        if self.takes("not ") { Ok(Tree::Not(Box::new(self.not()?))) } else { self.compared() }
    }

    fn compared(&mut self) -> Result<Tree, String> {
        const SIGNS: [char; 5] = ['≤', '≥', '<', '>', '='];
        if self.takes("∀ subordinates") {
            let sign = self.one_of(&SIGNS).ok_or("a comparison expected")?;
            return Ok(Tree::All(sign, Box::new(self.sum()?)));
        }
        let first = self.sum()?;
        let mut others = Vec::new();
        while let Some(sign) = self.one_of(&SIGNS) {
            others.push((sign, self.sum()?));
        }
        Ok(if others.is_empty() { first } else { Tree::Compared(Box::new(first), others) })
    }

    fn sum(&mut self) -> Result<Tree, String> {
        let first = self.product()?;
        let mut others = Vec::new();
        while let Some(sign) = self.one_of(&['+', '−']) {
            others.push((sign, self.product()?));
        }
        Ok(if others.is_empty() { first } else { Tree::Signed(Box::new(first), others) })
    }

    fn product(&mut self) -> Result<Tree, String> {
        let first = self.atom()?;
        let mut others = Vec::new();
        while let Some(sign) = self.one_of(&['·', '/']) {
            others.push((sign, self.atom()?));
        }
        Ok(if others.is_empty() { first } else { Tree::Signed(Box::new(first), others) })
    }

    /// The operand of Σ: factors, up to a fraction bar.
    fn factors(&mut self) -> Result<Tree, String> {
        let first = self.atom()?;
        let mut others = Vec::new();
        while self.takes("·") {
            others.push(('·', self.atom()?));
        }
        Ok(if others.is_empty() { first } else { Tree::Signed(Box::new(first), others) })
    }

    fn list(&mut self) -> Result<Vec<Tree>, String> {
        let mut list = vec![self.sum()?];
        while self.takes(",") {
            list.push(self.sum()?);
        }
        self.needs(")")?;
        Ok(list)
    }

    fn atom(&mut self) -> Result<Tree, String> {
        self.rest = self.rest.trim_start();
        // Names come first, because a code may begin with any sign.
        if let Some(word) = self.words.iter().find(|word| self.rest.starts_with(word.as_str())).cloned() {
            self.rest = &self.rest[word.len()..];
            return Ok(match word.strip_suffix(".i") {
                Some(id) => Tree::Each(id.to_owned()),
                None => Tree::Name(word),
            });
        }
        if self.takes("min(") {
            return Ok(Tree::Least(self.list()?));
        }
        if self.takes("max(") {
            return Ok(Tree::Most(self.list()?));
        }
        if self.takes("(") {
            let inner = self.or()?;
            self.needs(")")?;
            return Ok(inner);
        }
        if self.takes("⌊") {
            let inner = self.sum()?;
            self.needs("⌋")?;
            return Ok(Tree::Floor(Box::new(inner)));
        }
        if self.takes("|") {
            let inner = self.sum()?;
            self.needs("|")?;
            return Ok(Tree::Distance(Box::new(inner)));
        }
        if self.takes("[") {
            return self.cases();
        }
        if self.takes("Σ") {
            return Ok(Tree::Sum(Box::new(self.factors()?)));
        }
        if self.takes("-") || self.takes("−") {
            return Ok(Tree::Minus(Box::new(self.atom()?)));
        }
        self.number()
    }

    fn cases(&mut self) -> Result<Tree, String> {
        let mut cases = Vec::new();
        loop {
            let first = self.or()?;
            let case = if self.takes(":") { (Some(first), self.sum()?) } else { (None, first) };
            cases.push(case);
            if self.takes("]") {
                return Ok(Tree::Cases(cases));
            }
            self.needs(";")?;
        }
    }

    fn number(&mut self) -> Result<Tree, String> {
        let end = self.rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        if digits.is_empty() {
            return Err(format!("a number or a name expected at {:?}; known are {:?}", self.rest, self.words));
        }
        self.rest = rest;
        Ok(Tree::Number(fraction(digits)?))
    }
}

/// A number written `30`, `-2.5` or `2699/30`.
pub fn fraction(text: &str) -> Result<Fraction, String> {
    let whole = |text: &str| text.parse().map_err(|_| format!("{text:?} is no number"));
    if let Some((above, below)) = text.split_once('/') {
        return Ok(Fraction::new(whole(above)?, whole(below)?));
    }
    let (before, after) = text.split_once('.').unwrap_or((text, ""));
    let power = num_bigint::BigInt::from(10).pow(after.len() as u32);
    Ok(Fraction::new(whole(&format!("{before}{after}"))?, power))
}

fn named(text: &str) -> Result<Value, String> {
    Ok(match text {
        "true" => Value::Truth(true),
        // A fact that counts as absent is "no", and has no value as a number.
        "false" | "assumed" => Value::Truth(false),
        "unstated" => Value::Unknown,
        number => Value::Number(fraction(number)?),
    })
}

fn eval(tree: &Tree, scope: &Scope<'_>, line: Option<&Line>) -> Result<Value, String> {
    let inner = |tree: &Tree| eval(tree, scope, line);
    let number = |tree: &Tree| match eval(tree, scope, line)? {
        Value::Number(number) => Ok(number),
        other => Err(format!("{other:?} is no number")),
    };
    let numbers = |trees: &[Tree]| trees.iter().map(number).collect::<Result<Vec<_>, _>>();
    Ok(match tree {
        Tree::Number(number) => Value::Number(number.clone()),
        Tree::Name(name) => {
            let own = line.and_then(|line| line.inputs.get(name));
            named(own.or_else(|| scope.names.get(name)).ok_or_else(|| format!("no input {name}"))?)?
        }
        Tree::Each(id) => named(line.and_then(|line| line.values.get(id)).ok_or_else(|| format!("no step of {id}"))?)?,
        Tree::Minus(one) => Value::Number(-number(one)?),
        Tree::Floor(one) => Value::Number(number(one)?.floor()),
        Tree::Distance(one) => Value::Number(number(one)?.abs()),
        Tree::Least(list) => Value::Number(numbers(list)?.into_iter().min().ok_or("min of nothing")?),
        Tree::Most(list) => Value::Number(numbers(list)?.into_iter().max().ok_or("max of nothing")?),
        Tree::Signed(first, others) => {
            let mut value = number(first)?;
            for (sign, other) in others {
                let other = number(other)?;
                value = match sign {
                    '+' => value + other,
                    '−' => value - other,
                    '·' => value * other,
                    _ if other.is_zero() => return Err("divided by nothing".to_owned()),
                    _ => value / other,
                };
            }
            Value::Number(value)
        }
        Tree::Compared(first, others) => Value::Truth(compared(&inner(first)?, others, &inner)?),
        Tree::All(sign, least) => {
            let least = number(least)?;
            let all = scope.names.values().map(|total| Ok(holds(*sign, &fraction(total)?, &least)));
            Value::Truth(all.collect::<Result<Vec<bool>, String>>()?.into_iter().all(|holds| holds))
        }
        Tree::Not(one) => Value::Truth(!truth(&inner(one)?)),
        Tree::And(list) => Value::Truth(list.iter().map(inner).collect::<Result<Vec<_>, _>>()?.iter().all(truth)),
        Tree::Or(list) => Value::Truth(list.iter().map(inner).collect::<Result<Vec<_>, _>>()?.iter().any(truth)),
        Tree::Cases(cases) => {
            for (condition, value) in cases {
                let holds = match condition {
                    Some(condition) => truth(&inner(condition)?),
                    None => true,
                };
                if holds {
                    return inner(value);
                }
            }
            return Err("no case holds".to_owned());
        }
        Tree::Sum(each) => {
            let mut sum = Fraction::zero();
            for line in scope.lines {
                match eval(each, scope, Some(line))? {
                    Value::Number(value) => sum += value,
                    other => return Err(format!("{other:?} under Σ")),
                }
            }
            Value::Number(sum)
        }
    })
}

fn truth(value: &Value) -> bool {
    matches!(value, Value::Truth(true))
}

fn holds(sign: char, left: &Fraction, right: &Fraction) -> bool {
    match sign {
        '≤' => left <= right,
        '≥' => left >= right,
        '<' => left < right,
        '>' => left > right,
        _ => left == right,
    }
}

/// A chain of comparisons. A fact that counts as absent is 0 here. No comparison holds with a fact that nobody stated.
fn compared(
    first: &Value,
    others: &[(char, Tree)],
    inner: &dyn Fn(&Tree) -> Result<Value, String>,
) -> Result<bool, String> {
    let number = |value: &Value| match value {
        Value::Number(number) => Some(number.clone()),
        Value::Truth(flag) => Some(if *flag { Fraction::one() } else { Fraction::zero() }),
        Value::Unknown => None,
    };
    let mut left = number(first);
    for (sign, other) in others {
        let right = number(&inner(other)?);
        if !left.zip(right.clone()).is_some_and(|(left, right)| holds(*sign, &left, &right)) {
            return Ok(false);
        }
        left = right;
    }
    Ok(true)
}
