-- A database of schema 1 with one article, two versions and the change between
-- them, as it was first released. It is never edited.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE article (
	id            INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: addresses of reports hold it
	url           TEXT    NOT NULL,                  -- as added
	canonical     TEXT    NOT NULL DEFAULT '',       -- what the page calls its own address
	outlet        TEXT    NOT NULL,                  -- registrable domain of the publisher, or IP address
	host          TEXT    NOT NULL,                  -- what politeness counts by
	title         TEXT    NOT NULL DEFAULT '',       -- the newest headline
	state         TEXT    NOT NULL CHECK (state IN ('active', 'paused', 'gone', 'retired')),
	cron          TEXT    NOT NULL DEFAULT '',       -- when to look; empty: by the schedule
	added_at      INTEGER NOT NULL,
	removed_at    INTEGER,                           -- no longer listed or looked at since then
	versions      INTEGER NOT NULL DEFAULT 0,        -- how many there are
	last_check    INTEGER,                           -- when the newest look began
	last_outcome  TEXT    NOT NULL DEFAULT '',       -- and what it came to
	last_change   INTEGER,                           -- when the newest version was first seen
	next_check    INTEGER NOT NULL,                  -- look no sooner than this
	failures      INTEGER NOT NULL DEFAULT 0,        -- failed or blocked looks in a row
	missing_from  INTEGER,                           -- first of the looks in a row that found it missing
	misses        INTEGER NOT NULL DEFAULT 0,        -- how many those are
	etag          TEXT    NOT NULL DEFAULT '',       -- validators of the last answer that was read
	last_modified TEXT    NOT NULL DEFAULT '',
	lease_owner   TEXT    NOT NULL DEFAULT '',       -- who looks at it now; empty: nobody
	lease_until   INTEGER NOT NULL DEFAULT 0         -- the lease is void from then on
) STRICT;
INSERT INTO article VALUES(1,'https://www.example.com/bridge','','example.com','example.com','Bridge to cost 14 million','active','',1773482400000,NULL,2,1773483300000,'changed',1773483300000,1773482400000,0,NULL,0,'','','',0);
CREATE TABLE alias (
	identity TEXT    NOT NULL PRIMARY KEY,
	article  INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO alias VALUES('example.com/amp/bridge',1);
INSERT INTO alias VALUES('example.com/bridge',1);
CREATE TABLE tag (
	article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	tag     TEXT    NOT NULL,
	PRIMARY KEY (article, tag)
) STRICT, WITHOUT ROWID;
INSERT INTO tag VALUES(1,'roads');
CREATE TABLE body (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	sha256  BLOB    NOT NULL CHECK (length(sha256) = 32), -- of the body, not of the frame
	size    INTEGER NOT NULL,                             -- bytes of the body
	base_id INTEGER REFERENCES body (id),
	zstd    BLOB    NOT NULL,
	UNIQUE (article, sha256)
) STRICT;
INSERT INTO body VALUES(1,1,X'ba09fc663d27165f8563fd303051e198b75e960431377e7f09e623599f528f18',276,NULL,X'28b52ffd44001400b5050052cd261d7009d30020f1d24e67a2a44923b21de7bef961be63e59cb99401aa2a42441ff6e9722d3bbe6ee1f46ccc070c86e2c8be79257202e654c661496a0750534ba289fde6b0df86ccb17515649ff41ae38df1b7cf899a71ec358eec799d32fbc37eba84ed6c7895871ef6f821025a0ed1d8c135cfbdacf9c9da04b41c42a964de066839a8c080a39b4aa57281e2cd7b7cfba7907215a0020f524ae3090800538541cc70a3f20232e3048a98cb9564546b44206a0fafd5d5e2');
INSERT INTO body VALUES(2,1,X'd1b912b97b7dd2b6168e311812428d226ba65623ec0b8ba58fee80a5f741e8f2',276,1,X'28b52ffd440014008d0000103434040057a0e46215e08db80b7b0501c01a8775');
CREATE TABLE capture (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	url     TEXT    NOT NULL,           -- as asked for
	final   TEXT    NOT NULL,           -- after redirects
	hops    TEXT    NOT NULL,           -- JSON: [{"url":…,"status":…,"location":…}]
	status  INTEGER NOT NULL,
	proto   TEXT    NOT NULL,
	header  TEXT    NOT NULL,           -- JSON: {"Name":["value"]}, names sorted; a value that is no UTF-8 is {"base64":…}
	began   INTEGER NOT NULL,           -- when the first request was sent
	ended   INTEGER NOT NULL,           -- when the last byte came
	sha256  BLOB    NOT NULL CHECK (length(sha256) = 32), -- of the body as it came
	body    INTEGER NOT NULL REFERENCES body (id),
	wire    BLOB,                       -- the body as it came; NULL where that is the body itself, or was dropped
	pending INTEGER NOT NULL DEFAULT 1  -- 0: a look speaks of it
) STRICT;
INSERT INTO capture VALUES(1,1,'https://www.example.com/bridge','https://www.example.com/bridge','null',200,'HTTP/2.0','{"Content-Encoding":["x"],"Content-Type":["text/html"]}',1773482400000,1773482401000,X'e66a61c3d0e05ff302d85636685dbb1aa66664e74fb327ff2bcd2ecb90c353e0',1,X'7061636b6564203132',0);
INSERT INTO capture VALUES(2,1,'https://www.example.com/bridge','https://www.example.com/bridge','null',200,'HTTP/2.0','{"Content-Encoding":["x"],"Content-Type":["text/html"]}',1773483300000,1773483301000,X'32f592fef83bc691b774e07559e2fc66db668565c9efe967e8e462de50078940',2,X'7061636b6564203134',0);
CREATE TABLE version (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	article     INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	n           INTEGER NOT NULL CHECK (n > 0),
	captured_at INTEGER NOT NULL,
	capture     INTEGER REFERENCES capture (id),
	headline    TEXT    NOT NULL,
	standfirst  TEXT    NOT NULL,
	byline      TEXT    NOT NULL,
	published   INTEGER,
	modified    INTEGER,
	lang        TEXT    NOT NULL,
	site        TEXT    NOT NULL,
	canonical   TEXT    NOT NULL,
	sources     TEXT    NOT NULL,                            -- JSON: {"headline":"h1"}
	base_id     INTEGER REFERENCES version (id),             -- whose blocks are the raw dictionary of these
	blocks      BLOB    NOT NULL,                            -- zstd of JSON: [{"kind":…,"text":…,"end":…}]
	sha256      BLOB    NOT NULL CHECK (length(sha256) = 32), -- of the whole text, fields included
	content_key BLOB    NOT NULL CHECK (length(content_key) = 32), -- identity of the content
	extractor   INTEGER NOT NULL,                            -- revision of the extractor that read it
	words       INTEGER NOT NULL,
	reverts_to  INTEGER NOT NULL DEFAULT 0,                  -- number of the earlier version with this content
	UNIQUE (article, n)
) STRICT;
INSERT INTO version VALUES(1,1,1,1773482400000,1,'Bridge to cost 12 million','','',1773478800000,NULL,'','','','{"headline":"h1"}',NULL,X'28b52ffd0400dd02005245131a700b1b7007c8245ada4ac2b38618f6e3ef5d66e6b377ffff3003847606066ef3583336bbc44a50daf7ec412f3f56a56a262e41ae992a9c6a2aae0137ef05ea972316f20119d7cd0d9be98d41030084e0c21178e7bd1414a9d6a52b',X'93e53d70410c2d59293e43f69090d2e20585a897de7953753008e582fc8e1745',X'0000000000000000000000000000000000000000000000000000000000000000',1,9,0);
INSERT INTO version VALUES(2,1,2,1773483300000,2,'Bridge to cost 14 million','','',1773479700000,NULL,'','','','{"headline":"h1"}',NULL,X'28b52ffd0400dd02005245131a700b1b7007c8245ada4ac2b38618f6e3eff946e0b377ffff3003847606066ef3583336bbc44a50daf7ec412f3f56a56a262e41ae992a9c6a2aae0137ef05ea972316f20119d7cd0d9be98d41030084e0c21178e7bd1414df4d293e',X'65864ca4507b115a9283bbc7734cac9e49015016ff2bdea98d24065232b1ae47',X'0000000000000000000000000000000000000000000000000000000000000000',1,9,0);
CREATE TABLE change (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	article       INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	from_n        INTEGER NOT NULL,
	to_n          INTEGER NOT NULL,
	seen_after    INTEGER,           -- the last look that showed from_n
	seen_by       INTEGER NOT NULL,  -- the first look that showed to_n
	kinds         TEXT    NOT NULL,  -- JSON: ["headline"]
	disclosure    TEXT    NOT NULL,
	proof         TEXT    NOT NULL,
	significance  INTEGER NOT NULL,  -- 0..100
	reasons       TEXT    NOT NULL,  -- JSON: [{"code":…,"points":…,"text":…}]
	words_added   INTEGER NOT NULL,
	words_removed INTEGER NOT NULL,
	summary       TEXT    NOT NULL,
	excerpt       TEXT    NOT NULL,  -- JSON: [{"op":…,"text":…}]
	reverts_to    INTEGER NOT NULL DEFAULT 0,
	note_speaks   TEXT    NOT NULL,  -- what a note that came with it speaks of; empty: there is none
	traces        TEXT    NOT NULL,  -- JSON: {"edits":…,"notes":…}, what later notes may speak of
	UNIQUE (article, from_n, to_n)
) STRICT;
INSERT INTO change VALUES(1,1,1,2,1773482400000,1773483300000,'["headline","number"]','silent','',70,'[{"code":"number","points":70,"text":"A figure went from 12 to 14."}]',1,1,'12 became 14','[{"op":"delete","text":"12"},{"op":"insert","text":"14"}]',0,'','{"lang":"en","edits":[{"kind":"number","numbers":["12","14"]}]}');
CREATE TABLE change_kind (
	kind   TEXT    NOT NULL,
	change INTEGER NOT NULL REFERENCES change (id) ON DELETE CASCADE,
	PRIMARY KEY (kind, change)
) STRICT, WITHOUT ROWID;
INSERT INTO change_kind VALUES('headline',1);
INSERT INTO change_kind VALUES('number',1);
CREATE TABLE look (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	article    INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	at         INTEGER NOT NULL,           -- when it began
	elapsed_us INTEGER NOT NULL,           -- microseconds
	outcome    TEXT    NOT NULL,
	reason     TEXT    NOT NULL,
	detail     TEXT    NOT NULL,
	status     INTEGER NOT NULL,           -- HTTP status; 0: no answer
	capture    INTEGER REFERENCES capture (id),
	version    INTEGER NOT NULL,           -- number of the version it made or showed; 0: none
	modified   INTEGER                     -- the modified time that the page stated
) STRICT;
INSERT INTO look VALUES(1,1,1773482400000,1000000,'new','','',200,1,1,NULL);
INSERT INTO look VALUES(2,1,1773483300000,1000000,'changed','','',200,2,2,NULL);
CREATE TABLE event (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	kind    TEXT    NOT NULL CHECK (kind IN ('gone', 'restored', 'blocked')),
	at      INTEGER NOT NULL,
	until   INTEGER,                       -- when a look first showed it over
	reason  TEXT    NOT NULL,
	detail  TEXT    NOT NULL
) STRICT;
INSERT INTO event VALUES(1,1,'restored',1773483300000,NULL,'','');
CREATE TABLE host (
	host        TEXT    NOT NULL PRIMARY KEY,
	owner       TEXT    NOT NULL DEFAULT '', -- whose request runs; empty: nobody's
	held_until  INTEGER NOT NULL DEFAULT 0,  -- void from then on
	next_at     INTEGER NOT NULL DEFAULT 0,  -- no request before this
	retry_until INTEGER NOT NULL DEFAULT 0   -- the end of a Retry-After
) STRICT, WITHOUT ROWID;
CREATE TABLE robots (
	origin  TEXT    NOT NULL PRIMARY KEY, -- scheme://host:port
	fetched INTEGER NOT NULL,
	status  INTEGER NOT NULL,             -- HTTP status; 0: no answer
	body    BLOB    NOT NULL
) STRICT;
CREATE TABLE daemon (
	id    INTEGER PRIMARY KEY CHECK (id = 1),
	pid   INTEGER NOT NULL,
	since INTEGER NOT NULL,
	note  TEXT    NOT NULL
) STRICT;
CREATE TABLE health (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	at INTEGER NOT NULL
) STRICT;
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('article',1);
INSERT INTO sqlite_sequence VALUES('body',2);
INSERT INTO sqlite_sequence VALUES('capture',2);
INSERT INTO sqlite_sequence VALUES('version',2);
INSERT INTO sqlite_sequence VALUES('look',2);
INSERT INTO sqlite_sequence VALUES('change',1);
INSERT INTO sqlite_sequence VALUES('event',1);
CREATE INDEX article_due ON article (next_check, host, lease_until)
	WHERE removed_at IS NULL AND state IN ('active', 'gone');
CREATE INDEX article_due_on_host ON article (host, next_check)
	WHERE removed_at IS NULL AND state IN ('active', 'gone');
CREATE INDEX article_outlet ON article (outlet);
CREATE INDEX alias_article ON alias (article);
CREATE INDEX tag_tag ON tag (tag, article);
CREATE INDEX body_base ON body (base_id) WHERE base_id IS NOT NULL;
CREATE INDEX body_star ON body (article, id) WHERE base_id IS NULL;
CREATE INDEX capture_article ON capture (article, id);
CREATE INDEX capture_body ON capture (body);
CREATE INDEX capture_pending ON capture (article, id) WHERE pending = 1;
CREATE INDEX version_key ON version (article, content_key, n);
CREATE INDEX version_capture ON version (capture);
CREATE INDEX version_base ON version (base_id) WHERE base_id IS NOT NULL;
CREATE INDEX change_article ON change (article, id);
CREATE INDEX change_significance ON change (significance, id);
CREATE INDEX change_kind_change ON change_kind (change);
CREATE INDEX look_article ON look (article, id);
CREATE INDEX look_capture ON look (capture);
CREATE INDEX look_shown ON look (article, version, id)
	WHERE outcome IN ('new', 'changed', 'unchanged', 'not-modified', 'restored');
CREATE INDEX event_article ON event (article, id);
COMMIT;
PRAGMA application_id = 1937007718;
PRAGMA user_version = 1;
