package report_test

import (
	"strings"
	"testing"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// A headline that is the most telling sentence itself is said once: with its words
// marked, and not again as the headline before and as the reason. Where another
// sentence is shown, the headline before stands beside it.
func TestHeadlineIsToldOnce(t *testing.T) {
	const was, is = "Twelve injured in fog", "21 injured in fog"
	reasons := []revision.Reason{{Code: "headline", Points: 60, Text: "The headline changed: “" + was + "” became “" + is + "”."}}
	for _, tt := range []struct {
		name, excerpt string
		want, not     []string
	}{
		{"the headline", "[-Twelve-]{+21+} injured in fog",
			[]string{"<del>Twelve</del>", `<span dir="auto">The headline changed.</span>`}, []string{"Headline before:", "became"}},
		{"part of it", "[-Twelve-]{+21+} injured", []string{"Headline before:", "became “" + is}, nil},
		{"another sentence", "It was [-nine-]{+ten+}.", []string{"Headline before:</bdi> <del lang=\"en\">" + was, "became “" + is}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake()
			id := f.add("https://news.example/fog", "news.example")
			f.see(id, clock(1, 10, 0), story(was, "It was nine."))
			f.see(id, clock(1, 10, 0).Add(time.Hour), story(is, "It was ten."))
			f.changed(id, tracker.Change{Kinds: []revision.Kind{revision.Headline}, Disclosure: revision.Silent, Significance: 60,
				Reasons: reasons, Excerpt: marked(tt.excerpt), WordsAdded: 1, WordsRemoved: 1})
			for _, path := range []string{"/", "/articles/1", "/articles/1/changes/1..2/embed"} {
				_, body := get(t, handler(t, f), path)
				for _, want := range append(tt.want, `<li class="extent">1 word added, 1 removed</li>`) {
					if !strings.Contains(body, want) {
						t.Errorf("GET %s lacks %s\n%s", path, want, body)
					}
				}
				for _, not := range tt.not {
					if strings.Contains(body, not) {
						t.Errorf("GET %s says %q as well", path, not)
					}
				}
			}
		})
	}
}

// A list of one disclosure does not count that again.
func TestOneDisclosureIsNotCounted(t *testing.T) {
	_, body := get(t, handler(t, sample()), "/?disclosure=silent")
	if !strings.Contains(body, " major") || strings.Contains(body, "silent.</p>") {
		t.Errorf("the silent changes are counted as such:\n%s", body)
	}
}
