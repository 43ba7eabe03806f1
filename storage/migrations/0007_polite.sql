-- How hosts bear with us, and what the validators of an article are worth.

ALTER TABLE host ADD COLUMN gap           INTEGER NOT NULL DEFAULT 0;  -- milliseconds owed after the request that runs, should its owner die
ALTER TABLE host ADD COLUMN backoff_until INTEGER NOT NULL DEFAULT 0;  -- the end of a back-off of our own
ALTER TABLE host ADD COLUMN why           TEXT    NOT NULL DEFAULT ''; -- why it was last left alone for long, for a person
ALTER TABLE host ADD COLUMN slowdown      REAL    NOT NULL DEFAULT 1;  -- how many times as long gaps are
ALTER TABLE host ADD COLUMN trouble       INTEGER NOT NULL DEFAULT 0;  -- answers 429 and 503 in a row
ALTER TABLE host ADD COLUMN streak        INTEGER NOT NULL DEFAULT 0;  -- answers without trouble since slowdown changed
ALTER TABLE host ADD COLUMN requests      INTEGER NOT NULL DEFAULT 0;
ALTER TABLE host ADD COLUMN errors        INTEGER NOT NULL DEFAULT 0;  -- without a whole answer, or answered 429 or 5xx
ALTER TABLE host ADD COLUMN bytes         INTEGER NOT NULL DEFAULT 0;  -- of bodies, on the wire
ALTER TABLE host ADD COLUMN last_at       INTEGER NOT NULL DEFAULT 0;  -- the end of the last answer
ALTER TABLE host ADD COLUMN took_us       INTEGER NOT NULL DEFAULT 0;  -- microseconds that it took
ALTER TABLE host ADD COLUMN last_status   INTEGER NOT NULL DEFAULT 0;  -- HTTP status; 0: no answer
ALTER TABLE host ADD COLUMN last_reason   TEXT    NOT NULL DEFAULT ''; -- why there was no whole answer

ALTER TABLE article ADD COLUMN read_by  TEXT NOT NULL DEFAULT ''; -- revision and rules that read the answer of which the validators are
ALTER TABLE article ADD COLUMN whole_at INTEGER;                  -- when an answer last came that was no "not modified" and was read
