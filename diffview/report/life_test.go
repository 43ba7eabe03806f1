package report_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// turning is an article whose headline turns from A to B and back, with a number
// changed between and a note on that at the end.
func turning() *fake {
	f := newFake()
	id := f.add("https://turning.example/1", "turning.example")
	headline := revision.Trace{Kind: revision.Headline, Field: "headline"}
	number := revision.Trace{Kind: revision.Number, Numbers: []string{"12", "21"}}
	at := clock(1, 9, 0)
	for i, step := range []struct {
		headline string
		kinds    []revision.Kind
		traces   revision.Traces
	}{
		{headline: "A quiet day"},
		{"Shock at noon", []revision.Kind{revision.Headline}, revision.Traces{Edits: []revision.Trace{headline}}},
		{"A quiet day", []revision.Kind{revision.Headline}, revision.Traces{Edits: []revision.Trace{headline}}},
		{"A quiet day", []revision.Kind{revision.Number}, revision.Traces{Edits: []revision.Trace{number}}},
		{"Shock at noon", []revision.Kind{revision.Headline, revision.Spelling}, revision.Traces{Edits: []revision.Trace{headline}}},
		{"Shock at noon", []revision.Kind{revision.Correction}, revision.Traces{Lang: "en", Notes: []string{"Correction: It was 21, not 12."}}},
	} {
		at = at.Add(30 * time.Minute)
		v := f.see(id, at, story(step.headline, "The day was long."))
		if i > 0 {
			f.changed(id, tracker.Change{Kinds: step.kinds, Disclosure: revision.Silent, Traces: step.traces, Excerpt: marked("It is {+so+}.")})
		}
		for range 2 - i%2 {
			f.look(id, tracker.Check{At: at.Add(time.Minute), Outcome: tracker.OutcomeUnchanged, Version: v.N})
		}
	}
	return f
}

// Flips of one test are one entry among the recent changes; what else changed
// keeps its own.
func TestHeadlineTestIsOneEntry(t *testing.T) {
	h := handler(t, turning())
	_, body := get(t, h, "/")
	if n := strings.Count(body, `class="entry"`); n != 3 {
		t.Errorf("%d entries, want 3: the test, the number, the note\n%s", n, body)
	}
	for _, want := range []string{"5 changes in 1 article", "Headline under test: 3 changes among 2 headlines",
		`<li dir="ltr"><a href="/articles/1/changes/1..2">Shock at noon</a> <bdi class="aside" dir="ltr">`, `<a href="/articles/1/changes/4..5">`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	_, body = get(t, h, "/articles/1")
	folded := body[strings.Index(body, "The versions one by one"):strings.Index(body, "</details>")]
	if n := strings.Count(folded, `class="version"`); n != 3 || strings.Count(body, `class="version"`) != 6 {
		t.Errorf("%d versions stand within the test, want 3; and 6 in all\n%s", n, body)
	}
	for _, want := range []string{`<li dir="ltr"><bdi class="share" dir="ltr">62 %</bdi> <span>A quiet day</span> <bdi class="aside" dir="ltr">8 looks</bdi></li>`, ">38 %</bdi>"} {
		if !strings.Contains(body, want) {
			t.Errorf("the article's page lacks %q\n%s", want, body)
		}
	}
}

// A late note is told on the edit and on the note, on both of their pages.
func TestLateNoteIsTold(t *testing.T) {
	h := handler(t, turning())
	const (
		edit = `A note speaks of it only since <a href="/articles/1/changes/5..6">version 6</a>: it stood without one for at least 45 minutes and at most 1 hour 15 minutes.`
		note = `Its note speaks of <a href="/articles/1/changes/3..4">the change from version 3 to 4</a>, which had stood without one for at least 45 minutes and at most 1 hour 15 minutes.`
	)
	for target, wants := range map[string][]string{
		"/articles/1": {edit, note}, "/articles/1/changes/3..4": {edit}, "/articles/1/changes/5..6": {note},
		"/articles/1/changes/2..3": nil, "/articles/1/changes/1..6": nil,
	} {
		_, body := get(t, h, target)
		for _, text := range []string{edit, note} {
			want := 0
			for _, w := range wants {
				if w == text {
					want = 1
				}
			}
			if got := strings.Count(body, text); got != want {
				t.Errorf("%s says %d times, want %d: %s\n%s", target, got, want, text, body)
			}
		}
	}
}

// A spell in which nobody looked is told among the versions, with its cause; one
// that an event tells of already is not.
func TestGapsAreTold(t *testing.T) {
	f := newFake()
	id := f.add("https://gap.example/1", "gap.example")
	f.see(id, clock(1, 9, 0), story("A quiet day", "The day was long."))
	f.events[id] = []tracker.Event{{Kind: tracker.EventBlocked, At: clock(2, 9, 0), Until: clock(2, 12, 0), Reason: "login"}}
	f.watching = map[int64]tracker.Watching{id: {ArticleID: id,
		Runs: []tracker.DaemonRun{{Began: clock(0, 9, 0), Alive: clock(1, 10, 0), Ended: clock(1, 10, 0)}, {Began: clock(1, 14, 0), Alive: clock(9, 0, 0)}},
		Lapses: []tracker.Lapse{
			{Seen: clock(1, 9, 0), Planned: clock(1, 11, 0), Next: clock(1, 14, 1)},
			{Seen: clock(2, 8, 30), Planned: clock(2, 9, 0), Next: clock(2, 12, 0), Tried: []tracker.Check{{At: clock(2, 9, 0), Planned: clock(2, 12, 0), Outcome: tracker.OutcomeBlocked, Reason: "login"}}},
			{Seen: clock(3, 9, 0), Planned: clock(3, 9, 15), Tried: []tracker.Check{{At: clock(3, 9, 15), Planned: clock(9, 0, 0), Outcome: tracker.OutcomeFailed, Reason: "http-503"}}},
		}}}
	_, body := get(t, handler(t, f), "/articles/1")
	if n := strings.Count(body, `class="event gap"`); n != 2 {
		t.Errorf("%d gaps are told, want 2", n)
	}
	page := strings.Join(strings.Fields(tags.ReplaceAllString(body, "")), " ")
	for _, want := range []string{
		"Nobody looked from 11:00 to 14:01 UTC, 2 March 2026: no daemon ran",
		"No look saw it from 09:15 UTC, 4 March 2026 until now: its host could not be reached (HTTP 503)",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)
