package storage

import (
	"context"
	"strings"

	"storydiff/tracker"
)

// fewTurned is up to how many passages that came or went the index is asked for
// once, and the changes by which they did are looked up. Of words that turn oftener
// there are changes enough: each change is asked whether it is one. What stands in
// all articles and hardly ever turns, as a line about copyright, is of the first.
const fewTurned = 8_000

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
	var n int
	err = db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM (`+turnedPassages+` LIMIT ?)`, e, fewTurned).Scan(&n)
	if err != nil {
		return "", "", err
	}
	if n < fewTurned {
		w.and("c.id IN ("+changesOfFew+")", e)
		return from, key, nil
	}
	w.and("EXISTS ("+passageOfChange+")", e)
	return from, key, nil
}

// turnedPassages are the passages of an expression that came after the first
// version, or went.
const turnedPassages = `
	SELECT p.id, p.first, p.last
	FROM search s
	CROSS JOIN passage p ON p.id = s.rowid
	WHERE s.search MATCH ?
	  AND (p.first > 1 OR p.last > 0)`

// changesOfFew are the changes by which the passages of an expression came and went.
const changesOfFew = `
	WITH few (id, first, last) AS MATERIALIZED (` + turnedPassages + `),
	turn (article, n) AS (
		SELECT id >> 24, first FROM few WHERE first > 1
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
		e, _, err := db.expression(ctx, t)
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
		e, _, err := db.expression(ctx, t)
		if err != nil {
			return "", err
		}
		if e != "" {
			out += " NOT (" + e + ")"
		}
	}
	return out, nil
}
