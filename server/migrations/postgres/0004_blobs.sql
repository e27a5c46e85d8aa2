-- Bytes kept beside the log: rule packs, later evidence and scans. They are named by their SHA-256, so a row never changes.
CREATE TABLE blobs (
    hash       BYTEA PRIMARY KEY,
    bytes      BYTEA NOT NULL,
    size       BIGINT NOT NULL,
    kept_at_ms BIGINT NOT NULL,
    CONSTRAINT blobs_hash_length CHECK (octet_length(hash) = 32),
    CONSTRAINT blobs_size_of_bytes CHECK (octet_length(bytes) = size)
);

-- Uploads that are not whole yet. Each person has parts of one's own: nobody continues what another began.
CREATE TABLE blob_parts (
    hash          BYTEA NOT NULL,
    person        BYTEA NOT NULL,
    bytes         BYTEA NOT NULL,
    have          BIGINT NOT NULL,
    total         BIGINT NOT NULL,
    changed_at_ms BIGINT NOT NULL,
    CONSTRAINT blob_parts_person_once PRIMARY KEY (hash, person),
    CONSTRAINT blob_parts_hash_length CHECK (octet_length(hash) = 32),
    CONSTRAINT blob_parts_person_length CHECK (octet_length(person) = 16),
    CONSTRAINT blob_parts_have_of_bytes CHECK (octet_length(bytes) = have),
    CONSTRAINT blob_parts_within_total CHECK (have <= total)
);

CREATE INDEX blob_parts_by_age ON blob_parts (changed_at_ms);

CREATE TRIGGER blobs_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON blobs
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('blobs are append-only');

ALTER TABLE blobs ENABLE ALWAYS TRIGGER blobs_no_change;

REVOKE ALL ON blobs, blob_parts FROM PUBLIC;
