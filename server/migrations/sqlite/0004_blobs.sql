-- Bytes kept beside the log: rule packs, later evidence and scans. They are named by their SHA-256, so a row never changes.
CREATE TABLE blobs (
    hash       BLOB PRIMARY KEY,
    bytes      BLOB NOT NULL,
    size       INTEGER NOT NULL,
    kept_at_ms INTEGER NOT NULL,
    CONSTRAINT blobs_hash_length CHECK (length(hash) = 32),
    CONSTRAINT blobs_size_of_bytes CHECK (length(bytes) = size)
) STRICT;

-- Uploads that are not whole yet. Each person has parts of one's own: nobody continues what another began.
CREATE TABLE blob_parts (
    hash          BLOB NOT NULL,
    person        BLOB NOT NULL,
    bytes         BLOB NOT NULL,
    have          INTEGER NOT NULL,
    total         INTEGER NOT NULL,
    changed_at_ms INTEGER NOT NULL,
    CONSTRAINT blob_parts_person_once PRIMARY KEY (hash, person),
    CONSTRAINT blob_parts_hash_length CHECK (length(hash) = 32),
    CONSTRAINT blob_parts_person_length CHECK (length(person) = 16),
    CONSTRAINT blob_parts_have_of_bytes CHECK (length(bytes) = have),
    CONSTRAINT blob_parts_within_total CHECK (have <= total)
) STRICT;

CREATE INDEX blob_parts_by_age ON blob_parts (changed_at_ms);

CREATE TRIGGER blobs_no_update BEFORE UPDATE ON blobs
BEGIN SELECT RAISE(ABORT, 'blobs are append-only'); END;
CREATE TRIGGER blobs_no_delete BEFORE DELETE ON blobs
BEGIN SELECT RAISE(ABORT, 'blobs are append-only'); END;
-- A blob may come again; what is there stays.
CREATE TRIGGER blobs_no_replace BEFORE INSERT ON blobs
WHEN EXISTS (SELECT 1 FROM blobs WHERE hash = NEW.hash)
BEGIN SELECT RAISE(IGNORE); END;
