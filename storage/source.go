package storage

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/discover"
	"storydiff/tracker/fetch"
)

// DB is where the Poller of discover keeps what it finds.
var _ discover.Store = (*DB)(nil)

const (
	// hintEvery is how long after a hint another one is obeyed: a source that
	// states what is not so costs no more than that.
	hintEvery = 5 * time.Minute
	// forgetLinks is how long a link that a source shows no more is remembered.
	forgetLinks = 60 * 24 * time.Hour
	// knownOfHost is how many addresses of a host tell what its articles look like.
	knownOfHost = 2_000
)

const sourceColumns = `
	id, url, named, host, kind, title, tags, match, exclude, day_limit, every_ms, old_too, added_at,
	next_poll, last_poll, last_read, last_new, outcome, reason, detail, failures, sick_since,
	articles, left_out, rate, etag, last_modified`

func scanSource(row scanner) (s discover.Source, err error) {
	var every int64
	err = row.Scan(&s.ID, &s.URL, &s.Named, &s.Host, &s.Kind, &s.Title, jsonColumn{&s.Tags}, &s.Match, &s.Exclude, &s.Limit, &every, &s.All, when0(&s.AddedAt),
		when0(&s.NextPoll), when(&s.LastPoll), when(&s.LastRead), when(&s.LastNew), &s.Outcome, &s.Reason, &s.Detail, &s.Failures, when(&s.SickSince),
		&s.Articles, &s.Left, &s.Rate, &s.ETag, &s.LastModified)
	s.Every = time.Duration(every) * time.Millisecond
	return s, err
}

// AddSource keeps a source, to be polled from s.AddedAt on. Where its address, or
// the one it was found by, is that of one already, that one is returned and added
// is false: it takes on the further tags, and the patterns, the limit and the
// times that s has.
func (db *DB) AddSource(ctx context.Context, s discover.Source) (kept discover.Source, added bool, err error) {
	tags, err := cleanTags(s.Tags)
	if err != nil {
		return kept, false, failed(err, "adding the source %s", s.URL)
	}
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		kept, err = sourceAt(ctx, tx, s.URL, s.Named)
		if err == nil {
			return amend(ctx, tx, &kept, &s, tags)
		}
		if err != sql.ErrNoRows {
			return err
		}
		added = true
		done, err := tx.ExecContext(ctx, `
			INSERT INTO source (url, named, host, kind, title, tags, match, exclude, day_limit, every_ms, old_too, added_at, next_poll)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?12, ?12)`,
			s.URL, s.Named, s.Host, string(s.Kind), s.Title, asJSON(append([]string{}, tags...)), s.Match, s.Exclude, s.Limit, s.Every.Milliseconds(), s.All, ms0(s.AddedAt))
		if err != nil {
			return err
		}
		id, err := done.LastInsertId()
		if err != nil {
			return err
		}
		kept, err = source(ctx, tx, id)
		return err
	})
	if err != nil {
		return discover.Source{}, false, failed(err, "adding the source %s", s.URL)
	}
	return kept, added, nil
}

// amend gives a source that was there what s has of its own.
func amend(ctx context.Context, tx *sql.Tx, kept, s *discover.Source, tags []string) error {
	tags = append(tags, kept.Tags...)
	slices.Sort(tags)
	_, err := tx.ExecContext(ctx, `
		UPDATE source
		SET tags = ?2,
		    match = coalesce(nullif(?3, ''), match),
		    exclude = coalesce(nullif(?4, ''), exclude),
		    day_limit = coalesce(nullif(?5, 0), day_limit),
		    next_poll = CASE WHEN ?6 NOT IN (0, every_ms) OR ?7 > old_too OR ?3 NOT IN ('', match) OR ?4 NOT IN ('', exclude) THEN min(next_poll, ?8) ELSE next_poll END,
		    every_ms = coalesce(nullif(?6, 0), every_ms),
		    etag = CASE WHEN ?7 > old_too OR ?3 NOT IN ('', match) OR ?4 NOT IN ('', exclude) THEN '' ELSE etag END,
		    last_modified = CASE WHEN ?7 > old_too OR ?3 NOT IN ('', match) OR ?4 NOT IN ('', exclude) THEN '' ELSE last_modified END,
		    old_too = max(old_too, ?7)
		WHERE id = ?1`,
		kept.ID, asJSON(append([]string{}, slices.Compact(tags)...)), s.Match, s.Exclude, s.Limit, s.Every.Milliseconds(), s.All, ms0(s.AddedAt))
	if err != nil {
		return err
	}
	*kept, err = source(ctx, tx, kept.ID)
	return err
}

func source(ctx context.Context, q querier, id int64) (discover.Source, error) {
	return scanSource(q.QueryRowContext(ctx, `SELECT `+sourceColumns+` FROM source WHERE id = ?`, id))
}

// sourceAt finds a source by its address, or by that by which it was found.
func sourceAt(ctx context.Context, q querier, url, named string) (discover.Source, error) {
	return scanSource(q.QueryRowContext(ctx, `
		SELECT `+sourceColumns+`
		FROM source
		WHERE url IN (?1, ?2) OR named = ?2
		ORDER BY url = ?1 DESC, url = ?2 DESC, id
		LIMIT 1`, url, named))
}

// Source returns one source.
func (db *DB) Source(ctx context.Context, id int64) (discover.Source, error) {
	s, err := source(ctx, db.read, id)
	return s, notFound(err, "source %d", id)
}

// SourceByURL returns the source of an address, or that which was found by it.
func (db *DB) SourceByURL(ctx context.Context, url string) (discover.Source, error) {
	s, err := sourceAt(ctx, db.read, url, url)
	return s, notFound(err, "the source %s", url)
}

// Sources returns all sources in the order in which they were added, with their
// health.
func (db *DB) Sources(ctx context.Context) ([]discover.Source, error) {
	all, err := collect(ctx, db.read, scanSource, `SELECT `+sourceColumns+` FROM source ORDER BY id`)
	return all, failed(err, "listing sources")
}

// RemoveSource forgets a source. The articles that it gave stay.
func (db *DB) RemoveSource(ctx context.Context, id int64) error {
	err := db.inTx(ctx, func(tx *sql.Tx) error { return one(tx.ExecContext(ctx, `DELETE FROM source WHERE id = ?`, id)) })
	return notFound(err, "removing source %d", id)
}

// DueSources returns the sources whose next poll is at or before now, the most
// overdue first.
func (db *DB) DueSources(ctx context.Context, now time.Time) ([]discover.Source, error) {
	due, err := collect(ctx, db.read, scanSource, `
		SELECT `+sourceColumns+`
		FROM source
		WHERE next_poll <= ?
		ORDER BY next_poll, id`, ms0(now))
	return due, failed(err, "looking for due sources")
}

// SeenLinks returns by identity the links that were taken up from a source.
func (db *DB) SeenLinks(ctx context.Context, sourceID int64) (map[string]discover.Seen, error) {
	type row struct {
		identity string
		seen     discover.Seen
	}
	rows, err := collect(ctx, db.read, func(r scanner) (one row, err error) {
		err = r.Scan(&one.identity, optional{&one.seen.Article}, &one.seen.Title, when(&one.seen.Updated), when0(&one.seen.ShownAt), when(&one.seen.HintedAt), when(&one.seen.LastCheck), when(&one.seen.LastChange))
		return one, err
	}, `
		SELECT l.identity, l.article, l.title, l.updated, l.shown_at, l.hinted_at, a.last_check, a.last_change
		FROM source_link l
		LEFT JOIN article a ON a.id = l.article
		WHERE l.source = ?`, sourceID)
	if err != nil {
		return nil, failed(err, "reading what source %d showed", sourceID)
	}
	all := make(map[string]discover.Seen, len(rows))
	for _, one := range rows {
		all[one.identity] = one.seen
	}
	return all, nil
}

// SourceParts returns the sitemaps of an index.
func (db *DB) SourceParts(ctx context.Context, sourceID int64) ([]discover.Part, error) {
	all, err := collect(ctx, db.read, func(r scanner) (p discover.Part, err error) {
		err = r.Scan(&p.URL, when(&p.Updated), when(&p.ReadAt), &p.ETag, &p.LastModified)
		return p, err
	}, `
		SELECT url, updated, read_at, etag, last_modified
		FROM source_part
		WHERE source = ?
		ORDER BY url`, sourceID)
	return all, failed(err, "reading the sitemaps of source %d", sourceID)
}

// KnownAddresses returns the addresses on a host that proved to be articles, the
// newest 2,000, and those that proved to be none.
func (db *DB) KnownAddresses(ctx context.Context, host string) (articles, others []string, err error) {
	articles, err = collect(ctx, db.read, scanText, `
		SELECT url
		FROM article
		WHERE host = ? AND versions > 0
		ORDER BY id DESC
		LIMIT ?`, host, knownOfHost)
	if err != nil {
		return nil, nil, failed(err, "looking up the articles of %s", host)
	}
	others, err = collect(ctx, db.read, scanText, `
		SELECT url
		FROM article
		WHERE host = ? AND versions = 0 AND last_reason IN ('no-article', 'empty', 'not-html', 'redirected-to-front')
		ORDER BY id DESC
		LIMIT ?`, host, knownOfHost)
	return articles, others, failed(err, "looking up what is no article of %s", host)
}

// PullForward has an article looked at sooner, as tracker.Sooner says, at most once
// in five minutes, and once between two looks where trust is below a half. false: it
// does not, since the article is due anyway, has times of its own, backs off, or is
// not active.
func (db *DB) PullForward(ctx context.Context, sourceID, articleID int64, now time.Time, trust float64) (sooner bool, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		var last, next time.Time
		err := tx.QueryRowContext(ctx, `
			SELECT last_check, next_check
			FROM article
			WHERE id = ?1
			  AND removed_at IS NULL
			  AND state = 'active'
			  AND cron = ''
			  AND failures = 0
			  AND misses = 0
			  AND next_check > ?2
			  AND coalesce(hinted_at, 0) <= ?3
			  AND (?4 OR coalesce(hinted_at, 0) <= coalesce(last_check, 0))`,
			articleID, ms0(now), ms0(now.Add(-hintEvery)), trust >= 0.5).Scan(when(&last), when0(&next))
		if err != nil {
			return err
		}
		at, ok := tracker.Sooner(last, next, now, trust)
		if sooner = ok; !ok {
			return nil
		}
		if _, err := tx.ExecContext(ctx, `UPDATE article SET next_check = ?, hinted_at = ? WHERE id = ?`, ms0(at), ms0(now), articleID); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE source_link SET hinted_at = ? WHERE source = ? AND article = ?`, ms0(now), sourceID, articleID)
		return err
	})
	if err == sql.ErrNoRows {
		return false, nil
	}
	return sooner, failed(err, "pulling the next look at article %d forward", articleID)
}

// RecordPoll stores a poll in one transaction; see discover.Store.
func (db *DB) RecordPoll(ctx context.Context, p *discover.Poll) error {
	taken := &taking{p: p, at: p.At.UTC(), source: p.Source}
	err := db.inTx(ctx, func(tx *sql.Tx) error { return taken.run(ctx, tx) })
	if err != nil {
		return notFound(err, "recording a poll of source %d", p.Source.ID)
	}
	p.Source, p.Taken, p.Tracked = taken.source, taken.taken, taken.tracked
	return nil
}

// A taking is a poll on its way into the tables.
type taking struct {
	p       *discover.Poll
	at      time.Time
	source  discover.Source // as it will be
	tags    []string        // of the source, as they are now
	today   int             // articles that it gave on the day
	taken   int
	tracked int
	left    int
}

func (t *taking) run(ctx context.Context, tx *sql.Tx) error {
	if err := t.begin(ctx, tx); err != nil {
		return err
	}
	for i := range t.p.New {
		if err := t.take(ctx, tx, &t.p.New[i]); err != nil {
			return err
		}
	}
	for i := range t.p.Known {
		if err := t.note(ctx, tx, &t.p.Known[i]); err != nil {
			return err
		}
	}
	for i := range t.p.Parts {
		if err := t.part(ctx, tx, &t.p.Parts[i]); err != nil {
			return err
		}
	}
	if t.p.Source.Outcome == discover.OutcomeRead {
		t.source.Left = t.left
		if _, err := tx.ExecContext(ctx, `DELETE FROM source_link WHERE source = ? AND shown_at < ?`, t.source.ID, ms0(t.at.Add(-forgetLinks))); err != nil {
			return err
		}
	}
	return t.end(ctx, tx)
}

func dayOf(t time.Time) int64 { return t.UnixMilli() / (24 * time.Hour).Milliseconds() }

// begin takes over what is the user's and may have changed since the source was
// read, and how much of the day's limit is used up.
func (t *taking) begin(ctx context.Context, tx *sql.Tx) error {
	now, err := source(ctx, tx, t.p.Source.ID)
	if err != nil {
		return err
	}
	t.tags, t.source.Articles, t.source.Limit, t.source.LastNew = now.Tags, now.Articles, now.Limit, now.LastNew
	if t.p.Source.Outcome == discover.OutcomeFailed || t.p.Source.Outcome == discover.OutcomeSkipped {
		t.source.ETag, t.source.LastModified = now.ETag, now.LastModified
	}
	return tx.QueryRowContext(ctx, `SELECT CASE day WHEN ?2 THEN day_articles ELSE 0 END FROM source WHERE id = ?1`, now.ID, dayOf(t.at)).Scan(&t.today)
}

// take tracks the article of a link that the source never showed before.
func (t *taking) take(ctx context.Context, tx *sql.Tx, l *discover.Link) error {
	id, err := articleOf(ctx, tx, l.Identity)
	switch {
	case err == nil:
		t.tracked++
		if err := t.tagTracked(ctx, tx, id); err != nil {
			return err
		}
	case err != sql.ErrNoRows:
		return err
	case t.today >= t.source.PerDay():
		t.left++
		return nil
	default:
		if id, err = t.insert(ctx, tx, l); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO source_link (source, identity, article, title, updated, shown_at)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6)
		ON CONFLICT DO NOTHING`, t.source.ID, l.Identity, ref(id), l.Title, ms(l.Updated), ms0(t.at))
	return err
}

func (t *taking) insert(ctx context.Context, tx *sql.Tx, l *discover.Link) (int64, error) {
	host := fetch.HostOf(l.URL)
	id, err := insertArticle(ctx, tx, &NewArticle{URL: l.URL, Identity: l.Identity, Outlet: host, Host: host, At: t.at})
	if err != nil {
		return 0, err
	}
	t.today++
	t.taken++
	t.source.Articles++
	t.source.LastNew = t.at
	return id, putTags(ctx, tx, id, t.tags)
}

// tagTracked gives an article that was tracked already the source's tags, unless
// somebody removed it.
func (t *taking) tagTracked(ctx context.Context, tx *sql.Tx, id int64) error {
	var there bool
	if err := tx.QueryRowContext(ctx, `SELECT removed_at IS NULL FROM article WHERE id = ?`, id).Scan(&there); err != nil || !there {
		return err
	}
	return putTags(ctx, tx, id, t.tags)
}

func putTags(ctx context.Context, tx *sql.Tx, id int64, tags []string) error {
	for _, tag := range tags {
		if _, err := tx.ExecContext(ctx, `INSERT INTO tag (article, tag) VALUES (?, ?) ON CONFLICT DO NOTHING`, id, tag); err != nil {
			return err
		}
	}
	return nil
}

// note keeps what the source says of a link that it showed before.
func (t *taking) note(ctx context.Context, tx *sql.Tx, l *discover.Link) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE source_link
		SET title = ?3, updated = coalesce(?4, updated), shown_at = ?5
		WHERE source = ?1
		  AND identity = ?2`, t.source.ID, l.Identity, l.Title, ms(l.Updated), ms0(t.at))
	return err
}

func (t *taking) part(ctx context.Context, tx *sql.Tx, part *discover.Part) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO source_part (source, url, updated, read_at, etag, last_modified)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6)
		ON CONFLICT (source, url) DO UPDATE SET updated = ?3, read_at = ?4, etag = ?5, last_modified = ?6`,
		t.source.ID, part.URL, ms(part.Updated), ms(part.ReadAt), part.ETag, part.LastModified)
	return err
}

func (t *taking) end(ctx context.Context, tx *sql.Tx) error {
	s := &t.source
	_, err := tx.ExecContext(ctx, `
		UPDATE source
		SET kind = ?2, title = ?3, next_poll = ?4, last_poll = ?5, last_read = ?6, last_new = ?7, outcome = ?8, reason = ?9, detail = ?10,
		    failures = ?11, sick_since = ?12, articles = ?13, left_out = ?14, rate = ?15, day = ?16, day_articles = ?17, etag = ?18, last_modified = ?19
		WHERE id = ?1`,
		s.ID, string(s.Kind), s.Title, ms0(s.NextPoll), ms(s.LastPoll), ms(s.LastRead), ms(s.LastNew), string(s.Outcome), s.Reason, s.Detail,
		s.Failures, ms(s.SickSince), s.Articles, s.Left, s.Rate, dayOf(t.at), t.today, s.ETag, s.LastModified)
	return err
}
