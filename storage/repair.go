package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Repair looks for what does not hold, as Verify does, and takes from a backup of
// this very database the pages, the bytes of the wire and the texts that are
// damaged here and whole there. What the backup cannot mend stays as it is: the
// structure of the file, rows that were lost, and what came after the backup.
//
// Each flaw goes to told with nil once it is mended and was read back, and with
// why not otherwise. The backup is only read. An error says that nothing could be
// compared at all.
func (db *DB) Repair(ctx context.Context, backup string, step func(), told func(f Flaw, why error)) error {
	from, err := db.openBackup(ctx, backup)
	if err != nil {
		return fmt.Errorf("reading the backup %s: %w", backup, explain(err))
	}
	defer from.read.Close()
	var flaws []Flaw
	if _, err := db.Verify(ctx, step, func(f Flaw) { flaws = append(flaws, f) }); err != nil {
		return err
	}
	for _, f := range flaws { // a base comes before what was compressed against it
		err := db.mend(ctx, from, f)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		told(f, err)
	}
	return nil
}

// openBackup opens a file that Backup wrote of a database such as this one, to be
// read alone.
func (db *DB) openBackup(ctx context.Context, file string) (*DB, error) {
	path, err := locate(file)
	if err != nil {
		return nil, err
	}
	there, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("there is no such file")
	case err != nil:
		return nil, cause(err)
	case db.isAt(there):
		return nil, errors.New("it is the database itself")
	}
	own, err := readStamp(ctx, db.read)
	if err != nil {
		return nil, err
	}
	read, s, err := openStill(ctx, path)
	if err != nil {
		return nil, err
	}
	switch {
	case s.application != applicationID:
		err = errors.New("it is no storydiff database")
	case s.schema != own.schema:
		err = fmt.Errorf("it was made by another version of storydiff: storydiff status --db %s brings it up to date", file)
	}
	if err != nil {
		return nil, errors.Join(err, read.Close())
	}
	codec, err := newCodec()
	if err != nil {
		return nil, errors.Join(err, read.Close())
	}
	return &DB{read: read, path: path, codec: codec}, nil
}

var errNoHelp = errors.New("no backup of single rows mends that: restore the whole file")

// mend takes from a backup what a flaw is about.
func (db *DB) mend(ctx context.Context, from *DB, f Flaw) error {
	if f.Article == 0 || f.Kind == "article" {
		return errNoHelp
	}
	if err := db.sameArticle(ctx, from, f.Article); err != nil {
		return err
	}
	switch f.Kind {
	case "body":
		return db.mendBody(ctx, from, f.ID)
	case "capture":
		return db.mendCapture(ctx, from, f.ID)
	case "version":
		if len(f.Versions) == 1 {
			return db.mendVersion(ctx, from, f.Article, f.Versions[0])
		}
	}
	return errNoHelp
}

// sameArticle makes sure that a number means the same article in both.
func (db *DB) sameArticle(ctx context.Context, from *DB, id int64) error {
	const query = `SELECT url || char(10) || added_at FROM article WHERE id = ?`
	var here, there string
	if err := db.read.QueryRowContext(ctx, query, id).Scan(&here); err != nil {
		return explain(err)
	}
	err := from.read.QueryRowContext(ctx, query, id).Scan(&there)
	if err == sql.ErrNoRows || err == nil && here != there {
		return errors.New("the backup does not have that article")
	}
	return explain(err)
}

// notThere says that a row came after the backup.
func notThere(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errors.New("the backup does not have it: it is older")
	}
	return fmt.Errorf("in the backup: %w", explain(err))
}

// mendBody stores a page as a frame of its own, so that it hangs on no other.
func (db *DB) mendBody(ctx context.Context, from *DB, id int64) error {
	if _, err := db.verifyBody(ctx, id); err == nil {
		return nil // its base alone was damaged
	}
	b, err := from.readBody(ctx, id)
	if err != nil {
		return notThere(err)
	}
	if b.dropped {
		return notThere(sql.ErrNoRows)
	}
	alone, err := db.codec.encode(b.text, nil)
	if err != nil {
		return err
	}
	err = db.exec(ctx, `UPDATE body SET zstd = ?2, base_id = NULL, sha256 = ?3, size = ?4 WHERE id = ?1`, id, alone.data, b.sum[:], b.size)
	if err != nil {
		return explain(err)
	}
	_, err = db.verifyBody(ctx, id)
	return explain(err)
}

func (db *DB) mendCapture(ctx context.Context, from *DB, id int64) error {
	if _, err := from.verifyCapture(ctx, id); err != nil {
		return notThere(err)
	}
	var sum, wire []byte
	if err := from.read.QueryRowContext(ctx, `SELECT sha256, wire FROM capture WHERE id = ?`, id).Scan(&sum, &wire); err != nil {
		return notThere(err)
	}
	if err := db.exec(ctx, `UPDATE capture SET sha256 = ?2, wire = ?3 WHERE id = ?1`, id, sum, wire); err != nil {
		return explain(err)
	}
	_, err := db.verifyCapture(ctx, id)
	return explain(err)
}

// mendVersion takes a version's text with all that was read with it.
func (db *DB) mendVersion(ctx context.Context, from *DB, articleID int64, n int) error {
	if _, err := db.Version(ctx, articleID, n); err == nil {
		return nil
	}
	v, err := from.scanVersion(from.read.QueryRowContext(ctx, versionQuery+`
		WHERE v.article = ?
		  AND v.n = ?`, articleID, n))
	if err != nil {
		return notThere(err)
	}
	blocks, err := db.codec.encode([]byte(asJSON(v.Story.Blocks)), nil)
	if err != nil {
		return err
	}
	s := &v.Story
	err = db.exec(ctx, `
		UPDATE version
		SET headline = ?3, standfirst = ?4, byline = ?5, published = ?6, modified = ?7, lang = ?8, site = ?9, canonical = ?10,
		    sources = ?11, base_id = NULL, blocks = ?12, sha256 = ?13, content_key = ?14, extractor = ?15, words = ?16, loose = ?17, doubt = ?18
		WHERE article = ?1
		  AND n = ?2`, articleID, n, s.Headline, s.Standfirst, s.Byline, ms(s.Published), ms(s.Modified), s.Lang, s.Site, s.Canonical,
		asJSON(s.Sources), blocks.data, v.SHA256[:], v.Key[:], v.Extractor, v.Words, numbersText(v.Loose), numbersText(v.Doubt))
	if err != nil {
		return explain(err)
	}
	_, err = db.Version(ctx, articleID, n)
	return err
}
