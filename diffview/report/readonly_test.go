package report_test

import (
	"crypto/sha256"
	"database/sql"
	"net/http"
	"testing"
	"time"

	"storydiff/diffview/report"
	"storydiff/storage"
	"storydiff/storage/storagetest"
	"storydiff/tracker"
	"storydiff/tracker/fetch"
	"storydiff/tracker/revision"
)

// stored returns a store with an article of two versions and a note.
func stored(t *testing.T) *storage.DB {
	t.Helper()
	db, ctx, now := storagetest.New(t), t.Context(), clock(0, 10, 0)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	a, _, err := db.Add(ctx, storage.NewArticle{URL: "https://news.example/a", Identity: "news.example/a", Outlet: "news.example", Host: "news.example", At: now})
	must(err)
	for i, headline := range []string{"One", "Two"} {
		at := now.Add(time.Duration(i) * time.Hour)
		a, ok, err := db.ClaimArticle(ctx, a.ID, "test", at, time.Minute)
		must(err)
		if !ok {
			t.Fatal("the article is held")
		}
		body := []byte("<title>" + headline)
		c := &tracker.Capture{ArticleID: a.ID, Page: fetch.Page{
			URL: a.URL, Final: a.URL, Status: 200, Header: http.Header{"Content-Type": {"text/html"}}, Wire: body, Body: body, Began: at, Ended: at,
		}}
		must(db.Keep(ctx, c))
		s := story(headline, "Text.")
		r := &tracker.Record{Article: a, Check: tracker.Check{At: at, Outcome: tracker.OutcomeNew, Status: 200, CaptureID: c.ID}, Version: &tracker.Version{
			CapturedAt: at, CaptureID: c.ID, CaptureSHA: c.SHA256, Story: s, Extractor: 1, SHA256: s.SHA256(), Key: sha256.Sum256([]byte(headline)), Words: 2,
		}}
		r.Article.NextCheck = at.Add(time.Hour)
		if i > 0 {
			r.Check.Outcome = tracker.OutcomeChanged
			r.Change = &tracker.Change{SeenAfter: now, SeenBy: at, Kinds: []revision.Kind{revision.Headline}, Disclosure: revision.Silent}
		}
		must(db.Record(ctx, "test", r))
	}
	must(db.Annotate(ctx, &tracker.Annotation{ArticleID: a.ID, From: 1, To: 2, Label: "spin", At: now}))
	return db
}

// TestNoGetChangesTheStore walks all addresses over a real store, as a stranger
// and as one who may write, and asks the database whether anybody committed
// anything. /healthz is left out: whether the disk is full shows by writing alone,
// and it writes a row that nothing else reads.
func TestNoGetChangesTheStore(t *testing.T) {
	db := stored(t)
	opts := staff(&clerk{}, report.Doors{Password: password})
	h := report.New(db, opts)
	mine := session(t, h)

	watch, err := sql.Open("sqlite", "file:"+db.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer watch.Close()
	watch.SetMaxOpenConns(1) // the number is one of a connection
	commits := func() (n int) {
		if err := watch.QueryRowContext(t.Context(), `PRAGMA data_version`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := commits()
	for _, r := range report.Routes(db, opts) {
		if r.Method != "GET" || r.Path == "/healthz" {
			continue
		}
		for _, as := range [][]string{nil, {"Cookie", mine}} {
			target := concrete(r.Path)
			if status := send(t, h, "GET", target, "", as...).StatusCode; status >= 500 {
				t.Errorf("GET %s = %d", target, status)
			}
			if now := commits(); now != before {
				t.Errorf("GET %s changed the store", target)
				before = now
			}
		}
	}
	if err := db.Tag(t.Context(), 1, "x"); err != nil {
		t.Fatal(err)
	}
	if commits() == before {
		t.Error("a change of the store does not show")
	}
}
