package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// aboutAuthor is why lines behind the text are none of it.
const aboutAuthor = "about the author"

// maxBio is the longest box, in characters, that is taken for one about an author.
const maxBio = 700

// judgeBios takes for furniture the small boxes behind the text that begin with the
// name of one of its authors: they change when an author does, and not the story.
// A box is what stands beside the last paragraph of the text, is no paragraph itself,
// and holds one at most, with a picture or a link; what an author contributes to a
// live blog or a round-up has more to say. Notes in it stay.
func (p *page) judgeBios(pieces []piece, byline string) {
	names := authorsOf(byline)
	last := lastProse(pieces)
	if len(names) == 0 || last < 0 || p.live != "" || len(p.posts) > 0 {
		return
	}
	around := map[*html.Node]bool{} // the elements around the last paragraph, and itself
	for n := pieces[last].node; n != nil; n = n.Parent {
		around[n] = true
	}
	for from := last + 1; from < len(pieces); {
		box := beside(pieces[from].node, around)
		to, chars, paragraphs := from, 0, 0
		for to < len(pieces) && box != nil && within(pieces[to].node, box) {
			chars += pieces[to].chars
			if pieces[to].why == "" && pieces[to].kind == Paragraph {
				paragraphs++
			}
			to++
		}
		if box != nil && box != pieces[from].node && chars < maxBio && paragraphs == 1 && beginsWithName(pieces[from].text, names) && portrays(box) {
			for i := from; i < to; i++ {
				if at := &pieces[i]; at.why == "" && at.kind != Note {
					at.why = aboutAuthor
				}
			}
		}
		from = max(to, from+1)
	}
}

// portrays reports whether a box has a picture or a link, as those about authors do.
func portrays(box *html.Node) bool {
	return find(box, func(n *html.Node) bool { return n.DataAtom == atom.Img || n.DataAtom == atom.A && hasAttr(n, "href") }) != nil
}

// lastProse returns the last paragraph among those that stand where most of the
// text does; -1: there is none.
func lastProse(pieces []piece) int {
	chars, most := map[*html.Node]int{}, (*html.Node)(nil)
	for i := range pieces {
		if at := &pieces[i]; at.why == "" && at.zone == inText && at.kind == Paragraph {
			chars[at.node.Parent] += at.chars
			if chars[at.node.Parent] > chars[most] {
				most = at.node.Parent
			}
		}
	}
	for i := len(pieces) - 1; i >= 0; i-- {
		if at := &pieces[i]; at.why == "" && at.zone == inText && at.kind == Paragraph && at.node.Parent == most {
			return i
		}
	}
	return -1
}

// beside returns the outermost element around n, or n, that is none of those around
// something else; nil where n is one of them.
func beside(n *html.Node, around map[*html.Node]bool) *html.Node {
	if around[n] {
		return nil
	}
	for n.Parent != nil && !around[n.Parent] {
		n = n.Parent
	}
	return n
}

// authorsOf returns the names in a byline that are of two words at least.
func authorsOf(byline string) (names []string) {
	for _, and := range []string{" and ", " und ", " et ", " y ", " e ", " en ", " och ", " og ", " i ", " & ", ";", "|", "、", "，"} {
		byline = strings.ReplaceAll(byline, and, ",")
	}
	for name := range strings.SplitSeq(byline, ",") {
		if name = strings.TrimSpace(name); len(strings.Fields(name)) >= 2 && len(name) <= 60 {
			names = append(names, name)
		}
	}
	return names
}

func beginsWithName(line string, names []string) bool {
	for _, name := range names {
		if len(line) >= len(name) && strings.EqualFold(line[:len(name)], name) {
			return true
		}
	}
	return false
}
