package extract

import (
	"bytes"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	htmlRoot = lazily(`(?i)<html[\s>]`)
	htmlSign = lazily(`(?i)<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>]|article[\s>]|h1[\s>]|p[\s>]|div[\s>]|meta\s|title>|main[\s>]|section[\s>])`)
)

// IsHTML reports whether a file or response is an HTML page and not plain text:
// by contentType where there is one, else by the ending of name, else by what the
// first 2 KB look like.
func IsHTML(body []byte, contentType, name string) bool {
	if kind, _, err := mime.ParseMediaType(contentType); err == nil {
		return kind == "text/html" || kind == "application/xhtml+xml" || strings.HasSuffix(kind, "xml") && htmlRoot.Match(body[:min(len(body), 4096)])
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".htm", ".xhtml", ".shtml":
		return true
	case ".txt", ".text", ".md", ".markdown", ".csv", ".log", ".json":
		return false
	}
	return looksHTML(body)
}

func looksHTML(body []byte) bool {
	head := Decode(body[:min(len(body), 2048)], "")
	return strings.HasPrefix(strings.TrimSpace(head), "<") && htmlSign.MatchString(head)
}

// refuseKind refuses what is neither HTML nor text, by its header and its bytes.
func refuseKind(in Input) *Refusal {
	kind := in.ContentType
	if kind != "text/html" { // as most are
		var err error
		if kind, _, err = mime.ParseMediaType(in.ContentType); err != nil {
			kind = ""
		}
	}
	switch {
	case kind == "", kind == "application/octet-stream", kind == "application/xhtml+xml", strings.HasPrefix(kind, "text/"):
	case strings.HasSuffix(kind, "xml") && htmlRoot.Match(in.Body[:min(len(in.Body), 4096)]):
	default:
		return &Refusal{"not-html", "the page is " + clipped(kind, 80) + ", not HTML"}
	}
	sniffed, _, _ := strings.Cut(http.DetectContentType(in.Body), ";")
	switch {
	case strings.HasPrefix(sniffed, "text/"):
	case sniffed == "application/octet-stream" && wideEncoding(in.Body, in.ContentType) != nil:
	case sniffed == "application/octet-stream" && htmlSign.Match(in.Body[:min(len(in.Body), 64<<10)]):
	default:
		return &Refusal{"not-html", "the page is " + sniffed + " by its first bytes, not HTML"}
	}
	start := bytes.TrimSpace(in.Body[:min(len(in.Body), 512)])
	if bytes.HasPrefix(start, []byte("<rss")) || bytes.HasPrefix(start, []byte("<feed")) ||
		bytes.HasPrefix(start, []byte("<?xml")) && !htmlRoot.Match(in.Body[:min(len(in.Body), 4096)]) {
		return &Refusal{"not-html", "the page is XML, not HTML"}
	}
	return nil
}

// refuseHeader refuses an answer whose headers say by themselves that it is a
// challenge.
func refuseHeader(header http.Header) *Refusal {
	if strings.EqualFold(header.Get("Cf-Mitigated"), "challenge") {
		return &Refusal{"bot-challenge", "Cloudflare answered with a challenge in place of the page"}
	}
	if action := header.Get("X-Amzn-Waf-Action"); strings.EqualFold(action, "challenge") || strings.EqualFold(action, "captcha") {
		return &Refusal{"bot-challenge", "AWS WAF answered with a challenge in place of the page"}
	}
	return nil
}

// canonicalHeader returns header with the spelling of its names as http has it.
func canonicalHeader(header map[string][]string) http.Header {
	h := make(http.Header, len(header))
	for key, values := range header {
		for _, value := range values {
			h.Add(key, value)
		}
	}
	return h
}

// plenty is how many words of prose say by themselves that a page is no wall: the
// longest consent pages have about six hundred. statedPlenty is enough for a page
// that calls itself an article.
const (
	plenty       = 700
	statedPlenty = 120
)

// refuse tells a page that is no article, or only the beginning of one. It takes
// two signs: one alone may be an article's own words. Story is what was read of
// the page, which is that of the page in whole for a wall. Again is true where a
// banner was read in the article's place: the page is to be read once more.
func (p *page) refuse(s *Story) (refusal *Refusal, again bool) {
	prose := 0
	for _, block := range s.Blocks {
		if block.Kind != Heading && block.Kind != Caption {
			prose += wordCount(block.Text)
		}
	}
	states := p.states(s)
	if prose < plenty && !(states && prose >= statedPlenty) {
		g := p.guise(s, states, prose < statedPlenty)
		if w := g.wall(); w != nil {
			return &Refusal{w.reason, w.detail}, false
		}
		if g.dismiss(s) {
			return nil, true
		}
		if p.isFront(g, s) {
			return &Refusal{"no-article", "the page is a front page or a list of articles"}, false
		}
	}
	if p.cutShort(s, prose) {
		return &Refusal{"paywall", "the page shows only the beginning of the article and asks to subscribe, to pay or to log in"}, false
	}
	return nil, false
}

// states reports whether a page says of itself that it is an article.
func (p *page) states(s *Story) bool {
	switch {
	case p.ld != nil && (p.ld.headline != "" || p.ld.published != ""), p.meta["article:published_time"] != "":
		return true
	case strings.EqualFold(p.meta["og:type"], "article"):
		return true
	}
	return s.Byline != "" && !s.Published.IsZero()
}

// ownTitles returns the title, whole and in its parts, and the headings that may
// be the page's.
func (p *page) ownTitles(s *Story) []string {
	site, _ := p.site()
	titles := []string{s.Headline, p.title(), withoutSite(p.title(), site)}
	for part := range strings.FieldsFuncSeq(p.title(), func(r rune) bool { return strings.ContainsRune("|–—·", r) }) {
		titles = append(titles, strings.TrimSpace(part))
	}
	for _, tag := range []func(*html.Node) bool{func(n *html.Node) bool { return n.DataAtom == atom.H1 }, isHeading} {
		heading := find(p.body, func(n *html.Node) bool {
			e := p.elements[n]
			return tag(n) && e != nil && !e.gone && e.chars > 0
		})
		if heading != nil {
			titles = append(titles, p.text(heading))
		}
	}
	return titles
}

// sigh is what stands before the words of a wall and says nothing.
var sigh = lazily(`(?i)^(?:oops|whoops|ooops|ups|upps|hoppla|hoppsan|sorry|uh[- ]oh|oh no|oj|ojej|ops|désolée?s?|lo sentimos|ci dispiace|entschuldigung|leider)[\s!,.:–—-]+`)

// sighs are the first words of what sigh matches, those in ASCII.
var sighs = map[string]bool{
	"oops": true, "whoops": true, "ooops": true, "ups": true, "upps": true, "hoppla": true, "hoppsan": true, "sorry": true, "uh": true, "oh": true,
	"oj": true, "ojej": true, "ops": true, "lo": true, "ci": true, "entschuldigung": true, "leider": true,
}

// spelt returns the forms in which lines are looked for among phrases: as they
// are, with straight apostrophes, and without the sigh that stands before them.
func spelt(lines ...string) []string {
	var forms []string
	add := func(form string) {
		if form != "" && !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	for _, line := range lines {
		line = clipped(line, 200)
		plain := strings.ReplaceAll(line, "’", "'")
		add(line)
		add(plain)
		if key := firstKey(plain); sighs[key] || !isASCII([]byte(key)) {
			add(sigh.ReplaceAllString(plain, ""))
		}
	}
	return forms
}

// anyMatch reports whether one of the lines, [spelt], is one of the phrases.
func anyMatch(phrases matcher, spelt []string) bool { return slices.ContainsFunc(spelt, phrases.match) }
