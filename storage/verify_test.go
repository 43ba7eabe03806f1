package storage_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"storydiff/storage"
)

// verify returns what does not hold, each as "kind id@versions: detail".
func verify(t *testing.T, path string) (said []string, tally storage.Tally) {
	t.Helper()
	db := open(t, path)
	steps, n := 0, 0
	tally, err := db.Verify(t.Context(), func() { steps++ }, func(f storage.Flaw) {
		said = append(said, fmt.Sprintf("%s %d@%v: %s", f.Kind, f.ID, f.Versions, f.Detail))
	})
	must(t, err)
	if n, err = db.VerifySteps(t.Context()); err != nil || n != steps {
		t.Errorf("%d steps of %d, %v", steps, n, err)
	}
	must(t, db.Close())
	return said, tally
}

func TestVerifyWhole(t *testing.T) {
	path, _ := filled(t, 25)
	script(t, path, `INSERT INTO article (id, url, outlet, host, state, added_at, next_check) VALUES (5, 'v', 'o', 'h', 'active', 0, 0); DELETE FROM article WHERE id = 5`)
	said, tally := verify(t, path)
	if len(said) > 0 || tally != (storage.Tally{Bodies: 25, Captures: 25, Versions: 25, Articles: 1}) {
		t.Errorf("%+v, %q", tally, said)
	}
}

// Each hash is recomputed, and what rests on damaged bytes is named.
func TestVerifyNames(t *testing.T) {
	oneThing(t)
	for _, tt := range []struct {
		name, column, table, where string
		want                       []string // the beginnings of what is said
	}{
		{"body", "zstd", "body", "id = 3", []string{"body 3@[3]: "}},
		{"base", "zstd", "body", "id = 1", []string{"body 1@[1]: ", "body 2@[2]: ", "body 3@[3]: "}},
		{"hash of a body", "sha256", "body", "id = 2", []string{"body 2@[2]: the body does not match its SHA-256"}},
		{"wire", "wire", "capture", "id = 2", []string{"capture 2@[2]: the bytes of the wire do not match their SHA-256"}},
		{"hash of a capture", "sha256", "capture", "id = 1", []string{"capture 1@[1]: "}},
		{"text", "blocks", "version", "n = 2", []string{"version 0@[2]: "}},
		{"hash of a text", "sha256", "version", "n = 3", []string{"version 0@[3]: "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path, _ := filled(t, 3)
			flip(t, path, tt.column, tt.table, tt.where)
			said, _ := verify(t, path)
			if !slices.EqualFunc(said, tt.want, strings.HasPrefix) {
				t.Errorf("said %q, want %q", said, tt.want)
			}
		})
	}
	for _, tt := range []struct{ name, change, want string }{
		{"a version was lost", `DELETE FROM version WHERE n = 2`, "article 1@[]: it has 3 versions, the newest is number 3, and 2 are there"},
		{"a capture was lost", `PRAGMA foreign_keys = 0; DELETE FROM capture WHERE id = 2`, "reference "},
		{"a hash was cut", `PRAGMA ignore_check_constraints = 1; UPDATE body SET sha256 = x'00' WHERE id = 2`, "body 2@[2]: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path, _ := filled(t, 3)
			script(t, path, tt.change)
			said, _ := verify(t, path)
			if !slices.ContainsFunc(said, func(s string) bool { return strings.HasPrefix(s, tt.want) }) {
				t.Errorf("said %q, want %q", said, tt.want)
			}
		})
	}
}

// Whichever page of 4 KB is lost, the database is refused, or what does not hold
// is named, or nothing was lost that anybody stored.
func TestVerifyLostPages(t *testing.T) {
	oneThing(t)
	path, captures := filled(t, 6)
	whole := read(t, path)
	named, refused := 0, 0
	for page := 0; page*4096 < len(whole); page++ {
		spoilt := filepath.Join(t.TempDir(), "spoilt.db")
		write(t, spoilt, whole)
		zero(t, spoilt, int64(page))
		db, err := storage.Open(t.Context(), spoilt)
		if err != nil {
			refused++
			continue
		}
		flaws := 0
		_, err = db.Verify(t.Context(), func() {}, func(storage.Flaw) { flaws++ })
		must(t, db.Close())
		if err != nil || flaws > 0 {
			named++
			continue
		}
		if err := readAll(t, spoilt, captures); err != nil {
			t.Errorf("page %d: all is called whole, but %v", page, err)
		}
	}
	t.Logf("of %d pages: %d refused, %d named", len(whole)/4096, refused, named)
	if refused == 0 || named < 5 {
		t.Errorf("of %d pages: %d refused, %d named", len(whole)/4096, refused, named)
	}
}

// A copy is made while somebody writes, holds, and is of one moment.
func TestBackup(t *testing.T) {
	path, _ := filled(t, 20)
	db, other := open(t, path), open(t, path)
	file := filepath.Join(t.TempDir(), "copy 1%3f.db")
	ctx, cancel := context.WithCancel(t.Context())
	written := make(chan int)
	go func() {
		n := 0
		for ; ctx.Err() == nil; n++ {
			recordVersion(t, other, 1, webPage(20+n), newsStory(20+n))
		}
		written <- n
	}()
	err := db.Backup(t.Context(), file, false, nil)
	cancel()
	n := <-written
	must(t, err)
	said, tally := verify(t, file)
	if len(said) > 0 || tally.Versions < 20 || tally.Versions > 20+n || tally.Captures-tally.Versions > 1 {
		t.Errorf("%+v, %q", tally, said)
	}
	wantIntegrity(t, file)

	if err := db.Backup(t.Context(), file, false, nil); !errors.Is(err, storage.ErrExists) {
		t.Errorf("over a file: %v, want ErrExists", err)
	}
	must(t, db.Backup(t.Context(), file, true, nil))
	if _, tally := verify(t, file); tally.Versions != 20+n {
		t.Errorf("the second copy: %+v, want %d versions", tally, 20+n)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*"))
	hidden, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".*"))
	if err != nil || len(left) != 1 || len(hidden) > 0 {
		t.Errorf("beside the copy: %v %v, %v", left, hidden, err)
	}
}

func TestBackupRefuses(t *testing.T) {
	path, _ := filled(t, 2)
	db := open(t, path)
	dir := t.TempDir()
	link, logged := filepath.Join(dir, "link.db"), filepath.Join(dir, "logged.db")
	must(t, os.Symlink(path, link))
	write(t, logged+"-wal", "x")
	for file, want := range map[string]string{
		path: "it is the database itself", link: "it is the database itself", dir: "it is a directory", "": "no name of a file",
		logged: "-wal beside it", filepath.Join(dir, "no", "x.db"): "no such file or directory",
	} {
		err := db.Backup(t.Context(), file, true, nil)
		if err == nil || !strings.HasPrefix(err.Error(), "backing up to "+file+": ") || !strings.Contains(err.Error(), want) {
			t.Errorf("Backup(%q) = %v, want %q", file, err, want)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.Backup(ended, filepath.Join(dir, "c.db"), false, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("after its end: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*c.db*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

// A database with a page gone makes no copy that looks like one.
func TestBackupOfDamage(t *testing.T) {
	path, _ := filled(t, 6)
	db, err := sql.Open("sqlite", path)
	must(t, err)
	var root int64
	must(t, db.QueryRowContext(t.Context(), `SELECT rootpage FROM sqlite_schema WHERE name = 'version'`).Scan(&root))
	must(t, db.Close())
	zero(t, path, root-1)
	damaged := open(t, path)
	file := filepath.Join(t.TempDir(), "copy.db")
	if err := damaged.Backup(t.Context(), file, false, nil); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("Backup = %v, want ErrDamaged", err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is a copy: %v", err)
	}
}

// Whatever hash or byte is spoilt, a backup mends it, and nothing else changes.
func TestRepair(t *testing.T) {
	oneThing(t)
	for _, tt := range []struct{ name, column, table, where string }{
		{"body", "zstd", "body", "id = 3"},
		{"base", "zstd", "body", "id = 1"},
		{"hash of a body", "sha256", "body", "id = 2"},
		{"wire", "wire", "capture", "id = 2"},
		{"hash of a capture", "sha256", "capture", "id = 1"},
		{"text", "blocks", "version", "n = 2"},
		{"hash of a text", "sha256", "version", "n = 3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path, captures := filled(t, 3)
			backup := filepath.Join(t.TempDir(), "backup.db")
			db := open(t, path)
			must(t, db.Backup(t.Context(), backup, false, nil))
			recordVersion(t, db, 1, webPage(9), newsStory(9))
			must(t, db.Close())
			flip(t, path, tt.column, tt.table, tt.where)
			db = open(t, path)
			must(t, db.Repair(t.Context(), backup, func() {}, func(f storage.Flaw, why error) {
				if why != nil {
					t.Errorf("%+v is not mended: %v", f, why)
				}
			}))
			must(t, db.Close())
			if said, tally := verify(t, path); len(said) > 0 || tally.Versions != 4 {
				t.Errorf("afterwards %d versions and %q", tally.Versions, said)
			}
			must(t, readAll(t, path, captures))
		})
	}
}
