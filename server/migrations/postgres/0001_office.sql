-- The log: what tablets signed, verbatim, in the order in which the office took it.
CREATE TABLE operations (
    server_seq     BIGINT PRIMARY KEY,
    op_id          BYTEA NOT NULL,
    actor          BYTEA NOT NULL,
    device         BYTEA NOT NULL,
    epoch          BIGINT NOT NULL,
    chain_seq      BIGINT NOT NULL,
    kind           BIGINT NOT NULL,
    body           BYTEA NOT NULL,
    signature      BYTEA NOT NULL,
    received_at_ms BIGINT NOT NULL,
    CONSTRAINT operations_seq_from_one CHECK (server_seq >= 1),
    CONSTRAINT operations_op_id_length CHECK (octet_length(op_id) = 32),
    CONSTRAINT operations_actor_length CHECK (octet_length(actor) = 16),
    CONSTRAINT operations_device_length CHECK (octet_length(device) = 16),
    CONSTRAINT operations_signature_length CHECK (octet_length(signature) = 64),
    CONSTRAINT operations_op_id_once UNIQUE (op_id),
    CONSTRAINT operations_chain_place_once UNIQUE (actor, device, epoch, chain_seq)
);

-- Where each log ends. The next place is taken by moving this row in the transaction that fills the place: a sequence object
-- would hand out places that become visible out of order, and a reader's cursor would pass over them.
CREATE TABLE log_ends (
    log        BIGINT PRIMARY KEY,
    server_seq BIGINT NOT NULL,
    CONSTRAINT log_ends_from_zero CHECK (server_seq >= 0)
);

-- One office keeps one log.
INSERT INTO log_ends (log, server_seq) VALUES (1, 0);

-- What the office decided about each.
CREATE TABLE verdicts (
    server_seq BIGINT PRIMARY KEY,
    word       TEXT NOT NULL,
    verdict    BYTEA NOT NULL,
    CONSTRAINT verdicts_word_known CHECK (word IN ('accepted', 'accepted_contested', 'held', 'rejected', 'superseded')),
    CONSTRAINT verdicts_of_operation FOREIGN KEY (server_seq) REFERENCES operations (server_seq)
);

-- The signed receipt for each: the same bytes whenever a tablet asks again.
CREATE TABLE receipts (
    server_seq BIGINT PRIMARY KEY,
    receipt    BYTEA NOT NULL,
    signature  BYTEA NOT NULL,
    CONSTRAINT receipts_signature_length CHECK (octet_length(signature) = 64),
    CONSTRAINT receipts_of_operation FOREIGN KEY (server_seq) REFERENCES operations (server_seq)
);

-- Bytes in custody that are no part of the log: malformed, wrongly signed, forked, or waiting for what comes before them.
-- Keyed by everything received: the same body under a wrong signature must not stand in the way of the right one.
CREATE TABLE aside (
    bytes_hash        BYTEA PRIMARY KEY,
    op_id             BYTEA NOT NULL,
    body              BYTEA NOT NULL,
    signature         BYTEA NOT NULL,
    word              TEXT NOT NULL,
    verdict           BYTEA NOT NULL,
    receipt           BYTEA NOT NULL,
    receipt_signature BYTEA NOT NULL,
    received_at_ms    BIGINT NOT NULL,
    CONSTRAINT aside_hash_length CHECK (octet_length(bytes_hash) = 32),
    CONSTRAINT aside_op_id_length CHECK (octet_length(op_id) = 32),
    CONSTRAINT aside_word_known CHECK (word IN ('held', 'rejected', 'superseded'))
);

CREATE INDEX aside_by_op_id ON aside (op_id);

-- Which key speaks for a person on a device in one life of its store. A key is never replaced: a new life gets a new epoch.
CREATE TABLE devices (
    person           BYTEA NOT NULL,
    device           BYTEA NOT NULL,
    epoch            BIGINT NOT NULL,
    public_key       BYTEA NOT NULL,
    label            TEXT NOT NULL,
    registered_at_ms BIGINT NOT NULL,
    CONSTRAINT devices_chain_once PRIMARY KEY (person, device, epoch),
    CONSTRAINT devices_person_length CHECK (octet_length(person) = 16),
    CONSTRAINT devices_device_length CHECK (octet_length(device) = 16),
    CONSTRAINT devices_key_length CHECK (octet_length(public_key) = 32)
);

-- Names are compared and sorted byte by byte, as SQLite does it, whatever the database's own order is.
CREATE TABLE accounts (
    username      TEXT COLLATE "C" PRIMARY KEY,
    person        BYTEA NOT NULL,
    password_hash TEXT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    CONSTRAINT accounts_person_once UNIQUE (person),
    CONSTRAINT accounts_username_lower CHECK (username = lower(username)),
    CONSTRAINT accounts_hash_argon2id CHECK (password_hash LIKE '$argon2id$%')
);

-- Tokens are kept as SHA-256: who reads the table cannot take over a session.
CREATE TABLE sessions (
    token_hash    BYTEA PRIMARY KEY,
    person        BYTEA NOT NULL,
    created_at_ms BIGINT NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    CONSTRAINT sessions_hash_length CHECK (octet_length(token_hash) = 32)
);

CREATE INDEX sessions_by_expiry ON sessions (expires_at_ms);

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);

-- Append-only, enforced below every line of code. Triggers of a statement, so that TRUNCATE is refused, too; ALWAYS, so that
-- not even a session that plays the replica gets past them. They hold for the owner and for superusers as well.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$;

CREATE TRIGGER operations_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON operations
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('operations are append-only');
CREATE TRIGGER verdicts_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON verdicts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('verdicts are append-only');
CREATE TRIGGER receipts_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON receipts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('receipts are append-only');
CREATE TRIGGER aside_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON aside
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what was received is append-only');
CREATE TRIGGER devices_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON devices
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('device keys are never replaced');
CREATE TRIGGER log_ends_no_return BEFORE UPDATE ON log_ends
FOR EACH ROW WHEN (NEW.log <> OLD.log OR NEW.server_seq <= OLD.server_seq)
EXECUTE FUNCTION refuse_change('the end of a log only moves on');
CREATE TRIGGER log_ends_no_delete BEFORE DELETE OR TRUNCATE ON log_ends
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the end of a log only moves on');

ALTER TABLE operations ENABLE ALWAYS TRIGGER operations_no_change;
ALTER TABLE verdicts ENABLE ALWAYS TRIGGER verdicts_no_change;
ALTER TABLE receipts ENABLE ALWAYS TRIGGER receipts_no_change;
ALTER TABLE aside ENABLE ALWAYS TRIGGER aside_no_change;
ALTER TABLE devices ENABLE ALWAYS TRIGGER devices_no_change;
ALTER TABLE log_ends ENABLE ALWAYS TRIGGER log_ends_no_return;
ALTER TABLE log_ends ENABLE ALWAYS TRIGGER log_ends_no_delete;

-- Nobody but the owner may do anything here until it is granted: grants/postgres.sql gives a server what it needs and no more.
REVOKE ALL ON operations, log_ends, verdicts, receipts, aside, devices, accounts, sessions, meta FROM PUBLIC;
