package diffview

import (
	"html/template"
	"strconv"
	"strings"
)

// escaper writes text as html/template does, in elements and in quoted attributes.
var escaper = strings.NewReplacer("\x00", "\ufffd", `"`, "&#34;", "&", "&amp;", "'", "&#39;", "+", "&#43;", "<", "&lt;", ">", "&gt;")

// drawRuns draws runs. It is no template, as all else of a page is, since a page has
// more of these than of all else, and templates find each field by its name.
func drawRuns(runs []run) template.HTML {
	var b strings.Builder
	for i := range runs {
		drawRun(&b, &runs[i])
	}
	return template.HTML(b.String())
}

func drawRun(b *strings.Builder, r *run) {
	tag := ""
	switch {
	case r.Del():
		tag = "del"
	case r.Ins():
		tag = "ins"
	}
	if tag != "" {
		b.WriteString("<" + tag)
		if r.Stays() {
			b.WriteString(` class="moved"`)
		}
		b.WriteString(">")
	}
	if r.First {
		drawNumber(b, r)
	}
	for i := range r.Parts {
		drawPart(b, &r.Parts[i])
	}
	if tag != "" {
		b.WriteString("</" + tag + ">")
	}
}

// drawNumber draws the number of a moved sentence, which leads to its other end.
func drawNumber(b *strings.Builder, r *run) {
	number := strconv.Itoa(r.Moved)
	if r.ID == "" {
		b.WriteString(`<span class="number">` + number + `</span>`)
		return
	}
	b.WriteString(`<a class="number" id="`)
	escape(b, r.ID)
	b.WriteString(`" href="#`)
	escape(b, r.Target) // an ID of ours, which needs no escapes of an address
	b.WriteString(`" title="`)
	escape(b, r.Title)
	b.WriteString(`">` + number + `</a>`)
}

// partHTML draws one part.
func partHTML(p part) template.HTML {
	var b strings.Builder
	drawPart(&b, &p)
	return template.HTML(b.String())
}

func drawPart(b *strings.Builder, p *part) {
	switch p.Kind {
	case gap:
		for range p.Breaks() {
			b.WriteString("<br>")
		}
	case code:
		drawTitled(b, "code", p)
	case mark:
		drawTitled(b, "pilcrow", p)
	case shy:
		drawTitled(b, "shy", p)
		b.WriteString("<wbr>")
	case quiet:
		drawTitled(b, "quiet", p)
	default:
		escape(b, p.Text)
	}
}

func drawTitled(b *strings.Builder, class string, p *part) {
	b.WriteString(`<span class="` + class + `" title="`)
	escape(b, p.Title)
	b.WriteString(`">`)
	escape(b, p.Text)
	b.WriteString("</span>")
}

func escape(b *strings.Builder, text string) {
	escaper.WriteString(b, text) // a Builder takes all
}
