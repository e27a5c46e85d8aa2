//! `congtam score`: recomputes a result. Anyone can do this without a server or a browser.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::process::ExitCode;

use shared::score::{CARD_JSON_BYTES_MAX, InputError, Scorer, error_json_in, not_utf8};

use super::{REFUSED, pack_check, refuse};
use crate::words::{said, spoken};

/// Bytes that are read or written at once.
const BUFFER_BYTES: usize = 1 << 16;

/// Arguments of `score`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A pack by id (see `congtam packs`), or the path of a pack's TOML file
    #[arg(long, value_name = "ID|PATH")]
    pack: String,
    /// One card per line; a refused line yields an error object in its place
    #[arg(long)]
    lines: bool,
    /// The same answers without their explanation, which takes most of the time and of the bytes
    #[arg(long)]
    no_explanation: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let pack = match pack_check::load(&args.pack)? {
        Ok(pack) => pack,
        Err(refusal) => {
            eprintln!("{refusal}");
            return Ok(ExitCode::from(REFUSED));
        }
    };
    let mut scorer = Scorer::new(&pack, !args.no_explanation);
    let input = BufReader::with_capacity(BUFFER_BYTES, io::stdin().lock());
    let output = BufWriter::with_capacity(BUFFER_BYTES, io::stdout().lock());
    let all_scored =
        if args.lines { score_lines(&mut scorer, input, output) } else { score_one(&mut scorer, input, output) };
    match all_scored {
        Ok(true) => Ok(ExitCode::SUCCESS),
        Ok(false) => Ok(ExitCode::from(REFUSED)),
        // The reader of the output closed it, which is no error.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(error.into()),
    }
}

fn score_one(scorer: &mut Scorer<'_>, input: impl BufRead, mut output: impl Write) -> io::Result<bool> {
    let (mut bytes, mut answer) = (Vec::new(), Vec::new());
    input.take(CARD_JSON_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    if let Err(errors) = score_into(&mut answer, scorer, &bytes) {
        refuse(&errors);
        return Ok(false);
    }
    output.write_all(&answer)?;
    output.flush()?;
    Ok(true)
}

/// Scores line by line, with never more than one card in memory.
fn score_lines(scorer: &mut Scorer<'_>, mut input: impl BufRead, mut output: impl Write) -> io::Result<bool> {
    let (mut number, mut refused) = (0_u64, 0_u64);
    let (mut line, mut answer) = (Vec::new(), Vec::new());
    while next_line(&mut input, &mut line)? {
        number += 1;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match score_into(&mut answer, scorer, &line) {
            Ok(()) => output.write_all(&answer)?,
            Err(errors) => {
                refused += 1;
                writeln!(output, "{{\"line\":{number},\"error\":{}}}", error_json_in(&errors, spoken()))?;
            }
        }
    }
    output.flush()?;
    if refused > 0 {
        eprintln!(
            "{}",
            said(
                format!("{refused} trong {number} dòng bị từ chối; lỗi của mỗi dòng ghi tại chỗ của nó"),
                format!("{refused} of {number} lines refused; each has its error in its place"),
            )
        );
    }
    Ok(refused == 0)
}

/// Scores one card. Its answer, with the end of the line, replaces the one before.
fn score_into(answer: &mut Vec<u8>, scorer: &mut Scorer<'_>, card: &[u8]) -> Result<(), Vec<InputError>> {
    answer.clear();
    scorer.score_json(str::from_utf8(card).map_err(|_| vec![not_utf8()])?, answer)?;
    answer.push(b'\n');
    Ok(())
}

/// Reads the next line without its end. False after the last one. Of a line that is too long it keeps one byte more than
/// allowed, so that the line is refused.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let limit = CARD_JSON_BYTES_MAX as u64 + 1;
    if input.by_ref().take(limit).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() > CARD_JSON_BYTES_MAX {
        skip_line(input)?;
    }
    Ok(true)
}

fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(buffer.len(), |end| end + 1);
        input.consume(used);
        if end.is_some() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::score::too_long;

    use super::*;

    fn lines_of(input: &str) -> Vec<Vec<u8>> {
        let mut reader = BufReader::with_capacity(7, input.as_bytes());
        let next = || {
            let mut line = Vec::new();
            next_line(&mut reader, &mut line).unwrap().then_some(line)
        };
        std::iter::from_fn(next).collect()
    }

    #[test]
    fn a_line_too_long_is_refused_and_the_next_still_read() {
        let long = "x".repeat(CARD_JSON_BYTES_MAX * 2);
        let lines = lines_of(&format!("{long}\nshort\n\nlast"));
        let lengths: Vec<usize> = lines.iter().map(Vec::len).collect();
        assert_eq!(lengths, [CARD_JSON_BYTES_MAX + 1, 5, 0, 4]);
        let mut scorer = Scorer::new(shared::pack::find("nd335-congchuc").unwrap(), true);
        assert_eq!(score_into(&mut Vec::new(), &mut scorer, &lines[0]), Err(vec![too_long()]));
    }

    #[test]
    fn refused_lines_stand_in_their_place() {
        let mut scorer = Scorer::new(shared::pack::find("nd335-congchuc").unwrap(), true);
        let mut output = Vec::new();
        let input = b"\n{\"criteria\":{},\"work\":[]}\n\xff\n[".as_slice();
        assert!(!score_lines(&mut scorer, input, &mut output).unwrap());
        let answers: Vec<serde_json::Value> =
            String::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let places: Vec<u64> = answers.iter().map(|answer| answer["line"].as_u64().unwrap()).collect();
        assert_eq!(places, [2, 3, 4]);
        assert_eq!(answers[0]["error"]["field"], "criteria.I.1");
        assert_eq!(answers[0]["error"]["others"].as_array().unwrap().len(), 9);
    }
}
