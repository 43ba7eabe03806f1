package tracker

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Gap is a spell in which an article was not observed although it was due.
type Gap struct {
	ArticleID int64
	Seen      time.Time // the last look before it that saw the article, or when it was taken up
	From      time.Time // when a look was due, or the cause took the place of another
	Until     time.Time // the look that saw it again, or when another cause took this one's place; zero: still so
	Cause     GapCause
	Reason    string // of the last look that was taken and saw nothing; empty: none was
}

// A GapCause is why an article was not observed.
type GapCause string

// The causes of gaps.
const (
	GapNoDaemon    GapCause = "no-daemon"   // no daemon ran, and nobody looked by hand
	GapUnreachable GapCause = "unreachable" // its host gave no usable answer
	GapUnreadable  GapCause = "unreadable"  // what its host answered held no article
	GapBlocked     GapCause = "blocked"     // what its host answered was not the article
	GapRefused     GapCause = "refused"     // its host wants to be left alone: robots.txt, Retry-After
	GapPaused      GapCause = "paused"      // by its user
	GapRemoved     GapCause = "removed"     // by its user, who took it up again later
	GapClock       GapCause = "clock"       // the machine slept, or its clock was set
	GapLate        GapCause = "late"        // a daemon ran, and did not come to it
)

// gapCauses says of each cause what it means.
var gapCauses = map[GapCause]string{
	GapNoDaemon:    "no daemon ran",
	GapUnreachable: "its host could not be reached",
	GapUnreadable:  "what its host answered held no article",
	GapBlocked:     "what its host answered was not the article",
	GapRefused:     "its host wanted to be left alone",
	GapPaused:      "it was paused",
	GapRemoved:     "it was not tracked",
	GapClock:       "the machine slept, or its clock was set",
	GapLate:        "the daemon was behind",
}

// Why says why nobody looked, for a person.
func (g Gap) Why() string { return cmp.Or(gapCauses[g.Cause], string(g.Cause)) }

// EventGap names a [Gap], which is not stored but found among looks and runs.
const EventGap EventKind = "gap"

// minGap is how late a look may be before that is a gap: daemons tick once a
// minute, and the articles of a host wait for each other.
const minGap = 10 * time.Minute

// A DaemonRun is a time in which a daemon watched.
type DaemonRun struct {
	ID     int64
	PID    int // of its process
	Began  time.Time
	Alive  time.Time     // its last sign of life, of which there is one a minute
	Ended  time.Time     // zero: it runs, or was killed
	Moved  time.Duration // by how much the clock jumped just before, where the same process goes on after that; else 0
	Listen string        // where its report is
	Budget float64       // looks a day; 0: none was set
}

// AliveFor is how long after a sign of life a daemon is believed to run.
const AliveFor = 3 * time.Minute

// Over returns when a run was over, as far as it is known at now; zero: it is not.
func (r DaemonRun) Over(now time.Time) time.Time {
	switch {
	case !r.Ended.IsZero():
		return r.Ended
	case now.Sub(r.Alive) > AliveFor:
		return r.Alive
	}
	return time.Time{}
}

// A Rest is a spell in which the user of an article did not want it looked at.
type Rest struct {
	Cause     GapCause // GapPaused or GapRemoved
	At, Until time.Time
}

// A Lapse is the time between two looks that saw an article, where the second
// was late, and what was tried meanwhile.
type Lapse struct {
	Seen    time.Time // the first look, or when the article was taken up
	Planned time.Time // when the second was to be
	Next    time.Time // when it was; zero: not yet
	SetBack bool      // the clock was set back between them: Planned is what it would have been had it been right before
	Tried   []Check   // the looks between them, which saw nothing, oldest first
}

// A Watching is what is known of when an article was looked at.
type Watching struct {
	ArticleID int64
	Lapses    []Lapse     // oldest first
	Runs      []DaemonRun // of the time of the lapses, oldest first, and the one before
	Rests     []Rest      // of the article
}

// Gaps returns the gaps of an article as they stand at now, oldest first: where a
// look came later than planned by more than 10 minutes and by more than the wait
// that was planned, or was due while no daemon ran. A lapse of several causes is a
// gap for each.
func (w *Watching) Gaps(now time.Time) []Gap {
	down := downtimes(w.Runs, now)
	var gaps []Gap
	for _, l := range w.Lapses {
		end := l.Next
		if end.IsZero() {
			end = now
		}
		if !w.isGap(l, end, down) {
			continue
		}
		for _, s := range w.split(l, end, down) {
			g := Gap{ArticleID: w.ArticleID, Seen: l.Seen, From: s.from, Until: s.until, Cause: s.cause, Reason: s.reason}
			if l.Next.IsZero() && s.until.Equal(now) {
				g.Until = time.Time{}
			}
			gaps = append(gaps, g)
		}
	}
	return gaps
}

// isGap tells a lapse that counts from a look that was a little late.
func (w *Watching) isGap(l Lapse, end time.Time, down []spell) bool {
	late := end.Sub(l.Planned)
	if late <= minGap {
		return false
	}
	if late > l.Planned.Sub(l.Seen) {
		return true
	}
	return slices.ContainsFunc(down, func(s spell) bool { return s.overlap(l.Planned, end) > minGap })
}

// A spell is a time of one cause.
type spell struct {
	from, until time.Time
	cause       GapCause
	reason      string
}

// overlap returns how much of a spell lies from from to until.
func (s spell) overlap(from, until time.Time) time.Duration {
	if s.from.After(from) {
		from = s.from
	}
	if s.until.Before(until) {
		until = s.until
	}
	return max(until.Sub(from), 0)
}

func (s spell) holds(t time.Time) bool { return !t.Before(s.from) && t.Before(s.until) }

// downtimes returns when no daemon ran, or its clock jumped. With no run at all
// that is ever.
func downtimes(runs []DaemonRun, now time.Time) []spell {
	var down []spell
	var from time.Time
	for _, r := range runs {
		cause := GapNoDaemon
		if r.Moved != 0 {
			cause = GapClock
		}
		if r.Began.After(from) {
			down = append(down, spell{from, r.Began, cause, ""})
		}
		from = r.Over(now)
		if from.IsZero() {
			from = now
		}
	}
	if now.After(from) {
		down = append(down, spell{from, now, GapNoDaemon, ""})
	}
	return down
}

// split parts a lapse from when the look was due to end by its causes. What lasts
// less than a minGap goes with what was before it.
func (w *Watching) split(l Lapse, end time.Time, down []spell) []spell {
	var known []spell // what comes first decides
	for _, r := range w.Rests {
		until := r.Until
		if until.IsZero() {
			until = end
		}
		known = append(known, spell{r.At, until, r.Cause, ""})
	}
	for _, c := range l.Tried {
		if cause := causeOf(c); cause != "" {
			// Its next look has its time to come.
			known = append(known, spell{c.At, latest(c.At, c.Planned).Add(minGap), cause, c.Reason})
		}
	}
	known = append(known, down...)
	otherwise := GapLate
	if l.SetBack { // what was planned had its time to come again
		otherwise = GapClock
	}
	var parts []spell
	cuts := cutsOf(known, l.Planned, end)
	for i, from := range cuts[:len(cuts)-1] {
		part := spell{from, cuts[i+1], otherwise, ""}
		if k := slices.IndexFunc(known, func(s spell) bool { return s.holds(from) }); k >= 0 {
			part.cause, part.reason = known[k].cause, known[k].reason
		}
		parts = append(parts, part)
	}
	return merged(parts)
}

// cutsOf returns the moments from from to until at which one of the spells begins
// or ends, with from and until themselves, in order and each once.
func cutsOf(spells []spell, from, until time.Time) []time.Time {
	cuts := []time.Time{from, until}
	for _, s := range spells {
		for _, t := range [2]time.Time{s.from, s.until} {
			if t.After(from) && t.Before(until) {
				cuts = append(cuts, t)
			}
		}
	}
	slices.SortFunc(cuts, time.Time.Compare)
	return slices.CompactFunc(cuts, time.Time.Equal)
}

// merged makes one of parts that follow each other and have one cause, and takes
// short ones to what was before them, or after where there is nothing before.
func merged(parts []spell) []spell {
	var out []spell
	for _, p := range parts {
		n := len(out)
		switch {
		case n > 0 && (out[n-1].cause == p.cause || p.until.Sub(p.from) < minGap):
			out[n-1].until = p.until
			if out[n-1].cause == p.cause && p.reason != "" {
				out[n-1].reason = p.reason
			}
		case n == 1 && out[0].until.Sub(out[0].from) < minGap:
			p.from = out[0].from
			out[0] = p
		default:
			out = append(out, p)
		}
	}
	return out
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Saw reports whether a check observed its article: what stands there, or that
// nothing does any more.
func (c *Check) Saw() bool {
	return c.Outcome.Plain() || c.Outcome == OutcomeGone || slices.Contains(missingReasons, c.Reason)
}

// missingReasons are those of checks that found the article missing: they did see
// what a reader sees.
var missingReasons = []string{"http-404", "soft-404", "redirected-to-front"}

// causeOf returns why a check that saw nothing saw nothing; empty: it was not made
// at all.
func causeOf(c Check) GapCause {
	switch {
	case c.Outcome == OutcomeBlocked:
		return GapBlocked
	case c.Outcome == OutcomeSkipped && (c.Reason == "robots" || c.Reason == "rate-limited"):
		return GapRefused
	case c.Outcome == OutcomeFailed && Unreachable(c.Reason):
		return GapUnreachable
	case c.Outcome == OutcomeFailed:
		return GapUnreadable
	}
	return ""
}

// Unreachable reports whether a check's reason is that its host gave no usable
// answer: the network's fault or its server's, and so that of all its articles.
func Unreachable(reason string) bool {
	switch reason {
	case "dns", "network", "tls", "timeout", "truncated":
		return true
	}
	status, ok := strings.CutPrefix(reason, "http-")
	n, err := strconv.Atoi(status)
	return ok && err == nil && n >= 500 && n <= 599
}

// Untold returns the gaps of which no event tells, for those who show both: being
// blocked is an event of its own.
func Untold(gaps []Gap, events []Event) []Gap {
	return slices.DeleteFunc(slices.Clone(gaps), func(g Gap) bool {
		return g.Cause == GapBlocked && slices.ContainsFunc(events, func(e Event) bool {
			return e.Kind == EventBlocked && (g.Until.IsZero() || e.At.Before(g.Until)) && (e.Until.IsZero() || e.Until.After(g.From))
		})
	})
}

// Downtimes returns when no daemon ran since the first of the runs, as gaps of no
// article, oldest first: those of more than 10 minutes.
func Downtimes(runs []DaemonRun, now time.Time) []Gap {
	var gaps []Gap
	for _, s := range downtimes(runs, now) {
		if s.from.IsZero() || s.until.Sub(s.from) <= minGap {
			continue
		}
		g := Gap{From: s.from, Until: s.until, Cause: s.cause}
		if s.until.Equal(now) {
			g.Until = time.Time{}
		}
		gaps = append(gaps, g)
	}
	return gaps
}
