package storage_test

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
)

// filled makes a database of one article with n versions, and closes it.
func filled(t *testing.T, n int) (path string, captures []tracker.Capture) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "test.db")
	addOne(t, path)
	db := open(t, path)
	for i := range n {
		captures = append(captures, recordVersion(t, db, 1, webPage(i), newsStory(i)))
	}
	must(t, db.Close())
	return path, captures
}

// oneThing skips a test under the race detector that does one thing at a time, many
// times over.
func oneThing(t *testing.T) {
	t.Helper()
	if underRace {
		t.Skip("one thing at a time: nothing for the race detector")
	}
}

// recordVersion keeps a page that came packed and records a version of it.
func recordVersion(t testing.TB, db *storage.DB, id int64, body []byte, s extract.Story) tracker.Capture {
	t.Helper()
	now := time.Date(2026, 3, 14, 10, 0, 0, 0, time.UTC)
	a, ok, err := db.ClaimArticle(t.Context(), id, "w", now, time.Minute)
	if err != nil || !ok {
		t.Fatalf("ClaimArticle: %v, %v", ok, err)
	}
	c := tracker.Capture{ArticleID: id, Page: fetch.Page{
		URL: "u", Final: "u", Status: 200, Proto: "HTTP/1.1", Header: http.Header{"Content-Encoding": {"gzip"}},
		Body: body, Wire: append([]byte("packed "), body[:len(body)/4]...), Began: now, Ended: now,
	}}
	must(t, db.Keep(t.Context(), &c))
	must(t, db.Record(t.Context(), "w", &tracker.Record{
		Article: a, Check: tracker.Check{At: now, Outcome: tracker.OutcomeChanged, CaptureID: c.ID},
		Version: &tracker.Version{CapturedAt: now, CaptureID: c.ID, Story: s},
	}))
	return c
}

// Bits that turn over inside of a blob pass SQLite's own check. Ours must find
// each, and say where.
func TestFlippedBits(t *testing.T) {
	oneThing(t)
	for _, tt := range []struct {
		name, column, table, where string
		read                       func(db *storage.DB) error
		want                       string
	}{
		{"body", "zstd", "body", "id = 3", func(db *storage.DB) error { _, err := db.Capture(t.Context(), 3); return err }, "capture 3"},
		{"base of a body", "zstd", "body", "id = 1", func(db *storage.DB) error { _, err := db.Capture(t.Context(), 3); return err }, "capture 3"},
		{"wire", "wire", "capture", "id = 2", func(db *storage.DB) error { _, err := db.Capture(t.Context(), 2); return err }, "capture 2"},
		{"hash", "sha256", "body", "id = 2", func(db *storage.DB) error { _, err := db.Capture(t.Context(), 2); return err }, "capture 2"},
		{"blocks", "blocks", "version", "n = 2", func(db *storage.DB) error { _, err := db.Version(t.Context(), 1, 2); return err }, "version 2"},
		{"blocks in a list", "blocks", "version", "n = 2", func(db *storage.DB) error { _, err := db.Versions(t.Context(), 1); return err }, "article 1: version 2"},
		{"hash of a version", "sha256", "version", "n = 3", func(db *storage.DB) error { _, _, err := db.Latest(t.Context(), 1); return err }, "version 3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path, _ := filled(t, 3)
			flip(t, path, tt.column, tt.table, tt.where)
			wantIntegrity(t, path)
			db := open(t, path)
			err := tt.read(db)
			if !errors.Is(err, storage.ErrDamaged) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q, want one that wraps ErrDamaged and names %q", err, tt.want)
			}
			// What is damaged is not built upon, and is in nothing's way.
			recordVersion(t, db, 1, webPage(9), newsStory(9))
			if _, err := db.Capture(t.Context(), 4); err != nil {
				t.Errorf("a capture after the damage: %v", err)
			}
			if _, err := db.Version(t.Context(), 1, 4); err != nil {
				t.Errorf("a version after the damage: %v", err)
			}
		})
	}
}

// flip turns over a bit in the middle of a blob.
func flip(t *testing.T, path, column, table, where string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	defer db.Close()
	var blob []byte
	must(t, db.QueryRowContext(t.Context(), fmt.Sprintf(`SELECT %s FROM %s WHERE %s`, column, table, where)).Scan(&blob))
	blob[len(blob)/2] ^= 0x10
	_, err = db.ExecContext(t.Context(), fmt.Sprintf(`UPDATE %s SET %s = ? WHERE %s`, table, column, where), blob)
	must(t, err)
}

// A page of 4 KB that was lost is an error wherever it was, or its content was
// of no account; never a wrong answer.
func TestLostPages(t *testing.T) {
	oneThing(t)
	path, captures := filled(t, 6)
	whole := read(t, path)
	refused := 0
	for page := 0; page*4096 < len(whole); page++ {
		spoilt := filepath.Join(t.TempDir(), "spoilt.db")
		write(t, spoilt, whole)
		zero(t, spoilt, int64(page))
		err := readAll(t, spoilt, captures)
		if err != nil {
			refused++
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("page %d: %q is no sentence", page, err)
			}
		}
	}
	if refused < 5 {
		t.Errorf("%d losses of %d were noticed", refused, len(whole)/4096)
	}
}

// readAll reads everything, and fails the test for a wrong answer. A row that
// is not found counts as an error.
func readAll(t *testing.T, path string, captures []tracker.Capture) error {
	t.Helper()
	db, err := storage.Open(t.Context(), path)
	if err != nil {
		return err
	}
	defer db.Close()
	for i, want := range captures {
		c, err := db.Capture(t.Context(), want.ID)
		if err != nil {
			return err
		}
		if string(c.Body) != string(want.Body) || string(c.Wire) != string(want.Wire) {
			t.Fatalf("capture %d came back wrong", want.ID)
		}
		v, err := db.Version(t.Context(), 1, i+1)
		if err != nil {
			return err
		}
		if s := newsStory(i); v.Story.Text() != s.Text() {
			t.Fatalf("version %d came back wrong", i+1)
		}
	}
	return nil
}

// A log that was cut short loses what came last and nothing else.
func TestTruncatedLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	addOne(t, path)
	db := open(t, path)
	for i := range 6 {
		recordVersion(t, db, 1, webPage(i), newsStory(i))
	}
	cut := filepath.Join(t.TempDir(), "cut.db")
	write(t, cut, read(t, path)) // as kill -9 would leave it
	log := read(t, path+"-wal")
	write(t, cut+"-wal", log[:len(log)*2/3])
	must(t, db.Close())

	db = open(t, cut)
	versions, err := db.Versions(t.Context(), 1)
	must(t, err)
	if n := len(versions); n < 1 || n >= 6 {
		t.Errorf("%d versions of 6 are left, want some", n)
	}
	must(t, db.Close())
	wantIntegrity(t, cut)
}

// Close leaves one file, also while another process has it open.
func TestCloseWritesTheLogBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	addOne(t, path)
	reader, writer := open(t, path), open(t, path)
	recordVersion(t, writer, 1, webPage(0), newsStory(0))
	must(t, writer.Close())
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() != 0 {
		t.Errorf("the log beside a reader: %v, %v; want it empty", info, err)
	}
	must(t, reader.Close())
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the log after the last: %v, want none", err)
	}
}

// TestFrames holds the sizes of what is stored against the promise, and lets
// the stock zstd program read it.
func TestFrames(t *testing.T) {
	const n = 48
	path, captures := filled(t, n)
	db, err := sql.Open("sqlite", path)
	must(t, err)
	defer db.Close()
	var starred, alone, worst, most int
	must(t, db.QueryRowContext(t.Context(), `
		SELECT COUNT(*) FILTER (WHERE base_id IS NULL), max(length(zstd)) FILTER (WHERE base_id IS NULL),
		       max(length(zstd)) FILTER (WHERE base_id IS NOT NULL),
		       (SELECT max(n) FROM (SELECT COUNT(*) n FROM body WHERE base_id IS NOT NULL GROUP BY base_id))
		FROM body`).Scan(&starred, &alone, &worst, &most))
	t.Logf("pages of %d bytes: alone %d, later at most %d", len(captures[0].Body), alone, worst)
	if 10*worst > alone {
		t.Errorf("a later capture takes %d bytes, more than a tenth of %d", worst, alone)
	}
	if starred != (n+20)/21 || most > 20 {
		t.Errorf("%d bases with at most %d others each, want one for each 20", starred, most)
	}
	if _, err := exec.LookPath("zstd"); err != nil {
		t.Skip("there is no zstd program")
	}
	for i, c := range captures {
		var data, base []byte
		must(t, db.QueryRowContext(t.Context(), `
			SELECT b.zstd, base.zstd
			FROM body b
			LEFT JOIN body base ON base.id = b.base_id
			WHERE b.sha256 = ?`, c.BodySHA256[:]).Scan(&data, &base))
		if got := unpack(t, data, base); string(got) != string(c.Body) {
			t.Fatalf("zstd reads body %d wrong", i+1)
		}
	}
}

// unpack decodes a frame with the stock program.
func unpack(t *testing.T, data, base []byte) []byte {
	t.Helper()
	args := []string{"-d", "-q", "-c"}
	if base != nil {
		file := filepath.Join(t.TempDir(), "base")
		must(t, os.WriteFile(file, unpack(t, base, nil), 0o600))
		args = append(args, "--patch-from="+file)
	}
	cmd := exec.Command("zstd", args...)
	cmd.Stdin = strings.NewReader(string(data))
	out, err := cmd.Output()
	must(t, err)
	return out
}

// A wall that comes and goes is a page of its own; it must not cost a whole
// frame each time the article is back.
func TestFramesWithWall(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	addOne(t, path)
	db := open(t, path)
	wall := strings.Repeat("Before you go on, choose what we may know of you. ", 40)
	for i := range 8 {
		for _, body := range []string{string(webPage(i)), fmt.Sprint(wall, i)} {
			must(t, db.Keep(t.Context(), &tracker.Capture{ArticleID: 1, Page: fetch.Page{Body: []byte(body)}}))
		}
	}
	must(t, db.Close())
	raw, err := sql.Open("sqlite", path)
	must(t, err)
	defer raw.Close()
	var whole int
	must(t, raw.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM body WHERE base_id IS NULL`).Scan(&whole))
	if whole != 2 {
		t.Errorf("%d whole frames, want one of the article and one of the wall", whole)
	}
}
