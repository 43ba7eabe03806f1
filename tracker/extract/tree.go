package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// attr returns the value of an attribute, empty where there is none.
func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// walk calls visit for every element below and including n, in document order;
// where it returns false the children are passed over.
func walk(n *html.Node, visit func(*html.Node) bool) {
	if n.Type == html.ElementNode && !visit(n) {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, visit)
	}
}

// find returns the first element for which match holds; nil if there is none.
func find(n *html.Node, match func(*html.Node) bool) *html.Node {
	var found *html.Node
	walk(n, func(e *html.Node) bool {
		if found == nil && match(e) {
			found = e
		}
		return found == nil
	})
	return found
}

func findTag(n *html.Node, tag atom.Atom) *html.Node {
	return find(n, func(e *html.Node) bool { return e.DataAtom == tag })
}

// within reports whether n is outer or stands inside it.
func within(n, outer *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == outer {
			return true
		}
	}
	return false
}

// above returns the nearest ancestor of n, n included, for which match holds.
func above(n *html.Node, match func(*html.Node) bool) *html.Node {
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && match(n) {
			return n
		}
	}
	return nil
}

// common returns the nearest element that holds both a and b.
func common(a, b *html.Node) *html.Node {
	for ; a != nil; a = a.Parent {
		if within(b, a) {
			return a
		}
	}
	return nil
}

// names returns the words of an element's class and id in lower case, cut at
// anything but letters and digits and at capitals, and every two neighbours as
// one word besides: "mostRead", "most-read" and "mostread" all give "mostread".
func names(n *html.Node) []string {
	var words []string
	for i, value := range []string{attr(n, "class"), attr(n, "id")} {
		for class := range strings.FieldsSeq(clipped(value, 1000)) {
			parts := nameParts(class)
			if i == 1 && len(parts) > 4 {
				continue // an id made of a heading's words names nothing
			}
			words = append(words, parts...)
			for k := 1; k < len(parts); k++ {
				words = append(words, parts[k-1]+parts[k])
			}
		}
	}
	return words
}

func nameParts(class string) []string {
	var parts []string
	start, lower := 0, false
	cut := func(end int) {
		if start < end {
			parts = append(parts, strings.ToLower(class[start:end]))
		}
	}
	for i, r := range class {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			cut(i)
			start, lower = i+len(string(r)), false
		case unicode.IsUpper(r) && lower:
			cut(i)
			start, lower = i, false
		default:
			lower = unicode.IsLower(r)
		}
	}
	cut(len(class))
	return parts
}

func isHeading(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// inline reports whether an element runs on within a line. Elements that HTML
// does not know are taken for blocks, as sites that make them up use them so.
func inline(n *html.Node) bool {
	switch n.DataAtom {
	case atom.A, atom.Abbr, atom.Acronym, atom.B, atom.Bdi, atom.Bdo, atom.Big, atom.Cite, atom.Code,
		atom.Data, atom.Del, atom.Dfn, atom.Em, atom.Font, atom.I, atom.Img, atom.Ins, atom.Kbd, atom.Label,
		atom.Mark, atom.Nobr, atom.Output, atom.Picture, atom.Q, atom.Rb, atom.Rp, atom.Rt, atom.Ruby,
		atom.S, atom.Samp, atom.Small, atom.Source, atom.Span, atom.Strike, atom.Strong, atom.Sub, atom.Sup,
		atom.Time, atom.Tt, atom.U, atom.Var, atom.Wbr, atom.Button:
		return true
	case 0:
		return n.Parent != nil && (n.Parent.DataAtom == atom.P || isHeading(n.Parent))
	}
	return false
}

// squeeze returns s with every run of white space as one space, and none at the
// ends.
func squeeze(s string) string {
	if squeezed(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	writeSqueezed(&b, s)
	return b.String()
}

// writeSqueezed writes the words of s with single spaces between them.
func writeSqueezed(b *strings.Builder, s string) {
	before := b.Len()
	for word := range strings.FieldsSeq(s) {
		if b.Len() > before {
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
}

// squeezed reports whether a text has no white space but single spaces between
// words, as most have once they are read.
func squeezed(s string) bool {
	last := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c <= ' ' && (c == ' ' && last == ' ' || '\t' <= c && c <= '\r') {
			return false
		}
		if c >= utf8.RuneSelf && otherSpace(s[i:]) {
			return false
		}
		last = c
	}
	return last != ' ' || s == ""
}

// otherSpace reports whether a text begins with white space that is not ASCII.
func otherSpace(s string) bool {
	switch s[0] {
	case 0xC2, 0xE1, 0xE2, 0xE3: // what all of it begins with in UTF-8
		r, _ := utf8.DecodeRuneInString(s)
		return unicode.IsSpace(r)
	}
	return false
}

// Folded returns the letters and digits of s in lower case: what is left to
// compare when layout and typography are put aside.
func Folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// wordCount counts words; a run of characters of a script without spaces counts
// one for every two.
func wordCount(s string) int {
	count, signs, inWord := 0, 0, false
	plain := 0 // how many bytes are ASCII
	for ; plain < len(s) && s[plain] < utf8.RuneSelf; plain++ {
		switch c := s[plain]; {
		case plainLetter(c):
			if !inWord {
				count++
			}
			inWord = true
		case c != '\'' && c != '-':
			inWord = false
		}
	}
	for _, r := range s[plain:] {
		switch {
		case r < utf8.RuneSelf && plainLetter(byte(r)):
			if !inWord {
				count++
			}
			inWord = true
		case r < utf8.RuneSelf:
			inWord = inWord && (r == '\'' || r == '-')
		case dense(r):
			signs++
			inWord = false
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if !inWord {
				count++
			}
			inWord = true
		case r != '’':
			inWord = false
		}
	}
	return count + (signs+1)/2
}
