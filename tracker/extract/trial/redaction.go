package trial

import (
	"iter"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Cases returns everything that is done to the page, as to those of our own.
// There are none, and an error says why, where no article can be told in it.
func (p *Page) Cases() (iter.Seq[Case], error) {
	d, err := p.open()
	if err != nil {
		return nil, err
	}
	return func(yield func(Case) bool) {
		_ = p.edited(d, yield) && p.furnished(d, false, yield) && p.furnished(d, true, yield)
	}, nil
}

// furnished yields the cases of furniture alone.
func (p *Page) furnished(d *draft, hashed bool, yield func(Case) bool) bool {
	defer d.back()
	slots := d.slots()
	page := d.page()
	return furnishedCases(p.Name, hashed, English(), func(s Slots) string { return filled(page, slots, s) }, yield)
}

// filled puts furniture in the place of the slots' marks.
func filled(page string, marks, s Slots) string {
	return strings.NewReplacer(marks.Top, s.Top, marks.Beside, s.Beside, marks.UnderHead, s.UnderHead, marks.Between, s.Between,
		marks.Later, s.Later, marks.TextEnd, s.TextEnd, marks.AfterText, s.AfterText, marks.Foot, s.Foot).Replace(page)
}

// slots puts a mark at every place where furniture can stand.
func (d *draft) slots() Slots {
	text := d.paragraphs
	mark := func(name string, parent, next *html.Node) string {
		comment := "<!--slot " + name + "-->"
		d.put(parent, next, comment)
		return comment
	}
	behind := func(name string, n *html.Node) string { return mark(name, n.Parent, n.NextSibling) }
	var s Slots
	body, scope := bodyOf(d.doc), d.scope()
	s.Top = mark("top", body, body.FirstChild)
	s.Between = behind("between", text[2])
	s.Later = behind("later", text[len(text)*2/3])
	s.TextEnd = behind("end", text[len(text)-1])
	if within(scope, body) && scope != body {
		s.AfterText, s.Beside = behind("after", scope), mark("beside", scope.Parent, scope)
	} else {
		s.AfterText, s.Beside = mark("after", body, nil), mark("beside", body, body.FirstChild)
	}
	s.UnderHead = "<!--no headline-->"
	if d.headline != nil {
		s.UnderHead = behind("under", d.headline)
	}
	s.Foot = mark("foot", body, nil)
	return s
}

func bodyOf(doc *html.Node) *html.Node {
	body := doc
	each(doc, func(n *html.Node) {
		if n.DataAtom == atom.Body {
			body = n
		}
	})
	return body
}

// edited yields the edits: of words in the page's own paragraphs, of its fields,
// and of elements that are put into its text first.
func (p *Page) edited(d *draft, yield func(Case) bool) bool {
	ok := true
	plain := d.page()
	try := func(name, before string, apply func() bool) {
		if !ok {
			return
		}
		defer d.back()
		if !apply() {
			return
		}
		if after := d.page(); after != before {
			ok = yield(Case{Page: p.Name, Mutator: name, Edit: true, Before: before, After: after})
		}
	}
	for _, e := range d.wordEdits() {
		try(e.name, plain, e.apply)
	}
	for _, e := range d.paragraphEdits() {
		try(e.name, plain, e.apply)
	}
	for _, e := range p.fieldEdits(d) {
		try(e.name, plain, e.apply)
	}
	for _, form := range []string{`<p class="standfirst">%</p>`, `<h2>%</h2>`} {
		if head := d.headline; head != nil {
			c := Ferry()
			d.put(head.Parent, head.NextSibling, strings.Replace(form, "%", c.Standfirst, 1))
			before := d.page()
			d.back()
			try("standfirst", before, func() bool {
				d.put(head.Parent, head.NextSibling, strings.Replace(form, "%", c.Changes.Standfirst, 1))
				return true
			})
		}
	}
	for _, e := range elementEdits() {
		// The element is on the page before, and changed or gone after.
		before := filledAt(d, e.Before)
		try(e.Name, before, func() bool { d.put(d.middle().Parent, d.middle(), e.After); return true })
	}
	return ok
}

func filledAt(d *draft, text string) string {
	mid := d.middle()
	d.put(mid.Parent, mid, text)
	page := d.page()
	d.back()
	return page
}

// A redaction is an edit of a draft; it returns false where the page has nothing
// it can be made on.
type redaction struct {
	name  string
	apply func() bool
}

func (d *draft) middle() *html.Node { return d.paragraphs[len(d.paragraphs)/2] }

// wordEdits change something small in the first, a middle or the last paragraph.
func (d *draft) wordEdits() []redaction {
	var list []redaction
	places := []struct {
		name string
		n    *html.Node
	}{{"first", d.paragraphs[0]}, {"middle", d.middle()}, {"last", d.paragraphs[len(d.paragraphs)-1]}}
	for _, change := range []struct {
		name string
		to   func(string) string
	}{
		{"number", func(s string) string {
			if digits.MatchString(s) {
				return replaceFirst(digits, s, "7$0")
			}
			return replaceFirst(word, s, "$0 17")
		}},
		{"name", func(s string) string { return replaceFirst(capital, s, "$1 Halvorsen") }},
		{"quotation", func(s string) string { return replaceFirst(word, s, "$0 “so be it”") }},
		{"negation", func(s string) string { return replaceFirst(word, s, "$0 not") }},
		{"typo", func(s string) string { return replaceFirst(word, s, "${0}x") }},
		{"capital", func(s string) string {
			at := lower.FindStringIndex(s)
			if at == nil {
				return s
			}
			return s[:at[0]] + strings.ToUpper(s[at[0]:at[0]+1]) + s[at[0]+1:]
		}},
		{"punctuation mark", func(s string) string { return replaceFirst(word, s, "$0;") }},
	} {
		for _, place := range places {
			list = append(list, redaction{change.name, func() bool {
				n := longestText(place.n)
				if n == nil || change.to(n.Data) == n.Data {
					return false
				}
				d.say(n, change.to(n.Data))
				return true
			}})
		}
	}
	return list
}

var (
	digits  = regexp.MustCompile(`\d+`)
	word    = regexp.MustCompile(`\pL{3,}`)
	capital = regexp.MustCompile(`(\p{Lu}\p{Ll}+)`)
	lower   = regexp.MustCompile(`\b[a-z][a-z]{3,}`)
)

func replaceFirst(pattern *regexp.Regexp, s, with string) string {
	at := pattern.FindStringSubmatchIndex(s)
	if at == nil {
		return s
	}
	return s[:at[0]] + string(pattern.ExpandString(nil, with, s, at)) + s[at[1]:]
}

func longestText(n *html.Node) *html.Node {
	var longest *html.Node
	each(n, func(c *html.Node) {
		if c.Type == html.TextNode && (longest == nil || len(c.Data) > len(longest.Data)) {
			longest = c
		}
	})
	return longest
}

// paragraphEdits add, remove and move paragraphs and add notes.
func (d *draft) paragraphEdits() []redaction {
	c := ferryChanges()
	text := d.paragraphs
	first, mid, last := text[0], d.middle(), text[len(text)-1]
	above := func(n *html.Node, html string) func() bool {
		return func() bool { d.put(n.Parent, n, html); return true }
	}
	below := func(n *html.Node, html string) func() bool {
		return func() bool { d.put(n.Parent, n.NextSibling, html); return true }
	}
	drop := func(n *html.Node) func() bool { return func() bool { d.drop(n); return true } }
	list := []redaction{
		{"first paragraph added", above(first, c.First)},
		{"middle paragraph added", above(mid, c.Middle)},
		{"last paragraph added", below(last, c.Last)},
		{"very short paragraph added", above(mid, c.Short)},
		{"very short paragraph added last", below(last, c.Short)},
		{"first paragraph removed", drop(first)},
		{"middle paragraph removed", drop(mid)},
		{"last paragraph removed", drop(last)},
		{"paragraph moved", func() bool {
			d.drop(mid)
			first.Parent.InsertBefore(mid, first)
			d.undo = append(d.undo, func() { mid.Parent.RemoveChild(mid) })
			return true
		}},
	}
	for _, note := range notes(c.Note, c.NoteHead, c.NoteRest) {
		list = append(list,
			redaction{"note at the top in " + note.form, above(first, note.html)},
			redaction{"note at the end in " + note.form, below(last, note.html)},
		)
		if scope := d.scope(); scope != bodyOf(d.doc) && within(scope, bodyOf(d.doc)) {
			list = append(list, redaction{"note after the text in " + note.form, below(scope, note.html)})
		}
	}
	return list
}

// fieldEdits change the headline and the byline.
func (p *Page) fieldEdits(d *draft) []redaction {
	headline := func() bool {
		if d.headline == nil {
			return false
		}
		n := longestText(d.headline)
		d.say(n, replaceFirst(word, n.Data, "Unmoored"))
		return true
	}
	return []redaction{
		{"headline in h1 alone", headline},
		{"headline everywhere", func() bool {
			if !headline() {
				return false
			}
			old := letters(flat(d.headline))
			each(d.doc, func(n *html.Node) {
				if n.Type == html.TextNode && n.Parent.DataAtom == atom.Title && old != "" {
					d.say(n, replaceFirst(word, n.Data, "Unmoored"))
				}
			})
			return true
		}},
		{"visible byline alone", func() bool {
			shown := d.bylines(p.Meta.Byline)
			for _, n := range shown {
				d.say(n, strings.Replace(n.Data, lastWord(n.Data), "Halvorsen", 1))
			}
			return len(shown) > 0
		}},
	}
}

func lastWord(s string) string {
	all := word.FindAllString(s, -1)
	return all[len(all)-1]
}

// bylines returns the texts that name the author before the text is over: a name
// and little more, wherever it is shown.
func (d *draft) bylines(stated string) []*html.Node {
	name := letters(strings.TrimPrefix(strings.TrimSpace(stated), "By "))
	if len(name) < 6 {
		return nil
	}
	var found []*html.Node
	over := false
	each(d.doc, func(n *html.Node) {
		over = over || n == d.paragraphs[len(d.paragraphs)-1]
		if over || n.Type != html.TextNode || hidden(n) || n.Parent.DataAtom == atom.Script || n.Parent.DataAtom == atom.Style || n.Parent.DataAtom == atom.Title {
			return
		}
		if said := letters(n.Data); strings.Contains(said, name) && len(said) < len(name)+12 && word.MatchString(n.Data) {
			found = append(found, n)
		}
	})
	return found
}

// elementEdits change elements of the text: what stands in it before and after.
func elementEdits() []Swap {
	n := Ferry()
	var list []Swap
	whole := strings.Join(n.Items[shortItem:], "")
	for _, s := range n.Changes.Swaps {
		if strings.Contains(whole, s.Before) {
			list = append(list, Swap{Name: s.Name, Before: whole, After: strings.Replace(whole, s.Before, s.After, 1)})
		}
	}
	for _, gone := range []struct {
		name string
		item int
	}{{"very short paragraph removed", shortItem}, {"subheading removed", subheadingItem}, {"caption removed", figureItem}, {"blockquote removed", quoteItem}} {
		list = append(list, Swap{Name: gone.name, Before: whole, After: strings.Replace(whole, n.Items[gone.item], "", 1)})
	}
	return list
}
