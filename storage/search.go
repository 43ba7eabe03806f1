package storage

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"storydiff/tracker"
	"storydiff/tracker/search"
)

const (
	// hitsPerPage is how many articles a page of hits has, unless it is said.
	hitsPerPage = 20
	// passagesAtOnce is how many passages are read in one go.
	passagesAtOnce = 256
	// passagesLooked is how many are looked at for one page; an article of which
	// further words are looked up counts as articleCost. It bounds what a question
	// can cost, however it is put: to about 50 ms.
	passagesLooked, articleCost = 12_000, 24
	// mostBegun is how many words a beginning of a word may stand for.
	mostBegun = 200
	// countTo is as far as the passages of a word are counted to find the rarest.
	countTo = 500
)

// Search returns the articles in which all that is looked for stood in one
// version at least, those that were taken up last first; those that were removed
// are among them, as history is. A [search.Refusal] says why a question cannot be
// answered.
func (db *DB) Search(ctx context.Context, q tracker.SearchQuery) (tracker.SearchResult, error) {
	if q.Limit <= 0 {
		q.Limit = hitsPerPage
	}
	s := &searching{db: db, q: q}
	err := s.run(ctx)
	if err == nil {
		s.result.Hits, err = db.describe(ctx, s.hits, &q.Words)
	}
	if err != nil {
		return tracker.SearchResult{}, failed(err, "searching")
	}
	return s.result, nil
}

// A searching is a question on its way through the index.
type searching struct {
	db     *DB
	q      tracker.SearchQuery
	driver string   // the expression by which articles are found
	others []string // what else must stand in the same version
	not    []string // what must never have stood
	cost   int
	hits   []*hit
	result tracker.SearchResult
}

func (s *searching) run(ctx context.Context) (err error) {
	if s.result.Unread, err = s.db.Unsearched(ctx); err != nil {
		return err
	}
	if ok, err := s.prepare(ctx); err != nil || !ok {
		return err
	}
	next := int64(math.MaxInt64)
	if s.q.Before > 0 {
		next, _ = passagesOf(s.q.Before)
	}
	var found []found // of one article, as far as it was read
	for {
		page, err := s.read(ctx, next)
		if err != nil {
			return err
		}
		s.cost += len(page)
		for _, f := range page {
			if len(found) > 0 && found[0].article != f.article {
				if done, err := s.settle(ctx, found); err != nil || done {
					return err
				}
				found = found[:0]
			}
			found, next = append(found, f), f.id
		}
		if len(page) < passagesAtOnce {
			_, err := s.settle(ctx, found)
			return err
		}
	}
}

// settle makes a hit of an article of which all passages were read; done says
// that the page is full, or has cost enough.
func (s *searching) settle(ctx context.Context, of []found) (done bool, err error) {
	if len(of) == 0 {
		return false, nil
	}
	id := of[0].article
	if len(s.hits) == s.q.Limit {
		s.result.Next = id + 1
		return true, nil
	}
	hit, err := s.hit(ctx, id, standsOf(of))
	if err != nil {
		return false, err
	}
	if hit != nil {
		s.hits = append(s.hits, hit)
	}
	if s.cost >= passagesLooked && len(s.hits) < s.q.Limit {
		s.result.Next, s.result.Short = id, true
		return true, nil
	}
	return false, nil
}

// prepare writes the terms as the index wants them; ok is false where one of them
// is in no passage.
func (s *searching) prepare(ctx context.Context) (ok bool, err error) {
	var all []string
	for _, t := range s.q.Words.Terms {
		e, err := s.db.expression(ctx, t)
		if err != nil || e == "" {
			return false, err
		}
		all = append(all, e)
	}
	for _, t := range s.q.Words.Not {
		e, err := s.db.expression(ctx, t)
		if err != nil {
			return false, err
		}
		if e != "" {
			s.not = append(s.not, e)
		}
	}
	rarest, fewest := 0, countTo+1
	for i, e := range all {
		if len(all) == 1 {
			break
		}
		n, err := s.db.countFound(ctx, s.within(e), countTo)
		if err != nil || n == 0 {
			return false, err
		}
		if n < fewest {
			rarest, fewest = i, n
		}
	}
	if len(all) == 0 {
		return false, nil
	}
	s.driver = s.within(all[rarest])
	s.others = slices.Delete(all, rarest, rarest+1)
	return true, nil
}

// within narrows an expression to the outlet.
func (s *searching) within(e string) string {
	if s.q.Outlet == "" {
		return e
	}
	return "(" + e + ") AND " + quoted(outletMark(s.q.Outlet))
}

// countFound counts the passages that an expression finds, up to a limit.
func (db *DB) countFound(ctx context.Context, e string, limit int) (n int, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)`, e, limit).Scan(&n)
	return n, err
}

// expression writes a term in the language of the index, in which everything of
// ours is quoted; it is empty where nothing begins so.
func (db *DB) expression(ctx context.Context, t search.Term) (string, error) {
	if !t.Prefix {
		return quoted(strings.Join(t.Tokens, " ")), nil
	}
	last := len(t.Tokens) - 1
	words, err := db.begun(ctx, t.Tokens[last])
	if err != nil {
		return "", err
	}
	before := strings.Join(t.Tokens[:last], " ")
	for i, w := range words {
		words[i] = quoted(strings.TrimSpace(before + " " + w))
	}
	return strings.Join(words, " OR "), nil
}

// begun returns the words that begin with a text. The index itself would read all
// passages of all of them before the first is found.
func (db *DB) begun(ctx context.Context, text string) ([]string, error) {
	words, err := collect(ctx, db.read, scanText, `
		WITH RECURSIVE word (term) AS (
			SELECT (SELECT term FROM search_word WHERE term >= ?1 ORDER BY term LIMIT 1)
			UNION ALL
			SELECT (SELECT term FROM search_word WHERE term >= word.term || char(1) ORDER BY term LIMIT 1)
			FROM word
			WHERE term IS NOT NULL
			  AND substr(term, 1, length(?1)) = ?1)
		SELECT term
		FROM word
		WHERE term IS NOT NULL
		  AND substr(term, 1, length(?1)) = ?1
		LIMIT ?2`, text, mostBegun+1)
	if len(words) > mostBegun {
		return nil, search.Refusal(fmt.Sprintf("More than %d words begin with “%s”: write more of it.", mostBegun, text))
	}
	return words, err
}

// quoted is a phrase of the index.
func quoted(words string) string { return `"` + strings.ReplaceAll(words, `"`, `""`) + `"` }

// found is a passage that an expression finds.
type found struct {
	id, article int64
	stands      []stand
}

const foundQuery = `
	SELECT p.id, p.first, p.last, (SELECT json_group_array(json_array(b.first, b.last)) FROM passage_before b WHERE b.passage = p.id HAVING COUNT(*) > 0)
	FROM search s
	CROSS JOIN passage p ON p.id = s.rowid
	WHERE s.search MATCH ?1
`

func scanFound(row scanner) (f found, err error) {
	var first, last int64
	var before any
	err = row.Scan(&f.id, &first, &last, &before)
	f.article = f.id >> passageBits
	f.stands = []stand{{int(first), int(last)}}
	if err == nil && before != nil {
		var pairs [][2]int
		err = jsonColumn{&pairs}.Scan(before)
		for _, b := range pairs {
			f.stands = append(f.stands, stand{b[0], b[1]})
		}
	}
	return f, err
}

// read returns the next passages that the driver finds.
func (s *searching) read(ctx context.Context, before int64) ([]found, error) {
	return collect(ctx, s.db.read, scanFound, foundQuery+`
		  AND s.rowid < ?2
		ORDER BY s.rowid DESC
		LIMIT ?3`, s.driver, before, passagesAtOnce)
}

// of returns the versions of an article that an expression finds.
func (s *searching) of(ctx context.Context, e string, articleID int64) ([]stand, error) {
	s.cost += articleCost
	low, high := passagesOf(articleID)
	all, err := collect(ctx, s.db.read, scanFound, foundQuery+`
		  AND s.rowid BETWEEN ?2 AND ?3`, e, low, high)
	return standsOf(all), err
}

// standsOf returns the versions in which any of the passages stands, in order.
func standsOf(passages []found) []stand {
	var all []stand
	for _, f := range passages {
		all = append(all, f.stands...)
	}
	slices.SortFunc(all, func(a, b stand) int { return a.first - b.first })
	out := all[:0]
	for _, s := range all {
		switch n := len(out); {
		case n == 0 || out[n-1].last != 0 && s.first > out[n-1].last+1:
			out = append(out, s)
		case out[n-1].last != 0 && (s.last == 0 || s.last > out[n-1].last):
			out[n-1].last = s.last
		}
	}
	return out
}

// both returns the versions that are in a and in b.
func both(a, b []stand) (out []stand) {
	end := func(s stand) int {
		if s.last == 0 {
			return math.MaxInt
		}
		return s.last
	}
	for len(a) > 0 && len(b) > 0 {
		s := stand{max(a[0].first, b[0].first), min(end(a[0]), end(b[0]))}
		if s.first <= s.last {
			if s.last == math.MaxInt {
				s.last = 0
			}
			out = append(out, s)
		}
		if end(a[0]) < end(b[0]) {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return out
}

// hit returns an article as a hit; nil where it is none.
func (s *searching) hit(ctx context.Context, id int64, stands []stand) (*hit, error) {
	for _, e := range s.others {
		also, err := s.of(ctx, e, id)
		if err != nil {
			return nil, err
		}
		if stands = both(stands, also); len(stands) == 0 {
			return nil, nil
		}
	}
	if s.q.Removed && stands[len(stands)-1].last == 0 {
		return nil, nil
	}
	for _, e := range s.not {
		ever, err := s.of(ctx, e, id)
		if err != nil || len(ever) > 0 {
			return nil, err
		}
	}
	h := &hit{article: id, stands: stands}
	if !s.q.Removed && s.q.Since.IsZero() && s.q.Until.IsZero() {
		return h, nil
	}
	s.cost += articleCost
	if err := s.db.addTurns(ctx, []*hit{h}); err != nil || !s.wanted(h) {
		return nil, err
	}
	return h, nil
}

// wanted holds the times of a hit against those asked for.
func (s *searching) wanted(h *hit) bool {
	within := func(t tracker.Turn) bool {
		return !t.By.IsZero() && !t.By.Before(s.q.Since) && (s.q.Until.IsZero() || t.By.Before(s.q.Until))
	}
	if s.q.Removed {
		went := h.turns[h.stands[len(h.stands)-1].last+1]
		return !went.Ours && within(went)
	}
	return slices.ContainsFunc(h.stands, func(v stand) bool {
		return within(h.turns[v.first]) || v.last > 0 && within(h.turns[v.last+1])
	})
}
