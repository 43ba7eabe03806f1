-- What a second look shows of a page, and what the articles of an outlet teach
-- each other of its furniture.

ALTER TABLE version ADD COLUMN second INTEGER REFERENCES capture (id); -- that showed the version again; NULL: one look alone did
ALTER TABLE version ADD COLUMN loose TEXT NOT NULL DEFAULT '[]';       -- JSON: numbers of the blocks, from 0, that later looks showed to be furniture
ALTER TABLE version ADD COLUMN doubt TEXT NOT NULL DEFAULT '[]';       -- likewise, that no two looks agreed on; where second is NULL: all
ALTER TABLE look ADD COLUMN second INTEGER REFERENCES capture (id);    -- of a second look

CREATE INDEX version_second ON version (second) WHERE second IS NOT NULL;
CREATE INDEX look_second ON look (second) WHERE second IS NOT NULL;

-- In which articles a line of text stands. The key is of the outlet and the text.
CREATE TABLE lesson (
	key     INTEGER NOT NULL,
	article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	n       INTEGER NOT NULL,              -- number of the version that was seen with it first
	PRIMARY KEY (key, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX lesson_article ON lesson (article);

-- The text of a line that stands in more than one article, to be shown.
CREATE TABLE line (
	key  INTEGER PRIMARY KEY,
	text TEXT NOT NULL, -- shortened
	path TEXT NOT NULL  -- where it stood in the page
) STRICT;

-- What two looks a moment apart did not agree on, by article.
CREATE TABLE unsteady (
	key     INTEGER NOT NULL,              -- of the outlet, the kind, and the place or the line
	article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	kind    TEXT    NOT NULL CHECK (kind IN ('rotates', 'ticks', 'place')),
	path    TEXT    NOT NULL,
	text    TEXT    NOT NULL,              -- shortened
	times   INTEGER NOT NULL,              -- in how many checks
	steady  INTEGER NOT NULL,              -- 1: a place where both looks agreed on a text as well, which is none of furniture
	since   INTEGER NOT NULL,              -- unix milliseconds of the first of them
	PRIMARY KEY (key, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX unsteady_article ON unsteady (article, times, since);
