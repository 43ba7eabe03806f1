package diffview

import (
	"fmt"
	"io"
	"strings"

	"storydiff/tracker/extract"
)

// An Explained is a page and what was read of it.
type Explained struct {
	Source string // a file name, an address or a stored version
	Said   string // of how it came, beside what the page says; may be empty
	*extract.Explanation
}

// explainColumn is how wide the column of labels is.
const explainColumn = 12

// explainFurniture is how much of a line of furniture Explain shows, in bytes.
const explainFurniture = 160

// Explain writes for a terminal or a pipe what was read of a page and why: the
// verdict, the fields, the site rules, and the page line by line. With
// Options.Color furniture is faint.
func Explain(w io.Writer, x Explained, o Options) error {
	t := &terminal{width: o.Width, color: o.Color}
	t.explainVerdict(x)
	t.explainFields(x.Fields)
	t.explainRules(x.Rules)
	if len(x.Pieces) > 0 {
		t.title("The page, in its order")
	}
	post := ""
	for _, p := range x.Pieces {
		if p.Post != "" && p.Post != post {
			t.gap()
			t.say("post "+flat(p.Post), faint)
		}
		post = p.Post
		t.explainPiece(p)
	}
	_, err := io.WriteString(w, t.b.String())
	return err
}

func (t *terminal) title(text string) {
	t.gap()
	t.say(text, strong)
}

// row writes a label and what stands beside it.
func (t *terminal) row(label string, cells []cell) {
	margin := strings.Repeat(" ", explainColumn)
	t.hang((label + margin)[:max(explainColumn, len(label)+1)], margin, cells)
}

func (t *terminal) explainVerdict(x Explained) {
	cells := cellsOf(nil, flat(x.Source), strong)
	if x.Refusal == nil {
		t.write("", cellsOf(cells, ": an article", normal))
	} else {
		t.write("", cellsOf(cells, ": no article: "+x.Refusal.Reason+": "+flat(x.Refusal.Detail), normal))
	}
	if x.Said != "" {
		t.say(flat(x.Said), normal)
	}
	if x.Story == nil {
		return
	}
	for _, sign := range signsOf(x.Story) {
		t.say(flat(sign), normal)
	}
	if x.Refusal != nil {
		t.say("What follows is how it would be read.", faint)
	}
}

// signsOf returns what a page says of its article beside the text, a sentence
// each.
func signsOf(s *extract.Story) []string {
	var signs []string
	if s.Live() {
		signs = append(signs, "It is a live blog, by its "+s.Sources["live"]+".")
	}
	if s.Signals.Paid {
		signs = append(signs, "It says that it is not free to read.")
	}
	if s.Signals.Invitation != "" {
		signs = append(signs, "Its text ends in an invitation: "+s.Signals.Invitation)
	}
	if s.Signals.BreaksOff {
		signs = append(signs, "Its text breaks off.")
	}
	if rule := s.Sources["dropped notes"]; rule != "" {
		signs = append(signs, "A rule drops what reads as a correction: "+rule+".")
	}
	return signs
}

func (t *terminal) explainFields(fields []extract.Field) {
	if len(fields) > 0 {
		t.title("Fields")
	}
	for _, f := range fields {
		if f.Text == "" && len(f.Others) == 0 {
			continue
		}
		cells := cellsOf(nil, "none", faint)
		if f.Text != "" {
			cells = cellsOf(cellsOf(nil, flat(f.Text), normal), "  "+flat(f.Source), faint)
		}
		t.row(f.Name, cells)
		var same []string
		for _, other := range f.Others {
			if flat(other.Text) == flat(f.Text) {
				same = append(same, flat(other.Source))
				continue
			}
			t.row("", cellsOf(nil, flat(other.Source)+" has: "+cutTo(flat(other.Text), 400), faint))
		}
		if len(same) > 0 {
			t.row("", cellsOf(nil, "the same: "+strings.Join(same, ", "), faint))
		}
	}
}

func (t *terminal) explainRules(rules []extract.Rule) {
	if len(rules) > 0 {
		t.title("Site rules")
	}
	for _, r := range rules {
		of := ""
		if r.Shipped {
			of = ", shipped"
		}
		cells := cellsOf(nil, flat(r.Selector), normal)
		t.row(r.Does, cellsOf(cells, fmt.Sprintf("  %s%s, chose %s", flat(r.At), of, Count(r.Count, "element")), faint))
	}
}

func (t *terminal) explainPiece(p extract.Piece) {
	text, k := flat(p.Text), normal
	if p.Label == extract.LabelFurniture {
		text, k = cutTo(text, explainFurniture), faint
	}
	if p.Label == string(extract.Heading) {
		k = strong
	}
	t.row(p.Label, cellsOf(nil, text, k))
	said := []string{p.Where}
	if p.Path != "" {
		said = append(said, p.Path)
	}
	if p.Why != "" {
		said = append(said, p.Why)
	}
	if p.Rule != "" {
		said = append(said, p.Rule)
	}
	t.row("", cellsOf(nil, flat(strings.Join(said, " · ")), faint))
}

// cutTo returns the beginning of a text that is longer than n bytes, and says that
// it is cut.
func cutTo(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && text[n]&0xc0 == 0x80 {
		n--
	}
	return text[:n] + " …"
}

// The rows of a page that is explained, in this order: the page, its fields, the
// rules tried on it, its pieces.
type (
	// An ExplainedPageJSON says what the page is.
	ExplainedPageJSON struct {
		Type       string            `json:"type"` // "page"
		Source     string            `json:"source"`
		Article    bool              `json:"article"`
		Reason     string            `json:"reason,omitempty"` // why it is no article
		Detail     string            `json:"detail,omitempty"`
		Said       string            `json:"said,omitempty"`
		Extractor  int               `json:"extractor"`
		Live       bool              `json:"live,omitempty"`
		Paid       bool              `json:"paid,omitempty"`
		Invitation string            `json:"invitation,omitempty"`
		BreaksOff  bool              `json:"breaks_off,omitempty"`
		Sources    map[string]string `json:"sources,omitempty"`
	}
	// An ExplainedFieldJSON is a field, or what another place has for it.
	ExplainedFieldJSON struct {
		Type   string `json:"type"` // "field"
		Field  string `json:"field"`
		Text   string `json:"text"`
		Source string `json:"source"`
		Taken  bool   `json:"taken"` // it is the story's
	}
	// An ExplainedRuleJSON is a site rule that was tried.
	ExplainedRuleJSON struct {
		Type     string `json:"type"` // "rule"
		At       string `json:"at"`
		Does     string `json:"does"`
		Selector string `json:"selector"`
		Count    int    `json:"count"`
		Shipped  bool   `json:"shipped,omitempty"`
	}
	// An ExplainedBlockJSON is a line of the page.
	ExplainedBlockJSON struct {
		Type  string `json:"type"` // "block"
		N     int    `json:"n"`    // in the page, from 1
		Label string `json:"label"`
		Text  string `json:"text"`
		Why   string `json:"why,omitempty"`
		Where string `json:"where"`
		Path  string `json:"path,omitempty"`
		Rule  string `json:"rule,omitempty"`
		Post  string `json:"post,omitempty"`
	}
)

// ExplainJSON writes what was read of a page as one JSON object a line.
func ExplainJSON(w io.Writer, x Explained) error {
	page := ExplainedPageJSON{Type: "page", Source: x.Source, Article: x.Refusal == nil, Said: x.Said, Extractor: extract.Revision}
	if x.Refusal != nil {
		page.Reason, page.Detail = x.Refusal.Reason, x.Refusal.Detail
	}
	if s := x.Story; s != nil {
		page.Live, page.Paid, page.Invitation, page.BreaksOff = s.Live(), s.Signals.Paid, s.Signals.Invitation, s.Signals.BreaksOff
		page.Sources = s.Sources
	}
	rows := []any{page}
	for _, f := range x.Fields {
		if f.Text != "" {
			rows = append(rows, ExplainedFieldJSON{"field", f.Name, f.Text, f.Source, true})
		}
		for _, other := range f.Others {
			rows = append(rows, ExplainedFieldJSON{"field", f.Name, other.Text, other.Source, false})
		}
	}
	for _, r := range x.Rules {
		rows = append(rows, ExplainedRuleJSON{"rule", r.At, r.Does, r.Selector, r.Count, r.Shipped})
	}
	for i, p := range x.Pieces {
		rows = append(rows, ExplainedBlockJSON{"block", i + 1, p.Label, p.Text, p.Why, p.Where, p.Path, p.Rule, p.Post})
	}
	for _, row := range rows {
		if err := WriteRow(w, row); err != nil {
			return err
		}
	}
	return nil
}
