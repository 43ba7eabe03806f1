package tracker_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/storage/storagetest"
	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

// Abuse cases 19 and 21 as they end for an article: a page that is too large and one
// that was cut on its way fail the check with their reason, and make no version and
// no change; nor does what a challenge or a notice in this country shows.
func TestAbuse19And21MakeNoVersion(t *testing.T) {
	const page = `<!doctype html><html lang="en"><head><title>Ferry returns</title></head><body><article><h1>Ferry returns</h1>` +
		`<p>The ferry will sail again from June, the harbour board said on Tuesday.</p><p>Two boats have been bought, and a pier will be built.</p></article></body></html>`
	var mode atomic.Value
	mode.Store("whole")
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch mode.Load() {
		case "cut short":
			w.Header().Set("Content-Length", fmt.Sprint(len(page)))
			fmt.Fprint(w, page[:len(page)/2])
		case "too large":
			fmt.Fprint(w, page+strings.Repeat("<p>And so on, for ever.</p>", 1<<16))
		case "not shown here":
			fmt.Fprint(w, `<title>Not available in your region</title><h1>Not available in your region</h1><p>This story cannot be shown where you are.</p>`)
		default:
			if r.URL.Path == "/robots.txt" {
				w.WriteHeader(http.StatusNotFound)
			}
			fmt.Fprint(w, page)
		}
	}))
	t.Cleanup(site.Close)
	db := storagetest.New(t)
	s := &watch{t: t, site: site, db: db}
	s.w = &tracker.Watcher{
		Store: db, Owner: "test", Log: slog.New(slog.DiscardHandler),
		Fetch: fetch.NewClient(fetch.Options{AllowPrivate: true, HostDelay: -1, IgnoreRobots: true, MaxBody: 1 << 20, Timeout: 10 * time.Second, Ledger: db}),
		Tell:  func(r tracker.Result) { s.told = append(s.told, r) },
	}
	url := site.URL + "/news/ferry"
	if _, _, err := db.Add(t.Context(), storage.NewArticle{URL: url, Identity: strings.TrimPrefix(url, "http://"), Outlet: "127.0.0.1", Host: "127.0.0.1", At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		mode    string
		outcome tracker.Outcome
		reason  string
	}{
		{"whole", tracker.OutcomeNew, ""},
		{"cut short", tracker.OutcomeFailed, "truncated"},
		{"too large", tracker.OutcomeFailed, "too-large"},
		{"not shown here", tracker.OutcomeBlocked, "geo-block"},
		{"whole", tracker.OutcomeUnchanged, ""},
	} {
		mode.Store(tt.mode)
		r := s.look()
		if r.Check.Outcome != tt.outcome || r.Check.Reason != tt.reason || r.Article.Versions != 1 || r.Change != nil {
			t.Errorf("%s: %s, %s (%s) with %d versions; want %s, %s and the first version alone", tt.mode, r.Check.Outcome, r.Check.Reason, r.Check.Detail, r.Article.Versions, tt.outcome, tt.reason)
		}
	}
}
