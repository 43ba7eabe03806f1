package storage

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// What is looked up in the index costs about as much as so many passages that are
// read one after the other there, each about 0.7 µs.
const (
	oneArticle = 120 // to look into one article, for each word
	oneStand   = 3   // to read where a passage stood
	leastRead  = 256
)

// candidates are articles, those taken up last first.
type candidates []int64

// span returns the numbers that their passages can have.
func (c candidates) span() (low, high int64) {
	low, _ = passagesOf(c[len(c)-1])
	_, high = passagesOf(c[0])
	return low, high
}

// only keeps those that are among others, or those that are not.
func (c candidates) only(others map[int64]bool, among bool) candidates {
	return slices.DeleteFunc(c, func(id int64) bool { return others[id] != among })
}

// alone is what it costs to look into each of the candidates by itself.
func (e *expression) alone(c candidates) int { return len(c) * oneArticle * e.words }

// between returns those of the newest passages of an expression that have numbers
// from low to high.
func (e *expression) between(low, high int64) []int64 {
	at := func(id int64) int {
		i, _ := slices.BinarySearchFunc(e.newest, id, func(a, b int64) int { return cmp.Compare(b, a) })
		return i
	}
	return e.newest[at(high):at(low-1)]
}

// articlesIn returns the articles of which passages with numbers from low to high
// have an expression, the newest first, and how many passages were read for it: so
// many as the limit where there may be more.
func (s *searching) articlesIn(ctx context.Context, e *expression, low, high int64, limit int) (c candidates, read int, err error) {
	if e.whole || low > e.newest[len(e.newest)-1] {
		for _, id := range e.between(low, high) {
			if id >>= passageBits; len(c) == 0 || c[len(c)-1] != id {
				c = append(c, id)
			}
		}
		return c, 0, nil
	}
	err = s.db.read.QueryRowContext(ctx, `
		SELECT COUNT(*), json_group_array(DISTINCT article)
		FROM (SELECT rowid >> 24 AS article FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?)`,
		e.text, low, high, limit).Scan(&read, jsonColumn{&c})
	s.cost += read
	return c, read, err
}

// has returns which of the candidates have an expression in any version. It reads
// through all that lies between them and, where that is much, looks into each of
// the others.
func (s *searching) has(ctx context.Context, e *expression, c candidates) (map[int64]bool, error) {
	low, high := c.span()
	limit := max(leastRead, e.alone(c))
	through, read, err := s.articlesIn(ctx, e, low, high, limit)
	if err != nil {
		return nil, err
	}
	found := make(map[int64]bool, len(through))
	for _, id := range through {
		found[id] = true
	}
	if e.read = read; read < limit {
		return found, nil
	}
	last := through[len(through)-1]
	rest := c[slices.IndexFunc(c, func(id int64) bool { return id <= last }):]
	e.read = -1
	s.cost += e.alone(rest)
	alone, err := collect(ctx, s.db.read, scanID, `
		SELECT k.value
		FROM json_each(?2) k
		WHERE EXISTS (SELECT 1 FROM search WHERE search MATCH ?1 AND rowid BETWEEN k.value << 24 AND (k.value << 24) + 16777215)`, e.text, asJSON(rest))
	for _, id := range alone {
		found[id] = true
	}
	return found, err
}

// The ways to find where passages of candidates stood that have an expression: of
// those that are known, of all in between, and in each article by itself.
const (
	standsKnown = `
	SELECT DISTINCT p.id >> 24, p.first, p.last, coalesce(b.first, 0), coalesce(b.last, 0)
	FROM json_each(?) k
	CROSS JOIN passage p ON p.id = k.value
	LEFT JOIN passage_before b ON b.passage = p.id`
	standsThrough = `
	SELECT DISTINCT p.id >> 24, p.first, p.last, coalesce(b.first, 0), coalesce(b.last, 0)
	FROM search s
	CROSS JOIN passage p ON p.id = s.rowid
	LEFT JOIN passage_before b ON b.passage = p.id
	WHERE s.search MATCH ?1
	  AND s.rowid BETWEEN ?2 AND ?3`
	standsAlone = `
	SELECT DISTINCT p.id >> 24, p.first, p.last, coalesce(b.first, 0), coalesce(b.last, 0)
	FROM json_each(?2) k
	CROSS JOIN search s ON s.rowid BETWEEN k.value << 24 AND (k.value << 24) + 16777215
	CROSS JOIN passage p ON p.id = s.rowid
	LEFT JOIN passage_before b ON b.passage = p.id
	WHERE s.search MATCH ?1`
)

// standsIn returns the versions of each of some candidates in which an expression
// stands; they are among those of which [searching.has] was asked last.
func (s *searching) standsIn(ctx context.Context, e *expression, c candidates) (map[int64][]stand, error) {
	all := make(map[int64][]stand, len(c))
	scan := func(row scanner) (none struct{}, err error) {
		var id int64
		var now, before stand
		err = row.Scan(&id, &now.first, &now.last, &before.first, &before.last)
		all[id] = append(all[id], now)
		if before.first > 0 {
			all[id] = append(all[id], before)
		}
		return none, err
	}
	low, high := c.span()
	alone := e.alone(c)
	var err error
	switch known := e.between(low, high); {
	case e.whole || low > e.newest[len(e.newest)-1]:
		s.cost += len(known) * oneStand
		_, err = collect(ctx, s.db.read, scan, standsKnown, asJSON(known))
	case e.read >= 0 && e.read*oneStand <= alone:
		s.cost += e.read * oneStand
		_, err = collect(ctx, s.db.read, scan, standsThrough, e.text, low, high)
	default:
		s.cost += alone
		_, err = collect(ctx, s.db.read, scan, standsAlone, e.text, asJSON(c))
	}
	for id, stands := range all {
		all[id] = joined(stands)
	}
	return all, err
}

// joined returns the versions in which any of the passages stands that stood in
// those, in order. It takes all for its own.
func joined(all []stand) []stand {
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
