package worddiff_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A score sums up what an engine says of many pairs.
type score struct {
	hit, extra, missed int // words called changed rightly, wrongly, and not
	moves, found       int
	hunks, edits       int
	confetti, tokens   int
	changed, least     int // tokens, of the pairs in which nothing moved
	pairs, exact       int
	loud, retyped      int // places of changed typography
	hand               []float64
	still              *score // the same of the pairs in which nothing moved
}

func f1(hit, extra, missed int) float64 {
	if hit+extra+missed == 0 {
		return 1
	}
	return 2 * float64(hit) / float64(2*hit+extra+missed)
}

func (s *score) f1() float64 { return f1(s.hit, s.extra, s.missed) }

func share(a, b int) float64 { return float64(a) / float64(max(b, 1)) }

// handF1 is the mean of the hand-made pairs.
func (s *score) handF1() float64 {
	sum := 0.0
	for _, f := range s.hand {
		sum += f
	}
	return sum / float64(max(len(s.hand), 1))
}

// add counts what a verdict says of an edited story. Words and numbers are
// counted alone for F1: of a full stop nobody can tell whether a new sentence
// kept it. A move is found where half its words that were kept are loud in
// neither text.
func (s *score) add(e *edited, after *page, v, truth *verdict, least int) {
	s.words(e.before.words(), v.old, truth.old)
	s.words(e.after.words(), v.new, truth.new)
	if s.still == nil {
		s.still = &score{}
	}
	if len(e.moved) == 0 {
		s.still.words(e.before.words(), v.old, truth.old)
		s.still.words(e.after.words(), v.new, truth.new)
	}
	s.hunks, s.edits = s.hunks+v.hunks(), s.edits+truth.hunks()
	s.confetti, s.tokens = s.confetti+v.confetti(after), s.tokens+len(v.new)
	if len(e.moved) == 0 {
		s.changed, s.least = s.changed+v.changed(), s.least+least
	}
	at := map[*word]int{}
	for j, w := range e.after.words() {
		at[w] = j
	}
	for _, words := range e.moved {
		n, kept := 0, 0
		for _, w := range words {
			if j, ok := at[w]; ok && !truth.new[j].changed {
				kept++
				if !v.new[j].changed && !v.old[truth.new[j].pair].changed {
					n++
				}
			}
		}
		if kept > 0 {
			s.moves++
			if 2*n >= kept {
				s.found++
			}
		}
	}
	s.pairs++
	if v.exact {
		s.exact++
	}
}

func (s *score) words(words []*word, said, truth []fate) {
	for i, w := range words {
		if strings.ContainsAny(w.text[:1], ".,?%") || w.text == "“" || w.text == "”" {
			continue
		}
		switch {
		case said[i].changed && truth[i].changed:
			s.hit++
		case said[i].changed:
			s.extra++
		case truth[i].changed:
			s.missed++
		}
	}
}

// generated measures an engine over the pairs of seeds [seed,seed+pairs).
func generated(t *testing.T, e engine, seed, pairs uint64) *score {
	s := &score{}
	for n := range pairs {
		p := newGenerator(seed + n).pair()
		before, after := newPage(p.before.text()), newPage(p.after.text())
		if len(before.places) != len(p.before.words()) || len(after.places) != len(p.after.words()) {
			t.Fatalf("seed %d: a word of the generator is not one token", seed+n)
		}
		v, err := e.compare(before, after)
		if err != nil {
			t.Fatalf("%s, seed %d: %v", e.name, seed+n, err)
		}
		wrong := s.extra + s.missed
		truth := truthOf(p)
		s.add(p, after, v, truth, minimum(t, before, after))
		if wrong = s.extra + s.missed - wrong; *verbose && e.name == "ours" && wrong > 0 {
			t.Logf("seed %d: %d words wrong\n%s", seed+n, wrong, disagreements(before, after, v, truth))
		}
	}
	return s
}

// disagreements draws the paragraphs in which a verdict and the truth differ:
// words wrongly called changed between angles, missed ones between hashes.
func disagreements(before, after *page, v, truth *verdict) string {
	var b strings.Builder
	for k, p := range []*page{before, after} {
		said, real := [][]fate{v.old, v.new}[k], [][]fate{truth.old, truth.new}[k]
		var lines []string
		wrong := map[int]bool{}
		line, para := "", -1
		for i, t := range p.places {
			if t.para != para {
				lines, line, para = append(lines, line), "", t.para
			}
			word := t.text
			switch {
			case said[i].changed && real[i].changed:
				word = "[" + word + "]"
			case said[i].changed:
				word, wrong[len(lines)] = "<"+word+">", true
			case real[i].changed:
				word, wrong[len(lines)] = "#"+word+"#", true
			case said[i].moved:
				word = "~" + word
			}
			line += word + " "
		}
		lines = append(lines, line)
		for i := range lines {
			if wrong[i] {
				fmt.Fprintf(&b, "%s %d: %s\n", []string{"old", "new"}[k], i, lines[i])
			}
		}
	}
	return b.String()
}

// retyped measures how much an engine makes of typography: pairs whose quotes,
// spaces and normal form alone differ.
func (s *score) retyped1(t *testing.T, e engine, seed uint64) {
	g := newGenerator(seed)
	paras := g.story(6 + g.IntN(10)).text()
	swapped := slices.Clone(paras)
	plain := strings.NewReplacer("said", "sa\u00efd", "“", "\"", "”", "\"", ". ", "… ")
	typed := strings.NewReplacer("said", "sai\u0308d", "“", "«", "”", "»", ". ", "... ", "and ", "and\u00a0", "the", "t\u00adhe")
	for i := range paras {
		text := paras[i]
		paras[i], swapped[i] = plain.Replace(text), typed.Replace(text)
	}
	before, after := newPage(paras), newPage(swapped)
	v, err := e.compare(before, after)
	if err != nil {
		t.Fatalf("%s, typography of seed %d: %v", e.name, seed, err)
	}
	if len(before.places) != len(after.places) {
		t.Fatalf("seed %d: typography changes the tokens", seed)
	}
	for i, p := range before.places {
		if p.text != after.places[i].text {
			s.retyped++
			if v.old[i].changed || v.new[i].changed {
				s.loud++
			}
		}
	}
}

// Known edits of generated articles are found, and little else. The thresholds
// were looked at on seeds 1 to 300; these are none of them.
func TestQuality(t *testing.T) {
	ours := ownEngines()[0]
	s := generated(t, ours, 5000, 60)
	for seed := range uint64(10) {
		s.retyped1(t, ours, 5000+seed)
	}
	t.Log("\n" + heading + s.row(ours.name))
	checks := []struct {
		what      string
		value     float64
		low, high float64
	}{
		{"F1 of changed words", s.f1(), 0.985, 1},
		{"hunks over true edits", share(s.hunks, s.edits), 0.95, 1.05},
		{"changed tokens over the minimum", share(s.changed, s.least), 0.9, 1.10},
		{"moves found", share(s.found, s.moves), 0.95, 1},
		{"typography shown loud", share(s.loud, s.retyped), 0, 0.05},
		{"pairs rebuilt", share(s.exact, s.pairs), 1, 1},
	}
	for _, c := range checks {
		if c.value < c.low || c.value > c.high {
			t.Errorf("%s: %.4f, want %.3f to %.3f", c.what, c.value, c.low, c.high)
		}
	}
}

const heading = "engine          F1      F1 still  F1 hand  hunks  confetti  changed  moves  loud   rebuilt\n"

// row writes a line of the table: F1 still is that of the pairs in which nothing
// moved, confetti is per 1,000 tokens, changed tokens over
// the minimum where nothing moved, the rest as shares.
func (s *score) row(name string) string {
	return fmt.Sprintf("%-14s  %.4f  %.4f    %.4f   %.3f  %8.2f  %7.3f  %.3f  %.3f  %.3f\n", name, s.f1(), s.still.f1(), s.handF1(),
		share(s.hunks, s.edits), 1000*share(s.confetti, s.tokens), share(s.changed, s.least), share(s.found, s.moves), share(s.loud, s.retyped), share(s.exact, s.pairs))
}
