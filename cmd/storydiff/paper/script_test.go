package paper_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/cmd/storydiff/paper"
)

// An edit that no longer finds its words would be a step that shows nothing.
func TestEveryStepShows(t *testing.T) {
	p := paper.New(paper.Options{})
	states := map[string]paper.Story{}
	for _, path := range p.Paths() {
		states[path], _ = p.Story(path)
	}
	var last []string // the paths of the steps so far
	for {
		path, about, ok := p.Step()
		if !ok {
			break
		}
		s, err := p.Story(path)
		if err != nil {
			t.Fatalf("%s: %v", about, err)
		}
		before := states[path]
		if slices.Equal(s.Words(), before.Words()) && s.Status == before.Status {
			t.Errorf("step %d, %q, changes nothing of %s", len(last)+1, about, path)
		}
		if slices.Contains(last[max(0, len(last)-2):], path) {
			t.Errorf("step %d, %q, edits %s within two steps of its last edit", len(last)+1, about, path)
		}
		if s.Status != http.StatusGone {
			if _, page := get(t, p, path); !strings.Contains(page, "<h1") {
				t.Errorf("step %d, %q: no page", len(last)+1, about)
			}
		}
		states[path] = s
		last = append(last, path)
	}
	if n := len(last); n < 25 {
		t.Errorf("the script has %d steps", n)
	}
	still := slices.DeleteFunc(p.Paths(), func(path string) bool { return slices.Contains(last, path) })
	if len(still) != 1 {
		t.Errorf("stories never edited: %q, want one", still)
	}
}

// The headline test goes from one headline to another and back, twice, and the
// story that was taken down comes back as it was.
func TestReturns(t *testing.T) {
	p := paper.New(paper.Options{})
	var headlines []string
	var statuses []int
	for {
		if _, _, ok := p.Step(); !ok {
			break
		}
		cannery, _ := p.Story("/business/cannery-to-open-on-sundays")
		quay, _ := p.Story("/politics/harbour-contract-to-mayors-cousin")
		headlines, statuses = append(headlines, cannery.Headline), append(statuses, quay.Status)
	}
	if h := slices.Compact(headlines); len(h) != 5 || h[0] != h[2] || h[1] != h[3] || h[2] != h[4] {
		t.Errorf("headlines in turn: %q", h)
	}
	if s := slices.Compact(statuses); !slices.Equal(s, []int{0, http.StatusGone, http.StatusOK}) {
		t.Errorf("statuses in turn: %d", s)
	}
}

// What is above the text of the first story when the paper opens.
const sober = "Twelve injured as ferry meets dredger in fog"

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var over atomic.Int64
		p := paper.New(paper.Options{Over: func() { over.Add(1) }})
		path := p.Paths()[0]
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- p.Run(ctx, 4*time.Second) }()

		headline := func() string { s, _ := p.Story(path); return s.Headline }
		time.Sleep(4*time.Second - time.Nanosecond)
		synctest.Wait()
		if h := headline(); h != sober {
			t.Errorf("headline before the first tick: %q", h)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if h := headline(); h == sober {
			t.Error("no edit at the first tick")
		}
		if over.Load() > 0 {
			t.Error("over with its first edit")
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if _, about, ok := p.Step(); ok {
			t.Errorf("after an hour %q was still to come", about)
		}
		if n := over.Load(); n != 1 {
			t.Errorf("said to be over %d times, want once", n)
		}
		select {
		case err := <-done:
			t.Fatalf("Run returned %v when the script was over, want it to rest", err)
		default:
		}
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

// Modified times are those of the paper's clock, and only some edits state one.
func TestStamps(t *testing.T) {
	now := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	p := paper.New(paper.Options{Now: func() time.Time { return now }})
	stamped, silent := 0, 0
	for {
		now = now.Add(time.Minute)
		path, about, ok := p.Step()
		if !ok {
			break
		}
		s, _ := p.Story(path)
		switch {
		case s.Modified.After(now):
			t.Errorf("%q: modified %v, which is to come", about, s.Modified)
		case s.Modified.Equal(now):
			stamped++
		default:
			silent++
		}
	}
	if stamped < 5 || silent < 10 {
		t.Errorf("%d stamped steps, %d silent ones", stamped, silent)
	}
}

func TestRunRefusesNoTime(t *testing.T) {
	if err := paper.New(paper.Options{}).Run(t.Context(), 0); err == nil {
		t.Error("Run with no time between two edits: no error")
	}
}
