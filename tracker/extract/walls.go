package extract

import (
	"bytes"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A wall is a kind of page that stands in place of an article.
type wall struct {
	reason, detail string
	title          matcher          // the whole of its title or heading
	mark           func(*page) mark // what it is made of
}

// wallSays is how walls speak to a visitor, a key for each of [walls].
var wallSays = said("walls.txt", "challenge", "login", "blocker", "missing", "region", "repair", "parked", "fault", "loading")

// A mark is what the making of a page says of it.
type mark int

const (
	unmarked mark = iota
	weak          // what such pages have, and others
	strong        // what they alone have
)

var personWords = wordsOf("walls.txt", "person")

// ending is what may follow a phrase that is the whole of a title.
const ending = `[\s.!?¡¿…]*$`

func titled(key string) matcher { return anchored("gate.txt", key, "6", ending) }

// The kinds of wall, in the order in which they are asked for.
const (
	challenge = iota
	login
	blocker
	missing
	region
	repair
	parked
	fault
	shell // a page that a script has to draw
	wallKinds
)

// walls are the kinds but for consent pages, which are told in a way of their own.
var walls = [wallKinds]wall{
	challenge: {"bot-challenge", "the page is a challenge to prove that a person is asking", titled("challenge"), (*page).challengeMark},
	login:     {"login", "the page asks to log in", titled("login"), (*page).loginMark},
	blocker:   {"consent-wall", "the page asks to let its advertisements through an ad blocker in place of the article", titled("blocker"), nil},
	missing:   {"soft-404", "the page says that there is nothing at this address", titled("missing"), (*page).noindexMark},
	region:    {"geo-block", "the page says that it is not shown in this country", titled("region"), nil},
	repair:    {"no-article", "the page says that the site is out of order for a while", titled("repair"), (*page).noindexMark},
	parked:    {"no-article", "the page says that there is no site yet, or that the domain is for sale", titled("parked"), (*page).parkedMark},
	fault:     {"no-article", "the page says that an error occurred", titled("fault"), nil},
	shell:     {"empty", "the page has no text until a script has drawn it", nil, (*page).shellMark},
}

const (
	// leadWords is how far into a page a wall's own words are looked for.
	leadWords = 200

	// firstLines is how many lines of a page are looked at for a wall: walls are
	// short, and what they say stands first.
	firstLines = 400

	// longLine is how many bytes of a line are looked at.
	longLine = 2000

	// fewWords is how many words beside a wall's own are none to speak of.
	fewWords = 12

	// fewBeside is how many a page may have that is called "not found" in its title: it
	// offers a search, or the front page. No article is called so.
	fewBeside = 60
)

// A guise is what a page looks like at first sight, before it is decided whether
// it is an article.
type guise struct {
	page   *page
	pieces []piece    // all that a reader sees
	titles []string   // spelt
	lead   []sentence // what follows the heading
	headed bool       // the lead begins with a heading
	sparse bool       // little was read of it
	states bool       // it says that it is an article
	talk   []piece    // the lines that speak of consent; nil where they are next to nothing
}

// A sentence is one of a page's lead.
type sentence struct {
	text   string
	words  int
	quotes bool
	says   [wallKinds]uint8 // how many phrases of each of the walls stand in it, up to 255
}

func newSentence(text string) sentence {
	s := sentence{text: text, words: wordCount(text), quotes: quotes(text)}
	book := wallSays()
	book.each(spoken(text), func(phrase int) bool {
		if of := &s.says[book.of[phrase]]; *of < math.MaxUint8 {
			*of++
		}
		return true
	})
	return s
}

func (p *page) guise(s *Story, states, sparse bool) *guise {
	g := &guise{page: p, pieces: p.everything(firstLines), titles: spelt(p.ownTitles(s)...), states: states, sparse: sparse}
	g.readLead(s)
	if g.speaksOfCookies() {
		g.talk = g.consentTalk()
	}
	return g
}

// everything returns the first lines of all that a reader sees of a page.
func (p *page) everything(most int) []piece {
	l := &liner{page: p, all: true, most: most, line: make([]byte, 0, lineRoom), pieces: make([]piece, 0, min(len(p.pieces)+4, most))}
	l.element(p.body, p.elements[p.body], place{kind: Paragraph, node: p.body})
	l.flush()
	return l.pieces[:min(len(l.pieces), most)]
}

// readLead takes the heading of the page and what follows it, up to where a list
// of other articles begins.
func (g *guise) readLead(s *Story) {
	words, links := 0, 0
	for i := g.start(s); i < len(g.pieces) && words < leadWords && links < 3; i++ {
		at := &g.pieces[i]
		if len(g.lead) > 0 && at.kind == Heading && g.headsOthers(i) {
			return
		}
		if at.density() >= 0.5 {
			links++
			continue
		}
		links = 0
		text := clipped(at.text, longLine)
		if claimsRights(text) {
			continue
		}
		if len(g.lead) == 0 {
			g.headed = at.kind == Heading
		}
		for _, part := range sentencesOf(text) {
			g.lead = append(g.lead, newSentence(part))
			words += g.lead[len(g.lead)-1].words
		}
	}
}

// claimsRights reports whether a line is that at the foot of a site which says
// whose it is: a wall has it as articles do.
func claimsRights(line string) bool {
	return strings.HasPrefix(line, "©") || len(line) < 200 && strings.HasPrefix(strings.ToLower(line), "copyright ")
}

// headsOthers reports whether a heading leads to other articles, or stands over
// links to them.
func (g *guise) headsOthers(i int) bool {
	at := &g.pieces[i]
	return at.density() >= 0.5 || isFurnitureTitle(at.text) || i+1 < len(g.pieces) && g.pieces[i+1].density() >= 0.9
}

// start returns where the page's own words begin: at the heading that is a
// wall's, or at the headline, or at the first line that is no menu.
func (g *guise) start(s *Story) int {
	first, head := -1, -1
	for i := range g.pieces {
		at := &g.pieces[i]
		if at.density() >= 0.5 {
			continue
		}
		words := wordCount(clipped(at.text, longLine))
		switch {
		case head >= 0 && words >= fewestProse && endsSentence(at.text):
			return head // what is below a headline and its text is no wall's title
		case words <= 14 && i < 80 && (at.kind == Heading || first < 0) && isWallTitle(at.text):
			if first < 0 && at.kind != Heading {
				g.titles = append(g.titles, spelt(at.text)...)
			}
			return i
		case head < 0 && s.Headline != "" && at.text == s.Headline:
			head = i
		case first < 0 && words >= 4:
			first = i
		}
	}
	if head >= 0 {
		return head
	}
	return max(first, 0)
}

func isWallTitle(line string) bool {
	forms := spelt(line)
	for i := range walls {
		if walls[i].title != nil && anyMatch(walls[i].title, forms) {
			return true
		}
	}
	return false
}

// wall returns which wall a page is; nil where it is none.
func (g *guise) wall() *wall {
	if g.isShell() {
		return &walls[shell]
	}
	for i := range walls {
		if g.speech(i).is(g.states) {
			return &walls[i]
		}
	}
	if g.consents() {
		return &wall{reason: "consent-wall", detail: "the page asks for consent to cookies in place of the article"}
	}
	return nil
}

// isShell reports whether a page says no more than that a script has to run, and
// nothing that would make it a challenge.
func (g *guise) isShell() bool {
	v := g.speech(shell)
	return !v.titled && v.is(g.states) && !anyMatch(walls[challenge].title, g.titles) && g.page.challengeMark() == unmarked
}

// A speech is how much of a page's lead is a wall's.
type speech struct {
	titled      bool
	named       bool // the page calls itself so in its title, and not in a heading alone
	mark        mark
	words, talk int // in all, and in the sentences that speak as the wall does
	phrases     int
	personal    bool // it speaks to its visitor
}

// speech returns how much of the lead is that of one of [walls].
func (g *guise) speech(kind int) speech {
	w := &walls[kind]
	v := speech{titled: w.title != nil && anyMatch(w.title, g.titles)}
	if kind == missing && v.titled {
		site, _ := g.page.site()
		v.named = anyMatch(w.title, spelt(withoutSite(g.page.title(), site), g.page.title()))
	}
	for i := range g.lead {
		at := &g.lead[i]
		v.words += at.words
		if at.quotes {
			continue
		}
		found := int(at.says[kind])
		v.phrases += found
		v.personal = v.personal || found > 0 && addresses(at.text)
		if found > 0 || v.titled && anyMatch(w.title, spelt(strings.TrimSpace(at.text))) {
			v.talk += at.words
		}
	}
	if heading := g.heading(); !v.titled && heading != nil && !heading.quotes {
		v.titled = heading.says[kind] > 0 && addresses(heading.text)
	}
	if w.mark != nil && (v.titled || v.mostly() || v.words < fewWords && g.sparse) {
		v.mark = w.mark(g.page) // looking through the source takes longer than the rest
	}
	return v
}

// addresses reports whether a sentence speaks to a visitor or of the page.
func addresses(sentence string) bool {
	for word := range strings.FieldsFuncSeq(spoken(sentence), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
		if personWords[word] || dense(firstRune(word)) {
			return true
		}
	}
	return false
}

// heading returns the heading that the lead begins with; nil where it begins with
// none.
func (g *guise) heading() *sentence {
	if g.headed && len(g.lead) > 0 && g.lead[0].words <= 16 {
		return &g.lead[0]
	}
	return nil
}

// mostly reports whether half of the lead speaks as the wall does.
func (v speech) mostly() bool { return v.talk > 0 && v.talk*2 >= v.words }

const quoteMarks = `"“”„«»「」`

// hasQuoteMark reports whether a quotation mark stands in a text.
func hasQuoteMark(text string) bool {
	return strings.Contains(text, `"`) || !isASCII([]byte(text)) && strings.ContainsAny(text, quoteMarks)
}

// quotes reports whether a sentence quotes somebody: four words or more between
// marks. Walls quote no more than what stands on a button.
func quotes(sentence string) bool {
	from := -1 // where a quotation began; -1: outside of one
	for i, r := range sentence {
		switch {
		case r < utf8.RuneSelf && r != '"' || !strings.ContainsRune(quoteMarks, r):
		case from < 0:
			from = i
		case spacedWords(sentence[from:i]) > 3:
			return true
		default:
			from = -1
		}
	}
	return from >= 0 && spacedWords(sentence[from:]) > 3
}

// spacedWords counts the words that spaces part: an address is one.
func spacedWords(s string) int { return len(strings.Fields(s)) }

// is reports whether two signs together say that a page is the wall.
func (v speech) is(states bool) bool {
	rest := v.words - v.talk
	mostly := v.mostly()
	switch {
	case states && rest >= fewWords:
		return false
	case v.titled && v.mark != unmarked:
		return mostly || rest < 40
	case v.titled:
		return mostly || rest < fewWords || v.named && !states && rest < fewBeside
	case v.mark == strong:
		return mostly || v.words < fewWords
	case v.mark == weak:
		return mostly
	}
	return v.personal && (v.phrases >= 2 || v.words < fewWords && v.phrases > 0) && v.talk*10 >= v.words*7
}

// What the pages of the makers of challenges load or are called: those that stand
// in nothing else, those that other pages of their customers load too, and the
// puzzles that stand in any form.
var (
	challengeAlone = []string{`id="challenge-form"`, `id="challenge-running"`, `_cf_chl_opt`, `cf-error-details`, `captcha-delivery.com`, `id="px-captcha"`,
		`awsWafCookieDomainList`, `gokuProps`, `window.KPSDK`, `sec-if-cpt`, `sec-cpt-if`, `/_sec/cp_challenge`, `main-iframe" src="/_Incapsula_Resource`, `distil_r_captcha`}
	challengeLoaded = []string{`challenges.cloudflare.com`, `/cdn-cgi/challenge-platform/`, `.awswaf.com/`, `_Incapsula_Resource`, `perimeterx.net`, `_pxAppId`, `/149e9513-`}
	challengeWidget = []string{`h-captcha`, `hcaptcha.com`, `g-recaptcha`, `/recaptcha/`, `cf-turnstile`}
	parkedBy        = []string{`sedoparking`, `parkingcrew`, `bodis.com`, `afternic.com`, `parklogic`, `hugedomains`, `parking-lander`, `domainparking`}
	appRoot         = lazily(`<(?:div|main|section)[^>]{0,200}\bid=["']?(?:root|app|app-root|__next|__nuxt|___gatsby|svelte|main-app|react-root)["'\s>]`)
)

// loads reports whether one of the names stands in the page's source.
func (p *page) loads(names []string) bool {
	source := p.source()
	for _, name := range names {
		if bytes.Contains(source, []byte(name)) {
			return true
		}
	}
	return false
}

func (p *page) source() []byte { return p.in.Body[:min(len(p.in.Body), 256<<10)] }

func (p *page) challengeMark() mark {
	header := canonicalHeader(p.in.Header)
	switch {
	case p.loads(challengeAlone), header.Get("X-Px-Block") != "", header.Get("X-Kpsdk-Ct") != "":
		return strong
	case p.loads(challengeLoaded), p.loads(challengeWidget):
		return weak
	}
	for _, name := range []string{"X-Datadome", "X-Perimeterx", "X-Iinfo", "Cf-Ray", "X-Akamai-Transformed"} {
		if header.Get(name) != "" {
			return weak
		}
	}
	if strings.EqualFold(header.Get("Server"), "AkamaiGHost") {
		return weak
	}
	return unmarked
}

// unseenChallenge reports whether a page without text is a challenge: it has
// hardly an element, and a script of a maker's that is no app's.
func (p *page) unseenChallenge() bool {
	if appRoot.Match(p.source()) || len(p.order) > 30 {
		return false
	}
	return p.loads(challengeAlone) || p.loads(challengeLoaded) || p.challengeMark() == strong
}

func (p *page) loginMark() mark {
	password := find(p.body, func(n *html.Node) bool {
		return n.DataAtom == atom.Input && strings.EqualFold(attr(n, "type"), "password")
	})
	if password == nil {
		return unmarked
	}
	return strong
}

// noindexMark says that a page asks not to be found, as those of an error do.
func (p *page) noindexMark() mark {
	robots := strings.ToLower(p.meta["robots"] + " " + canonicalHeader(p.in.Header).Get("X-Robots-Tag"))
	if strings.Contains(robots, "noindex") || strings.Contains(robots, "none") {
		return weak
	}
	return unmarked
}

func (p *page) parkedMark() mark {
	if p.loads(parkedBy) {
		return strong
	}
	return unmarked
}

func (p *page) shellMark() mark {
	if appRoot.Match(p.source()) {
		return weak
	}
	return unmarked
}
