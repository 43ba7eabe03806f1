package report

import (
	"bytes"
	"fmt"
	"net/http"

	"storydiff/diffview"
)

// A format is how a change is written for whoever quotes it.
type format string

// The formats by the names that addresses have for them; empty is the page.
const (
	textFormat     format = "text"
	markdownFormat format = "markdown"
)

// quoteWidth is where the lines of the text format end, in columns: as letters
// and terminals have it.
const quoteWidth = 80

// quote sends a change as plain text to be copied, with its permalink below.
// Markdown goes as plain text too: browsers show that, and save what they do
// not know.
func (s *site) quote(w http.ResponseWriter, r *http.Request, c comparison, how drawing) error {
	d := diffOf(c)
	rev := *d.Revision
	if !rev.Same() { // what was said when it was seen stands, as on the page
		rev.Kinds, rev.Disclosure, rev.Proof = c.change.Kinds, c.change.Disclosure, c.change.Proof
		rev.Significance, rev.Reasons = c.change.Significance, c.change.Reasons
		rev.WordsAdded, rev.WordsRemoved = c.change.WordsAdded, c.change.WordsRemoved
	}
	d.Revision = &rev
	var b bytes.Buffer
	permalink := s.base(r) + changePath(c.article.ID, c.before.N, c.after.N)
	if how.format == markdownFormat {
		if err := diffview.Markdown(&b, d, diffview.Options{Context: how.context}); err != nil {
			return fmt.Errorf("writing article %d as Markdown: %w", c.article.ID, err)
		}
		fmt.Fprintf(&b, "\n<%s>\n", permalink)
	} else {
		if err := diffview.Text(&b, d, diffview.Options{Context: how.context, Width: quoteWidth}); err != nil {
			return fmt.Errorf("writing article %d as text: %w", c.article.ID, err)
		}
		fmt.Fprintf(&b, "\n%s\n", permalink)
	}
	return send(w, r, http.StatusOK, "text/plain; charset=utf-8", b.Bytes())
}
