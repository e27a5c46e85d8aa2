//! Folds stored records into a copy of the log, and turns a taken answer into records.

use super::{Record, Records, metadata};
use crate::ids::{DeviceId, PersonId};
use crate::op::SignedOperation;
use crate::sync::{Absorbed, Meta, Replica, Stored, stored_entry, stored_receipt};

/// Folds what the stores hold.
#[must_use]
pub fn fold(records: &Records, person: PersonId, device: DeviceId, epoch: u32) -> Replica {
    let mut replica = Replica::new(person, device, epoch);
    let own: Vec<SignedOperation> =
        records.own.values().filter_map(|bytes| SignedOperation::from_bytes(bytes).ok()).collect();
    let receipts: Vec<_> = records.receipts.values().filter_map(|bytes| stored_receipt(bytes).ok()).collect();
    let log = records.log.values().filter_map(|bytes| stored_entry(bytes).ok()).collect();
    let meta =
        records.metadata.get(metadata::EXCHANGE).and_then(|bytes| minicbor::decode(bytes).ok()).unwrap_or_default();
    let whole = Stored { log, own: own.clone(), receipts: receipts.clone(), meta };
    if replica.restore(whole).is_err() {
        // A copy of the log that does not fold is useless. It is dropped: with cursor 0 the server sends the log again.
        // Own work stays.
        let own_alone = Stored { log: Vec::new(), own, receipts, meta: Meta::default() };
        let _ = replica.restore(own_alone);
    }
    replica
}

impl From<&Absorbed> for Vec<Record> {
    /// The batch to keep after an answer.
    fn from(absorbed: &Absorbed) -> Self {
        let forget = absorbed.reset.then_some(Record::ForgetLog);
        let log = absorbed.log.iter();
        let log = log.map(|(server_seq, bytes)| Record::Log { server_seq: *server_seq, bytes: bytes.clone() });
        let receipts = absorbed.receipts.iter().map(|(op, bytes)| Record::Receipt { op: *op, bytes: bytes.clone() });
        // The metadata comes last: if the journal is torn before it, none of the entries count as known.
        let exchange = minicbor::to_vec(absorbed.meta).ok().map(|bytes| Record::metadata(metadata::EXCHANGE, bytes));
        forget.into_iter().chain(receipts).chain(log).chain(exchange).collect()
    }
}
