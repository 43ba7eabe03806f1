-- What people say of what lies between two versions.

CREATE TABLE annotation (
	id      INTEGER PRIMARY KEY AUTOINCREMENT, -- never given again: it is quoted
	article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	from_n  INTEGER NOT NULL CHECK (from_n > 0),
	to_n    INTEGER NOT NULL CHECK (to_n > from_n),
	label   TEXT    NOT NULL DEFAULT '',
	text    TEXT    NOT NULL DEFAULT '',
	author  TEXT    NOT NULL DEFAULT '',
	at      INTEGER NOT NULL                   -- unix milliseconds
) STRICT;

CREATE INDEX annotation_change ON annotation (article, to_n, from_n);
