package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	// invitationReach is how many words after the text an invitation is looked
	// for: two or three small boxes.
	invitationReach = 100

	// invitationLength is the longest an invitation may be, in bytes.
	invitationLength = 300
)

var (
	inviteSays   = said("invite.txt", "invite", "offer", "rest", "letters")
	inviteLabel  = anchored("invite.txt", "label", "1", ending)
	wallNames    = []string{"paywall", "regwall", "registrationwall", "subscriptionwall", "meter", "metered", "metering", "meterwall", "piano", "tpmodal", "poool", "premium", "premiumbox", "softwall", "hardwall", "gate", "contentgate"}
	fadingNames  = []string{"fade", "fadeout", "faded", "fading", "fadetext", "textfade", "gradient", "gradientoverlay", "truncated", "truncate", "blur", "blurred", "cropped", "cutoff", "obscured"}
	dialogRoles  = []string{"dialog", "alertdialog"}
	overlayNames = []string{"overlay", "modal", "popup", "popover", "lightbox", "dialog", "scrim", "sticky", "toast"}
)

// What a line that invites says, a key each of inviteSays.
const (
	saysInvite saidKinds = 1 << iota
	saysOffer
	saysRest    // that the text goes on
	saysLetters // of a newsletter
)

// signal fills in what the page says of its article beside the text: whether it
// is paid for, whether it breaks off, and what invites to read on.
func (p *page) signal(s *Story) {
	s.Signals.Paid = p.paid()
	last, invitation := lastWords(s.Blocks, p.slanted(s))
	s.Signals.BreaksOff = breaksOff(s.Blocks, last, fewestBroken)
	if invitation == "" {
		invitation = p.invitation(s.Signals)
	}
	if inviteSays.kinds(spoken(invitation))&(saysInvite|saysLetters) == saysInvite {
		s.Signals.BreaksOff = s.Signals.BreaksOff || breaksOff(s.Blocks, last, fewestInvited)
	}
	s.Signals.Invitation = clipped(invitation, invitationLength)
}

// paid reports whether the page says that its article is not free: by its
// JSON-LD, by microdata, or by a meta element.
func (p *page) paid() bool {
	if p.ld != nil && p.ld.paid || saysNo(p.meta["isaccessibleforfree"]) {
		return true
	}
	switch strings.ToLower(p.meta["article:content_tier"]) {
	case "locked", "metered":
		return true
	}
	return slices.ContainsFunc(p.free, func(n *html.Node) bool {
		if hasAttr(n, "content") {
			return saysNo(attr(n, "content"))
		}
		return n.FirstChild != nil && n.FirstChild.Type == html.TextNode && saysNo(n.FirstChild.Data)
	})
}

// isPaid reports whether an article of a page's JSON-LD, or a part of it, is not
// free.
func isPaid(article map[string]any) bool {
	if free, known := article["isAccessibleForFree"]; known && denies(free) {
		return true
	}
	return anyPart(article, func(part map[string]any) bool { return denies(part["isAccessibleForFree"]) })
}

// anyPart reports whether check holds for one of the parts of an article, of which
// twenty are looked at.
func anyPart(article map[string]any, check func(map[string]any) bool) bool {
	parts, ok := article["hasPart"].([]any)
	if !ok {
		parts = []any{article["hasPart"]}
	}
	for _, value := range parts[:min(len(parts), 20)] {
		if part, ok := value.(map[string]any); ok && check(part) {
			return true
		}
	}
	return false
}

func denies(value any) bool {
	switch value := value.(type) {
	case bool:
		return !value
	case string:
		return saysNo(value[strings.LastIndexAny(value, "/:#")+1:])
	case float64:
		return value == 0
	case []any:
		return len(value) > 0 && denies(value[0])
	case map[string]any:
		return denies(value["@value"])
	}
	return false
}

func saysNo(text string) bool {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "false", "no", "0":
		return true
	}
	return false
}

// lockedPart returns the selector of the part of an article that its JSON-LD says
// is not free; empty where it names none.
func lockedPart(article map[string]any) string {
	selector := ""
	anyPart(article, func(part map[string]any) bool {
		if denies(part["isAccessibleForFree"]) && selector == "" {
			selector = first(part["cssSelector"])
		}
		return selector != ""
	})
	return clipped(strings.TrimSpace(selector), 100)
}

// statedWords returns a word count of JSON-LD, a number or a text; 0 where it is
// none.
func statedWords(value any) int {
	switch value := value.(type) {
	case float64:
		if value > 0 && value < 1e6 {
			return int(value)
		}
	case string:
		return number(strings.TrimSpace(value))
	}
	return 0
}

// invitation returns the words after the text that invite to read on, or those of
// a wall that lies over the page; empty where there are none. An offer counts
// only where the text breaks off or is paid for, and a bare "Subscribe" only right
// after a text that breaks off.
func (p *page) invitation(signals Signals) string {
	offers := signals.BreaksOff || signals.Paid
	lines := p.linesBehind()
	if text := inviting(lines, offers); text != "" {
		return text
	}
	if signals.BreaksOff {
		for _, line := range lines[:min(len(lines), 4)] {
			if inviteLabel.match(bareTitle(line)) {
				return line
			}
		}
	}
	for _, box := range p.boxes(func(n *html.Node, e *element) bool { return e.named(wallNames...) || isDialog(n) }) {
		if text := inviting(p.seenLines(box), offers); text != "" {
			return text
		}
	}
	return ""
}

// boxes returns the first ten elements with little text that are called a box and
// do not hold the article; none of them stands in another.
func (p *page) boxes(called func(*html.Node, *element) bool) []*html.Node {
	var list []*html.Node
	p.each(p.body, func(n *html.Node, e *element) bool {
		if e.gone || len(list) == 10 {
			return false
		}
		if e.chars <= 20 || e.chars >= 1500 || p.holdsArticle(n) || !called(n, e) {
			return true
		}
		list = append(list, n)
		return false
	})
	return list
}

func isDialog(n *html.Node) bool {
	if n.DataAtom == atom.Dialog || attr(n, "aria-modal") == "true" {
		return true
	}
	role := attr(n, "role")
	return role == dialogRoles[0] || role == dialogRoles[1]
}

// inviting returns the first of the lines that invites, or the first two where
// they do so together; empty where none does.
func inviting(lines []string, offers bool) string {
	if kinds := inviteSays.kinds(spoken(strings.Join(lines, " "))); kinds&saysInvite == 0 && !(offers && kinds&saysOffer != 0) {
		return ""
	}
	for i, line := range lines {
		if invites(line, offers) {
			return line
		}
		if i+1 < len(lines) && wordCount(line) < 12 && wordCount(lines[i+1]) < 30 && !invites(lines[i+1], offers) && invites(line+" "+lines[i+1], offers) {
			return line + " " + lines[i+1]
		}
	}
	return ""
}

// invites reports whether a line invites to subscribe, to log in or to register so
// as to read, or makes an offer where that counts, and not to a newsletter.
func invites(line string, offers bool) bool {
	if len(line) > 600 {
		return false
	}
	return inviteSays.kinds(spoken(line)).invite(offers)
}

// invite reports whether what a line says invites, as [invites] has it.
func (k saidKinds) invite(offers bool) bool {
	return (k&saysInvite != 0 || offers && k&saysOffer != 0) && (k&saysLetters == 0 || k&saysRest != 0)
}

// linesBehind returns the lines that a reader sees right after the article's last
// block, furniture included; of an article that is not in the HTML those of the
// page.
func (p *page) linesBehind() []string {
	for i := len(p.pieces) - 1; i >= 0; i-- {
		if at := &p.pieces[i]; at.why == "" && (at.zone == inText || at.zone == underHead) {
			return p.seenAfter(at.node)
		}
	}
	return p.seenLines(p.body)
}

// A reach gathers lines until it has enough words.
type reach struct {
	page  *page
	lines []string
	line  strings.Builder
	words int
}

func (p *page) seenLines(n *html.Node) []string {
	r := &reach{page: p}
	r.children(n)
	r.flush()
	return r.lines
}

func (p *page) seenAfter(n *html.Node) []string {
	r := &reach{page: p}
	for ; n != nil && n != p.body && !r.full(); n = n.Parent {
		for c := n.NextSibling; c != nil && !r.full(); c = c.NextSibling {
			r.node(c)
		}
		if n.Parent != nil && !inline(n.Parent) {
			r.flush()
		}
	}
	r.flush()
	return r.lines
}

func (r *reach) full() bool { return r.words >= invitationReach }

func (r *reach) children(n *html.Node) {
	for c := n.FirstChild; c != nil && !r.full(); c = c.NextSibling {
		r.node(c)
	}
}

func (r *reach) node(n *html.Node) {
	if n.Type == html.TextNode {
		r.line.WriteString(clipped(n.Data, 2000))
		return
	}
	e := r.page.elements[n]
	if n.Type != html.ElementNode || e == nil || e.gone {
		return
	}
	if n.DataAtom == atom.Br || n.DataAtom == atom.Button || !inline(n) {
		r.flush()
		defer r.flush()
	}
	r.children(n)
}

func (r *reach) flush() {
	if line := squeeze(r.line.String()); line != "" {
		r.lines = append(r.lines, line)
		r.words += wordCount(line)
	}
	r.line.Reset()
}
