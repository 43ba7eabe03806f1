package extract_test

import (
	"strings"
	"testing"

	"storydiff/tracker/extract"
	"storydiff/tracker/extract/trial"
	"storydiff/tracker/revision"
)

func readPage(t *testing.T, page string) string {
	t.Helper()
	story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html; charset=utf-8", URL: "https://post.example/ferry"})
	if err != nil {
		return "refused: " + err.Error()
	}
	return story.Text()
}

// full is the furniture of one view of an English page.
func full(view int, hashed bool) trial.Slots {
	return trial.Furnished(view, hashed, trial.English(), trial.Furnishings()...)
}

// Links that carry a new session, campaign or time at every view, beside
// furniture that differs too, make no other content.
func TestLinksOfAViewAreNotSeen(t *testing.T) {
	at := func(d trial.Design, view int) *extract.Story {
		n := d.Story()
		n.Replace(`"/people/henrik-aas"`, []string{
			`"/people/henrik-aas"`,
			`"https://www.post.example/people/henrik-aas/?utm_source=story&amp;utm_medium=17"`,
			`"http://post.example/people/henrik-aas?sid=9f3a&amp;ts=1772442000"`,
			`"//editor:secret@post.example:443/people/henrik-aas?k=Zk3q9XvB2mP7aLw8Rt5Y"`,
		}[view])
		story, err := extract.Read(extract.Input{Body: []byte(d.Page(n, full(view, view%2 == 0))), ContentType: "text/html", URL: "https://post.example/ferry"})
		if err != nil {
			t.Fatal(err)
		}
		return story
	}
	for _, d := range trial.Designs() {
		if d.Story().Lang != "en" {
			continue
		}
		first := at(d, 0)
		if want := 1; len(first.Links()) != want && !d.Shell {
			t.Errorf("%s: links %v, want %d", d.Name, first.Links(), want)
		}
		for view := 1; view < 4; view++ {
			if story := at(d, view); revision.Key(story) != revision.Key(first) {
				t.Errorf("%s, view %d: links %v make another content than %v", d.Name, view, story.Links(), first.Links())
			}
		}
	}
}

// White space, entities and the order of attributes are how a page is written,
// not what it says.
func TestWritingOfThePageIsNotSeen(t *testing.T) {
	for _, d := range trial.Designs() {
		if d.Story().Lang != "en" {
			continue
		}
		page := d.Page(trial.Ferry(), trial.Slots{})
		// A no-break space is a character of its own, and typography.
		read := func(page string) string { return strings.ReplaceAll(readPage(t, page), "\u00a0", " ") }
		want := read(page)
		for name, rewritten := range map[string]string{
			"line breaks":   strings.ReplaceAll(page, "<p>", "\n\n\t<p>\r\n   "),
			"entities":      strings.NewReplacer("“", "&ldquo;", "—", "&#8212;", "The ferry across", "The&#32;ferry&nbsp;across").Replace(page),
			"spaces":        strings.ReplaceAll(page, " the town ", "  the \n town "),
			"comments":      strings.ReplaceAll(page, "</p>", "<!-- x --></p>"),
			"empty wrapper": strings.ReplaceAll(page, "<p>It was", "<p></p><div> </div><p>It was"),
		} {
			if d.Shell && name != "comments" {
				continue
			}
			if got := read(rewritten); got != want {
				t.Errorf("%s: %s are taken for an edit:\n%s", d.Name, name, differing(want, got))
			}
		}
	}
}
