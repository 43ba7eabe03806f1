package tracker_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/extract"
)

// A stubborn page says that it was not modified to all who ask, and notes how
// they asked.
type stubborn struct {
	mu    sync.Mutex
	asked []string
	etags int // a new one with each answer, also with 304
	cache string
}

func (s *stubborn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, strings.Join([]string{r.Header.Get("If-None-Match"), r.Header.Get("If-Modified-Since"), r.Header.Get("Cache-Control")}, "|"))
	s.etags++
	w.Header().Set("ETag", fmt.Sprintf(`W/"%d"`, s.etags))
	w.Header().Set("Last-Modified", fmt.Sprintf("day %d", s.etags))
	if s.cache != "" {
		w.Header().Set("Cache-Control", s.cache)
	}
	if r.Header.Get("If-None-Match") != "" {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	article("ferry", "")(w, r)
}

// take returns how it was asked since the last call.
func (s *stubborn) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// Both validators of the last answer go back as they came, those of a 304 too;
// whoever looks now asks caches to stand aside.
func TestValidatorsAreRenewed(t *testing.T) {
	hours(t, func(s *clockwork) {
		page := &stubborn{}
		s.town.at("/a", page.ServeHTTP)
		id := s.add("/a")
		s.look(id, tracker.OutcomeNew, "")
		s.look(id, tracker.OutcomeNotModified, "")
		s.look(id, tracker.OutcomeNotModified, "")
		want := []string{"||no-cache", `W/"1"|day 1|no-cache`, `W/"2"|day 2|no-cache`}
		if got := page.take(); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("asked\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}

		// What other rules would read, the validators do not say.
		rules, err := extract.ParseRules("poll.rules", strings.NewReader("outlet 127.0.0.1\ndrop .poll\n"))
		if err != nil {
			t.Fatal(err)
		}
		s.w.Rules = rules
		s.look(id, tracker.OutcomeUnchanged, "")
		s.look(id, tracker.OutcomeNotModified, "")
		if got := page.take(); got[0] != "||no-cache" || got[1] != `W/"4"|day 4|no-cache` {
			t.Errorf("asked %q after the rules changed", got)
		}
	})
}

// A page that says for ever that it was not modified is fetched whole every week,
// past caches; at other times nothing is asked of these.
func TestWholeFetchEveryWeek(t *testing.T) {
	hours(t, func(s *clockwork) {
		page := &stubborn{}
		s.town.at("/a", page.ServeHTTP)
		s.add("/a")
		ticks, err := tracker.ParseCron("@every 1h")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(s.Context(), 30*24*time.Hour)
		defer cancel()
		if err := s.w.Run(ctx, ticks); err != nil {
			t.Fatal(err)
		}
		whole, conditional := 0, 0
		for i, asked := range page.take() {
			switch {
			case i == 0 && asked == "||":
			case asked == "||no-cache":
				whole++
			case strings.HasPrefix(asked, `W/"`) && strings.HasSuffix(asked, "|"):
				conditional++
			default:
				t.Errorf("request %d: %q", i, asked)
			}
		}
		if whole < 2 || whole > 4 || conditional < 10 { // a look falls up to a week after it could be a whole one
			t.Errorf("in 30 days %d whole fetches and %d others after the first; want 2 to 4 and many", whole, conditional)
		}
	})
}

// The next look waits for as long as the answer says that it is fresh, up to an
// hour, but not where its user says when to look.
func TestFreshAnswersAreLeftToRest(t *testing.T) {
	for _, tt := range []struct {
		cache, cron string
		least, most time.Duration
	}{
		{"", "", time.Minute, 50 * time.Minute},
		{"max-age=600", "", 10 * time.Minute, 50 * time.Minute},
		{"max-age=3500", "", 3500 * time.Second, 3500 * time.Second},
		{"max-age=31536000", "", time.Hour, time.Hour},
		{"max-age=31536000", "@every 30s", 30 * time.Second, 30 * time.Second},
	} {
		hours(t, func(s *clockwork) {
			page := &stubborn{cache: tt.cache}
			s.town.at("/a", page.ServeHTTP)
			id := s.add("/a")
			if tt.cron != "" {
				a := s.article(id)
				if _, _, err := s.db.Add(s.Context(), storage.NewArticle{URL: a.URL, Identity: strings.TrimPrefix(a.URL, "http://"), Outlet: a.Outlet, Host: a.Host, Cron: tt.cron, At: time.Now()}); err != nil {
					t.Fatal(err)
				}
			}
			for _, outcome := range []tracker.Outcome{tracker.OutcomeNew, tracker.OutcomeNotModified} {
				r := s.look(id, outcome, "")
				if wait := time.Until(r.Article.NextCheck); wait < tt.least || wait > tt.most {
					t.Errorf("%q, %q: %s, next look in %v, want %v to %v", tt.cache, tt.cron, outcome, wait, tt.least, tt.most)
				}
			}
		})
	}
}
