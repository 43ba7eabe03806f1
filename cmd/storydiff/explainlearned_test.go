package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// explained returns what explain says of the line that begins with a text: its
// label and, unfolded, why.
func explained(t *testing.T, begin string, args ...string) string {
	t.Helper()
	out, errs, code := storydiff(t, append([]string{"explain", "--allow-private", "--host-delay", "0s", "--json"}, args...)...)
	if code != 0 {
		t.Fatalf("explain %v: exit %d, %s", args, code, errs)
	}
	for row := range strings.Lines(out) {
		if strings.Contains(row, `"text":"`+begin) && strings.HasPrefix(row, `{"type":"block"`) {
			return row
		}
	}
	t.Fatalf("explain %v shows no line %q:\n%s", args, begin, out)
	return ""
}

// ferryWith is a page with an advert below its text.
func ferryWith(advert string) string {
	return fmt.Sprintf(`<!doctype html><html lang="en"><title>Ferry</title><article><h1>Ferry to close</h1><div class="t"><p>The ferry to Eastbank will close after 31 years, the council decided on Tuesday evening.</p><p>Twelve people work on it, and they have been offered other posts in the harbour office.</p><p>The quay is to be sold in the spring, once the last of the nets have been cleared from it.</p></div><div class="x9"><p>%s</p></div></article></html>`, advert)
}

// A line that looks showed to rotate is called furniture where the database knows
// that, and only there.
func TestExplainShowsWhatWasLearned(t *testing.T) {
	var views atomic.Int64
	adverts := []string{"Boots that like puddles are half price.", "A winter berth costs 14 a week.", "Learn the accordion in eleven lessons."}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, ferryWith(adverts[views.Add(1)%3]))
	}))
	defer site.Close()
	dir := t.TempDir()
	db, url := filepath.Join(dir, "a.db"), site.URL+"/ferry"
	if _, errs, code := storydiff(t, "add", "--db", db, url); code != 0 {
		t.Fatal(errs)
	}
	for range 7 {
		if out, errs, code := storydiff(t, "check", "--allow-private", "--host-delay", "0s", "--db", db, url); code != 0 || strings.Contains(out, "changed  version") {
			t.Fatal(out, errs)
		}
	}
	file := filepath.Join(dir, "ferry.html")
	if err := os.WriteFile(file, []byte(ferryWith(adverts[0])), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(dir, "broken.db")
	if err := os.WriteFile(broken, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}

	const rotates = "came and went between two looks a moment apart, in two checks: left out"
	for _, tt := range []struct {
		name  string
		args  []string
		label string
		why   string // empty: none
	}{
		{"its address", []string{"--db", db, url}, "furniture", rotates},
		{"a file that is said to be of it", []string{"--db", db, "--url", url, file}, "furniture", rotates},
		{"a file of nobody's", []string{"--db", db, file}, "paragraph", ""},
		{"another page of the outlet", []string{"--db", db, "--url", site.URL + "/other", file}, "paragraph", ""},
		{"without a database", []string{"--db", filepath.Join(dir, "none.db"), "--url", url, file}, "paragraph", ""},
		{"a database that cannot be read", []string{"--db", broken, "--url", url, file}, "paragraph", ""},
	} {
		begin := ""
		if tt.why != "" && len(tt.args) == 3 { // whichever is in turn
			begin = adverts[(views.Load()+1)%3]
		} else {
			begin = adverts[0]
		}
		row := explained(t, begin, tt.args...)
		if !strings.Contains(row, `"label":"`+tt.label+`"`) || !strings.Contains(row, tt.why) || tt.why == "" && strings.Contains(row, `"why"`) {
			t.Errorf("%s: %s, want %s, %s", tt.name, row, tt.label, tt.why)
		}
		if row := explained(t, "Twelve people", tt.args...); !strings.Contains(row, `"label":"paragraph"`) || strings.Contains(row, "learned") {
			t.Errorf("%s: %s", tt.name, row)
		}
	}
	if out, _, _ := storydiff(t, "explain", "--db", broken, "--url", url, file); !strings.Contains(out, "what was learned of its outlet cannot be read: ") {
		t.Errorf("of a database that cannot be read nothing is said:\n%s", out)
	}
	if row := explained(t, adverts[1], "--db", db, url+"@1"); !strings.Contains(row, `"label":"furniture"`) {
		t.Errorf("the first version: %s", row)
	}
}

// What a later look at a version did not show is furniture in it, whether it was
// learned or not.
func TestExplainShowsWhatIsLoose(t *testing.T) {
	var views atomic.Int64
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, ferryWith([]string{"Boots that like puddles are half price.", "A winter berth costs 14 a week.", "Learn the accordion in eleven lessons."}[views.Add(1)%3]))
	}))
	defer site.Close()
	db, url := filepath.Join(t.TempDir(), "a.db"), site.URL+"/ferry"
	for _, args := range [][]string{{"add", url}, {"check", "--allow-private", "--host-delay", "0s", url}, {"check", "--allow-private", "--host-delay", "0s", url}} {
		if out, errs, code := storydiff(t, append(args, "--db", db)...); code != 0 || strings.Contains(out, "changed  version") {
			t.Fatal(out, errs)
		}
	}
	if row := explained(t, "A winter berth", "--db", db, url+"@1"); !strings.Contains(row, `"label":"furniture"`) || !strings.Contains(row, "a later look at this version did not show it") {
		t.Errorf("explain: %s", row)
	}
}
