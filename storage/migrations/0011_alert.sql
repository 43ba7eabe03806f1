-- What is to be told to people, written in the transaction of what it tells of.

CREATE TABLE outbox (
	id       INTEGER PRIMARY KEY AUTOINCREMENT, -- never given again: whoever is told twice knows it by that
	channel  TEXT    NOT NULL REFERENCES channel (name),
	batch    TEXT    NOT NULL,           -- those of one batch and channel go out as one message; empty: it goes alone
	payload  BLOB    NOT NULL,           -- what the sender wants to know again
	article  INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	version  INTEGER NOT NULL,           -- that the change made; 0: it tells of none
	created  INTEGER NOT NULL,
	next_at  INTEGER NOT NULL,           -- send no sooner; while somebody sends it, until when that is his alone
	first_at INTEGER,                    -- when it was first tried, or kept back because its channel failed; NULL: not yet
	attempts INTEGER NOT NULL DEFAULT 0, -- that failed
	owner    TEXT    NOT NULL DEFAULT '', -- who is sending it; empty: nobody
	error    TEXT    NOT NULL DEFAULT '', -- why the last attempt failed
	given_up INTEGER                     -- when; NULL: it is still to be sent
) STRICT;

-- The daemon asks "what is due, and where to?" every few seconds.
CREATE INDEX outbox_pending ON outbox (channel, next_at) WHERE given_up IS NULL;
CREATE INDEX outbox_batch   ON outbox (channel, batch) WHERE given_up IS NULL AND batch <> '';
CREATE INDEX outbox_given_up ON outbox (given_up) WHERE given_up IS NOT NULL;
CREATE INDEX outbox_article ON outbox (article);
CREATE INDEX outbox_owner   ON outbox (owner) WHERE owner <> '';

-- Where notices go, and how it went there.
CREATE TABLE channel (
	name     TEXT    NOT NULL PRIMARY KEY,
	sent     INTEGER NOT NULL DEFAULT 0, -- messages
	sent_at  INTEGER,                    -- the last of them
	failures INTEGER NOT NULL DEFAULT 0, -- in a row
	retry_at INTEGER NOT NULL DEFAULT 0, -- send nothing there before
	error    TEXT    NOT NULL DEFAULT '', -- the last one
	error_at INTEGER
) STRICT, WITHOUT ROWID;
