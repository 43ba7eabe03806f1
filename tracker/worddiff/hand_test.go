package worddiff_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A handPair is a pair of texts with the changed words marked by hand.
type handPair struct {
	name          string
	before, after *page
	truth         *verdict
}

var handMark = regexp.MustCompile(`(?s)\[-(\d:)?(.*?)-\]|\{\+(\d:)?(.*?)\+\}|\{=(.*?)\|(.*?)=\}`)

// handPairs reads testdata/hand. In its files [-x-] goes, {+x+} comes, {=x|y=}
// is x in another form, and what moved stands in [-1:x-] and {+1:x+}.
func handPairs(t testing.TB) []handPair {
	files, err := filepath.Glob("testdata/hand/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []handPair
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, readHand(strings.TrimSuffix(filepath.Base(file), ".txt"), string(b)))
	}
	return out
}

func readHand(name, marked string) handPair {
	var before, after strings.Builder
	var loudOld, loudNew [][2]int
	at := 0
	for _, m := range handMark.FindAllStringSubmatchIndex(marked, -1) {
		before.WriteString(marked[at:m[0]])
		after.WriteString(marked[at:m[0]])
		at = m[1]
		switch {
		case m[4] >= 0:
			from := before.Len()
			before.WriteString(marked[m[4]:m[5]])
			if m[2] < 0 {
				loudOld = append(loudOld, [2]int{from, before.Len()})
			}
		case m[8] >= 0:
			from := after.Len()
			after.WriteString(marked[m[8]:m[9]])
			if m[6] < 0 {
				loudNew = append(loudNew, [2]int{from, after.Len()})
			}
		default:
			before.WriteString(marked[m[10]:m[11]])
			after.WriteString(marked[m[12]:m[13]])
		}
	}
	before.WriteString(marked[at:])
	after.WriteString(marked[at:])
	p := handPair{name: name, before: newPage(lines(before.String())), after: newPage(lines(after.String())), truth: &verdict{}}
	p.truth.old = loudIn(p.before, loudOld)
	p.truth.new = loudIn(p.after, loudNew)
	return p
}

// loudIn marks the tokens that any of the stretches touches as changed.
func loudIn(p *page, stretches [][2]int) []fate {
	out := make([]fate, len(p.places))
	for _, s := range stretches {
		for i, t := range p.places {
			if t.from < s[1] && s[0] < t.to {
				out[i].changed = true
			}
		}
	}
	return out
}

// handMade measures an engine on the pairs marked by hand. All tokens count, and
// all pairs alike, so that one number weighs as much as a long sentence.
func (s *score) handMade(t *testing.T, e engine) {
	for _, p := range handPairs(t) {
		v, err := e.compare(p.before, p.after)
		if err != nil {
			t.Fatalf("%s, %s: %v", e.name, p.name, err)
		}
		hit, extra, missed := 0, 0, 0
		for k, said := range [][]fate{v.old, v.new} {
			for i, f := range said {
				switch truth := [][]fate{p.truth.old, p.truth.new}[k][i]; {
				case f.changed && truth.changed:
					hit++
				case f.changed:
					extra++
				case truth.changed:
					missed++
				}
			}
		}
		s.hand = append(s.hand, f1(hit, extra, missed))
		if *verbose && e.name == "ours" && extra+missed > 0 {
			t.Logf("%s: F1 %.3f\n%s", p.name, f1(hit, extra, missed), disagreements(p.before, p.after, v, p.truth))
		}
	}
}

// Our engine marks what a person would.
func TestHandMade(t *testing.T) {
	s := &score{}
	s.handMade(t, ownEngines()[0])
	if len(s.hand) < 32 || s.handF1() < 0.97 {
		t.Errorf("mean F1 of %d pairs marked by hand is %.4f, want 32 and 0.97", len(s.hand), s.handF1())
	}
}
