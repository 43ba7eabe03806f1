package report_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// A long life is told by pages: each version on one of them, with its change and
// what happened at its time.
func TestLongLifeIsPaged(t *testing.T) {
	const versions = 450
	src := newFake()
	id := src.add("https://news.example/long", "news.example")
	for n := range versions {
		src.see(id, clock(n/24, n%24, 0), story("A long story", fmt.Sprintf("It was told %d times.", n)))
		if n > 0 {
			src.changed(id, tracker.Change{Kinds: []revision.Kind{revision.Number}, Disclosure: revision.Silent})
		}
	}
	src.events[id] = []tracker.Event{{ArticleID: id, Kind: tracker.EventGone, At: clock(0, 20, 30), Until: clock(0, 20, 50), Reason: "http-410"}}
	h := handlerAt(t, src, nil)
	var told []int
	version, older := regexp.MustCompile(`<h3><a href="/articles/1/versions/(\d+)">`), regexp.MustCompile(`<a href="([^"]+)" rel="next">Older versions`)
	target, pages := "/articles/1", 0
	for ; target != "" && pages < 10; pages++ {
		_, body := get(t, h, target)
		var here []int
		for _, m := range version.FindAllStringSubmatch(body, -1) {
			n, _ := strconv.Atoi(m[1])
			here = append(here, n)
			if change := fmt.Sprintf(`href="/articles/1/changes/%d..%d">What changed`, n-1, n); n > 1 && !strings.Contains(body, change) {
				t.Errorf("%s tells of version %d without %s", target, n, change)
			}
		}
		if newest := strings.Contains(body, `<a href="/articles/1">Back to the newest versions`); newest != (pages > 0) {
			t.Errorf("%s leads back to the newest versions: %t", target, newest)
		}
		if gone := strings.Contains(body, `class="event gone"`); gone != slices.Contains(here, 21) {
			t.Errorf("%s, of versions %d to %d, tells that it was gone after version 21: %t", target, here[len(here)-1], here[0], gone)
		}
		if want := fmt.Sprintf("from version %d to %d, unless", here[1], here[0]); !strings.Contains(body, want) {
			t.Errorf("%s does not say what is compared: %s", target, want)
		}
		told = append(told, here...)
		target = ""
		if m := older.FindStringSubmatch(body); m != nil {
			target = m[1]
		}
	}
	slices.Reverse(told)
	if pages != 3 || len(told) != versions || !slices.IsSorted(told) || told[0] != 1 || told[versions-1] != versions {
		t.Errorf("%d pages tell of %d versions, want each of the %d once on 3: %v", pages, len(told), versions, told)
	}
	for target, want := range map[string]int{"?before=0": 400, "?before=x": 400, "?before=-3": 400, "?before=2": 200, "?before=99999": 200, "?before=": 200} {
		if status, body := get(t, h, "/articles/1"+target); status != want {
			t.Errorf("GET %s = %d, want %d:\n%s", target, status, want, body)
		}
	}
}
