-- What hosts answer to an address that nobody ever published, to know it again
-- where it stands in place of an article.

CREATE TABLE probe (
	host TEXT    NOT NULL PRIMARY KEY, -- with its port
	at   INTEGER NOT NULL,             -- unix milliseconds of the answer
	text TEXT    NOT NULL              -- that was read as an article's, shortened; empty: it was none
) STRICT, WITHOUT ROWID;
