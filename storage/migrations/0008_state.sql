-- When nobody looked, and why.

ALTER TABLE look ADD COLUMN planned INTEGER; -- when the next look was to be; NULL: none was, or it was not kept yet
ALTER TABLE look ADD COLUMN late_after INTEGER; -- the look before it that saw the article, where this one saw it too, ten minutes late or more; 0: none did since it was taken up
CREATE INDEX look_late ON look (article, id) WHERE late_after IS NOT NULL;

-- When a daemon watched. One that was killed has no end: its last sign of life
-- stands for it.
CREATE TABLE run (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	pid        INTEGER NOT NULL,
	began      INTEGER NOT NULL,
	alive      INTEGER NOT NULL,           -- its last sign of life
	ended      INTEGER,                    -- NULL: it runs, or was killed
	moved      INTEGER NOT NULL DEFAULT 0, -- by how many ms the clock jumped just before; 0: this is no run that goes on after a jump
	after_look INTEGER NOT NULL,           -- the newest look when it began
	listen     TEXT    NOT NULL,           -- where its report is
	budget     REAL    NOT NULL            -- looks a day; 0: none was set
) STRICT;
CREATE INDEX run_began ON run (began);

-- Spells in which an article's user did not want it looked at.
CREATE TABLE rest (
	article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	reason  TEXT    NOT NULL CHECK (reason IN ('paused', 'removed')),
	at      INTEGER NOT NULL,
	until   INTEGER,                       -- NULL: still so
	PRIMARY KEY (article, at, reason)
) STRICT, WITHOUT ROWID;

INSERT INTO rest (article, reason, at)
SELECT id, 'paused', coalesce(last_check, added_at)
FROM article
WHERE state = 'paused';
