package alert

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

const day = 24 * time.Hour

// A Rule says what is told to whom. What it names must all hold; of a list one
// word must.
type Rule struct {
	Name    string
	To      []string      // channels
	Digest  time.Duration // how often what was chosen goes out as one message; 0: each at once
	At      time.Duration // after midnight UTC, of a digest of whole days
	Tags    []string      // of the article; none: any
	Outlets []string      // likewise

	Changes      bool // it tells of changes, which:
	Kinds        []revision.Kind
	Disclosure   []revision.Disclosure
	Significance int // the least

	Events []tracker.EventKind // it tells of these
}

// about reports whether a rule is about an article.
func (r *Rule) about(a *tracker.Article) bool {
	return (len(r.Outlets) == 0 || slices.Contains(r.Outlets, strings.ToLower(a.Outlet))) && meets(r.Tags, a.Tags)
}

// meets reports whether two lists have something in common, or nothing is wanted.
func meets[T comparable](wanted, there []T) bool {
	return len(wanted) == 0 || slices.ContainsFunc(there, func(t T) bool { return slices.Contains(wanted, t) })
}

// ofChange reports whether a rule tells of a change of an article it is about.
func (r *Rule) ofChange(c *tracker.Change) bool {
	return r.Changes && !c.Ours && c.Significance >= r.Significance && meets(r.Kinds, c.Kinds) && meets(r.Disclosure, []revision.Disclosure{c.Disclosure})
}

// due returns when what is chosen at now goes out: a digest at the next full
// hour, day, or whatever its period is, in UTC; weeks begin on Monday.
func (r *Rule) due(now time.Time) time.Time {
	if r.Digest == 0 {
		return now
	}
	return now.UTC().Add(-r.At).Truncate(r.Digest).Add(r.Digest + r.At)
}

// String says in words what a rule chooses.
func (r Rule) String() string {
	var said []string
	if r.Changes {
		said = append(said, r.changesSaid())
	}
	for _, e := range r.Events {
		said = append(said, string(e))
	}
	out := strings.Join(said, ", ")
	if len(r.Tags) > 0 {
		out += "; tagged " + listed(r.Tags, "or")
	}
	if len(r.Outlets) > 0 {
		out += "; of " + listed(r.Outlets, "or")
	}
	return out
}

func (r Rule) changesSaid() string {
	out := "changes"
	if len(r.Disclosure) > 0 {
		out = listed(r.Disclosure, "or") + " changes"
	}
	if len(r.Kinds) > 0 {
		out += " of " + listed(r.Kinds, "or")
	}
	if r.Significance > 0 {
		out += fmt.Sprintf(" from significance %d", r.Significance)
	}
	return out
}

// A payload is what a notice remembers of why it goes out.
type payload struct {
	Rules []string       `json:"rules"`           // that chose it
	Event *tracker.Event `json:"event,omitempty"` // that it tells of; nil: a change
}

// Announce returns the notices of a record: what the rules choose of it, for
// each channel once if it goes out at once, and once for each digest.
func (s *Settings) Announce(r *tracker.Record) []tracker.Notice {
	now := time.Now()
	var out []tracker.Notice
	if r.Change != nil {
		out = s.notices(out, now, r, nil)
	}
	for i := range r.Events {
		out = s.notices(out, now, r, &r.Events[i])
	}
	return out
}

// notices appends the notices of an event of a record, or of its change.
func (s *Settings) notices(out []tracker.Notice, now time.Time, rec *tracker.Record, event *tracker.Event) []tracker.Notice {
	atOnce := map[string][]string{} // channel → names of rules
	for i := range s.Rules {
		r := &s.Rules[i]
		chosen := r.about(&rec.Article)
		if event != nil {
			chosen = chosen && slices.Contains(r.Events, event.Kind)
		} else {
			chosen = chosen && r.ofChange(rec.Change)
		}
		if !chosen {
			continue
		}
		for _, channel := range r.To {
			if r.Digest == 0 {
				atOnce[channel] = append(atOnce[channel], r.Name)
				continue
			}
			due := r.due(now)
			out = append(out, notice(channel, []string{r.Name}, event, due, r.Name+" "+due.Format(time.RFC3339)))
		}
	}
	for _, channel := range slices.Sorted(maps.Keys(atOnce)) {
		out = append(out, notice(channel, atOnce[channel], event, now, ""))
	}
	return out
}

func notice(channel string, rules []string, event *tracker.Event, due time.Time, batch string) tracker.Notice {
	text, err := json.Marshal(payload{rules, event})
	if err != nil {
		panic(err) // of texts and times alone
	}
	n := tracker.Notice{Channel: channel, Payload: text, Batch: batch, Due: due}
	if event != nil {
		n.Event = event.Kind
	}
	return n
}

// An Item is one thing that a message tells: a change or an event.
type Item struct {
	Rules   []string // that chose it
	Article tracker.Article
	Change  *tracker.Change // nil: it is an event
	Event   *tracker.Event  // nil: it is a change
}

// At returns when what an item tells was first seen.
func (it *Item) At() time.Time {
	if it.Change != nil {
		return it.Change.SeenBy
	}
	return it.Event.At
}

// byWeight orders what a digest tells: what happened to articles first, then
// changes, those of the greatest significance first.
func byWeight(x, y Item) int {
	switch {
	case x.Change == nil && y.Change == nil:
		return x.Event.At.Compare(y.Event.At)
	case x.Change == nil:
		return -1
	case y.Change == nil:
		return 1
	}
	return cmp.Or(cmp.Compare(y.Change.Significance, x.Change.Significance), x.Change.SeenBy.Compare(y.Change.SeenBy), cmp.Compare(x.Change.ID, y.Change.ID))
}
