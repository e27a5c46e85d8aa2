-- Here nothing is to be done: what takes the place of a row is an UPDATE or a DELETE, and asks its triggers.
SELECT 1;
