package report_test

import (
	"bytes"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"storydiff/diffview/report"
)

// Every link of an export leads to a file of it, and nothing asks a program.
func TestExport(t *testing.T) {
	dir := t.TempDir()
	known := 0
	done, err := report.Export(t.Context(), sample(), report.Options{Version: "1.2.3"}, dir, func(_, n int) { known = n })
	if err != nil {
		t.Fatal(err)
	}
	pages, files := 0, 0
	err = filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		name, _ := filepath.Rel(dir, file)
		if path.Ext(name) == ".html" {
			pages++
			checkLinks(t, dir, filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if pages != done.Pages || files != done.Files || pages < 40 || known < pages || done.Bytes < 100_000 {
		t.Errorf("%d pages in %d files, and it says %+v, and that it knew of %d", pages, files, done, known)
	}
	for _, want := range []string{"index.html", "articles.html", "search.html", "articles/1.html", "articles/1/versions/1.html", "articles/1/changes/1..2.html", "feed.atom", "feed.json", "articles/1/feed.atom", "outlets/harnherald.example/feed.json", "search/articles.js", "search/t0.js", "search/wff.js"} {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(want))); err != nil {
			t.Error(err)
		}
	}
}

// Feeds of an export lead to its files: by what they say where they will lie, or
// from where they are; and nowhere where a program would have to answer.
func TestExportedFeeds(t *testing.T) {
	link := regexp.MustCompile(`(?:href="|href=&#34;|"(?:url|home_page_url|feed_url|icon|next_url)":"|<icon>)([^"&<]*)`)
	for _, base := range []string{"", "https://changes.example/press"} {
		dir := t.TempDir()
		if _, err := report.Export(t.Context(), sample(), report.Options{Public: base}, dir, nil); err != nil {
			t.Fatal(err)
		}
		feeds := 0
		for _, name := range []string{"feed.atom", "feed.json", "articles/1/feed.atom", "articles/1/feed.json", "outlets/harnherald.example/feed.atom"} {
			text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
			if err != nil {
				t.Fatal(err)
			}
			own := 0
			for _, m := range link.FindAllStringSubmatch(string(text), -1) {
				to, ours := strings.CutPrefix(m[1], base+"/")
				if base == "" {
					to, ours = path.Join(path.Dir(name), m[1]), strings.HasPrefix(m[1], "./")
				}
				if !ours {
					if strings.Contains(m[1], "localhost") || !strings.HasPrefix(m[1], "https://") {
						t.Errorf("%s with base %q leads to %s", name, base, m[1])
					}
					continue // the original
				}
				own++
				if to, err = url.PathUnescape(to); err != nil {
					t.Error(err)
				}
				if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(to))); err != nil {
					t.Errorf("%s with base %q: %v", name, base, err)
				}
			}
			if own < 4 {
				t.Errorf("%s with base %q has %d links of its own:\n%s", name, base, own, text)
			}
			feeds++
		}
		if feeds != 5 {
			t.Errorf("%d feeds", feeds)
		}
	}
}

// checkLinks follows the links of a page, each of which is relative or leads to
// the web.
func checkLinks(t *testing.T, dir, name string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Data == "form" {
			t.Errorf("%s: there is a form", name)
		}
		for _, a := range n.Attr {
			if a.Key != "href" && a.Key != "src" || strings.HasPrefix(a.Val, "#") {
				continue
			}
			u, err := url.Parse(a.Val)
			if err != nil {
				t.Errorf("%s: %q: %v", name, a.Val, err)
				continue
			}
			if u.Scheme != "" && n.Data == "a" {
				continue // the original
			}
			to := path.Join(path.Dir(name), u.Path)
			if info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(to))); u.Scheme != "" || u.Host != "" || path.IsAbs(u.Path) || u.RawQuery != "" || err != nil || info.IsDir() {
				t.Errorf("%s: <%s %s=%q> leads to no file: %v", name, n.Data, a.Key, a.Val, err)
			}
		}
	}
}

// Two exports of the same are the same.
func TestExportIsDeterministic(t *testing.T) {
	var sums [2]map[string]string
	for i := range sums {
		dir := t.TempDir()
		if _, err := report.Export(t.Context(), sample(), report.Options{Now: func() time.Time { return clock(3, 12, 0) }}, dir, nil); err != nil {
			t.Fatal(err)
		}
		sums[i] = map[string]string{}
		filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				b, _ := os.ReadFile(file)
				name, _ := filepath.Rel(dir, file)
				sums[i][name] = string(b)
			}
			return err
		})
	}
	for name, text := range sums[0] {
		if sums[1][name] != text {
			t.Errorf("%s differs", name)
		}
	}
}
