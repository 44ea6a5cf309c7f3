-- What was changed, as it was seen, and the configuration files as they were: "seen" is the newest that was looked at,
-- "good" the last that was in force without trouble or that a person said is right.
CREATE TABLE changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  service BLOB NOT NULL,
  stored INTEGER NOT NULL,
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;
CREATE INDEX changes_by_time ON changes (at);
CREATE INDEX changes_by_stored ON changes (stored);

CREATE TABLE config_baselines (
  path BLOB NOT NULL,
  role BLOB NOT NULL,
  doc BLOB NOT NULL,
  sum BLOB NOT NULL,
  PRIMARY KEY (path, role)
) STRICT;
