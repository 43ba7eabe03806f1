-- What the pages of outlets count: how often an outlet's articles were looked at
-- by week, and which articles something happened to since they were counted last.
--
-- Weeks are of seven days from Monday 00:00 UTC; that of 1 January 1970 is 0.

ALTER TABLE article ADD COLUMN seen_week INTEGER; -- the newest in which a look observed it; NULL: none did

-- Looks that observed an article, by week: Check.Saw.
CREATE VIEW article_week AS
SELECT l.article, a.outlet, (l.at + 259200000) / 604800000 AS week,
       count(*) AS looks,
       count(l.late_after) AS late,
       coalesce(sum(CASE WHEN l.late_after IS NULL THEN 0 ELSE max(0, l.at - coalesce(
           CASE l.late_after WHEN 0 THEN a.added_at ELSE (SELECT p.planned FROM look p WHERE p.id = l.late_after) END,
           l.at)) END), 0) AS late_ms,
       max(l.at) AS last
FROM look l
JOIN article a ON a.id = l.article
WHERE l.outcome IN ('new', 'changed', 'unchanged', 'not-modified', 'restored', 'gone')
   OR l.reason IN ('http-404', 'soft-404', 'redirected-to-front')
GROUP BY l.article, a.outlet, (l.at + 259200000) / 604800000;

-- The same by outlet; of articles that were merged into others none.
CREATE TABLE outlet_week (
	outlet   TEXT    NOT NULL,
	week     INTEGER NOT NULL,
	articles INTEGER NOT NULL, -- that a look observed
	looks    INTEGER NOT NULL, -- that observed one
	late     INTEGER NOT NULL, -- of those, late by ten minutes or more
	late_ms  INTEGER NOT NULL, -- and by how much, together
	last     INTEGER NOT NULL, -- when the newest began
	PRIMARY KEY (outlet, week)
) STRICT, WITHOUT ROWID;

INSERT INTO outlet_week (outlet, week, articles, looks, late, late_ms, last)
SELECT w.outlet, w.week, count(*), sum(w.looks), sum(w.late), sum(w.late_ms), max(w.last)
FROM article_week w
JOIN article a ON a.id = w.article
WHERE a.merged_into IS NULL
GROUP BY w.outlet, w.week;

UPDATE article
SET seen_week = newest.week
FROM (SELECT article, max(week) AS week FROM article_week GROUP BY article) AS newest
WHERE newest.article = article.id;

CREATE TRIGGER look_counted AFTER INSERT ON look
WHEN NEW.outcome IN ('new', 'changed', 'unchanged', 'not-modified', 'restored', 'gone')
  OR NEW.reason IN ('http-404', 'soft-404', 'redirected-to-front')
BEGIN
	INSERT INTO outlet_week (outlet, week, articles, looks, late, late_ms, last)
	SELECT outlet, (NEW.at + 259200000) / 604800000, coalesce(seen_week, -1) < (NEW.at + 259200000) / 604800000, 1,
	       NEW.late_after IS NOT NULL,
	       CASE WHEN NEW.late_after IS NULL THEN 0 ELSE max(0, NEW.at - coalesce(
	           CASE NEW.late_after WHEN 0 THEN added_at ELSE (SELECT p.planned FROM look p WHERE p.id = NEW.late_after) END,
	           NEW.at)) END,
	       NEW.at
	FROM article
	WHERE id = NEW.article
	  AND merged_into IS NULL
	ON CONFLICT (outlet, week) DO UPDATE
	SET articles = articles + excluded.articles, looks = looks + 1, late = late + excluded.late,
	    late_ms = late_ms + excluded.late_ms, last = max(last, excluded.last);
	UPDATE article
	SET seen_week = (NEW.at + 259200000) / 604800000
	WHERE id = NEW.article
	  AND coalesce(seen_week, -1) < (NEW.at + 259200000) / 604800000;
END;

-- What is purged or merged into another article counts no longer, and again where
-- that other one is purged.
CREATE TRIGGER article_discounted BEFORE DELETE ON article
WHEN OLD.merged_into IS NULL
BEGIN
	UPDATE outlet_week
	SET articles = outlet_week.articles - 1, looks = outlet_week.looks - w.looks, late = outlet_week.late - w.late, late_ms = outlet_week.late_ms - w.late_ms
	FROM article_week w
	WHERE w.article = OLD.id
	  AND outlet_week.outlet = w.outlet
	  AND outlet_week.week = w.week;
END;
CREATE TRIGGER article_merged AFTER UPDATE OF merged_into ON article
WHEN (OLD.merged_into IS NULL) <> (NEW.merged_into IS NULL)
BEGIN
	UPDATE outlet_week
	SET articles = outlet_week.articles - iif(NEW.merged_into IS NULL, -1, 1),
	    looks = outlet_week.looks - iif(NEW.merged_into IS NULL, -1, 1) * w.looks,
	    late = outlet_week.late - iif(NEW.merged_into IS NULL, -1, 1) * w.late,
	    late_ms = outlet_week.late_ms - iif(NEW.merged_into IS NULL, -1, 1) * w.late_ms
	FROM article_week w
	WHERE w.article = NEW.id
	  AND outlet_week.outlet = w.outlet
	  AND outlet_week.week = w.week;
END;

-- Which articles something happened to that is counted, those that were purged
-- included: whoever keeps counts asks for what came after what he has.
CREATE TABLE stir (
	article INTEGER PRIMARY KEY,
	n       INTEGER NOT NULL -- grows with every stir of any article
) STRICT;
CREATE INDEX stir_n ON stir (n);

INSERT INTO stir (article, n)
SELECT id, row_number() OVER (ORDER BY id)
FROM article;

CREATE TRIGGER article_added AFTER INSERT ON article
BEGIN
	INSERT INTO stir (article, n) VALUES (NEW.id, (SELECT coalesce(max(n), 0) + 1 FROM stir))
	ON CONFLICT (article) DO UPDATE SET n = excluded.n;
END;
CREATE TRIGGER article_altered AFTER UPDATE OF outlet, published, seen_week, merged_into ON article
WHEN OLD.outlet <> NEW.outlet OR OLD.published IS NOT NEW.published
  OR OLD.seen_week IS NOT NEW.seen_week OR OLD.merged_into IS NOT NEW.merged_into
BEGIN
	INSERT INTO stir (article, n) VALUES (NEW.id, (SELECT coalesce(max(n), 0) + 1 FROM stir))
	ON CONFLICT (article) DO UPDATE SET n = excluded.n;
END;
CREATE TRIGGER article_purged AFTER DELETE ON article
BEGIN
	INSERT INTO stir (article, n) VALUES (OLD.id, (SELECT coalesce(max(n), 0) + 1 FROM stir))
	ON CONFLICT (article) DO UPDATE SET n = excluded.n;
END;
CREATE TRIGGER change_made AFTER INSERT ON change
BEGIN
	INSERT INTO stir (article, n) VALUES (NEW.article, (SELECT coalesce(max(n), 0) + 1 FROM stir))
	ON CONFLICT (article) DO UPDATE SET n = excluded.n;
END;
CREATE TRIGGER change_altered AFTER UPDATE ON change
BEGIN
	INSERT INTO stir (article, n) VALUES (NEW.article, (SELECT coalesce(max(n), 0) + 1 FROM stir))
	ON CONFLICT (article) DO UPDATE SET n = excluded.n;
END;
CREATE TRIGGER version_read AFTER INSERT ON version
WHEN NEW.n = 1
BEGIN
	INSERT INTO stir (article, n) VALUES (NEW.article, (SELECT coalesce(max(n), 0) + 1 FROM stir))
	ON CONFLICT (article) DO UPDATE SET n = excluded.n;
END;
CREATE TRIGGER event_begun AFTER INSERT ON event
BEGIN
	INSERT INTO stir (article, n) VALUES (NEW.article, (SELECT coalesce(max(n), 0) + 1 FROM stir))
	ON CONFLICT (article) DO UPDATE SET n = excluded.n;
END;
CREATE TRIGGER event_ended AFTER UPDATE ON event
BEGIN
	INSERT INTO stir (article, n) VALUES (NEW.article, (SELECT coalesce(max(n), 0) + 1 FROM stir))
	ON CONFLICT (article) DO UPDATE SET n = excluded.n;
END;

-- What is counted of changes, without their texts.
CREATE INDEX change_counted ON change (article, to_n, from_n, seen_after, seen_by, disclosure, ours);
