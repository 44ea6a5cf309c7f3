-- Patterns that people wrote or changed, each version by itself; the newest one is in force.
CREATE TABLE pattern_versions (
  pattern BLOB NOT NULL,
  version INTEGER NOT NULL,
  doc BLOB NOT NULL,
  sum BLOB NOT NULL,
  PRIMARY KEY (pattern, version)
) STRICT;

-- Patterns that were switched off.
CREATE TABLE patterns_off (
  pattern BLOB PRIMARY KEY NOT NULL
) STRICT;

-- What each pattern found on each day since the epoch. last: when the newest match was read, microseconds.
CREATE TABLE pattern_counts (
  pattern BLOB NOT NULL,
  day INTEGER NOT NULL,
  matches INTEGER NOT NULL,
  events INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (pattern, day)
) STRICT, WITHOUT ROWID;
