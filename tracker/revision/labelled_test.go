package revision_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

var heldOut = flag.Bool("heldout", false, "print the figures of every third labelled pair, and of the others, apart")

const (
	leastRight    = 0.97 // precision and recall of every kind
	leastDisclose = 0.99 // of the disclosures told right
	leastPairs    = 480
)

// A labelled pair is one record of testdata/pairs: an edit and what a person
// says that it is. See the README there for the form of the files.
type labelledPair struct {
	at         string // file and line
	index      int    // among the pairs of all files
	kinds      string // joined by spaces; meaningful where judged
	judged     bool   // kinds are stated
	lang, in   string
	disclosure string
	modified   []string // the old and the new time of day
	least      string   // the level that it reaches
	most       string   // the level that it does not exceed
	old, new   []string // paragraphs
	headlines  [2]string
}

// readPairs reads every file of testdata/pairs, in the order of their names.
func readPairs(t *testing.T) []*labelledPair {
	t.Helper()
	files, err := filepath.Glob("testdata/pairs/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no labelled pairs: %v", err)
	}
	var out []*labelledPair
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var p *labelledPair
		n := 0
		for line := range strings.Lines(string(data)) {
			n++
			line = strings.TrimRight(line, "\r\n")
			switch {
			case strings.HasPrefix(line, "#"):
			case strings.TrimSpace(line) == "":
				p = nil
			default:
				if p == nil {
					p = &labelledPair{at: fmt.Sprintf("%s:%d", filepath.Base(file), n), index: len(out), lang: "en"}
					out = append(out, p)
				}
				if !p.read(line) {
					t.Fatalf("%s:%d: what is %q?", file, n, line)
				}
			}
		}
	}
	return out
}

// read takes up one line of a record and reports whether it has a form known.
func (p *labelledPair) read(line string) bool {
	for mark, sides := range map[string][]*[]string{"-": {&p.old}, "+": {&p.new}, "=": {&p.old, &p.new}} {
		if text, ok := strings.CutPrefix(line, mark+" "); ok {
			for _, side := range sides {
				*side = append(*side, text)
			}
			return true
		}
	}
	key, value, ok := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	switch key {
	case "kinds":
		p.kinds, p.judged = value, true
	case "lang":
		p.lang = value
	case "in":
		p.in = value
	case "disclosure":
		p.disclosure = value
	case "modified":
		p.modified = strings.Fields(value)
	case "least":
		p.least = value
	case "most":
		p.most = value
	case "-headline":
		p.headlines[0] = value
	case "+headline":
		p.headlines[1] = value
	case "=headline":
		p.headlines = [2]string{value, value}
	case "why", "about":
	default:
		return false
	}
	return ok
}

// fillers are paragraphs that stories of a language share, so that names and
// plain words stand about a pair as they do in an article.
var fillers = map[string][]string{
	"en": filler,
	"de": {"Rivermünde liegt dort, wo die Aune ins Meer fließt, und der Hafen wird in jedem Frühjahr ausgebaggert.", "Ida Brenner führt den Rat seit sechs Jahren. Ihr Stellvertreter Tomas Lind leitet den Ausschuss für den Hafen."},
	"fr": {"La ville se trouve là où l'Aune rejoint la mer, et son port est dragué à chaque printemps.", "Ida Brenner dirige le conseil depuis six ans. Son adjoint, Tomas Lind, préside le comité du port."},
	"es": {"La ciudad está donde el Aune llega al mar, y su puerto se draga cada primavera.", "Ida Brenner dirige el consejo desde hace seis años. Su adjunto, Tomas Lind, preside el comité del puerto."},
	"nl": {"De stad ligt waar de Aune in zee uitkomt, en de haven wordt elk voorjaar uitgebaggerd.", "Ida Brenner leidt de raad al zes jaar. Haar plaatsvervanger, Tomas Lind, leidt het havencomité."},
	"it": {"La città si trova dove l'Aune incontra il mare, e il suo porto viene dragato ogni primavera.", "Ida Brenner guida il consiglio da sei anni. Il suo vice, Tomas Lind, presiede il comitato del porto."},
	"pt": {"A cidade fica onde o Aune chega ao mar, e o seu porto é dragado em cada primavera.", "Ida Brenner lidera o conselho há seis anos. O seu adjunto, Tomas Lind, preside ao comité do porto."},
}

// stories returns the two stories of a pair: its paragraphs at the top, those of
// the filler below.
func (p *labelledPair) stories(t *testing.T) (before, after *extract.Story) {
	t.Helper()
	make := func(side int, paragraphs []string) *extract.Story {
		s := &extract.Story{
			Headline: "Council closes Eastbank ferry", Standfirst: "The last boat leaves in June.", Byline: "Lena Okafor", Lang: p.lang,
			Published: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), Modified: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
		}
		if p.headlines[side] != "" {
			s.Headline = p.headlines[side]
		}
		if len(p.modified) == 2 {
			clock, err := time.Parse("15:04", p.modified[side])
			if err != nil {
				t.Fatalf("%s: %v", p.at, err)
			}
			s.Modified = time.Date(2026, 3, 2, clock.Hour(), clock.Minute(), 0, 0, time.UTC)
		}
		kind := extract.Paragraph
		switch text := strings.Join(paragraphs, " "); p.in {
		case "headline":
			s.Headline, paragraphs = text, nil
		case "standfirst":
			s.Standfirst, paragraphs = text, nil
		case "byline":
			s.Byline, paragraphs = text, nil
		case "caption":
			kind = extract.Caption
		case "", "paragraph":
		default:
			t.Fatalf("%s: where is %q?", p.at, p.in)
		}
		for _, text := range paragraphs {
			s.Blocks = append(s.Blocks, extract.Block{Kind: kind, Text: text, End: "\n\n"})
		}
		lang, _, _ := strings.Cut(p.lang, "-")
		for _, text := range fillers[lang] {
			s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Paragraph, Text: text, End: "\n\n"})
		}
		return s
	}
	return make(0, p.old), make(1, p.new)
}

// A tally counts how often a kind was told where it is, missed, and told where
// it is not.
type tally struct{ right, missed, wrong int }

func (c tally) precision() float64 { return ratio(c.right, c.right+c.wrong) }
func (c tally) recall() float64    { return ratio(c.right, c.right+c.missed) }

func ratio(part, all int) float64 {
	if all == 0 {
		return 1
	}
	return float64(part) / float64(all)
}

type tallies map[string]*tally

func (ts tallies) count(want, got string) {
	all := func(kinds string) []string { return strings.Fields(kinds) }
	at := func(kind string) *tally {
		if ts[kind] == nil {
			ts[kind] = &tally{}
		}
		return ts[kind]
	}
	for _, k := range all(want) {
		if slices.Contains(all(got), k) {
			at(k).right++
		} else {
			at(k).missed++
		}
	}
	for _, k := range all(got) {
		if !slices.Contains(all(want), k) {
			at(k).wrong++
		}
	}
}

func (ts tallies) String() string {
	var b strings.Builder
	for _, k := range revision.Kinds() {
		if c := ts[string(k)]; c != nil {
			fmt.Fprintf(&b, "\n%-18s %4d pairs  precision %.3f  recall %.3f", k, c.right+c.missed, c.precision(), c.recall())
		}
	}
	return b.String()
}

// TestLabelledPairs holds the kinds of every labelled pair against what a person
// says they are.
func TestLabelledPairs(t *testing.T) {
	pairs := readPairs(t)
	all, languages := tallies{}, map[string]tallies{}
	parts := map[bool]tallies{true: {}, false: {}}
	judged, right := 0, 0
	for _, p := range pairs {
		if !p.judged {
			continue
		}
		judged++
		before, after := p.stories(t)
		r := revision.Compare(before, after)
		got := join(r.Kinds)
		all.count(p.kinds, got)
		parts[p.index%3 == 2].count(p.kinds, got)
		if languages[p.lang] == nil {
			languages[p.lang] = tallies{}
		}
		languages[p.lang].count(p.kinds, got)
		if sameKinds(p.kinds, got) {
			right++
			continue
		}
		t.Logf("%s (%s, %d): %q, want %q\n- %s\n+ %s\n%s", p.at, p.lang, p.index%3, got, p.kinds, strings.Join(p.old, "\n- "), strings.Join(p.new, "\n+ "), evidence(r))
	}
	t.Logf("%d of %d pairs have just the kinds that a person gives them%s", right, judged, all)
	if *heldOut {
		t.Logf("every third pair:%s\nthe others:%s", parts[true], parts[false])
	}
	if testing.Verbose() {
		for lang, ts := range languages {
			t.Logf("language %s:%s", lang, ts)
		}
	}
	for k, c := range all {
		if c.precision() < leastRight || c.recall() < leastRight {
			t.Errorf("%s: precision %.3f, recall %.3f, want %.2f", k, c.precision(), c.recall(), leastRight)
		}
	}
	if len(pairs) < leastPairs {
		t.Errorf("%d labelled pairs, want %d", len(pairs), leastPairs)
	}
}

func sameKinds(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

func evidence(r *revision.Revision) string {
	var b strings.Builder
	for _, e := range r.Edits {
		fmt.Fprintf(&b, "    %s: %q → %q\n", e.Kind, e.Before, e.After)
	}
	return b.String()
}

// TestLabelledDisclosures holds the disclosure of pairs against the label.
func TestLabelledDisclosures(t *testing.T) {
	all, right := 0, 0
	for _, p := range readPairs(t) {
		if p.disclosure == "" {
			continue
		}
		all++
		before, after := p.stories(t)
		r := revision.Compare(before, after)
		if string(r.Disclosure) == p.disclosure {
			right++
			continue
		}
		t.Logf("%s: %q (%s), want %q\n%s", p.at, r.Disclosure, r.Proof, p.disclosure, evidence(r))
	}
	t.Logf("%d of %d disclosures are right", right, all)
	if ratio(right, all) < leastDisclose {
		t.Errorf("%.3f of the disclosures are right, want %.2f", ratio(right, all), leastDisclose)
	}
}

// TestLabelledRanking holds the levels of pairs against the least or the most
// that a person gives them.
func TestLabelledRanking(t *testing.T) {
	order := []string{"minor", "notable", "major"}
	for _, p := range readPairs(t) {
		if p.least == "" && p.most == "" {
			continue
		}
		before, after := p.stories(t)
		r := revision.Compare(before, after)
		level := slices.Index(order, string(revision.LevelOf(r.Significance)))
		if p.least != "" && level < slices.Index(order, p.least) || p.most != "" && level > slices.Index(order, p.most) {
			t.Errorf("%s: %s (%d), want at least %q, at most %q\n- %s\n+ %s\n%v", p.at, order[level], r.Significance, p.least, p.most,
				strings.Join(p.old, "\n- "), strings.Join(p.new, "\n+ "), r.Reasons)
		}
	}
}
