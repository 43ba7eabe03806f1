package storagetest

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
	"storydiff/tracker/fetch/ledgertest"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// Suite holds a store against what every store must do. open returns an empty
// one, which is closed when the test it belongs to ends.
func Suite(t *testing.T, open func(t *testing.T) Store) {
	for _, tt := range []struct {
		name string
		test func(*fixture)
	}{
		{"add finds the article again", addAgain},
		{"tags and cron lines", tagsAndCron},
		{"articles by filter", articleFilters},
		{"articles by change", articlesByChange},
		{"pause and resume", pauseAndResume},
		{"remove keeps history and add revives", removeAndRevive},
		{"purge", purge},
		{"nothing there", nothingThere},
		{"tags one by one", tagsOneByOne},
		{"made due", madeDue},
		{"annotations", annotations},
		{"bounds of annotations", annotationBounds},
		{"due in order", dueInOrder},
		{"leases", leases},
		{"claim one article", claimOne},
		{"the dead hold nothing", freeOwners},
		{"record needs the lease", recordNeedsLease},
		{"a removal ends the lease", removalEndsLease},
		{"captures come back", capturesComeBack},
		{"hostile captures", hostileCaptures},
		{"big bodies", bigBodies},
		{"pending", pending},
		{"wire of an unchanged capture", wireOfUnchanged},
		{"record and read", recordAndRead},
		{"a live blog", liveBlog},
		{"a record is all or nothing", allOrNothing},
		{"the pause outlives a check", pauseOutlivesCheck},
		{"the last look", lastLook},
		{"versions by key", versionsByKey},
		{"a second look", secondLook},
		{"confirmations", confirmations},
		{"lessons", lessons},
		{"unsteady lines", unsteadyLines},
		{"probes", probes},
		{"aliases", aliases},
		{"hostile texts", hostileTexts},
		{"stories that grow", growingStory},
		{"gone and restored", goneAndRestored},
		{"the gap of the dead", gapOfTheDead},
		{"what is known of hosts", hosts},
		{"blocked spells", blockedSpells},
		{"spells and their reasons", spellsByReason},
		{"missing spells", missingSpells},
		{"where it is now", whereabouts},
		{"shared addresses", sharedAddresses},
		{"merges", merges},
		{"merges of what is not tracked", mergesRefused},
		{"redirects of another article", leadsToo},
		{"changes by filter", changeFilters},
		{"changes by page", changePages},
		{"checks by limit", checksByLimit},
		{"the first and last looks", looksByEnds},
		{"looks by version", looksByVersion},
		{"read anew", readAnew},
		{"search", searchFinds},
		{"search where it stood", searchStands},
		{"search by page and filter", searchPages},
		{"search for the best", searchBest},
		{"search after confirmations", searchConfirmed},
		{"search after rereading, purge and merge", searchKeptTrue},
		{"hostile searches", hostileSearches},
		{"changes by words", changesByWords},
		{"counts and health", countsAndHealth},
		{"a backlog is spread", backlogSpread},
		{"looks are planned anew", looksReplanned},
		{"a clock that ran ahead", clockAhead},
		{"runs of the daemon", daemonRuns},
		{"gaps", gapsOfLooks},
		{"gaps while paused or removed", gapsOfRests},
		{"gaps of a clock that is set back", gapsOfClock},
		{"what is wrong", whatIsWrong},
		{"lives of outlets", livesOfOutlets},
		{"looks at outlets", looksAtOutlets},
		{"sources", sources},
		{"taking up articles", takingUp},
		{"failed polls", failedPolls},
		{"pulled forward", pulledForward},
		{"known addresses", knownAddresses},
		{"notices", notices},
		{"notices of events", noticesOfEvents},
		{"batches", batches},
		{"a channel that fails", failingChannel},
		{"a notice that fails", failingNotice},
		{"notices of the dead", noticesOfTheDead},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.test(&fixture{Store: open(t), T: t, now: start})
		})
	}
	t.Run("ledger", func(t *testing.T) {
		ledgertest.Run(t, func(t *testing.T) fetch.Ledger { return open(t) })
	})
}

// start is when the stories of the suite begin.
var start = time.Date(2026, 3, 14, 10, 0, 0, 0, time.UTC)

const (
	owner = "worker-1"
	other = "worker-2"
	ttl   = 5 * time.Minute
)

// A fixture is a store under test, and a clock.
type fixture struct {
	Store
	*testing.T
	now time.Time
}

// ok fails the test at once for an error.
func (f *fixture) ok(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// wantErr fails the test unless err wraps want and says what it is about.
func (f *fixture) wantErr(err, want error, about string) {
	f.Helper()
	if !errors.Is(err, want) || !strings.Contains(err.Error(), about) {
		f.Errorf("error %q, want one that wraps %q and names %q", err, want, about)
	}
}

// add tracks path on example.com.
func (f *fixture) add(path string, tags ...string) tracker.Article {
	f.Helper()
	return f.addOn("example.com", path, tags...)
}

func (f *fixture) addOn(outlet, path string, tags ...string) tracker.Article {
	f.Helper()
	a, added, err := f.Add(f.Context(), storage.NewArticle{
		URL: "https://www." + outlet + path, Identity: outlet + path, Outlet: outlet, Host: outlet, Tags: tags, At: f.now,
	})
	f.ok(err)
	if !added {
		f.Fatalf("%s%s was there", outlet, path)
	}
	return a
}

// claim leases an article for owner.
func (f *fixture) claim(id int64) tracker.Article {
	f.Helper()
	a, ok, err := f.ClaimArticle(f.Context(), id, owner, f.now, ttl)
	f.ok(err)
	if !ok {
		f.Fatalf("article %d is held", id)
	}
	return a
}

// keep stores a page with body as a capture that came unpacked.
func (f *fixture) keep(articleID int64, body string) *tracker.Capture {
	f.Helper()
	c := &tracker.Capture{ArticleID: articleID, Page: page(f.now, []byte(body))}
	f.ok(f.Keep(f.Context(), c))
	return c
}

func page(now time.Time, body []byte) fetch.Page {
	return fetch.Page{
		URL: "https://www.example.com/a", Final: "https://www.example.com/a", Status: 200, Proto: "HTTP/1.1",
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		Wire:   body, Body: body, Began: now, Ended: now.Add(120 * time.Millisecond),
	}
}

// story is an article whose text is paragraphs.
func story(headline string, paragraphs ...string) extract.Story {
	s := extract.Story{
		Headline: headline, Standfirst: "What it is about", Byline: "By A. Writer",
		Published: start.Add(-time.Hour), Modified: start.Add(-time.Minute),
		Lang: "en-GB", Site: "The Example", Canonical: "https://www.example.com/a",
		Sources: map[string]string{"headline": "h1", "byline": "json-ld"},
	}
	for i, p := range paragraphs {
		kind := extract.Paragraph
		if i%3 == 2 {
			kind = extract.Quote
		}
		s.Blocks = append(s.Blocks, extract.Block{Kind: kind, Text: p, End: "\n\n"})
	}
	return s
}

func version(c *tracker.Capture, s extract.Story) *tracker.Version {
	v := &tracker.Version{
		CapturedAt: c.Ended, CaptureID: c.ID, CaptureSHA: c.SHA256, Story: s, Extractor: 7,
		SHA256: s.SHA256(), Key: sha256.Sum256([]byte(s.Headline + s.Body())), Words: len(strings.Fields(s.Body())),
	}
	return v
}

// change is one that a test can tell from others by its significance.
func change(now time.Time, significance int, kinds ...revision.Kind) *tracker.Change {
	return &tracker.Change{
		SeenAfter: now.Add(-15 * time.Minute), SeenBy: now, Kinds: kinds, Disclosure: revision.Silent,
		Proof: "10:00 to 10:00", Significance: significance,
		Reasons:    []revision.Reason{{Code: "number", Points: significance, Text: "A figure went from 12 to 14."}},
		WordsAdded: 2, WordsRemoved: 1, Summary: "12 became 14", NoteSpeaks: revision.SpeaksOfPart,
		Traces: revision.Traces{Lang: "en", Notes: []string{"Correction: it cost 14."}, Edits: []revision.Trace{
			{Kind: revision.Number, Words: []string{"cost"}, Numbers: []string{"12", "14"}, Around: []string{"quay"}, Common: []string{"ferry"}, Told: true},
		}},
		Excerpt: []worddiff.Span{
			{Op: worddiff.Equal, Text: "It cost ", Was: "", Quiet: true}, {Op: worddiff.Delete, Text: "12", Moved: 1}, {Op: worddiff.Insert, Text: "14"},
		},
	}
}

// publish records a further version of an article, and a change if there was
// one before.
func (f *fixture) publish(id int64, s extract.Story, c *tracker.Change) *tracker.Record {
	f.Helper()
	a := f.claim(id)
	capture := f.keep(id, "<html>"+s.Text())
	r := &tracker.Record{
		Article: a,
		Check:   tracker.Check{At: f.now, Elapsed: 120 * time.Millisecond, Outcome: tracker.OutcomeNew, Status: 200, CaptureID: capture.ID, Modified: s.Modified},
		Version: version(capture, s),
	}
	r.Article.NextCheck = f.now.Add(15 * time.Minute)
	r.Article.Versions = a.Versions + 1 // as a watcher leaves it
	if a.Versions > 0 {
		r.Check.Outcome = tracker.OutcomeChanged
		r.Change = c
	}
	f.ok(f.Record(f.Context(), owner, r))
	return r
}

// look records a check that made no version.
func (f *fixture) look(id int64, outcome tracker.Outcome, e *tracker.Event) *tracker.Record {
	f.Helper()
	r := &tracker.Record{Article: f.claim(id), Check: tracker.Check{At: f.now, Outcome: outcome, Status: 200}}
	if e != nil {
		r.Events = []tracker.Event{*e}
	}
	r.Article.NextCheck = f.now.Add(15 * time.Minute)
	if !outcome.Plain() {
		r.Check.Reason, r.Check.Detail = "http-503", "The server was busy."
	}
	f.ok(f.Record(f.Context(), owner, r))
	return r
}

// same compares by what fmt prints, for which times must be in UTC and a nil
// slice is an empty one.
func (f *fixture) same(what string, got, want any) {
	f.Helper()
	if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
		f.Errorf("%s\n got %s\nwant %s", what, clip(g), clip(w))
	}
}

func clip(s string) string {
	if len(s) > 4000 {
		return s[:4000] + " …"
	}
	return s
}

func sameBytes(f *fixture, what string, got, want []byte) {
	f.Helper()
	if !bytes.Equal(got, want) {
		f.Errorf("%s: %d bytes that are not the %d stored", what, len(got), len(want))
	}
}
