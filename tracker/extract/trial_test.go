package extract_test

import (
	"fmt"
	"strings"
	"testing"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

// An edit is what an editor does to a story.
type edit struct {
	name  string
	html  bool // it needs a page of elements to be seen
	apply func(*news)
}

func edits() []edit {
	swap := func(before, after string) func(*news) {
		return func(n *news) { n.replace(before, after) }
	}
	list := []edit{
		{"number", false, swap("140 passengers", "150 passengers")},
		{"digit group", false, swap("11,000", "12,000")},
		{"name", false, swap("Marta Lindqvist", "Marta Lindgren")},
		{"quotation", false, swap("long enough", "far too long")},
		{"negation", false, swap("did not agree", "did agree")},
		{"typo", false, swap("shortly", "shortyl")},
		{"capital", false, swap("harbour board said", "Harbour Board said")},
		{"punctuation", false, swap("cancelled in winter.", "cancelled in winter!")},
		{"first paragraph added", false, func(n *news) {
			n.insert(0, `<p>The boats are coming back, and this time the town has put money aside for them.</p>`)
		}},
		{"middle paragraph added", false, func(n *news) {
			n.insert(7, `<p>Mr Aas, a former captain, said afterwards that he had slept badly for a week before the vote.</p>`)
		}},
		{"last paragraph added", false, func(n *news) {
			n.insert(len(n.items), `<p>The next meeting of the board is on 7 April, and it is open to anyone who cares to come.</p>`)
		}},
		{"very short paragraph added", false, func(n *news) { n.insert(8, `<p>He won.</p>`) }},
		{"very short paragraph added last", false, func(n *news) { n.insert(len(n.items), `<p>He won.</p>`) }},
		{"first paragraph removed", false, func(n *news) { n.remove(0) }},
		{"middle paragraph removed", false, func(n *news) { n.remove(7) }},
		{"last paragraph removed", false, func(n *news) { n.remove(len(n.items) - 1) }},
		{"very short paragraph removed", false, func(n *news) { n.remove(3) }},
		{"paragraph moved", false, func(n *news) {
			moved := n.items[7]
			n.remove(7)
			n.insert(1, moved)
		}},
		{"caption", true, swap("in 1987", "in 1978")},
		{"photo credit", true, swap("Photograph: Town Archive", "Photograph: Olav Dahl")},
		{"caption removed", true, func(n *news) { n.remove(6) }},
		{"caption in div", true, swap("A model of the new boat", "A drawing of the new boat")},
		{"blockquote", false, swap("ever swum to work", "yet swum to work")},
		{"blockquote removed", false, func(n *news) { n.remove(8) }},
		{"embedded post", false, swap("We kept the keys", "We lost the keys")},
		{"subheading", false, swap("ran late", "ran very late")},
		{"subheading removed", false, func(n *news) { n.remove(4) }},
		{"bold subheading", false, swap("What it means for commuters", "What it means for shops")},
		{"list item", false, swap("in 12 minutes", "in 14 minutes")},
		{"short list item", false, swap("to the Mills in 9", "to the Mills in 8")},
		{"list item removed", false, swap("<li>No boats on Sundays</li>", "")},
		{"table cell", true, swap("1,830", "1,380")},
		{"key point", false, swap("Three crowns a trip", "Four crowns a trip")},
		{"key point removed", false, swap("<li>Two boats from June</li>", "")},
		{"standfirst", true, func(n *news) { n.standfirst = strings.Replace(n.standfirst, "two boats", "three boats", 1) }},
		{"link text", false, swap("Henrik Aas</a>", "Henrik Aasen</a>")},
		{"link elsewhere", true, swap(`href="/people/henrik-aas"`, `href="https://tourism.example/"`)},
		{"link removed", true, swap(`<a href="/people/henrik-aas">Henrik Aas</a>`, "Henrik Aas")},
		{"headline everywhere", false, func(n *news) {
			n.headline = "Rivermouth ferry to return after eight years ashore"
			n.seoHeadline = n.headline
		}},
		{"headline in h1 alone", true, func(n *news) { n.headline = "Boats to sail again: town backs ferry by one vote" }},
		{"byline", false, func(n *news) { n.byline, n.ldByline = "Lena Okafor and Piet Vos", "Lena Okafor and Piet Vos" }},
		{"visible byline alone", true, func(n *news) { n.byline = "Lena Okafor and Piet Vos" }},
	}
	return append(list, noteEdits()...)
}

// noteEdits add a correction at the top, at the end and after the text, in every
// element that outlets put one in.
func noteEdits() []edit {
	const said = `This article was amended on 3 March to say that the boats carry 140 passengers, not 104.`
	var list []edit
	for _, form := range []struct{ name, before, after string }{
		{"p", "<p>", "</p>"},
		{"p em", "<p><em>", "</em></p>"},
		{"em", "<em>", "</em>"},
		{"div", "<div>", "</div>"},
		{"aside", "<aside>", "</aside>"},
		{"section", "<section><h3>Correction</h3><p>", "</p></section>"},
		{"footer", "<footer><p>", "</p></footer>"},
	} {
		words := said
		if form.name == "section" {
			words = `The boats carry 140 passengers, not 104 as we had it before.`
		}
		html := form.before + words + form.after
		list = append(list,
			edit{"note at the top in " + form.name, false, func(n *news) { n.topNote = html }},
			edit{"note at the end in " + form.name, false, func(n *news) { n.endNote = html }},
			edit{"note after the text in " + form.name, false, func(n *news) { n.afterNote = html }},
		)
	}
	return list
}

// Other articles of the same outlet, for furniture to point at.
var elsewhere = [][2]string{
	{"Mills bridge closed for third weekend", "Drivers were sent round by Eastholm again on Saturday as engineers looked at a crack in the deck."},
	{"School roof repairs to cost double", "The roof of the Northbank school needs more than a new coat, the surveyor has found."},
	{"Salt works finds a buyer at last", "A family firm from the coast has agreed to take over the works and its forty staff."},
	{"Town band wins regional cup", "The band came first among nineteen in the spring competition, its first cup since 1994."},
	{"Otters return to the upper river", "A night camera has caught a pair of otters and two cubs below the weir at Holm."},
	{"Rent cap goes to the vote in May", "Tenants and owners have until the end of April to comment on the draft."},
}

func other(view, k int) (title, line string) {
	at := elsewhere[(view*2+k*5+view*k)%len(elsewhere)]
	return at[0], at[1]
}

// A furnishing is one sort of furniture, as it stands in the page at a view; at
// every fifth it is not there.
type furnishing struct {
	name string
	slot func(*slots) *string
	html func(view int, class func(string) string) string
}

func furnishings() []furnishing {
	top := func(s *slots) *string { return &s.top }
	under := func(s *slots) *string { return &s.underHead }
	between := func(s *slots) *string { return &s.between }
	end := func(s *slots) *string { return &s.textEnd }
	after := func(s *slots) *string { return &s.afterText }
	foot := func(s *slots) *string { return &s.foot }
	grid := func(view int, class func(string) string) string {
		html := `<div class="` + class("related-stories") + `"><h3>Related stories</h3>`
		for k := range 3 + view%2 {
			title, line := other(view, k)
			html += `<div class="` + class("teaser") + `"><a href="/s` + fmt.Sprint(view, k) + `"><h4>` + title + `</h4></a><p>` + line + `</p></div>`
		}
		return html + `</div>`
	}
	card := func(view int, class func(string) string) string {
		title, line := other(view, 1)
		return `<div class="` + class("promo-card") + `"><h3><a href="/c` + fmt.Sprint(view) + `">` + title + `</a></h3><p>` + line + `</p></div>`
	}
	links := func(view int, _ func(string) string) string {
		html := "<ul>"
		for k := range 3 {
			title, _ := other(view, k)
			html += `<li><a href="/l` + fmt.Sprint(view, k) + `">` + title + `</a></li>`
		}
		return html + "</ul>"
	}
	more := func(view int, _ func(string) string) string {
		title, _ := other(view, 2)
		return `<p>Read more: <a href="/m` + fmt.Sprint(view) + `">` + title + `</a></p>`
	}
	ad := func(view int, class func(string) string) string {
		return fmt.Sprintf(`<div class="%s" id="%s"><span>Advertisement</span><script>slot(%d)</script></div>`, class("ad-slot"), class(fmt.Sprint("ad-", view)), view*7919)
	}
	sponsored := func(view int, _ func(string) string) string {
		return `<p>Sponsored: ` + []string{"Sleep well on a Halden mattress this spring.", "Fly to the islands from 49 crowns.", "Lindholm Bank: a loan that thinks ahead."}[view%3] + `</p>`
	}
	counter := func(view int, class func(string) string) string {
		return fmt.Sprintf(`<div class="%s">%d people are reading this</div><p>1,%03d shares</p><div>%d comments</div>`, class("live-count"), 12+view*31, 204+view*17, 3+view)
	}
	relative := func(view int, class func(string) string) string {
		return fmt.Sprintf(`<p>Updated %d minutes ago</p><div class="%s"><time datetime="2026-03-03T09:30:00Z">%d min ago</time></div>`, 5+view*3, class("timestamp"), 6+view)
	}
	newsletter := func(view int, class func(string) string) string {
		return `<div class="` + class("newsletter-signup") + `"><h3>Get our newsletter</h3><p>` + []string{"The day's news in your inbox every morning.", "Five stories before breakfast, free."}[view%2] + `</p><form><input type="email"><button>Sign up</button></form></div>`
	}
	meter := func(view int, class func(string) string) string {
		return fmt.Sprintf(`<div class="%s"><p>You have %d free articles left this month.</p><p><a href="/subscribe">Subscribe</a></p></div>`, class("metering-box"), 1+view%4)
	}
	consent := func(view int, class func(string) string) string {
		return fmt.Sprintf(`<div class="%s"><p>We and our %d partners use cookies to give you personalised ads.</p><button>Accept all</button></div>`, class("cookie-consent"), 700+view)
	}
	comments := func(view int, class func(string) string) string {
		html := fmt.Sprintf(`<div class="%s"><h3>Comments (%d)</h3>`, class("comments"), 2+view)
		for k := range 2 + view%3 {
			_, line := other(view, k)
			html += `<div><b>reader` + fmt.Sprint(view*3+k) + `</b><p>` + line + ` I have said so all along.</p></div>`
		}
		return html + `</div>`
	}
	most := func(view int, class func(string) string) string {
		return `<div class="` + class("most-read") + `"><h3>Most read</h3>` + strings.ReplaceAll(links(view+1, nil), "ul>", "ol>") + `</div>`
	}
	ticker := func(view int, class func(string) string) string {
		title, _ := other(view, 0)
		return `<div class="` + class("ticker") + `"><a href="/t">` + title + `</a></div>`
	}
	video := func(view int, class func(string) string) string {
		title, _ := other(view, 3)
		return `<div class="` + class("video-player") + `"><h4>Up next</h4><a href="/v"><span>` + title + `</span></a><span>01:` + fmt.Sprint(10+view) + `</span></div>`
	}
	nonce := func(view int, _ func(string) string) string {
		return fmt.Sprintf(`<script nonce="n%d">window.state={"id":%d}</script><style>.a%d{}</style><!-- %d -->`, view*31, view*97, view, view)
	}
	return []furnishing{
		{"related grid in text", between, grid}, {"related grid at the end", end, grid}, {"related grid after", after, grid}, {"related grid at the foot", foot, grid},
		{"teaser card in text", between, card}, {"teaser card at the end", end, card}, {"teaser card after", after, card},
		{"bare list of links in text", between, links}, {"bare list of links at the end", end, links},
		{"read more in text", between, more}, {"read more at the end", end, more},
		{"ad in text", between, ad}, {"ad under the headline", under, ad}, {"ad at the top", top, ad},
		{"sponsored paragraph in text", between, sponsored}, {"sponsored paragraph at the end", end, sponsored},
		{"counters under the headline", under, counter}, {"counters at the end", end, counter}, {"counters in text", between, counter},
		{"relative time under the headline", under, relative}, {"relative time in text", between, relative}, {"relative time at the foot", foot, relative},
		{"newsletter in text", between, newsletter}, {"newsletter at the end", end, newsletter}, {"newsletter after", after, newsletter},
		{"meter at the end", end, meter}, {"meter at the foot", foot, meter},
		{"consent at the top", top, consent}, {"consent at the foot", foot, consent}, {"consent in text", end, consent},
		{"comments at the end", end, comments}, {"comments after", after, comments},
		{"most read after", after, most}, {"most read in text", between, most},
		{"ticker at the top", top, ticker}, {"ticker under the headline", under, ticker},
		{"up next in text", between, video}, {"up next under the headline", under, video},
		{"script state", between, nonce},
	}
}

// classes gives the names of a page's boxes: the telling ones or hashed ones.
func classes(hashed bool) func(string) string {
	return func(name string) string {
		if !hashed {
			return name
		}
		sum := 0
		for _, r := range name {
			sum = sum*31 + int(r)
		}
		return fmt.Sprintf("css-%x", sum&0xffffff)
	}
}

func furnished(view int, hashed bool, list ...furnishing) slots {
	var s slots
	for i, f := range list {
		if (view+i)%5 != 4 {
			*f.slot(&s) += f.html(view, classes(hashed))
		}
	}
	return s
}

func readPage(t *testing.T, page string) string {
	t.Helper()
	story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html; charset=utf-8", URL: "https://post.example/ferry"})
	if err != nil {
		return "refused: " + err.Error()
	}
	return story.Text()
}

// Every edit of a story changes what is read of its page, whatever the design.
func TestEveryEditIsSeen(t *testing.T) {
	for _, d := range designs() {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			// Half of the edits on a page without furniture, half on one full of it.
			pages := []slots{{}, furnished(1, d.hashed, furnishings()...)}
			before := []string{readPage(t, d.page(ferry(), pages[0])), readPage(t, d.page(ferry(), pages[1]))}
			tried, missed := 0, 0
			for i, e := range edits() {
				if d.shell && e.html {
					continue
				}
				n := ferry()
				e.apply(&n)
				tried++
				after := readPage(t, d.page(n, pages[i%2]))
				if after == before[i%2] || strings.HasPrefix(after, "refused") {
					missed++
					t.Errorf("%s is not seen", e.name)
				}
			}
			t.Logf("missed %d of %d edits", missed, tried)
		})
	}
}

// Furniture that differs at every view, comes and goes, changes nothing of what
// is read.
func TestFurnitureIsNotSeen(t *testing.T) {
	for _, d := range designs() {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			want := readPage(t, d.page(ferry(), slots{}))
			tried, wrong := 0, 0
			check := func(name string, s slots) {
				tried++
				if got := readPage(t, d.page(ferry(), s)); got != want {
					wrong++
					t.Errorf("%s is taken for an edit:\n%s", name, differing(want, got))
				}
			}
			for i, f := range furnishings() {
				check(fmt.Sprint(f.name, " at view ", i%4), furnished(i%4, d.hashed, f))
			}
			for view := range 4 {
				check(fmt.Sprint("everything at view ", view), furnished(view, d.hashed, furnishings()...))
			}
			t.Logf("false %d of %d", wrong, tried)
		})
	}
}

// Links that carry a new session, campaign or time at every view, beside
// furniture that differs too, make no other content.
func TestLinksOfAViewAreNotSeen(t *testing.T) {
	at := func(d design, view int) *extract.Story {
		n := ferry()
		n.replace(`"/people/henrik-aas"`, []string{
			`"/people/henrik-aas"`,
			`"https://www.post.example/people/henrik-aas/?utm_source=story&amp;utm_medium=17"`,
			`"http://post.example/people/henrik-aas?sid=9f3a&amp;ts=1772442000"`,
			`"//editor:secret@post.example:443/people/henrik-aas?k=Zk3q9XvB2mP7aLw8Rt5Y"`,
		}[view])
		story, err := extract.Read(extract.Input{Body: []byte(d.page(n, furnished(view, d.hashed, furnishings()...))), ContentType: "text/html", URL: "https://post.example/ferry"})
		if err != nil {
			t.Fatal(err)
		}
		return story
	}
	for _, d := range designs() {
		first := at(d, 0)
		if want := 1; len(first.Links()) != want && !d.shell {
			t.Errorf("%s: links %v, want %d", d.name, first.Links(), want)
		}
		for view := 1; view < 4; view++ {
			if story := at(d, view); revision.Key(story) != revision.Key(first) {
				t.Errorf("%s, view %d: links %v make another content than %v", d.name, view, story.Links(), first.Links())
			}
		}
	}
}

func differing(a, b string) string {
	var out strings.Builder
	for _, pair := range []struct{ sign, in, of string }{{"-", b, a}, {"+", a, b}} {
		for line := range strings.SplitSeq(pair.of, "\n") {
			if !strings.Contains("\n"+pair.in+"\n", "\n"+line+"\n") {
				fmt.Fprintln(&out, pair.sign, line)
			}
		}
	}
	return out.String()
}

// White space, entities and the order of attributes are how a page is written,
// not what it says.
func TestWritingOfThePageIsNotSeen(t *testing.T) {
	for _, d := range designs() {
		page := d.page(ferry(), slots{})
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
			if d.shell && name != "comments" {
				continue
			}
			if got := read(rewritten); got != want {
				t.Errorf("%s: %s are taken for an edit:\n%s", d.name, name, differing(want, got))
			}
		}
	}
}
