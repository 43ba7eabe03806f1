package main

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"storydiff/cmd/storydiff/paper"
)

// A row is what these tests read of a check's or history's row.
type row struct {
	Type       string   `json:"type"`
	URL        string   `json:"url"`
	Outcome    string   `json:"outcome"`
	Version    int      `json:"version"`
	Kinds      []string `json:"kinds"`
	Disclosure string   `json:"disclosure"`
	Detail     string   `json:"detail"`
}

// rowsOf runs a command line and reads its rows.
func rowsOf(t *testing.T, args ...string) []row {
	t.Helper()
	out, said, code := storydiff(t, args...)
	if code != exitDone {
		t.Fatalf("storydiff %s: exit %d: %s%s", strings.Join(args, " "), code, said, out)
	}
	var rows []row
	for dec := json.NewDecoder(strings.NewReader(out)); dec.More(); {
		var r row
		if err := dec.Decode(&r); err != nil {
			t.Fatalf("storydiff %s: %v", strings.Join(args, " "), err)
		}
		rows = append(rows, r)
	}
	return rows
}

// TestTown tracks 40 articles in five page designs whose related links, ads,
// counters and relative times differ at every view. What is furniture is called
// no edit, and every edit is found and named.
func TestTown(t *testing.T) {
	town := paper.Town(40, 7)
	site := httptest.NewServer(town)
	defer site.Close()
	dir := t.TempDir()
	db := filepath.Join(dir, "town.db")
	var list strings.Builder
	for _, path := range town.Paths() {
		list.WriteString(site.URL + path + "\n")
	}
	file := filepath.Join(dir, "urls.txt")
	if err := os.WriteFile(file, []byte(list.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, said, code := storydiff(t, "add", "--db", db, "--file", file); code != exitDone {
		t.Fatalf("add: exit %d: %s", code, said)
	}
	look := func() []row {
		return rowsOf(t, "check", "--all", "--json", "--db", db, "--allow-private", "--host-delay", "0s")
	}
	first := look()
	if len(first) != 40 {
		t.Fatalf("%d rows, want 40", len(first))
	}
	wantAll(t, first, "new")
	for range 3 {
		wantAll(t, look(), "unchanged")
	}
	// The edits wander over the articles, so that each meets several designs.
	edits := paper.Edits()
	for round := range 3 {
		want := map[string]paper.NamedEdit{}
		for i, path := range town.Paths() {
			edit := edits[(i/5+i+round)%len(edits)]
			if err := town.Edit(path, edit.Apply); err != nil {
				t.Fatal(err)
			}
			want[site.URL+path] = edit
		}
		for _, r := range look() {
			edit := want[r.URL]
			if r.Outcome != "changed" || !slices.Contains(r.Kinds, edit.Kind) {
				t.Errorf("%s, edited %s: %s %v %s, want changed, %s", r.URL, edit.Name, r.Outcome, r.Kinds, r.Detail, edit.Kind)
			}
		}
	}
	url := site.URL + town.Paths()[0]
	var versions, changes int
	for _, r := range rowsOf(t, "history", url, "--json", "--db", db) {
		switch r.Type {
		case "version":
			versions++
		case "change":
			changes++
		}
	}
	if versions < 2 || changes != versions-1 {
		t.Errorf("history: %d versions, %d changes", versions, changes)
	}
	if out, said, code := storydiff(t, "diff", url, "--db", db); code != differ || !strings.Contains(out, "{+") && !strings.Contains(out, "[-") {
		t.Errorf("diff %s: exit %d, %s%s", url, code, said, out)
	}
}

func wantAll(t *testing.T, rows []row, outcome string) {
	t.Helper()
	for _, r := range rows {
		if r.Outcome != outcome {
			t.Errorf("%s: %s %v %s, want %s", r.URL, r.Outcome, r.Kinds, r.Detail, outcome)
		}
	}
}
