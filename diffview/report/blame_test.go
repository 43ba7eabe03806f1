package report_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// counted counts how often a text is read.
type counted struct {
	*fake
	reads atomic.Int32
}

func (c *counted) Version(ctx context.Context, id int64, n int) (tracker.Version, error) {
	c.reads.Add(1)
	return c.fake.Version(ctx, id, n)
}

// edited is an article of four versions: a number goes up and back, a sentence
// comes, and the paragraphs change places.
func edited() *fake {
	f := newFake()
	id := f.add("https://www.harnherald.example/bridge", "harnherald.example")
	const (
		first  = "The council of Harn voted to build a bridge."
		cheap  = " It will cost 12 million crowns, the papers say."
		dear   = " It will cost 14 million crowns, the papers say."
		second = "Traders had asked for a ferry instead."
	)
	for i, s := range [][]string{{first + cheap, second}, {first + dear, second}, {first + cheap, second}, {second + " Nobody could be reached.", first + cheap}} {
		f.see(id, clock(0, 8+i, 0), story("Bridge", s...))
		if i > 0 {
			f.changed(id, tracker.Change{Kinds: []revision.Kind{revision.Number}, Disclosure: revision.Silent, Excerpt: marked("It will cost {+more+}.")})
		}
	}
	return f
}

func TestBlameMarksSentences(t *testing.T) {
	_, body := get(t, handler(t, edited()), "/articles/1/blame")
	page := strings.Join(strings.Fields(tags.ReplaceAllString(body, " ")), " ")
	for _, want := range []string{
		"Of 5 sentences, 3 stand as in the first version; 2 came later or were changed since, 1 of them back after having been away.",
		"version 1: 1 Traders had asked for a ferry instead. version 4: 4 Nobody could be reached.",
		"version 1: 1 The council of Harn voted to build a bridge. version 3, in the words of version 1: 3 ↩ 1 It will cost 12 million crowns",
		"Version 4 between", "as first seen",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	for _, want := range []string{
		`<span class="age-3" title="Came with version 4."><a class="came" href="/articles/1/changes/3..4" lang="en">`,
		`title="As first seen; was away, and is back since version 3."><a class="came" href="/articles/1/changes/2..3"`,
		`<div class="row headline" dir="ltr">`, `<a class="of-0" href="/articles/1/versions/1" title="version 1">`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s:\n%s", want, body)
		}
	}
	if _, body := get(t, handler(t, edited()), "/articles/1"); !strings.Contains(body, `href="/articles/1/blame"`) {
		t.Error("the article's page does not lead there")
	}
}

// Texts are compared once, and anew when there is another version.
func TestBlameIsRemembered(t *testing.T) {
	src := &counted{fake: edited()}
	h := handler(t, src)
	for _, want := range []int32{4, 4, 4} {
		if get(t, h, "/articles/1/blame"); src.reads.Load() != want {
			t.Errorf("%d texts were read so far, want %d", src.reads.Load(), want)
		}
	}
	src.see(1, clock(1, 9, 0), story("Bridge", "All is written anew, and nothing is left."))
	if _, body := get(t, h, "/articles/1/blame"); src.reads.Load() != 9 || !strings.Contains(body, "All is written anew") {
		t.Errorf("%d texts were read so far, want 9", src.reads.Load())
	}
}

// A long history is looked at as far as its newest 200 versions, and says so.
func TestBlameOfALongHistory(t *testing.T) {
	src := &counted{fake: newFake()}
	id := src.add("https://live.example/1", "live.example")
	for i := range 250 {
		src.see(id, clock(0, 8, i), story("Live", "This has stood here from the first hour on.", fmt.Sprintf("It is minute %d of the match between the two.", i)))
	}
	_, body := get(t, handler(t, src), "/articles/1/blame")
	if src.reads.Load() != 200 {
		t.Errorf("%d texts were read, want 200", src.reads.Load())
	}
	for _, want := range []string{"Version 51 is the oldest that was looked at", "version 51 or before", `title="As in version 51, or before."`,
		`title="In these words since version 250; came with version 51, edited 199 times."`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q:\n%s", want, body)
		}
	}
}

// Giants cost one reading each at most.
func TestBlameOfGiants(t *testing.T) {
	src := &counted{fake: newFake()}
	id := src.add("https://giant.example/1", "giant.example")
	giant := strings.Repeat("It is a very long text, and it goes on. ", 40_000)
	for i := range 6 {
		src.see(id, clock(0, 8, i), story("Giant", giant, fmt.Sprint("Part ", i)))
	}
	if status, _ := get(t, handler(t, src), "/articles/1/blame"); status != 200 || src.reads.Load() > 3 {
		t.Errorf("GET = %d after %d readings of 1.6 MB, want 200 after 3 at most", status, src.reads.Load())
	}
}
