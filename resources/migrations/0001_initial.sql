-- Every string is a BLOB: bytes from outside are kept as they came. Values of the program are JSON documents
-- (doc) with a check sum over key and document (sum), beside the columns that queries need. Times are
-- microseconds since 1970 in UTC.

CREATE TABLE incidents (
  id BLOB PRIMARY KEY NOT NULL,
  number INTEGER NOT NULL UNIQUE,
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;
CREATE INDEX incidents_open ON incidents (number) WHERE open = 1;

CREATE TABLE events (
  id BLOB PRIMARY KEY NOT NULL,
  incident BLOB REFERENCES incidents (id),
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;
CREATE INDEX events_of_incident ON events (incident, first) WHERE incident IS NOT NULL;
CREATE INDEX events_unassigned ON events (last) WHERE incident IS NULL;

CREATE TABLE diagnoses (
  incident BLOB PRIMARY KEY NOT NULL REFERENCES incidents (id),
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;

CREATE TABLE timeline (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  incident BLOB NOT NULL REFERENCES incidents (id),
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;
CREATE INDEX timeline_of_incident ON timeline (incident, seq);

CREATE TABLE fixes (
  id BLOB PRIMARY KEY NOT NULL,
  number INTEGER NOT NULL UNIQUE,
  incident BLOB NOT NULL REFERENCES incidents (id),
  plan_hash BLOB NOT NULL,
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  pending INTEGER NOT NULL CHECK (pending IN (0, 1)),
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;
CREATE INDEX fixes_of_incident ON fixes (incident, number);
CREATE INDEX fixes_by_plan ON fixes (plan_hash, number);
CREATE INDEX fixes_open ON fixes (number) WHERE open = 1;

CREATE TABLE outcomes (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  fix BLOB NOT NULL UNIQUE REFERENCES fixes (id),
  playbook BLOB NOT NULL,
  context BLOB NOT NULL,
  worked INTEGER NOT NULL CHECK (worked IN (0, 1)),
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;
CREATE INDEX outcomes_of_playbook ON outcomes (playbook, context, number);

CREATE TABLE api_keys (
  id BLOB PRIMARY KEY NOT NULL,
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;

CREATE TABLE positions (
  source BLOB PRIMARY KEY NOT NULL,
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;

CREATE TABLE detector_states (
  lane BLOB PRIMARY KEY NOT NULL,
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;

-- touched: the second of wall time in which the row was last added to; rows leave a day after that.
CREATE TABLE line_counts (
  service BLOB NOT NULL,
  second INTEGER NOT NULL,
  lines INTEGER NOT NULL,
  warnings INTEGER NOT NULL,
  touched INTEGER NOT NULL,
  PRIMARY KEY (service, second)
) STRICT, WITHOUT ROWID;
CREATE INDEX line_counts_touched ON line_counts (touched);

CREATE TABLE health_events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;

-- Single facts by name, for example the newest head of the audit chain.
CREATE TABLE notes (
  name BLOB PRIMARY KEY NOT NULL,
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;
