-- What an operator wants no incident of, and when: until a moment, or in windows that come again. Those that are over
-- stay for a day, so that old events are judged as they were.
CREATE TABLE silences (
  id BLOB PRIMARY KEY NOT NULL,
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;

CREATE TABLE maintenance_windows (
  id BLOB PRIMARY KEY NOT NULL,
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;
