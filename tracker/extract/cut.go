package extract

import (
	"strings"

	"golang.org/x/net/html"
)

// shortText is how many words a text may have and be the beginning of one that
// goes on behind a wall; teasers have up to two hundred.
const shortText = 200

// fewAround is how many words an offer that stands in place of an article may
// have below its heading.
const fewAround = 40

// cutShort reports whether the page by itself shows that its article is cut off
// by a paywall. The text breaks off, and there is an invitation or the word that
// it is paid for. Or there is an invitation, and the page's making says that more
// was kept back. A text that is whole is an article whatever the page says of it.
func (p *page) cutShort(s *Story, prose int) bool {
	signals := s.Signals
	switch {
	case s.Headline == "":
		return false
	case prose < fewAround && ownInvitation(s.Headline):
		return true // the offer is all that the page has
	case signals.BreaksOff:
		return signals.Invitation != "" || signals.Paid
	case signals.Invitation == "":
		return false
	case prose < 3 || onlyInvites(s.Blocks):
		return true // the headline alone
	}
	return p.fades() || p.fewerThanStated(prose) || signals.Paid && prose < shortText && (p.lockedAway() || p.keptBack(s))
}

// onlyInvites reports whether every block of a short text invites to read
// elsewhere or is the label of a button.
func onlyInvites(list []Block) bool {
	for _, block := range list[:min(len(list), 9)] {
		if block.Kind != Heading && block.Kind != Caption && !invites(block.Text, true) && !inviteLabel.match(bareTitle(block.Text)) {
			return false
		}
	}
	return len(list) < 9
}

// fades reports whether the end of the text stands in an element whose name says
// that it fades out or is cut, or such an element follows it.
func (p *page) fades() bool {
	end := p.endOfText()
	for n, levels := end, 0; n != nil && n != p.container && n != p.body && levels < 3; n, levels = n.Parent, levels+1 {
		if e := p.elements[n]; e != nil && e.named(fadingNames...) {
			return true
		}
	}
	if e := p.elements[p.container]; e != nil && e.named(fadingNames...) {
		return true
	}
	for n := end; n != nil && n != p.body; n = n.Parent {
		for c, steps := n.NextSibling, 0; c != nil && steps < 4; c, steps = c.NextSibling, steps+1 {
			if e := p.elements[c]; e != nil && e.chars < 600 && e.named(fadingNames...) {
				return true
			}
		}
		if n == p.container {
			break
		}
	}
	return false
}

// endOfText returns the element of the article's last block; nil where its text
// is not in the HTML.
func (p *page) endOfText() *html.Node {
	for i := len(p.pieces) - 1; i >= 0; i-- {
		if at := &p.pieces[i]; at.why == "" && at.zone == inText {
			return at.node
		}
	}
	return nil
}

// fewerThanStated reports whether the JSON-LD counts more than twice the words
// that are there. What counts five times as many counts characters.
func (p *page) fewerThanStated(prose int) bool {
	if p.ld == nil {
		return false
	}
	return p.ld.words > 2*prose+50 && (p.ld.words < 4*prose || prose < shortText && p.ld.words < 5000)
}

// lockedAway reports whether the part of the article that the JSON-LD says is not
// free is missing, or has next to no text.
func (p *page) lockedAway() bool {
	if p.ld == nil || !strings.HasPrefix(p.ld.locked, ".") || strings.ContainsAny(p.ld.locked, " >+~[:,") {
		return false
	}
	class, chars := strings.ToLower(p.ld.locked[1:]), 0
	p.each(p.body, func(n *html.Node, e *element) bool {
		if hasWord(attr(n, "class"), class) {
			chars += e.chars
			return false
		}
		return true
	})
	return chars < 60
}

// keptBack reports whether the invitation says that the text goes on, and stands
// in the flow of the page: what lies over it may lie over a whole text.
func (p *page) keptBack(s *Story) bool {
	if inviteSays.kinds(spoken(s.Signals.Invitation))&saysRest == 0 {
		return false
	}
	for _, box := range p.boxes(func(n *html.Node, e *element) bool { return isDialog(n) || e.named(overlayNames...) }) {
		if strings.Contains(p.text(box), s.Signals.Invitation) {
			return false
		}
	}
	return true
}
