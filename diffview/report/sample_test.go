package report_test

import (
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os/signal"
	"slices"
	"syscall"
	"testing"
	"time"

	"storydiff/diffview/report"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

var listen = flag.String("listen", "", "serve the sample at this `address` until interrupted, for whoever works on the look of the pages")

// TestLook serves the sample pages, an empty report under /empty.localhost.
func TestLook(t *testing.T) {
	if *listen == "" {
		t.Skip("needs -listen ADDRESS")
	}
	ctx, stop := signal.NotifyContext(t.Context(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", *listen)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	opts := report.Options{Log: log, Version: "1.2.3", Now: func() time.Time { return clock(3, 12, 0) }}
	full, empty := report.New(sample(), opts), report.New(newFake(), opts)
	choose := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host, _, _ := net.SplitHostPort(r.Host); host == "empty.localhost" {
			empty.ServeHTTP(w, r)
			return
		}
		full.ServeHTTP(w, r)
	})
	if err := report.Serve(ctx, ln, choose, log); err != nil {
		t.Error(err)
	}
}

// sample is a made-up press with a dozen changes of every sort.
func sample() *fake {
	f := newFake()
	sampleBridge(f)
	sampleClinic(f)
	sampleShort(f)
	sampleTrouble(f)
	slices.SortFunc(f.changes, func(a, b tracker.Change) int { return a.SeenBy.Compare(b.SeenBy) })
	for i := range f.changes {
		f.changes[i].ID = int64(i + 1)
	}
	return f
}

func bridge(headline, cost, quote string, more ...string) extract.Story {
	s := story(headline, append([]string{
		"caption: The old bridge at Harn, closed to lorries since last winter. Photograph: Ida Moor",
		"The council of Harn voted on Tuesday to build a new bridge over the Aller, ending a dispute that has divided the town for six years.",
		"The bridge will cost " + cost + " and is to open in the spring of 2028, according to papers seen by the Herald.",
		"heading: ‘A good day’",
		"quote: " + quote,
		"Traders on the east bank had asked for a ferry instead. They say that the works will cut them off from their customers for two summers.",
		"list: Works begin in May.",
		"list: The old bridge stays open to cyclists.",
		"list: Lorries are sent by way of Oste.",
		"table: Year\tCost\tPaid by",
		"table: 2026\t4 million\tTown",
		"table: 2027\t8 million\tProvince",
		"Nobody at the builder could be reached on Tuesday evening.",
		"The vote was 14 to 9, with two abstentions.",
		"Residents may object until the end of June.",
	}, more...)...)
	s.Standfirst = "After six years of dispute, councillors vote for stone and steel"
	s.Byline = "By Jonas Reet and Ida Moor"
	return s
}

func sampleBridge(f *fake) {
	id := f.add("https://www.harnherald.example/town/new-bridge-approved", "harnherald.example", "council", "harn")
	const first = "“It is a good day for Harn,” said the mayor, Petra Lind. “Nobody will lose their livelihood.”"
	const second = "“It is a good day for most of Harn,” said the mayor, Petra Lind."
	f.see(id, clock(0, 8, 0), bridge("Council approves new bridge", "12 million", first))
	f.see(id, clock(0, 10, 20), bridge("Council approves new bridge", "14 million", first))
	f.changed(id, tracker.Change{
		Kinds: []revision.Kind{revision.Number}, Disclosure: revision.Silent,
		Excerpt: marked("The bridge will cost [-12-]{+14+} million and is to open in the spring of 2028, according to papers seen by the Herald."),
		Reasons: []revision.Reason{
			{Code: "number", Points: 38, Text: "An amount changed by a sixth: 12 million became 14 million."},
			{Code: "silent", Points: 12, Text: "Nothing on the page says so."},
			{Code: "early", Points: 12, Text: "It stands in the second paragraph."},
		},
	})
	f.see(id, clock(0, 14, 35), bridge("Divided council approves costly bridge", "14 million", second))
	f.changed(id, tracker.Change{
		Kinds: []revision.Kind{revision.Headline, revision.Quote}, Disclosure: revision.Stamped,
		Proof:   "Modified 2026-03-01T07:40:00Z became 2026-03-01T14:22:00Z.",
		Excerpt: marked("“It is a good day for {+most of +}Harn,” said the mayor, Petra Lind.[- “Nobody will lose their livelihood.”-]"),
		Reasons: []revision.Reason{
			{Code: "quote", Points: 45, Text: "Words of a person in quotation marks were changed."},
			{Code: "headline", Points: 30, Text: "The headline was written anew."},
		},
	})
	s := bridge("Divided council approves costly bridge", "14 million", second,
		"note: Correction, 2 March: An earlier version of this article gave the cost of the bridge as 12 million. It is 14 million.")
	s.Modified = clock(1, 9, 10)
	f.see(id, clock(1, 9, 15), s)
	f.changed(id, tracker.Change{
		SeenAfter: clock(0, 23, 50),
		Kinds:     []revision.Kind{revision.Correction}, Disclosure: revision.Noted,
		Proof:   "Correction, 2 March: An earlier version of this article gave the cost of the bridge as 12 million. It is 14 million.",
		Excerpt: marked("{+Correction, 2 March: An earlier version of this article gave the cost of the bridge as 12 million. It is 14 million.+}"),
		Reasons: []revision.Reason{{Code: "correction", Points: 40, Text: "A correction was added, 23 hours after the change it speaks of."}},
	})
	v := f.see(id, clock(2, 11, 0), bridge("Divided council approves costly bridge", "14 million", second))
	v.RevertsTo = 3
	f.changed(id, tracker.Change{
		Kinds: []revision.Kind{revision.Correction}, Disclosure: revision.Silent, RevertsTo: 3,
		Excerpt: marked("[-Correction, 2 March: An earlier version of this article gave the cost of the bridge as 12 million. It is 14 million.-]"),
		Reasons: []revision.Reason{
			{Code: "correction-removed", Points: 55, Text: "A correction was taken away again."},
			{Code: "silent", Points: 12, Text: "Nothing on the page says so."},
		},
	})
	f.events[id] = []tracker.Event{{
		ArticleID: id, Kind: tracker.EventBlocked, At: clock(1, 15, 0), Until: clock(1, 21, 30),
		Reason: "consent-wall", Detail: "The page asked for consent to cookies in place of the article.",
	}}
	for i := range 30 {
		c := tracker.Check{At: clock(2, 11, 15).Add(time.Duration(i) * 40 * time.Minute), Outcome: tracker.OutcomeUnchanged, Status: 200, Version: 5, Elapsed: 380 * time.Millisecond}
		switch i {
		case 9:
			c.Outcome, c.Reason, c.Detail, c.Status = tracker.OutcomeFailed, "http-503", "www.harnherald.example answered 503 Service Unavailable.", 503
		case 17:
			c.Outcome, c.Status = tracker.OutcomeNotModified, 304
		}
		f.look(id, c)
	}
}

func sampleClinic(f *fake) {
	id := f.add("https://morning.example/2026/03/clinic-closes", "morning.example", "health")
	text := func(verb, count string) extract.Story {
		return story("Clinic to close after inspectors’ visit",
			"The clinic on Salt Street will close at the end of the month, its owner said on Monday.",
			"Inspectors "+verb+" that medicines were kept at the wrong temperature for "+count+" days.",
			"Patients will be told by letter where to go.")
	}
	f.see(id, clock(1, 6, 0), text("found", "nine"))
	f.see(id, clock(1, 6, 45), text("allege", "nine"))
	f.changed(id, tracker.Change{
		Kinds: []revision.Kind{revision.Hedge}, Disclosure: revision.Silent,
		Excerpt: marked("Inspectors [-found-]{+allege+} that medicines were kept at the wrong temperature for nine days."),
		Reasons: []revision.Reason{
			{Code: "hedge", Points: 34, Text: "A finding became an allegation."},
			{Code: "silent", Points: 12, Text: "Nothing on the page says so."},
		},
	})
	f.see(id, clock(1, 9, 0), text("allege", "ninety"))
	f.changed(id, tracker.Change{
		Kinds: []revision.Kind{revision.Number}, Disclosure: revision.Stamped,
		Proof:   "Modified 2026-03-02T05:58:00Z became 2026-03-02T08:51:00Z.",
		Excerpt: marked("Inspectors allege that medicines were kept at the wrong temperature for [-nine-]{+ninety+} days."),
		Reasons: []revision.Reason{{Code: "number", Points: 44, Text: "A number grew tenfold: nine became ninety."}},
	})
	f.articles[id-1].State = tracker.Gone
	f.events[id] = []tracker.Event{{ArticleID: id, Kind: tracker.EventGone, At: clock(2, 7, 30), Reason: "http-410", Detail: "morning.example answered 410 Gone."}}
	f.look(id, tracker.Check{At: clock(2, 7, 30), Outcome: tracker.OutcomeGone, Status: 410, Reason: "http-410", Detail: "morning.example answered 410 Gone.", Elapsed: 90 * time.Millisecond})
}

func sampleShort(f *fake) {
	for _, c := range []struct {
		address, outlet, before, after, excerpt string
		kinds                                   []revision.Kind
		disclosure                              revision.Disclosure
		reasons                                 []revision.Reason
	}{
		{"https://www.seapost.example/a/4711", "seapost.example", "Ferry adrift for hours off Skarn", "Ferry adrift off Skarn",
			"The ferry drifted for [-six-]{+four+} hours before the tug [-Bjorn-]{+Björn+} took it in tow.",
			[]revision.Kind{revision.Headline, revision.Number, revision.Spelling}, revision.Silent,
			[]revision.Reason{{Code: "number", Points: 30, Text: "A number changed by a third: six became four."}}},
		{"https://www.seapost.example/a/4712", "seapost.example", "Harbour fees to rise", "Harbour fees to rise",
			"The fees had last been [-risen-]{+raised+} in 2019.",
			[]revision.Kind{revision.Spelling}, revision.Silent,
			[]revision.Reason{{Code: "spelling", Points: 4, Text: "A slip of the pen was put right."}}},
		{"https://news.kanal.example/story?id=88", "kanal.example", "Minister will not resign", "Minister resigns",
			"The minister said on Monday that she would [-not -]resign{+ at once+}.",
			[]revision.Kind{revision.Headline, revision.Negation}, revision.Noted,
			[]revision.Reason{{Code: "negation", Points: 50, Text: "The word ‘not’ went: the sentence says the opposite."}, {Code: "headline", Points: 30, Text: "The headline was written anew."}}},
		{"https://weekly.example/culture/opera", "weekly.example", "An opera in the old gasworks", "An opera in the old gasworks",
			"{+The performance on Friday is sold out.+}",
			[]revision.Kind{revision.ParagraphAdded}, revision.Stamped,
			[]revision.Reason{{Code: "paragraph", Points: 14, Text: "A paragraph was added at the end."}}},
		{"https://akhbar.example/1", "akhbar.example", "المجلس يوافق على الجسر الجديد", "المجلس يوافق على الجسر",
			"ستبلغ تكلفة الجسر [-12-]{+14+} مليونا، بحسب وثائق المجلس.",
			[]revision.Kind{revision.Headline, revision.Number}, revision.Silent,
			[]revision.Reason{{Code: "number", Points: 38, Text: "An amount changed by a sixth: 12 became 14."}}},
	} {
		id := f.add(c.address, c.outlet, "harn")
		f.see(id, clock(2, 8, 0), story(c.before, "A first paragraph that stays.", plainOld(c.excerpt)))
		f.see(id, clock(3, 10, int(id)), story(c.after, "A first paragraph that stays.", plainNew(c.excerpt)))
		f.changed(id, tracker.Change{Kinds: c.kinds, Disclosure: c.disclosure, Excerpt: marked(c.excerpt), Reasons: c.reasons})
	}
}

func plainOld(text string) (out string) {
	for _, s := range marked(text) {
		out += s.Old()
	}
	return out
}

func plainNew(text string) (out string) {
	for _, s := range marked(text) {
		out += s.New()
	}
	return out
}

func sampleTrouble(f *fake) {
	id := f.add("https://walled.example/exclusive", "walled.example")
	f.look(id, tracker.Check{At: clock(3, 9, 0), Outcome: tracker.OutcomeBlocked, Status: 402, Reason: "paywall", Detail: "The page shows the first lines alone and asks for a subscription.", Elapsed: 230 * time.Millisecond})
	f.articles[id-1].Failures = 3
	id = f.add("https://quiet.example/never-looked-at", "quiet.example")
	f.articles[id-1].State = tracker.Paused
}
