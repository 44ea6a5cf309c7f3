-- How many of a second's lines tell of requests, and of failed ones.
ALTER TABLE line_counts ADD COLUMN requests INTEGER NOT NULL DEFAULT 0;
ALTER TABLE line_counts ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
