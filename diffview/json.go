package diffview

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// JSON writes d as one object on one line. Its spans carry both texts to the
// byte, as far as those are UTF-8: JSON has no other bytes.
func JSON(w io.Writer, d *Diff) error { return WriteRow(w, DiffRow(d)) }

// WriteRow writes one row of NDJSON. Characters of HTML stand as they are;
// those that could steer a terminal or turn a line are escaped, which a reader
// of JSON undoes.
func WriteRow(w io.Writer, row any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(row); err != nil {
		return fmt.Errorf("writing a row: %w", err)
	}
	_, err := w.Write(escapeRow(b.Bytes()))
	return err
}

// escapeRow escapes what reveal would name. In JSON such characters stand in
// strings alone.
func escapeRow(row []byte) []byte {
	out := make([]byte, 0, len(row))
	for i := 0; i < len(row); {
		r, n := utf8.DecodeRune(row[i:])
		if r == 0x7f || r > 0x7f && r < 0xa0 || hidden(r) && r < 0x10000 {
			out = fmt.Appendf(out, "\\u%04x", r)
		} else {
			out = append(out, row[i:i+n]...)
		}
		i += n
	}
	return out
}

// A DiffJSON is the row of a diff.
type DiffJSON struct {
	Old          SideJSON            `json:"old"`
	New          SideJSON            `json:"new"`
	Same         bool                `json:"same"`
	Kinds        []revision.Kind     `json:"kinds"`
	Disclosure   revision.Disclosure `json:"disclosure,omitempty"` // absent where Same
	Proof        string              `json:"proof,omitempty"`
	NoteSpeaks   revision.Topic      `json:"note_speaks,omitempty"`
	Significance int                 `json:"significance"`
	Reasons      []revision.Reason   `json:"reasons"`
	WordsAdded   int                 `json:"words_added"`
	WordsRemoved int                 `json:"words_removed"`
	Summary      string              `json:"summary,omitempty"`
	Fields       []FieldJSON         `json:"fields"`
	Blocks       []BlockJSON         `json:"blocks"`
	Withheld     string              `json:"withheld,omitempty"` // why the equal blocks are left out
}

// A SideJSON says what was compared.
type SideJSON struct {
	Source     string    `json:"source"`
	Headline   string    `json:"headline,omitempty"`
	Words      int       `json:"words"`
	SHA256     string    `json:"sha256,omitempty"`
	Article    int64     `json:"article,omitempty"`
	Version    int       `json:"version,omitempty"`
	CapturedAt time.Time `json:"captured_at,omitzero"`
}

// A FieldJSON is a changed field.
type FieldJSON struct {
	Field string     `json:"field"`
	Spans []SpanJSON `json:"spans"`
}

// A BlockJSON is a block, changed or not.
type BlockJSON struct {
	Op    worddiff.RowOp    `json:"op"`
	Old   int               `json:"old,omitempty"`
	New   int               `json:"new,omitempty"`
	Kind  extract.BlockKind `json:"kind"`
	Kinds []revision.Kind   `json:"kinds,omitempty"`
	Spans []SpanJSON        `json:"spans"`
}

// A SpanJSON is a worddiff.Span without a method of its own, so that the
// encoder's settings reach its text.
type SpanJSON struct {
	Op    worddiff.Op `json:"op"`
	Text  string      `json:"text"`
	Was   *string     `json:"was,omitempty"` // of a quiet span, also where it is empty
	Moved int         `json:"moved,omitempty"`
}

// DiffRow returns the contract's row of d.
func DiffRow(d *Diff) DiffJSON {
	r := d.Revision
	row := DiffJSON{
		Old:          sideRow(d.Old, "old"),
		New:          sideRow(d.New, "new"),
		Same:         r.Same(),
		Kinds:        orEmpty(r.Kinds),
		Significance: r.Significance,
		Reasons:      orEmpty(r.Reasons),
		WordsAdded:   r.WordsAdded,
		WordsRemoved: r.WordsRemoved,
		Summary:      r.Summary,
		Fields:       make([]FieldJSON, len(r.Fields)),
		Blocks:       make([]BlockJSON, len(r.Blocks)),
	}
	if !row.Same {
		row.Disclosure, row.Proof, row.NoteSpeaks = r.Disclosure, r.Proof, r.NoteSpeaks
	}
	for i, f := range r.Fields {
		row.Fields[i] = FieldJSON{f.Field, SpanRows(f.Spans)}
	}
	for i, b := range r.Blocks {
		row.Blocks[i] = BlockJSON{b.Op, b.Old, b.New, b.Kind, b.Kinds, SpanRows(b.Spans)}
	}
	return row
}

// Judge says of two versions what was made of them when the change between them
// was kept, or what is made of several at once.
func (d *DiffJSON) Judge(c tracker.Change) {
	d.Kinds, d.Disclosure, d.Proof, d.NoteSpeaks = orEmpty(c.Kinds), c.Disclosure, c.Proof, c.NoteSpeaks
	d.Significance, d.Reasons = c.Significance, orEmpty(c.Reasons)
	d.WordsAdded, d.WordsRemoved, d.Summary = c.WordsAdded, c.WordsRemoved, c.Summary
}

func sideRow(s Side, otherwise string) SideJSON {
	return SideJSON{s.name(otherwise), s.Headline, s.Words, s.hash(), s.Article, s.Version, stamp(s.CapturedAt)}
}

// SpanRows returns spans as rows have them.
func SpanRows(spans []worddiff.Span) []SpanJSON {
	out := make([]SpanJSON, len(spans))
	for i, s := range spans {
		out[i] = SpanJSON{Op: s.Op, Text: s.Text, Moved: s.Moved}
		if s.Quiet {
			out[i].Was = &s.Was
		}
	}
	return out
}

// orEmpty returns an empty slice for none, which JSON writes as [].
func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
