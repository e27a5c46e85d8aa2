-- What a role that runs `congtam serve` needs, when it is not the owner of the tables. It cannot take the triggers off then,
-- nor change or forget a row of the log even without them. The owner brings the schema up to date: its `congtam serve`, once.
--   psql --set role=congtam --file grants/postgres.sql
GRANT SELECT ON ALL TABLES IN SCHEMA public TO :role;
GRANT INSERT ON operations, verdicts, receipts, aside, devices, accounts, sessions, meta, blobs, blob_parts TO :role;
GRANT UPDATE ON log_ends, accounts, meta, blob_parts TO :role;
GRANT DELETE ON sessions, blob_parts TO :role;
