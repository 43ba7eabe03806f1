package alert_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/alert"
	"storydiff/tracker/revision"
)

// announced returns what a rule tells of a record, a line for each notice.
func announced(t *testing.T, rule string, r *tracker.Record) string {
	t.Helper()
	s, err := settings(t, channels+"\nalerts: ["+rule+"]")
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, n := range s.Announce(r) {
		said = append(said, strings.TrimSpace(fmt.Sprintf("%s %s %s", n.Channel, n.Event, n.Due.UTC().Format("Mon 02 15:04"))))
	}
	return strings.Join(said, ", ")
}

// What a rule names must all hold, and of a list one word.
func TestRuleChooses(t *testing.T) {
	edit := func(change func(*tracker.Record)) *tracker.Record {
		r := &tracker.Record{
			Article: tracker.Article{ID: 1, Outlet: "Example.com", Tags: []string{"ferries", "roads"}},
			Change:  &tracker.Change{To: 2, Significance: 30, Kinds: []revision.Kind{revision.Number, revision.Quote}, Disclosure: revision.Silent},
		}
		if change != nil {
			change(r)
		}
		return r
	}
	event := func(kinds ...tracker.EventKind) *tracker.Record {
		return edit(func(r *tracker.Record) {
			r.Change = nil
			for _, k := range kinds {
				r.Events = append(r.Events, tracker.Event{Kind: k})
			}
		})
	}
	for _, tt := range []struct {
		when string
		r    *tracker.Record
		want string
	}{
		{"{}", edit(nil), "desk"},
		{"{}", event(tracker.EventGone), ""},
		{"{}", edit(func(r *tracker.Record) { r.Change.Ours = true }), ""},
		{"{tags: [harbours, roads]}", edit(nil), "desk"},
		{"{tags: harbours}", edit(nil), ""},
		{"{tags: harbours}", edit(func(r *tracker.Record) { r.Article.Tags = nil }), ""},
		{"{outlets: [other.example, example.com]}", edit(nil), "desk"},
		{"{outlets: other.example}", edit(nil), ""},
		{"{kinds: [headline, quote]}", edit(nil), "desk"},
		{"{kinds: headline}", edit(nil), ""},
		{"{disclosure: [silent, stamped]}", edit(nil), "desk"},
		{"{disclosure: noted}", edit(nil), ""},
		{"{significance: 30}", edit(nil), "desk"},
		{"{significance: 31}", edit(nil), ""},
		{"{tags: roads, kinds: headline}", edit(nil), ""},
		{"{events: gone}", event(tracker.EventGone), "desk gone"},
		{"{events: gone}", event(tracker.EventRestored), ""},
		{"{events: gone}", edit(nil), ""},
		{"{events: [change, gone]}", edit(nil), "desk"},
		{"{events: [gone, restored], tags: roads}", event(tracker.EventRestored, tracker.EventGone), "desk restored, desk gone"},
		{"{events: gone, tags: harbours}", event(tracker.EventGone), ""},
	} {
		var got string
		synctest.Test(t, func(t *testing.T) { // which begins at this time, at which all is due
			got = strings.ReplaceAll(announced(t, "{name: a, to: desk, when: "+tt.when+"}", tt.r), " Sat 01 00:00", "")
		})
		if got = strings.ReplaceAll(got, " ,", ","); strings.TrimSpace(got) != tt.want {
			t.Errorf("%s of the change %v and events %v: %q, want %q", tt.when, tt.r.Change != nil, tt.r.Events, got, tt.want)
		}
	}
}

// A digest is due at the full hour, day or Monday, in UTC, or at its time of day.
func TestDigestDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // which begins on a Saturday at midnight
		time.Sleep(10*time.Hour + 20*time.Minute)
		for _, tt := range []struct{ digest, want string }{
			{"digest: 1h", "Sat 01 11:00"},
			{"digest: 90m", "Sat 01 10:30"},
			{"digest: 1d", "Sun 02 00:00"},
			{`digest: 1d, at: "07:30"`, "Sun 02 07:30"},
			{`digest: 1d, at: "21:00"`, "Sat 01 21:00"},
			{"digest: 1w", "Mon 03 00:00"},
			{`digest: 1w, at: "09:00"`, "Mon 03 09:00"},
		} {
			r := &tracker.Record{Article: tracker.Article{ID: 1}, Change: &tracker.Change{To: 2}}
			if got := announced(t, "{name: a, to: desk, "+tt.digest+"}", r); got != "desk  "+tt.want {
				t.Errorf("%s: %q, want it for desk at %s", tt.digest, got, tt.want)
			}
		}
	})
}

// Two hours of a digest are two messages, also where the first was held up: the one
// that failed less often goes first.
func TestDigestsOfTwoHours(t *testing.T) {
	inTime(t, `{name: hourly, to: desk, digest: 1h}`, func(t *testing.T, p *post) {
		p.desk.failing(func() error { return errors.New("down") })
		p.changed(2)
		p.changed(4)
		time.Sleep(time.Hour)
		p.changed(5)
		time.Sleep(time.Hour)
		p.desk.failing(nil)
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		p.desk.mu.Lock()
		defer p.desk.mu.Unlock()
		var texts []string
		for _, got := range p.desk.got {
			texts = append(texts, got[len("01 00:00 "):])
		}
		if said := strings.Join(texts, ", "); said != "5, 4 2" {
			t.Errorf("sent %q, want %q", said, "5, 4 2")
		}
	})
}

// A digest tells first what happened to articles, in that order, then of changes.
func TestDigestOrder(t *testing.T) {
	inTime(t, `{name: hourly, to: desk, digest: 1h, when: {events: [change, gone, restored]}}`, func(t *testing.T, p *post) {
		var digests []string
		draw := p.Courier.Draw
		p.Courier.Draw = func(ctx context.Context, parcel alert.Parcel) (alert.Message, error) {
			digests = append(digests, parcel.Digest)
			return draw(ctx, parcel)
		}
		p.changed(3)
		p.changed(15)
		now := time.Now()
		for i, kind := range []tracker.EventKind{tracker.EventGone, tracker.EventRestored} {
			r := &tracker.Record{Article: tracker.Article{ID: 1}, Events: []tracker.Event{{Kind: kind, At: now.Add(time.Duration(-i) * time.Minute)}}}
			p.put(r, p.settings.Announce(r))
		}
		time.Sleep(time.Hour + 5*time.Second)
		synctest.Wait()
		p.desk.want(t, "01 01:00 restored gone 15 3")
		if said := strings.Join(digests, " "); said != "hourly" {
			t.Errorf("the parcels are digests of %q, want one of hourly", said)
		}
	})
}
