package storage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"storydiff/tracker/search"
)

const (
	// mostBegun is how many words a beginning of a word may stand for.
	mostBegun = 200
	// sampled is how many of the newest passages of a term are looked up first. Where
	// it has no more, they are all: the index is asked but once, which for a phrase of
	// common words that hardly ever stand so is what it costs to read all of them.
	sampled = 500
)

// An expression is a term in the language of the index.
type expression struct {
	text   string  // empty: nothing is found by it
	words  int     // how many words and phrases it asks for, one of which is enough
	newest []int64 // its newest passages, newest first
	whole  bool    // there are no others
	read   int     // how many passages between the candidates have it; -1: not known
}

// prepare writes the terms as the index wants them, the rarest first; ok is false
// where one of them is in no passage.
func (s *searching) prepare(ctx context.Context) (ok bool, err error) {
	for _, t := range s.q.Words.Terms {
		e, err := s.expression(ctx, t)
		if err != nil || len(e.newest) == 0 {
			return false, err
		}
		s.terms = append(s.terms, e)
	}
	for _, t := range s.q.Words.Not {
		e, err := s.expression(ctx, t)
		if err != nil {
			return false, err
		}
		if len(e.newest) > 0 {
			s.not = append(s.not, e)
		}
	}
	slices.SortStableFunc(s.terms, func(a, b *expression) int { return cmp.Compare(a.reach(), b.reach()) })
	return len(s.terms) > 0, nil
}

// reach is how far back the newest passages of an expression lie: the further, the
// rarer it is. What has few is rarer than all that has many.
func (e *expression) reach() int64 {
	if e.whole {
		return int64(len(e.newest) - sampled)
	}
	return e.newest[len(e.newest)-1]
}

// expression writes a term, narrowed to the outlet, and looks up its newest
// passages.
func (s *searching) expression(ctx context.Context, t search.Term) (*expression, error) {
	e := &expression{}
	var err error
	if e.text, e.words, err = s.db.expression(ctx, t); err != nil || e.text == "" {
		return e, err
	}
	if s.q.Outlet != "" {
		e.text = "(" + e.text + ") AND " + quoted(outletMark(s.q.Outlet))
	}
	return e, s.sample(ctx, e)
}

// sample looks up the newest passages of an expression.
func (s *searching) sample(ctx context.Context, e *expression) error {
	err := s.db.read.QueryRowContext(ctx, `
		SELECT json_group_array(rowid)
		FROM (SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?)`, e.text, sampled).Scan(jsonColumn{&e.newest})
	e.whole = len(e.newest) < sampled
	s.cost += len(e.newest)
	return err
}

// expression writes a term in the language of the index, in which everything of
// ours is quoted, and says how many words it became; it is empty where nothing
// begins so.
func (db *DB) expression(ctx context.Context, t search.Term) (text string, words int, err error) {
	if !t.Prefix {
		return quoted(strings.Join(t.Tokens, " ")), 1, nil
	}
	last := len(t.Tokens) - 1
	begun, err := db.begun(ctx, t.Tokens[last])
	if err != nil {
		return "", 0, err
	}
	before := strings.Join(t.Tokens[:last], " ")
	for i, w := range begun {
		begun[i] = quoted(strings.TrimSpace(before + " " + w))
	}
	return strings.Join(begun, " OR "), len(begun), nil
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
