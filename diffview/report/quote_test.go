package report_test

import (
	"net/http"
	"strings"
	"testing"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

func TestChangeAsText(t *testing.T) {
	h := handler(t, sample())
	for format, want := range map[string][]string{
		"text":     {"--- https://www.harnherald.example/town/new-bridge-approved@1", "major 62  number  silent", "+38  An amount changed by a sixth", "[-12-]{+14+} million", "\n\nhttp://localhost:8080/articles/1/changes/1..2\n"},
		"markdown": {"# Council approves new bridge", "- Disclosure: silent", "~~12~~ **14** million", "\n\n<http://localhost:8080/articles/1/changes/1..2>\n"},
	} {
		resp := ask(t, h, "GET", "/articles/1/changes/1..2?format="+format)
		if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("as %s = %d %v", format, resp.StatusCode, resp.Header)
		}
		body := read(t, resp)
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("as %s lacks %q:\n%s", format, w, body)
			}
		}
	}
	if status, _ := get(t, h, "/articles/1/changes/1..2?format=pdf"); status != http.StatusBadRequest {
		t.Errorf("as pdf = %d, want 400", status)
	}
}

// Each kind has its evidence, which leads to where it stands; a note that
// discloses the change is named where it stands.
func TestChangeShowsItsEvidence(t *testing.T) {
	src := newFake()
	id := src.add("https://news.example/1", "news.example")
	src.see(id, clock(0, 8, 0), story("Bridge", "caption: The old bridge.", "The first paragraph stays as it is for now.", "The bridge will cost 12 million."))
	const note = "Correction: an earlier version gave the cost as 12 million. It is 14 million."
	src.see(id, clock(0, 9, 0), story("Bridge", "caption: The old bridge, closed.", "The first paragraph stays as it is for now.", "The bridge will cost 14 million.", "note: "+note))
	src.changed(id, tracker.Change{Kinds: []revision.Kind{revision.Number, revision.Correction}, Disclosure: revision.Noted, Proof: note, Significance: 40})
	_, body := get(t, handler(t, src), "/articles/1/changes/1..2")
	for _, want := range []string{
		`<dt>number</dt>`, `<del>12 million</del> <ins>14 million</ins></span> <a href="#b3">paragraph 2</a>`,
		`id="b3"`, `<a class="place" href="#b3" aria-label="2, link to this change">2</a>`,
		`<blockquote class="proof" dir="auto"><mark>` + note, `<a href="#b4">The note where it stands</a>`,
		`<section class="block added note proves" id="b4">`,
		`A changed caption stands here, shown <a href="#b1">above</a>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if above, text := strings.Index(body, `id="b4"`), strings.Index(body, `id="b3"`); above < 0 || above > text {
		t.Error("the note does not stand above the text")
	}
	if strings.Contains(body, "<dt>correction</dt>") {
		t.Error("the note is shown as evidence, right below itself")
	}
	if t.Failed() {
		t.Log(body)
	}
}

// A paragraph that moved is shown as one, not as words that went and came; points
// that a reason takes off have a true minus, and both ends of the page lead on.
func TestChangeShowsWhatMoved(t *testing.T) {
	src := newFake()
	id := src.add("https://news.example/1", "news.example")
	const (
		first  = "The first paragraph stays as it is for now, and is long."
		second = "The second paragraph is the one that moves up, with all its words."
		third  = "The third paragraph stays below, where it always has been since."
	)
	src.see(id, clock(0, 8, 0), story("Bridge", first, third, second))
	src.see(id, clock(0, 9, 0), story("Bridge", second, first, third))
	src.changed(id, tracker.Change{Kinds: []revision.Kind{revision.ParagraphMoved}, Disclosure: revision.Silent, Significance: 1,
		Reasons: []revision.Reason{{Code: "paragraph-moved", Points: 4, Text: "It moved."}, {Code: "x", Points: -3, Text: "It is nothing."}}})
	src.see(id, clock(0, 10, 0), story("Bridge", second, first))
	src.changed(id, tracker.Change{Kinds: []revision.Kind{revision.ParagraphRemoved}, Disclosure: revision.Silent})
	_, body := get(t, handler(t, src), "/articles/1/changes/1..2")
	for _, want := range []string{
		`<dt>paragraph moved</dt>`, `<ins class="moved">` + second + `</ins></span>`, `<p class="kinds">paragraph moved</p>`, "</span> Moved from paragraph 3", "<b>−3</b>",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if n := strings.Count(body, `<a href="/articles/1/changes/2..3" rel="next">Next change: version 2 to 3`); n != 2 {
		t.Errorf("%d links lead to the next change, want one above and one below", n)
	}
	if t.Failed() {
		t.Log(body)
	}
}

func TestModifiedTimeStandsWithTheFields(t *testing.T) {
	_, body := get(t, handler(t, sample()), "/articles/1/changes/3..4")
	if want := `<ins>2 March 2026, 09:10:00 UTC</ins>`; !strings.Contains(body, want) {
		t.Errorf("the page lacks %s", want)
	}
}

// The drawer has what was captured of both sides, but nothing that tells of us.
func TestDrawer(t *testing.T) {
	src := sample()
	c := src.captures[1]
	c.Header = http.Header{"Etag": {`"5f2a"`}, "Set-Cookie": {"session=topsecret; Path=/", "b=alsosecret"}, "X-Client-Ip": {"secret 192.0.2.7"}}
	for i := range 200 {
		c.Header.Add("X-Many", strings.Repeat("v", i))
	}
	src.captures[1] = c
	_, body := get(t, handler(t, src), "/articles/1/changes/1..2")
	for _, want := range []string{"What was captured when", "SHA-256 of the response", "<bdi>Etag</bdi>", "<dt><bdi>Set-Cookie</bdi></dt><dd><bdi>kept, not shown</bdi></dd>", "further lines kept, not listed."} {
		if !strings.Contains(body, want) {
			t.Errorf("the drawer lacks %s", want)
		}
	}
	if strings.Contains(body, "secret") {
		t.Error("the drawer tells of the one who asked")
	}
	delete(src.captures, 1)
	if _, body := get(t, handler(t, src), "/articles/1/changes/1..2"); !strings.Contains(body, "The response itself is no longer kept.") {
		t.Error("nothing says that the response is no longer kept")
	}
}
