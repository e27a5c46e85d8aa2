-- The log: what tablets signed, verbatim, in the order in which the office took it.
CREATE TABLE operations (
    server_seq     INTEGER PRIMARY KEY,
    op_id          BLOB NOT NULL,
    actor          BLOB NOT NULL,
    device         BLOB NOT NULL,
    epoch          INTEGER NOT NULL,
    chain_seq      INTEGER NOT NULL,
    kind           INTEGER NOT NULL,
    body           BLOB NOT NULL,
    signature      BLOB NOT NULL,
    received_at_ms INTEGER NOT NULL,
    CONSTRAINT operations_seq_from_one CHECK (server_seq >= 1),
    CONSTRAINT operations_op_id_length CHECK (length(op_id) = 32),
    CONSTRAINT operations_actor_length CHECK (length(actor) = 16),
    CONSTRAINT operations_device_length CHECK (length(device) = 16),
    CONSTRAINT operations_signature_length CHECK (length(signature) = 64),
    CONSTRAINT operations_op_id_once UNIQUE (op_id),
    CONSTRAINT operations_chain_place_once UNIQUE (actor, device, epoch, chain_seq)
) STRICT;

-- What the office decided about each.
CREATE TABLE verdicts (
    server_seq INTEGER PRIMARY KEY,
    word       TEXT NOT NULL,
    verdict    BLOB NOT NULL,
    CONSTRAINT verdicts_word_known CHECK (word IN ('accepted', 'accepted_contested', 'held', 'rejected', 'superseded')),
    CONSTRAINT verdicts_of_operation FOREIGN KEY (server_seq) REFERENCES operations (server_seq)
) STRICT;

-- The signed receipt for each: the same bytes whenever a tablet asks again.
CREATE TABLE receipts (
    server_seq INTEGER PRIMARY KEY,
    receipt    BLOB NOT NULL,
    signature  BLOB NOT NULL,
    CONSTRAINT receipts_signature_length CHECK (length(signature) = 64),
    CONSTRAINT receipts_of_operation FOREIGN KEY (server_seq) REFERENCES operations (server_seq)
) STRICT;

-- Bytes in custody that are no part of the log: malformed, wrongly signed, forked, or waiting for what comes before them.
-- Keyed by everything received: the same body under a wrong signature must not stand in the way of the right one.
CREATE TABLE aside (
    bytes_hash        BLOB PRIMARY KEY,
    op_id             BLOB NOT NULL,
    body              BLOB NOT NULL,
    signature         BLOB NOT NULL,
    word              TEXT NOT NULL,
    verdict           BLOB NOT NULL,
    receipt           BLOB NOT NULL,
    receipt_signature BLOB NOT NULL,
    received_at_ms    INTEGER NOT NULL,
    CONSTRAINT aside_hash_length CHECK (length(bytes_hash) = 32),
    CONSTRAINT aside_op_id_length CHECK (length(op_id) = 32),
    CONSTRAINT aside_word_known CHECK (word IN ('held', 'rejected', 'superseded'))
) STRICT;

CREATE INDEX aside_by_op_id ON aside (op_id);

-- Which key speaks for a person on a device in one life of its store. A key is never replaced: a new life gets a new epoch.
CREATE TABLE devices (
    person           BLOB NOT NULL,
    device           BLOB NOT NULL,
    epoch            INTEGER NOT NULL,
    public_key       BLOB NOT NULL,
    label            TEXT NOT NULL,
    registered_at_ms INTEGER NOT NULL,
    CONSTRAINT devices_chain_once PRIMARY KEY (person, device, epoch),
    CONSTRAINT devices_person_length CHECK (length(person) = 16),
    CONSTRAINT devices_device_length CHECK (length(device) = 16),
    CONSTRAINT devices_key_length CHECK (length(public_key) = 32)
) STRICT;

CREATE TABLE accounts (
    username      TEXT PRIMARY KEY,
    person        BLOB NOT NULL,
    password_hash TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    CONSTRAINT accounts_person_once UNIQUE (person),
    CONSTRAINT accounts_username_lower CHECK (username = lower(username)),
    CONSTRAINT accounts_hash_argon2id CHECK (password_hash LIKE '$argon2id$%')
) STRICT;

-- Tokens are kept as SHA-256: who reads the file cannot take over a session.
CREATE TABLE sessions (
    token_hash    BLOB PRIMARY KEY,
    person        BLOB NOT NULL,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    CONSTRAINT sessions_hash_length CHECK (length(token_hash) = 32)
) STRICT;

CREATE INDEX sessions_by_expiry ON sessions (expires_at_ms);

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

-- Append-only, enforced below every line of code.
CREATE TRIGGER operations_no_update BEFORE UPDATE ON operations
BEGIN SELECT RAISE(ABORT, 'operations are append-only'); END;
CREATE TRIGGER operations_no_delete BEFORE DELETE ON operations
BEGIN SELECT RAISE(ABORT, 'operations are append-only'); END;
CREATE TRIGGER verdicts_no_update BEFORE UPDATE ON verdicts
BEGIN SELECT RAISE(ABORT, 'verdicts are append-only'); END;
CREATE TRIGGER verdicts_no_delete BEFORE DELETE ON verdicts
BEGIN SELECT RAISE(ABORT, 'verdicts are append-only'); END;
CREATE TRIGGER receipts_no_update BEFORE UPDATE ON receipts
BEGIN SELECT RAISE(ABORT, 'receipts are append-only'); END;
CREATE TRIGGER receipts_no_delete BEFORE DELETE ON receipts
BEGIN SELECT RAISE(ABORT, 'receipts are append-only'); END;
CREATE TRIGGER aside_no_update BEFORE UPDATE ON aside
BEGIN SELECT RAISE(ABORT, 'what was received is append-only'); END;
CREATE TRIGGER aside_no_delete BEFORE DELETE ON aside
BEGIN SELECT RAISE(ABORT, 'what was received is append-only'); END;
CREATE TRIGGER devices_no_update BEFORE UPDATE ON devices
BEGIN SELECT RAISE(ABORT, 'device keys are never replaced'); END;
CREATE TRIGGER devices_no_delete BEFORE DELETE ON devices
BEGIN SELECT RAISE(ABORT, 'device keys are never replaced'); END;
