package storage

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"storydiff/tracker"
	"storydiff/tracker/search"
)

const (
	// passageBits are those of a passage's number that are not the article's.
	passageBits = 24
	// mostPassages is how many passages of an article are found.
	mostPassages = 1<<passageBits - 1
)

// passagesOf returns the numbers that passages of an article can have.
func passagesOf(articleID int64) (low, high int64) {
	return articleID << passageBits, articleID<<passageBits + mostPassages
}

// An indexing is the index of one article, and what is to become of it.
type indexing struct {
	articleID int64
	outlet    string
	searched  int // versions that are in it
	newest    int64
	passages  map[int64]*passage // by key
	whole     bool               // they are all there, with all of their stands; else those stored are the newest alone
}

// A passage is a text with the versions in which it stood.
type passage struct {
	id     int64
	key    int64
	stored []stand // as the tables have them; none: it has no row
	stands []stand // as they are to be
	words  string  // of one that has no row
}

// A stand is versions in a row, from first to last; a last of 0 is the newest.
type stand struct{ first, last int }

func (p *passage) open() bool { return len(p.stands) > 0 && p.stands[len(p.stands)-1].last == 0 }

// loadIndex reads the index of an article: the passages of its newest version, and of
// others those with the keys given. With all it reads every passage.
func loadIndex(ctx context.Context, q querier, articleID int64, keys []int64, all bool) (*indexing, error) {
	x := &indexing{articleID: articleID, passages: map[int64]*passage{}, whole: all}
	low, high := passagesOf(articleID)
	err := q.QueryRowContext(ctx, `
		SELECT outlet, searched, coalesce((SELECT max(id) FROM passage WHERE id BETWEEN ?2 AND ?3), ?2)
		FROM article
		WHERE id = ?1`, articleID, low, high).Scan(&x.outlet, &x.searched, &x.newest)
	if err != nil {
		return nil, err
	}
	rows, err := collect(ctx, q, func(s scanner) (r *passage, err error) {
		r = &passage{}
		var newest stand
		err = s.Scan(&r.id, &r.key, &newest.first, &newest.last)
		r.stored = []stand{newest}
		return r, err
	}, `
		SELECT id, key, first, last
		FROM passage
		WHERE id BETWEEN ?1 AND ?2
		  AND (?4 OR last = 0 OR key IN (SELECT value FROM json_each(?3)))`, low, high, asJSON(append([]int64{}, keys...)), all)
	if err == nil && all {
		err = addBefore(ctx, q, rows, low, high)
	}
	for _, p := range rows {
		p.stands = slices.Clone(p.stored)
		x.passages[p.key] = p
	}
	return x, err
}

// addBefore adds to passages, which are all of an article, the stands before the
// newest.
func addBefore(ctx context.Context, q querier, passages []*passage, low, high int64) error {
	before := map[int64][]stand{}
	_, err := collect(ctx, q, func(s scanner) (none struct{}, err error) {
		var id int64
		var b stand
		err = s.Scan(&id, &b.first, &b.last)
		before[id] = append(before[id], b)
		return none, err
	}, `SELECT passage, first, last FROM passage_before WHERE passage BETWEEN ? AND ? ORDER BY passage, first`, low, high)
	for _, p := range passages {
		p.stored = append(before[p.id], p.stored...)
	}
	return err
}

// show makes of entries what version n has, which is the newest, or becomes it.
func (x *indexing) show(n int, entries []search.Entry) {
	shown := make(map[int64]bool, len(entries))
	for _, e := range entries {
		shown[e.Key] = true
		p := x.passages[e.Key]
		if p == nil {
			if x.newest&mostPassages == mostPassages {
				continue // sixteen million passages: none is found that comes after
			}
			x.newest++
			p = &passage{id: x.newest, key: e.Key, words: e.Tokens}
			x.passages[e.Key] = p
		}
		last := len(p.stands) - 1
		switch {
		case p.open():
		case last >= 0 && p.stands[last].last == n-1:
			p.stands[last].last = 0
		default:
			p.stands = append(p.stands, stand{n, 0})
		}
	}
	for key, p := range x.passages {
		last := len(p.stands) - 1
		switch {
		case shown[key] || !p.open():
		case p.stands[last].first == n:
			p.stands = p.stands[:last]
		default:
			p.stands[last].last = n - 1
		}
	}
}

// showAll makes of the passages what versions have, which are all, oldest first.
func (x *indexing) showAll(versions []tracker.Version) {
	for _, p := range x.passages {
		p.stands = nil
	}
	for i := range versions {
		x.show(versions[i].N, entriesOf(&versions[i]))
	}
}

// write stores what became of the passages.
func (x *indexing) write(ctx context.Context, tx *sql.Tx) error {
	ids := make([]*passage, 0, len(x.passages))
	for _, p := range x.passages {
		if !slices.Equal(p.stands, p.stored) {
			ids = append(ids, p)
		}
	}
	slices.SortFunc(ids, func(a, b *passage) int { return int(a.id - b.id) }) // SQLite keeps what comes in order in memory
	for _, p := range ids {
		if err := x.writePassage(ctx, tx, p); err != nil {
			return fmt.Errorf("indexing: %w", err)
		}
	}
	return nil
}

func (x *indexing) writePassage(ctx context.Context, tx *sql.Tx, p *passage) error {
	exec := func(query string, args ...any) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	}
	last := len(p.stands) - 1
	switch {
	case last < 0 && len(p.stored) == 0:
		return nil
	case last < 0 && !x.whole:
		return takeBack(exec, p.id)
	case last < 0:
		if err := exec(`DELETE FROM search WHERE rowid = ?`, p.id); err != nil {
			return err
		}
		return exec(`DELETE FROM passage WHERE id = ?`, p.id)
	case len(p.stored) == 0:
		if err := exec(`INSERT INTO search (rowid, words) VALUES (?, ?)`, p.id, p.words+" "+outletMark(x.outlet)); err != nil {
			return err
		}
		if err := exec(`INSERT INTO passage (id, key, first, last) VALUES (?, ?, ?, ?)`, p.id, p.key, p.stands[last].first, p.stands[last].last); err != nil {
			return err
		}
	default:
		if err := exec(`UPDATE passage SET first = ?2, last = ?3 WHERE id = ?1`, p.id, p.stands[last].first, p.stands[last].last); err != nil {
			return err
		}
	}
	return writeBefore(exec, p)
}

// takeBack takes the newest stand from a passage, and the passage where it had no
// other.
func takeBack(exec func(query string, args ...any) error, id int64) error {
	for _, query := range []string{
		`DELETE FROM search WHERE rowid = ?1 AND NOT EXISTS (SELECT 1 FROM passage_before WHERE passage = ?1)`,
		`DELETE FROM passage WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM passage_before WHERE passage = ?1)`,
		`UPDATE passage SET (first, last) = (SELECT first, last FROM passage_before WHERE passage = ?1 ORDER BY first DESC LIMIT 1) WHERE id = ?1`,
		`DELETE FROM passage_before WHERE passage = ?1 AND first = (SELECT first FROM passage WHERE id = ?1)`,
	} {
		if err := exec(query, id); err != nil {
			return err
		}
	}
	return nil
}

// writeBefore stores the stands of a passage but the newest, where they are others
// than those stored.
func writeBefore(exec func(query string, args ...any) error, p *passage) error {
	before, stored := p.stands[:len(p.stands)-1], p.stored[:max(0, len(p.stored)-1)]
	if slices.Equal(before, stored) {
		return nil
	}
	common := 0
	for common < min(len(before), len(stored)) && before[common] == stored[common] {
		common++
	}
	for _, s := range stored[common:] {
		if err := exec(`DELETE FROM passage_before WHERE passage = ? AND first = ?`, p.id, s.first); err != nil {
			return err
		}
	}
	for _, s := range before[common:] {
		if err := exec(`INSERT INTO passage_before (passage, first, last) VALUES (?, ?, ?)`, p.id, s.first, s.last); err != nil {
			return err
		}
	}
	return nil
}

// outletMark is the word by which the passages of an outlet are found. No text
// has such a word: it begins with a character that has no meaning.
func outletMark(outlet string) string {
	mark := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 0x80 {
			return r
		}
		return '\ue001'
	}, outlet)
	return "\ue000" + mark
}

// entriesOf returns what of a version is found.
func entriesOf(v *tracker.Version) []search.Entry { return search.Entries(search.Passages(v.Steady())) }

// keysOf returns the keys of entries.
func keysOf(entries []search.Entry) []int64 {
	keys := make([]int64, len(entries))
	for i, e := range entries {
		keys[i] = e.Key
	}
	return keys
}

// planIndex works out what becomes of the index of an article by a record, which
// holds its lease: nobody else gives it a version meanwhile.
func (p *plan) planIndex(ctx context.Context, db *DB) error {
	c := p.r.Confirm
	if p.r.Version == nil && (c == nil || len(c.Loose) == 0) {
		return nil
	}
	var newest int // as stored: the record has the article as it is to be
	err := db.read.QueryRowContext(ctx, `SELECT versions FROM article WHERE id = ?`, p.r.Article.ID).Scan(&newest)
	if err == sql.ErrNoRows {
		return nil
	}
	if err != nil {
		return err
	}
	again := c != nil && len(c.Loose) > 0 && c.N == newest
	if p.r.Version == nil && !again {
		return nil
	}
	var entries, confirmed []search.Entry
	if p.r.Version != nil {
		entries = entriesOf(&p.version)
	}
	if again {
		v, err := db.Version(ctx, p.r.Article.ID, newest)
		if err != nil {
			return err
		}
		v.Loose = c.Loose
		confirmed = entriesOf(&v)
	}
	x, err := loadIndex(ctx, db.read, p.r.Article.ID, keysOf(append(slices.Clip(entries), confirmed...)), false)
	if err == sql.ErrNoRows || err == nil && x.searched != newest {
		return nil // it is not there any more, or still to be indexed
	}
	if err != nil {
		return err
	}
	if again {
		x.show(newest, confirmed)
	}
	if p.r.Version != nil {
		x.show(newest+1, entries)
	}
	p.index = x
	return nil
}

// putIndex stores the index of the article, unless it was made anew since it was
// planned: then it is made once more.
func (p *plan) putIndex(ctx context.Context, tx *sql.Tx) error {
	if p.index == nil {
		return nil
	}
	if p.index.searched != p.searched {
		p.searched = 0
		return nil
	}
	p.searched = p.article.Versions
	return p.index.write(ctx, tx)
}

// reindex makes the index of an article anew of all of its versions, in order.
func reindex(ctx context.Context, tx *sql.Tx, articleID int64, versions []tracker.Version) error {
	x, err := loadIndex(ctx, tx, articleID, nil, true)
	if err != nil {
		return err
	}
	x.showAll(versions)
	if err := x.write(ctx, tx); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE article SET searched = versions WHERE id = ?`, articleID)
	return err
}
