package storage

import (
	"cmp"
	"context"
	"slices"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// Lives returns what is counted of the articles that something happened to since
// mark was given out, in any order; a mark of 0 stands for all articles. What
// happens meanwhile may be in it, and comes again with the next mark.
func (db *DB) Lives(ctx context.Context, mark int64) (tracker.Lives, error) {
	l := tracker.Lives{Mark: mark}
	err := db.read.QueryRowContext(ctx, `SELECT coalesce(max(n), 0) FROM stir`).Scan(&l.Mark)
	if err != nil || l.Mark <= mark {
		return l, failed(err, "looking for what outlets did")
	}
	if err := db.readLives(ctx, mark, &l); err != nil {
		return tracker.Lives{}, failed(err, "reading what outlets did")
	}
	return l, nil
}

func (db *DB) readLives(ctx context.Context, mark int64, into *tracker.Lives) error {
	at := map[int64]int{} // of articles in into.Altered
	all, err := collect(ctx, db.read, scanLife, `
		SELECT s.article, coalesce(a.outlet, ''), a.published, v.captured_at, coalesce(a.seen_week, -1), a.id IS NULL OR a.merged_into IS NOT NULL
		FROM stir s
		LEFT JOIN article a ON a.id = s.article
		LEFT JOIN version v ON v.article = s.article AND v.n = 1
		WHERE s.n > ?`, mark)
	if err != nil {
		return err
	}
	for _, row := range all {
		if row.dropped {
			into.Dropped = append(into.Dropped, row.ArticleID)
			continue
		}
		at[row.ArticleID] = len(into.Altered)
		into.Altered = append(into.Altered, row.Life)
	}
	life := func(id int64) *tracker.Life {
		if i, ok := at[id]; ok {
			return &into.Altered[i]
		}
		return nil
	}
	for _, read := range []func(context.Context, int64, func(int64) *tracker.Life) error{db.readEdits, db.readSpells, db.readJudged} {
		if err := read(ctx, mark, life); err != nil {
			return err
		}
	}
	for i := range into.Altered {
		slices.SortFunc(into.Altered[i].Edits, func(a, b tracker.Edit) int { return a.To - b.To })
	}
	return nil
}

type lifeRow struct {
	tracker.Life
	dropped bool
}

func scanLife(row scanner) (l lifeRow, err error) {
	err = row.Scan(&l.ArticleID, &l.Outlet, when(&l.Published), when(&l.FirstSeen), &l.SeenWeek, &l.dropped)
	return l, err
}

// readEdits reads the changes of lives, without their texts: the index holds all
// that is counted.
func (db *DB) readEdits(ctx context.Context, mark int64, life func(int64) *tracker.Life) error {
	rows, err := db.read.QueryContext(ctx, `
		SELECT c.article, c.to_n, c.seen_after, c.seen_by, c.disclosure
		FROM stir s
		CROSS JOIN change c INDEXED BY change_counted ON c.article = s.article
		WHERE s.n > ?
		  AND c.ours = 0`, mark)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var e tracker.Edit
		var disclosure string
		if err := rows.Scan(&id, &e.To, when(&e.SeenAfter), when0(&e.SeenBy), &disclosure); err != nil {
			return err
		}
		e.Disclosure = sharedDisclosure(disclosure)
		if l := life(id); l != nil {
			l.Edits = append(l.Edits, e)
		}
	}
	return rows.Err()
}

// sharedDisclosure returns a disclosure as one string for all edits that have it.
func sharedDisclosure(text string) revision.Disclosure {
	for _, d := range [...]revision.Disclosure{revision.Silent, revision.Stamped, revision.Noted} {
		if string(d) == text {
			return d
		}
	}
	return revision.Disclosure(text)
}

// readSpells reads when articles of lives were gone or blocked.
func (db *DB) readSpells(ctx context.Context, mark int64, life func(int64) *tracker.Life) error {
	events, err := collect(ctx, db.read, scanEvent, `
		SELECT e.article, e.kind, e.at, e.until, e.reason, ''
		FROM stir s
		CROSS JOIN event e ON e.article = s.article
		WHERE s.n > ?
		  AND e.kind IN ('gone', 'blocked')
		ORDER BY e.id`, mark)
	for _, e := range events {
		l := life(e.ArticleID)
		switch spell := (tracker.LifeSpell{At: e.At, Until: e.Until}); {
		case l == nil:
		case e.Kind == tracker.EventGone:
			l.Gone = append(l.Gone, spell)
		default:
			l.Blocked = append(l.Blocked, spell)
		}
	}
	return err
}

// readJudged reads in full the changes of those lives that may have a headline
// under test or a note that comes late: few have, and to read them takes long.
func (db *DB) readJudged(ctx context.Context, mark int64, life func(int64) *tracker.Life) error {
	flipped, err := db.flipped(ctx, mark)
	if err != nil {
		return err
	}
	noted, err := collect(ctx, db.read, scanID, `
		SELECT DISTINCT c.article
		FROM stir s
		CROSS JOIN change c INDEXED BY change_counted ON c.article = s.article
		WHERE s.n > ?
		  AND c.to_n > 2
		  AND c.ours = 0
		  AND EXISTS (SELECT 1 FROM change_kind k WHERE k.kind = 'correction' AND k.change = c.id)`, mark)
	if err != nil {
		return err
	}
	ids := append(flipped, noted...)
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		l := life(id)
		if l == nil {
			continue
		}
		changes, err := db.Changes(ctx, tracker.ChangeFilter{ArticleID: id})
		if err != nil {
			return err
		}
		slices.Reverse(changes)
		l.Judge(changes)
	}
	return nil
}

// flipped returns the articles to which a headline came back, each once.
func (db *DB) flipped(ctx context.Context, mark int64) ([]int64, error) {
	type flip struct {
		article, id   int64
		before, after string
	}
	all, err := collect(ctx, db.read, func(row scanner) (f flip, err error) {
		err = row.Scan(&f.article, &f.id, &f.before, &f.after)
		return f, err
	}, `
		SELECT c.article, c.id, before.headline, after.headline
		FROM stir s
		CROSS JOIN change c INDEXED BY change_counted ON c.article = s.article
		CROSS JOIN change_kind k ON k.kind = 'headline' AND k.change = c.id
		JOIN version before ON before.article = c.article AND before.n = c.from_n
		JOIN version after ON after.article = c.article AND after.n = c.to_n
		WHERE s.n > ?
		  AND c.ours = 0`, mark)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b flip) int { return cmp.Or(cmp.Compare(a.article, b.article), cmp.Compare(a.id, b.id)) })
	var ids []int64
	seen := map[[32]byte]bool{}
	for i, f := range all {
		if i == 0 || f.article != all[i-1].article {
			clear(seen)
		}
		seen[worddiff.Fingerprint(f.before)] = true
		if seen[worddiff.Fingerprint(f.after)] && (len(ids) == 0 || ids[len(ids)-1] != f.article) {
			ids = append(ids, f.article)
		}
	}
	return ids, nil
}

// LooksByOutlet returns of each outlet how often its articles were looked at from
// a week on.
func (db *DB) LooksByOutlet(ctx context.Context, from tracker.Week) (map[string]tracker.Looks, error) {
	type row struct {
		outlet string
		tracker.Looks
	}
	all, err := collect(ctx, db.read, func(s scanner) (r row, err error) {
		var late int64
		err = s.Scan(&r.outlet, &r.Spread, &r.N, &r.Delayed, &late, when0(&r.Last))
		r.DelayedFor = time.Duration(late) * time.Millisecond
		return r, err
	}, `
		SELECT outlet, sum(articles), sum(looks), sum(late), sum(late_ms), max(last)
		FROM outlet_week
		WHERE week >= ?
		GROUP BY outlet`, from)
	looks := make(map[string]tracker.Looks, len(all))
	for _, r := range all {
		looks[r.outlet] = r.Looks
	}
	return looks, failed(err, "counting the looks at outlets")
}

// LooksByWeek returns how often the articles of an outlet were looked at from a
// week on, by week, oldest first. Weeks in which no look observed any are left out.
func (db *DB) LooksByWeek(ctx context.Context, outlet string, from tracker.Week) ([]tracker.WeekOfLooks, error) {
	all, err := collect(ctx, db.read, func(s scanner) (w tracker.WeekOfLooks, err error) {
		var late int64
		err = s.Scan(&w.Week, &w.Articles, &w.N, &w.Delayed, &late, when0(&w.Last))
		w.Spread, w.DelayedFor = w.Articles, time.Duration(late)*time.Millisecond
		return w, err
	}, `
		SELECT week, articles, looks, late, late_ms, last
		FROM outlet_week
		WHERE outlet = ?
		  AND week >= ?
		  AND looks > 0
		ORDER BY week`, outlet, from)
	return all, failed(err, "counting the looks at %s", outlet)
}
