package tracker_test

import (
	"net/http"
	"testing"
	"time"

	"storydiff/tracker"
)

// A spell begins with its first look, has one cause, never touches the version,
// backs off to a day, and ends with the first plain look.
func TestBlockedSpells(t *testing.T) {
	hours(t, func(s *clockwork) {
		story := article("ferry", "")
		s.town.at("/a", story)
		id := s.add("/a")
		s.look(id, tracker.OutcomeNew, "")
		from := time.Now()
		s.town.at("/a", answer(http.StatusForbidden))
		hour := time.Hour
		for i, wait := range []time.Duration{hour, 2 * hour, 4 * hour, 8 * hour, 16 * hour, 24 * hour, 24 * hour} {
			reason := "http-403"
			if i == 2 { // the cause changes
				s.town.at("/a", answer(http.StatusForbidden, "Cf-Mitigated", "challenge"))
			}
			if i >= 2 {
				reason = "bot-challenge"
			}
			r := s.look(id, tracker.OutcomeBlocked, reason)
			if r.Article.State != tracker.Active || r.Article.Versions != 1 || r.Check.Version != 0 {
				s.Errorf("%s, %d versions, shows %d", r.Article.State, r.Article.Versions, r.Check.Version)
			}
			if got := s.due(id); got != wait {
				s.Errorf("look %d: the next after %v, want %v", i+1, got, wait)
			}
		}
		s.town.at("/a", story)
		s.look(id, tracker.OutcomeUnchanged, "")
		if got := s.due(id); got > 24*hour {
			s.Errorf("the next look after %v", got)
		}
		s.look(id, tracker.OutcomeUnchanged, "")
		s.wantLife(id, from, "blocked http-403 +0s..+3h0m0s", "blocked bot-challenge +3h0m0s..+79h0m0s")
	})
}

// A 304 is a plain look. It is asked for by the validators of the last page that
// was the article, not by those of a wall.
func TestNotModifiedEndsASpell(t *testing.T) {
	hours(t, func(s *clockwork) {
		story := article("ferry", "")
		s.town.at("/a", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"ferry"`)
			if r.Header.Get("If-None-Match") == `"ferry"` {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			story(w, r)
		})
		shown := s.town.pages["/a"]
		id := s.add("/a")
		s.look(id, tracker.OutcomeNew, "")
		from := time.Now()
		s.town.at("/a", answer(http.StatusForbidden, "ETag", `"wall"`))
		s.look(id, tracker.OutcomeBlocked, "http-403")
		time.Sleep(time.Hour)
		s.town.at("/a", shown)
		s.look(id, tracker.OutcomeNotModified, "")
		s.wantLife(id, from, "blocked http-403 +0s..+1h0m0s")
	})
}

// Being blocked is over where the answer is that the article is gone.
func TestGoneEndsASpell(t *testing.T) {
	hours(t, func(s *clockwork) {
		s.town.at("/a", article("ferry", ""))
		id := s.add("/a")
		s.look(id, tracker.OutcomeNew, "")
		from := time.Now()
		s.town.at("/a", answer(http.StatusUnauthorized))
		s.look(id, tracker.OutcomeBlocked, "http-401")
		time.Sleep(time.Hour)
		s.town.at("/a", answer(http.StatusGone))
		s.look(id, tracker.OutcomeGone, "http-410")
		s.wantLife(id, from, "blocked http-401 +0s..+1h0m0s", "gone http-410 +1h0m0s")
	})
}

// How long failed looks went on says nothing of how long to leave a site alone
// that blocks, nor the other way about; what is skipped ends neither.
func TestFailedAndBlockedBackOffApart(t *testing.T) {
	hours(t, func(s *clockwork) {
		s.town.at("/a", article("ferry", ""))
		id := s.add("/a")
		s.look(id, tracker.OutcomeNew, "")
		down, wall := answer(http.StatusBadGateway), answer(http.StatusForbidden)
		for i, tt := range []struct {
			page    http.HandlerFunc
			outcome tracker.Outcome
			reason  string
			row     int
			wait    time.Duration
		}{
			{down, tracker.OutcomeFailed, "http-502", 1, 5 * time.Minute},
			{down, tracker.OutcomeFailed, "http-502", 2, 10 * time.Minute},
			{down, tracker.OutcomeFailed, "http-502", 3, 20 * time.Minute},
			{down, tracker.OutcomeFailed, "http-502", 4, 40 * time.Minute},
			{wall, tracker.OutcomeBlocked, "http-403", 1, time.Hour},
			{wall, tracker.OutcomeBlocked, "http-403", 2, 2 * time.Hour},
			{wall, tracker.OutcomeBlocked, "http-403", 3, 4 * time.Hour},
			{down, tracker.OutcomeFailed, "http-502", 1, 5 * time.Minute},
			{down, tracker.OutcomeFailed, "http-502", 2, 10 * time.Minute},
		} {
			s.town.at("/a", tt.page)
			r := s.look(id, tt.outcome, tt.reason)
			if got := s.due(id); got != tt.wait || r.Article.Failures != tt.row {
				s.Errorf("look %d, %s %d times in a row: the next after %v, want %d times and %v", i+1, tt.outcome, r.Article.Failures, got, tt.row, tt.wait)
			}
		}
	})
}
