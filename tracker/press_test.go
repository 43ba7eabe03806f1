package tracker_test

import (
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"storydiff/cmd/storydiff/paper"
)

// A press prints the stories of a made-up town in designs of its own, amid
// furniture that is another at every view: all that extractors let in, with
// telling class names or hashed ones, and in two designs nothing to tell it by.
type press struct {
	mu     sync.Mutex
	hashed bool
	paths  []string
	story  map[string]*paper.Story
	views  map[string]int
	asked  map[string]int // by path, how often

	campaign string // what a box on every page says for the time being; empty: there is no box
}

// background is a paragraph that the town's reporters repeat in a quarter of
// their stories.
const background = "The town lost its ferry in the great flood of 1987, when forty people were carried to Eastbank in one night, and has argued ever since about what should take its place."

// openings are first paragraphs, which cards on the pages of other stories repeat.
func openings() []string {
	return []string{
		"A slip for two boats will be cut into the harbour wall before the spring tides, whatever the chandlers next door may think.",
		"Nobody has played under the iron roof since the winter when the cornet froze, but that is about to end.",
		"Walkers who get wet feet twice a day will soon cross dry, and pay nothing for it.",
		"Rain has kept buyers from the stalls for eleven Saturdays, and the stallholders from their beds.",
		"Bargemen who wait four hours for water can put the kettle away, engineers promise.",
		"Forty schoolchildren stood in hail on Thursday because a shelter has no sides.",
		"Swimmers want a door that shuts, a hook that holds, and somewhere to leave a towel.",
		"Pressure fell so low on Hilltop this week that a dentist had to send for buckets.",
		"Oars, ropes and one very old outboard engine have been found under a tarpaulin nobody owned.",
		"Swings that squeak from dawn have divided neighbours since Easter.",
		"The hands stopped at ten to three, and half of the town has been late ever since.",
		"Lorries are turned away because the plate under them has not moved since the drought.",
		"Salmon that used to leap the weir now queue below it, to the joy of herons.",
		"An auction of lost umbrellas paid for more concrete than anyone had expected.",
		"Two cousins who have not spoken for years turn out to own the same six metres of shore.",
		"Builders struck a cellar full of jam on Monday, all of it labelled and none of it touched.",
		"Ice in the lower lock may put off what money could not.",
		"Petitioners came with a goat, and the goat was heard first.",
		"Bathers, anglers and the rowing club have each been promised the same bank.",
		"Lamps along the mole went dark one after another while the mayor was speaking of light.",
		"The sandpit holds glass, a survey says, and has done for longer than its critics have lived.",
		"Bells rang thirteen on Sunday, which some heard as an omen and others as a joke.",
		"Scales that weigh nothing correctly are to be kept as a monument.",
		"A ladder for eels is cheaper than a lawyer, the trust has learned.",
	}
}

func newPress(n int, hashed bool) *press {
	town := paper.Town(n, 11)
	p := &press{hashed: hashed, paths: town.Paths(), story: map[string]*paper.Story{}, views: map[string]int{}, asked: map[string]int{}}
	for i, path := range p.paths {
		s, err := town.Story(path)
		if err != nil {
			panic(err)
		}
		s.Blocks[0].Text = pick(openings(), i)
		if i%4 == 1 {
			s.Insert(5, background)
		}
		p.story[path] = &s
	}
	return p
}

// edit changes a story and reports whether that made another one of it.
func (p *press) edit(path string, f func(*paper.Story)) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.story[path]
	before := fmt.Sprint(*s)
	s.Blocks = slices.Clone(s.Blocks)
	f(s)
	return fmt.Sprint(*s) != before
}

// words returns all that a reader reads of a story.
func (p *press) words(path string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.story[path].Words(), "\n")
}

// campaigns puts a box on every page.
func (p *press) campaigns(says string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.campaign = says
}

// requests returns how often pages were asked for.
func (p *press) requests() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, asked := range p.asked {
		n += asked
	}
	return n
}

func (p *press) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	page, ok := p.page(r.URL.Path)
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, page)
}

// page returns the next view of a story's page.
func (p *press) page(path string) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.story[path]
	if s == nil {
		return "", false
	}
	p.asked[path]++
	p.views[path]++
	i := slices.Index(p.paths, path)
	f := fittings{press: p, of: i, view: p.views[path] + i*3}
	return []func(*paper.Story, fittings) string{telling, plain, bare}[i%3](s, f), true
}

// class is the name of a box: itself, or a hash that tells nothing.
func (p *press) class(name string) string {
	if !p.hashed {
		return name
	}
	sum := 0
	for _, r := range name {
		sum = sum*31 + int(r)
	}
	return fmt.Sprintf("css-%x", sum&0xffffff)
}

// Fittings are the furniture of one view of the page of story number of.
type fittings struct {
	*press
	of, view int
}

// there reports whether a piece of furniture is there at this view: it is not at
// every fifth.
func (f fittings) there(piece int) bool { return (f.view+piece)%5 != 4 }

// other returns the k-th story beside this one at this view.
func (f fittings) other(k int) *paper.Story {
	n := len(f.paths)
	return f.story[f.paths[(f.of+1+(f.view*5+k*7)%(n-1))%n]]
}

func (f fittings) opening(k int) string { return esc(f.other(k).Blocks[0].Text) }

func (f fittings) div(class string, inner ...string) string {
	return `<div class="` + f.class(class) + `">` + strings.Join(inner, "") + `</div>`
}

func esc(s string) string { return html.EscapeString(s) }

func pick(list []string, i int) string { return list[i%len(list)] }

// inText is what stands between two paragraphs.
func (f fittings) inText() (out string) {
	pieces := []string{
		f.div("promo-card", `<h3><a href="/c">`+esc(f.other(0).Headline)+`</a></h3><p>`+f.opening(0)+`</p>`),
		`<p>Read more: <a href="/m">` + esc(f.other(1).Headline) + `</a></p>`,
		// Nothing tells these two from the story, but that they rotate.
		`<p>` + pick(adverts(), f.view) + `</p>`,
		f.div("b1", `<p>`+pick(adverts(), f.view+3)+`</p>`),
		f.div("quick", `<p>`+f.opening(2)+`</p>`),
		f.div("live-count", fmt.Sprintf(`%d people are reading this`, 12+f.view*31)) + fmt.Sprintf(`<p>1,%03d shares</p>`, 204+f.view*17),
		f.div("newsletter", `<h3>Get our newsletter</h3><p>`+pick([]string{"The day's news in your inbox every morning.", "Five stories before breakfast, free."}, f.view)+`</p>`),
	}
	for i, piece := range pieces {
		if f.there(i) {
			out += piece
		}
	}
	return out
}

// atEnd is what follows the text.
func (f fittings) atEnd() (out string) {
	pieces := []string{
		f.div("metering", fmt.Sprintf(`<p>You have %d free stories left this month, and the harbour webcam on top.</p>`, 1+f.view%40)),
		f.div("related", `<h3>Related stories</h3>`, f.div("teaser", `<h4><a href="/r">`+esc(f.other(3).Headline)+`</a></h4><p>`+f.opening(3)+`</p>`), f.div("teaser", `<h4>`+esc(f.other(4).Headline)+`</h4><p>`+f.opening(4)+`</p>`)),
		f.div("said", `<p>`+f.opening(5)+` I have said so all along.</p>`, `<p>`+pick(adverts(), f.view+5)+`</p>`),
		`<p>` + pick(adverts(), f.view+6) + `</p>`,
		fmt.Sprintf(`<p>Tide at the bar: %d.%d metres and falling, wind %d knots.</p>`, 1+f.view%4, f.view%10, 4+f.view%20),
	}
	for i, piece := range pieces {
		if f.there(i + 2) {
			out += piece
		}
	}
	if f.campaign != "" {
		out += f.div("campaign", "<p>"+f.campaign+"</p>")
	}
	return out
}

func adverts() []string {
	return []string{
		"Boots that like puddles are half price until Sunday at Tolliver’s, children’s sizes too.",
		"A winter berth at Saltby Boatyard costs 14 a week, tea included.",
		"Learn the accordion in eleven lessons, and stop whenever the neighbours ask.",
		"Windows cleaned from inside and out by Brightside and Daughter.",
		"There is fresh bread at five for those who are up, and toast for the rest.",
		"Dunlin buys caravans for cash on the day and asks nothing about the smell.",
		"Gull and Partners test your hearing free of charge, and will say so twice.",
		"The Quay Players present a comedy in three acts with one goat, nightly at eight.",
		"A mattress by Halden lasts as long as most marriages, and folds.",
		"Fly to the islands from 49 crowns, wind permitting.",
		"Lindholm Bank has a loan that thinks ahead so that you need not.",
	}
}

// body lays out the blocks, with furniture behind the third paragraph.
func body(s *paper.Story, f fittings) string {
	var b strings.Builder
	paragraphs, list := 0, false
	for _, block := range s.Blocks {
		if list && block.Kind != paper.Item {
			b.WriteString("</ul>")
			list = false
		}
		switch block.Kind {
		case paper.Paragraph:
			b.WriteString("<p>" + esc(block.Text) + "</p>\n")
			if paragraphs++; paragraphs == 3 {
				b.WriteString(f.inText())
			}
		case paper.Subheading:
			b.WriteString("<h2>" + esc(block.Text) + "</h2>\n")
		case paper.Quote:
			b.WriteString("<blockquote><p>" + esc(block.Text) + "</p></blockquote>\n")
		case paper.Caption:
			b.WriteString("<figure><img src=/a.jpg><figcaption>" + esc(block.Text) + " " + esc(block.Credit) + "</figcaption></figure>\n")
		case paper.Item:
			if !list {
				b.WriteString("<ul>")
				list = true
			}
			b.WriteString("<li>" + esc(block.Text) + "</li>")
		}
	}
	if list {
		b.WriteString("</ul>")
	}
	return b.String()
}

func top(s *paper.Story) string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>` + esc(s.Headline) + `</title><meta property="og:title" content="` + esc(s.Headline) +
		`"><meta property="article:published_time" content="` + s.Published.Format(time.RFC3339) + `"></head><body>`
}

// telling is a page of elements that say what they are.
func telling(s *paper.Story, f fittings) string {
	return top(s) + `<header><a href="/">The Post</a></header><main><article><header><h1>` + esc(s.Headline) + `</h1><p class="` + f.class("standfirst") + `">` + esc(s.Standfirst) +
		`</p><p class="` + f.class("byline") + `">By ` + esc(s.Byline) + `</p></header><div class="` + f.class("story") + `">` + note(s.Top) + body(s, f) + f.atEnd() + `</div>` + note(s.Foot) + `</article></main><footer>The Post</footer></body></html>`
}

// plain is a page of boxes.
func plain(s *paper.Story, f fittings) string {
	return top(s) + f.div("site", `<a href="/">The Post</a>`) + f.div("wrap", `<h1>`+esc(s.Headline)+`</h1><h2>`+esc(s.Standfirst)+`</h2><div class="`+f.class("byline")+`">By `+esc(s.Byline)+`</div>`,
		f.div("story", note(s.Top), body(s, f), note(s.Foot)), f.atEnd()) + f.div("foot", `<a href="/about">About us</a>`) + `</body></html>`
}

// bare is a page in which all stands side by side.
func bare(s *paper.Story, f fittings) string {
	return top(s) + `<div id="c"><h1>` + esc(s.Headline) + `</h1><h2>` + esc(s.Standfirst) + `</h2><p>By ` + esc(s.Byline) + `</p><div>` + note(s.Top) + body(s, f) + note(s.Foot) + f.atEnd() + `</div></div></body></html>`
}

func note(text string) string {
	if text == "" {
		return ""
	}
	return "<p><em>" + esc(text) + "</em></p>"
}
