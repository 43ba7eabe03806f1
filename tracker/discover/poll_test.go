package discover_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/storage"
	"storydiff/storage/storagetest"
	"storydiff/tracker"
	"storydiff/tracker/discover"
	"storydiff/tracker/fetch"
)

// A press serves documents by address, each with an entity tag of its own, and
// notes what it was asked for.
type press struct {
	docs    map[string]string
	status  map[string]int
	errs    map[string]error
	headers http.Header // of every answer
	mu      sync.Mutex
	asked   []string // the addresses, with a ? behind what was conditional
	slow    map[string]time.Duration
}

func newPress() *press {
	return &press{docs: map[string]string{}, status: map[string]int{}, errs: map[string]error{}, headers: http.Header{}, slow: map[string]time.Duration{}}
}

func (p *press) Get(ctx context.Context, r fetch.Request) (*fetch.Page, error) {
	asked := strings.TrimPrefix(r.URL, site)
	if r.ETag != "" {
		asked += " if changed"
	}
	p.mu.Lock()
	p.asked = append(p.asked, asked)
	p.mu.Unlock()
	if d := p.slow[r.URL]; d > 0 {
		select {
		case <-ctx.Done():
			return nil, &fetch.Error{Reason: "canceled", Detail: "given up", Err: ctx.Err()}
		case <-time.After(d):
		}
	}
	if err := p.errs[r.URL]; err != nil {
		return nil, err
	}
	doc, there := p.docs[r.URL]
	page := &fetch.Page{URL: r.URL, Final: r.URL, Status: http.StatusOK, Header: p.headers.Clone(), Body: []byte(doc)}
	tag := fmt.Sprintf(`"%x"`, hashedName(doc))
	switch {
	case p.status[r.URL] != 0:
		page.Status, page.Body = p.status[r.URL], []byte("<html>Sorry")
	case !there:
		page.Status = http.StatusNotFound
	case r.ETag == tag:
		page.Status, page.Body = http.StatusNotModified, nil
		page.Header.Set("ETag", tag)
	default:
		page.Header.Set("ETag", tag)
	}
	return page, nil
}

// items is a feed of items, each "path title published updated", the times as
// how long ago.
func items(list ...string) string {
	var b strings.Builder
	b.WriteString(`<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title>`)
	for _, item := range list {
		f := strings.Fields(item)
		fmt.Fprintf(&b, `<entry><link href="%s"/><title>%s</title>`, f[0], f[1])
		for i, name := range []string{"published", "updated"} {
			if len(f) > i+2 && f[i+2] != "-" {
				ago, err := time.ParseDuration(f[i+2])
				if err != nil {
					panic(err)
				}
				fmt.Fprintf(&b, "<%s>%s</%[1]s>", name, time.Now().Add(-ago).UTC().Format(time.RFC3339))
			}
		}
		b.WriteString("</entry>")
	}
	return b.String() + "</feed>"
}

// A desk is a poller in a bubble, whose days pass at once.
type desk struct {
	*testing.T
	db     *storage.DB
	press  *press
	poller *discover.Poller
}

func desks(t *testing.T, f func(d *desk)) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{T: t, db: storagetest.New(t), press: newPress()}
		d.poller = &discover.Poller{Store: d.db, Fetch: d.press, Log: slog.New(slog.DiscardHandler), Random: func() float64 { return 0.5 }}
		f(d)
	})
}

// add keeps a source, to be polled.
func (d *desk) add(path string, change func(*discover.Source)) discover.Source {
	d.Helper()
	s := discover.Source{URL: site + path, Named: site + path, Host: "post.example", AddedAt: time.Now()}
	if change != nil {
		change(&s)
	}
	kept, _, err := d.db.AddSource(d.Context(), s)
	if err != nil {
		d.Fatal(err)
	}
	return kept
}

// poll polls a source, and returns what came of it in a line.
func (d *desk) poll(id int64) string {
	d.Helper()
	s, err := d.db.Source(d.Context(), id)
	if err != nil {
		d.Fatal(err)
	}
	p, err := d.poller.Poll(d.Context(), s)
	if err != nil {
		d.Fatal(err)
	}
	got := &p.Source
	said := fmt.Sprintf("%s %s: %d taken", got.State(), got.Outcome, p.Taken)
	for _, n := range []struct {
		n    int
		what string
	}{{p.Tracked, "tracked"}, {got.Left, "left"}, {p.Old, "old"}, {p.Others, "others"}, {p.Hints, "hints"}, {got.Failures, "failures"}} {
		if n.n > 0 {
			said += fmt.Sprintf(", %d %s", n.n, n.what)
		}
	}
	if got.Reason != "" {
		said += ", " + got.Reason
	}
	return said + fmt.Sprintf(", next in %v", got.NextPoll.Sub(time.Now().UTC()).Round(time.Second))
}

func (d *desk) want(id int64, want string) {
	d.Helper()
	if got := d.poll(id); got != want {
		d.Errorf("the poll came to %q, want %q", got, want)
	}
}

func (d *desk) tracked() int {
	d.Helper()
	all, err := d.db.Articles(d.Context(), tracker.ArticleFilter{})
	if err != nil {
		d.Fatal(err)
	}
	return len(all)
}

func TestFeedGrows(t *testing.T) {
	desks(t, func(d *desk) {
		feed := site + "/feed"
		s := d.add("/feed", func(s *discover.Source) { s.Match, s.Exclude = `^https://post\.example/`, "/sport/" })
		d.press.docs[feed] = items("/a A 1h", "/b B 2h", "/old Old 800h", "/sport/c C 1h", "https://other.example/d D 1h")
		d.want(s.ID, "well read: 2 taken, 1 old, 2 others, next in 3h0m0s")
		d.want(s.ID, "well not-modified: 0 taken, next in 3h0m0s")
		d.press.docs[feed] = items("/new New 0s", "/b B 2h")
		d.want(s.ID, "well read: 1 taken, next in 3h0m0s")
		if n := d.tracked(); n != 3 {
			d.Errorf("%d articles are tracked, want 3: one that left the feed stays", n)
		}
		if got := fmt.Sprint(d.press.asked); got != "[/feed /feed if changed /feed if changed]" {
			d.Errorf("asked %s", got)
		}
	})
}

func TestDailyLimit(t *testing.T) {
	desks(t, func(d *desk) {
		s := d.add("/feed", func(s *discover.Source) { s.Limit, s.Every = 2, time.Hour })
		d.press.docs[site+"/feed"] = items("/a A", "/b B", "/c C 1h", "/d D 2h", "/e E")
		d.want(s.ID, "well read: 2 taken, 3 left, next in 1h0m0s")
		seen, err := d.db.SeenLinks(d.Context(), s.ID)
		if err != nil || seen["post.example/c"].Article == 0 || seen["post.example/d"].Article == 0 {
			d.Errorf("the newest were not taken up first: %v, %v", seen, err)
		}
		time.Sleep(time.Hour)
		d.want(s.ID, "well not-modified: 0 taken, 3 left, next in 1h0m0s")
		time.Sleep(24 * time.Hour)
		d.want(s.ID, "well read: 2 taken, 1 left, next in 1h0m0s")
		time.Sleep(24 * time.Hour)
		d.want(s.ID, "well read: 1 taken, next in 1h0m0s")
	})
}

// looked records that articles were looked at now, and are to be in a day.
func (d *desk) looked() {
	d.Helper()
	all, err := d.db.Articles(d.Context(), tracker.ArticleFilter{})
	if err != nil {
		d.Fatal(err)
	}
	for _, a := range all {
		a, ok, err := d.db.ClaimArticle(d.Context(), a.ID, "test", time.Now(), time.Minute)
		if err != nil || !ok {
			d.Fatal(ok, err)
		}
		a.NextCheck = time.Now().Add(24 * time.Hour)
		if err := d.db.Record(d.Context(), "test", &tracker.Record{Article: a, Check: tracker.Check{At: time.Now(), Outcome: tracker.OutcomeUnchanged}}); err != nil {
			d.Fatal(err)
		}
	}
}

func TestHints(t *testing.T) {
	desks(t, func(d *desk) {
		s := d.add("/feed", func(s *discover.Source) { s.Every = time.Minute })
		d.press.docs[site+"/feed"] = items("/a A 9h 9h", "/b B 9h 9h", "/c C")
		d.want(s.ID, "well read: 3 taken, next in 1m0s")
		time.Sleep(time.Hour)
		d.looked()
		time.Sleep(time.Hour)
		d.press.docs[site+"/feed"] = items("/a A 11h 11h", "/b B 11h 1m", "/c Other")
		d.want(s.ID, "well read: 0 taken, 2 hints, next in 1m0s")
		b, err := d.db.ArticleByIdentity(d.Context(), "post.example/b")
		if err != nil || !b.NextCheck.Equal(time.Now().UTC()) {
			d.Errorf("the article is looked at at %v, %v, want now", b.NextCheck, err)
		}
		d.press.docs[site+"/feed"] += " "
		d.want(s.ID, "well read: 0 taken, next in 1m0s")

		// What it claims every minute is obeyed every five.
		hints := 0
		for i := range 15 {
			d.looked()
			time.Sleep(time.Minute)
			d.press.docs[site+"/feed"] = items("/a A 11h 11h", "/b B 11h 0s", fmt.Sprint("/c Other", i))
			if strings.Contains(d.poll(s.ID), "2 hints") {
				hints++
			}
		}
		if hints != 3 {
			d.Errorf("%d hints in 15 minutes, want 3", hints)
		}

		// What was looked at meanwhile shows what the source says it does.
		time.Sleep(time.Hour)
		d.looked()
		d.press.docs[site+"/feed"] = items("/a A 11h 11h", "/b B 11h 10m", "/c Other14")
		d.want(s.ID, "well read: 0 taken, next in 1m0s")
	})
}

// A sitemap that states when it was made as the time of all it lists moves none.
func TestTimesThatMoveTogether(t *testing.T) {
	desks(t, func(d *desk) {
		s := d.add("/sitemap.xml", func(s *discover.Source) { s.Every = time.Hour })
		all := func(ago string) string {
			var list []string
			for i := range 30 {
				list = append(list, fmt.Sprintf("/%d T%d - %s", i, i, ago))
			}
			return items(list...)
		}
		d.press.docs[s.URL] = all("1h")
		d.want(s.ID, "well read: 30 taken, next in 1h0m0s")
		d.looked()
		time.Sleep(time.Hour)
		d.press.docs[s.URL] = all("0s")
		d.want(s.ID, "well read: 0 taken, next in 1h0m0s")
	})
}

func TestHealth(t *testing.T) {
	desks(t, func(d *desk) {
		feed := site + "/feed"
		s := d.add("/feed", nil)
		d.press.docs[feed] = items("/a A 1h")
		d.want(s.ID, "well read: 1 taken, next in 30m0s")
		d.press.docs[feed] = "<!doctype html><html><body>We are moving</body></html>"
		d.want(s.ID, "sick failed: 0 taken, 1 failures, not-a-source, next in 1h0m0s")
		d.press.status[feed] = http.StatusInternalServerError
		d.want(s.ID, "sick failed: 0 taken, 2 failures, http-500, next in 2h0m0s")
		for range 8 {
			d.poll(s.ID)
		}
		d.want(s.ID, "sick failed: 0 taken, 11 failures, http-500, next in 24h0m0s")

		// A Retry-After is obeyed to the second, and makes it no sicker.
		d.press.errs[feed] = &fetch.Error{Reason: "rate-limited", Detail: "post.example is left alone", Wait: 30 * time.Hour}
		d.want(s.ID, "sick skipped: 0 taken, 11 failures, rate-limited, next in 30h0m0s")
		delete(d.press.errs, feed)
		delete(d.press.status, feed)
		got, err := d.db.Source(d.Context(), s.ID)
		if err != nil || got.SickSince.IsZero() || got.Kind != discover.KindFeed || got.Articles != 1 || d.tracked() != 1 {
			d.Errorf("a sick source is %+v, %v", got, err)
		}
		d.press.docs[feed] = items("/a A 1h", "/b B 1h")
		if got := d.poll(s.ID); !strings.HasPrefix(got, "well read: 1 taken, next") {
			d.Errorf("back, it is %q", got)
		}
		if got, err = d.db.Source(d.Context(), s.ID); err != nil || !got.SickSince.IsZero() || got.Reason != "" {
			d.Errorf("back, it is %+v, %v", got, err)
		}

		// A section whose page turns into a wall shows no article.
		front := d.add("/town", nil)
		d.press.docs[front.URL] = `<html><h2><a href="/town/bridge-closed-for-a-weekend">Bridge closed for a third weekend</a></h2>`
		if got := d.poll(front.ID); !strings.HasPrefix(got, "well read: 1 taken") {
			d.Errorf("the front is %q", got)
		}
		d.press.docs[front.URL] = `<html><h1>We value your privacy</h1><a href="/consent">Agree</a>`
		if got := d.poll(front.ID); !strings.HasPrefix(got, "sick failed: 0 taken, 1 failures, no-links") {
			d.Errorf("the wall is %q", got)
		}
	})
}

func TestIndex(t *testing.T) {
	desks(t, func(d *desk) {
		index := func(n int, moved string) string {
			var b strings.Builder
			for i := range n {
				at := time.Now().Add(-time.Duration(i) * 24 * time.Hour).UTC().Format(time.RFC3339)
				if fmt.Sprint(i) == moved {
					at = time.Now().Add(time.Second).UTC().Format(time.RFC3339)
				}
				fmt.Fprintf(&b, "<sitemap><loc>/%d.xml</loc><lastmod>%s</lastmod></sitemap>", i, at)
			}
			return "<sitemapindex>" + b.String() + "<sitemap><loc>https://other.example/x.xml</loc></sitemap></sitemapindex>"
		}
		for i := range 100 {
			d.press.docs[fmt.Sprintf("%s/%d.xml", site, i)] = fmt.Sprintf("<urlset><url><loc>/a%d</loc></url></urlset>", i)
		}
		s := d.add("/index.xml", func(s *discover.Source) { s.Every = time.Hour })
		d.press.docs[s.URL] = index(100, "")
		d.want(s.ID, "well read: 10 taken, next in 1h0m0s")
		if got := fmt.Sprint(d.press.asked); got != "[/index.xml /0.xml /1.xml /2.xml /3.xml /4.xml /5.xml /6.xml /7.xml /8.xml /9.xml]" {
			d.Errorf("asked %s", got)
		}

		// Of one that did not change nothing is asked but what was not read yet;
		// one that moved on is read, and those older than 30 days never are.
		d.press.asked = nil
		d.want(s.ID, "well not-modified: 0 taken, next in 1h0m0s")
		d.press.docs[site+"/3.xml"] = "<urlset><url><loc>/a3</loc></url><url><loc>/new</loc></url></urlset>"
		d.press.docs[s.URL] = index(12, "3")
		d.want(s.ID, "well read: 3 taken, next in 1h0m0s")
		if got := fmt.Sprint(d.press.asked); got != "[/index.xml if changed /index.xml if changed /3.xml if changed /10.xml /11.xml]" {
			d.Errorf("asked %s", got)
		}

		// One broken sitemap is said, and no more than that; all are trouble.
		d.press.docs[s.URL] = index(14, "")
		d.press.docs[site+"/12.xml"] = "<urlset><url>"
		d.want(s.ID, "well read: 1 taken, next in 1h0m0s")
		got, err := d.db.Source(d.Context(), s.ID)
		if err != nil || !strings.Contains(got.Detail, "1 of its sitemaps could not be read") {
			d.Errorf("it says %q, %v", got.Detail, err)
		}
		d.press.docs[s.URL] = "<sitemapindex><sitemap><loc>/12.xml</loc></sitemap></sitemapindex>"
		d.want(s.ID, "sick failed: 0 taken, 1 failures, malformed, next in 2h0m0s")
	})
}

// The daemon polls what is due; a host that hangs holds nobody else up, and a
// source that is removed meanwhile ends nothing.
func TestRun(t *testing.T) {
	desks(t, func(d *desk) {
		ctx, stop := context.WithCancel(d.Context())
		ticks, err := tracker.ParseCron("* * * * *")
		if err != nil {
			d.Fatal(err)
		}
		polls := map[string]int{}
		told := make(chan string, 10_000)
		d.poller.Tell = func(p *discover.Poll) { told <- p.Source.Host }
		for _, host := range []string{"a.example", "b.example", "hangs.example"} {
			for _, path := range []string{"/1", "/2"} {
				url := "https://" + host + path
				d.add("", func(s *discover.Source) { s.URL, s.Named, s.Host, s.Every = url, url, host, 10*time.Minute })
				d.press.docs[url] = items(path + "a A")
			}
		}
		d.press.slow["https://hangs.example/1"] = 1000 * time.Hour
		done := make(chan error)
		go func() { done <- d.poller.Run(ctx, ticks) }()
		time.Sleep(59 * time.Minute)
		s, err := d.db.SourceByURL(d.Context(), "https://b.example/2")
		if err == nil {
			err = d.db.RemoveSource(d.Context(), s.ID)
		}
		if err != nil {
			d.Fatal(err)
		}
		time.Sleep(time.Hour)
		stop()
		if err := <-done; err != nil {
			d.Errorf("Run = %v, want nil", err)
		}
		close(told)
		for host := range told {
			polls[host]++
		}
		if polls["a.example"] < 22 || polls["b.example"] < 16 || polls["b.example"] > 18 || polls["hangs.example"] != 0 {
			d.Errorf("polls by host: %v", polls)
		}
	})
}
