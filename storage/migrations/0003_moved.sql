-- Where articles went: away for a while, away for good, to another address, or
-- into another article.

ALTER TABLE article ADD COLUMN last_reason TEXT NOT NULL DEFAULT '';  -- why the newest look was not plain
ALTER TABLE article ADD COLUMN gone_from   INTEGER;                   -- the look that showed it gone; it is so still
ALTER TABLE article ADD COLUMN moved_to    TEXT NOT NULL DEFAULT '';  -- where it is looked at in place of url
ALTER TABLE article ADD COLUMN leads_to    TEXT NOT NULL DEFAULT '';  -- where permanent redirects lead
ALTER TABLE article ADD COLUMN leads_since INTEGER;                   -- the first look in a row that showed that
ALTER TABLE article ADD COLUMN merged_into INTEGER REFERENCES article (id) ON DELETE SET NULL; -- the same article, removed in favour of that
CREATE INDEX article_merged ON article (merged_into) WHERE merged_into IS NOT NULL;

UPDATE article
SET last_reason = coalesce((SELECT reason FROM look WHERE look.article = article.id ORDER BY look.id DESC LIMIT 1), '');
UPDATE article
SET gone_from = coalesce(
	(SELECT at FROM event WHERE event.article = article.id AND kind = 'gone' AND until IS NULL ORDER BY event.id LIMIT 1),
	last_check)
WHERE state = 'gone';

-- Addresses that several articles call theirs, and that lead to none of them.
CREATE TABLE shared_address (
	identity TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Where redirects ended, to find the page that stands for many articles.
CREATE INDEX capture_redirected ON capture (final, article) WHERE hops NOT IN ('null', '[]');

-- Events of further kinds.
CREATE TABLE event_of_more_kinds (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	kind    TEXT    NOT NULL CHECK (kind IN ('gone', 'restored', 'blocked', 'missing', 'moved', 'merged')),
	at      INTEGER NOT NULL,
	until   INTEGER,                       -- when a look first showed it over
	reason  TEXT    NOT NULL,
	detail  TEXT    NOT NULL
) STRICT;
INSERT INTO event_of_more_kinds (id, article, kind, at, until, reason, detail)
SELECT id, article, kind, at, until, reason, detail
FROM event;
INSERT INTO event_of_more_kinds (article, kind, at, reason, detail)
SELECT id, 'missing', missing_from, last_reason, ''
FROM article
WHERE misses > 0
  AND missing_from IS NOT NULL
  AND gone_from IS NULL;
DROP TABLE event;
ALTER TABLE event_of_more_kinds RENAME TO event;
CREATE INDEX event_article ON event (article, id);
