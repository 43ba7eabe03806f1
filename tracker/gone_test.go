package tracker_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/storage"
	"storydiff/storage/storagetest"
	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

// A town is a newspaper whose pages a test answers for, by their paths.
type town struct {
	*httptest.Server
	mu      sync.Mutex
	pages   map[string]http.HandlerFunc
	asked   []string         // paths and queries
	unknown http.HandlerFunc // answers for all other paths; nil: with 404
}

// newTown starts a town. It closes each connection after its answer: in a
// bubble, one that is kept open would keep the clock from moving.
func newTown(t *testing.T) *town {
	s := &town{pages: map[string]http.HandlerFunc{}}
	s.Server = httptest.NewUnstartedServer(s)
	s.Config.SetKeepAlivesEnabled(false)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func (s *town) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	page := s.pages[r.URL.RequestURI()]
	if r.URL.Path != "/robots.txt" {
		s.asked = append(s.asked, r.URL.RequestURI())
	}
	s.mu.Unlock()
	if page == nil {
		page = s.unknown
	}
	if page == nil {
		page = http.NotFound
	}
	page(w, r)
}

// at answers for a path; nil: with 404.
func (s *town) at(path string, page http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[path] = page
}

// visits returns what was asked for since the last call.
func (s *town) visits() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// article answers with a story about what; head goes into the page's head.
func article(what, head string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>%[1]s</title>%[2]s</head><body><article><h1>Council and the %[1]s</h1>
<p>The council voted on Tuesday to close the %[1]s after 31 years, and gave no reason for the %[1]s.</p>
<p>Mayor Ida Brenner said of the %[1]s that the twelve people who work there would be offered other posts in the town.</p>
<p>What becomes of the %[1]s is not expected to be known before the end of the decade, the %[1]s office said.</p></article></body></html>`, what, head)
	}
}

func answer(status int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Add(header[i], header[i+1])
		}
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		fmt.Fprintf(w, "<!doctype html><title>%d</title><p>%s</p>", status, http.StatusText(status))
	}
}

func to(status int, path string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, path, status) }
}

const sectionFront = `<!doctype html><html lang="en"><head><title>News</title></head><body><h1>News</h1><ul>
<li><a href="/news/a">Sprat festival opens</a></li><li><a href="/news/b">Bus fares rise again</a></li><li><a href="/news/c">Heron found</a></li></ul></body></html>`

// sectionStory is a section's front that reads like an article.
const sectionStory = `<!doctype html><html lang="en"><head><title>The year so far</title></head><body><article><h1>The year so far</h1>
<p>From the sprat festival in January to the flood in May, this page gathers all that our reporters have written since the year began.</p>
<p>The cannery opened on Sundays, the museum found its heron, and a man who had climbed the clock was fined by the magistrates.</p>
<p>Council closes the ferry: after 31 years it is over.</p></article></body></html>`

func shows(html string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, html)
	}
}

// A clockwork is a watcher in a bubble, whose days pass at once.
type clockwork struct {
	*testing.T
	town *town
	db   *storage.DB
	w    *tracker.Watcher
	told []tracker.Result
}

// hours runs f in a bubble.
func hours(t *testing.T, f func(s *clockwork)) {
	site := newTown(t)
	synctest.Test(t, func(t *testing.T) {
		s := &clockwork{T: t, town: site, db: storagetest.New(t)}
		s.w = &tracker.Watcher{
			Store: s.db, Owner: "test", Log: slog.New(slog.DiscardHandler),
			Fetch: fetch.NewClient(fetch.Options{AllowPrivate: true, HostDelay: -1, Timeout: 10 * time.Second, Ledger: s.db}),
			Tell:  func(r tracker.Result) { s.told = append(s.told, r) },
		}
		f(s)
	})
}

// add tracks a path, and returns its article.
func (s *clockwork) add(path string) int64 {
	s.Helper()
	url := s.town.URL + path
	id, err := tracker.Identity(url)
	if err != nil {
		s.Fatal(err)
	}
	a, _, err := s.db.Add(s.Context(), storage.NewArticle{URL: url, Identity: id, Outlet: "127.0.0.1", Host: "127.0.0.1", At: time.Now()})
	if err != nil {
		s.Fatal(err)
	}
	return a.ID
}

func (s *clockwork) article(id int64) tracker.Article {
	s.Helper()
	a, err := s.db.Article(s.Context(), id)
	if err != nil {
		s.Fatal(err)
	}
	return a
}

// look looks now, and wants the outcome and reason.
func (s *clockwork) look(id int64, outcome tracker.Outcome, reason string) tracker.Result {
	s.Helper()
	before := len(s.told)
	if err := s.w.Look(s.Context(), []tracker.Article{s.article(id)}, true); err != nil {
		s.Fatal(err)
	}
	if len(s.told) != before+1 {
		s.Fatalf("%d checks, want 1", len(s.told)-before)
	}
	r := s.told[before]
	if r.Check.Outcome != outcome || r.Check.Reason != reason {
		s.Fatalf("look = %s %s (%s), want %s %s", r.Check.Outcome, r.Check.Reason, r.Check.Detail, outcome, reason)
	}
	return r
}

// due sleeps until an article is due, and returns how long that was.
func (s *clockwork) due(id int64) time.Duration {
	s.Helper()
	d := time.Until(s.article(id).NextCheck)
	time.Sleep(d)
	return d
}

// life returns the events of an article, each as "kind reason +from..+until".
func (s *clockwork) life(id int64, from time.Time) []string {
	s.Helper()
	events, err := s.db.Events(s.Context(), id)
	if err != nil {
		s.Fatal(err)
	}
	var out []string
	for _, e := range events {
		text := strings.TrimSpace(fmt.Sprintf("%s %s", e.Kind, e.Reason)) + " +" + e.At.Sub(from).Round(time.Second).String()
		if !e.Until.IsZero() {
			text += "..+" + e.Until.Sub(from).Round(time.Second).String()
		}
		out = append(out, text)
	}
	return out
}

func (s *clockwork) wantLife(id int64, from time.Time, want ...string) {
	s.Helper()
	if got := s.life(id, from); !slices.Equal(got, want) {
		s.Errorf("events\n got %q\nwant %q", got, want)
	}
}

func (s *clockwork) wantVisits(want ...string) {
	s.Helper()
	if got := s.town.visits(); !slices.Equal(got, want) {
		s.Errorf("asked for %q, want %q", got, want)
	}
}

// A 404 is looked at again after 10 min, 1 h, 6 h and 24 h, is gone once a day
// has passed, and then looked for each month; its return is an event.
func TestMissingBecomesGone(t *testing.T) {
	hours(t, func(s *clockwork) {
		s.town.at("/news/ferry", article("ferry", ""))
		id := s.add("/news/ferry")
		s.look(id, tracker.OutcomeNew, "")
		s.due(id)
		s.town.at("/news/ferry", nil)
		from := time.Now()
		since := from.UTC().Format("2006-01-02 15:04 MST")
		for _, wait := range []time.Duration{10 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour} {
			r := s.look(id, tracker.OutcomeFailed, "http-404")
			if !r.Article.Missing() || !r.Article.MissingFrom.Equal(from) || r.Article.State != tracker.Active {
				s.Errorf("missing %v since %v, %s; want so since %v, active", r.Article.Missing(), r.Article.MissingFrom, r.Article.State, from)
			}
			if got := s.due(id); got != wait {
				s.Errorf("next look after %v, want %v", got, wait)
			}
		}
		r := s.look(id, tracker.OutcomeGone, "http-404")
		if r.Article.State != tracker.Gone || r.Article.Missing() || !strings.HasSuffix(r.Check.Detail, "; it has been missing since "+since+", at 5 looks") {
			s.Errorf("%s, missing %v: %s", r.Article.State, r.Article.Missing(), r.Check.Detail)
		}
		for range 2 {
			if got := s.due(id); got != 30*24*time.Hour {
				s.Errorf("the next look at what is gone after %v, want 30 days", got)
			}
			s.look(id, tracker.OutcomeGone, "http-404")
		}
		s.town.at("/news/ferry", article("ferry", ""))
		s.look(id, tracker.OutcomeRestored, "")
		if a := s.article(id); a.State != tracker.Active || !a.GoneFrom.IsZero() || a.Versions != 1 {
			s.Errorf("back: %s, gone from %v, %d versions", a.State, a.GoneFrom, a.Versions)
		}
		s.wantLife(id, from, "missing http-404 +0s..+31h10m0s", "gone http-404 +31h10m0s..+1471h10m0s", "restored +1471h10m0s")
	})
}

// Whatever says that the article is not there counts together, and a look that
// shows it starts the count again, without a word of its being gone.
func TestMissingAndBack(t *testing.T) {
	hours(t, func(s *clockwork) {
		s.town.at("/news/ferry", article("ferry", ""))
		s.town.at("/", shows(sectionFront))
		id := s.add("/news/ferry")
		s.look(id, tracker.OutcomeNew, "")
		from := time.Now()
		miss := func(p http.HandlerFunc, outcome tracker.Outcome, reason string) {
			s.Helper()
			s.town.at("/news/ferry", p)
			s.look(id, outcome, reason)
			time.Sleep(13 * time.Hour)
		}
		miss(nil, tracker.OutcomeFailed, "http-404")
		miss(to(http.StatusFound, "/"), tracker.OutcomeFailed, "redirected-to-front")
		miss(article("ferry", ""), tracker.OutcomeUnchanged, "")
		s.wantLife(id, from, "missing http-404 +0s..+26h0m0s")
		miss(shows(`<!doctype html><html lang="en"><title>Page not found</title><h1>Page not found</h1><p>There is nothing here.</p></html>`), tracker.OutcomeFailed, "soft-404")
		miss(answer(http.StatusBadGateway), tracker.OutcomeFailed, "http-502") // says nothing either way
		s.town.at("/index.html?utm_source=gone", shows(sectionFront))
		miss(to(http.StatusFound, "/index.html?utm_source=gone"), tracker.OutcomeFailed, "redirected-to-front")
		miss(to(http.StatusFound, "/"), tracker.OutcomeGone, "redirected-to-front")
		s.wantLife(id, from, "missing http-404 +0s..+26h0m0s", "missing soft-404 +39h0m0s..+78h0m0s", "gone redirected-to-front +78h0m0s")
	})
}

// 410 is gone at once, confirmed after a day, then looked at monthly.
func TestGoneAtOnce(t *testing.T) {
	hours(t, func(s *clockwork) {
		s.town.at("/a", article("ferry", ""))
		id := s.add("/a")
		s.look(id, tracker.OutcomeNew, "")
		from := time.Now()
		s.town.at("/a", answer(http.StatusGone))
		s.look(id, tracker.OutcomeGone, "http-410")
		for _, want := range []time.Duration{24 * time.Hour, 30 * 24 * time.Hour, 30 * 24 * time.Hour} {
			if got := s.due(id); got != want {
				s.Errorf("the next look after %v, want %v", got, want)
			}
			s.look(id, tracker.OutcomeGone, "http-410")
		}
		s.town.at("/a", answer(http.StatusInternalServerError)) // does not cost a month
		s.look(id, tracker.OutcomeFailed, "http-500")
		if got := s.due(id); got != time.Hour {
			s.Errorf("after a failure the next look comes after %v, want 1h", got)
		}
		s.town.at("/a", article("bridge", ""))
		if r := s.look(id, tracker.OutcomeChanged, ""); r.Article.State != tracker.Active {
			s.Errorf("back with another text: %s", r.Article.State)
		}
		s.wantLife(id, from, "gone http-410 +0s..+1465h0m0s", "restored +1465h0m0s")
	})
}

// What was paused by its user is told of its end and return, too, and stays paused.
func TestPausedIsGoneAndBack(t *testing.T) {
	hours(t, func(s *clockwork) {
		s.town.at("/a", article("ferry", ""))
		id := s.add("/a")
		s.look(id, tracker.OutcomeNew, "")
		if err := s.db.SetState(s.Context(), id, tracker.Paused, time.Time{}); err != nil {
			s.Fatal(err)
		}
		from := time.Now()
		s.town.at("/a", answer(http.StatusGone))
		s.look(id, tracker.OutcomeGone, "http-410")
		time.Sleep(time.Hour)
		s.town.at("/a", article("ferry", ""))
		if r := s.look(id, tracker.OutcomeRestored, ""); r.Article.State != tracker.Paused {
			s.Errorf("state %s, want paused", r.Article.State)
		}
		s.wantLife(id, from, "gone http-410 +0s..+1h0m0s", "restored +1h0m0s")
	})
}

func TestWithheld(t *testing.T) {
	for _, tt := range []struct {
		name  string
		links []string
		want  string // at the end of the detail
	}{
		{"no link", nil, "it is withheld on legal grounds, such as a court's order or a law"},
		{"as in RFC 7725", []string{`<https://isp.example/legal>; rel="blocked-by"`}, "; it is blocked by https://isp.example/legal"},
		{"relative, among others", []string{`</a,b>; rel=preload, </why>; title="a, <b>; rel=\"x"; REL="alternate Blocked-By"`}, "; it is blocked by SITE/why"},
		{"a second header", []string{`</style.css>; rel=preload`, `<//court.example/o>;rel=blocked-by`}, "; it is blocked by http://court.example/o"},
		{"credentials", []string{`<https://u:p@isp.example/>; rel="blocked-by"`}, "; it is blocked by https://isp.example/"},
		{"no address of the web", []string{`<javascript:alert(1)>; rel="blocked-by"`}, "or a law"},
		{"another scheme", []string{`<ftp://isp.example/>; rel="blocked-by"`}, "or a law"},
		{"too long", []string{`<https://isp.example/` + strings.Repeat("a", 600) + `>; rel="blocked-by"`}, "or a law"},
		{"not closed", []string{`<https://isp.example/; rel="blocked-by"`}, "or a law"},
		{"many", []string{strings.Repeat(`<a>; rel="b", `, 1000) + `<https://isp.example/>; rel="blocked-by"`}, "or a law"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			hours(t, func(s *clockwork) {
				id := s.add("/a")
				var header []string
				for _, link := range tt.links {
					header = append(header, "Link", link)
				}
				s.town.at("/a", answer(http.StatusUnavailableForLegalReasons, header...))
				r := s.look(id, tracker.OutcomeGone, "http-451")
				want := strings.ReplaceAll(tt.want, "SITE", s.town.URL)
				events, err := s.db.Events(s.Context(), id)
				if err != nil || len(events) != 1 || !strings.HasSuffix(events[0].Detail, want) || events[0].Detail != r.Check.Detail {
					s.Errorf("events %+v, %v; want one that ends %q", events, err, want)
				}
				if d := s.due(id); d != 30*24*time.Hour {
					s.Errorf("the next look after %v, want 30 days", d)
				}
			})
		})
	}
}

// A takedown that turns out to be a legal one is told; the article is gone since
// the first of the two.
func TestGoneForAnotherReason(t *testing.T) {
	hours(t, func(s *clockwork) {
		id := s.add("/a")
		s.town.at("/a", answer(http.StatusGone))
		from := time.Now()
		s.look(id, tracker.OutcomeGone, "http-410")
		time.Sleep(time.Hour)
		s.town.at("/a", answer(http.StatusUnavailableForLegalReasons))
		r := s.look(id, tracker.OutcomeGone, "http-451")
		if !r.Article.GoneFrom.Equal(from) {
			s.Errorf("gone from %v, want %v", r.Article.GoneFrom, from)
		}
		s.wantLife(id, from, "gone http-410 +0s..+1h0m0s", "gone http-451 +1h0m0s")
	})
}

// A redirect to a page that stands for many articles is one to a front page; one
// to where the article itself is, is not.
func TestRedirectToASection(t *testing.T) {
	const none, moved, front = "", "unchanged", "redirected-to-front"
	for _, tt := range []struct {
		name string
		to   string
		want string // reason, or outcome
	}{
		{"the section's front", "/news/", front},
		{"a section that reads like an article", "/news/2026", front},
		{"above, and the article itself", "/news/2026/03", moved},
		{"not above", "/sport/list", "no-article"},
		{"where another article leads too", "/topics", front},
		{"a page to pay at, where another article leads too", "/subscribe/now", "no-article"},
		{"an empty page above", "/news/2026/03/ferry", "empty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			hours(t, func(s *clockwork) {
				s.town.at("/news/", shows(sectionFront))
				s.town.at("/sport/list", shows(sectionFront))
				s.town.at("/topics", shows(sectionFront))
				s.town.at("/subscribe/now", shows(sectionFront))
				s.town.at("/news/2026", shows(sectionStory))
				s.town.at("/news/2026/03", article("ferry", ""))
				s.town.at("/news/2026/03/ferry/1", article("ferry", ""))
				s.town.at("/x", to(http.StatusFound, "/topics"))
				s.town.at("/y", to(http.StatusFound, "/subscribe/now"))
				s.town.at("/news/2026/03/ferry", shows(" "))
				s.look(s.add("/x"), tracker.OutcomeFailed, "no-article")
				s.look(s.add("/y"), tracker.OutcomeFailed, "no-article")
				id := s.add("/news/2026/03/ferry/1")
				if tt.want == "empty" { // the newest version stood at the very address
					s.town.at("/news/2026/03/ferry", article("ferry", ""))
					s.town.at("/news/2026/03/ferry/1", to(http.StatusFound, tt.to))
				}
				s.look(id, tracker.OutcomeNew, "")
				s.town.at("/news/2026/03/ferry/1", to(http.StatusFound, tt.to))
				if tt.want == "empty" {
					s.town.at("/news/2026/03/ferry", shows(" "))
				}
				outcome, reason := tracker.OutcomeFailed, tt.want
				if tt.want == moved {
					outcome, reason = tracker.OutcomeUnchanged, none
				}
				r := s.look(id, outcome, reason)
				if got := r.Article.Missing(); got != (tt.want == front) {
					s.Errorf("missing: %v (%s)", got, r.Check.Detail)
				}
			})
		})
	}
}
