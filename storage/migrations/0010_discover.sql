-- Where new articles are taken up from, and what was seen there.

CREATE TABLE source (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	url           TEXT    NOT NULL UNIQUE,            -- that is asked
	named         TEXT    NOT NULL,                   -- the address by which it was found
	host          TEXT    NOT NULL,                   -- what politeness counts by
	kind          TEXT    NOT NULL,                   -- empty: not read yet
	title         TEXT    NOT NULL DEFAULT '',
	tags          TEXT    NOT NULL DEFAULT '[]',      -- JSON: of the articles it gives
	match         TEXT    NOT NULL DEFAULT '',        -- pattern that an address must match
	exclude       TEXT    NOT NULL DEFAULT '',        -- that it must not match
	day_limit     INTEGER NOT NULL DEFAULT 0,         -- articles a day; 0: the usual
	every_ms      INTEGER NOT NULL DEFAULT 0,         -- 0: by how often new things come
	old_too       INTEGER NOT NULL DEFAULT 0,         -- 1: articles older than 30 days, too
	added_at      INTEGER NOT NULL,
	next_poll     INTEGER NOT NULL,
	last_poll     INTEGER,
	last_read     INTEGER,                            -- the last poll that was no failure
	last_new      INTEGER,                            -- that gave an article
	outcome       TEXT    NOT NULL DEFAULT '',
	reason        TEXT    NOT NULL DEFAULT '',
	detail        TEXT    NOT NULL DEFAULT '',
	failures      INTEGER NOT NULL DEFAULT 0,         -- in a row
	sick_since    INTEGER,
	articles      INTEGER NOT NULL DEFAULT 0,         -- how many it gave
	left_out      INTEGER NOT NULL DEFAULT 0,         -- by the daily limit, at the last poll that read it
	rate          REAL    NOT NULL DEFAULT 0,         -- new things an hour, of late
	day           INTEGER NOT NULL DEFAULT 0,         -- the day, in days since 1970, UTC …
	day_articles  INTEGER NOT NULL DEFAULT 0,         -- … and how many articles it gave on that
	etag          TEXT    NOT NULL DEFAULT '',
	last_modified TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX source_due ON source (next_poll);

-- What a source showed and was taken up or tracked already. The article may be
-- removed, or its history deleted: it is not taken up again.
CREATE TABLE source_link (
	source   INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
	identity TEXT    NOT NULL,
	article  INTEGER REFERENCES article (id) ON DELETE SET NULL,
	title    TEXT    NOT NULL,
	updated  INTEGER,          -- as the source states it
	shown_at INTEGER NOT NULL, -- when it was shown last, to the day
	PRIMARY KEY (source, identity)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_link_article ON source_link (article) WHERE article IS NOT NULL;
CREATE INDEX source_link_shown ON source_link (source, shown_at);

-- The sitemaps of an index.
CREATE TABLE source_part (
	source        INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
	url           TEXT    NOT NULL,
	updated       INTEGER,
	read_at       INTEGER,
	etag          TEXT    NOT NULL,
	last_modified TEXT    NOT NULL,
	PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;

-- When a hint made a look at an article due.
ALTER TABLE article ADD COLUMN hinted_at INTEGER;
