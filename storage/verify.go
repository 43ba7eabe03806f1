package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A Flaw is something in the database that does not hold.
type Flaw struct {
	Kind     string // "body", "capture", "version", "article", "file" for the structure of the file, or "reference" for a row whose parent is not there
	ID       int64  // of the body, capture or article; 0: none
	Article  int64  // 0: of none, or it cannot be told
	Versions []int  // numbers of those that were read from the damaged bytes, or the version itself; at most 20
	Detail   string // a sentence
}

// mostVersions is how many versions a flaw names.
const mostVersions = 20

// mostStructural is how many flaws of the file's structure are told of, and how
// many references without their row.
const mostStructural = 100

// A Tally is how much Verify read.
type Tally struct{ Bodies, Captures, Versions, Articles int }

// VerifySteps returns about how many rows Verify will read.
func (db *DB) VerifySteps(ctx context.Context) (n int, err error) {
	for _, table := range verified {
		last, err := db.lastID(ctx, table.name)
		if err != nil {
			return 0, failed(err, "counting what is to be verified")
		}
		n += int(last)
	}
	return n, nil
}

// verified are the tables whose rows are held against their hashes.
var verified = []struct {
	name  string
	check func(db *DB, ctx context.Context, id int64) (Flaw, error)
	count func(t *Tally) *int
}{
	{"body", (*DB).verifyBody, func(t *Tally) *int { return &t.Bodies }},
	{"capture", (*DB).verifyCapture, func(t *Tally) *int { return &t.Captures }},
	{"version", (*DB).verifyVersion, func(t *Tally) *int { return &t.Versions }},
	{"article", (*DB).verifyArticle, func(t *Tally) *int { return &t.Articles }},
}

// Verify reads everything once and recomputes every hash: of the bodies of
// pages, of their bytes as they came over the wire, and of the texts of
// versions. It holds the structure of the file, the references between rows and
// the numbering of versions as well. Each flaw goes to found, whatever is
// damaged otherwise; step is called after each row. One row is in memory at a
// time, and nothing is locked, so that a daemon may go on.
//
// An error says that it could not be done. What holds for bytes is not known of
// those that were dropped: of these there is the hash alone.
func (db *DB) Verify(ctx context.Context, step func(), found func(Flaw)) (t Tally, err error) {
	if err := db.verifyFile(ctx, found); err != nil {
		return t, failed(err, "verifying %s", db.path)
	}
	for _, table := range verified {
		last, err := db.lastID(ctx, table.name)
		if err != nil {
			return t, failed(err, "verifying %s", db.path)
		}
		for id := int64(1); id <= last; id++ {
			flaw, err := table.check(db, ctx, id)
			switch {
			case ctx.Err() != nil:
				return t, ctx.Err()
			case errors.Is(err, sql.ErrNoRows): // purged
			case err != nil:
				flaw.Detail = sentence(explain(err))
				found(flaw)
				fallthrough
			default:
				*table.count(&t)++
			}
			step()
		}
	}
	return t, nil
}

// sentence says what is damaged, and leaves out that something is and what there
// is to do about it: that is said once.
func sentence(err error) string {
	text := err.Error()
	_, rest, ok := strings.Cut(text, ErrDamaged.Error())
	if rest = strings.TrimPrefix(strings.TrimPrefix(rest, "; restore it from a backup"), ": "); ok && rest != "" {
		return rest
	}
	return text
}

// lastID returns the largest number that a row of a table ever had. Counting up
// to it reaches every row also where an index or a page is damaged.
func (db *DB) lastID(ctx context.Context, table string) (last int64, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?`, table).Scan(&last)
	return last, err
}

// verifyFile has SQLite look at the structure of the file.
func (db *DB) verifyFile(ctx context.Context, found func(Flaw)) error {
	structure, err := collect(ctx, db.read, scanText, fmt.Sprintf(`PRAGMA integrity_check(%d)`, mostStructural))
	if err := flawOr(err, found); err != nil {
		return err
	}
	for _, text := range structure {
		if text != "ok" {
			found(Flaw{Kind: "file", Detail: strings.Join(strings.Fields(text), " ")})
		}
	}
	orphans, err := collect(ctx, db.read, func(row scanner) (f Flaw, err error) {
		var table, parent string
		var id sql.NullInt64
		err = row.Scan(&table, &id, &parent)
		return Flaw{Kind: "reference", ID: id.Int64, Detail: fmt.Sprintf("row %d of table %s refers to a row of table %s that is not there", id.Int64, table, parent)}, err
	}, `SELECT "table", rowid, parent FROM pragma_foreign_key_check LIMIT ?`, mostStructural)
	for _, f := range orphans {
		found(f)
	}
	return flawOr(err, found)
}

// flawOr makes a flaw of an error that says that the file is damaged or cannot be
// read, and returns any other.
func flawOr(err error, found func(Flaw)) error {
	if err = explain(err); !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrUnreadable) {
		return err
	}
	found(Flaw{Kind: "file", Detail: sentence(err)})
	return nil
}

// verifyBody decodes a body and holds it against its hash and size.
func (db *DB) verifyBody(ctx context.Context, id int64) (Flaw, error) {
	f := Flaw{Kind: "body", ID: id}
	b, err := db.readBody(ctx, id)
	f.Article = b.article
	if err != nil {
		f.Versions = db.readFrom(ctx, `c.body = ?`, id)
	}
	return f, err
}

// A storedBody is a page as it was captured.
type storedBody struct {
	article int64
	text    []byte
	dropped bool // the text is no longer kept
	sum     [32]byte
	size    int
}

// readBody decodes a body. Its error wraps [ErrDamaged] where it is not the one that
// was stored.
func (db *DB) readBody(ctx context.Context, id int64) (b storedBody, err error) {
	var data, baseData []byte
	var dropped time.Time
	err = db.read.QueryRowContext(ctx, `
		SELECT b.article, b.sha256, b.size, b.zstd, b.dropped, base.zstd
		FROM body b
		LEFT JOIN body base ON base.id = b.base_id
		WHERE b.id = ?`, id).Scan(&b.article, digest{&b.sum}, &b.size, &data, when(&dropped), &baseData)
	if b.dropped = !dropped.IsZero(); err != nil || b.dropped {
		return b, err
	}
	b.text, err = db.decodeStar(data, baseData)
	switch {
	case err == nil && sha256.Sum256(b.text) != b.sum:
		err = fmt.Errorf("%w: the body does not match its SHA-256", ErrDamaged)
	case err == nil && len(b.text) != b.size:
		err = fmt.Errorf("%w: the body has %d bytes where %d were stored", ErrDamaged, len(b.text), b.size)
	}
	return b, err
}

// readFrom returns the numbers of the versions that were read from some captures,
// as far as they can be had.
func (db *DB) readFrom(ctx context.Context, captures string, id int64) []int {
	all, _ := collect(ctx, db.read, func(row scanner) (n int, err error) {
		err = row.Scan(&n)
		return n, err
	}, `
		SELECT DISTINCT v.n
		FROM capture c
		JOIN version v ON c.id IN (v.capture, v.second)
		WHERE `+captures+`
		  AND v.article = c.article
		ORDER BY v.n
		LIMIT ?`, id, mostVersions)
	return all
}

// verifyCapture holds the bytes of the wire against their hash, where they are
// others than the body's.
func (db *DB) verifyCapture(ctx context.Context, id int64) (Flaw, error) {
	f := Flaw{Kind: "capture", ID: id}
	var wire []byte
	var sum [32]byte
	err := db.read.QueryRowContext(ctx, `SELECT article, sha256, wire FROM capture WHERE id = ?`, id).Scan(&f.Article, digest{&sum}, &wire)
	if err == nil && wire != nil && sha256.Sum256(wire) != sum {
		err = fmt.Errorf("%w: the bytes of the wire do not match their SHA-256", ErrDamaged)
	}
	if err != nil {
		f.Versions = db.readFrom(ctx, `c.id = ?`, id)
	}
	return f, err
}

// verifyVersion holds a version against the hash of its text.
func (db *DB) verifyVersion(ctx context.Context, id int64) (Flaw, error) {
	f := Flaw{Kind: "version"}
	v, err := db.scanVersion(db.read.QueryRowContext(ctx, versionQuery+`WHERE v.id = ?`, id))
	f.Article = v.ArticleID
	if v.N > 0 {
		f.Versions = []int{v.N}
	}
	return f, err
}

// verifyArticle holds what an article says of its versions against those that
// there are, and so its index for searching.
func (db *DB) verifyArticle(ctx context.Context, id int64) (Flaw, error) {
	f := Flaw{Kind: "article", ID: id, Article: id}
	var said, there, newest int
	err := db.read.QueryRowContext(ctx, `
		SELECT versions,
		       (SELECT COUNT(*) FROM version v WHERE v.article = a.id),
		       (SELECT coalesce(max(n), 0) FROM version v WHERE v.article = a.id)
		FROM article a
		WHERE id = ?`, id).Scan(&said, &there, &newest)
	if err == nil && said == there && there == newest {
		err = db.verifySearch(ctx, id)
	} else if err == nil {
		err = fmt.Errorf("%w: it has %d versions, the newest is number %d, and %d are there", ErrDamaged, said, newest, there)
	}
	return f, err
}
