-- REPLACE INTO takes a row away without asking the triggers against deleting, unless the connection has recursive_triggers on.
-- So what is there is never put in again. Bytes in custody and keys may come again; what is there stays.
CREATE TRIGGER operations_no_replace BEFORE INSERT ON operations
WHEN EXISTS (SELECT 1 FROM operations WHERE server_seq = NEW.server_seq)
  OR EXISTS (SELECT 1 FROM operations WHERE op_id = NEW.op_id)
  OR EXISTS (
       SELECT 1 FROM operations
       WHERE actor = NEW.actor AND device = NEW.device AND epoch = NEW.epoch AND chain_seq = NEW.chain_seq
     )
BEGIN SELECT RAISE(ABORT, 'operations are append-only'); END;
CREATE TRIGGER verdicts_no_replace BEFORE INSERT ON verdicts
WHEN EXISTS (SELECT 1 FROM verdicts WHERE server_seq = NEW.server_seq)
BEGIN SELECT RAISE(ABORT, 'verdicts are append-only'); END;
CREATE TRIGGER receipts_no_replace BEFORE INSERT ON receipts
WHEN EXISTS (SELECT 1 FROM receipts WHERE server_seq = NEW.server_seq)
BEGIN SELECT RAISE(ABORT, 'receipts are append-only'); END;
CREATE TRIGGER aside_no_replace BEFORE INSERT ON aside
WHEN EXISTS (SELECT 1 FROM aside WHERE bytes_hash = NEW.bytes_hash)
BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER devices_no_replace BEFORE INSERT ON devices
WHEN EXISTS (SELECT 1 FROM devices WHERE person = NEW.person AND device = NEW.device AND epoch = NEW.epoch)
BEGIN SELECT RAISE(IGNORE); END;
