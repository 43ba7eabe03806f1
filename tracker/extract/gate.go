package extract

import (
	"bytes"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// littleText is how many words a page may hold and still be nothing but a
// challenge, a login or an error. It is one sign; there must be another.
const littleText = 150

var (
	challengeTitle = anchored("gate.txt", "challenge", "6", `[\s.!…]*$`)
	missingTitle   = anchored("gate.txt", "missing", "6", `[\s.!…]*$`)
	loginTitle     = anchored("gate.txt", "login", "6", `[\s.!…]*$`)
	consentTitle   = anchored("gate.txt", "consent", "6", `[\s.!…]*$`)
	cookieWords    = entries("gate.txt", "cookies")
	agreeButton    = anchored("gate.txt", "agree", "4", `$`)

	// What the pages of the makers of challenges load or are called.
	challengeMark = regexp.MustCompile(`(?i)challenges\.cloudflare\.com|/cdn-cgi/challenge-platform/|cf-challenge|id="challenge-form"|captcha-delivery\.com|px-captcha|_pxAppId|awsWafCookieDomainList|\.awswaf\.com/|_Incapsula_Resource|/_sec/cp_challenge|sec-if-cpt|perimeterx\.net|geo\.captcha|h-captcha|g-recaptcha|cf-turnstile`)

	htmlRoot = regexp.MustCompile(`(?i)<html[\s>]`)
	htmlSign = regexp.MustCompile(`(?i)<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>]|article[\s>]|h1[\s>]|p[\s>]|div[\s>]|meta\s|title>|main[\s>]|section[\s>])`)
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
	kind, _, err := mime.ParseMediaType(in.ContentType)
	if err != nil {
		kind = ""
	}
	switch {
	case kind == "", kind == "application/octet-stream", kind == "application/xhtml+xml", strings.HasPrefix(kind, "text/"):
	case strings.HasSuffix(kind, "xml") && htmlRoot.Match(in.Body[:min(len(in.Body), 4096)]):
	default:
		return &Refusal{"not-html", "the page is " + clipped(kind, 80) + ", not HTML"}
	}
	sniffed, _, _ := mime.ParseMediaType(http.DetectContentType(in.Body))
	switch {
	case strings.HasPrefix(sniffed, "text/"):
	case sniffed == "application/octet-stream" && markedEncoding(in.Body) != nil:
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

// refuse tells a page that is no article by two signs together: what its title,
// its first heading, its form or its scripts say, and that it holds little text.
// One sign alone may be an article's own words.
func (p *page) refuse() *Refusal {
	if p.stated() {
		return nil
	}
	text := p.text(p.body)
	words := wordCount(text)
	titles := p.ownTitles()
	switch {
	case words < littleText && p.challenged(titles, words):
		return &Refusal{"bot-challenge", "the page is a challenge to prove that a person is asking"}
	case words < littleText && anyMatch(missingTitle, titles):
		return &Refusal{"soft-404", "the page says that there is nothing at this address"}
	case words < 2*littleText && p.password() && (anyMatch(loginTitle, titles) || words < 60):
		return &Refusal{"login", "the page asks to log in"}
	case words < 4*littleText && p.consents(text, titles):
		return &Refusal{"consent-wall", "the page asks for consent to cookies in place of the article"}
	}
	return nil
}

// stated reports whether the page says of itself that it is an article, and
// carries a text to go with it.
func (p *page) stated() bool {
	if p.ld == nil && p.meta["article:published_time"] == "" {
		return false
	}
	return p.ld != nil && wordCount(p.ld.body) > littleText || p.elements[p.container].chars > 600
}

// ownTitles returns the title, whole and without the outlet's name, and the
// first heading.
func (p *page) ownTitles() []string {
	site, _ := p.site()
	titles := []string{p.title(), withoutSite(p.title(), site)}
	for part := range strings.FieldsFuncSeq(p.title(), func(r rune) bool { return strings.ContainsRune("|–—·", r) }) {
		titles = append(titles, strings.TrimSpace(part))
	}
	heading := find(p.body, func(n *html.Node) bool {
		e := p.elements[n]
		return isHeading(n) && e != nil && !e.gone && e.chars > 0
	})
	if heading != nil {
		titles = append(titles, p.text(heading))
	}
	return titles
}

func anyMatch(phrases matcher, lines []string) bool {
	for _, line := range lines {
		if line != "" && phrases.match(clipped(line, 200)) {
			return true
		}
	}
	return false
}

func (p *page) challenged(titles []string, words int) bool {
	if anyMatch(challengeTitle, titles) {
		return true
	}
	header := canonicalHeader(p.in.Header)
	guarded := header.Get("X-Datadome") != "" || header.Get("X-Px-Block") != "" || header.Get("X-Perimeterx") != ""
	marked := challengeMark.Match(p.in.Body[:min(len(p.in.Body), 256<<10)])
	return words < 60 && (marked || guarded && !p.hasParagraph() && findTag(p.body, atom.H1) == nil)
}

func (p *page) hasParagraph() bool {
	return find(p.body, func(n *html.Node) bool {
		e := p.elements[n]
		return n.DataAtom == atom.P && e != nil && !e.gone && e.chars > 80
	}) != nil
}

func (p *page) password() bool {
	return find(p.body, func(n *html.Node) bool {
		return n.DataAtom == atom.Input && strings.EqualFold(attr(n, "type"), "password")
	}) != nil
}

// consents reports whether a page is about consent: three of its words, and
// these one in thirty of all, and a title or a button that asks for it.
func (p *page) consents(text string, titles []string) bool {
	kinds, count, lower := 0, 0, strings.ToLower(text)
	for _, word := range cookieWords {
		if found := strings.Count(lower, word); found > 0 {
			kinds++
			count += found
		}
	}
	if kinds < 3 || count*30 < wordCount(text) {
		return false
	}
	return anyMatch(consentTitle, titles) || !p.hasArticle() && find(p.body, func(n *html.Node) bool {
		if n.DataAtom == atom.Input {
			return agreeButton.match(squeeze(attr(n, "value")))
		}
		e := p.elements[n]
		return (n.DataAtom == atom.Button || n.DataAtom == atom.A) && e != nil && e.chars < 60 && agreeButton.match(p.text(n))
	}) != nil
}

// hasArticle reports whether the page marks an article that holds a paragraph.
func (p *page) hasArticle() bool {
	return find(p.body, func(n *html.Node) bool {
		e := p.elements[n]
		return e != nil && (n.DataAtom == atom.Article || bodyMark(n, e)) && e.chars > 200
	}) != nil
}
