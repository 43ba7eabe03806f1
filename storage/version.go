package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
	"unicode/utf8"

	"storydiff/tracker"
	"storydiff/tracker/extract"
)

// errText refuses a story that would not come back as it is.
var errText = errors.New("the story has text that is not UTF-8")

// encodeBlocks compresses the blocks of a version, with their links, against
// those of an earlier one of the article.
func (db *DB) encodeBlocks(ctx context.Context, articleID int64, v *tracker.Version) (frame, error) {
	if err := readable(v); err != nil {
		return frame{}, err
	}
	bases, err := collect(ctx, db.read, scanVersionBase, `
		SELECT v.id, v.blocks, (SELECT COUNT(*) FROM version d WHERE d.base_id = v.id)
		FROM version v
		WHERE v.article = ?
		  AND v.base_id IS NULL
		ORDER BY v.n DESC
		LIMIT ?`, articleID, basesTried)
	if err != nil {
		return frame{}, err
	}
	return db.codec.encode([]byte(asJSON(v.Story.Blocks)), bases)
}

// readable makes sure that a version will pass its own hash when it is read; it
// works out one that is not given.
func readable(v *tracker.Version) error {
	for _, block := range v.Story.Blocks {
		if !utf8.ValidString(string(block.Kind)) || !utf8.ValidString(block.Text) || !utf8.ValidString(block.End) {
			return errText
		}
		for _, link := range block.Links {
			if !utf8.ValidString(link.Text) || !utf8.ValidString(link.URL) {
				return errText
			}
		}
	}
	if v.SHA256 == [32]byte{} {
		v.SHA256 = v.Story.SHA256()
	}
	if v.SHA256 != v.Story.SHA256() {
		return errors.New("the SHA-256 of the version is not that of its text")
	}
	return nil
}

func scanVersionBase(row scanner) (b base, err error) {
	err = row.Scan(&b.id, &b.packed, &b.used)
	return b, err
}

func insertVersion(ctx context.Context, tx *sql.Tx, v *tracker.Version, blocks frame) error {
	s := &v.Story
	_, err := tx.ExecContext(ctx, `
		INSERT INTO version (article, n, captured_at, capture, headline, standfirst, byline, published, modified,
			lang, site, canonical, sources, base_id, blocks, sha256, content_key, extractor, words, reverts_to, second, loose, doubt)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		v.ArticleID, v.N, ms0(v.CapturedAt), ref(v.CaptureID), s.Headline, s.Standfirst, s.Byline, ms(s.Published), ms(s.Modified),
		s.Lang, s.Site, s.Canonical, asJSON(s.Sources), ref(blocks.base), blocks.data, v.SHA256[:], v.Key[:], v.Extractor, v.Words, v.RevertsTo,
		ref(v.SecondID), numbersText(v.Loose), numbersText(v.Doubt))
	return err
}

const versionQuery = `
	SELECT v.article, v.n, v.captured_at, v.capture, c.sha256, v.headline, v.standfirst, v.byline,
	       v.published, v.modified, v.lang, v.site, v.canonical, v.sources, v.blocks, base.blocks,
	       v.sha256, v.content_key, v.extractor, v.words, v.reverts_to, v.second, v.loose, v.doubt
	FROM version v
	LEFT JOIN capture c ON c.id = v.capture
	LEFT JOIN version base ON base.id = v.base_id
`

// Versions returns the versions of an article, oldest first; none where there
// is no such article. Each is held against its hash.
func (db *DB) Versions(ctx context.Context, articleID int64) ([]tracker.Version, error) {
	all, err := collect(ctx, db.read, db.scanVersion, versionQuery+`
		WHERE v.article = ?
		ORDER BY v.n`, articleID)
	return all, failed(err, "reading the versions of article %d", articleID)
}

// Heads returns the newest versions of an article without their texts, oldest first:
// those up to the one numbered last, or all where that is 0, and at most limit of
// them. What is not read has no hash to be held against.
func (db *DB) Heads(ctx context.Context, articleID int64, last, limit int) ([]tracker.Version, error) {
	if last <= 0 {
		last = math.MaxInt32
	}
	all, err := collect(ctx, db.read, scanHead, `
		SELECT `+headColumns+`
		FROM version v
		LEFT JOIN capture c ON c.id = v.capture
		WHERE v.article = ?
		  AND v.n <= ?
		ORDER BY v.n DESC
		LIMIT ?`, articleID, last, limitOf(limit))
	slices.Reverse(all)
	return all, failed(err, "reading the versions of article %d", articleID)
}

func scanHead(row scanner) (v tracker.Version, err error) {
	err = row.Scan(headInto(&v)...)
	return v, err
}

// headColumns are what is read of a version v, and of its capture c, without its text.
const headColumns = `
	v.article, v.n, v.captured_at, v.capture, c.sha256, v.headline, v.standfirst, v.byline,
	v.published, v.modified, v.lang, v.site, v.canonical, v.sources,
	v.sha256, v.content_key, v.extractor, v.words, v.reverts_to, v.second, v.loose, v.doubt`

// headInto is where the headColumns go.
func headInto(v *tracker.Version) []any {
	s := &v.Story
	return []any{&v.ArticleID, &v.N, when0(&v.CapturedAt), optional{&v.CaptureID}, digest{&v.CaptureSHA}, &s.Headline, &s.Standfirst, &s.Byline,
		when(&s.Published), when(&s.Modified), &s.Lang, &s.Site, &s.Canonical, jsonColumn{&s.Sources},
		digest{&v.SHA256}, digest{&v.Key}, &v.Extractor, &v.Words, &v.RevertsTo,
		optional{&v.SecondID}, jsonColumn{&v.Loose}, jsonColumn{&v.Doubt}}
}

// Version returns version n of an article. An error that wraps ErrDamaged names
// a version that does not match its hash.
func (db *DB) Version(ctx context.Context, articleID int64, n int) (tracker.Version, error) {
	v, err := db.scanVersion(db.read.QueryRowContext(ctx, versionQuery+`
		WHERE v.article = ?
		  AND v.n = ?`, articleID, n))
	if errors.Is(err, sql.ErrNoRows) {
		return v, notFound(err, "version %d of article %d", n, articleID)
	}
	return v, failed(err, "reading article %d", articleID)
}

func (db *DB) scanVersion(row scanner) (v tracker.Version, err error) {
	var blocks, baseBlocks []byte
	s := &v.Story
	err = row.Scan(&v.ArticleID, &v.N, when0(&v.CapturedAt), optional{&v.CaptureID}, digest{&v.CaptureSHA}, &s.Headline, &s.Standfirst, &s.Byline,
		when(&s.Published), when(&s.Modified), &s.Lang, &s.Site, &s.Canonical, jsonColumn{&s.Sources}, &blocks, &baseBlocks,
		digest{&v.SHA256}, digest{&v.Key}, &v.Extractor, &v.Words, &v.RevertsTo,
		optional{&v.SecondID}, jsonColumn{&v.Loose}, jsonColumn{&v.Doubt})
	if err != nil {
		return v, err
	}
	if s.Blocks, err = db.decodeBlocks(blocks, baseBlocks); err != nil {
		return v, fmt.Errorf("version %d: %w", v.N, err)
	}
	if s.SHA256() != v.SHA256 {
		return v, fmt.Errorf("version %d: %w: its text does not match its SHA-256", v.N, ErrDamaged)
	}
	return v, nil
}

func (db *DB) decodeBlocks(data, baseData []byte) (blocks []extract.Block, err error) {
	text, err := db.decodeStar(data, baseData)
	if err != nil {
		return nil, err
	}
	if err := readJSON(text, &blocks); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return blocks, nil
}

// VersionTimes returns when each version of an article was first seen, oldest
// first, without reading a text.
func (db *DB) VersionTimes(ctx context.Context, articleID int64) ([]tracker.VersionTime, error) {
	all, err := collect(ctx, db.read, func(row scanner) (v tracker.VersionTime, err error) {
		err = row.Scan(&v.N, when0(&v.CapturedAt))
		return v, err
	}, `
		SELECT n, captured_at
		FROM version
		WHERE article = ?
		ORDER BY n`, articleID)
	return all, failed(err, "reading the versions of article %d", articleID)
}

// Latest returns the newest version of an article and the newest check that
// showed it: one that was new, changed, unchanged, not modified or restored.
// The version's N is 0 where there is none.
func (db *DB) Latest(ctx context.Context, articleID int64) (v tracker.Version, last tracker.Check, err error) {
	v, err = db.scanVersion(db.read.QueryRowContext(ctx, versionQuery+`
		WHERE v.article = ?
		ORDER BY v.n DESC
		LIMIT 1`, articleID))
	if err == sql.ErrNoRows {
		return tracker.Version{}, last, nil
	}
	if err != nil {
		return v, last, failed(err, "reading article %d", articleID)
	}
	last, err = scanCheck(db.read.QueryRowContext(ctx, checkQuery+`
		WHERE article = ?
		  AND version = ?
		  AND outcome IN ('new', 'changed', 'unchanged', 'not-modified', 'restored')
		ORDER BY id DESC
		LIMIT 1`, articleID, v.N))
	return v, last, notFound(err, "the check that showed version %d of article %d", v.N, articleID)
}

// LatestHead is Latest, but the version is without its text, which is not held
// against its hash therefore.
func (db *DB) LatestHead(ctx context.Context, articleID int64) (v tracker.Version, last tracker.Check, err error) {
	var elapsed int64
	err = db.read.QueryRowContext(ctx, `
		SELECT `+headColumns+`, `+checkColumns+`
		FROM version v
		LEFT JOIN capture c ON c.id = v.capture
		JOIN look l ON l.id = (
			SELECT id
			FROM look
			WHERE article = v.article
			  AND version = v.n
			  AND outcome IN ('new', 'changed', 'unchanged', 'not-modified', 'restored')
			ORDER BY id DESC
			LIMIT 1)
		WHERE v.id = (SELECT id FROM version WHERE article = ? ORDER BY n DESC LIMIT 1)`,
		articleID).Scan(append(headInto(&v), checkInto(&last, &elapsed)...)...)
	if err == sql.ErrNoRows {
		return db.Latest(ctx, articleID) // which tells what there is not
	}
	last.Elapsed = time.Duration(elapsed) * time.Microsecond
	return v, last, failed(err, "reading article %d", articleID)
}

// VersionByKey returns the number of the newest version of an article with that
// content; 0 where there is none.
func (db *DB) VersionByKey(ctx context.Context, articleID int64, key [32]byte) (int, error) {
	var n int
	err := db.read.QueryRowContext(ctx, `
		SELECT coalesce(max(n), 0)
		FROM version
		WHERE article = ?
		  AND content_key = ?`, articleID, key[:]).Scan(&n)
	return n, failed(err, "looking for a content of article %d", articleID)
}
