package revision_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

var written = regexp.MustCompile(`\[([^\]]*)\]\(([^)]*)\)`)

// linkStory makes a story whose first paragraphs hold links written as in
// Markdown: [words](address).
func linkStory(lead ...string) *extract.Story {
	var links [][]extract.Link
	for i, text := range lead {
		links = append(links, nil)
		for _, m := range written.FindAllStringSubmatch(text, -1) {
			links[i] = append(links[i], extract.Link{Text: m[1], URL: m[2]})
		}
		lead[i] = written.ReplaceAllString(text, "$1")
	}
	s := story(lead...)
	for i := range links {
		s.Blocks[i].Links = links[i]
	}
	return s
}

func compareLinks(before, after string) *revision.Revision {
	return revision.Compare(linkStory(strings.Split(before, "|")...), linkStory(strings.Split(after, "|")...))
}

// linkEdits returns the edits of links in short: the block, from 1, and what
// became what.
func linkEdits(r *revision.Revision) string {
	var out []string
	for _, e := range r.Edits {
		if e.Kind == revision.Link {
			out = append(out, fmt.Sprintf("%d: %s → %s", e.Block+1, e.Before, e.After))
		}
	}
	return strings.Join(out, ", ")
}

func TestKindsOfLinks(t *testing.T) {
	const a, b, c = "https://a.example/x", "https://b.example/y", "https://c.example/z"
	tests := []struct{ name, before, after, want, edits string }{
		{"leads elsewhere", "The [harbour records](" + a + ") say so.", "The [harbour records](" + b + ") say so.",
			"link", "1: " + a + " → " + b},
		{"put on words that stayed", "The harbour records say so.", "The [harbour records](" + a + ") say so.", "link", "1:  → " + a},
		{"taken off words that stayed", "The [harbour records](" + a + ") say so.", "The harbour records say so.", "link", "1: " + a + " → "},
		{"on more of the words", "The [records](" + a + ") say so.", "The [harbour records](" + a + ") say so.", "wording", ""},
		{"on other words of the sentence", "The [records](" + a + ") of the port say so.", "The records of the [port](" + a + ") say so.", "", ""},
		{"swapped", "The [records](" + a + ") and the [maps](" + b + ") say so.", "The [records](" + b + ") and the [maps](" + a + ") say so.",
			"link", "1: " + a + " → " + b + ", 1: " + b + " → " + a},
		{"the same in another order on other words", "The [records](" + a + ") and [maps](" + b + ") of the port say so.", "The records [and](" + b + ") maps of the [port](" + a + ") say so.",
			"link", "1: " + a + " → " + b},
		{"a number beside it", "The [records](" + a + ") name 12 boats.", "The [records](" + b + ") name 21 boats.", "number link", "1: " + a + " → " + b},
		{"a number within it", "The [records of 12 boats](" + a + ") say so.", "The [records of 21 boats](" + a + ") say so.", "number", ""},
		{"other words and another target", "It is in the [harbour records](" + a + "), they say.", "It is in the [mayor's diary](" + b + "), they say.",
			"wording link", "1: " + a + " → " + b},
		{"a paragraph added whole", "It is so.", "It is so.|The [harbour records](" + a + ") say it too, in many words.", "paragraph-added", ""},
		{"a paragraph removed whole", "It is so.|The [harbour records](" + a + ") say it too, in many words.", "It is so.", "paragraph-removed", ""},
		{"a sentence added with its link", "The pier is old.", "The pier is old. The [harbour records](" + a + ") were burnt with the town hall.", "wording", ""},
		{"of two the second", "See [here](" + a + ") and [here](" + b + ").", "See [here](" + a + ") and [here](" + c + ").", "link", "1: " + b + " → " + c},
		{"on marks alone", "The pier is old [*](" + a + ").", "The pier is old [*](" + b + ").", "link", "1: " + a + " → " + b},
		{"taken off marks alone", "The pier is old [*](" + a + ").", "The pier is old *.", "link", "1: " + a + " → "},
		{"quotation marks typed otherwise", `He said [“no”](` + a + `).`, `He said ["no"](` + a + `).`, "", ""},
		{"a paragraph split", "The [records](" + a + ") say so. The [maps](" + b + ") do not.", "The [records](" + a + ") say so.|The [maps](" + b + ") do not.", "", ""},
		{"a paragraph split and a link elsewhere", "The [records](" + a + ") say so. The [maps](" + b + ") do not.", "The [records](" + a + ") say so.|The [maps](" + c + ") do not.", "link", "1: " + b + " → " + c},
		{"Chinese", "市议会公布了[港口记录](" + a + ")。", "市议会公布了[港口记录](" + b + ")。", "link", "1: " + a + " → " + b},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := compareLinks(tt.before, tt.after)
			if got := join(r.Kinds); got != tt.want || linkEdits(r) != tt.edits {
				t.Errorf("kinds %q, links %q; want %q, %q (%v)", got, linkEdits(r), tt.want, tt.edits, r.Edits)
			}
		})
	}
}

// A paragraph or sentence that stands elsewhere takes its links along.
func TestLinksOfWhatMoved(t *testing.T) {
	const port = "The port was closed on Monday because of a storm that the [harbour office](https://a.example/x) had not foreseen at all."
	moved := port + "|" + strings.Join(filler, "|")
	stands := strings.Join(filler, "|") + "|" + port
	if r := compareLinks(moved, stands); join(r.Kinds) != "paragraph-moved" {
		t.Errorf("kinds %v, %v", r.Kinds, r.Edits)
	}
	elsewhere := strings.ReplaceAll(stands, "a.example/x", "b.example/y")
	if r := compareLinks(moved, elsewhere); join(r.Kinds) != "paragraph-moved link" {
		t.Errorf("kinds %v, %v", r.Kinds, r.Edits)
	}
	const first = "The sea wall is to be raised by half a metre before the winter, when the tides are at their highest and the boats stay in port."
	const second = "Nobody has said yet what a new crane would cost the town, or who would pay for the men to work it at night and on Sundays."
	const short = "The fees are in the [harbour records](https://a.example/x) of last year."
	sentence := first + " " + short + "|" + second
	within := first + "|" + second + " " + strings.ReplaceAll(short, "a.example/x", "b.example/y")
	if r := compareLinks(sentence, strings.ReplaceAll(within, "b.example/y", "a.example/x")); join(r.Kinds) != "paragraph-moved" {
		t.Errorf("kinds %v, %v", r.Kinds, r.Edits)
	}
	if r := compareLinks(sentence, within); join(r.Kinds) != "paragraph-moved link" {
		t.Errorf("kinds %v, %v", r.Kinds, r.Edits)
	}
}

// What a page makes anew at each look is no other target; what tells one page
// from another is.
func TestTargets(t *testing.T) {
	tests := []struct {
		name, a, b string
		same       bool
	}{
		{"scheme", "http://a.example/x", "https://a.example/x", true},
		{"www", "https://www.a.example/x", "https://a.example/x", true},
		{"final slash", "https://a.example/x", "https://a.example/x/", true},
		{"order of parameters", "https://a.example/?b=2&a=1", "https://a.example/?a=1&b=2", true},
		{"port of the scheme", "https://a.example:443/x", "https://a.example/x", true},
		{"another port", "https://a.example:8443/x", "https://a.example/x", false},
		{"another host", "https://a.example/x", "https://b.example/x", false},
		{"another path", "https://a.example/x", "https://a.example/y", false},
		{"another id", "https://a.example/?id=7", "https://a.example/?id=8", false},
		{"an id that came", "https://a.example/", "https://a.example/?id=8", false},
		{"a video", "https://v.example/watch?v=dQw4w9WgXcQ", "https://v.example/watch?v=oHg5SJYRHA0", false},
		{"a long id", "https://a.example/?id=64a7f0c2e4b0a1b2c3d4e5f6", "https://a.example/?id=64a7f0c2e4b0a1b2c3d4e5f7", false},
		{"a date", "https://a.example/?day=20260302", "https://a.example/?day=20260303", false},
		{"a file named in words", "https://a.example/?get=Harbour-Report-2026-final", "https://a.example/?get=Harbour-Report-2027-final", false},
		{"a page", "https://a.example/list?page=2", "https://a.example/list?page=3", false},
		{"a section of the page", "https://a.example/x#fees", "https://a.example/x#boats", false},
		{"campaign", "https://a.example/x?utm_source=a&id=7", "https://a.example/x?id=7&utm_source=b", true},
		{"session by name", "https://a.example/x?sid=17", "https://a.example/x?SID=18", true},
		{"session in the path", "https://a.example/x;jsessionid=17AB?id=7", "https://a.example/x;jsessionid=18AB?id=7", true},
		{"referrer", "https://a.example/x?ref=front", "https://a.example/x?ref=mail", true},
		{"time in seconds", "https://a.example/x?z=1772442000", "https://a.example/x?z=1772445600", true},
		{"time in milliseconds", "https://a.example/x?z=1772442000123", "https://a.example/x", true},
		{"hexadecimal digits", "https://a.example/x?k=9f86d081884c7d65", "https://a.example/x?k=2c26b46b68ffc68f", true},
		{"letters and digits", "https://a.example/x?k=Zk3q9XvB2mP7aLw8Rt5Y", "https://a.example/x?k=Qa8w2Ed5Rf7Tg9Yh3Uj6", true},
		{"UUID", "https://a.example/x?k=0b9f3a52-7a0b-4c57-9b0e-0c8f5f3f9d11", "https://a.example/x?k=5d2c1b7e-1f5c-4a58-8c9d-6a2f1e0b3c44", true},
		{"through a counter", "https://count.example/go?url=https%3A%2F%2Fa.example%2Fx%3Futm_id%3D1&sid=1", "https://count.example/go?url=http%3A%2F%2Fwww.a.example%2Fx&sid=2", true},
		{"through a counter elsewhere", "https://count.example/go?url=https%3A%2F%2Fa.example%2Fx", "https://count.example/go?url=https%3A%2F%2Fb.example%2Fx", false},
		{"mail", "mailto:desk@a.example", "mailto:news@a.example", false},
		{"mail in capitals", "mailto:Desk@a.example", "mailto:desk@a.example", true},
		{"no address at all", "%zz", "%zy", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before, after := linkStory("The [records]("+tt.a+") say so."), linkStory("The [records]("+tt.b+") say so.")
			r := revision.Compare(before, after)
			if r.Same() != tt.same || (revision.Key(before) == revision.Key(after)) != tt.same {
				t.Errorf("%s and %s: same is %v, want %v", tt.a, tt.b, r.Same(), tt.same)
			}
		})
	}
}

// Links alone stay minor, however many, however silent, and near the top.
func TestLinksWeighLittle(t *testing.T) {
	var before, after []string
	for i := range 40 {
		text := "The [records](https://a.example/%s%d) of the [port](https://a.example/p) say so of pier %d."
		before = append(before, fmt.Sprintf(text, "old", i, i))
		after = append(after, fmt.Sprintf(text, "new", i, i))
	}
	r := compareLinks(strings.Join(before, "|"), strings.Join(after, "|"))
	if r.Significance != 8+3 || revision.LevelOf(r.Significance) != revision.Minor || r.Disclosure != revision.Silent {
		t.Errorf("significance %d, %s: %+v", r.Significance, r.Disclosure, r.Reasons)
	}
	if r.Summary != "40 links changed" || r.WordsAdded != 0 || r.WordsRemoved != 0 {
		t.Errorf("summary %q, words -%d +%d", r.Summary, r.WordsRemoved, r.WordsAdded)
	}
	one := compareLinks("The [records](https://a.example/x) say so.", "The [records](https://b.example/y) say so.")
	const want = "The link on “records” in the first paragraph now leads to https://b.example/y; it led to https://a.example/x."
	if one.Reasons[0].Text != want || one.Reasons[0].Points != 8 || one.Summary != "link on “records” changed" {
		t.Errorf("reasons %+v, summary %q", one.Reasons, one.Summary)
	}
	if got := markedSpans(one.Excerpt); got != "records [-<https://a.example/x>-]{+<https://b.example/y>+}" {
		t.Errorf("excerpt %q", got)
	}
}

func markedSpans(spans []worddiff.Span) string {
	var b strings.Builder
	for _, s := range spans {
		switch s.Op {
		case worddiff.Delete:
			b.WriteString("[-" + s.Text + "-]")
		case worddiff.Insert:
			b.WriteString("{+" + s.Text + "+}")
		default:
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

// The field shows every link on a line of its own, with the address alone marked
// where the words stayed.
func TestLinksField(t *testing.T) {
	r := compareLinks(
		"The [records](https://a.example/1?sid=1) of the [port](https://a.example/2) and the [town](https://a.example/3) say so.",
		"The [records](https://a.example/1?sid=2) of the [port](https://b.example/2) and the town [say](https://a.example/4) so.")
	if len(r.Fields) != 1 || r.Fields[0].Field != "links" {
		t.Fatalf("fields %+v", r.Fields)
	}
	const want = "records <https://a.example/1?sid=2>\nport <[-https://a.example/2-]{+https://b.example/2+}>\n" +
		"[-town <https://a.example/3>\n-]{+say <https://a.example/4>\n+}"
	if got := markedSpans(r.Fields[0].Spans); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if s := r.Fields[0].Spans[0]; !s.Quiet || s.Was != "records <https://a.example/1?sid=1>\n" {
		t.Errorf("the first span is %+v", s)
	}
}
