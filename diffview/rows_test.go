package diffview_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"storydiff/diffview"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

var (
	nine    = time.Date(2026, 3, 2, 10, 0, 0, 999, time.FixedZone("CET", 3600))
	article = tracker.Article{
		ID: 7, URL: "https://post.example/a?x=1&y=<2>", Canonical: "https://post.example/a", Outlet: "post.example",
		Title: "Ferry & bridge", State: tracker.Active, Versions: 3, AddedAt: nine,
		LastCheck: nine.Add(time.Minute), LastOutcome: tracker.OutcomeChanged, NextCheck: nine.Add(time.Hour), Tags: []string{"local"},
	}
	change = tracker.Change{
		ID: 4, ArticleID: 7, From: 2, To: 3, SeenAfter: nine, SeenBy: nine.Add(15 * time.Minute),
		Kinds: []revision.Kind{revision.Headline, revision.Number}, Disclosure: revision.Stamped, Proof: "09:00 → 09:10", Significance: 70,
		Reasons:    []revision.Reason{{Code: "number", Points: 70, Text: "12 became 14."}},
		WordsAdded: 2, WordsRemoved: 1, Summary: "12 became 14", RevertsTo: 1,
		URL: article.URL, Outlet: "post.example", OldHeadline: "Ferry", NewHeadline: "Ferry & bridge",
	}
)

func TestRows(t *testing.T) {
	changed := tracker.Check{Outcome: tracker.OutcomeChanged, Version: 3, Elapsed: 12_600 * time.Microsecond}
	tests := []struct {
		name string
		row  any
		want string
	}{
		{"check, changed", diffview.CheckRow(article, changed, &change),
			`{"article":7,"url":"https://post.example/a?x=1&y=<2>","canonical":"https://post.example/a","outcome":"changed","version":3,"reverts_to":1,"kinds":["headline","number"],"disclosure":"stamped","significance":70,"words_added":2,"words_removed":1,"elapsed_ms":12}`},
		{"check, changed in nothing that counts", diffview.CheckRow(tracker.Article{ID: 1, URL: "u", Canonical: "u"}, changed, &tracker.Change{To: 3, Disclosure: revision.Silent}),
			`{"article":1,"url":"u","outcome":"changed","version":3,"kinds":[],"disclosure":"silent","significance":0,"words_added":0,"words_removed":0,"elapsed_ms":12}`},
		{"check, unchanged", diffview.CheckRow(tracker.Article{ID: 1, URL: "u"}, tracker.Check{Outcome: tracker.OutcomeUnchanged, Version: 2}, nil),
			`{"article":1,"url":"u","outcome":"unchanged","version":2,"elapsed_ms":0}`},
		{"check, failed", diffview.CheckRow(tracker.Article{ID: 1, URL: "u"}, tracker.Check{Outcome: tracker.OutcomeFailed, Reason: "http-500", Detail: "The server answered 500."}, nil),
			`{"article":1,"url":"u","outcome":"failed","elapsed_ms":0,"reason":"http-500","detail":"The server answered 500."}`},
		{"list", diffview.ListRow(article),
			`{"article":7,"url":"https://post.example/a?x=1&y=<2>","canonical":"https://post.example/a","outlet":"post.example","title":"Ferry & bridge","state":"active","versions":3,"added_at":"2026-03-02T09:00:00Z","last_check":"2026-03-02T09:01:00Z","last_outcome":"changed","next_check":"2026-03-02T10:00:00Z","tags":["local"]}`},
		{"list, never looked at", diffview.ListRow(tracker.Article{ID: 1, URL: "u", Outlet: "o", State: tracker.Paused, AddedAt: nine}),
			`{"article":1,"url":"u","outlet":"o","state":"paused","versions":0,"added_at":"2026-03-02T09:00:00Z","tags":[]}`},
		{"list, missing", diffview.ListRow(tracker.Article{ID: 1, URL: "u", Outlet: "o", State: tracker.Active, Misses: 2, MissingFrom: nine}),
			`{"article":1,"url":"u","outlet":"o","state":"active","versions":0,"missing_since":"2026-03-02T09:00:00Z","tags":[]}`},
		{"list, gone", diffview.ListRow(tracker.Article{ID: 1, URL: "u", Outlet: "o", State: tracker.Gone, Misses: 2, MissingFrom: nine, GoneFrom: nine.Add(time.Hour)}),
			`{"article":1,"url":"u","outlet":"o","state":"gone","versions":0,"gone_since":"2026-03-02T10:00:00Z","tags":[]}`},
		{"version", diffview.VersionRow(tracker.Version{N: 2, CapturedAt: nine, Words: 640, SHA256: [32]byte{1}, CaptureSHA: [32]byte{31: 255}, RevertsTo: 1,
			Story: extract.Story{Headline: "H", Standfirst: "S", Byline: "B", Published: nine, Modified: nine}}),
			`{"type":"version","n":2,"captured_at":"2026-03-02T09:00:00Z","headline":"H","standfirst":"S","byline":"B","published":"2026-03-02T09:00:00Z","modified":"2026-03-02T09:00:00Z","words":640,"sha256":"01` + strings.Repeat("0", 62) + `","capture_sha256":"` + strings.Repeat("0", 62) + `ff","reverts_to":1}`},
		{"version, of little", diffview.VersionRow(tracker.Version{N: 1, CapturedAt: nine, Story: extract.Story{Headline: "H"}}),
			`{"type":"version","n":1,"captured_at":"2026-03-02T09:00:00Z","headline":"H","words":0}`},
		{"change", diffview.ChangeRow(change),
			`{"type":"change","article":7,"url":"https://post.example/a?x=1&y=<2>","outlet":"post.example","headline":"Ferry & bridge","from":2,"to":3,"seen_after":"2026-03-02T09:00:00Z","seen_by":"2026-03-02T09:15:00Z","kinds":["headline","number"],"disclosure":"stamped","proof":"09:00 → 09:10","significance":70,"reasons":[{"code":"number","points":70,"text":"12 became 14."}],"words_added":2,"words_removed":1,"summary":"12 became 14","reverts_to":1}`},
		{"change, of little", diffview.ChangeRow(tracker.Change{From: 1, To: 2, Disclosure: revision.Silent}),
			`{"type":"change","from":1,"to":2,"kinds":[],"disclosure":"silent","significance":0,"reasons":[],"words_added":0,"words_removed":0,"summary":""}`},
		{"event", diffview.EventRow(tracker.Event{ArticleID: 7, Kind: tracker.EventBlocked, At: nine, Until: nine.Add(time.Hour), Reason: "consent-wall", Detail: "A wall."}),
			`{"type":"event","article":7,"event":"blocked","at":"2026-03-02T09:00:00Z","until":"2026-03-02T10:00:00Z","reason":"consent-wall","detail":"A wall."}`},
		{"event, not over", diffview.EventRow(tracker.Event{ArticleID: 7, Kind: tracker.EventGone, At: nine, Reason: "http-410", Detail: "Gone."}),
			`{"type":"event","article":7,"event":"gone","at":"2026-03-02T09:00:00Z","reason":"http-410","detail":"Gone."}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := diffview.WriteRow(&b, tt.row); err != nil || b.String() != tt.want+"\n" {
				t.Errorf("WriteRow = %v\n%swant\n%s", err, b.String(), tt.want)
			}
		})
	}
}

func TestCheckLine(t *testing.T) {
	a := tracker.Article{URL: "https://post.example/a"}
	number := tracker.Change{To: 2, Kinds: []revision.Kind{revision.Number}, Disclosure: revision.Silent, WordsAdded: 1, WordsRemoved: 1}
	tests := []struct {
		check  tracker.Check
		change *tracker.Change
		want   string
	}{
		{tracker.Check{Outcome: tracker.OutcomeChanged, Version: 2}, &number, "changed  version 2  number  silent  -1 +1 words  https://post.example/a"},
		{tracker.Check{Outcome: tracker.OutcomeChanged, Version: 3}, &change, "changed  version 3  headline,number  stamped  -1 +2 words  back to version 1  https://post.example/a"},
		{tracker.Check{Outcome: tracker.OutcomeNew, Version: 1}, nil, "new  version 1  https://post.example/a"},
		{tracker.Check{Outcome: tracker.OutcomeUnchanged, Version: 1}, nil, "unchanged  https://post.example/a"},
		{tracker.Check{Outcome: tracker.OutcomeNotModified, Version: 1}, nil, "not-modified  https://post.example/a"},
		{tracker.Check{Outcome: tracker.OutcomeFailed, Reason: "http-500", Detail: "The server answered 500."}, nil, "failed  http-500  https://post.example/a: The server answered 500."},
		{tracker.Check{Outcome: tracker.OutcomeFailed, Reason: "http-404", Detail: "https://post.example/a answered 404 Not Found"}, nil, "failed  http-404  https://post.example/a answered 404 Not Found"},
		{tracker.Check{Outcome: tracker.OutcomeBlocked, Reason: "paywall", Detail: "https://post.example/a: only the first 68 words are shown"}, nil, "blocked  paywall  https://post.example/a: only the first 68 words are shown"},
		{tracker.Check{Outcome: tracker.OutcomeFailed, Reason: "network", Detail: "https://post.example/about is not there"}, nil, "failed  network  https://post.example/a: https://post.example/about is not there"},
		{tracker.Check{Outcome: tracker.OutcomeSkipped, Reason: "robots"}, nil, "skipped  robots  https://post.example/a"},
		{tracker.Check{Outcome: tracker.OutcomeFailed, Reason: "network", Detail: "no such\nhost \x1b[2J"}, nil, "failed  network  https://post.example/a: no such host ⟨U+001B⟩[2J"},
	}
	for _, tt := range tests {
		if got := diffview.CheckLine(a, tt.check, tt.change); got != tt.want {
			t.Errorf("CheckLine(%s) = %q, want %q", tt.check.Outcome, got, tt.want)
		}
	}
}

// TestJSONLossless builds both texts again from the rows of every testdata
// file, as contract and scripts do.
func TestJSONLossless(t *testing.T) {
	for _, file := range []string{"number", "story", "scripts", "typography", "moves"} {
		archive, err := txtar.ParseFile("testdata/" + file + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		d := parseDiff(t, string(archive.Files[0].Data))
		var b bytes.Buffer
		if err := diffview.JSON(&b, d); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(b.String(), "\n"); n != 1 {
			t.Errorf("%s: JSON has %d line breaks, want 1", file, n)
		}
		var row struct {
			Blocks []struct {
				Old, New int
				Spans    []worddiff.Span
			}
		}
		if err := json.Unmarshal(b.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		var before, after strings.Builder
		for _, block := range row.Blocks {
			for _, s := range block.Spans {
				after.WriteString(s.New())
			}
		}
		slices.SortStableFunc(row.Blocks, func(a, b struct {
			Old, New int
			Spans    []worddiff.Span
		}) int {
			return a.Old - b.Old
		})
		for _, block := range row.Blocks {
			for _, s := range block.Spans {
				before.WriteString(s.Old())
			}
		}
		if before.String() != d.Old.Text || after.String() != d.New.Text {
			t.Errorf("%s: gives back\n%q and\n%q, want\n%q and\n%q", file, before.String(), after.String(), d.Old.Text, d.New.Text)
		}
	}
}

// TestCompare draws what revision makes of small stories, whatever it makes.
func TestCompare(t *testing.T) {
	for _, tt := range pairs {
		before, after := plainStory(tt.before), plainStory(tt.after)
		d := &diffview.Diff{
			Old:      diffview.Side{Source: "a", Text: before.Body()},
			New:      diffview.Side{Source: "b", Text: after.Body()},
			Revision: revision.Compare(before, after),
		}
		for _, format := range []string{"text", "color", "narrow", "markdown", "unified", "json", "page", "inline", "side-by-side"} {
			var b bytes.Buffer
			if err := drawAs(&b, format, d); err != nil {
				t.Errorf("%s, %s: %v", tt.name, format, err)
			}
		}
	}
}

func plainStory(text string) *extract.Story {
	s := &extract.Story{}
	for _, p := range worddiff.Paragraphs(text) {
		words := strings.TrimRight(p, "\r\n")
		s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Paragraph, Text: words, End: p[len(words):]})
	}
	return s
}
