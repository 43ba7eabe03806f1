package main

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
	"storydiff/tracker/revision"
)

// readByOld makes a database whose three versions an earlier extractor read,
// which took a line of furniture for text: it made a version of another line,
// and a true edit came after.
func readByOld(t *testing.T) (path string) {
	t.Helper()
	ctx := t.Context()
	path = filepath.Join(t.TempDir(), "old.db")
	db, err := storage.Open(ctx, path)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	start := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	a, _, err := db.Add(ctx, storage.NewArticle{URL: "https://post.example/ferry", Identity: "post.example/ferry", Outlet: "post.example", Host: "post.example", At: start})
	must(t, err)
	for n, state := range []struct{ cost, more string }{{"12", "Band wins cup"}, {"12", "Mill to close"}, {"14", "Mill to close"}} {
		at := start.Add(time.Duration(n) * time.Hour)
		text := fmt.Sprintf("The council said on Tuesday that the two boats would cost %s million crowns a year, and that the fares would pay for a third of it.", state.cost)
		page := fmt.Sprintf(`<html lang="en"><title>Ferry returns</title><article><h1>Ferry returns</h1><p>%s</p><p>Work on the pier starts in April, if the ice allows it, said the harbour board.</p></article><aside class="related"><a href="/x">%s</a></aside>`, text, state.more)
		c := &tracker.Capture{ArticleID: a.ID, Page: fetch.Page{URL: a.URL, Final: a.URL, Status: 200, Proto: "HTTP/1.1", Header: map[string][]string{"Content-Type": {"text/html"}}, Body: []byte(page), Began: at, Ended: at}}
		must(t, db.Keep(ctx, c))
		story, err := extract.Read(extract.Input{Body: c.Body, ContentType: "text/html", URL: a.URL})
		must(t, err)
		story.Blocks[len(story.Blocks)-1].End = "\n\n"
		story.Blocks = append(story.Blocks, extract.Block{Kind: extract.Paragraph, Text: state.more, End: "\n"})
		held, ok, err := db.ClaimArticle(ctx, a.ID, "worker", at, time.Minute)
		if must(t, err); !ok {
			t.Fatal("the article is held")
		}
		r := &tracker.Record{
			Article: held, Check: tracker.Check{At: at, Outcome: tracker.OutcomeNew, Status: 200, CaptureID: c.ID},
			Version: &tracker.Version{CapturedAt: at, CaptureID: c.ID, CaptureSHA: c.SHA256, Story: *story, Extractor: 1, SHA256: story.SHA256(), Key: revision.Key(story)},
		}
		if n > 0 {
			r.Check.Outcome = tracker.OutcomeChanged
			r.Change = &tracker.Change{SeenAfter: at.Add(-time.Hour), SeenBy: at, Kinds: []revision.Kind{revision.Wording}, Disclosure: revision.Silent, Significance: 30, Summary: "as it was"}
		}
		r.Article.NextCheck = at.Add(24 * 365 * 50 * time.Hour)
		must(t, db.Record(ctx, "worker", r))
	}
	return path
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// What an earlier extractor made of furniture disappears; numbers and true edits stay.
func TestReextract(t *testing.T) {
	path := readByOld(t)
	if out, errs, code := storydiff(t, "reextract", "--db", path, "--dry-run"); code != 0 || !strings.Contains(errs, "3 versions of 1 article would be read anew (nothing was stored): 3 with another text, 1 change the extractor's doing") {
		t.Errorf("dry run: exit %d\n%s%s", code, out, errs)
	}
	if out, _, _ := storydiff(t, "changes", "--db", path); !strings.Contains(out, "as it was") {
		t.Errorf("the dry run changed something: %s", out)
	}
	out, errs, code := storydiff(t, "reextract", "--db", path)
	if code != 0 || !strings.Contains(out, "3 of 3 versions with another text, 1 change the extractor's doing  https://post.example/ferry") {
		t.Fatalf("reextract: exit %d\n%s%s", code, out, errs)
	}
	if out, _, _ := storydiff(t, "show", "--db", path, "https://post.example/ferry@2"); strings.Contains(out, "Mill to close") || !strings.Contains(out, "12 million") {
		t.Errorf("version 2 read anew:\n%s", out)
	}
	out, _, _ = storydiff(t, "changes", "--json", "--db", path)
	if strings.Count(out, "\n") != 1 || !strings.Contains(out, `"from":2,"to":3`) || !strings.Contains(out, `"kinds":["number"]`) {
		t.Errorf("changes:\n%s", out)
	}
	out, _, _ = storydiff(t, "history", "--db", path, "https://post.example/ferry")
	if !strings.Contains(out, "no edit: an earlier version of storydiff, or other site rules, read it otherwise") || strings.Contains(out, "back to version") {
		t.Errorf("history:\n%s", out)
	}
	if _, errs, code := storydiff(t, "reextract", "--db", path); code != 0 || !strings.Contains(errs, "0 versions of 0 articles read anew") {
		t.Errorf("a second time: exit %d\n%s", code, errs)
	}
	if out, errs, code := storydiff(t, "reextract", "--all", "--json", "--db", path); code != 0 || !strings.Contains(out, `"versions":3,"altered":0,"extractor_made":1`) {
		t.Errorf("all once more: exit %d\n%s%s", code, out, errs)
	}
}

// The daemon does the same by itself.
func TestDaemonReadsAnew(t *testing.T) {
	path := readByOld(t)
	db, err := storage.Open(t.Context(), path)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	new(catchUp).reread(t.Context(), &tracker.Rereader{Shelf: db, Owner: owner()}, slog.New(slog.NewTextHandler(t.Output(), nil)))
	changes, err := db.Changes(t.Context(), tracker.ChangeFilter{})
	must(t, err)
	if len(changes) != 1 || changes[0].From != 2 || changes[0].To != 3 || changes[0].Ours {
		t.Errorf("changes after the daemon read anew: %+v", changes)
	}
	if _, ok, err := db.ClaimArticle(t.Context(), 1, "somebody", time.Now(), time.Minute); !ok || err != nil {
		t.Errorf("the article is held still: %v, %v", ok, err)
	}
}
