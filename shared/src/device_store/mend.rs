//! Compares the two stores at the start and restores from one what the other has lost.

use crate::sync::Meta;

use crate::bug::{self, Bug};

use super::{Record, Records, metadata};

/// The condition in which the journal was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Condition {
    /// Bytes of an unfinished last write. They were cut off.
    pub torn_bytes: u64,
    /// Bytes between whole frames that cannot be read.
    pub damaged_bytes: u64,
    /// Entries at the end of the log that no metadata counts: the rest of an append that was torn between two frames.
    pub uncounted: u32,
    /// Frames that this version cannot read. They stay until the journal is rewritten.
    pub unreadable: u32,
    /// Whether the file still has entries that the server took back. Entries that somebody may no longer read must be
    /// removed.
    pub forgets: bool,
}

impl Condition {
    /// Whether the file holds entries that nobody may read any more, and everything else in it survives a rewrite.
    #[must_use]
    pub const fn is_to_be_shredded(&self) -> bool {
        self.forgets && self.unreadable == 0 && self.damaged_bytes == 0
    }
}

/// Everything that the two stores hold together, and what each lacks.
#[derive(Clone, Debug, Default)]
pub struct Mended {
    /// All records of both stores.
    pub records: Records,
    /// Records to add to the journal.
    pub to_journal: Vec<Record>,
    /// Records to add to the database.
    pub to_database: Vec<Record>,
    /// Whether the journal must be rewritten instead of appended to.
    pub rewrite_journal: bool,
}

/// Compares the stores. The log is taken together with the metadata that counts it, because each store writes the two
/// together. Own operations, receipts and blobs are united.
#[must_use]
pub fn mend(journal: Records, condition: Condition, database: Records) -> Mended {
    let mut all = Records { own: database.own.clone(), receipts: database.receipts.clone(), ..Records::default() };
    if !bug::is(Bug::MendFromDatabase) {
        all.own.extend(journal.own.clone());
    }
    all.receipts.extend(journal.receipts.clone());
    all.blobs.extend(database.blobs.clone());
    all.blobs.extend(journal.blobs.clone());
    // The journal is written first. Where both stores have a metadata record, the journal's is the later one, unless
    // the journal's end was torn off.
    let (older, newer) = if condition.torn_bytes > 0 { (&journal, &database) } else { (&database, &journal) };
    all.metadata.extend(older.metadata.clone());
    all.metadata.extend(newer.metadata.clone());
    // The epoch never goes back. The highest one counts, whichever store has it: the other store lost its end or
    // refused the later write.
    if let Some(epoch) = [&journal, &database].into_iter().filter_map(|store| store.number(metadata::EPOCH)).max() {
        all.metadata.insert(metadata::EPOCH.to_owned(), epoch.to_le_bytes().to_vec());
    }
    choose_log(&mut all, &journal, condition, &database);

    let to_journal = missing(&all, &journal);
    let to_database = missing(&all, &database);
    // Without a rewrite the next metadata would count the entries that nothing counts yet.
    let rewrite_journal =
        condition.damaged_bytes > 0 || condition.uncounted > 0 || to_journal.first() == Some(&Record::ForgetLog);
    Mended { records: all, to_journal, to_database, rewrite_journal }
}

fn exchange(records: &Records) -> Option<Meta> {
    minicbor::decode(records.metadata.get(metadata::EXCHANGE)?).ok()
}

fn choose_log(all: &mut Records, journal: &Records, condition: Condition, database: &Records) {
    let age = |records: &Records| exchange(records).map(|meta| (meta.server_time, meta.cursor));
    let from_database = condition.damaged_bytes > 0 && age(database).is_some() || age(database) > age(journal);
    let chosen = if from_database { database } else { journal };
    all.log.clone_from(&chosen.log);
    let Some(mut meta) = exchange(chosen) else {
        all.metadata.remove(metadata::EXCHANGE);
        return;
    };
    if !from_database && condition.damaged_bytes > 0 {
        // Entries may be missing in the middle. With an unknown scope the server sends everything again.
        meta.cursor = 0;
        meta.scope = 0;
        meta.safe = None;
    }
    let bytes = minicbor::to_vec(meta).unwrap_or_default();
    all.metadata.insert(metadata::EXCHANGE.to_owned(), bytes);
}

/// The records of `all` that `part` lacks.
fn missing(all: &Records, part: &Records) -> Vec<Record> {
    let stale = !bug::is(Bug::MixScopes) && part.log.iter().any(|(seq, bytes)| all.log.get(seq) != Some(bytes));
    let log_differs = stale || all.log.keys().any(|seq| !part.log.contains_key(seq));
    let mut lacking: Vec<Record> = all.all();
    lacking.retain(|record| match record {
        Record::Own { place, bytes } => part.own.get(place) != Some(bytes),
        Record::Log { server_seq, .. } => stale || !part.log.contains_key(server_seq),
        Record::Receipt { op, bytes } => part.receipts.get(op) != Some(bytes),
        // The log is written together with the metadata that counts it.
        Record::Metadata { name, bytes } => {
            part.metadata.get(name) != Some(bytes) || log_differs && record.counts_log()
        }
        // What a blob is called says what it is.
        Record::Blob { hash, .. } => !part.blobs.contains_key(hash),
        Record::ForgetLog => false,
    });
    if stale {
        lacking.insert(0, Record::ForgetLog);
    }
    lacking
}

#[cfg(test)]
mod tests {
    use crate::ids::{BlobHash, OpId};
    use crate::time::Millis;

    use super::*;

    fn store(own: &[u64], log: &[u64], server_time: u64) -> Records {
        let mut records = Records::default();
        for seq in own {
            records.take(Record::Own { place: (1, *seq), bytes: vec![1] });
        }
        for server_seq in log {
            records.take(Record::Log { server_seq: *server_seq, bytes: vec![2] });
        }
        let cursor = log.last().copied().unwrap_or_default();
        let meta = Meta { cursor, scope: 7, server_time: Millis(server_time), ..Meta::default() };
        records.take(Record::metadata(metadata::EXCHANGE, minicbor::to_vec(meta).unwrap()));
        records
    }

    /// Compares the stores and checks that both hold everything once each has written what it lacked.
    fn check(journal: Records, condition: Condition, database: Records) -> Mended {
        let mended = mend(journal.clone(), condition, database.clone());
        let mut database = database;
        mended.to_database.iter().cloned().for_each(|record| database.take(record));
        assert!(database == mended.records);
        let mut journal = if mended.rewrite_journal { Records::default() } else { journal };
        let add = if mended.rewrite_journal { mended.records.all() } else { mended.to_journal.clone() };
        add.into_iter().for_each(|record| journal.take(record));
        assert!(journal == mended.records);
        mended
    }

    #[test]
    fn equal_stores_need_nothing() {
        let mended = check(store(&[1], &[1, 2], 5), Condition::default(), store(&[1], &[1, 2], 5));
        assert!(mended.to_journal.is_empty() && mended.to_database.is_empty() && !mended.rewrite_journal);
    }

    #[test]
    fn a_wiped_database_is_rebuilt_from_the_journal() {
        let mended = check(store(&[1, 2], &[1, 2, 3], 5), Condition::default(), Records::default());
        assert_eq!(mended.to_database.len(), 6);
        assert_eq!(mended.records.own.len(), 2);
    }

    #[test]
    fn a_wiped_journal_is_rebuilt_from_the_database() {
        let mended = check(Records::default(), Condition::default(), store(&[1, 2], &[4], 5));
        assert_eq!(mended.to_journal.len(), 4);
    }

    #[test]
    fn own_operations_of_both_are_kept() {
        let mended = check(store(&[1, 2], &[], 5), Condition::default(), store(&[2, 3], &[], 5));
        assert_eq!(mended.records.own.len(), 3);
    }

    #[test]
    fn a_torn_journal_gets_its_end_back() {
        let condition = Condition { torn_bytes: 9, ..Condition::default() };
        let mended = check(store(&[1], &[1, 2], 5), condition, store(&[1, 2], &[1, 2, 3], 6));
        assert_eq!(mended.records.log.len(), 3);
        assert!(!mended.rewrite_journal, "the beginning is whole");
    }

    #[test]
    fn a_log_of_an_older_scope_is_replaced_not_mixed() {
        let mended = check(store(&[], &[5, 9], 8), Condition::default(), store(&[], &[1, 2, 3], 6));
        assert_eq!(mended.records.log.keys().copied().collect::<Vec<_>>(), [5, 9]);
        assert_eq!(mended.to_database.first(), Some(&Record::ForgetLog));
    }

    #[test]
    fn a_journal_with_entries_that_nothing_counts_is_written_anew() {
        let condition = Condition { uncounted: 2, ..Condition::default() };
        let mended = mend(store(&[], &[1, 2], 5), condition, store(&[], &[1, 2], 5));
        assert!(mended.rewrite_journal, "else the next metadata would count them");
    }

    #[test]
    fn what_was_taken_back_goes_where_everything_else_can_stay() {
        let shredded = |condition: Condition| Condition { forgets: true, ..condition }.is_to_be_shredded();
        assert!(shredded(Condition::default()));
        assert!(!shredded(Condition { unreadable: 1, ..Condition::default() }), "a later version's frame");
        assert!(
            !shredded(Condition { damaged_bytes: 1, ..Condition::default() }),
            "the database may have what was there"
        );
        let condition = Condition { forgets: true, ..Condition::default() };
        let mended = mend(store(&[], &[1], 5), condition, store(&[], &[1], 5));
        assert!(!mended.rewrite_journal, "a device without room must open all the same");
    }

    #[test]
    fn a_damaged_journal_alone_is_read_but_its_log_is_fetched_again() {
        let condition = Condition { damaged_bytes: 30, ..Condition::default() };
        let mended = check(store(&[1], &[1, 3], 5), condition, Records::default());
        assert!(mended.rewrite_journal);
        let meta = exchange(&mended.records).unwrap();
        assert_eq!((meta.cursor, meta.scope), (0, 0));
        assert_eq!(mended.records.log.len(), 2, "shown meanwhile");
    }

    #[test]
    fn an_epoch_is_not_gone_back_behind() {
        let with_epoch = |epoch: u32| {
            let mut records = store(&[1], &[], 5);
            records.take(Record::metadata(metadata::EPOCH, epoch.to_le_bytes()));
            records
        };
        // The database refused the later epoch, and then the journal was torn.
        let torn = Condition { torn_bytes: 7, ..Condition::default() };
        assert_eq!(check(with_epoch(2), torn, with_epoch(1)).records.number(metadata::EPOCH), Some(2));
        let damaged = Condition { damaged_bytes: 9, ..Condition::default() };
        assert_eq!(check(with_epoch(1), damaged, with_epoch(2)).records.number(metadata::EPOCH), Some(2));
    }

    #[test]
    fn receipts_of_both_are_kept() {
        let mut journal = store(&[1], &[], 5);
        journal.take(Record::Receipt { op: OpId::of(b"a"), bytes: vec![3] });
        let mended = check(journal, Condition::default(), store(&[1], &[], 5));
        assert_eq!(mended.to_database.len(), 1);
    }

    #[test]
    fn blobs_of_both_are_kept_and_each_store_gets_what_it_lacks() {
        let with_blobs = |contents: &[&[u8]]| {
            let mut records = store(&[1], &[], 5);
            let blobs = contents.iter().map(|bytes| Record::blob(BlobHash::of(bytes), bytes.to_vec()).unwrap());
            blobs.for_each(|blob| records.take(blob));
            records
        };
        let torn = Condition { torn_bytes: 3, ..Condition::default() };
        for condition in [Condition::default(), torn, Condition { damaged_bytes: 9, ..Condition::default() }] {
            let mended = check(with_blobs(&[b"a", b"b"]), condition, with_blobs(&[b"b", b"c"]));
            assert_eq!(mended.records.blobs.len(), 3);
            let lacked = |record: &Record| matches!(record, Record::Blob { .. });
            assert_eq!(mended.to_database.iter().filter(|record| lacked(record)).count(), 1);
            assert_eq!(mended.to_journal.iter().filter(|record| lacked(record)).count(), 1);
        }
    }

    #[test]
    fn a_part_of_a_blob_that_was_erased_does_not_come_back() {
        let name = metadata::blob_part(BlobHash::of(b"whole"));
        let with_part = |bytes: &[u8]| {
            let mut records = store(&[1], &[], 5);
            records.take(Record::metadata(&name, bytes));
            records
        };
        let mended = check(with_part(b""), Condition::default(), with_part(b"who"));
        assert_eq!(mended.records.metadata.get(&name), Some(&Vec::new()));
    }
}
