package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// isData reports whether a table is one of figures and words to be read row by
// row, and not a frame for the layout of the page.
func (p *page) isData(table *html.Node) bool {
	rows, wide, plain := 0, 0, true
	walk(table, func(n *html.Node) bool {
		switch n.DataAtom {
		case atom.Table:
			plain = plain && n == table
		case atom.Tr:
			rows++
			if cellsWithText(p, n) >= 2 {
				wide++
			}
		case atom.Td, atom.Th:
			e := p.elements[n]
			plain = plain && e != nil && e.chars <= 300
		case atom.H1, atom.Figure, atom.Article:
			plain = false
		}
		return plain
	})
	return plain && rows > 0 && wide > 0
}

func cellsWithText(p *page, row *html.Node) int {
	count := 0
	for c := row.FirstChild; c != nil; c = c.NextSibling {
		if e := p.elements[c]; e != nil && !e.gone && e.chars > 0 {
			count++
		}
	}
	return count
}

// rows reads a table, a piece for each row, its cells parted by tabs.
func (l *liner) rows(table *html.Node, at place) {
	walk(table, func(n *html.Node) bool {
		e := l.page.elements[n]
		if e == nil || e.gone {
			return false
		}
		switch n.DataAtom {
		case atom.Caption:
			at := at
			at.kind, at.node = Caption, n
			l.children(n, e, at)
			l.flush()
			return false
		case atom.Tr:
			l.row(n, e, at)
			return false
		}
		return true
	})
}

func (l *liner) row(tr *html.Node, e *element, at place) {
	var cells []string
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if e := l.page.elements[c]; e != nil && !e.gone && c.Type == html.ElementNode {
			cells = append(cells, l.page.text(c))
		}
	}
	text := strings.TrimSpace(strings.Join(cells, "\t"))
	if !visible(text) {
		return
	}
	l.pieces = append(l.pieces, piece{kind: Table, text: text, exact: text, node: tr, zone: at.zone,
		soft: at.soft, box: at.box, noted: at.noted, chars: e.chars, linked: e.linked})
}
