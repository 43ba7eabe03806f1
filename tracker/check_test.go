package tracker_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/storage/storagetest"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
	"storydiff/tracker/revision"
)

// A desk is a newspaper with one story, which a test edits.
type desk struct {
	mu       sync.Mutex
	status   int
	headline string
	paras    []string
	modified string
	etag     string
	location string
}

func newDesk() *desk {
	return &desk{status: http.StatusOK, headline: "Council closes the ferry", modified: "2026-03-02T09:00:00Z", paras: []string{
		"The council voted on Tuesday to close the ferry to Eastbank after 31 years of service.",
		"Mayor Ida Brenner said that the twelve people who work on it would be offered other posts in the town.",
		"A bridge, first proposed in 1988, is not expected before the end of the decade, the harbour office said.",
	}}
}

func (d *desk) edit(change func(*desk)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(d)
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if r.URL.Path == "/robots.txt" {
		http.NotFound(w, r)
		return
	}
	if d.location != "" && r.URL.Path != d.location {
		http.Redirect(w, r, d.location, http.StatusFound)
		return
	}
	if d.etag != "" {
		w.Header().Set("ETag", d.etag)
		if r.Header.Get("If-None-Match") == d.etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(d.status)
	fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>%s</title><meta property="article:modified_time" content="%s"></head>
<body><article><h1>%s</h1><p>%s</p></article></body></html>`, d.headline, d.modified, d.headline, strings.Join(d.paras, "</p><p>"))
}

// A watch is a watcher over one article of a desk.
type watch struct {
	t    *testing.T
	desk *desk
	site *httptest.Server
	db   *storage.DB
	w    *tracker.Watcher
	told []tracker.Result
}

func newWatch(t *testing.T) *watch {
	d := newDesk()
	site := httptest.NewServer(d)
	t.Cleanup(site.Close)
	db := storagetest.New(t)
	s := &watch{t: t, desk: d, site: site, db: db}
	s.w = &tracker.Watcher{
		Store: db, Owner: "test", Log: slog.New(slog.DiscardHandler),
		Fetch: fetch.NewClient(fetch.Options{AllowPrivate: true, HostDelay: -1, Timeout: 10 * time.Second, Ledger: db}),
		Tell:  func(r tracker.Result) { s.told = append(s.told, r) },
	}
	url := site.URL + "/news/ferry"
	_, _, err := db.Add(t.Context(), storage.NewArticle{URL: url, Identity: strings.TrimPrefix(url, "http://"), Outlet: "127.0.0.1", Host: "127.0.0.1", At: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// look checks the article and returns what was told last.
func (s *watch) look() tracker.Result {
	s.t.Helper()
	a, err := s.db.Article(s.t.Context(), 1)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.w.Look(s.t.Context(), []tracker.Article{a}, true); err != nil {
		s.t.Fatal(err)
	}
	r := s.told[len(s.told)-1]
	if _, known := tracker.Reasons()[r.Check.Reason]; !r.Check.Outcome.Plain() && !known && !strings.HasPrefix(r.Check.Reason, "http-") {
		s.t.Errorf("reason %q is not of the closed list", r.Check.Reason)
	}
	return r
}

// want looks, and fails the test where the outcome or reason is another.
func (s *watch) want(outcome tracker.Outcome, reason string, version int) tracker.Result {
	s.t.Helper()
	r := s.look()
	if r.Check.Outcome != outcome || r.Check.Reason != reason || r.Check.Version != version {
		s.t.Fatalf("check = %s %s, version %d (%s), want %s %s, version %d", r.Check.Outcome, r.Check.Reason, r.Check.Version, r.Check.Detail, outcome, reason, version)
	}
	return r
}

func TestLifeOfAnArticle(t *testing.T) {
	s := newWatch(t)
	s.want(tracker.OutcomeNew, "", 1)
	s.want(tracker.OutcomeUnchanged, "", 1)
	s.desk.edit(func(d *desk) { d.paras[0] = strings.Replace(d.paras[0], "31", "13", 1) })
	r := s.want(tracker.OutcomeChanged, "", 2)
	if !slices.Contains(r.Change.Kinds, revision.Number) || r.Change.Disclosure != revision.Silent {
		t.Errorf("change = %v, %s, want a silent number", r.Change.Kinds, r.Change.Disclosure)
	}
	s.desk.edit(func(d *desk) { d.status = http.StatusInternalServerError })
	s.want(tracker.OutcomeFailed, "http-500", 0)
	s.desk.edit(func(d *desk) { d.status = http.StatusForbidden })
	s.want(tracker.OutcomeBlocked, "http-403", 0)
	s.desk.edit(func(d *desk) { d.status = http.StatusGone })
	if r = s.want(tracker.OutcomeGone, "http-410", 0); r.Article.State != tracker.Gone {
		t.Errorf("state = %s, want gone", r.Article.State)
	}
	s.desk.edit(func(d *desk) { d.status = http.StatusOK })
	if r = s.want(tracker.OutcomeRestored, "", 2); r.Article.State != tracker.Active {
		t.Errorf("state = %s, want active", r.Article.State)
	}
	s.desk.edit(func(d *desk) { d.paras[0] = strings.Replace(d.paras[0], "13", "31", 1) })
	if r = s.want(tracker.OutcomeChanged, "", 3); r.Change.RevertsTo != 1 {
		t.Errorf("RevertsTo = %d, want 1", r.Change.RevertsTo)
	}
	s.wantEvents(tracker.EventBlocked, tracker.EventGone, tracker.EventRestored)
}

func (s *watch) wantEvents(want ...tracker.EventKind) {
	s.t.Helper()
	events, err := s.db.Events(s.t.Context(), 1)
	if err != nil {
		s.t.Fatal(err)
	}
	var got []tracker.EventKind
	for _, e := range events {
		got = append(got, e.Kind)
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("events = %v, want %v", got, want)
	}
}

func TestNotModified(t *testing.T) {
	s := newWatch(t)
	s.desk.edit(func(d *desk) { d.etag = `"one"` })
	s.want(tracker.OutcomeNew, "", 1)
	s.want(tracker.OutcomeNotModified, "", 1)
	s.desk.edit(func(d *desk) {
		d.etag, d.paras[1] = `"two"`, "Mayor Ida Brenner said nothing about the people who work on it."
	})
	s.want(tracker.OutcomeChanged, "", 2)
	s.want(tracker.OutcomeNotModified, "", 2)
}

// A modified time that moves on alone is no version, and the edit that follows
// without a further step of it is silent.
func TestStampBelongsToTheLookThatShowedIt(t *testing.T) {
	s := newWatch(t)
	s.want(tracker.OutcomeNew, "", 1)
	s.desk.edit(func(d *desk) { d.modified = "2026-03-02T11:00:00Z" })
	s.want(tracker.OutcomeUnchanged, "", 1)
	s.desk.edit(func(d *desk) { d.paras[0] = strings.Replace(d.paras[0], "31", "13", 1) })
	if r := s.want(tracker.OutcomeChanged, "", 2); r.Change.Disclosure != revision.Silent {
		t.Errorf("disclosure = %s (%s), want silent", r.Change.Disclosure, r.Change.Proof)
	}
	s.desk.edit(func(d *desk) {
		d.paras[0], d.modified = strings.Replace(d.paras[0], "13", "30", 1), "2026-03-02T12:00:00Z"
	})
	if r := s.want(tracker.OutcomeChanged, "", 3); r.Change.Disclosure != revision.Stamped {
		t.Errorf("disclosure = %s, want stamped", r.Change.Disclosure)
	}
}

func TestRedirectToTheFrontPageIsMissing(t *testing.T) {
	s := newWatch(t)
	s.want(tracker.OutcomeNew, "", 1)
	s.desk.edit(func(d *desk) { d.location = "/" })
	s.want(tracker.OutcomeFailed, "redirected-to-front", 0)
	s.desk.edit(func(d *desk) { d.location = "" })
	s.want(tracker.OutcomeUnchanged, "", 1)
}

// A lateStore makes every look come a day and an hour after the first that
// found the article missing.
type lateStore struct{ *storage.DB }

func (s lateStore) ClaimArticle(ctx context.Context, id int64, owner string, now time.Time, ttl time.Duration) (tracker.Article, bool, error) {
	a, ok, err := s.DB.ClaimArticle(ctx, id, owner, now, ttl)
	if !a.MissingFrom.IsZero() {
		a.MissingFrom = now.Add(-25 * time.Hour)
	}
	return a, ok, err
}

func TestMissingIsGoneAfterThreeLooksOverADay(t *testing.T) {
	s := newWatch(t)
	s.want(tracker.OutcomeNew, "", 1)
	s.desk.edit(func(d *desk) { d.status = http.StatusNotFound })
	for range 4 {
		s.want(tracker.OutcomeFailed, "http-404", 0) // many looks, but within the day
	}
	s.desk.edit(func(d *desk) { d.status = http.StatusOK })
	s.want(tracker.OutcomeUnchanged, "", 1)
	s.desk.edit(func(d *desk) { d.status = http.StatusNotFound })
	s.w.Store = lateStore{s.db}
	s.want(tracker.OutcomeFailed, "http-404", 0)
	s.want(tracker.OutcomeFailed, "http-404", 0)
	s.want(tracker.OutcomeGone, "http-404", 0)
	s.want(tracker.OutcomeGone, "http-404", 0)
	s.desk.edit(func(d *desk) { d.status, d.headline = http.StatusOK, "Council keeps the ferry" })
	s.want(tracker.OutcomeChanged, "", 2)
	s.wantEvents(tracker.EventMissing, tracker.EventMissing, tracker.EventGone, tracker.EventRestored)
}

// A crashingStore dies after it kept a capture and before the check is recorded.
type crashingStore struct {
	*storage.DB
	crash bool
}

var errCrash = errors.New("crash")

func (s *crashingStore) Record(ctx context.Context, owner string, r *tracker.Record) error {
	if s.crash {
		return errCrash
	}
	return s.DB.Record(ctx, owner, r)
}

func TestCaptureKeptBeforeACrashIsUnderstoodAfterIt(t *testing.T) {
	s := newWatch(t)
	s.want(tracker.OutcomeNew, "", 1)
	store := &crashingStore{DB: s.db, crash: true}
	s.w.Store = store
	s.desk.edit(func(d *desk) { d.headline = "Council to sell the ferry" })
	a, err := s.db.Article(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.w.Look(t.Context(), []tracker.Article{a}, true); !errors.Is(err, errCrash) {
		t.Fatalf("Look = %v, want the crash", err)
	}
	if err := s.db.Release(t.Context(), 1, "test"); err != nil {
		t.Fatal(err)
	}
	// The headline that stood for a moment only was seen, and is not lost.
	store.crash = false
	s.desk.edit(func(d *desk) { d.headline = "Council keeps the ferry" })
	s.want(tracker.OutcomeChanged, "", 3)
	v, err := s.db.Version(t.Context(), 1, 2)
	if err != nil || v.Story.Headline != "Council to sell the ferry" {
		t.Errorf("version 2 = %q, %v, want the headline captured before the crash", v.Story.Headline, err)
	}
}

// A deafStore cannot say whether a host may be asked.
type deafStore struct{ fetch.Ledger }

func (deafStore) Take(context.Context, fetch.Ask) (fetch.Turn, error) {
	return fetch.Turn{}, errDisk
}

func TestTroubleOfTheStoreIsNoneOfTheNetwork(t *testing.T) {
	s := newWatch(t)
	s.w.Fetch = fetch.NewClient(fetch.Options{AllowPrivate: true, Ledger: deafStore{s.db}})
	a, err := s.db.Article(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.w.Look(t.Context(), []tracker.Article{a}, true); !errors.Is(err, errDisk) || len(s.told) > 0 {
		t.Errorf("Look = %v, told %v, want the store's error and nothing told", err, s.told)
	}
}

// A faultyStore stands for a fault of ours while two stories are compared.
type faultyStore struct{ *storage.DB }

func (faultyStore) LatestHead(context.Context, int64) (tracker.Version, tracker.Check, error) {
	panic("index out of range")
}

func TestFaultOfOursFailsOneArticle(t *testing.T) {
	s := newWatch(t)
	s.want(tracker.OutcomeNew, "", 1)
	s.w.Store = faultyStore{s.db}
	s.want(tracker.OutcomeFailed, "internal", 0)
	s.w.Store = s.db
	s.want(tracker.OutcomeUnchanged, "", 1)
}

// An oldStore hands out versions as an extractor that was worse had read them.
type oldStore struct{ *storage.DB }

func (s oldStore) LatestHead(ctx context.Context, id int64) (tracker.Version, tracker.Check, error) {
	return s.Latest(ctx, id)
}

func (s oldStore) Latest(ctx context.Context, id int64) (tracker.Version, tracker.Check, error) {
	v, last, err := s.DB.Latest(ctx, id)
	v.Extractor--
	v.Story = extract.Story{Headline: "Misread"}
	return v, last, err
}

func TestOurOwnImprovementIsNoEdit(t *testing.T) {
	s := newWatch(t)
	s.want(tracker.OutcomeNew, "", 1)
	s.w.Store = oldStore{s.db}
	s.want(tracker.OutcomeUnchanged, "", 1)
}

func TestLeaseLostMeansNotRecorded(t *testing.T) {
	s := newWatch(t)
	s.w.Store = thiefStore{s.db}
	a, err := s.db.Article(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.w.Look(t.Context(), []tracker.Article{a}, true); err != nil {
		t.Fatal(err)
	}
	checks, err := s.db.Checks(t.Context(), 1, 10)
	if err != nil || len(checks) != 0 || len(s.told) != 0 {
		t.Errorf("checks = %v, %v, told %v, want none", checks, err, s.told)
	}
}

// A thiefStore lets another worker take the article while it is fetched.
type thiefStore struct{ *storage.DB }

func (s thiefStore) Keep(ctx context.Context, c *tracker.Capture) error {
	if err := s.DB.Keep(ctx, c); err != nil {
		return err
	}
	_, ok, err := s.DB.ClaimArticle(ctx, c.ArticleID, "thief", time.Now().Add(time.Hour), time.Minute)
	if err == nil && !ok {
		err = errors.New("the thief came too early")
	}
	return err
}

func TestCanonicalAddressBecomesAnAlias(t *testing.T) {
	page := `<!doctype html><html lang="en"><head><title>Ferry</title><link rel="canonical" href="/news/ferry-closes"></head><body><article><h1>Council closes the ferry</h1>
<p>The council voted on Tuesday to close the ferry to Eastbank after 31 years of service to the town.</p><p>A bridge, first proposed in 1988, is not expected before the end of the decade.</p></article></body></html>`
	s := newWatch(t)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, page)
	}))
	defer site.Close()
	host := strings.TrimPrefix(site.URL, "http://")
	a, _, err := s.db.Add(t.Context(), storage.NewArticle{URL: site.URL + "/amp/ferry", Identity: host + "/amp/ferry", Outlet: "127.0.0.1", Host: "127.0.0.1", At: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.w.Look(t.Context(), []tracker.Article{a}, true); err != nil {
		t.Fatal(err)
	}
	twin, err := s.db.ArticleByIdentity(t.Context(), host+"/news/ferry-closes")
	if err != nil || twin.ID != a.ID || twin.Canonical != site.URL+"/news/ferry-closes" {
		t.Errorf("by its canonical address: article %d (%s), %v, want %d", twin.ID, twin.Canonical, err, a.ID)
	}
}
