package extract_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	readability "codeberg.org/readeck/go-readability/v2"

	"storydiff/tracker/extract"
	"storydiff/tracker/extract/trial"
	"storydiff/tracker/revision"
)

var (
	pagesDir  = flag.String("pages", "", "a folder of pages from elsewhere, a subfolder with source.html for each, to try as well")
	pagesHalf = flag.Int("half", -1, "the half of the pages to try: 0 is for tuning, 1 for reporting, -1 is both")
	pagesOnly = flag.String("only", "", "a pattern for the names of the pages and designs to try")
	fullTrial = flag.Bool("full", false, "try every case, not one in six of the designs and one in three of the pages")
	withPeers = flag.Bool("peers", false, "try go-readability beside ours")
	showWrong = flag.Int("wrong", 0, "how many cases gone wrong to show in full")
)

// The bars: how much may go wrong, in per cent, where two pages are compared and
// nothing is known of the outlet.
const (
	mostMissed       = 1.0
	mostFalseTelling = 2.0
	mostFalseHashed  = 5.0
)

// ours is what makes one version differ from another.
func ours(page string) (string, bool) {
	story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html; charset=utf-8", URL: "https://post.example/ferry"})
	if err != nil {
		return err.Error(), false
	}
	key := revision.Key(story)
	return story.Text() + fmt.Sprintf("\n%x", key[:8]), true
}

// The same text under another modified time is the same.
func sameKey(page string) (string, bool) {
	text, ok := ours(page)
	if !ok {
		return text, false
	}
	return text[strings.LastIndex(text, "\n"):], true
}

// readably is go-readability, with the fields it knows.
func readably(page string) (string, bool) {
	article, err := readability.FromReader(strings.NewReader(page), nil)
	if err != nil || article.Node == nil {
		return "", false
	}
	var b strings.Builder
	if err := article.RenderText(&b); err != nil {
		return "", false
	}
	return article.Title() + "\n" + article.Byline() + "\n" + b.String(), true
}

// Every edit of the made-up stories is seen in every design, and furniture that
// comes, goes and rotates is not.
func TestTrial(t *testing.T) {
	total, peer := &trial.Tally{Name: "storydiff"}, &trial.Tally{Name: "go-readability"}
	var mu sync.Mutex
	left := *showWrong
	t.Run("designs", func(t *testing.T) {
		for i, d := range trial.Designs() {
			if !named(d.Name) {
				continue
			}
			t.Run(d.Name, func(t *testing.T) {
				t.Parallel()
				own, theirs := &trial.Tally{}, &trial.Tally{}
				var wrong []string
				own.Show = func(c trial.Case, before, after string) { wrong = append(wrong, wrongCase(c)) }
				for c := range trial.Every(sampled(6), i, d.Cases()) {
					if !own.Try(c, sameKey) {
						t.Fatal("the page is refused")
					}
					if *withPeers {
						theirs.Try(c, readably)
					}
				}
				mu.Lock()
				defer mu.Unlock()
				total.Merge(own)
				peer.Merge(theirs)
				t.Log(verdict(own))
				for _, w := range wrong[:min(len(wrong), left)] {
					t.Log(w)
				}
				left -= min(len(wrong), left)
			})
		}
	})
	var b strings.Builder
	trial.Write(&b, tallies(total, peer)...)
	t.Log("\n" + b.String())
	holdToBars(t, total)
}

// sampled returns n, or 1 where the whole trial is asked for.
func sampled(n int) int {
	if *fullTrial {
		return 1
	}
	return n
}

// tallies leaves out the peer's where it was not asked for.
func tallies(own, peer *trial.Tally) []*trial.Tally {
	if *withPeers {
		return []*trial.Tally{own, peer}
	}
	return []*trial.Tally{own}
}

func verdict(t *trial.Tally) string {
	missed, edits := t.Missed()
	telling, tried := t.False(false)
	hashed, hashedTried := t.False(true)
	return fmt.Sprintf("missed %d of %d, false %d of %d with telling names, %d of %d with hashed", missed, edits, telling, tried, hashed, hashedTried)
}

func holdToBars(t *testing.T, tally *trial.Tally) {
	t.Helper()
	for _, bar := range []struct {
		name  string
		share float64
		most  float64
	}{
		{"missed", trial.Share(tally.Missed()), mostMissed},
		{"false with telling names", trial.Share(tally.False(false)), mostFalseTelling},
		{"false with hashed names", trial.Share(tally.False(true)), mostFalseHashed},
	} {
		if bar.share > bar.most {
			t.Errorf("%s: %.2f %%, the bar is %g %%", bar.name, bar.share, bar.most)
		}
	}
}

// wrongCase says what went wrong with a case, for a person.
func wrongCase(c trial.Case) string {
	before, _ := ours(c.Before)
	after, ok := ours(c.After)
	names := "telling"
	if c.Hashed {
		names = "hashed"
	}
	what := "MISSED " + c.Mutator
	if !c.Edit {
		what = "FALSE " + c.Mutator + ", " + names
	}
	if !ok {
		return fmt.Sprintf("%s: %s: refused: %s", c.Page, what, after)
	}
	return fmt.Sprintf("%s: %s\n%s", c.Page, what, differing(before, after))
}

func differing(a, b string) string {
	var out strings.Builder
	for _, pair := range []struct{ sign, in, of string }{{"-", b, a}, {"+", a, b}} {
		for line := range strings.SplitSeq(pair.of, "\n") {
			if !strings.Contains("\n"+pair.in+"\n", "\n"+line+"\n") {
				fmt.Fprintf(&out, "%s %.300s\n", pair.sign, line)
			}
		}
	}
	return out.String()
}

// The same on pages from elsewhere.
func TestTrialOfPages(t *testing.T) {
	list := pages(t)
	total, peer := &trial.Tally{Name: "storydiff"}, &trial.Tally{Name: "go-readability"}
	var mu sync.Mutex
	var notes []string
	left := *showWrong
	t.Run("pages", func(t *testing.T) {
		for i, p := range list {
			t.Run(p.Name, func(t *testing.T) {
				t.Parallel()
				cases, err := p.Cases()
				if err != nil || len(p.Source) > extract.MaxBytes {
					mu.Lock()
					defer mu.Unlock()
					notes = append(notes, fmt.Sprintf("%s: left out: %v, %d KB", p.Name, err, len(p.Source)>>10))
					return
				}
				own, theirs := &trial.Tally{}, &trial.Tally{}
				var wrong []trial.Case
				own.Show = func(c trial.Case, _, _ string) { wrong = append(wrong, c) }
				tried, refused := 0, 0
				for c := range trial.Every(sampled(3), i, cases) {
					if tried++; !own.Try(c, sameKey) {
						refused++
						continue
					}
					if *withPeers {
						theirs.Try(c, readably)
					}
				}
				mu.Lock()
				defer mu.Unlock()
				total.Merge(own)
				peer.Merge(theirs)
				notes = append(notes, fmt.Sprintf("%-28s %s; %d of %d refused", p.Name, verdict(own), refused, tried))
				for _, c := range wrong[:min(len(wrong), left)] {
					t.Log(wrongCase(c))
				}
				left -= min(len(wrong), left)
			})
		}
	})
	slices.Sort(notes)
	t.Log("\n" + strings.Join(notes, "\n"))
	var b strings.Builder
	trial.Write(&b, tallies(total, peer)...)
	t.Log("\n" + b.String())
	holdToBars(t, total)
}
