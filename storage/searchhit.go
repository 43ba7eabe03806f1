package storage

import (
	"context"

	"storydiff/tracker"
	"storydiff/tracker/search"
)

// A hit is an article in the making of what is said of it.
type hit struct {
	article int64
	stands  []stand
	turns   map[int]tracker.Turn // by the version that came; nil: not looked up yet
}

// addTurns looks up the changes by which the stands of hits came and went.
func (db *DB) addTurns(ctx context.Context, hits []*hit) error {
	var wanted [][2]int64 // article and version
	byArticle := map[int64]*hit{}
	for _, h := range hits {
		if h.turns != nil {
			continue
		}
		byArticle[h.article], h.turns = h, map[int]tracker.Turn{}
		for _, s := range h.stands {
			wanted = append(wanted, [2]int64{h.article, int64(s.first)})
			if s.last > 0 {
				wanted = append(wanted, [2]int64{h.article, int64(s.last + 1)})
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	_, err := collect(ctx, db.read, func(row scanner) (none struct{}, err error) {
		var article int64
		var t tracker.Turn
		err = row.Scan(&article, &t.From, &t.To, when(&t.After), when0(&t.By), &t.Ours)
		byArticle[article].turns[t.To] = t
		return none, err
	}, `
		SELECT v.article, coalesce(c.from_n, 0), v.n, c.seen_after, coalesce(c.seen_by, v.captured_at), coalesce(c.ours, 0)
		FROM json_each(?) k
		CROSS JOIN version v ON v.article = k.value ->> 0 AND v.n = k.value ->> 1
		LEFT JOIN change c ON c.article = v.article AND c.from_n = v.n - 1 AND c.to_n = v.n`, asJSON(wanted))
	return err
}

// describe says of hits what they are, and quotes the newest version in which it
// stands that was looked for; those that were purged meanwhile are left out.
func (db *DB) describe(ctx context.Context, hits []*hit, q tracker.SearchQuery) ([]tracker.SearchHit, error) {
	if len(hits) == 0 {
		return nil, nil
	}
	if err := db.addTurns(ctx, hits); err != nil {
		return nil, err
	}
	var wanted [][2]int64 // article and version; 0: the newest
	byArticle := map[int64]*hit{}
	for _, h := range hits {
		wanted = append(wanted, [2]int64{h.article, int64(h.stands[len(h.stands)-1].last)})
		byArticle[h.article] = h
	}
	return collect(ctx, db.read, func(row scanner) (h tracker.SearchHit, err error) {
		var v tracker.Version
		var blocks, base []byte
		err = row.Scan(&h.ArticleID, &h.URL, &h.Outlet, &h.Title, &h.Versions, &h.Version,
			&v.Story.Headline, &v.Story.Standfirst, &v.Story.Byline, &h.Lang, jsonColumn{&v.Loose}, &blocks, &base)
		if err != nil {
			return h, err
		}
		h.Stands = byArticle[h.ArticleID].described(h.Versions)
		if v.Story.Blocks, err = db.decodeBlocks(blocks, base); err != nil {
			return h, nil // it is found, and cannot be quoted
		}
		passages := search.Passages(v.Steady())
		if at, pieces, ok := q.Words.Excerpt(passages); ok {
			h.Part, h.Excerpt = passages[at].Part, pieces
			if q.Best {
				h.Match = tracker.Match(q.Words.Match(passages))
			}
		}
		return h, nil
	}, `
		SELECT a.id, a.url, a.outlet, a.title, a.versions, v.n, v.headline, v.standfirst, v.byline, v.lang, v.loose, v.blocks, base.blocks
		FROM json_each(?) k
		CROSS JOIN article a ON a.id = k.value ->> 0
		CROSS JOIN version v ON v.article = a.id AND v.n = coalesce(nullif(k.value ->> 1, 0), a.versions)
		LEFT JOIN version base ON base.id = v.base_id
		ORDER BY k.key`, asJSON(wanted))
}

// described returns the stands of a hit in an article of so many versions.
func (h *hit) described(versions int) (out []tracker.Stand) {
	for _, s := range h.stands {
		v := tracker.Stand{First: s.first, Last: s.last, Open: s.last == 0, Came: h.turns[s.first]}
		if v.Open {
			v.Last = versions
		} else {
			v.Went = h.turns[s.last+1]
		}
		out = append(out, v)
	}
	return out
}
