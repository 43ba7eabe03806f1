package storage_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/storage/storagetest"
	"storydiff/tracker"
)

func TestOpenHostilePaths(t *testing.T) {
	for _, name := range []string{
		"plain.db", "with space.db", "a?mode=memory", "a?_pragma=synchronous(OFF)", "a&_pragma=query_only(1)", "a;ATTACH 'x.db' AS x", "100%.db", "%3f.db", "a#b", "ä→.db", ":memory:", "file:x.db", "a+b.db", "'.db", "-wal",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, name)
			addOne(t, path)
			if _, err := os.Stat(path); err != nil {
				t.Errorf("the database is elsewhere: %v", err)
			}
			left, err := os.ReadDir(dir)
			if err != nil || len(left) != 1 {
				t.Errorf("the directory has %v, %v; want one file", left, err)
			}
			if n := countIn(t, path); n != 1 {
				t.Errorf("%d articles after reopening, want 1", n)
			}
		})
	}
}

// addOne opens path, adds an article, and closes.
func addOne(t *testing.T, path string) {
	t.Helper()
	db, err := storage.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := db.Add(t.Context(), storage.NewArticle{URL: "u", Identity: "u"}); err != nil {
		t.Error(err)
	}
	if err := errors.Join(db.Close(), db.Close()); err != nil {
		t.Error(err)
	}
}

func countIn(t *testing.T, path string) int {
	t.Helper()
	db, err := storage.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all, err := db.Articles(t.Context(), tracker.ArticleFilter{})
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

func TestOpenRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		make func(t *testing.T, path string)
		want string
	}{
		{"text", func(t *testing.T, path string) { write(t, path, strings.Repeat("this is no database\n", 1000)) }, "not a storydiff database"},
		{"short text", func(t *testing.T, path string) { write(t, path, "x") }, "not a storydiff database"},
		{"zeros", func(t *testing.T, path string) { write(t, path, strings.Repeat("\x00", 8192)) }, "not a storydiff database"},
		{"another program's", func(t *testing.T, path string) { script(t, path, `CREATE TABLE moz_places (id INTEGER)`) }, "not a storydiff database"},
		{"another program's, without tables", func(t *testing.T, path string) { script(t, path, `PRAGMA user_version = 1`) }, "not a storydiff database"},
		{"newer", func(t *testing.T, path string) { addOne(t, path); script(t, path, `PRAGMA user_version = 7`) },
			"it was written by a newer storydiff (schema 7, this program knows 2): update the program"},
		{"first page zeroed", func(t *testing.T, path string) { addOne(t, path); zero(t, path, 0) }, "not a storydiff database"},
		{"table of tables zeroed", func(t *testing.T, path string) {
			addOne(t, path)
			write(t, path, read(t, path)[:100]+strings.Repeat("\x00", 4096))
		}, "the database is damaged; restore it from a backup"},
		{"emptied beside its log", func(t *testing.T, path string) { write(t, path, ""); write(t, path+"-wal", "x") }, "its -wal file is not"},
		{"directory", func(t *testing.T, path string) { must(t, os.Mkdir(path, 0o755)) }, "it is a directory"},
		{"device", func(t *testing.T, path string) { must(t, os.Symlink(os.DevNull, path)) }, "it is not a regular file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "test.db")
			tt.make(t, path)
			before, _ := os.ReadFile(path)
			wantRefusal(t, path, tt.want)
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
	wantRefusal(t, filepath.Join(t.TempDir(), "no", "such", "test.db"), "there is no directory")
	wantRefusal(t, "", "that is no name of a file")
	wantRefusal(t, "a\x00b", "that is no name of a file")
}

// wantRefusal wants one sentence that names the file.
func wantRefusal(t *testing.T, path, want string) {
	t.Helper()
	db, err := storage.Open(t.Context(), path)
	if err == nil {
		db.Close()
		t.Fatalf("Open(%q) went well, want %q", path, want)
	}
	if text := err.Error(); !strings.HasPrefix(text, "opening "+path+": ") || !strings.Contains(text, want) || strings.Contains(text, "\n") {
		t.Errorf("Open(%q): %q, want %q", path, text, want)
	}
}

func TestOpenWithoutPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write anywhere")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "test.db")
	addOne(t, path)
	must(t, os.Chmod(path, 0o444))
	wantRefusal(t, path, "may not be written to")
	must(t, os.Chmod(path, 0o644))
	must(t, os.Chmod(dir, 0o555))
	defer os.Chmod(dir, 0o755)
	wantRefusal(t, path, "may not be written to")
	wantRefusal(t, filepath.Join(dir, "other.db"), "may not be written to")
	must(t, os.Chmod(dir, 0o000))
	wantRefusal(t, path, "permission denied")
}

// A pragma that reaches one connection alone is the classic mistake.
func TestEveryConnection(t *testing.T) {
	db := storagetest.New(t)
	for _, tt := range []struct {
		name  string
		conns []storage.Conn
		only  string // query_only
	}{
		{"write", storage.WriteConns(t, db), "0"},
		{"read", storage.ReadConns(t, db), "1"},
	} {
		for i, conn := range tt.conns {
			for pragma, want := range map[string]string{
				"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "query_only": tt.only,
			} {
				var got string
				must(t, conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
				if got != want {
					t.Errorf("%s connection %d of %d: %s is %s, want %s", tt.name, i+1, len(tt.conns), pragma, got, want)
				}
			}
			var x string
			if err := conn.QueryRowContext(t.Context(), `SELECT "no such column"`).Scan(&x); err == nil {
				t.Errorf("%s connection %d takes double quotes for a string", tt.name, i+1)
			}
			if _, err := conn.ExecContext(t.Context(), `PRAGMA writable_schema = 1`); err == nil {
				var on int
				must(t, conn.QueryRowContext(t.Context(), `PRAGMA writable_schema`).Scan(&on))
				if on != 0 {
					t.Errorf("%s connection %d is not defensive", tt.name, i+1)
				}
			}
		}
	}
}

// Several processes that start on one new file at once all find it whole.
func TestOpenAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			db, err := storage.Open(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			if _, _, err := db.Add(t.Context(), storage.NewArticle{URL: fmt.Sprint(i), Identity: fmt.Sprint(i)}); err != nil {
				t.Error(err)
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := countIn(t, path); n != 6 {
		t.Errorf("%d articles, want 6", n)
	}
}

// Processes that write at once wait for each other; none is turned away.
func TestWriteAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	var all sync.WaitGroup
	for i := range 4 {
		db := open(t, path)
		all.Go(func() {
			for n := range 25 {
				url := fmt.Sprint(i, " ", n)
				a, _, err := db.Add(t.Context(), storage.NewArticle{URL: url, Identity: url, Host: "h"})
				if err == nil {
					_, _, err = db.ClaimArticle(t.Context(), a.ID, "w", time.Now(), time.Minute)
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	if n := countIn(t, path); n != 100 {
		t.Errorf("%d articles, want 100", n)
	}
}

// What the first schema held must be there after every later migration. The
// fixture is never edited.
func TestFirstSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	script(t, path, read(t, filepath.Join("testdata", "schema1.sql")))
	db, err := storage.Open(t.Context(), path)
	must(t, err)
	defer db.Close()
	a, err := db.ArticleByIdentity(t.Context(), "example.com/bridge")
	must(t, err)
	versions, err := db.Versions(t.Context(), a.ID)
	must(t, err)
	if len(versions) != 2 || versions[1].Story.Headline != "Bridge to cost 14 million" || versions[1].Story.Body() != "It will cost 14 million.\n\nWork starts in May.\n" {
		t.Errorf("versions %+v", versions)
	}
	c, err := db.Capture(t.Context(), versions[1].CaptureID)
	must(t, err)
	if !strings.Contains(string(c.Body), "<p>It will cost 14 million.") || c.Header.Get("Content-Type") != "text/html" {
		t.Errorf("capture %+v", c)
	}
	changes, err := db.Changes(t.Context(), tracker.ChangeFilter{Kind: "number", Tag: "roads"})
	must(t, err)
	if len(changes) != 1 || changes[0].Significance != 70 || changes[0].OldHeadline != "Bridge to cost 12 million" {
		t.Errorf("changes %+v", changes)
	}
	checks, err := db.Checks(t.Context(), a.ID, 0)
	must(t, err)
	if len(checks) != 2 || checks[0].Outcome != tracker.OutcomeChanged {
		t.Errorf("checks %+v", checks)
	}
	sameSchema(t, path)
}

// sameSchema holds the tables of path against those of a new database.
func sameSchema(t *testing.T, path string) {
	t.Helper()
	fresh := filepath.Join(t.TempDir(), "fresh.db")
	addOne(t, fresh)
	if got, want := schemaOf(t, path), schemaOf(t, fresh); got != want {
		t.Errorf("the schema of an old database is\n%s\nthat of a new one\n%s", got, want)
	}
}

func schemaOf(t *testing.T, path string) string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	defer db.Close()
	var all string
	must(t, db.QueryRowContext(t.Context(), `SELECT group_concat(sql, char(10) ORDER BY name) FROM sqlite_schema`).Scan(&all))
	return strings.Join(strings.Fields(all), " ")
}

// script runs SQL on a file by other means than the package's.
func script(t *testing.T, path, text string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), text)
	must(t, err)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	must(t, os.WriteFile(path, []byte(text), 0o644))
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	return string(b)
}

// zero overwrites a page of 4 KB.
func zero(t *testing.T, path string, page int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteAt(make([]byte, 4096), page*4096)
	must(t, errors.Join(err, f.Close()))
}
