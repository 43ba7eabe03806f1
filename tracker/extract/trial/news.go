package trial

import "strings"

// A News is what the designs lay out as a page. All of it, the outlet included,
// is made up.
type News struct {
	Lang, Outlet          string
	Headline, SEOHeadline string // as a reader sees it, and as the rest of the page has it
	Standfirst            string
	By                    string // what stands before the byline, with its space
	Byline, LDByline      string // as a reader sees it, and in the JSON-LD
	Day                   string // of publication, as a reader sees it
	Published, Modified   string
	Items                 []string // the text, as HTML in the house's plainest form
	TopNote, EndNote      string   // HTML within the text
	AfterNote             string   // HTML after the text, within the article
	Description           string
	Words                 *Words
	Changes               *Changes
}

// Changes are the edits that need words of the story's language. All stories
// have the same seventeen items, see [Ferry].
type Changes struct {
	Swaps                      []Swap
	First, Middle, Last, Short string // paragraphs to be added, as HTML
	Note, NoteHead, NoteRest   string // a correction in a sentence; and one under a heading of its own
	Headline, SEOHeadline      string
	Standfirst, Byline         string
}

// A Swap changes some words of a story for others.
type Swap struct {
	Name          string
	Before, After string
	Markup        bool // it is seen in a page of elements alone
}

// Where the items of every story stand.
const (
	shortItem      = 3
	subheadingItem = 4
	linkItem       = 5
	figureItem     = 6
	middleItem     = 7
	quoteItem      = 8
)

// Replace changes words in the text, and panics where they are not there.
func (n *News) Replace(before, after string) {
	for i, item := range n.Items {
		if strings.Contains(item, before) {
			n.Items = append([]string(nil), n.Items...)
			n.Items[i] = strings.Replace(item, before, after, 1)
			return
		}
	}
	panic("no " + before + " in the text")
}

// Insert puts an item before the one with number at.
func (n *News) Insert(at int, item string) {
	n.Items = append(append(append([]string(nil), n.Items[:at]...), item), n.Items[at:]...)
}

// Remove takes an item away.
func (n *News) Remove(at int) {
	n.Items = append(append([]string(nil), n.Items[:at]...), n.Items[at+1:]...)
}

// Ferry is the story in English: seventeen items, with every element that an
// article has.
func Ferry() News {
	return News{
		Lang: "en", Outlet: "The Rivermouth Post", By: "By ", Day: "3 March 2026",
		Headline:    "Rivermouth ferry to return after nine years ashore",
		SEOHeadline: "Rivermouth ferry to return after nine years ashore",
		Standfirst:  "The council will pay for two boats and a pier, and hopes that commuters follow.",
		Byline:      "Lena Okafor", LDByline: "Lena Okafor",
		Published: "2026-03-03T07:00:00Z", Modified: "2026-03-03T09:30:00Z",
		Description: "Two boats and a pier are to bring the ferry back to Rivermouth.",
		Words:       English(), Changes: ferryChanges(),
		Items: []string{
			`<p>RIVERMOUTH, March 3 — The ferry across the lower Rivermouth will sail again from June, nine years after the last boat was sold, the harbour board said on Tuesday.</p>`,
			`<p>Two second-hand boats, each carrying 140 passengers, will cost the town 4.2 million crowns, and a new pier at Saltgate a further 1.1 million.</p>`,
			`<p>“We have waited long enough for this,” said Marta Lindqvist, who chairs the board. “The bridge is full by seven in the morning.”</p>`,
			`<p>It was not a simple vote.</p>`,
			`<h2>A vote that ran late</h2>`,
			`<p>Members did not agree on the fare until shortly before midnight, when a motion by <a href="/people/henrik-aas">Henrik Aas</a> for a flat price of three crowns passed by 9 votes to 8.</p>`,
			`<figure><img src="/pier.jpg"><figcaption>The pier at Saltgate in 1987, with the Astrid II alongside. Photograph: Town Archive</figcaption></figure>`,
			`<p>Opponents said that the money would be better spent on the buses, which carry 11,000 people a day and are often cancelled in winter.</p>`,
			`<blockquote><p>Nobody has ever swum to work, but some of us have thought about it.</p></blockquote>`,
			`<p><strong>What it means for commuters</strong></p>`,
			`<p>The first boat is to leave Northbank at 5.40 and the last at 23.10, with a sailing every twenty minutes in between:</p>`,
			`<ul><li>Northbank to Saltgate in 12 minutes</li><li>Saltgate to the Mills in 9</li><li>No boats on Sundays</li></ul>`,
			`<table><tr><th>Stop</th><th>Passengers in 2016</th></tr><tr><td>Northbank</td><td>1,830</td></tr><tr><td>Saltgate</td><td>2,214</td></tr></table>`,
			`<blockquote class="twitter-tweet"><p>The harbour lights will be on again in June. We kept the keys.</p>— Rivermouth Harbour (@harbour)</blockquote>`,
			`<div class="caption">A model of the new boat, shown at the town hall. Credit: Ilse Brandt</div>`,
			`<div class="key-points"><h3>The plan in short</h3><ul><li>Two boats from June</li><li>Three crowns a trip</li></ul></div>`,
			`<p>Work on the pier starts in April, if the ice allows, and the board will report to the council every month until the boats sail.</p>`,
		},
	}
}

func ferryChanges() *Changes {
	return &Changes{
		Swaps: []Swap{
			{"number", "140 passengers", "150 passengers", false},
			{"digit group", "11,000", "12,000", false},
			{"name", "Marta Lindqvist", "Marta Lindgren", false},
			{"quotation", "long enough", "far too long", false},
			{"negation", "did not agree", "did agree", false},
			{"typo", "shortly", "shortyl", false},
			{"capital", "harbour board said", "Harbour Board said", false},
			{"punctuation mark", "cancelled in winter.", "cancelled in winter!", false},
			{"caption", "in 1987", "in 1978", true},
			{"photo credit", "Photograph: Town Archive", "Photograph: Olav Dahl", true},
			{"caption in div", "A model of the new boat", "A drawing of the new boat", true},
			{"blockquote", "ever swum to work", "yet swum to work", false},
			{"embedded post", "We kept the keys", "We lost the keys", false},
			{"subheading", "ran late", "ran very late", false},
			{"bold subheading", "What it means for commuters", "What it means for shops", false},
			{"list item", "in 12 minutes", "in 14 minutes", false},
			{"short list item", "to the Mills in 9", "to the Mills in 8", false},
			{"list item removed", "<li>No boats on Sundays</li>", "", false},
			{"table cell", "1,830", "1,380", true},
			{"key point", "Three crowns a trip", "Four crowns a trip", false},
			{"key point removed", "<li>Two boats from June</li>", "", false},
			{"link text", "Henrik Aas</a>", "Henrik Aasen</a>", false},
			{"link elsewhere", `href="/people/henrik-aas"`, `href="https://tourism.example/"`, true},
			{"link removed", `<a href="/people/henrik-aas">Henrik Aas</a>`, "Henrik Aas", true},
		},
		First:       `<p>The boats are coming back, and this time the town has put money aside for them.</p>`,
		Middle:      `<p>Mr Aas, a former captain, said afterwards that he had slept badly for a week before the vote.</p>`,
		Last:        `<p>The next meeting of the board is on 7 April, and it is open to anyone who cares to come.</p>`,
		Short:       `<p>He won.</p>`,
		Note:        `This article was amended on 3 March to say that the boats carry 140 passengers, not 104.`,
		NoteHead:    `Correction`,
		NoteRest:    `The boats carry 140 passengers, not 104 as we had it before.`,
		Headline:    "Boats to sail again: town backs ferry by one vote",
		SEOHeadline: "Rivermouth ferry to return after eight years ashore",
		Standfirst:  "The council will pay for three boats and a pier, and hopes that commuters follow.",
		Byline:      "Lena Okafor and Piet Vos",
	}
}
