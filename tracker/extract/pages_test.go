package extract_test

import (
	"fmt"
	"net/url"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"

	"storydiff/tracker/extract"
	"storydiff/tracker/extract/trial"
)

// pages opens the pages of the -pages folder.
func pages(t testing.TB) []*trial.Page {
	t.Helper()
	if *pagesDir == "" {
		t.Skip("no -pages given")
	}
	list, err := trial.OpenAll(*pagesDir)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(list, func(p *trial.Page) bool {
		return !named(p.Name) || *pagesHalf >= 0 && p.Half() != *pagesHalf
	})
}

// named reports whether a page is one that was asked for.
func named(page string) bool { return regexp.MustCompile(*pagesOnly).MatchString(page) }

// What someone has said of the pages' titles and times is what is read of them,
// or the table says in what they differ.
func TestFieldsOfPages(t *testing.T) {
	var table strings.Builder
	titles, rightTitles, times, rightTimes := 0, 0, 0, 0
	var scores []float64
	for _, p := range pages(t) {
		story, err := extract.Read(extract.Input{Body: p.Source, ContentType: "text/html"})
		if err != nil {
			fmt.Fprintf(&table, "%s: refused: %v\n", p.Name, err)
			continue
		}
		if want := p.Meta.Title; want != "" {
			if titles++; sameTitle(story.Headline, want) {
				rightTitles++
			} else {
				fmt.Fprintf(&table, "%s: headline (%s) %q, stated %q\n", p.Name, story.Sources["headline"], story.Headline, want)
			}
		}
		if want := p.Meta.PublishedTime; want != "" {
			if times++; sameTime(story.Published, want) {
				rightTimes++
			} else {
				fmt.Fprintf(&table, "%s: published (%s) %v, stated %s\n", p.Name, story.Sources["published"], story.Published, want)
			}
		}
		if p.Expected != "" {
			score := overlap(tokens(story.Standfirst+"\n"+story.Body()), tokens(p.Expected))
			scores = append(scores, score)
			if score < 0.85 {
				fmt.Fprintf(&table, "%s: F1 of the text %.2f\n", p.Name, score)
			}
		}
	}
	mean := 0.0
	for _, score := range scores {
		mean += score / float64(len(scores))
	}
	slices.Sort(scores)
	t.Logf("\n%stitles: %d of %d as stated; published times: %d of %d; F1 of the text over %d pages: mean %.3f, median %.3f",
		table.String(), rightTitles, titles, rightTimes, times, len(scores), mean, scores[len(scores)/2])
}

// sameTitle reports whether a headline is the title that was stated, or is it
// without the name of the outlet or of the section.
func sameTitle(got, stated string) bool {
	have, want := extract.Folded(got), extract.Folded(stated)
	return have == want || len(have) >= 12 && strings.Contains(want, have)
}

// sameTime compares to the minute, and where one of the two states no zone to the
// clock alone.
func sameTime(got time.Time, stated string) bool {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05.999999", "2006-01-02T15:04", "2006-01-02 15:04:05.999999", "2006-01-02 15:04:05", "2006-01-02"} {
		if want, err := time.Parse(layout, stated); err == nil {
			return got.Truncate(time.Minute).Equal(want.Truncate(time.Minute))
		}
	}
	return false
}

// tokens counts the words of a text; of scripts without spaces the characters.
func tokens(text string) map[string]int {
	bag := map[string]int{}
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if !unicode.In([]rune(word)[0], unicode.Han, unicode.Hiragana, unicode.Katakana) {
			bag[word]++
			continue
		}
		for _, r := range word {
			bag[string(r)]++
		}
	}
	return bag
}

// overlap returns the F1 score of two bags of words.
func overlap(got, want map[string]int) float64 {
	both, all := 0, 0
	for word, n := range got {
		both += min(n, want[word])
		all += n
	}
	for _, n := range want {
		all += n
	}
	if all == 0 {
		return 1
	}
	return 2 * float64(both) / float64(all)
}

// No page takes more than twice the processor's time that go-readability takes to
// parse and read it, and half of them less than 8 ms.
func TestTimeOfPages(t *testing.T) {
	const (
		mostRatio  = 2.0
		mostMedian = 8 * time.Millisecond
		leastTime  = 60 * time.Millisecond // in all, at the least that a page takes
	)
	base, _ := url.Parse("https://post.example/a")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // no time of the scheduler's looking for work
	type timed struct {
		name        string
		own, theirs time.Duration
		ratio       float64
		kilobytes   int
	}
	var list []timed
	for _, p := range pages(t) {
		body := p.Source[:min(len(p.Source), extract.MaxBytes)]
		row := timed{name: p.Name, own: time.Hour, theirs: time.Hour, kilobytes: len(body) >> 10}
		var ratios []float64
		for n := range 100 { // more rounds where a page is small: what else the machine does weighs more then
			if n >= 9 && time.Duration(n)*row.own > leastTime {
				break
			}
			start := processorTime()
			extract.Read(extract.Input{Body: body, ContentType: "text/html", URL: base.String()})
			own := processorTime() - start
			row.own = min(row.own, own)
			start = processorTime()
			if doc, err := html.Parse(strings.NewReader(string(body))); err == nil {
				readability.FromDocument(doc, base)
			}
			theirs := processorTime() - start
			row.theirs = min(row.theirs, theirs)
			ratios = append(ratios, float64(own)/float64(theirs))
		}
		slices.Sort(ratios)
		row.ratio = ratios[len(ratios)/2] // both sides of a round meet the machine in the same mood
		list = append(list, row)
	}
	slices.SortFunc(list, func(a, b timed) int { return int(a.own - b.own) })
	median := list[len(list)/2].own
	var table strings.Builder
	for _, row := range list {
		slow := row.ratio > mostRatio
		if slow {
			t.Errorf("%s takes %.1f times as long as go-readability", row.name, row.ratio)
		}
		if slow || row.ratio > 1.5 {
			fmt.Fprintf(&table, "%-40s %5d KB %8.2f ms, go-readability %8.2f ms: %.2f\n", row.name, row.kilobytes, row.own.Seconds()*1000, row.theirs.Seconds()*1000, row.ratio)
		}
	}
	t.Logf("\n%smedian of %d pages: %v; of go-readability %v", table.String(), len(list), median, medianOf(list, func(r timed) time.Duration { return r.theirs }))
	if median > mostMedian {
		t.Errorf("the median is %v, the bar %v", median, mostMedian)
	}
}

func medianOf[T any](list []T, of func(T) time.Duration) time.Duration {
	var all []time.Duration
	for _, item := range list {
		all = append(all, of(item))
	}
	slices.Sort(all)
	return all[len(all)/2]
}
