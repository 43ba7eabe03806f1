package main

import (
	"database/sql"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// looked makes a database of one article with three versions, and returns its
// file and the article's address.
func looked(t *testing.T) (db, address string) {
	t.Helper()
	var figure atomic.Int64
	site := httptest.NewServer(newRestless(figure.Load))
	defer site.Close()
	db, address = filepath.Join(t.TempDir(), "looked.db"), site.URL+"/story/1"
	track(t, db, address)
	for range 3 {
		figure.Add(1)
		if _, said, code := storydiff(t, "check", "--db", db, "--allow-private", "--host-delay", "0s"); code != 0 {
			t.Fatalf("check: exit %d: %s", code, said)
		}
	}
	return db, address
}

// spoil changes a database by other means than the program's.
func spoil(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func TestVerify(t *testing.T) {
	db, address := looked(t)
	out, said, code := storydiff(t, "verify", "--db", db)
	if code != 0 || out != "" || !strings.Contains(said, "storydiff: all holds: ") || !strings.Contains(said, "3 versions of 1 article") {
		t.Errorf("whole: exit %d, %q, %q", code, out, said)
	}
	spoil(t, db, `UPDATE version SET headline = headline || 'x' WHERE n = 2`)
	out, said, code = storydiff(t, "verify", "--db", db)
	if want := address + "@2: version: its text does not match its SHA-256\n"; code != 1 || out != want {
		t.Errorf("a text was edited: exit %d, %q, want %q", code, out, want)
	}
	if !strings.HasPrefix(said, "storydiff: verifying ") || !strings.Contains(said, ": 1 fault found among ") || strings.Count(said, "\n") != 1 {
		t.Errorf("it says %q", said)
	}
	out, _, code = storydiff(t, "verify", "--db", db, "--json")
	var row flawRow
	if err := json.Unmarshal([]byte(out), &row); err != nil || code != 1 || row.URL != address || row.Type != "version" || len(row.Versions) != 1 || row.Versions[0] != 2 {
		t.Errorf("as JSON: exit %d, %q, %v", code, out, err)
	}
}

// What is damaged is taken from a backup; what came after it cannot be.
func TestRepair(t *testing.T) {
	db, address := looked(t)
	backup := filepath.Join(t.TempDir(), "backup.db")
	if _, said, code := storydiff(t, "backup", "--db", db, backup); code != 0 {
		t.Fatal(said)
	}
	if _, said, code := storydiff(t, "repair", "--db", db, "--from", backup); code != 0 || said != "storydiff: all holds: there is nothing to mend\n" {
		t.Errorf("whole: exit %d: %q", code, said)
	}
	before, _, _ := storydiff(t, "show", "--db", db, address+"@2", "--json")
	spoil(t, db, `UPDATE version SET headline = headline || 'x' WHERE n = 2; UPDATE body SET zstd = x'00'`)
	out, said, code := storydiff(t, "repair", "--db", db, "--from", backup)
	if code != 0 || said != "storydiff: 4 faults mended\n" || !strings.Contains(out, address+"@2: version: mended\n") {
		t.Errorf("exit %d: %q, %q", code, out, said)
	}
	if after, _, _ := storydiff(t, "show", "--db", db, address+"@2", "--json"); after != before {
		t.Errorf("version 2 is %s, was %s", after, before)
	}
	if _, said, code := storydiff(t, "verify", "--db", db); code != 0 {
		t.Errorf("after it: exit %d: %q", code, said)
	}
	spoil(t, db, `UPDATE version SET headline = headline || 'x' WHERE n = 2`)
	spoil(t, backup, `DELETE FROM version WHERE n = 2`)
	out, said, code = storydiff(t, "repair", "--db", db, "--from", backup)
	if code != 1 || out != address+"@2: version: not mended: the backup does not have it: it is older\n" || !strings.Contains(said, "0 faults mended, 1 not") {
		t.Errorf("not in the backup: exit %d: %q, %q", code, out, said)
	}
	for _, from := range []string{"", db, filepath.Join(t.TempDir(), "none.db"), "verify_test.go"} {
		out, said, code = storydiff(t, "repair", "--db", db, "--from", from)
		if code == 0 || out != "" || strings.Count(said, "\n") != 1 {
			t.Errorf("--from %q: exit %d: %q, %q", from, code, out, said)
		}
	}
}

// What is damaged is refused, by whatever command, and left as it is: nothing
// begins anew over it.
func TestDamageIsRefused(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(t *testing.T, db string)
		want  string
	}{
		{"first page zeroed", func(t *testing.T, db string) { overwrite(t, db, 0, 4096) }, "not a storydiff database"},
		{"table of tables zeroed", func(t *testing.T, db string) { overwrite(t, db, 100, 4096) }, "the database is damaged; restore it from a backup"},
		{"emptied beside its log", func(t *testing.T, db string) {
			if err := os.WriteFile(db+"-wal", []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(db, 0); err != nil {
				t.Fatal(err)
			}
		}, "the file is empty although its -wal file is not"},
		{"cut short", func(t *testing.T, db string) {
			if err := os.Truncate(db, 3000); err != nil {
				t.Fatal(err)
			}
		}, "the database is damaged"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db, _ := looked(t)
			tt.spoil(t, db)
			before, err := os.ReadFile(db)
			if err != nil {
				t.Fatal(err)
			}
			for _, command := range []string{"run", "list", "check", "verify", "backup", "add"} {
				args := []string{command, "--db", db}
				switch command {
				case "run":
					args = append(args, "--listen", "127.0.0.1:0")
				case "backup":
					args = append(args, db+".copy")
				case "add":
					args = append(args, "http://example.com/a")
				}
				_, said, code := storydiff(t, args...)
				if code != 1 || !strings.Contains(said, tt.want) || strings.Count(said, "\n") != 1 {
					t.Errorf("%s: exit %d, %q, want %q", command, code, said, tt.want)
				}
			}
			if after, err := os.ReadFile(db); err != nil || string(after) != string(before) {
				t.Errorf("the file was changed, %v", err)
			}
			if _, err := os.Stat(db + ".copy"); err == nil {
				t.Error("there is a copy")
			}
		})
	}
}

func overwrite(t *testing.T, path string, at int64, n int) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt(make([]byte, n), at); err != nil {
		t.Fatal(err)
	}
}
