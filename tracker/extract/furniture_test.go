package extract_test

import (
	"strings"
	"testing"

	"storydiff/tracker/extract"
)

// The last words of a story in bold stay where only furniture follows: they are
// no heading of it.
func TestLastWordsInBoldAreKept(t *testing.T) {
	for _, line := range []string{
		"Will it sail in winter? No. Will it be missed? Certainly. Safe travels!",
		"MARTA LINDQVIST IS THE HARBOUR EDITOR OF THE POST",
	} {
		for _, after := range []string{"", `<ul><li><a href="/a">Mills bridge closed</a></li><li><a href="/b">Town band wins cup</a></li></ul>`, `<aside><p>3 March in <a href="/town">Town</a></p></aside>`} {
			page := titled("Ferry returns", `<article><h1>Ferry returns</h1>`+saltgate+`<p><strong>`+line+`</strong></p>`+after+`</article>`)
			story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html"})
			if err != nil || !strings.HasSuffix(story.Body(), line+"\n") {
				t.Errorf("%q is lost before %.20q: %v", line, after, err)
			}
		}
	}
}
