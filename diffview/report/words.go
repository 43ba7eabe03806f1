package report

import (
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"storydiff/diffview"
	"storydiff/tracker"
	"storydiff/tracker/worddiff"
)

// The forms of a time that a reader sees, all in UTC.
const (
	dayForm    = "2 January 2006"
	secondForm = "15:04:05"
)

// A moment is a time for <time>.
type moment struct {
	Machine string // RFC 3339
	Text    string
}

// newMoment returns t in full; nil where t is zero.
func newMoment(t time.Time) *moment {
	return momentAs(t, "15:04 MST, "+dayForm)
}

func momentAs(t time.Time, form string) *moment {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &moment{t.Format(time.RFC3339), t.Format(form)}
}

// newShortMoment returns t as tables have it, whose heads say that it is UTC.
func newShortMoment(t time.Time) *moment {
	return momentAs(t, "2 Jan 2006 15:04")
}

// An interval is when a change was made, as far as two looks can tell: after
// the one and by the other.
type interval struct {
	From *moment // nil: not known, or the same second as To
	To   *moment
	At   bool // both are the same second
}

func newInterval(from, to time.Time) interval {
	said := diffview.NewInterval(from, to, diffview.InWords)
	i := interval{To: newMoment(to), At: said.At}
	if said.From != "" {
		i.From, i.To = newMoment(from), newMoment(to)
		i.From.Text, i.To.Text = said.From, said.To
	}
	return i
}

// shown makes stored text fit for a page: control characters and the bidi
// overrides, which can make a text read as another, become visible marks.
func shown(text string) string { return diffview.Printable(text) }

// direction returns which way a text of a page in lang runs: "ltr", "rtl" or
// "auto".
func direction(text, lang string) string {
	return diffview.Direction([]worddiff.Span{{Op: worddiff.Equal, Text: text}}, lang)
}

// headlineLimit is how much of a headline a list shows, in runes.
const headlineLimit = 300

// brief returns text fit for one entry of a list.
func brief(text string) string { return shown(cutEnd(strings.TrimSpace(text), headlineLimit)) }

// cutEnd returns at most limit runes of text, with an ellipsis where it cut.
func cutEnd(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	n := 0
	for i := range text {
		if n++; n > limit {
			return text[:i] + "…"
		}
	}
	return text
}

// cutStart is cutEnd from the other end.
func cutStart(text string, limit int) string {
	at := len(text)
	for range limit {
		if at == 0 {
			return text
		}
		_, n := utf8.DecodeLastRuneInString(text[:at])
		at -= n
	}
	if at == 0 {
		return text
	}
	return "…" + text[at:]
}

// The most of a kept and of a changed run of words that an excerpt shows, in
// runes: enough for a long sentence, too little for a page that is all one.
const (
	keptLimit    = 160
	changedLimit = 400
	spanLimit    = 40 // spans
)

// excerpt cuts spans down to what fits an entry of a list. Kept words give way
// first: those far from any change. What diffview draws, it makes fit itself.
func excerpt(spans []worddiff.Span) []worddiff.Span {
	out := make([]worddiff.Span, 0, min(len(spans), spanLimit))
	for i, s := range spans {
		if i == spanLimit {
			return append(out, worddiff.Span{Op: worddiff.Equal, Text: " …"})
		}
		switch {
		case s.Op != worddiff.Equal:
			s.Text = cutEnd(s.Text, changedLimit)
		case i == 0 && len(spans) > 1:
			s.Text = cutStart(s.Text, keptLimit)
		case i == len(spans)-1:
			s.Text = cutEnd(s.Text, keptLimit)
		case len(s.Text) > 4*keptLimit:
			s.Text = cutEnd(s.Text, keptLimit) + " " + cutStart(s.Text, keptLimit)
		}
		out = append(out, s)
	}
	return out
}

// spaced turns a code into words.
func spaced(code string) string { return strings.ReplaceAll(code, "-", " ") }

// reasonWords turns the code of a reason into words.
func reasonWords(code string) string {
	if status, ok := strings.CutPrefix(code, "http-"); ok {
		return "HTTP " + status
	}
	return spaced(code)
}

// outcomeWords says in a few words what a look came to.
func outcomeWords(o tracker.Outcome) string {
	switch o {
	case tracker.OutcomeNew:
		return "first version"
	case tracker.OutcomeChanged:
		return "changed"
	case tracker.OutcomeUnchanged:
		return "unchanged"
	case tracker.OutcomeNotModified:
		return "not modified"
	case tracker.OutcomeGone:
		return "taken away"
	}
	return spaced(string(o))
}

// outward returns an address that a link may lead to: http or https with a
// host. Anything else, such as a javascript address, is empty.
func outward(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	u.User = nil
	return u.String()
}

// langTag returns a language tag fit for a lang attribute; empty where the
// page's own is none (BCP 47, by its outer form alone).
func langTag(tag string) string {
	if len(tag) < 2 || len(tag) > 35 {
		return ""
	}
	for _, r := range tag {
		if r != '-' && (r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)) {
			return ""
		}
	}
	return tag
}
