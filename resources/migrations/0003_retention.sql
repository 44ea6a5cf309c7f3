-- stored, touched: microseconds of wall time in which a row was last written; what keeps a row for a while goes
-- by them, not by event time, so that old logs that are read today are not gone tomorrow. slim: an old incident
-- of which only what its outcomes need is left.
ALTER TABLE events ADD COLUMN stored INTEGER NOT NULL DEFAULT 0;
UPDATE events SET stored = CAST(strftime('%s', 'now') AS INTEGER) * 1000000;
CREATE INDEX events_stored ON events (stored) WHERE incident IS NULL;

ALTER TABLE incidents ADD COLUMN touched INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incidents ADD COLUMN slim INTEGER NOT NULL DEFAULT 0 CHECK (slim IN (0, 1));
UPDATE incidents SET touched = CAST(strftime('%s', 'now') AS INTEGER) * 1000000;
CREATE INDEX incidents_touched ON incidents (touched) WHERE open = 0 AND slim = 0;

ALTER TABLE health_events ADD COLUMN stored INTEGER NOT NULL DEFAULT 0;
UPDATE health_events SET stored = CAST(strftime('%s', 'now') AS INTEGER) * 1000000;
