-- Articles, the captures of their pages, the versions and changes read out of
-- those, every look that was taken, and what is owed to each host.
--
-- Times are unix milliseconds, UTC; NULL stands for none. Texts are UTF-8.
-- SHA-256 hashes are 32 bytes.

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

-- The daemon asks every few seconds what is due, over all hosts and on one.
CREATE INDEX article_due ON article (next_check, host, lease_until)
	WHERE removed_at IS NULL AND state IN ('active', 'gone');
CREATE INDEX article_due_on_host ON article (host, next_check)
	WHERE removed_at IS NULL AND state IN ('active', 'gone');
CREATE INDEX article_outlet ON article (outlet);

-- Every form of an address that leads to an article.
CREATE TABLE alias (
	identity TEXT    NOT NULL PRIMARY KEY,
	article  INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_article ON alias (article);

CREATE TABLE tag (
	article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	tag     TEXT    NOT NULL,
	PRIMARY KEY (article, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_tag ON tag (tag, article);

-- The bodies of an article's pages, decoded of their content coding, each once.
-- A body is a zstd frame of its own, or one that needs the body base_id as its
-- raw dictionary (dictionary id 0). A base has no base itself.
CREATE TABLE body (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	sha256  BLOB    NOT NULL CHECK (length(sha256) = 32), -- of the body, not of the frame
	size    INTEGER NOT NULL,                             -- bytes of the body
	base_id INTEGER REFERENCES body (id),
	zstd    BLOB    NOT NULL,
	UNIQUE (article, sha256)
) STRICT;
CREATE INDEX body_base ON body (base_id) WHERE base_id IS NOT NULL;
CREATE INDEX body_star ON body (article, id) WHERE base_id IS NULL;

-- Answers as they came over the wire.
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
CREATE INDEX capture_article ON capture (article, id);
CREATE INDEX capture_body ON capture (body);
CREATE INDEX capture_pending ON capture (article, id) WHERE pending = 1;

-- The states of an article's content.
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
CREATE INDEX version_key ON version (article, content_key, n);
CREATE INDEX version_capture ON version (capture);
CREATE INDEX version_base ON version (base_id) WHERE base_id IS NOT NULL;

-- What lies between a version and the one before it.
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
CREATE INDEX change_article ON change (article, id);
CREATE INDEX change_significance ON change (significance, id);

-- The kinds of each change once more, to find changes by them.
CREATE TABLE change_kind (
	kind   TEXT    NOT NULL,
	change INTEGER NOT NULL REFERENCES change (id) ON DELETE CASCADE,
	PRIMARY KEY (kind, change)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_kind_change ON change_kind (change);

-- Every look at an article, also those that showed nothing.
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
CREATE INDEX look_article ON look (article, id);
CREATE INDEX look_capture ON look (capture);
CREATE INDEX look_shown ON look (article, version, id)
	WHERE outcome IN ('new', 'changed', 'unchanged', 'not-modified', 'restored');

-- Turns in an article's life other than changes.
CREATE TABLE event (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	kind    TEXT    NOT NULL CHECK (kind IN ('gone', 'restored', 'blocked')),
	at      INTEGER NOT NULL,
	until   INTEGER,                       -- when a look first showed it over
	reason  TEXT    NOT NULL,
	detail  TEXT    NOT NULL
) STRICT;
CREATE INDEX event_article ON event (article, id);

-- What is owed to each host.
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

-- Who runs the daemon. It is to be read only while the lock file is locked: a
-- daemon that was killed leaves its row behind.
CREATE TABLE daemon (
	id    INTEGER PRIMARY KEY CHECK (id = 1),
	pid   INTEGER NOT NULL,
	since INTEGER NOT NULL,
	note  TEXT    NOT NULL
) STRICT;

-- One row, rewritten to find out whether writing is possible.
CREATE TABLE health (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	at INTEGER NOT NULL
) STRICT;
