package diffview

import (
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"sync"

	"storydiff/tracker/worddiff"
)

//go:embed mail.tmpl
var mailText string

var mails = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("mail").Parse(mailText))
})

// A mailView is the data of the template "mail".
type mailView struct {
	Fields []fieldView
	Items  []itemView
}

// Mail returns the changed fields and at most limit passages of the text as HTML
// for e-mail, whose readers know few styles and no links within a page: each
// element carries its own, and unchanged paragraphs are left out. more is how
// many passages are left out as well.
func Mail(d *Diff, o Options, limit int) (html template.HTML, more int) {
	o.View, o.Context = InlineView, 0
	all := fragment(d, o)
	v := mailView{Fields: all.Fields}
	for _, it := range all.Items {
		switch {
		case it.Fold != "":
		case len(v.Items) < limit:
			v.Items = append(v.Items, it)
		default:
			more++
		}
	}
	if n := len(v.Fields) - limit; n > 0 {
		v.Fields, more = v.Fields[:limit], more+n
	}
	return mailHTML("mail", v), more
}

// MailSentence returns one sentence with what went and what came as Mail has it.
func MailSentence(spans []worddiff.Span) template.HTML {
	return mailHTML("mailruns", draw(spans, both))
}

func mailHTML(name string, data any) template.HTML {
	var b strings.Builder
	if err := mails().ExecuteTemplate(&b, name, data); err != nil {
		panic(fmt.Errorf("drawing %s: %w", name, err)) // the data fits the template, and a Builder takes all
	}
	return template.HTML(b.String())
}

// MarkdownText returns text on one line in Markdown, where it stands for itself.
func MarkdownText(text string) string { return protectStart(escapeMarkdown(flat(text))) }
