package storage

import (
	"context"
	"database/sql"

	"storydiff/tracker"
)

const (
	// sureAfter is in how many checks a line or place must have been unsteady to be
	// taken for furniture: an edit can fall between the two looks of one.
	sureAfter = 2
	// maxUnsure is how many lines and places are kept of an article that were
	// unsteady in one check alone, the newest; sites that never repeat themselves
	// would fill the database with them.
	maxUnsure = 200
)

// Learned returns what is known of keys to an article; a key of which nothing is
// known is left out. What the article itself taught counts for none of its
// neighbours' numbers.
func (db *DB) Learned(ctx context.Context, articleID int64, keys []int64) (map[int64]tracker.Known, error) {
	known := map[int64]tracker.Known{}
	err := db.learn(ctx, known, func(k *tracker.Known, others, _ int) { k.Others = others }, `
		SELECT key, count(*), 0
		FROM lesson
		WHERE key IN (SELECT value FROM json_each(?1))
		  AND article <> ?2
		GROUP BY key`, asJSON(keys), articleID)
	if err == nil {
		err = db.learn(ctx, known, func(k *tracker.Known, others, own int) { k.Outlet, k.Own = others, own > 0 }, `
			SELECT key, count(*) FILTER (WHERE article <> ?2 AND times >= ?3), count(*) FILTER (WHERE article = ?2 AND times >= ?3)
			FROM unsteady
			WHERE key IN (SELECT value FROM json_each(?1))
			GROUP BY key
			HAVING max(steady) = 0
			   AND max(times) >= ?3`, asJSON(keys), articleID, sureAfter)
	}
	return known, failed(err, "reading what is furniture to article %d", articleID)
}

// learn runs a query for keys with two numbers each.
func (db *DB) learn(ctx context.Context, known map[int64]tracker.Known, take func(k *tracker.Known, a, b int), query string, args ...any) error {
	rows, err := db.read.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key int64
		var a, b int
		if err := rows.Scan(&key, &a, &b); err != nil {
			return err
		}
		k := known[key]
		take(&k, a, b)
		known[key] = k
	}
	return rows.Err()
}

// putConfirmation stores what a look showed of a version that was in doubt.
func (p *plan) putConfirmation(ctx context.Context, tx *sql.Tx) error {
	c := p.r.Confirm
	if c == nil {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE version
		SET second = coalesce(second, ?3), loose = ?4, doubt = ?5, content_key = ?6
		WHERE article = ?1
		  AND n = ?2`, p.article.ID, c.N, ref(c.CaptureID), numbersText(c.Loose), numbersText(c.Doubt), c.Key[:])
	return err
}

// numbersText is the numbers of blocks as a column keeps them.
func numbersText(blocks []int) string {
	if len(blocks) == 0 {
		return "[]"
	}
	return asJSON(blocks)
}

// putLessons stores what a check teaches with the version that it made or showed,
// and the text of the lines that another article taught before.
func (p *plan) putLessons(ctx context.Context, tx *sql.Tx) error {
	for _, l := range p.r.Taught {
		done, err := tx.ExecContext(ctx, `
			INSERT INTO lesson (key, article, n)
			VALUES (?, ?, ?)
			ON CONFLICT DO NOTHING`, l.Key, p.article.ID, p.check.Version)
		if one(done, err) == sql.ErrNoRows {
			continue
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO line (key, text, path)
			SELECT ?1, ?3, ?4
			WHERE EXISTS (SELECT 1 FROM lesson WHERE key = ?1 AND article <> ?2)
			ON CONFLICT DO NOTHING`, l.Key, p.article.ID, l.Text, l.Path)
		if err != nil {
			return err
		}
	}
	return nil
}

// putUnsteady counts what the two looks of a check did not agree on.
func (p *plan) putUnsteady(ctx context.Context, tx *sql.Tx) error {
	if len(p.r.Unsteady) == 0 {
		return nil
	}
	for _, s := range p.r.Unsteady {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO unsteady (key, article, kind, path, text, times, steady, since)
			VALUES (?, ?, ?, ?, ?, 1, ?, ?)
			ON CONFLICT DO UPDATE
			SET times = times + 1, steady = max(steady, excluded.steady), path = excluded.path, text = excluded.text`,
			s.Key, p.article.ID, string(s.Kind), s.Path, s.Text, s.Steady, ms0(p.check.At))
		if err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `
		DELETE FROM unsteady
		WHERE article = ?1
		  AND key IN (
			SELECT key
			FROM unsteady
			WHERE article = ?1
			  AND times < ?2
			ORDER BY since DESC, key
			LIMIT -1 OFFSET ?3)`, p.article.ID, sureAfter, maxUnsure)
	return err
}

// Furniture returns what was learned to be no part of an outlet's articles: the
// lines that stand in several, and the lines and places that looks found
// unsteady. Those that most articles have come first.
func (db *DB) Furniture(ctx context.Context, outlet string) ([]tracker.Furniture, error) {
	all, err := collect(ctx, db.read, scanFurniture, `
		SELECT 'neighbours' AS why, line.text, line.path, count(*) AS articles, min(v.captured_at) AS since
		FROM article a
		JOIN lesson l ON l.article = a.id
		JOIN line ON line.key = l.key
		JOIN version v ON v.article = l.article AND v.n = l.n
		WHERE a.outlet = ?1
		GROUP BY l.key
		HAVING count(*) > 1
		UNION ALL
		SELECT u.kind, max(u.text), max(u.path), count(*) FILTER (WHERE u.times >= ?2), min(u.since)
		FROM article a
		JOIN unsteady u ON u.article = a.id
		WHERE a.outlet = ?1
		GROUP BY u.key, u.kind
		HAVING max(u.steady) = 0
		   AND max(u.times) >= ?2
		ORDER BY articles DESC, since, why, text`, outlet, sureAfter)
	return all, failed(err, "reading the furniture of %s", outlet)
}

func scanFurniture(row scanner) (f tracker.Furniture, err error) {
	err = row.Scan(&f.Why, &f.Text, &f.Path, &f.Articles, when0(&f.Since))
	return f, err
}
