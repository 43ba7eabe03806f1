package message

import (
	"fmt"
	"strings"

	"storydiff/diffview"
	"storydiff/tracker/alert"
	"storydiff/tracker/worddiff"
)

// digest draws several things, each in short.
func (d *Drawer) digest(p alert.Parcel) alert.Message {
	return alert.Message{
		Subject:  digestSubject(&p),
		Text:     d.digestText(&p),
		HTML:     d.digestHTML(&p),
		Chat:     d.digestChat(&p, plainLine),
		Markdown: d.digestChat(&p, diffview.MarkdownText),
		JSON:     d.digestJSON(&p),
	}
}

func digestSubject(p *alert.Parcel) string {
	first := &p.Items[0]
	out := fmt.Sprintf("%s: %s, first %s", clip(diffview.OneLine(p.Digest), 64), counted(p), subject(first))
	if len(p.Items) == 1 {
		out = fmt.Sprintf("%s: %s", clip(diffview.OneLine(p.Digest), 64), subject(first))
	}
	return out
}

// counted says how much a digest tells.
func counted(p *alert.Parcel) string {
	changes, events := 0, 0
	for _, it := range p.Items {
		if it.Change != nil {
			changes++
		} else {
			events++
		}
	}
	var said []string
	if changes > 0 {
		said = append(said, diffview.Count(changes, "change"))
	}
	if events > 0 {
		said = append(said, diffview.Count(events, "event"))
	}
	return strings.Join(said, " and ")
}

func (d *Drawer) digestText(p *alert.Parcel) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, chosen by rule “%s”.\n%s\n", counted(p), diffview.OneLine(p.Digest), marks)
	for i := range p.Items[:min(len(p.Items), maxEntries)] {
		it := &p.Items[i]
		fmt.Fprintf(&b, "\n%s\n%s\n", headline(it, 300), diffview.OneLine(it.Article.Outlet))
		if it.Change == nil {
			fmt.Fprintf(&b, "%s\n%s\n", eventSaid(it), diffview.OneLine(it.Event.Detail))
		} else {
			fmt.Fprintf(&b, "%s\n%s\n%s\n", diffview.OneLine(it.Change.Summary), verdict(it.Change), seen(it.Change))
			if text := textOf(brief(it.Change), 72); text != "" {
				b.WriteString("  " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ") + "\n")
			}
		}
		b.WriteString(d.itemLink(it) + "\n")
	}
	if left := len(p.Items) - maxEntries; left > 0 {
		fmt.Fprintf(&b, "\nAnd %d more.\n", left)
	}
	return b.String()
}

// itemLink returns the address to read on at.
func (d *Drawer) itemLink(it *alert.Item) string {
	link := d.articleLink(it.Article.ID)
	if it.Change != nil {
		link = d.changeLink(it.Change)
	}
	if link == "" {
		link = diffview.OneLine(it.Article.URL)
	}
	return link
}

func plainLine(text string) string { return diffview.OneLine(text) }

// digestChat draws a line for each thing; line writes text of a page.
func (d *Drawer) digestChat(p *alert.Parcel, line func(string) string) string {
	var b strings.Builder
	for i := range p.Items[:min(len(p.Items), maxLines)] {
		it := &p.Items[i]
		said := subject(it)
		if it.Change != nil {
			said = fmt.Sprintf("%d  %s", it.Change.Significance, said)
		}
		link := ""
		if d.Report != "" {
			link = d.itemLink(it)
		}
		fmt.Fprintf(&b, "%s\n%s\n", line(said), d.chatLink(link, it))
	}
	if left := len(p.Items) - maxLines; left > 0 {
		fmt.Fprintf(&b, "and %d more\n", left)
	}
	return strings.TrimSpace(b.String())
}

// event draws an event of an article's life.
func (d *Drawer) event(it alert.Item) alert.Message {
	said, detail := eventSaid(&it), diffview.OneLine(it.Event.Detail)
	m := alert.Message{
		Subject: subject(&it),
		Text:    fmt.Sprintf("%s\n%s\n\n%s\n%s\n\n%s", headline(&it, 300), diffview.OneLine(it.Article.Outlet), said, detail, d.foot(&it)),
		HTML:    d.eventHTML(&it),
		JSON:    d.eventJSON(&it),
	}
	link := d.chatLink(d.articleLink(it.Article.ID), &it)
	m.Chat = said + "\n" + detail + "\n\n" + link
	m.Markdown = diffview.MarkdownText(said) + "\n" + diffview.MarkdownText(detail) + "\n\n" + link
	return m
}

// eventSaid says what happened, why and when.
func eventSaid(it *alert.Item) string {
	out := "It " + happened(it.Event)
	if it.Event.Reason != "" {
		out += ": " + diffview.OneLine(it.Event.Reason)
	}
	return out + ", seen " + diffview.NewInterval(it.Event.At, it.Event.At, diffview.InWords).String()
}

// excerptOf returns the most telling sentence of a change.
func excerptOf(it *alert.Item) []worddiff.Span {
	if it.Change == nil {
		return nil
	}
	return it.Change.Excerpt
}
