package storage

import (
	"context"
	"database/sql"
	"errors"

	"storydiff/tracker"
	"storydiff/tracker/search"
)

// describe says of an article in which versions something stands; nil where it was
// purged meanwhile.
func (db *DB) describe(ctx context.Context, id int64, stands []stand) (*tracker.SearchHit, error) {
	h := &tracker.SearchHit{ArticleID: id}
	err := db.read.QueryRowContext(ctx, `
		SELECT url, outlet, title, versions
		FROM article
		WHERE id = ?`, id).Scan(&h.URL, &h.Outlet, &h.Title, &h.Versions)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	turns, err := db.turns(ctx, id, stands)
	for _, s := range stands {
		v := tracker.Stand{First: s.first, Last: s.last, Open: s.last == 0, Came: turns[s.first]}
		if v.Open {
			v.Last = h.Versions
		} else {
			v.Went = turns[s.last+1]
		}
		h.Stands = append(h.Stands, v)
	}
	h.Version = h.Stands[len(h.Stands)-1].Last
	return h, err
}

// turns returns the changes by which versions came, by their number.
func (db *DB) turns(ctx context.Context, id int64, stands []stand) (map[int]tracker.Turn, error) {
	var to []int
	for _, s := range stands {
		to = append(to, s.first)
		if s.last > 0 {
			to = append(to, s.last+1)
		}
	}
	all, err := collect(ctx, db.read, func(row scanner) (t tracker.Turn, err error) {
		err = row.Scan(&t.From, &t.To, when(&t.After), when0(&t.By), &t.Ours)
		return t, err
	}, `
		SELECT coalesce(c.from_n, 0), v.n, c.seen_after, coalesce(c.seen_by, v.captured_at), coalesce(c.ours, 0)
		FROM json_each(?2) k
		CROSS JOIN version v ON v.article = ?1 AND v.n = k.value
		LEFT JOIN change c ON c.article = v.article AND c.from_n = v.n - 1 AND c.to_n = v.n`, id, asJSON(to))
	byTo := make(map[int]tracker.Turn, len(all))
	for _, t := range all {
		byTo[t.To] = t
	}
	return byTo, err
}

// quote adds to a hit the words around what was looked for, unless the text cannot
// be read.
func (db *DB) quote(ctx context.Context, h *tracker.SearchHit, q *search.Query) error {
	v, err := db.Version(ctx, h.ArticleID, h.Version)
	if errors.Is(err, ErrDamaged) || errors.Is(err, tracker.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	h.Lang = v.Story.Lang
	passages := search.Passages(v.Steady())
	if at, pieces, ok := q.Excerpt(passages); ok {
		h.Part, h.Excerpt = passages[at].Part, pieces
	}
	return nil
}
