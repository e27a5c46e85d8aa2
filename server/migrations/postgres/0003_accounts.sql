-- The life of an account: when its person chose a password of one's own, and when the account was closed.
ALTER TABLE accounts ADD COLUMN password_changed_at_ms BIGINT;
ALTER TABLE accounts ADD COLUMN disabled_at_ms BIGINT;
-- From which address somebody signed in.
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';

CREATE INDEX sessions_by_person ON sessions (person);
