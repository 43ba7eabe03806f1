package storage

import (
	"context"
	"strings"

	"storydiff/tracker"
)

// fewPassages is up to how many passages a question is put to the index once, and
// the changes by which they came and went are looked up. Of commoner words there
// are changes enough: each change is asked whether it is one.
const fewPassages = 2_000

// choseWords narrows a list of changes to those by which a passage came or went
// that has all the words asked for, and none of those to be left out.
func (db *DB) choseWords(ctx context.Context, f tracker.ChangeFilter, from, key string, w *where) (string, string, error) {
	e, err := db.passageExpression(ctx, f)
	if err != nil {
		return "", "", err
	}
	if e == "" {
		w.and("0")
		return from, key, nil
	}
	n, err := db.countFound(ctx, e, fewPassages)
	if err != nil {
		return "", "", err
	}
	if n < fewPassages {
		w.and("c.id IN ("+changesOfFew+")", e)
		return from, key, nil
	}
	w.and("EXISTS ("+passageOfChange+")", e)
	return from, key, nil
}

// changesOfFew are the changes by which the passages of an expression came and went.
const changesOfFew = `
	WITH few (id, first, last) AS MATERIALIZED (
		SELECT p.id, p.first, p.last FROM search s CROSS JOIN passage p ON p.id = s.rowid WHERE s.search MATCH ?),
	turn (article, n) AS (
		SELECT id >> 24, first FROM few
		UNION SELECT id >> 24, last + 1 FROM few WHERE last > 0
		UNION SELECT few.id >> 24, b.first FROM few JOIN passage_before b ON b.passage = few.id
		UNION SELECT few.id >> 24, b.last + 1 FROM few JOIN passage_before b ON b.passage = few.id)
	SELECT t.id
	FROM turn
	CROSS JOIN change t ON t.article = turn.article AND t.from_n = turn.n - 1 AND t.to_n = turn.n`

// passageOfChange is a passage of an expression by which the change c is one.
const passageOfChange = `
	SELECT 1
	FROM search s
	CROSS JOIN passage p ON p.id = s.rowid
	WHERE s.search MATCH ?
	  AND s.rowid BETWEEN c.article << 24 AND (c.article << 24) + 16777215
	  AND (p.first = c.to_n OR p.last = c.from_n
	       OR EXISTS (SELECT 1 FROM passage_before b WHERE b.passage = p.id AND (b.first = c.to_n OR b.last = c.from_n)))`

// passageExpression asks for passages that have all the words of a filter; it is
// empty where there are none.
func (db *DB) passageExpression(ctx context.Context, f tracker.ChangeFilter) (string, error) {
	var all []string
	for _, t := range f.Words.Terms {
		e, err := db.expression(ctx, t)
		if err != nil || e == "" {
			return "", err
		}
		all = append(all, "("+e+")")
	}
	if f.Outlet != "" {
		all = append(all, quoted(outletMark(f.Outlet)))
	}
	out := "(" + strings.Join(all, " AND ") + ")"
	for _, t := range f.Words.Not {
		e, err := db.expression(ctx, t)
		if err != nil {
			return "", err
		}
		if e != "" {
			out += " NOT (" + e + ")"
		}
	}
	return out, nil
}
