package tracker_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/extract"
)

// A fault in the extractor fails the article that it is in, with a reason and one
// line; where it was, only who asks for it is told. The others are looked at, and
// so is this one again.
func TestFaultOfTheExtractor(t *testing.T) {
	for _, level := range []slog.Level{slog.LevelInfo, slog.LevelDebug} {
		t.Run(level.String(), func(t *testing.T) {
			hours(t, func(s *clockwork) {
				var log bytes.Buffer
				s.w.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: level}))
				s.town.at("/a", article("ferry", ""))
				s.town.at("/b", article("bridge", ""))
				bad, good := s.add("/a"), s.add("/b")
				tracker.SetExtractor(s.w, func(in extract.Input) (*extract.Story, error) {
					if strings.HasSuffix(in.URL, "/a") {
						var none []int
						return nil, fmt.Errorf("never reached: %d", none[3])
					}
					return extract.Read(in)
				})
				ticks, err := tracker.ParseCron("* * * * *")
				if err != nil {
					s.Fatal(err)
				}
				ctx, cancel := context.WithCancel(s.Context())
				s.w.Tell = func(r tracker.Result) {
					s.told = append(s.told, r)
					if len(s.told) == 2 {
						cancel()
					}
				}
				if err := s.w.Run(ctx, ticks); err != nil {
					s.Fatalf("the daemon ended: %v", err)
				}
				for _, r := range s.told {
					got := fmt.Sprint(r.Check.Outcome, " ", r.Check.Reason, " ", r.Article.Versions)
					want := map[int64]string{bad: "failed internal 0", good: "new  1"}[r.Article.ID]
					if got != want || r.Article.ID == bad && !strings.Contains(r.Check.Detail, "fault of storydiff: runtime error: index out of range") {
						s.Errorf("article %d: %s (%s), want %s", r.Article.ID, got, r.Check.Detail, want)
					}
				}
				if n := strings.Count(log.String(), "level=ERROR"); n != 1 || !strings.Contains(log.String(), `msg="page not understood through a fault of storydiff" url=`+s.town.URL+"/a") {
					s.Errorf("%d errors in the log, want 1: %s", n, log.String())
				}
				if shown := strings.Contains(log.String(), "goroutine "); shown != (level == slog.LevelDebug) {
					s.Errorf("a stack in the log: %v, at level %v", shown, level)
				}
				tracker.SetExtractor(s.w, nil)
				s.w.Tell = func(r tracker.Result) { s.told = append(s.told, r) }
				s.look(bad, tracker.OutcomeNew, "")
			})
		})
	}
}

// A host that gives now the story, now an error, now a challenge or a page that
// says so with status 200 is no publisher that takes it down: nothing is gone, and
// no error page becomes a version.
func TestFlappingOrigin(t *testing.T) {
	hours(t, func(s *clockwork) {
		story := article("ferry", "")
		s.town.at("/a", story)
		id := s.add("/a")
		s.look(id, tracker.OutcomeNew, "")
		challenge := func(w http.ResponseWriter, r *http.Request) {
			answer(http.StatusForbidden, "Cf-Mitigated", "challenge")(w, r)
		}
		notFound := shows(`<!doctype html><html lang="en"><head><title>Page not found</title></head><body><h1>Page not found</h1><p>The page you are looking for does not exist. It may have been moved or deleted.</p></body></html>`)
		faults := []struct {
			page    http.HandlerFunc
			outcome tracker.Outcome
			reason  string
		}{
			{answer(http.StatusNotFound), tracker.OutcomeFailed, "http-404"},
			{answer(http.StatusInternalServerError), tracker.OutcomeFailed, "http-500"},
			{challenge, tracker.OutcomeBlocked, "bot-challenge"},
			{answer(http.StatusBadGateway), tracker.OutcomeFailed, "http-502"},
			{notFound, tracker.OutcomeFailed, "soft-404"},
		}
		began := time.Now()
		looks := 0
		for round := 0; time.Since(began) < 7*24*time.Hour; round++ {
			for i := range faults[:1+round%len(faults)] { // one fault, then two in a row, then three …
				f := faults[(round+i)%len(faults)]
				s.town.at("/a", f.page)
				s.look(id, f.outcome, f.reason)
				s.due(id)
				looks++
			}
			s.town.at("/a", story)
			s.look(id, tracker.OutcomeUnchanged, "")
			s.due(id)
			looks++
		}
		a := s.article(id)
		if a.State != tracker.Active || a.Versions != 1 || !a.GoneFrom.IsZero() {
			s.Errorf("after %d looks: %s, %d versions, gone from %v", looks, a.State, a.Versions, a.GoneFrom)
		}
		for _, event := range s.life(id, began) {
			if strings.HasPrefix(event, "gone") || strings.HasPrefix(event, "restored") {
				s.Errorf("%s", event)
			}
		}
		changes, err := s.db.Changes(s.Context(), tracker.ChangeFilter{})
		if err != nil || len(changes) > 0 {
			s.Errorf("%d changes, %v", len(changes), err)
		}
		s.Logf("%d looks in %v", looks, time.Since(began).Round(time.Hour))
	})
}
