//! The decoders: everything that reads bytes from a network, a store or an author.

use core::fmt::Debug;

use shared::device_store::{Condition, Frame, Record, Records};
use shared::op::{Body, Payload, Receipt, SignedOperation, SignedReceipt};
use shared::pack::{self, Pack};
use shared::state::State;
use shared::sync::{CompactedReader, LogEntry, SyncRequest, SyncResponse, stored_entry, stored_receipt};

use super::corpus::{Corpus, pack_texts};
use crate::sim::violation::Checked;

/// A decoder, and the inputs that are spoiled for it.
#[derive(Debug)]
pub struct Decoder {
    /// Its name in reports. Its cases are also made from it.
    pub name: &'static str,
    /// Real bytes.
    pub corpus: Vec<Vec<u8>>,
    /// Lines of text rather than bytes.
    pub is_text: bool,
    /// Whether an input was read.
    ///
    /// # Errors
    /// What is wrong with how it was read.
    pub check: fn(&[u8]) -> Result<bool, String>,
}

pub(super) fn all() -> Checked<Vec<Decoder>> {
    let corpus = Corpus::collect()?;
    let operations = corpus.operations.iter().map(SignedOperation::to_bytes).collect();
    let bodies = corpus.operations.iter().map(|operation| operation.body.clone()).collect();
    let with_kind = |body: Body| [body.kind.to_be_bytes().to_vec(), body.payload.to_vec()].concat();
    let payloads = corpus.bodies().into_iter().map(with_kind).collect();
    let requests = corpus.requests.iter().map(SyncRequest::to_bytes).collect();
    let answers = corpus.answers.iter().map(SyncResponse::to_bytes).collect();
    let receipts: Vec<Vec<u8>> = Corpus::receipts().iter().map(Receipt::to_bytes).collect();
    let sign = |receipt: &Vec<u8>| SignedReceipt { receipt: receipt.clone(), signature: vec![9; 64] };
    let signed_receipts = receipts.iter().map(|receipt| encoded(&sign(receipt))).collect();
    let entries = corpus.entries().iter().map(encoded).collect();
    let texts = pack_texts();
    let json = texts.iter().filter_map(|text| pack::read_toml(text).ok()?.to_json().ok()).map(String::into_bytes);
    let binary = |name, corpus, check| Decoder { name, corpus, is_text: false, check };
    let text = |name, corpus, check| Decoder { name, corpus, is_text: true, check };
    Ok(vec![
        binary("operation", operations, operation),
        text("pack, TOML", texts.iter().map(|text| text.clone().into_bytes()).collect(), toml),
        binary("body", bodies, body),
        text("pack, JSON", json.collect(), read_json),
        binary("payload", payloads, payload),
        binary("packs", pack::all().map(|pack| pack::write_library([pack])).collect(), library),
        binary("sync request", requests, request),
        binary("sync answer", answers, answer),
        binary("receipt", receipts, receipt),
        binary("signed receipt", signed_receipts, signed_receipt),
        binary("log entry", entries, entry),
        binary("journal frame", corpus.frames(), frame),
    ])
}

fn encoded<T: minicbor::Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).unwrap_or_default()
}

/// Checks that a value is the same after it was written and read again. With extra bytes, or without its last byte, it
/// must not be read.
///
/// # Errors
/// What does not hold.
pub(super) fn whole<T: PartialEq + Debug>(
    bytes: &[u8],
    read: impl Fn(&[u8]) -> Option<T>,
    write: impl Fn(&T) -> Vec<u8>,
) -> Result<bool, String> {
    let Some(value) = read(bytes) else { return Ok(false) };
    let written = write(&value);
    let again = read(&written);
    if again.as_ref() != Some(&value) {
        return Err(format!("read as {value:?}, written and read again as {again:?}"));
    }
    if again.as_ref().map(&write) != Some(written) {
        return Err("written twice, the bytes differ".to_owned());
    }
    for behind in [&[0][..], &[0xf6], &[0xff], &[0xa0, 0xa0]] {
        if read(&[bytes, behind].concat()).is_some() {
            return Err(format!("read with {behind:02x?} behind it"));
        }
    }
    let cut = bytes.len().saturating_sub(1);
    if read(bytes.get(..cut).unwrap_or_default()).is_some() {
        return Err("read without its last byte".to_owned());
    }
    Ok(true)
}

fn operation(bytes: &[u8]) -> Result<bool, String> {
    whole(bytes, |bytes| SignedOperation::from_bytes(bytes).ok(), SignedOperation::to_bytes)
}

fn body(bytes: &[u8]) -> Result<bool, String> {
    if let Ok(body) = Body::from_bytes(bytes) {
        let _ = body.intent();
    }
    whole(bytes, |bytes| Body::from_bytes(bytes).ok(), Body::to_bytes)
}

/// The kind comes before the payload.
fn payload(bytes: &[u8]) -> Result<bool, String> {
    let Some((kind, bytes)) = bytes.split_first_chunk() else { return Ok(false) };
    whole(bytes, |bytes| Payload::from_bytes(u16::from_be_bytes(*kind), bytes).ok(), Payload::to_bytes)
}

fn request(bytes: &[u8]) -> Result<bool, String> {
    whole(bytes, |bytes| SyncRequest::from_bytes(bytes).ok(), SyncRequest::to_bytes)
}

fn answer(bytes: &[u8]) -> Result<bool, String> {
    whole(bytes, |bytes| SyncResponse::from_bytes(bytes).ok(), SyncResponse::to_bytes)
}

fn receipt(bytes: &[u8]) -> Result<bool, String> {
    let read = |bytes: &[u8]| SignedReceipt { receipt: bytes.to_vec(), signature: Vec::new() }.decode().ok();
    whole(bytes, read, Receipt::to_bytes)
}

fn signed_receipt(bytes: &[u8]) -> Result<bool, String> {
    let write = |receipt: &Receipt| encoded(&SignedReceipt { receipt: receipt.to_bytes(), signature: vec![9; 64] });
    whole(bytes, |bytes| stored_receipt(bytes).ok(), write)
}

fn entry(bytes: &[u8]) -> Result<bool, String> {
    if let Some(compacted) = stored_entry(bytes).ok().and_then(|entry| entry.compacted) {
        let _ = CompactedReader::new(&compacted).and_then(|compacted| compacted.fold(&mut State::default()));
    }
    whole(bytes, |bytes| stored_entry(bytes).ok(), encoded::<LogEntry>)
}

/// A metadata record holds any bytes, and nothing is read of a forgotten log. So both may be followed by more bytes.
fn frame(bytes: &[u8]) -> Result<bool, String> {
    let split = |bytes: &[u8]| {
        let (kind, bytes) = bytes.split_first()?;
        Some(Frame { kind: *kind, bytes: bytes.to_vec() })
    };
    let read = |bytes: &[u8]| Record::try_from(split(bytes)?).ok();
    let write = |record: &Record| {
        let frame = Frame::from(record);
        [vec![frame.kind], frame.bytes].concat()
    };
    let Some(record) = read(bytes) else { return Ok(false) };
    let (records, found) = Records::from_frames(split(bytes).into_iter().collect(), Condition::default());
    if found.unreadable > 0 || !matches!(record, Record::Log { .. } | Record::ForgetLog) && !records.holds(&record) {
        return Err("read alone and not as a journal".to_owned());
    }
    if matches!(record, Record::Metadata { .. } | Record::ForgetLog) {
        return if read(&write(&record)) == Some(record) {
            Ok(true)
        } else {
            Err("written and read differ".to_owned())
        };
    }
    whole(bytes, read, write)
}

fn library(bytes: &[u8]) -> Result<bool, String> {
    let Some(packs) = pack::read_library(bytes) else { return Ok(false) };
    if !packs.is_empty() && pack::read_library(&[bytes, &[0]].concat()).is_some() {
        return Err("read with a byte behind it".to_owned());
    }
    packs.iter().try_for_each(same_in_json)?;
    Ok(true)
}

fn same_in_json(pack: &Pack) -> Result<(), String> {
    let json = pack.to_json().map_err(|error| error.to_string())?;
    let again = pack::read_json(&json).map_err(|error| format!("written, it is not read: {error}"))?;
    let same = Pack { hash: pack.hash, ..again } == *pack;
    if same { Ok(()) } else { Err(format!("pack {} is another one when written and read again", pack.id)) }
}

fn read_json(bytes: &[u8]) -> Result<bool, String> {
    let Ok(text) = core::str::from_utf8(bytes) else { return Ok(false) };
    let _ = pack::read_checked(text);
    let Ok(pack) = pack::read_json(text) else { return Ok(false) };
    if pack::read_json(&format!("{text} 1")).is_ok() {
        return Err("read with a number behind it".to_owned());
    }
    same_in_json(&pack).map(|()| true)
}

fn toml(bytes: &[u8]) -> Result<bool, String> {
    let Ok(text) = core::str::from_utf8(bytes) else { return Ok(false) };
    let Ok(pack) = pack::read_toml(text) else { return Ok(false) };
    same_in_json(&pack).map(|()| true)
}
