package diffview_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"storydiff/diffview"
	"storydiff/tracker/extract"
)

func explained() diffview.Explained {
	return diffview.Explained{Source: "a\x1b[31m.html", Explanation: &extract.Explanation{
		Story:   &extract.Story{Headline: "Ferry", Sources: map[string]string{"headline": "h1", "live": "json-ld"}, Signals: extract.Signals{Live: true, Paid: true, BreaksOff: true, Invitation: "Subscribe to read on."}},
		Refusal: &extract.Refusal{Reason: "paywall", Detail: "the text breaks off"},
		Fields:  []extract.Field{{Name: "headline", Text: "Ferry", Source: "h1", Others: []extract.Reading{{Source: "title", Text: "Ferry"}, {Source: "og:title", Text: "The \u202eferry"}}}, {Name: "byline"}},
		Pieces: []extract.Piece{
			{Label: "paragraph", Text: "The ferry to Eastbank will close after 31 years.", Where: "in the text", Path: "article > p"},
			{Label: "furniture", Text: strings.Repeat("渡轮 ", 200), Why: "counter", Where: "in the text", Path: "article > p"},
		},
	}}
}

// On a terminal furniture is faint and lines end within its width; nothing that a
// page says reaches it unseen.
func TestExplain(t *testing.T) {
	var b bytes.Buffer
	if err := diffview.Explain(&b, explained(), diffview.Options{Color: true, Width: 50}); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, want := range []string{
		"a⟨U+001B⟩[31m.html", ": no article: paywall:", "It is a live blog, by its json-ld.", "It says that it is not free to read.", "Subscribe to read on.", "Its text breaks off.",
		"What follows is how it would be read.", "the same: title", "og:title has: The ⟨U+202E⟩ferry", "\x1b[2mfurniture   渡轮", "…",
	} {
		if !strings.Contains(strings.Join(strings.Fields(got), " "), strings.Join(strings.Fields(want), " ")) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.Contains(got, "byline") {
		t.Errorf("a field of which there is nothing to say is told of:\n%s", got)
	}
	b.Reset()
	if err := diffview.Explain(&b, explained(), diffview.Options{Width: 50}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "\x1b") {
		t.Errorf("without colour there are codes in %q", b.String())
	}
	for line := range strings.Lines(b.String()) {
		if n := len([]rune(strings.TrimSpace(line))); n > 50 {
			t.Errorf("a line has %d columns: %q", n, line)
		}
	}
}

func TestExplainJSON(t *testing.T) {
	var b bytes.Buffer
	if err := diffview.ExplainJSON(&b, explained()); err != nil {
		t.Fatal(err)
	}
	var types []string
	for line := range strings.Lines(b.String()) {
		var row struct{ Type string }
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		types = append(types, row.Type)
	}
	if got := strings.Join(types, " "); got != "page field field field block block" {
		t.Errorf("the rows are %s", got)
	}
}
