-- The last diagnosis of each incident whose cause is known, beside it. Without a reference: it outlives what retention removes.
CREATE TABLE judged_diagnoses (
  incident BLOB PRIMARY KEY NOT NULL,
  ended INTEGER NOT NULL,
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;
CREATE INDEX judged_diagnoses_by_end ON judged_diagnoses (ended);
