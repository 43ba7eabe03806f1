package storage

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"storydiff/tracker"
)

// ReadOtherwise returns the tracked articles that have versions which an
// extractor of another revision than this one read, or with another fingerprint
// of rules than that for the article's address, in order.
func (db *DB) ReadOtherwise(ctx context.Context, extractor int, fingerprint func(address string) string) ([]int64, error) {
	type reading struct {
		id           int64
		address      string
		extractor    int
		fingerprints string
	}
	all, err := collect(ctx, db.read, func(row scanner) (r reading, err error) {
		err = row.Scan(&r.id, &r.address, &r.extractor, &r.fingerprints)
		return r, err
	}, `
		SELECT DISTINCT v.article, a.url, v.extractor, coalesce(json_extract(v.sources, '$.rules'), '')
		FROM version v
		JOIN article a ON a.id = v.article
		WHERE a.removed_at IS NULL
		ORDER BY v.article`)
	var ids []int64
	for _, r := range all {
		used, _, _ := strings.Cut(r.fingerprints, " ")
		if (r.extractor != extractor || used != fingerprint(r.address)) && (len(ids) == 0 || ids[len(ids)-1] != r.id) {
			ids = append(ids, r.id)
		}
	}
	return ids, failed(err, "looking for versions that were read otherwise")
}

// ModifiedShown returns the modified time that the newest look at a version
// stated; zero where it stated none, or where no look showed it.
func (db *DB) ModifiedShown(ctx context.Context, articleID int64, n int) (at time.Time, err error) {
	err = db.read.QueryRowContext(ctx, `
		SELECT modified
		FROM look
		WHERE article = ?
		  AND version = ?
		  AND outcome IN ('new', 'changed', 'unchanged', 'not-modified', 'restored')
		ORDER BY id DESC
		LIMIT 1`, articleID, n).Scan(when(&at))
	if err == sql.ErrNoRows {
		return time.Time{}, nil
	}
	return at, failed(err, "reading the looks at version %d of article %d", n, articleID)
}

// Readings returns how a version was read before, oldest first; none where it
// is as it was first read.
func (db *DB) Readings(ctx context.Context, articleID int64, n int) ([]tracker.Reading, error) {
	all, err := collect(ctx, db.read, func(row scanner) (r tracker.Reading, err error) {
		err = row.Scan(when0(&r.Until), &r.Extractor, digest{&r.SHA256})
		return r, err
	}, `
		SELECT r.until, r.extractor, r.sha256
		FROM reading r
		JOIN version v ON v.id = r.version
		WHERE v.article = ?
		  AND v.n = ?
		ORDER BY r.until`, articleID, n)
	return all, failed(err, "reading how version %d of article %d was read before", n, articleID)
}

// Reshelve puts versions and changes in the place of those with the same
// numbers, in one transaction, and notes how the versions were read before.
// versions are all that the article has, oldest first: their texts are
// compressed against one another anew. The article keeps its lease.
//
// ErrLeaseLost: the article is not the owner's, or has other versions by now;
// nothing was stored.
func (db *DB) Reshelve(ctx context.Context, owner string, at time.Time, versions []tracker.Version, changes []tracker.Change) error {
	if len(versions) == 0 {
		return nil
	}
	articleID := versions[0].ArticleID
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		ids, err := versionIDs(ctx, tx, articleID, owner)
		if err != nil {
			return err
		}
		if len(ids) != len(versions) {
			return tracker.ErrLeaseLost
		}
		frames, err := db.encodeAnew(versions, ids)
		if err != nil {
			return err
		}
		for i := range versions {
			if err := reshelveVersion(ctx, tx, at, ids[i], &versions[i], frames[i]); err != nil {
				return err
			}
		}
		for i := range changes {
			if err := reshelveChange(ctx, tx, &changes[i]); err != nil {
				return err
			}
		}
		err = reindex(ctx, tx, articleID, func(x *indexing) error {
			for i := range versions {
				x.show(versions[i].N, entriesOf(&versions[i]))
			}
			return nil
		})
		if err != nil {
			return err
		}
		newest := &versions[len(versions)-1]
		_, err = tx.ExecContext(ctx, `UPDATE article SET title = ? WHERE id = ?`, newest.Story.Headline, articleID)
		return err
	})
	return failed(err, "putting back the versions of article %d", articleID)
}

// versionIDs returns the row of each version of an article that owner holds.
func versionIDs(ctx context.Context, tx *sql.Tx, articleID int64, owner string) ([]int64, error) {
	return collect(ctx, tx, func(row scanner) (id int64, err error) {
		err = row.Scan(&id)
		return id, err
	}, `
		SELECT v.id
		FROM version v
		JOIN article a ON a.id = v.article
		WHERE v.article = ?
		  AND a.lease_owner = ?
		ORDER BY v.n`, articleID, owner)
}

// encodeAnew compresses the blocks of all versions of an article as encodeBlocks
// would have done, one after the other.
func (db *DB) encodeAnew(versions []tracker.Version, ids []int64) ([]frame, error) {
	var bases []base // newest first
	frames := make([]frame, len(versions))
	for i := range versions {
		if err := readable(&versions[i]); err != nil {
			return nil, fmt.Errorf("version %d: %w", versions[i].N, err)
		}
		text := []byte(asJSON(versions[i].Story.Blocks))
		f, err := db.codec.encode(text, bases[:min(len(bases), basesTried)])
		if err != nil {
			return nil, err
		}
		frames[i] = f
		if f.base == 0 {
			bases = append([]base{{id: ids[i], text: text}}, bases...)
		}
		for j := range bases {
			if bases[j].id == f.base {
				bases[j].used++
			}
		}
	}
	return frames, nil
}

func reshelveVersion(ctx context.Context, tx *sql.Tx, at time.Time, id int64, v *tracker.Version, blocks frame) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO reading (version, until, extractor, sha256)
		SELECT id, ?, extractor, sha256
		FROM version
		WHERE id = ?
		  AND sha256 <> ?
		ON CONFLICT DO NOTHING`, ms0(at), id, v.SHA256[:])
	if err != nil {
		return err
	}
	s := &v.Story
	_, err = tx.ExecContext(ctx, `
		UPDATE version
		SET headline = ?, standfirst = ?, byline = ?, published = ?, modified = ?, lang = ?, site = ?, canonical = ?, sources = ?,
		    base_id = ?, blocks = ?, sha256 = ?, content_key = ?, extractor = ?, words = ?, reverts_to = ?, loose = ?, doubt = ?
		WHERE id = ?`,
		s.Headline, s.Standfirst, s.Byline, ms(s.Published), ms(s.Modified), s.Lang, s.Site, s.Canonical, asJSON(s.Sources),
		ref(blocks.base), blocks.data, v.SHA256[:], v.Key[:], v.Extractor, v.Words, v.RevertsTo,
		numbersText(v.Loose), numbersText(v.Doubt), id)
	return err
}

func reshelveChange(ctx context.Context, tx *sql.Tx, c *tracker.Change) error {
	err := one(tx.ExecContext(ctx, `
		UPDATE change
		SET kinds = ?, disclosure = ?, proof = ?, significance = ?, reasons = ?, words_added = ?, words_removed = ?,
		    summary = ?, excerpt = ?, reverts_to = ?, note_speaks = ?, traces = ?, ours = ?
		WHERE id = ?
		  AND article = ?`,
		asJSON(c.Kinds), string(c.Disclosure), c.Proof, c.Significance, asJSON(c.Reasons), c.WordsAdded, c.WordsRemoved,
		c.Summary, asJSON(c.Excerpt), c.RevertsTo, string(c.NoteSpeaks), asJSON(c.Traces), c.Ours, c.ID, c.ArticleID))
	if err != nil {
		return notFound(err, "change %d", c.ID)
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM change_kind WHERE change = ?`, c.ID); err != nil {
		return err
	}
	return putKinds(ctx, tx, c.ID, c)
}

// putWithdrawn puts changes that turned out to be no edits in the place of
// those with their IDs.
func (p *plan) putWithdrawn(ctx context.Context, tx *sql.Tx) error {
	for i := range p.r.Withdrawn {
		c := &p.r.Withdrawn[i]
		if c.ArticleID != p.article.ID {
			return fmt.Errorf("change %d is not the article's", c.ID)
		}
		if err := reshelveChange(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}
