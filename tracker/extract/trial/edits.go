package trial

import "slices"

// An Edit is what an editor does to a story.
type Edit struct {
	Name   string
	Markup bool // it is seen in a page of elements alone
	Apply  func(*News)
}

// Edits returns everything that is done to the story n.
func Edits(n News) []Edit {
	c := n.Changes
	var list []Edit
	for _, s := range c.Swaps {
		list = append(list, Edit{s.Name, s.Markup, func(n *News) { n.Replace(s.Before, s.After) }})
	}
	list = append(list,
		Edit{"first paragraph added", false, func(n *News) { n.Insert(0, c.First) }},
		Edit{"middle paragraph added", false, func(n *News) { n.Insert(middleItem, c.Middle) }},
		Edit{"last paragraph added", false, func(n *News) { n.Insert(len(n.Items), c.Last) }},
		Edit{"very short paragraph added", false, func(n *News) { n.Insert(quoteItem, c.Short) }},
		Edit{"very short paragraph added last", false, func(n *News) { n.Insert(len(n.Items), c.Short) }},
		Edit{"first paragraph removed", false, func(n *News) { n.Remove(0) }},
		Edit{"middle paragraph removed", false, func(n *News) { n.Remove(middleItem) }},
		Edit{"last paragraph removed", false, func(n *News) { n.Remove(len(n.Items) - 1) }},
		Edit{"very short paragraph removed", false, func(n *News) { n.Remove(shortItem) }},
		Edit{"paragraph moved", false, func(n *News) {
			moved := n.Items[middleItem]
			n.Remove(middleItem)
			n.Insert(1, moved)
		}},
		Edit{"caption removed", true, func(n *News) { n.Remove(figureItem) }},
		Edit{"blockquote removed", false, func(n *News) { n.Remove(quoteItem) }},
		Edit{"subheading removed", false, func(n *News) { n.Remove(subheadingItem) }},
		Edit{"standfirst", true, func(n *News) { n.Standfirst = c.Standfirst }},
		Edit{"headline everywhere", false, func(n *News) { n.Headline, n.SEOHeadline = c.SEOHeadline, c.SEOHeadline }},
		Edit{"headline in h1 alone", true, func(n *News) { n.Headline = c.Headline }},
		Edit{"byline", false, func(n *News) { n.Byline, n.LDByline = c.Byline, c.Byline }},
		Edit{"visible byline alone", true, func(n *News) { n.Byline = c.Byline }},
	)
	for _, note := range notes(c.Note, c.NoteHead, c.NoteRest) {
		list = append(list,
			Edit{"note at the top in " + note.form, false, func(n *News) { n.TopNote = note.html }},
			Edit{"note at the end in " + note.form, false, func(n *News) { n.EndNote = note.html }},
			Edit{"note after the text in " + note.form, false, func(n *News) { n.AfterNote = note.html }},
		)
	}
	return slices.Clip(list)
}

// A note is a correction as HTML, in one of the elements that outlets put it in.
type note struct{ form, html string }

func notes(said, head, rest string) []note {
	return []note{
		{"p", "<p>" + said + "</p>"},
		{"p em", "<p><em>" + said + "</em></p>"},
		{"em", "<em>" + said + "</em>"},
		{"div", "<div>" + said + "</div>"},
		{"aside", "<aside>" + said + "</aside>"},
		{"section", "<section><h3>" + head + "</h3><p>" + rest + "</p></section>"},
		{"footer", "<footer><p>" + said + "</p></footer>"},
		{"details", "<details><summary>" + head + "</summary><p>" + rest + "</p></details>"},
	}
}
