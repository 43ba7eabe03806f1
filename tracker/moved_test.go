package tracker_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"storydiff/tracker"
)

func (s *clockwork) wantAliases(id int64, want ...string) {
	s.Helper()
	got, err := s.db.Aliases(s.Context(), id)
	if err != nil {
		s.Fatal(err)
	}
	for i, alias := range got {
		_, got[i], _ = strings.Cut(alias, "/")
	}
	if !slices.Equal(got, want) {
		s.Errorf("article %d is also %q, want %q", id, got, want)
	}
}

func canonical(path string) string { return fmt.Sprintf(`<link rel="canonical" href="%s">`, path) }

// A permanent redirect seen twice over a day is followed for good; the old
// address stays, and is tried again where the new one fails.
func TestMovedForGood(t *testing.T) {
	hours(t, func(s *clockwork) {
		s.town.at("/old", to(http.StatusMovedPermanently, "/new?id=7#top"))
		s.town.at("/new?id=7", article("ferry", ""))
		id := s.add("/old")
		from := time.Now()
		s.look(id, tracker.OutcomeNew, "")
		time.Sleep(23 * time.Hour)
		s.look(id, tracker.OutcomeUnchanged, "")
		if a := s.article(id); a.MovedTo != "" || a.LeadsTo != s.town.URL+"/new?id=7" {
			s.Errorf("within a day: moved to %q, led to %q", a.MovedTo, a.LeadsTo)
		}
		s.wantAliases(id, "old")
		time.Sleep(time.Hour)
		r := s.look(id, tracker.OutcomeUnchanged, "")
		if want := fmt.Sprintf("%[1]s/old leads to %[1]s/new?id=7 for good, and it is looked at there from now on", s.town.URL); r.Check.Detail != want {
			s.Errorf("detail %q, want %q", r.Check.Detail, want)
		}
		s.wantAliases(id, "new?id=7", "old")
		s.town.visits()
		s.look(id, tracker.OutcomeUnchanged, "")
		s.wantVisits("/new?id=7")

		s.town.at("/new?id=7", answer(http.StatusInternalServerError))
		s.look(id, tracker.OutcomeFailed, "http-500")
		s.town.at("/new?id=7", nil)
		s.town.at("/old", to(http.StatusMovedPermanently, "/newest"))
		s.town.at("/newest", article("ferry", ""))
		s.town.visits()
		s.look(id, tracker.OutcomeUnchanged, "")
		s.wantVisits("/old", "/newest")
		if a := s.article(id); a.URL != s.town.URL+"/old" {
			s.Errorf("added as %s", a.URL)
		}
		s.wantLife(id, from, "moved +24h0m0s")
	})
}

// Another form of the same address is asked for at once, without a word.
func TestMovedToAnotherFormOfItself(t *testing.T) {
	hours(t, func(s *clockwork) {
		s.town.at("/old", to(http.StatusPermanentRedirect, "/old/"))
		s.town.at("/old/", article("ferry", ""))
		id := s.add("/old")
		s.look(id, tracker.OutcomeNew, "")
		time.Sleep(24 * time.Hour)
		s.look(id, tracker.OutcomeUnchanged, "")
		s.town.visits()
		s.look(id, tracker.OutcomeUnchanged, "")
		s.wantVisits("/old/")
		s.wantAliases(id, "old")
		s.wantLife(id, time.Now())
	})
}

func TestNotMoved(t *testing.T) {
	for _, tt := range []struct {
		name          string
		first, second http.HandlerFunc
	}{
		{"for the time being", to(http.StatusFound, "/new"), to(http.StatusFound, "/new")},
		{"only for a while", to(http.StatusMovedPermanently, "/new"), article("ferry", "")},
		{"to somewhere else each time", to(http.StatusMovedPermanently, "/new"), to(http.StatusPermanentRedirect, "/newest")},
		{"to another article", to(http.StatusMovedPermanently, "/new"), to(http.StatusMovedPermanently, "/bridge")},
		{"to where another article stands by then", to(http.StatusMovedPermanently, "/new"), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			hours(t, func(s *clockwork) {
				s.town.at("/new", article("ferry", ""))
				s.town.at("/newest", article("ferry", ""))
				s.town.at("/bridge", article("bridge", ""))
				s.town.at("/old", tt.first)
				id := s.add("/old")
				s.look(id, tracker.OutcomeNew, "")
				time.Sleep(25 * time.Hour)
				if tt.second == nil {
					s.town.at("/new", shows(sectionStory))
				} else {
					s.town.at("/old", tt.second)
				}
				if err := s.w.Look(s.Context(), []tracker.Article{s.article(id)}, true); err != nil {
					s.Fatal(err)
				}
				if a := s.article(id); a.MovedTo != "" {
					s.Errorf("moved to %s", a.MovedTo)
				}
				s.wantAliases(id, "old")
			})
		})
	}
}

// An address that answers again itself is the article's own again.
func TestMovedAndBack(t *testing.T) {
	hours(t, func(s *clockwork) {
		s.town.at("/old", to(http.StatusPermanentRedirect, "/new"))
		s.town.at("/new", article("ferry", ""))
		id := s.add("/old")
		from := time.Now()
		s.look(id, tracker.OutcomeNew, "")
		time.Sleep(24 * time.Hour)
		s.look(id, tracker.OutcomeUnchanged, "")
		s.town.at("/new", nil)
		s.town.at("/old", article("ferry", ""))
		s.look(id, tracker.OutcomeFailed, "http-404")
		s.look(id, tracker.OutcomeUnchanged, "")
		if a := s.article(id); a.MovedTo != "" {
			s.Errorf("still at %s", a.MovedTo)
		}
		s.wantLife(id, from, "moved +24h0m0s", "missing http-404 +24h0m0s..+24h0m0s", "moved +24h0m0s")
	})
}

// An AMP page or a mobile twin is the article that its canonical link names, once
// both show the same text. Nothing that was seen is lost.
func TestTwinsBecomeOne(t *testing.T) {
	for _, twin := range []string{"/ferry/amp", "/ferry?amp=1", "/amp/ferry", "/m/ferry"} {
		t.Run(twin, func(t *testing.T) {
			hours(t, func(s *clockwork) {
				s.town.at("/ferry", article("ferry", canonical("/ferry")))
				s.town.at(twin, article("ferry", canonical("/ferry")))
				main, other := s.add("/ferry"), s.add(twin)
				s.look(main, tracker.OutcomeNew, "")
				r := s.look(other, tracker.OutcomeNew, "")
				want := fmt.Sprintf("it is the same article as %s/ferry (article 1), and is looked at there from now on", s.town.URL)
				if r.Check.Detail != want || r.Article.RemovedAt.IsZero() || r.Article.MergedInto != main {
					s.Errorf("detail %q, removed %v, into %d; want %q", r.Check.Detail, r.Article.RemovedAt, r.Article.MergedInto, want)
				}
				if a := s.article(main); !a.RemovedAt.IsZero() || a.State != tracker.Active {
					s.Errorf("the article that goes on: removed %v, %s", a.RemovedAt, a.State)
				}
				s.wantAliases(main, slices.Sorted(slices.Values([]string{"ferry", twin[1:]}))...)
				s.wantAliases(other)
				if v, err := s.db.Versions(s.Context(), other); err != nil || len(v) != 1 {
					s.Errorf("%d versions of the twin, %v", len(v), err)
				}
				s.wantLife(main, time.Now(), "merged +0s")
				s.wantLife(other, time.Now(), "merged +0s")
				s.look(main, tracker.OutcomeUnchanged, "")
			})
		})
	}
}

// The one with more versions goes on, whichever was looked at.
func TestTheLongerHistoryGoesOn(t *testing.T) {
	hours(t, func(s *clockwork) {
		s.town.at("/amp/ferry", article("ferry", ""))
		s.town.at("/ferry", article("ferry", canonical("/ferry")))
		amp := s.add("/amp/ferry")
		s.look(amp, tracker.OutcomeNew, "")
		s.town.at("/amp/ferry", article("bridge", ""))
		s.look(amp, tracker.OutcomeChanged, "")
		main := s.add("/ferry")
		s.look(main, tracker.OutcomeNew, "")
		// A cache may show one story in place of another: not before a day are they one.
		s.town.at("/amp/ferry", article("ferry", canonical("/ferry")))
		for _, outcome := range []tracker.Outcome{tracker.OutcomeChanged, tracker.OutcomeUnchanged} {
			if r := s.look(amp, outcome, ""); r.Check.Detail != "" {
				s.Errorf("within a day: %s", r.Check.Detail)
			}
			time.Sleep(12 * time.Hour)
		}
		r := s.look(amp, tracker.OutcomeUnchanged, "")
		if r.Article.MergedInto != 0 || s.article(main).MergedInto != amp {
			s.Errorf("%d went into %d, %d into %d", amp, r.Article.MergedInto, main, s.article(main).MergedInto)
		}
		s.wantAliases(amp, "amp/ferry", "ferry")
	})
}

// Two articles that bear one wrong canonical link stay two, and it leads to
// neither, now and later.
func TestSharedCanonicalIsNoAlias(t *testing.T) {
	for name, second := range map[string]http.HandlerFunc{
		"another headline": article("bridge", canonical("/article.php")),
		"another text":     shows(strings.NewReplacer("<h1>The year so far", "<h1>Council and the ferry", "</head>", canonical("/article.php")+"</head>").Replace(sectionStory)),
	} {
		t.Run(name, func(t *testing.T) { testShared(t, second) })
	}
}

func testShared(t *testing.T, second http.HandlerFunc) {
	hours(t, func(s *clockwork) {
		s.town.at("/article.php?id=1", article("ferry", canonical("/article.php")))
		s.town.at("/article.php?id=2", second)
		one, two := s.add("/article.php?id=1"), s.add("/article.php?id=2")
		s.look(one, tracker.OutcomeNew, "")
		s.wantAliases(one, "article.php", "article.php?id=1")
		s.look(two, tracker.OutcomeNew, "")
		s.look(one, tracker.OutcomeUnchanged, "")
		s.look(two, tracker.OutcomeUnchanged, "")
		s.wantAliases(one, "article.php?id=1")
		s.wantAliases(two, "article.php?id=2")
	})
}

// A canonical link to another article that was added on purpose takes nothing
// from that.
func TestCanonicalOfAnotherArticle(t *testing.T) {
	hours(t, func(s *clockwork) {
		s.town.at("/ferry", article("ferry", ""))
		s.town.at("/bridge", article("bridge", canonical("/ferry")))
		one, two := s.add("/ferry"), s.add("/bridge")
		s.look(one, tracker.OutcomeNew, "")
		s.look(two, tracker.OutcomeNew, "")
		s.wantAliases(one, "ferry")
		s.wantAliases(two, "bridge")
	})
}

// An article that is paused is not given up for, nor in favour of, another one.
func TestPausedIsNotMerged(t *testing.T) {
	hours(t, func(s *clockwork) {
		s.town.at("/ferry", article("ferry", ""))
		s.town.at("/amp/ferry", article("ferry", canonical("/ferry")))
		one, two := s.add("/ferry"), s.add("/amp/ferry")
		s.look(one, tracker.OutcomeNew, "")
		if err := s.db.SetState(s.Context(), one, tracker.Paused, time.Time{}); err != nil {
			s.Fatal(err)
		}
		r := s.look(two, tracker.OutcomeNew, "")
		if !r.Article.RemovedAt.IsZero() || r.Check.Detail != "" {
			s.Errorf("removed %v, %q", r.Article.RemovedAt, r.Check.Detail)
		}
	})
}

// Two addresses that one redirect leads to are one article, though both are being
// looked at by one command.
func TestMovedOntoAnotherArticle(t *testing.T) {
	hours(t, func(s *clockwork) {
		s.town.at("/old", to(http.StatusMovedPermanently, "/new"))
		s.town.at("/new", article("ferry", ""))
		one, two := s.add("/new"), s.add("/old")
		s.look(one, tracker.OutcomeNew, "")
		s.look(two, tracker.OutcomeNew, "")
		time.Sleep(24 * time.Hour)
		before := len(s.told)
		if err := s.w.Look(s.Context(), []tracker.Article{s.article(two), s.article(one), s.article(two)}, true); err != nil {
			s.Fatal(err)
		}
		if len(s.told) != before+2 || s.article(two).MergedInto != one {
			s.Errorf("%d checks, article 2 went into %d", len(s.told)-before, s.article(two).MergedInto)
		}
		s.wantAliases(one, "new", "old")
	})
}

// The canonical link counts where the page came from, and nowhere else.
func TestCanonicalElsewhereIsANote(t *testing.T) {
	hours(t, func(s *clockwork) {
		s.town.at("/a", article("ferry", canonical("https://agency.example/wire/ferry")))
		id := s.add("/a")
		s.look(id, tracker.OutcomeNew, "")
		if a := s.article(id); a.Canonical != "https://agency.example/wire/ferry" {
			s.Errorf("canonical %q", a.Canonical)
		}
		s.wantAliases(id, "a")
	})
}
