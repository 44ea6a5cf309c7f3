-- What is remembered of incidents that have ended. Without a reference to them: it outlives what retention removes.
CREATE TABLE past_incidents (
  incident BLOB PRIMARY KEY NOT NULL,
  ended INTEGER NOT NULL,
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;
CREATE INDEX past_incidents_by_end ON past_incidents (ended);
