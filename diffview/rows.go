package diffview

import (
	"fmt"
	"strings"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// A CheckJSON is the row of a check. Kinds to WordsRemoved are there where the
// outcome is "changed".
type CheckJSON struct {
	Article      int64               `json:"article"`
	URL          string              `json:"url"`
	Canonical    string              `json:"canonical,omitempty"` // where it differs from URL
	Outcome      tracker.Outcome     `json:"outcome"`
	Version      int                 `json:"version,omitempty"`
	RevertsTo    int                 `json:"reverts_to,omitempty"`
	Kinds        []revision.Kind     `json:"kinds,omitzero"`
	Disclosure   revision.Disclosure `json:"disclosure,omitempty"`
	Significance *int                `json:"significance,omitempty"`
	WordsAdded   *int                `json:"words_added,omitempty"`
	WordsRemoved *int                `json:"words_removed,omitempty"`
	ElapsedMS    int64               `json:"elapsed_ms"`
	Reason       string              `json:"reason,omitempty"`
	Detail       string              `json:"detail,omitempty"`
	At           time.Time           `json:"at,omitzero"`      // when it began
	Status       int                 `json:"status,omitempty"` // of HTTP; absent where there was no answer
}

// CheckRow returns the row of a check of a; ch is the change it found, or nil.
func CheckRow(a tracker.Article, c tracker.Check, ch *tracker.Change) CheckJSON {
	row := CheckJSON{
		Article:   a.ID,
		URL:       a.URL,
		Canonical: canonical(a),
		Outcome:   c.Outcome,
		Version:   c.Version,
		ElapsedMS: c.Elapsed.Milliseconds(),
		Reason:    c.Reason,
		Detail:    c.Detail,
		At:        stamp(c.At),
		Status:    c.Status,
	}
	if ch != nil {
		row.Version = ch.To
		row.RevertsTo = ch.RevertsTo
		row.Kinds = orEmpty(ch.Kinds)
		row.Disclosure = ch.Disclosure
		row.Significance, row.WordsAdded, row.WordsRemoved = &ch.Significance, &ch.WordsAdded, &ch.WordsRemoved
	}
	return row
}

// CheckLine returns a check for a person: its outcome, what there is to say of
// it, and the address, on one line and without a line break.
func CheckLine(a tracker.Article, c tracker.Check, ch *tracker.Change) string {
	words := []string{string(c.Outcome)}
	say := func(format string, args ...any) { words = append(words, fmt.Sprintf(format, args...)) }
	switch {
	case ch != nil:
		say("version %d", ch.To)
		say("%s", KindsText(ch.Kinds, ","))
		say("%s", ch.Disclosure)
		say("-%d +%d words", ch.WordsRemoved, ch.WordsAdded)
		if ch.RevertsTo > 0 {
			say("back to version %d", ch.RevertsTo)
		}
	case c.Outcome == tracker.OutcomeNew || c.Outcome == tracker.OutcomeChanged:
		say("version %d", c.Version)
	case c.Reason != "":
		say("%s", flat(c.Reason))
	}
	return strings.Join(append(words, told(flat(a.URL), flat(c.Detail))), "  ")
}

// told returns an address and what there is to say of it, which may begin with the
// address itself.
func told(address, detail string) string {
	rest, begins := strings.CutPrefix(detail, address)
	switch {
	case detail == "":
		return address
	case begins && (strings.HasPrefix(rest, " ") || strings.HasPrefix(rest, ": ")):
		return detail
	}
	return address + ": " + detail
}

// An ArticleJSON is the row of a tracked article.
type ArticleJSON struct {
	Article     int64           `json:"article"`
	URL         string          `json:"url"`
	Canonical   string          `json:"canonical,omitempty"` // where it differs from URL
	Outlet      string          `json:"outlet"`
	Title       string          `json:"title,omitempty"`
	State       tracker.State   `json:"state"`
	Versions    int             `json:"versions"`
	AddedAt     time.Time       `json:"added_at,omitzero"`
	LastCheck   time.Time       `json:"last_check,omitzero"`
	LastOutcome tracker.Outcome `json:"last_outcome,omitempty"`
	NextCheck   time.Time       `json:"next_check,omitzero"`
	Missing     time.Time       `json:"missing_since,omitzero"` // where it was looked for and not found, but may be back
	Gone        time.Time       `json:"gone_since,omitzero"`
	Live        bool            `json:"live,omitempty"` // the newest version is a live blog
	Tags        []string        `json:"tags"`
}

// ListRow returns the row of an article.
func ListRow(a tracker.Article) ArticleJSON {
	row := ArticleJSON{
		Article:     a.ID,
		URL:         a.URL,
		Canonical:   canonical(a),
		Outlet:      a.Outlet,
		Title:       a.Title,
		State:       a.State,
		Versions:    a.Versions,
		AddedAt:     stamp(a.AddedAt),
		LastCheck:   stamp(a.LastCheck),
		LastOutcome: a.LastOutcome,
		NextCheck:   stamp(a.NextCheck),
		Gone:        stamp(a.GoneFrom),
		Live:        a.Live,
		Tags:        orEmpty(a.Tags),
	}
	if a.Missing() {
		row.Missing = stamp(a.MissingFrom)
	}
	return row
}

func canonical(a tracker.Article) string {
	if a.Canonical == a.URL {
		return ""
	}
	return a.Canonical
}

// A VersionJSON is the row of a version.
type VersionJSON struct {
	Type          string    `json:"type"` // "version"
	N             int       `json:"n"`
	CapturedAt    time.Time `json:"captured_at,omitzero"`
	Headline      string    `json:"headline,omitempty"`
	Standfirst    string    `json:"standfirst,omitempty"`
	Byline        string    `json:"byline,omitempty"`
	Published     time.Time `json:"published,omitzero"`
	Modified      time.Time `json:"modified,omitzero"`
	Words         int       `json:"words"`
	SHA256        string    `json:"sha256,omitempty"`
	CaptureSHA256 string    `json:"capture_sha256,omitempty"`
	RevertsTo     int       `json:"reverts_to,omitempty"`
	Live          bool      `json:"live,omitempty"` // it is a live blog
}

// VersionRow returns the row of a version.
func VersionRow(v tracker.Version) VersionJSON {
	return VersionJSON{
		Type:          "version",
		N:             v.N,
		CapturedAt:    stamp(v.CapturedAt),
		Headline:      v.Story.Headline,
		Standfirst:    v.Story.Standfirst,
		Byline:        v.Story.Byline,
		Published:     stamp(v.Story.Published),
		Modified:      stamp(v.Story.Modified),
		Words:         v.Words,
		SHA256:        hexOf(v.SHA256),
		CaptureSHA256: hexOf(v.CaptureSHA),
		RevertsTo:     v.RevertsTo,
		Live:          v.Story.Live(),
	}
}

// A ChangeJSON is the row of a change. Article to Headline are there where the
// change carries them, as in a list over all articles.
type ChangeJSON struct {
	Type         string              `json:"type"` // "change"
	Article      int64               `json:"article,omitempty"`
	URL          string              `json:"url,omitempty"`
	Outlet       string              `json:"outlet,omitempty"`
	Headline     string              `json:"headline,omitempty"` // the new one
	From         int                 `json:"from"`
	To           int                 `json:"to"`
	SeenAfter    time.Time           `json:"seen_after,omitzero"`
	SeenBy       time.Time           `json:"seen_by,omitzero"`
	Kinds        []revision.Kind     `json:"kinds"`
	Disclosure   revision.Disclosure `json:"disclosure"`
	Proof        string              `json:"proof,omitempty"`
	NoteSpeaks   revision.Topic      `json:"note_speaks,omitempty"`
	Significance int                 `json:"significance"`
	Reasons      []revision.Reason   `json:"reasons"`
	WordsAdded   int                 `json:"words_added"`
	WordsRemoved int                 `json:"words_removed"`
	Summary      string              `json:"summary"`
	RevertsTo    int                 `json:"reverts_to,omitempty"`
	Ours         bool                `json:"extractor_made,omitempty"` // no publisher's doing: read by one extractor, both versions say the same
	Annotations  []AnnotationJSON    `json:"annotations,omitempty"`    // what people said of it
}

// ChangeRow returns the row of a change.
func ChangeRow(c tracker.Change) ChangeJSON {
	row := ChangeJSON{
		Type:         "change",
		Article:      c.ArticleID,
		URL:          c.URL,
		Outlet:       c.Outlet,
		Headline:     c.NewHeadline,
		From:         c.From,
		To:           c.To,
		SeenAfter:    stamp(c.SeenAfter),
		SeenBy:       stamp(c.SeenBy),
		Kinds:        orEmpty(c.Kinds),
		Disclosure:   c.Disclosure,
		Proof:        c.Proof,
		NoteSpeaks:   c.NoteSpeaks,
		Significance: c.Significance,
		Reasons:      orEmpty(c.Reasons),
		WordsAdded:   c.WordsAdded,
		WordsRemoved: c.WordsRemoved,
		Summary:      c.Summary,
		RevertsTo:    c.RevertsTo,
		Ours:         c.Ours,
	}
	for _, a := range c.Annotations {
		inner := AnnotationRow(a)
		inner.Type, inner.Article, inner.From, inner.To = "", 0, 0, 0 // the change has them
		row.Annotations = append(row.Annotations, inner)
	}
	return row
}

// An AnnotationJSON is the row of a note of a person's on a change. In the row of
// a change it lacks what that says already: Type to To.
type AnnotationJSON struct {
	Type    string    `json:"type,omitempty"` // "annotation"
	Article int64     `json:"article,omitempty"`
	From    int       `json:"from,omitempty"`
	To      int       `json:"to,omitempty"`
	ID      int64     `json:"id"`
	Label   string    `json:"label,omitempty"`
	Text    string    `json:"text,omitempty"`
	By      string    `json:"by,omitempty"`
	At      time.Time `json:"at,omitzero"`
}

// AnnotationRow returns the row of a note.
func AnnotationRow(a tracker.Annotation) AnnotationJSON {
	return AnnotationJSON{"annotation", a.ArticleID, a.From, a.To, a.ID, a.Label, a.Text, a.By, stamp(a.At)}
}

// An EventJSON is the row of an event.
type EventJSON struct {
	Type    string            `json:"type"` // "event"
	Article int64             `json:"article,omitempty"`
	Event   tracker.EventKind `json:"event"`
	At      time.Time         `json:"at,omitzero"`
	Until   time.Time         `json:"until,omitzero"` // absent while it lasts
	Reason  string            `json:"reason,omitempty"`
	Detail  string            `json:"detail,omitempty"`
}

// EventRow returns the row of an event.
func EventRow(e tracker.Event) EventJSON {
	return EventJSON{"event", e.ArticleID, e.Kind, stamp(e.At), stamp(e.Until), e.Reason, e.Detail}
}
