//! Benches the engine next to hand-written evaluations of the same decree. `cargo xtask bench` starts it and tells it
//! what to do.
#![forbid(unsafe_code)]

mod cards;
mod contest;
mod float;
mod province;
mod rational;
mod scaled;

use std::error::Error;
use std::io::{self, BufWriter, Write};
use std::{env, process};

use tests::measure::{PACK, staff_card};
use tests::random::Draw;

/// The one of the program that is measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    // `cargo bench` adds an argument of its own.
    let words: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["rounds"] => contest::rounds(),
        ["names"] => {
            contest::names();
            Ok(())
        }
        ["count", name, passes] => passes.parse().map_err(Into::into).and_then(|passes| contest::count(name, passes)),
        ["province"] => province::province(),
        ["cards", count] => count.parse().map_err(Into::into).and_then(write_cards),
        _ => {
            println!("to measure, type: cargo xtask bench score");
            Ok(())
        }
    };
    if let Err(error) = done {
        eprintln!("bench: {error}");
        process::exit(1);
    }
}

/// Writes cards as JSON, one per line.
fn write_cards(count: u64) -> Result<(), Box<dyn Error>> {
    let pack = shared::pack::find(PACK).ok_or("no such pack")?;
    let mut output = BufWriter::new(io::stdout().lock());
    for index in 0..count {
        let mut draw = Draw::at(335, "lines", index);
        serde_json::to_writer(&mut output, &staff_card(pack, draw.between(0, 10), &mut draw))?;
        output.write_all(b"\n")?;
    }
    output.flush()?;
    Ok(())
}
