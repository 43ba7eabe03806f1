package report_test

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// newsroom is a source of an outlet of n articles, of which every third was
// edited, and of outlets with few.
func newsroom(n int) *fake {
	src := newFake()
	for i := range n {
		id := src.add(fmt.Sprintf("https://big.example/%d", i), "big.example")
		src.see(id, clock(0, 9, 0), story("One", "It cost 12 million."))
		if i%3 == 0 {
			src.see(id, clock(1, 9, 0), story("One", "It cost 14 million."))
			src.changed(id, tracker.Change{Kinds: []revision.Kind{revision.Number}, Disclosure: []revision.Disclosure{revision.Silent, revision.Stamped, revision.Noted}[i%9/3]})
		}
	}
	for i := range 3 {
		id := src.add(fmt.Sprintf("https://small.example/%d", i), "small.example")
		src.see(id, clock(0, 9, 0), story("One", "It cost 12 million."))
		if i == 0 {
			src.see(id, clock(1, 9, 0), story("One", "It cost 14 million."))
			src.changed(id, tracker.Change{Kinds: []revision.Kind{revision.Number}, Disclosure: revision.Silent})
		}
	}
	return src
}

// plain returns the words of a page, with single spaces.
func plain(t *testing.T, page string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return strings.ContainsRune(" \n\t\u00a0\u202f", r) }), " ")
}

func TestOutletFigures(t *testing.T) {
	src := newsroom(90)
	src.events[1] = []tracker.Event{{ArticleID: 1, Kind: tracker.EventGone, At: clock(2, 9, 0), Reason: "http-410"}}
	src.events[2] = []tracker.Event{{ArticleID: 2, Kind: tracker.EventBlocked, At: clock(2, 9, 0), Until: clock(2, 11, 30), Reason: "login"}}
	src.add("https://big.example/unread", "big.example")
	h := handler(t, src)
	tests := []struct {
		target string
		says   []string
	}{
		{"/outlets", []string{
			"2 outlets.", "Seen since 15 December 2025",
			"big.example", "90 90 new 33 % 30 of 90 30 0.33 per article 33 % 10 of 30 1 d 1 h median of 30 articles",
			"3 3 new 1 of 3 1 0.33 per article 1 of 1",
		}},
		{"/outlets/big.example", []string{
			"What was seen of 90 articles in 12 weeks, from 15 December 2025 until now",
			"Edited 33 % 30 of 90", "Silent 33 % 10 of 30", "Stamped 33 % 10 of 30", "Noted 33 % 10 of 30",
			"Taken away 1 % 1 of 90", "None of those came back.", "Blocked 1 % 1 of 90", "1 spell, 2 h 30 min together.",
			"it came a median of 1 h 20 min after publication (90 new articles)",
			"half of the changes are known to within 15 min (30 changes)", "120 looks saw an article, or that it is not there: 1.00 per article and week.",
			"1 further article could never be read",
			"In 10 of 12 weeks no look saw any article.",
			"Week of 23 February 2026: no change", "Week of 2 March 2026: 10 silent, 10 stamped, 10 noted",
		}},
		{"/outlets/small.example?period=4w", []string{"3 articles in 4 weeks, from 9 February 2026", "Edited 1 of 3", "Silent 1 of 1", "Noted 0 of 1"}},
		{"/outlets/small.example?period=all", []string{"in 2 weeks, from 23 February 2026"}},
	}
	for _, tt := range tests {
		status, body := get(t, h, tt.target)
		text := plain(t, body)
		for _, want := range tt.says {
			if status != http.StatusOK || !strings.Contains(text, want) {
				t.Errorf("GET %s = %d, want %q in:\n%s", tt.target, status, want, text)
			}
		}
		if strings.Contains(text, "1 of 1 100") || strings.Contains(text, "100 % 1 of 1") {
			t.Errorf("GET %s has percentages of few:\n%s", tt.target, text)
		}
	}
}

func TestOutletOrder(t *testing.T) {
	src := newsroom(30) // 10 of 30 edited, all but one of small's 3 not
	for i := range 40 {
		id := src.add(fmt.Sprintf("https://quiet.example/%d", i), "quiet.example")
		src.see(id, clock(0, 9, 0), story("One", "text"))
	}
	id := src.add("https://busy.example/1", "busy.example")
	for n := range 5 {
		src.see(id, clock(0, 9+n, 0), story("One", fmt.Sprint("text ", n)))
		if n > 0 {
			src.changed(id, tracker.Change{Disclosure: revision.Silent})
		}
	}
	for sort, want := range map[string]string{
		"":         "quiet.example big.example small.example busy.example",
		"name":     "big.example busy.example quiet.example small.example",
		"edited":   "big.example quiet.example busy.example small.example", // shares of few come last
		"changes":  "big.example quiet.example busy.example small.example",
		"silent":   "busy.example small.example big.example quiet.example",
		"first":    "busy.example big.example small.example quiet.example",
		"looks":    "big.example quiet.example busy.example small.example",
		"articles": "quiet.example big.example small.example busy.example",
	} {
		_, body := get(t, handler(t, src), "/outlets?sort="+sort)
		var got []string
		for _, m := range regexp.MustCompile(`rowheader" scope="row"><a href="/outlets/([a-z.]+)">`).FindAllStringSubmatch(body, -1) {
			got = append(got, m[1])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("sort=%s: %v, want %s", sort, got, want)
		}
	}
}

func TestOutletRefusals(t *testing.T) {
	h := handler(t, newsroom(3))
	for target, want := range map[string]string{
		"/outlets?period=3d":                "400 period must be one of 4w, 12w, 52w, all",
		"/outlets?sort=length":              "400 sort must be one of",
		"/outlets?page=0":                   "400 page must be",
		"/outlets?page=2":                   "404 no page",
		"/outlets/big.example?period=x":     "400 period must be one of",
		"/outlets/big.example?period=%00":   "400 no plain text",
		"/outlets/nobody.example":           "404 no page",
		"/outlets/%3Cscript%3E":             "404 no page",
		"/outlets/..%2f..%2fetc":            "404 no page",
		"/outlets/BIG.example?period=4w":    "200 big.example",
		"/outlets/big.example?period=4w&x=": "200 big.example",
	} {
		status, body := get(t, h, target)
		code, says, _ := strings.Cut(want, " ")
		if strconv.Itoa(status) != code || !strings.Contains(body, says) {
			t.Errorf("GET %s = %d, want %s in:\n%s", target, status, want, body)
		}
	}
	src := newsroom(3)
	src.broken = errors.New("the disk is gone")
	for _, target := range []string{"/outlets", "/outlets/big.example"} {
		if status, body := get(t, handler(t, src), target); status != 500 || strings.Contains(body, "disk") {
			t.Errorf("GET %s of a broken source = %d:\n%s", target, status, body)
		}
	}
}

// TestManyOutlets pages through more outlets than a page lists.
func TestManyOutlets(t *testing.T) {
	src := newFake()
	for i := range 120 {
		id := src.add(fmt.Sprintf("https://paper%d.example/", i), fmt.Sprintf("paper%d.example", i))
		src.see(id, clock(0, 9, 0), story("One", "text"))
	}
	h := handler(t, src)
	_, first := get(t, h, "/outlets?sort=name")
	_, second := get(t, h, "/outlets?page=2&sort=name")
	if !strings.Contains(first, "1 to 50 of 120 outlets.") || !strings.Contains(first, `href="/outlets?page=2&amp;sort=name" rel="next"`) {
		t.Errorf("the first page:\n%s", plain(t, first))
	}
	if !strings.Contains(second, "51 to 100 of 120 outlets.") || strings.Count(second, `scope="row"`) != 50 {
		t.Errorf("the second page:\n%s", plain(t, second))
	}
}

// TestCharts holds what is drawn within its frame, and says it in words too.
func TestCharts(t *testing.T) {
	_, body := get(t, handler(t, newsroom(90)), "/outlets/big.example")
	drawings := regexp.MustCompile(`(?s)<svg viewBox="0 0 (\d+) (\d+)" role="img".*?</svg>`).FindAllStringSubmatch(body, -1)
	if len(drawings) != 2 {
		t.Fatalf("%d charts, want 2", len(drawings))
	}
	for _, d := range drawings {
		if err := xml.NewDecoder(strings.NewReader(d[0])).Decode(new(struct{})); err != nil && !errors.Is(err, io.EOF) {
			t.Errorf("a chart is not well-formed: %v\n%s", err, d[0])
		}
		if !strings.Contains(d[0], "<desc id=") || strings.Count(d[0], "<g><title>Week of ") != 12 {
			t.Errorf("a chart does not say what it shows:\n%s", d[0])
		}
		checkRects(t, d[0], number(d[1]), number(d[2]))
	}
	if n := strings.Count(body, "<td colspan=\"7\">no look saw an article</td>"); n != 10 {
		t.Errorf("the table has %d weeks without a look, want 10", n)
	}
}

func checkRects(t *testing.T, svg string, width, height int) {
	t.Helper()
	rects := regexp.MustCompile(`x="(-?\d+)" y="(-?\d+)" width="(-?\d+)" height="(-?\d+)"`).FindAllStringSubmatch(svg, -1)
	if len(rects) == 0 {
		t.Errorf("nothing is drawn:\n%s", svg)
	}
	for _, r := range rects {
		x, y, w, h := number(r[1]), number(r[2]), number(r[3]), number(r[4])
		if x < 0 || y < 0 || w < 1 || h < 1 || x+w > width || y+h > height {
			t.Errorf("%s leaves the frame of %d×%d", r[0], width, height)
		}
	}
}

func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// TestOutletsAreCountedOnce asks again after a change: the source is asked for
// what is new alone, and the page shows it.
func TestOutletsAreCountedOnce(t *testing.T) {
	src := &stirred{fake: newsroom(30)}
	h := handler(t, src)
	for range 3 {
		get(t, h, "/outlets")
		get(t, h, "/outlets/small.example")
	}
	src.see(32, clock(2, 9, 0), story("One", "It cost 14 million."))
	src.changed(32, tracker.Change{Kinds: []revision.Kind{revision.Number}, Disclosure: revision.Silent})
	src.mark = 2
	_, body := get(t, h, "/outlets/small.example")
	if text := plain(t, body); !strings.Contains(text, "Edited 2 of 3") {
		t.Errorf("after a change:\n%s", text)
	}
	src.mark, src.gone = 3, []int64{32, 99}
	_, body = get(t, h, "/outlets/small.example")
	if text := plain(t, body); !strings.Contains(text, "Edited 1 of 2") {
		t.Errorf("after a purge:\n%s", text)
	}
	if src.whole != 1 {
		t.Errorf("all lives were read %d times, want once", src.whole)
	}
}

// A stirred source has lives that are new since the mark it stands at.
type stirred struct {
	*fake
	mark  int64 // 0 counts as 1
	gone  []int64
	whole int
}

func (s *stirred) Lives(ctx context.Context, mark int64) (tracker.Lives, error) {
	all, err := s.fake.Lives(ctx, mark)
	all.Mark = max(1, s.mark)
	switch {
	case mark == 0:
		s.whole++
		return all, err
	case mark == all.Mark:
		return tracker.Lives{Mark: mark}, err
	}
	all.Dropped = s.gone
	some := all.Altered[:0]
	for _, l := range all.Altered {
		if l.ArticleID == 32 && len(s.gone) == 0 {
			some = append(some, l)
		}
	}
	all.Altered = some
	return all, err
}

// TestLastingSpellsGrow lets time pass while a spell lasts.
func TestLastingSpellsGrow(t *testing.T) {
	src := &stirred{fake: newsroom(3)} // nothing happens but that time passes
	src.events[1] = []tracker.Event{{ArticleID: 1, Kind: tracker.EventBlocked, At: clock(3, 10, 0), Reason: "login"}}
	now := clock(3, 12, 0)
	h := handlerAt(t, src, func() time.Time { return now })
	for _, want := range []string{"1 spell, 2 h together; 1 last so far.", "1 spell, 5 h together; 1 last so far."} {
		_, body := get(t, h, "/outlets/big.example")
		if text := plain(t, body); !strings.Contains(text, want) {
			t.Errorf("want %q in:\n%s", want, text)
		}
		now = now.Add(3 * time.Hour)
	}
}
