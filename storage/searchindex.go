package storage

import (
	"cmp"
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
	newest    int64              // number of the passage that came last
	passages  map[int64]*passage // by key
	shown     map[int64]*passage // those of them that stand in the newest version
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

func scanPassage(row scanner) (*passage, error) {
	var id, key, first, last int64
	err := row.Scan(&id, &key, &first, &last)
	return newPassage(id, key, first, last), err
}

// newPassage returns a passage as the tables have it.
func newPassage(id, key, first, last int64) *passage {
	newest := stand{int(first), int(last)}
	return &passage{id: id, key: key, stored: []stand{newest}, stands: []stand{newest}}
}

func (x *indexing) add(p *passage) {
	x.passages[p.key] = p
	if p.open() {
		x.shown[p.key] = p
	}
}

// openIndex reads of the index of an article what its next version needs: the
// passages of the newest, and of those that went the ones with the keys of entries.
func openIndex(ctx context.Context, q querier, articleID int64, outlet string, entries []search.Entry) (*indexing, error) {
	x := &indexing{articleID: articleID, outlet: outlet, passages: make(map[int64]*passage, len(entries)), shown: make(map[int64]*passage, len(entries))}
	low, high := passagesOf(articleID)
	var open [][3]int64
	err := q.QueryRowContext(ctx, `
		SELECT coalesce((SELECT max(id) FROM passage WHERE id BETWEEN ?1 AND ?2), ?1),
		       (SELECT json_group_array(json_array(id, key, first)) FROM passage INDEXED BY passage_open WHERE id BETWEEN ?1 AND ?2 AND last = 0)`,
		low, high).Scan(&x.newest, jsonColumn{&open})
	if err != nil || x.newest == low {
		return x, err
	}
	for _, p := range open {
		x.add(newPassage(p[0], p[1], p[2], 0))
	}
	var keys []int64
	for _, e := range entries {
		if x.passages[e.Key] == nil {
			keys = append(keys, e.Key)
		}
	}
	if len(keys) == 0 {
		return x, nil
	}
	back, err := collect(ctx, q, scanPassage, `
		SELECT id, key, first, last
		FROM passage INDEXED BY passage_gone
		WHERE id >> 24 = ?
		  AND key IN (SELECT value FROM json_each(?))
		  AND last > 0`, articleID, asJSON(keys))
	for _, p := range back {
		x.add(p)
	}
	return x, err
}

// wholeIndex reads the whole index of an article.
func wholeIndex(ctx context.Context, q querier, articleID int64, outlet string) (*indexing, error) {
	low, high := passagesOf(articleID)
	x := &indexing{articleID: articleID, outlet: outlet, newest: low, passages: map[int64]*passage{}, shown: map[int64]*passage{}, whole: true}
	all, err := collect(ctx, q, scanPassage, `
		SELECT id, key, first, last
		FROM passage
		WHERE id BETWEEN ? AND ?`, low, high)
	if err == nil {
		err = addBefore(ctx, q, all, low, high)
	}
	for _, p := range all {
		x.newest = max(x.newest, p.id)
		x.add(p)
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
		p.stands = slices.Clone(p.stored)
	}
	return err
}

// show makes of entries what version n has, which is the newest, or becomes it. It
// takes as long as what that and the one before have.
func (x *indexing) show(n int, entries []search.Entry) {
	before := x.shown
	x.shown = make(map[int64]*passage, len(entries))
	for _, e := range entries {
		p := x.passages[e.Key]
		if p == nil {
			if x.newest&mostPassages == mostPassages {
				continue // sixteen million passages: none is found that comes after
			}
			x.newest++
			p = &passage{id: x.newest, key: e.Key, words: e.Tokens}
			x.passages[e.Key] = p
		}
		p.come(n)
		x.shown[e.Key] = p
	}
	for key, p := range before {
		if x.shown[key] == nil {
			p.leave(n)
		}
	}
}

// come has the passage stand in version n, which is the newest.
func (p *passage) come(n int) {
	last := len(p.stands) - 1
	switch {
	case p.open():
	case last >= 0 && p.stands[last].last == n-1:
		p.stands[last].last = 0
	default:
		p.stands = append(p.stands, stand{n, 0})
	}
}

// leave has the passage, which stood in the newest version until now, not stand in
// version n.
func (p *passage) leave(n int) {
	last := len(p.stands) - 1
	if p.stands[last].first == n {
		p.stands = p.stands[:last]
		return
	}
	p.stands[last].last = n - 1
}

// forget has no passage stand in any version, so that they may be shown anew.
func (x *indexing) forget() {
	for _, p := range x.passages {
		p.stands = nil
	}
	clear(x.shown)
}

// passagesStored is how many passages are stored by one statement.
const passagesStored = 64

// write stores what became of the passages; those that stayed are left alone. The
// words go to the index by few statements, for each of them is a segment of it, to
// be merged with others later.
func (x *indexing) write(ctx context.Context, tx *sql.Tx) error {
	exec := func(query string, args ...any) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	}
	var came, others []*passage
	for _, p := range x.passages {
		switch {
		case slices.Equal(p.stands, p.stored):
		case len(p.stored) == 0:
			came = append(came, p)
		default:
			others = append(others, p)
		}
	}
	byID := func(a, b *passage) int { return cmp.Compare(a.id, b.id) } // SQLite keeps what comes in order in memory
	slices.SortFunc(came, byID)
	slices.SortFunc(others, byID)
	for some := range slices.Chunk(came, passagesStored) {
		if err := x.insert(exec, some); err != nil {
			return fmt.Errorf("indexing: %w", err)
		}
	}
	if err := x.update(exec, others); err != nil {
		return fmt.Errorf("indexing: %w", err)
	}
	return nil
}

// insert stores passages that have no row.
func (x *indexing) insert(exec func(query string, args ...any) error, passages []*passage) error {
	type words struct {
		ID    int64  `json:"id"`
		Words string `json:"words"`
	}
	found, rows := make([]words, len(passages)), make([][4]int64, len(passages))
	mark := " " + outletMark(x.outlet)
	for i, p := range passages {
		last := p.stands[len(p.stands)-1]
		found[i] = words{p.id, p.words + mark}
		rows[i] = [4]int64{p.id, p.key, int64(last.first), int64(last.last)}
	}
	err := exec(`INSERT INTO search (rowid, words) SELECT value ->> 'id', value ->> 'words' FROM json_each(?)`, asJSON(found))
	if err != nil {
		return err
	}
	err = exec(`INSERT INTO passage (id, key, first, last) SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)`, asJSON(rows))
	if err != nil {
		return err
	}
	return writeBefore(exec, passages)
}

// update stores what became of passages that have a row.
func (x *indexing) update(exec func(query string, args ...any) error, passages []*passage) error {
	var rows [][3]int64
	var stay []*passage
	for _, p := range passages {
		if len(p.stands) > 0 {
			last := p.stands[len(p.stands)-1]
			rows = append(rows, [3]int64{p.id, int64(last.first), int64(last.last)})
			stay = append(stay, p)
			continue
		}
		if err := x.remove(exec, p.id); err != nil {
			return err
		}
	}
	if len(rows) == 0 {
		return nil
	}
	err := exec(`
		UPDATE passage
		SET first = r.value ->> 1, last = r.value ->> 2
		FROM json_each(?) r
		WHERE passage.id = r.value ->> 0`, asJSON(rows))
	if err != nil {
		return err
	}
	return writeBefore(exec, stay)
}

// remove takes the newest stand from a passage, or all of them where the index is
// whole.
func (x *indexing) remove(exec func(query string, args ...any) error, id int64) error {
	if !x.whole {
		return takeBack(exec, id)
	}
	if err := exec(`DELETE FROM search WHERE rowid = ?`, id); err != nil {
		return err
	}
	return exec(`DELETE FROM passage WHERE id = ?`, id)
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

// writeBefore stores the stands of passages but the newest, where they are others
// than those stored.
func writeBefore(exec func(query string, args ...any) error, passages []*passage) error {
	var rows [][3]int64
	for _, p := range passages {
		before, stored := p.stands[:len(p.stands)-1], p.stored[:max(0, len(p.stored)-1)]
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
			rows = append(rows, [3]int64{p.id, int64(s.first), int64(s.last)})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return exec(`INSERT INTO passage_before (passage, first, last) SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)`, asJSON(rows))
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

// planIndex cuts the texts of a record into words, before the write lock is taken.
func (p *plan) planIndex(ctx context.Context, db *DB) error {
	if p.r.Version != nil {
		p.entries = entriesOf(&p.version)
	}
	c := p.r.Confirm
	if c == nil || len(c.Loose) == 0 {
		return nil
	}
	var newest int // as stored: the record has the article as it is to be
	err := db.read.QueryRowContext(ctx, `SELECT versions FROM article WHERE id = ?`, p.r.Article.ID).Scan(&newest)
	if err != nil && err != sql.ErrNoRows {
		return err
	}
	if c.N != newest {
		return nil
	}
	v, err := db.Version(ctx, p.r.Article.ID, newest)
	if err != nil {
		return err
	}
	v.Loose = c.Loose
	p.again, p.confirmed = true, entriesOf(&v)
	return nil
}

// putIndex stores what becomes of the index of the article, where that is there.
func (p *plan) putIndex(ctx context.Context, tx *sql.Tx) error {
	newest := p.article.Versions
	if p.r.Version != nil {
		newest--
	}
	if p.r.Version == nil && !p.again || p.searched != newest {
		return nil // nothing is to be found that was not, or the article is still to be indexed
	}
	x, err := openIndex(ctx, tx, p.article.ID, p.article.Outlet, slices.Concat(p.entries, p.confirmed))
	if err != nil {
		return err
	}
	if p.again {
		x.show(newest, p.confirmed)
	}
	if p.r.Version != nil {
		x.show(newest+1, p.entries)
	}
	p.searched = p.article.Versions
	return x.write(ctx, tx)
}
