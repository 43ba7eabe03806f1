package trial

import (
	"fmt"
	"hash/fnv"
	"strings"
)

// Slots are the places of a page where furniture stands, as HTML.
type Slots struct {
	Top, Beside, UnderHead, Between, Later, TextEnd, AfterText, Foot string
}

// A Furnishing is one sort of furniture, as a view of the page has it.
type Furnishing struct {
	Name string
	put  func(s *Slots, v view)
}

// A view is one time the page is looked at.
type view struct {
	n     int // every number is another view
	class func(string) string
	words *Words
}

// other returns the headline and first sentence of another article of the
// outlet: the k-th that stands in a view.
func (v view) other(k int) (title, line string) {
	at := v.words.Elsewhere[(v.n*2+k*5+v.n*k)%len(v.words.Elsewhere)]
	return at[0], at[1]
}

// classes gives the names of a page's boxes: the telling ones or hashed ones.
func classes(hashed bool) func(string) string {
	return func(name string) string {
		if !hashed {
			return name
		}
		h := fnv.New32a()
		h.Write([]byte(name))
		return fmt.Sprintf("css-%x", h.Sum32()&0xffffff)
	}
}

// Furnished returns the furniture of a list as one view of the page has it.
func Furnished(n int, hashed bool, words *Words, list ...Furnishing) Slots {
	var s Slots
	v := view{n, classes(hashed), words}
	for _, f := range list {
		f.put(&s, v)
	}
	return s
}

// comingAndGoing leaves out every fifth of a list, another fifth at every view.
func comingAndGoing(n int, list []Furnishing) []Furnishing {
	var there []Furnishing
	for i, f := range list {
		if (n+i)%5 != 4 {
			there = append(there, f)
		}
	}
	return there
}

// Furnishings returns all sorts of furniture, each at each place where it stands.
func Furnishings() []Furnishing {
	top := func(s *Slots) *string { return &s.Top }
	beside := func(s *Slots) *string { return &s.Beside }
	under := func(s *Slots) *string { return &s.UnderHead }
	between := func(s *Slots) *string { return &s.Between }
	end := func(s *Slots) *string { return &s.TextEnd }
	after := func(s *Slots) *string { return &s.AfterText }
	foot := func(s *Slots) *string { return &s.Foot }
	var list []Furnishing
	add := func(name string, slot func(*Slots) *string, html func(view) string) {
		list = append(list, Furnishing{name, func(s *Slots, v view) { *slot(s) += html(v) }})
	}
	add("related grid in text", between, grid)
	add("related grid at the end", end, grid)
	add("related grid after", after, grid)
	add("related grid beside", beside, grid)
	add("related grid at the foot", foot, grid)
	add("teaser card in text", between, card)
	add("teaser card at the end", end, card)
	add("teaser card after", after, card)
	add("teaser card beside", beside, card)
	add("linked card in text", between, linkedCard)
	add("linked card at the end", end, linkedCard)
	add("bare list of links in text", between, links)
	add("bare list of links at the end", end, links)
	add("bare list of links beside", beside, links)
	add("read more in text", between, readMore)
	add("read more at the end", end, readMore)
	add("bold link in text", between, boldLink)
	add("bold link at the end", end, boldLink)
	add("ad in text", between, ad)
	add("ad under the headline", under, ad)
	add("ad at the top", top, ad)
	list = append(list, Furnishing{"ad that moves", func(s *Slots, v view) {
		if v.n%2 == 0 {
			s.Between += ad(v)
		} else {
			s.Later += ad(v)
		}
	}})
	add("sponsored paragraph in text", between, sponsored)
	add("sponsored paragraph at the end", end, sponsored)
	add("counters under the headline", under, counters)
	add("counters in text", between, counters)
	add("counters at the end", end, counters)
	add("relative time under the headline", under, relative)
	add("relative time in text", between, relative)
	add("relative time at the foot", foot, relative)
	add("newsletter in text", between, newsletter)
	add("newsletter at the end", end, newsletter)
	add("newsletter after", after, newsletter)
	add("newsletter line in text", between, newsletterLine)
	add("meter at the end", end, meter)
	add("meter at the foot", foot, meter)
	add("consent at the top", top, consent)
	add("consent at the end", end, consent)
	add("consent at the foot", foot, consent)
	add("comments at the end", end, comments)
	add("comments after", after, comments)
	add("most read in text", between, mostRead)
	add("most read beside", beside, mostRead)
	add("most read after", after, mostRead)
	add("ticker at the top", top, ticker)
	add("ticker under the headline", under, ticker)
	add("up next in text", between, upNext)
	add("up next under the headline", under, upNext)
	add("share bar under the headline", under, share)
	add("share bar at the end", end, share)
	add("script state", between, state)
	return list
}

func grid(v view) string {
	html := `<div class="` + v.class("related-stories") + `"><h3>` + v.words.Related + `</h3>`
	for k := range 3 + v.n%2 {
		title, line := v.other(k)
		html += fmt.Sprintf(`<div class="%s"><a href="/s%d-%d"><h4>%s</h4></a><p>%s</p></div>`, v.class("teaser"), v.n, k, title, line)
	}
	return html + `</div>`
}

func card(v view) string {
	title, line := v.other(1)
	return fmt.Sprintf(`<div class="%s"><h3><a href="/c%d">%s</a></h3><p>%s</p></div>`, v.class("promo-card"), v.n, title, line)
}

// linkedCard is a card that is a link in whole.
func linkedCard(v view) string {
	title, line := v.other(3)
	return fmt.Sprintf(`<div class="%s"><a href="/k%d"><img src="/k%d.jpg" alt=""><span class="%s">%s</span><span>%s</span></a></div>`, v.class("story-card"), v.n, v.n, v.class("kicker"), title, line)
}

func links(v view) string {
	html := "<ul>"
	for k := range 3 {
		title, _ := v.other(k)
		html += fmt.Sprintf(`<li><a href="/l%d-%d">%s</a></li>`, v.n, k, title)
	}
	return html + "</ul>"
}

func readMore(v view) string {
	title, _ := v.other(2)
	return fmt.Sprintf(`<p>%s: <a href="/m%d">%s</a></p>`, v.words.ReadMore, v.n, title)
}

func boldLink(v view) string {
	title, _ := v.other(4)
	return fmt.Sprintf(`<p><strong><a href="/b%d">%s</a></strong></p>`, v.n, title)
}

func ad(v view) string {
	return fmt.Sprintf(`<div class="%s" id="%s"><span>%s</span><script>slot(%d)</script></div>`, v.class("ad-slot"), v.class(fmt.Sprint("ad-", v.n)), v.words.Ad, v.n*7919)
}

func sponsored(v view) string {
	return `<p>` + v.words.Sponsored + `: ` + v.words.Pitches[v.n%len(v.words.Pitches)] + `</p>`
}

func counters(v view) string {
	return fmt.Sprintf(`<div class="%s">%s</div><p>%s</p><div>%s</div>`, v.class("live-count"),
		fmt.Sprintf(v.words.Reading, 12+v.n*31), fmt.Sprintf(v.words.Shares, 204+v.n*17), fmt.Sprintf(v.words.CommentCount, 3+v.n))
}

func relative(v view) string {
	return fmt.Sprintf(`<p>%s</p><div class="%s"><time datetime="2026-03-03T09:30:00Z">%s</time></div>`,
		fmt.Sprintf(v.words.Updated, 5+v.n*3), v.class("timestamp"), fmt.Sprintf(v.words.Ago, 6+v.n))
}

func newsletter(v view) string {
	return `<div class="` + v.class("newsletter-signup") + `"><h3>` + v.words.Newsletter + `</h3><p>` + v.words.NewsletterLines[v.n%len(v.words.NewsletterLines)] +
		`</p><form><input type="email"><button>` + v.words.SignUp + `</button></form></div>`
}

func newsletterLine(v view) string {
	return fmt.Sprintf(`<p><em><a href="/newsletter?from=%d">%s</a></em></p>`, v.n, v.words.SignUpLines[v.n%len(v.words.SignUpLines)])
}

func meter(v view) string {
	return fmt.Sprintf(`<div class="%s"><p>%s</p><p><a href="/subscribe">%s</a></p></div>`, v.class("metering-box"), fmt.Sprintf(v.words.Meter, 2+v.n%4), v.words.Subscribe)
}

func consent(v view) string {
	return fmt.Sprintf(`<div class="%s"><p>%s</p><button>%s</button></div>`, v.class("cookie-consent"), fmt.Sprintf(v.words.Consent, 700+v.n), v.words.Accept)
}

func comments(v view) string {
	html := fmt.Sprintf(`<div class="%s"><h3>%s (%d)</h3>`, v.class("comments"), v.words.Comments, 2+v.n)
	for k := range 2 + v.n%3 {
		_, line := v.other(k)
		html += fmt.Sprintf(`<div><b>reader%d</b><p>%s %s</p></div>`, v.n*3+k, line, v.words.Remark)
	}
	return html + `</div>`
}

func mostRead(v view) string {
	v.n++
	return `<div class="` + v.class("most-read") + `"><h3>` + v.words.MostRead + `</h3>` + strings.ReplaceAll(links(v), "ul>", "ol>") + `</div>`
}

func ticker(v view) string {
	title, _ := v.other(0)
	return `<div class="` + v.class("ticker") + `"><a href="/t">` + title + `</a></div>`
}

func upNext(v view) string {
	title, _ := v.other(3)
	return fmt.Sprintf(`<div class="%s"><h4>%s</h4><a href="/v"><span>%s</span></a><span>01:%d</span></div>`, v.class("video-player"), v.words.UpNext, title, 10+v.n)
}

func share(v view) string {
	return fmt.Sprintf(`<div class="%s"><ul><li><a href="https://social.example/share?t=%d">%s %d</a></li><li><a href="mailto:?subject=x">E-mail</a></li><li><a href="#comments">%s</a></li></ul></div>`,
		v.class("share-bar"), v.n, v.words.Share, 20+v.n, fmt.Sprintf(v.words.CommentCount, 3+v.n))
}

func state(v view) string {
	return fmt.Sprintf(`<script nonce="n%d">window.state={"id":%d}</script><style>.a%d{}</style><!-- %d -->`, v.n*31, v.n*97, v.n, v.n)
}
