package report_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// press is a source of n articles with two versions of about 800 words each.
func press(n int) *fake {
	src := newFake()
	body := strings.Repeat("The council voted on Tuesday to delay the new bridge. ", 20)
	for i := range n {
		id := src.add(fmt.Sprintf("https://news.example/%d", i), "news.example")
		src.see(id, clock(0, 8, 0), story(fmt.Sprint("Bridge ", i), body, body, body, body+"It cost 12 million."))
		src.see(id, clock(0, 9, i), story(fmt.Sprint("Bridge ", i), body, body, body, body+"It cost 14 million."))
		src.changed(id, tracker.Change{
			Kinds: []revision.Kind{revision.Number}, Disclosure: revision.Silent,
			Excerpt: marked("It cost [-12-]{+14+} million."),
			Reasons: []revision.Reason{{Code: "number", Points: 40, Text: "An amount changed: 12 million became 14 million."}},
		})
	}
	return src
}

// A reader opens the list, follows a change, and comes back to a list that has
// not changed.
func BenchmarkPage(b *testing.B) {
	h := handler(b, press(60))
	tag := ask(b, h, "GET", "/").Header.Get("ETag")
	for _, bm := range []struct{ name, target, header, value string }{
		{"recent", "/", "", ""},
		{"recent_gzip", "/", "Accept-Encoding", "gzip"},
		{"recent_unchanged", "/", "If-None-Match", tag},
		{"change", "/articles/1/changes/1..2", "", ""},
		{"change_side", "/articles/1/changes/1..2?view=side-by-side", "", ""},
		{"article", "/articles/1", "", ""},
		{"blame", "/articles/1/blame", "", ""},
		{"version", "/articles/1/versions/2", "", ""},
		{"feed_atom", "/feed.atom", "", ""},
		{"feed_json", "/feed.json", "", ""},
		{"api_changes", "/api/v1/changes?limit=50", "", ""},
		{"timegate", "/timegate/https://news.example/0", "", ""},
	} {
		b.Run(bm.name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, bm.target, nil)
			r.Host = "localhost"
			if bm.header != "" {
				r.Header.Set(bm.header, bm.value)
			}
			b.ReportAllocs()
			for b.Loop() {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				b.SetBytes(int64(w.Body.Len()))
				if w.Code >= 400 {
					b.Fatalf("GET %s = %d", bm.target, w.Code)
				}
			}
		})
	}
}
