package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"storydiff/tracker"
)

// maxAnnotations bounds the notes on one article: its page shows them all.
const maxAnnotations = 200

// ErrTooMany is returned, wrapped, where no more can be kept of a thing.
var ErrTooMany = errors.New("there are too many")

// Annotate keeps a note on the change between two versions of an article, and
// gives it its ID; a.At is cut to milliseconds. ErrNotFound: the article or one of
// the versions is not there. ErrTooMany: it has 200 already.
func (db *DB) Annotate(ctx context.Context, a *tracker.Annotation) error {
	if err := a.Check(); err != nil {
		return err
	}
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		var versions, notes int
		err := tx.QueryRowContext(ctx, `
			SELECT (SELECT COUNT(*) FROM version WHERE article = ?1 AND n IN (?2, ?3)),
			       (SELECT COUNT(*) FROM annotation WHERE article = ?1)`, a.ArticleID, a.From, a.To).Scan(&versions, &notes)
		switch {
		case err != nil:
			return err
		case versions < 2:
			return sql.ErrNoRows
		case notes >= maxAnnotations:
			return fmt.Errorf("%w notes on it: %d", ErrTooMany, notes)
		}
		return tx.QueryRowContext(ctx, `
			INSERT INTO annotation (article, from_n, to_n, label, text, author, at)
			VALUES (?, ?, ?, ?, ?, ?, ?)
			RETURNING id`, a.ArticleID, a.From, a.To, a.Label, a.Text, a.By, ms0(a.At)).Scan(&a.ID)
	})
	if err != nil {
		return notFound(err, "noting something on versions %d to %d of article %d", a.From, a.To, a.ArticleID)
	}
	a.At = time.UnixMilli(ms0(a.At)).UTC()
	return nil
}

// Unannotate deletes a note on an article. ErrNotFound: it has none of that ID.
func (db *DB) Unannotate(ctx context.Context, articleID, id int64) error {
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		return one(tx.ExecContext(ctx, `DELETE FROM annotation WHERE id = ? AND article = ?`, id, articleID))
	})
	return notFound(err, "deleting note %d on article %d", id, articleID)
}

// Annotations returns all notes on an article, oldest first.
func (db *DB) Annotations(ctx context.Context, articleID int64) ([]tracker.Annotation, error) {
	all, err := collect(ctx, db.read, scanAnnotation, `
		SELECT id, article, from_n, to_n, label, text, author, at
		FROM annotation
		WHERE article = ?
		ORDER BY id`, articleID)
	return all, failed(err, "reading the notes on article %d", articleID)
}

func scanAnnotation(row scanner) (a tracker.Annotation, err error) {
	err = row.Scan(&a.ID, &a.ArticleID, &a.From, &a.To, &a.Label, &a.Text, &a.By, when0(&a.At))
	return a, err
}

// annotationsColumn gives the notes on the change c as JSON, oldest first. Few
// changes have any, and to set up a sorter takes longer than to look.
const annotationsColumn = `
	CASE WHEN EXISTS (SELECT 1 ` + annotationsOf + `)
	     THEN (SELECT json_group_array(json_object('id', n.id, 'label', n.label, 'text', n.text, 'by', n.author, 'at', n.at) ORDER BY n.id) ` + annotationsOf + `)
	     ELSE '[]'
	END`

const annotationsOf = `
	FROM annotation n
	WHERE n.article = c.article
	  AND n.to_n = c.to_n
	  AND n.from_n = c.from_n`

// A keptAnnotation is one as annotationsColumn has it.
type keptAnnotation struct {
	ID    int64  `json:"id"`
	Label string `json:"label"`
	Text  string `json:"text"`
	By    string `json:"by"`
	At    int64  `json:"at"` // unix milliseconds
}

// annotated gives a change the notes on it.
func annotated(c *tracker.Change, kept []keptAnnotation) {
	for _, k := range kept {
		c.Annotations = append(c.Annotations, tracker.Annotation{
			ID: k.ID, ArticleID: c.ArticleID, From: c.From, To: c.To,
			Label: k.Label, Text: k.Text, By: k.By, At: time.UnixMilli(k.At).UTC(),
		})
	}
}
