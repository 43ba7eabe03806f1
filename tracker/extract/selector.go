package extract

import (
	"errors"
	"fmt"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// The bounds of a selector. They keep the time it takes proportional to the
// page, however the page is nested.
const (
	maxSelector = 500 // bytes
	maxSteps    = 32  // elements it names, over all its alternatives
)

// A selector chooses elements of a page as CSS does: alternatives parted by
// commas, each a row of steps. Of the pseudo-classes only :not() is understood:
// what counts siblings or looks into descendants can be made to take hours.
//
// cascadia reads the steps one by one. It is not asked to follow the rows: it
// tries every ancestor for every step, which on a deep page is too many.
type selector struct {
	steps []step
	last  uint32 // steps that end an alternative, a bit each
	tag   string // of the only step; empty: there are several, or it names no tag
}

// A step is one element that a selector names, and how it hangs on the step
// before: 0 on none, or ' ', '>', '+' and '~' as in CSS.
type step struct {
	joined byte
	cascadia.Matcher
}

// parseSelector reads a selector. Its error says what to do about it.
func parseSelector(text string) (*selector, error) {
	if text == "" {
		return nil, errors.New("a CSS selector is missing, such as .story p")
	}
	if len(text) > maxSelector {
		return nil, fmt.Errorf("the selector has %d bytes, at most %d are read: write a shorter one", len(text), maxSelector)
	}
	s := &selector{}
	for _, alternative := range cutOpen(text, ",") {
		if err := s.alternative(strings.TrimSpace(alternative)); err != nil {
			return nil, err
		}
	}
	if len(s.steps) == 1 {
		s.tag = tagOf(strings.TrimSpace(text))
	}
	return s, nil
}

// tagOf returns the tag that a step begins with, in lower case; empty where it
// begins with something else, or with a name that needs to be read with care.
func tagOf(step string) string {
	end := 0
	for end < len(step) && 'a' <= lower(step[end]) && lower(step[end]) <= 'z' {
		end++
	}
	if end < len(step) && strings.IndexByte(".#[:", step[end]) < 0 {
		return ""
	}
	return strings.ToLower(step[:end])
}

// alternative adds a row of steps.
func (s *selector) alternative(text string) error {
	joined, begun := byte(0), false
	for text != "" {
		if at := openAt(text, " >+~\t"); at != 0 {
			if at < 0 {
				at = len(text)
			}
			if err := s.step(text[:at], joined); err != nil {
				return err
			}
			text, joined, begun = text[at:], ' ', true
			continue
		}
		rest := strings.TrimLeft(text, " \t")
		if rest != "" && strings.IndexByte(">+~", rest[0]) >= 0 {
			joined, rest = rest[0], strings.TrimLeft(rest[1:], " \t")
			if rest == "" || strings.IndexByte(">+~", rest[0]) >= 0 {
				return fmt.Errorf("the selector has nothing behind %q", joined)
			}
		}
		if !begun {
			return fmt.Errorf("the selector has nothing before %q", joined)
		}
		text = rest
	}
	if !begun {
		return errors.New("the selector has an empty alternative: take out the comma")
	}
	s.last |= 1 << (len(s.steps) - 1)
	return nil
}

func (s *selector) step(text string, joined byte) error {
	if len(s.steps) == maxSteps {
		return fmt.Errorf("the selector names more than %d elements: part it into several lines", maxSteps)
	}
	if err := plainStep(text, true); err != nil {
		return err
	}
	compound, err := cascadia.Parse(text)
	if err != nil {
		return fmt.Errorf("the selector %q cannot be read: %w", text, err)
	}
	s.steps = append(s.steps, step{joined, compound})
	return nil
}

// plainStep refuses what would make a step look further than at its element.
func plainStep(text string, mayNegate bool) error {
	for rest := text; ; {
		at := openAt(rest, ":")
		if at < 0 {
			return nil
		}
		rest = rest[at+1:]
		inner, found := strings.CutPrefix(rest, "not(")
		end := openAt(inner, ")")
		if !found || !mayNegate || end < 0 {
			name, _, _ := strings.Cut(rest, "(")
			return fmt.Errorf("the selector has :%s, and only :not(…) is understood: name the element by its classes and those around it", clipped(name, 40))
		}
		for _, alternative := range cutOpen(inner[:end], ",") {
			alternative = strings.TrimSpace(alternative)
			if alternative == "" || openAt(alternative, " >+~\t") >= 0 {
				return errors.New("the selector has :not(…) around more than one element: write one of them alone")
			}
			if err := plainStep(alternative, false); err != nil {
				return err
			}
		}
		rest = inner[end+1:]
	}
}

// openAt returns where the first of some characters stands that is neither
// escaped nor in quotes, brackets or parentheses; -1: nowhere.
func openAt(text, any string) int {
	depth, quote := 0, byte(0)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case depth == 0 && strings.IndexByte(any, c) >= 0:
			return i
		case c == '[' || c == '(':
			depth++
		case c == ']' || c == ')':
			depth--
		}
	}
	return -1
}

// cutOpen parts text at each such place.
func cutOpen(text, at string) []string {
	var parts []string
	for {
		i := openAt(text, at)
		if i < 0 {
			return append(parts, text)
		}
		parts, text = append(parts, text[:i]), text[i+1:]
	}
}

// each calls found for every element of doc that s chooses, in the order of the
// page, in one pass.
func (s *selector) each(doc *html.Node, found func(*html.Node)) { s.below(doc, 0, 0, found) }

// below is each for what stands in n. The steps that n fits, and those that any
// element around it fits, are given as bits.
func (s *selector) below(n *html.Node, parent, around uint32, found func(*html.Node)) {
	before, earlier := uint32(0), uint32(0)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		fits := s.fits(c, parent, around, before, earlier)
		if fits&s.last != 0 {
			found(c)
		}
		s.below(c, fits, around|fits, found)
		before, earlier = fits, earlier|fits
	}
}

// fits returns the steps that an element fits, given those that its parent, the
// elements around it, its neighbour and all siblings before it fit.
func (s *selector) fits(n *html.Node, parent, around, before, earlier uint32) uint32 {
	fits := uint32(0)
	for i := range s.steps {
		hung := uint32(1)
		if i > 0 {
			hung = 1 << (i - 1)
		}
		switch s.steps[i].joined {
		case 0:
			hung = 1
		case ' ':
			hung &= around
		case '>':
			hung &= parent
		case '+':
			hung &= before
		case '~':
			hung &= earlier
		}
		if hung != 0 && s.steps[i].Match(n) {
			fits |= 1 << i
		}
	}
	return fits
}

// any reports whether s chooses an element of doc.
func (s *selector) any(doc *html.Node) bool {
	found := false
	s.each(doc, func(*html.Node) { found = true })
	return found
}

// choosing returns which of the selectors that name a tag alone choose an element of
// doc, in one pass for all of them.
func choosing(doc *html.Node, selectors []*selector) map[*selector]bool {
	found := make(map[*selector]bool, len(selectors))
	walk(doc, func(n *html.Node) bool {
		for _, s := range selectors {
			if s.tag == n.Data && !found[s] && s.steps[0].Match(n) {
				found[s] = true
			}
		}
		return true
	})
	return found
}
