-- By what the looks to come are planned, so that the next daemon can tell whether
-- it would plan them otherwise, and who shows them can say why.

CREATE TABLE planned (
	id       INTEGER PRIMARY KEY CHECK (id = 1),
	at       INTEGER NOT NULL, -- since when they are planned so
	schedule TEXT    NOT NULL  -- JSON, as the tracker writes it
) STRICT;

-- When a source's word of news of an article was last believed, to find out from the
-- look after it how often it is right.
ALTER TABLE source_link ADD COLUMN hinted_at INTEGER;
