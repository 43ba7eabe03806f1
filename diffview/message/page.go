package message

import (
	_ "embed"
	"html/template"
	"strings"
	"sync"

	"storydiff/diffview"
	"storydiff/tracker/alert"
	"storydiff/tracker/revision"
)

//go:embed page.tmpl
var pageText string

// pages are parsed when the first message is drawn: most runs of the program
// draw none.
var pages = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("message").Parse(pageText))
})

// A page is the data of the template "page".
type page struct {
	Title   string
	Said    string // above the entries
	Entries []entry
	More    int // entries that are left out
	Chosen  string
}

// An entry is one thing that a message tells.
type entry struct {
	Headline string
	Outlet   string
	When     string
	Summary  string
	Verdict  string
	Proof    string
	Detail   string
	Reasons  []revision.Reason
	Diff     template.HTML // by diffview, which escapes
	More     int           // passages that are left out
	Report   string        // address; empty: none
	Article  string        // address
}

func (d *Drawer) entry(it *alert.Item) entry {
	e := entry{Headline: headline(it, 300), Outlet: diffview.OneLine(it.Article.Outlet), Article: it.Article.URL}
	if it.Change == nil {
		e.Summary, e.Detail, e.Report = eventSaid(it), diffview.OneLine(it.Event.Detail), d.articleLink(it.Article.ID)
		return e
	}
	c := it.Change
	e.When, e.Summary, e.Verdict, e.Report = seen(c), diffview.OneLine(c.Summary), verdict(c), d.changeLink(c)
	return e
}

func (d *Drawer) changeHTML(it *alert.Item, drawn *diffview.Diff) string {
	e := d.entry(it)
	e.Diff, e.More = diffview.Mail(drawn, diffview.Options{Lang: it.Change.Lang}, maxPassages)
	for _, r := range it.Change.Reasons {
		r.Text = diffview.OneLine(r.Text)
		e.Reasons = append(e.Reasons, r)
	}
	e.Proof = diffview.OneLine(it.Change.Proof)
	return render(page{Title: subject(it), Entries: []entry{e}, Chosen: chosenBy(it.Rules)})
}

func (d *Drawer) eventHTML(it *alert.Item) string {
	return render(page{Title: subject(it), Entries: []entry{d.entry(it)}, Chosen: chosenBy(it.Rules)})
}

func (d *Drawer) digestHTML(p *alert.Parcel) string {
	v := page{Title: digestSubject(p), Said: counted(p), Chosen: chosenBy([]string{p.Digest}), More: max(0, len(p.Items)-maxEntries)}
	for i := range p.Items[:min(len(p.Items), maxEntries)] {
		e := d.entry(&p.Items[i])
		if spans := excerptOf(&p.Items[i]); len(spans) > 0 {
			e.Diff = diffview.MailSentence(spans)
		}
		v.Entries = append(v.Entries, e)
	}
	return render(v)
}

func render(p page) string {
	var b strings.Builder
	if err := pages().ExecuteTemplate(&b, "page", p); err != nil {
		panic(err) // the data fits the template, and a Builder takes all
	}
	return b.String()
}
