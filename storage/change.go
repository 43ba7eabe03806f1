package storage

import (
	"cmp"
	"context"
	"database/sql"
	"math"

	"storydiff/tracker"
)

func insertChange(ctx context.Context, tx *sql.Tx, c *tracker.Change) (int64, error) {
	done, err := tx.ExecContext(ctx, `
		INSERT INTO change (article, from_n, to_n, seen_after, seen_by, kinds, disclosure, proof, significance,
			reasons, words_added, words_removed, summary, excerpt, reverts_to, note_speaks, traces, ours, outlet)
		VALUES (?1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT outlet FROM article WHERE id = ?1))`,
		c.ArticleID, c.From, c.To, ms(c.SeenAfter), ms0(c.SeenBy), asJSON(c.Kinds), string(c.Disclosure), c.Proof, c.Significance,
		asJSON(c.Reasons), c.WordsAdded, c.WordsRemoved, c.Summary, asJSON(c.Excerpt), c.RevertsTo,
		string(c.NoteSpeaks), asJSON(c.Traces), c.Ours)
	if err != nil {
		return 0, err
	}
	changeID, err := done.LastInsertId()
	if err != nil {
		return 0, err
	}
	return changeID, putKinds(ctx, tx, changeID, c)
}

func putKinds(ctx context.Context, tx *sql.Tx, changeID int64, c *tracker.Change) error {
	for _, kind := range c.Kinds {
		if _, err := tx.ExecContext(ctx, `INSERT INTO change_kind (kind, change) VALUES (?, ?) ON CONFLICT DO NOTHING`, string(kind), changeID); err != nil {
			return err
		}
	}
	return nil
}

// changeColumns and changeTables give a change with what lists show of its
// article and versions. The outer joins let SQLite look those up for the rows
// alone that are shown.
const (
	changeColumns = `
	c.id, c.article, c.from_n, c.to_n, c.seen_after, c.seen_by, c.kinds, c.disclosure, c.proof, c.significance,
	c.reasons, c.words_added, c.words_removed, c.summary, c.excerpt, c.reverts_to, c.note_speaks, c.traces, c.ours,
	a.url, a.outlet, coalesce(before.headline, ''), coalesce(after.headline, ''), coalesce(after.lang, ''),` + annotationsColumn
	changeTables = `
	JOIN article a ON a.id = c.article
	LEFT JOIN version before INDEXED BY version_head ON before.article = c.article AND before.n = c.from_n
	LEFT JOIN version after INDEXED BY version_head ON after.article = c.article AND after.n = c.to_n
`
)

func scanChange(row scanner) (c tracker.Change, err error) {
	var notes []keptAnnotation
	err = row.Scan(&c.ID, &c.ArticleID, &c.From, &c.To, when(&c.SeenAfter), when0(&c.SeenBy), jsonColumn{&c.Kinds}, &c.Disclosure, &c.Proof, &c.Significance,
		jsonColumn{&c.Reasons}, &c.WordsAdded, &c.WordsRemoved, &c.Summary, jsonColumn{&c.Excerpt}, &c.RevertsTo, &c.NoteSpeaks, jsonColumn{&c.Traces}, &c.Ours,
		&c.URL, &c.Outlet, &c.OldHeadline, &c.NewHeadline, &c.Lang, jsonColumn{&notes})
	annotated(&c, notes)
	return c, err
}

// Changes returns the changes that a filter chooses, newest first; those of
// articles that were removed are among them, as history is. The next page is
// had with Before set to the ID of the last.
func (db *DB) Changes(ctx context.Context, f tracker.ChangeFilter) ([]tracker.Change, error) {
	low, err := db.lowestTagged(ctx, f)
	var all []tracker.Change
	if err == nil {
		all, err = db.changesFrom(ctx, f, low)
	}
	if err == nil && low > 0 && len(all) < f.Limit {
		all, err = db.changesFrom(ctx, f, 0)
	}
	return all, failed(err, "listing changes")
}

// changesFrom is Changes of those that have an ID of low or above, where a filter
// asks for a tag that few articles have.
func (db *DB) changesFrom(ctx context.Context, f tracker.ChangeFilter, low int64) ([]tracker.Change, error) {
	from, key, w, err := db.chosen(ctx, f, low)
	if err != nil {
		return nil, err
	}
	return collect(ctx, db.read, scanChange,
		`SELECT `+changeColumns+` FROM `+from+changeTables+w.String()+`
		ORDER BY `+key+` DESC
		LIMIT ?`, append(w.args, limitOf(f.Limit))...)
}

// lowestTagged guesses an ID above which a page of the changes of articles with a tag
// is found; 0: that is not worth a guess. All of their changes are thousands, of which
// SQLite would gather and sort the IDs for every page.
func (db *DB) lowestTagged(ctx context.Context, f tracker.ChangeFilter) (low int64, err error) {
	const spare = 4 // times as many as there should be
	alone := tracker.ChangeFilter{Tag: f.Tag, Before: f.Before, Limit: f.Limit, Ours: f.Ours}
	if f.Tag == "" || f.Limit <= 0 || f != alone {
		return 0, nil
	}
	err = db.read.QueryRowContext(ctx, `
		SELECT coalesce(nullif(?1, 0), (SELECT coalesce(max(id), 0) FROM change)) -
		       ?2 * (SELECT coalesce(max(id), 0) FROM article) / (SELECT max(COUNT(*), 1) FROM tag WHERE tag = ?3)`,
		f.Before, spare*f.Limit, f.Tag).Scan(&low)
	return max(low, 0), err
}

// flipsQuery gives the changes of headlines of articles that another one of the
// same article is near to. The inner query reads indexes alone.
const flipsQuery = `
	SELECT ` + changeColumns + `
	FROM change c
	` + changeTables + `
	WHERE c.id IN (
		SELECT id
		FROM (
			SELECT f.id, f.seen_by - lag(f.seen_by) OVER w AS since, lead(f.seen_by) OVER w - f.seen_by AS until
			FROM json_each(?1) j
			CROSS JOIN change f INDEXED BY change_headline ON f.article = j.value
			WHERE f.ours = 0
			  AND instr(f.kinds, '"headline"') > 0
			WINDOW w AS (PARTITION BY f.article ORDER BY f.id))
		WHERE since <= ?2
		   OR until <= ?2)
	ORDER BY c.article, c.id`

// Flips returns the changes of the headlines of articles that may be part of a test:
// the next one or the one before came within [tracker.MayTest]. Those of one article
// stand together, oldest first; what was the extractor's doing is left out.
func (db *DB) Flips(ctx context.Context, articles []int64) ([]tracker.Change, error) {
	if len(articles) == 0 {
		return nil, nil
	}
	all, err := collect(ctx, db.read, scanChange, flipsQuery, asJSON(articles), tracker.MayTest.Milliseconds())
	return all, failed(err, "listing changes of headlines")
}

// chosen returns the table to start from, its column that holds the ID of a
// change, and the condition of a filter.
//
// The changes of a kind are read in the order of their own index; ordered by
// the ID in the table of changes, all of them would be read and sorted for the
// first page. Those of one article are few, and have an index too.
//
// Of articles with a tag that few have, those from low on alone are chosen.
func (db *DB) chosen(ctx context.Context, f tracker.ChangeFilter, low int64) (from, key string, w *where, err error) {
	from, key, w = `change c`, `c.id`, &where{}
	switch {
	case f.Kind != "" && f.ArticleID != 0: // an article has few changes, a kind has many
		w.and("EXISTS (SELECT 1 FROM change_kind k WHERE k.kind = ? AND k.change = c.id)", f.Kind)
	case f.Kind != "":
		from, key = `change_kind k CROSS JOIN change c ON c.id = k.change`, `k.change`
		w.and("k.kind = ?", f.Kind)
	}
	if f.Words.Asks() {
		if from, key, err = db.choseWords(ctx, f, from, key, w); err != nil {
			return "", "", nil, err
		}
	}
	if !f.Ours {
		w.and("c.ours = 0")
	}
	if f.ArticleID != 0 {
		w.and("c.article = ?", f.ArticleID)
	}
	if !f.Since.IsZero() {
		w.and("c.seen_by >= ?", ms0(f.Since))
		w.and("c.id >= (SELECT coalesce(min(id), 0) FROM change WHERE seen_by >= ?)", ms0(f.Since)) // to stop there
	}
	if !f.Until.IsZero() {
		w.and("c.seen_by < ?", ms0(f.Until))
	}
	if f.Disclosure != "" {
		w.and("c.disclosure = ?", f.Disclosure)
	}
	if f.MinSignificance > 0 {
		w.and("c.significance >= ?", f.MinSignificance)
		if f.MinSignificance >= 60 {
			w.and("c.significance >= 60") // the index change_major has no others
		}
	}
	if f.Outlet != "" {
		w.and("c.outlet = ?", f.Outlet)
	}
	if f.Tag != "" {
		common, err := db.isCommon(ctx, f.Tag)
		if err != nil {
			return "", "", nil, err
		}
		if common { // the plus keeps SQLite from gathering and sorting all of them
			w.and("+c.article IN (SELECT article FROM tag WHERE tag = ?)", f.Tag)
		} else {
			w.and("c.id IN (SELECT id FROM change WHERE article IN (SELECT article FROM tag WHERE tag = ?) AND id >= ? AND id < ?)", f.Tag, low, cmp.Or(f.Before, math.MaxInt64))
		}
	}
	if f.Before > 0 {
		w.and(key+" < ?", f.Before)
	}
	return from, key, w, nil
}

// isCommon reports whether so many articles have a tag that a page of their
// changes is soon found among all others: one in twenty or more.
func (db *DB) isCommon(ctx context.Context, tag string) (common bool, err error) {
	err = db.read.QueryRowContext(ctx, `
		SELECT 20 * (SELECT COUNT(*) FROM tag WHERE tag = ?) >= (SELECT coalesce(max(id), 0) FROM article)`, tag).Scan(&common)
	return common, err
}

// Change returns the change of an article that made version to out of version
// from.
func (db *DB) Change(ctx context.Context, articleID int64, from, to int) (tracker.Change, error) {
	c, err := scanChange(db.read.QueryRowContext(ctx, `
		SELECT `+changeColumns+` FROM change c `+changeTables+`
		WHERE c.article = ?
		  AND c.from_n = ?
		  AND c.to_n = ?`, articleID, from, to))
	return c, notFound(err, "change from version %d to %d of article %d", from, to, articleID)
}
