-- Log sources that a person added while the program ran.
CREATE TABLE added_sources (
  path BLOB PRIMARY KEY NOT NULL,
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;
