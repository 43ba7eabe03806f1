package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"time"

	"storydiff/tracker"
)

// Keep stores a capture before anything is derived from it, and gives it its ID
// and hashes. A nil Wire stands for Body. ErrNotFound: its article is not there.
//
// The body is kept for good, once however often the article shows it. The bytes
// of the wire are kept beside it where a content coding parted the two, until
// Record learns that the capture showed nothing new.
func (db *DB) Keep(ctx context.Context, c *tracker.Capture) error {
	if c.Wire == nil {
		c.Wire = c.Body
	}
	sum, bodySum := sha256.Sum256(c.Wire), sha256.Sum256(c.Body)
	body, err := db.encodeBody(ctx, c.ArticleID, c.Body, bodySum)
	if err != nil {
		return failed(err, "keeping a capture of article %d", c.ArticleID)
	}
	var captureID int64
	err = db.withRoom(func() error {
		return db.inTx(ctx, func(tx *sql.Tx) error {
			bodyID, err := putBody(ctx, tx, c, bodySum, body)
			if err != nil {
				return err
			}
			captureID, err = insertCapture(ctx, tx, c, sum, bodyID)
			return err
		})
	})
	if missingParent(err) {
		err = tracker.ErrNotFound
	}
	if err != nil {
		return failed(err, "keeping a capture of article %d", c.ArticleID)
	}
	c.ID, c.SHA256, c.BodySHA256 = captureID, sum, bodySum
	return nil
}

// encodeBody compresses a body, outside of the transaction since that takes
// some milliseconds. The frame has no data where the body is there already.
func (db *DB) encodeBody(ctx context.Context, articleID int64, body []byte, sum [32]byte) (frame, error) {
	there := false
	bases, err := collect(ctx, db.read, func(row scanner) (b base, err error) {
		err = row.Scan(&there, optional{&b.id}, &b.packed, digest{&b.sum}, &b.used)
		return b, err
	}, bodyBases, articleID, sum[:], minBase, basesTried)
	if err != nil || there {
		return frame{}, err
	}
	return db.codec.encode(body, bases)
}

// bodyBases asks whether a body is there, and if not for the newest bases of its
// article that are worth a try; a row without one where there is none.
const bodyBases = `
	SELECT t.there, b.id, b.zstd, b.sha256, coalesce(b.used, 0)
	FROM (SELECT EXISTS (SELECT 1 FROM body WHERE article = ?1 AND sha256 = ?2 AND dropped IS NULL) AS there) AS t
	LEFT JOIN (
		SELECT id, zstd, sha256, (SELECT COUNT(*) FROM body d WHERE d.base_id = body.id) AS used
		FROM body
		WHERE article = ?1
		  AND base_id IS NULL
		  AND dropped IS NULL
		  AND size >= ?3
		ORDER BY id DESC
		LIMIT ?4) AS b ON NOT t.there`

// putBody returns the id of a body, which it stores where it is not there.
func putBody(ctx context.Context, tx *sql.Tx, c *tracker.Capture, sum [32]byte, body frame) (bodyID int64, err error) {
	if body.data != nil {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO body (article, sha256, size, base_id, zstd)
			VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE
			SET zstd = excluded.zstd, base_id = excluded.base_id, dropped = NULL
			WHERE dropped IS NOT NULL`, c.ArticleID, sum[:], len(c.Body), ref(body.base), body.data)
		if err != nil {
			return 0, err
		}
	}
	err = tx.QueryRowContext(ctx,
		`SELECT id FROM body WHERE article = ? AND sha256 = ? AND dropped IS NULL`, c.ArticleID, sum[:]).Scan(&bodyID)
	if err == sql.ErrNoRows {
		// It was there a moment ago: the article has been purged since.
		return 0, tracker.ErrNotFound
	}
	return bodyID, err
}

func insertCapture(ctx context.Context, tx *sql.Tx, c *tracker.Capture, sum [32]byte, bodyID int64) (int64, error) {
	var wire any
	if !bytes.Equal(c.Wire, c.Body) {
		wire = c.Wire
	}
	done, err := tx.ExecContext(ctx, `
		INSERT INTO capture (article, url, final, hops, status, proto, header, began, ended, sha256, body, wire)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ArticleID, c.URL, c.Final, asJSON(c.Hops), c.Status, c.Proto, headerText(c.Header),
		ms0(c.Began), ms0(c.Ended), sum[:], bodyID, wire)
	if err != nil {
		return 0, err
	}
	return done.LastInsertId()
}

const captureQuery = `
	SELECT c.id, c.article, c.url, c.final, c.hops, c.status, c.proto, c.header,
	       c.began, c.ended, c.sha256, c.wire, c.wire_dropped, b.sha256, b.zstd, b.dropped, base.zstd
	FROM capture c
	JOIN body b ON b.id = c.body
	LEFT JOIN body base ON base.id = b.base_id
`

// Capture returns one capture with its bytes. Where Record dropped those of the
// wire, Wire is nil and SHA256 still says what they were; where Trim did,
// WireDropped says when, and where it dropped the body too, the error is a
// *tracker.DroppedError, which is ErrNotFound. The bytes are held
// against their hashes: an error that wraps ErrDamaged names a capture for
// which they do not hold.
func (db *DB) Capture(ctx context.Context, id int64) (tracker.Capture, error) {
	c, err := db.scanCapture(db.read.QueryRowContext(ctx, captureQuery+`WHERE c.id = ?`, id))
	return c, notFound(err, "capture %d", id)
}

// CaptureHead returns one capture without its bytes, also where those were
// dropped: what was asked for, what answered, the headers and the hashes.
func (db *DB) CaptureHead(ctx context.Context, id int64) (c tracker.Capture, err error) {
	err = db.read.QueryRowContext(ctx, `
		SELECT c.id, c.article, c.url, c.final, c.hops, c.status, c.proto, c.header,
		       c.began, c.ended, c.sha256, c.wire_dropped, b.sha256
		FROM capture c
		JOIN body b ON b.id = c.body
		WHERE c.id = ?`, id).Scan(&c.ID, &c.ArticleID, &c.URL, &c.Final, jsonColumn{&c.Hops}, &c.Status, &c.Proto, headerColumn{&c.Header},
		when0(&c.Began), when0(&c.Ended), digest{&c.SHA256}, when(&c.WireDropped), digest{&c.BodySHA256})
	return c, notFound(err, "capture %d", id)
}

// Pending returns the kept captures of an article that no check speaks of,
// oldest first, with their bytes.
func (db *DB) Pending(ctx context.Context, articleID int64) ([]tracker.Capture, error) {
	all, err := collect(ctx, db.read, db.scanPending, captureQuery+`
		WHERE c.article = ?
		  AND c.pending = 1
		ORDER BY c.id`, articleID)
	return all, failed(err, "reading the pending captures of article %d", articleID)
}

func (db *DB) scanPending(row scanner) (tracker.Capture, error) {
	c, err := db.scanCapture(row)
	return c, failed(err, "capture %d", c.ID)
}

func (db *DB) scanCapture(row scanner) (c tracker.Capture, err error) {
	var data, baseData []byte
	var dropped time.Time
	err = row.Scan(&c.ID, &c.ArticleID, &c.URL, &c.Final, jsonColumn{&c.Hops}, &c.Status, &c.Proto, headerColumn{&c.Header},
		when0(&c.Began), when0(&c.Ended), digest{&c.SHA256}, &c.Wire, when(&c.WireDropped), digest{&c.BodySHA256}, &data, when(&dropped), &baseData)
	if err != nil {
		return c, err
	}
	if !dropped.IsZero() {
		return c, &tracker.DroppedError{At: dropped}
	}
	if c.Body, err = db.decodeStar(data, baseData); err != nil {
		return c, err
	}
	if c.SHA256 == c.BodySHA256 {
		c.Wire = c.Body
	}
	return c, holds(&c)
}

// decodeStar decodes a frame whose base, where it has one, is a frame itself.
func (db *DB) decodeStar(data, baseData []byte) ([]byte, error) {
	if baseData == nil {
		return db.codec.decode(data, nil)
	}
	text, err := db.codec.decodeBase(baseData)
	if err != nil {
		return nil, err
	}
	return db.codec.decode(data, text)
}

// holds reports bytes of a capture that are not those that were stored.
func holds(c *tracker.Capture) error {
	if sha256.Sum256(c.Body) != c.BodySHA256 {
		return fmt.Errorf("%w: the body does not match its SHA-256", ErrDamaged)
	}
	if c.Wire != nil && sha256.Sum256(c.Wire) != c.SHA256 {
		return fmt.Errorf("%w: the bytes of the wire do not match their SHA-256", ErrDamaged)
	}
	return nil
}
