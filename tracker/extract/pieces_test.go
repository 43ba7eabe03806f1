package extract_test

import (
	"strings"
	"testing"
)

// teasers are three cards of one outlet as a page without telling names has them.
const teasers = `<div class="css-a1"><h3>Elsewhere on the river</h3>
<div class="css-b2"><a href="/s1"><h4>Mills bridge closed for third weekend</h4></a><p>Drivers were sent round by Eastholm again on Saturday as engineers looked at a crack in the deck.</p></div>
<div class="css-b2"><a href="/s2"><h4>School roof repairs to cost double</h4></a><p>The roof of the Northbank school needs more than a new coat, the surveyor has found.</p></div>
<div class="css-b2"><a href="/s3"><h4>Town band wins regional cup</h4></a><p>The band came first among nineteen in the spring competition, its first cup since 1994.</p></div></div>`

// inPieces is a page whose text stands in boxes that are all marked as text but
// not all of one class, with something below the first.
func inPieces(below string) string {
	box := func(class, text, more string) string {
		return `<div class="` + class + ` section"><div class="article-body-text component ` + class + `"><div class="component-content">` + text + `</div>` + more + `</div></div>`
	}
	paragraphs := func(from, to int) string { return strings.Join(longFerry()[from:to], "\n") }
	advert := `<div class="dynamicMpu section"><div></div></div>`
	return titled("Ferry returns", `<div class="body"><header><h1>Ferry returns</h1></header><article>`+box("articleBodyText version-2", paragraphs(0, 7), below)+
		box("articleBodyText", paragraphs(7, 8), "")+advert+box("articleBodyText", paragraphs(8, 10), "")+advert+box("articleBodyText", paragraphs(10, 12), "")+`</article></div>`)
}

// longFerry returns a dozen paragraphs.
func longFerry() []string {
	var list []string
	for i, line := range []string{
		"The ferry across the lower Rivermouth will sail again from June, nine years after the last boat was sold, the harbour board said.",
		"Two second-hand boats will cost the town 4.2 million crowns, and a new pier at Saltgate a further 1.1 million, paid over six years.",
		"Members did not agree on the fare until shortly before midnight, when a motion for a flat price passed by nine votes to eight.",
		"Opponents said that the money would be better spent on the buses, which carry 11,000 people a day and are cancelled in winter.",
		"The first boat is to leave Northbank at 5.40 and the last at 23.10, with a sailing every twenty minutes for most of the day.",
		"Work on the pier starts in April, if the ice allows, and the board will report to the council every month until the boats sail.",
	} {
		list = append(list, "<p>"+line+"</p>", "<p>On "+[]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}[i]+" the board will take questions, said its clerk, from anyone who comes.</p>")
	}
	return list
}

// A text cut in pieces is read whole, whatever stands below one.
func TestTextInPiecesIsWhole(t *testing.T) {
	want := readPage(t, inPieces(""))
	if lines := strings.Count(want, "the board will take questions"); lines != 6 {
		t.Errorf("%d of 6 pieces are read:\n%s", lines, want)
	}
	if got := readPage(t, inPieces(teasers)); got != want {
		t.Errorf("cards below a piece change what is read:\n%s", differing(want, got))
	}
}
