-- Which patterns took part in which incident. These rows outlive the events: what patterns led to stands on them.
CREATE TABLE incident_patterns (
  incident BLOB NOT NULL REFERENCES incidents (id),
  pattern BLOB NOT NULL,
  PRIMARY KEY (incident, pattern)
) STRICT, WITHOUT ROWID;
INSERT INTO incident_patterns (incident, pattern)
  SELECT DISTINCT incident, pattern FROM (
    SELECT incident, CASE WHEN json_valid(CAST(doc AS TEXT))
      THEN CAST(json_extract(CAST(doc AS TEXT), '$.patternId') AS BLOB) END AS pattern
    FROM events WHERE incident IS NOT NULL)
  WHERE pattern IS NOT NULL;

-- How an incident ended: 0 not yet, or in a way that says nothing; 1 resolved; 2 a person called it false.
ALTER TABLE incidents ADD COLUMN ending INTEGER NOT NULL DEFAULT 0 CHECK (ending IN (0, 1, 2));
UPDATE incidents SET ending = CASE
  WHEN NOT json_valid(CAST(doc AS TEXT)) THEN 0
  WHEN json_extract(CAST(doc AS TEXT), '$.falsePositive') = 1 THEN 2
  WHEN json_extract(CAST(doc AS TEXT), '$.state') = 'resolved' THEN 1
  ELSE 0 END WHERE open = 0;

-- Counts that are too old are found by their day.
CREATE INDEX pattern_counts_of_day ON pattern_counts (day, pattern);
