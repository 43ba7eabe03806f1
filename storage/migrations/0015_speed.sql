-- Lists of a press with 100,000 versions, page by page without sorting it all.

-- That of the article, which never changes.
ALTER TABLE change ADD COLUMN outlet TEXT NOT NULL DEFAULT '';
UPDATE change
SET outlet = (SELECT outlet FROM article WHERE article.id = change.article);
CREATE INDEX change_outlet ON change (outlet, id);

-- The rarer answers of the filters. Most changes are minor, and most are silent.
CREATE INDEX change_disclosure ON change (disclosure, id);
CREATE INDEX change_major ON change (disclosure, id) WHERE significance >= 60;
CREATE INDEX change_seen ON change (seen_by, id);

-- Articles by when they changed last.
CREATE INDEX article_changed ON article (coalesce(last_change, 0), id) WHERE removed_at IS NULL;
CREATE INDEX article_outlet_changed ON article (outlet, coalesce(last_change, 0), id) WHERE removed_at IS NULL;
CREATE INDEX article_state_changed ON article (state, coalesce(last_change, 0), id) WHERE removed_at IS NULL;
