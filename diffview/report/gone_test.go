package report_test

import (
	"net/http"
	"strings"
	"testing"

	"storydiff/tracker"
)

// absent is four articles: one that is missing, one that is withheld, one that
// moved, and one that is the same as that.
func absent() *fake {
	f := newFake()
	for _, name := range []string{"missing", "withheld", "moved", "merged"} {
		id := f.add("https://post.example/"+name, "post.example")
		f.see(id, clock(0, 9, 0), story("Ferry "+name, "It ran for 31 years."))
		f.see(id, clock(0, 10, 0), story("Ferry is "+name, "It ran for 31 years."))
	}
	missing, withheld, moved, merged := &f.articles[0], &f.articles[1], &f.articles[2], &f.articles[3]
	missing.Misses, missing.MissingFrom = 2, clock(1, 9, 30)
	f.events[1] = []tracker.Event{{ArticleID: 1, Kind: tracker.EventMissing, At: clock(1, 9, 30), Reason: "http-404", Detail: "post.example answered 404 Not Found"}}
	withheld.State, withheld.GoneFrom, withheld.LastReason = tracker.Gone, clock(1, 8, 15), "http-451"
	f.events[2] = []tracker.Event{{ArticleID: 2, Kind: tracker.EventGone, At: clock(1, 8, 15), Reason: "http-451", Detail: "It is blocked by https://court.example/order."},
		{ArticleID: 2, Kind: tracker.EventBlocked, At: clock(0, 12, 0), Until: clock(0, 13, 0), Reason: "http-403"},
		{ArticleID: 2, Kind: tracker.EventBlocked, At: clock(0, 13, 0), Until: clock(0, 14, 0), Reason: "bot-challenge"}}
	moved.MovedTo = "https://post.example/new"
	f.events[3] = []tracker.Event{{ArticleID: 3, Kind: tracker.EventMoved, At: clock(1, 7, 0), Detail: "It leads there for good."},
		{ArticleID: 3, Kind: tracker.EventMerged, At: clock(1, 7, 30), Detail: "Article 4 is the same."}}
	merged.RemovedAt, merged.MergedInto = clock(1, 7, 30), 3
	return f
}

func TestAbsence(t *testing.T) {
	h := handler(t, absent())
	const since = "<b>The article is gone since <time datetime=\"2026-03-02T08:15:00Z\">08:15 UTC, 2 March 2026</time></b>"
	for _, tt := range []struct {
		page string
		has  []string
		not  []string
	}{
		{"/articles", []string{"missing since <time datetime=\"2026-03-02T09:30:00Z\">", `<span class="state gone">gone</span>`}, nil},
		{"/articles/1", []string{"Missing since <time datetime=\"2026-03-02T09:30:00Z\">", ": 2 looks did not find it, which may be a fault.", "Not found (HTTP 404)", "still so at the last look"}, []string{"Taken away", "Gone since"}},
		{"/articles/2", []string{"Gone since <time", "it is withheld on legal grounds", "Withheld on legal grounds (HTTP 451)", "It is blocked by https://court.example/order.",
			"Could not be seen (HTTP 403)", "Could not be seen (bot challenge)"}, []string{"Missing since"}},
		{"/articles/3", []string{`It moved to: <a href="https://post.example/new"`, "<h3>Moved</h3>", "Found under two addresses"}, []string{"Gone since", "Missing since"}},
		{"/articles/4", []string{`This is the same as <a href="/articles/3">article 3</a>`}, nil},
		{"/articles/1/versions/2", nil, []string{"gone since"}},
		{"/articles/2/versions/1", []string{since + "."}, []string{"stood there last"}},
		{"/articles/2/versions/2", []string{since + ": this is what stood there last."}, nil},
	} {
		status, body := get(t, h, tt.page)
		if status != http.StatusOK {
			t.Errorf("%s: status %d", tt.page, status)
		}
		for _, want := range tt.has {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %q\n%s", tt.page, want, body)
			}
		}
		for _, none := range tt.not {
			if strings.Contains(body, none) {
				t.Errorf("%s says %q", tt.page, none)
			}
		}
	}
}
