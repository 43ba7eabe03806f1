-- What versions say, to be searched, words that were removed among it.

-- A text of an article: a field, a paragraph, a caption or a note. One that has
-- the same words in several versions is one passage. The upper bits of its number
-- are the article's, so that what is found comes by article.
CREATE TABLE passage (
	id    INTEGER PRIMARY KEY,         -- article << 24 | a number of its own, from 1
	key   INTEGER NOT NULL,            -- of its words
	first INTEGER NOT NULL,            -- the version in which it came, the last time that it did
	last  INTEGER NOT NULL DEFAULT 0   -- the last version that has it since; 0: the newest has
) STRICT;

-- Those of the newest version, and of those that went the words by which one that
-- comes back is known: what a further version costs does not hang on how many there
-- were. Each is in one of the two.
CREATE INDEX passage_open ON passage (id, key, first) WHERE last = 0;
CREATE INDEX passage_gone ON passage (id >> 24, key) WHERE last > 0;

-- In which versions it stood before that.
CREATE TABLE passage_before (
	passage INTEGER NOT NULL REFERENCES passage (id) ON DELETE CASCADE,
	first   INTEGER NOT NULL,
	last    INTEGER NOT NULL,
	PRIMARY KEY (passage, first)
) STRICT, WITHOUT ROWID;

-- The words of each passage and a mark of its outlet, cut and folded before they
-- come here: all that is done to them is to part them at spaces. The texts
-- themselves are in the versions.
CREATE VIRTUAL TABLE search USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');
CREATE VIRTUAL TABLE search_word USING fts5vocab (search, 'instance');

-- How many versions of an article are in it. Those that were there before the
-- index are taken up one article after the other.
ALTER TABLE article ADD COLUMN searched INTEGER NOT NULL DEFAULT 0;
CREATE INDEX article_unsearched ON article (id) WHERE searched <> versions;

CREATE TRIGGER article_unsearch BEFORE DELETE ON article
BEGIN
	DELETE FROM search WHERE rowid IN (SELECT id FROM passage WHERE id BETWEEN old.id << 24 AND (old.id << 24) + 16777215);
	DELETE FROM passage WHERE id BETWEEN old.id << 24 AND (old.id << 24) + 16777215;
END;
