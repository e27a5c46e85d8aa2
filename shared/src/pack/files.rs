//! The files of the packs that come with the program, for the server and for authors: regulations, and samples. A device
//! fetches what its units adopted.

use std::sync::OnceLock;

use super::{Pack, convert, read_json};

/// A file of `shared/packs`.
struct File {
    id: &'static str,
    text: &'static str,
    /// Read on first use. None if the file is not a pack, which a test rules out.
    pack: OnceLock<Option<Pack>>,
}

macro_rules! files {
    ($($id:literal,)+) => {
        [$(File {
            id: $id,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/packs/", $id, ".toml")),
            pack: OnceLock::new(),
        }),+]
    };
}

/// Regulations, complete or templates.
static REGULATIONS: [File; 16] = files![
    "hanoi-1841",
    "hanoi-3814",
    "hatinh-1000",
    "hd02-quy",
    "hd03-abcd",
    "kontum-1923",
    "longbien",
    "nd335-congchuc",
    "nd335-tochuc",
    "nd90-2020",
    "phutho-tttt",
    "qd366",
    "quanba-monthly",
    "sau-truc",
    "thanhhoa-1053",
    "thongke-hungyen",
];

/// Samples of regulations without published points.
static SAMPLES: [File; 6] = files!["hanoi-mau", "hatinh-mau", "hd02-mau", "longbien-mau", "phutho-mau", "quanba-mau",];

fn files() -> impl Iterator<Item = &'static File> {
    REGULATIONS.iter().chain(&SAMPLES)
}

/// Every pack: the regulations by id, then the samples by id.
pub(super) fn all() -> impl Iterator<Item = &'static Pack> {
    files().filter_map(File::read)
}

/// One pack. The other files are not read.
pub(super) fn find(id: &str) -> Option<&'static Pack> {
    files().find(|file| file.id == id)?.read()
}

impl File {
    fn read(&'static self) -> Option<&'static Pack> {
        self.pack.get_or_init(|| read(self.text)).as_ref()
    }
}

/// Reads a pack without the static check. A test makes that check for every file.
fn read(text: &str) -> Option<Pack> {
    let pack = read_json(&convert::to_json(text).ok()?.json).ok()?;
    Some(pack.hashed())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::pack::PackStatus;

    #[test]
    fn every_file_of_the_folder_is_a_pack_that_comes_with_the_program() {
        let folder = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/packs")).unwrap();
        let mut names: Vec<String> = folder.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        let mut known: Vec<String> = all().map(|pack| format!("{}.toml", pack.id)).collect();
        known.sort();
        assert_eq!(known, names);
        assert!(files().all(|file| find(file.id).is_some_and(|pack| pack.id == file.id)));
    }

    #[test]
    fn samples_are_listed_apart_from_regulations() {
        let is_sample = |file: &'static File| file.read().unwrap().status == PackStatus::Sample;
        assert!(SAMPLES.iter().all(is_sample));
        assert!(!REGULATIONS.iter().any(is_sample));
    }
}
