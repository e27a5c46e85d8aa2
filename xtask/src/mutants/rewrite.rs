//! Writes all changes into a source at once, each in a branch that is chosen when the program runs.
//!
//! Only one change is ever chosen. So the branch with a change holds the original text, and only the other branch holds
//! further changes. Inserted text avoids line breaks where possible, so that lines keep their numbers.

use std::cmp::Reverse;
use std::ops::Range;

use anyhow::{Context, Result};
use proc_macro2::LineColumn;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Arm, BinOp, Expr, ExprBinary, ExprStruct, ExprUnary, File, Pat, Signature};

use super::list::{Change, Genre, Place};

/// A source with changes in it.
#[derive(Debug, Default)]
pub(super) struct Rewritten {
    pub(super) text: String,
    /// Each change with its place in the text.
    pub(super) written: Vec<Written>,
    /// Changes that cannot be chosen at run time and may be tried alone.
    pub(super) left: Vec<usize>,
    /// Changes that are not valid Rust.
    pub(super) impossible: Vec<usize>,
}

impl Rewritten {
    pub(super) fn holds(&self, number: usize) -> bool {
        self.written.iter().any(|one| one.number == number)
    }
}

/// A change and the bytes that belong to it.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) number: usize,
    /// The bytes inserted for it alone.
    pub(super) own: Range<usize>,
    /// These bytes together with the text that they surround.
    pub(super) whole: Range<usize>,
}

/// Text inserted before and after a range of the source.
#[derive(Debug)]
struct Edit {
    number: usize,
    range: Range<usize>,
    before: String,
    after: String,
}

/// The source with the changes. The program chooses them by these numbers at run time.
///
/// # Errors
/// When the source cannot be read as Rust.
pub(super) fn rewrite(source: &str, changes: &[(usize, &Change)]) -> Result<Rewritten> {
    let file = syn::parse_file(source).context("no Rust")?;
    let source = &asking(source, &file, changes);
    let mut finder = Finder { lines: Lines::of(source), changes, edits: Vec::new(), impossible: Vec::new() };
    finder.at_functions();
    finder.visit_file(&file);
    let Finder { edits, impossible, .. } = finder;
    let found = |number: usize| impossible.contains(&number) || edits.iter().any(|edit| edit.number == number);
    let left = changes.iter().map(|(number, _)| *number).filter(|number| !found(*number)).collect();
    let (text, written) = insert(source, edits);
    Ok(Rewritten { text, written, left, impossible })
}

/// The source with one change in place of the original text, as cargo-mutants would write it.
pub(super) fn alone(source: &str, change: &Change) -> Option<String> {
    let lines = Lines::of(source);
    let before = source.get(..lines.offset(change.span.start))?;
    let after = source.get(lines.offset(change.span.end)..)?;
    Some(format!("{before}{}{after}", change.replacement))
}

/// The source without `const` on the changed functions, because a constant cannot ask for the chosen change. Nothing
/// else moves.
fn asking(source: &str, file: &File, changes: &[(usize, &Change)]) -> String {
    struct Constants<'c>(&'c [(usize, &'c Change)], Vec<proc_macro2::Span>);
    impl<'ast> Visit<'ast> for Constants<'_> {
        fn visit_signature(&mut self, signature: &'ast Signature) {
            let line = signature.ident.span().start().line;
            if let Some(token) = signature.constness.filter(|_| self.0.iter().any(|(_, one)| one.shares_function(line)))
            {
                self.1.push(token.span);
            }
        }
    }
    let mut constants = Constants(changes, Vec::new());
    constants.visit_file(file);
    let lines = Lines::of(source);
    let mut source = source.to_owned();
    for span in constants.1 {
        source.replace_range(lines.range(span), "     ");
    }
    source
}

/// Puts every edit's text around its range. Of edits around the same range the first is outside.
fn insert(source: &str, edits: Vec<Edit>) -> (String, Vec<Written>) {
    // Text that ends here comes before anything that begins. Text at a point comes before what surrounds more.
    let mut pieces: Vec<(usize, u8, Reverse<usize>, isize, usize)> = Vec::new();
    for (order, edit) in edits.iter().enumerate() {
        let nth = isize::try_from(order).unwrap_or(isize::MAX);
        let Range { start, end } = edit.range;
        pieces.push((start, if start == end { 1 } else { 2 }, Reverse(end), nth, order));
        if start < end {
            pieces.push((end, 0, Reverse(start), nth.saturating_neg(), order));
        }
    }
    pieces.sort_unstable();
    let mut text = String::with_capacity(source.len().saturating_mul(4));
    let mut written: Vec<Written> = Vec::new();
    let mut copied = 0;
    for (at, opens, .., order) in pieces {
        text.push_str(source.get(copied..at).unwrap_or_default());
        copied = at;
        let Some(edit) = edits.get(order) else { continue };
        let from = text.len();
        if opens > 0 {
            text.push_str(&edit.before);
            written.push(Written { number: edit.number, own: from..text.len(), whole: from..text.len() });
        } else {
            text.push_str(&edit.after);
            for one in written.iter_mut().filter(|one| one.number == edit.number) {
                one.whole.end = text.len();
            }
        }
    }
    text.push_str(source.get(copied..).unwrap_or_default());
    (text, written)
}

/// The beginnings of a source's lines.
struct Lines<'s> {
    source: &'s str,
    starts: Vec<usize>,
}

impl<'s> Lines<'s> {
    fn of(source: &'s str) -> Self {
        let after_breaks = source.match_indices('\n').map(|(at, _)| at.saturating_add(1));
        Self { source, starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    fn offset(&self, place: Place) -> usize {
        let start = self.starts.get(place.line.saturating_sub(1)).copied().unwrap_or(self.source.len());
        let rest = self.source.get(start..).unwrap_or_default();
        let nth = rest.char_indices().nth(place.column.saturating_sub(1));
        start.saturating_add(nth.map_or(rest.len(), |(at, _)| at))
    }

    fn range(&self, span: proc_macro2::Span) -> Range<usize> {
        self.offset(place(span.start()))..self.offset(place(span.end()))
    }
}

/// From columns counted from 0.
const fn place(at: LineColumn) -> Place {
    Place { line: at.line, column: at.column.saturating_add(1) }
}

/// Finds the expressions that the changes are about.
struct Finder<'c> {
    lines: Lines<'c>,
    changes: &'c [(usize, &'c Change)],
    edits: Vec<Edit>,
    impossible: Vec<usize>,
}

impl<'c> Finder<'c> {
    /// The changes of a kind that begin at these tokens.
    fn at(&self, genre: Genre, tokens: &impl ToTokens) -> Vec<(usize, &'c Change)> {
        let start = place(tokens.span().start());
        let here = |change: &Change| change.genre == genre && change.span.start == start;
        self.changes.iter().filter(|(_, change)| here(change)).copied().collect()
    }

    /// Puts a function's fixed value before its first statement.
    fn at_functions(&mut self) {
        // A second value of another type would not fit where the type is left open.
        let fits = |change: &Change| change.genre == Genre::FnValue && !change.is_opaque();
        for (number, change) in self.changes.iter().filter(|(_, change)| fits(change)) {
            let start = self.lines.offset(change.span.start);
            let before = format!("if crate::change::is({number}) {{ return {}; }} ", change.replacement);
            self.edits.push(Edit { number: *number, range: start..start, before, after: String::new() });
        }
    }

    /// `(if chosen { instead } else { as it was })`.
    fn either(&mut self, number: usize, whole: &impl ToTokens, instead: &impl ToTokens) {
        let range = self.lines.range(whole.span());
        let before = format!("(if crate::change::is({number}) {{ {} }} else {{ ", instead.to_token_stream());
        self.edits.push(Edit { number, range, before, after: " })".to_owned() });
    }

    fn around(&mut self, number: usize, guard: Option<&Expr>, before: String) {
        if let Some(guard) = guard {
            let range = self.lines.range(guard.span());
            self.edits.push(Edit { number, range, before, after: ")".to_owned() });
        }
    }

    /// An arm that matches nothing once its change is chosen.
    fn without(&mut self, number: usize, pattern: &Pat, guard: Option<&Expr>) {
        if guard.is_some() {
            return self.around(number, guard, format!("!crate::change::is({number}) && ("));
        }
        if matches!(pattern, Pat::Ident(_)) {
            // It is the arm for the rest itself, and no other follows.
            return;
        }
        let end = self.lines.range(pattern.span()).end;
        let before = format!(" if !crate::change::is({number})");
        self.edits.push(Edit { number, range: end..end, before, after: String::new() });
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_expr_binary(&mut self, binary: &'ast ExprBinary) {
        for (number, change) in self.at(Genre::BinaryOperator, &binary.op) {
            let Ok(op) = syn::parse_str::<BinOp>(&change.replacement) else { continue };
            if binds(&binary.left) || binds(&binary.right) {
                // `a || let b = c` is not valid.
                self.impossible.push(number);
                continue;
            }
            self.either(number, binary, &ExprBinary { op, ..binary.clone() });
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_unary(&mut self, unary: &'ast ExprUnary) {
        for (number, _) in self.at(Genre::UnaryOperator, &unary.op) {
            self.either(number, unary, &unary.expr);
        }
        visit::visit_expr_unary(self, unary);
    }

    fn visit_expr_struct(&mut self, whole: &'ast ExprStruct) {
        for field in &whole.fields {
            for (number, _) in self.at(Genre::StructField, field) {
                let mut without = whole.clone();
                let others = whole.fields.iter().filter(|other| other.member != field.member);
                without.fields = others.cloned().collect();
                if !without.fields.is_empty() {
                    without.fields.push_punct(syn::token::Comma::default());
                }
                self.either(number, whole, &without);
            }
        }
        visit::visit_expr_struct(self, whole);
    }

    fn visit_arm(&mut self, arm: &'ast Arm) {
        let guard = if let Pat::Guard(guarded) = &arm.pat { Some(&*guarded.guard) } else { None };
        if guard.is_none_or(|guard| !binds(guard)) {
            for (number, _) in self.at(Genre::MatchArm, arm) {
                self.without(number, &arm.pat, guard);
            }
            for (number, change) in guard.map(|guard| self.at(Genre::MatchArmGuard, guard)).unwrap_or_default() {
                let (asked, joined) = if change.replacement == "true" { ("", "||") } else { ("!", "&&") };
                self.around(number, guard, format!("{asked}crate::change::is({number}) {joined} ("));
            }
        }
        visit::visit_arm(self, arm);
    }
}

/// Whether `let` binds something in a chain of conditions. It must then stay a chain.
fn binds(condition: &Expr) -> bool {
    match condition {
        Expr::Let(_) => true,
        Expr::Binary(binary) => binds(&binary.left) || binds(&binary.right),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
