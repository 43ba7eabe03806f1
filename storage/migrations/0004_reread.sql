-- Versions may be read anew from their captures when the extractor is another.

-- 1: the two texts are the same once both are read by one extractor, so the
-- change was the extractor's doing and no publisher's.
ALTER TABLE change ADD COLUMN ours INTEGER NOT NULL DEFAULT 0;

-- How versions were read before: what was quoted then can still be told.
CREATE TABLE reading (
	version   INTEGER NOT NULL REFERENCES version (id) ON DELETE CASCADE,
	until     INTEGER NOT NULL,                             -- when it was read anew
	extractor INTEGER NOT NULL,                             -- revision of the extractor that had read it
	sha256    BLOB    NOT NULL CHECK (length(sha256) = 32), -- of the whole text as it was
	PRIMARY KEY (version, until)
) STRICT, WITHOUT ROWID;
