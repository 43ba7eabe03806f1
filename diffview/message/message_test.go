package message_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"storydiff/diffview/message"
	"storydiff/tracker"
	"storydiff/tracker/alert"
	"storydiff/tracker/worddiff"
)

// What a page says is neither markup, nor a further line of a subject, nor
// invisible, in any form of a message.
func TestHostile(t *testing.T) {
	for _, text := range []string{
		`<script>alert(1)</script><img src=x onerror=alert(1)>`, "a\r\nBcc: all@example.org", "\x1b[2Jx", "admin\u202enimda", `[x](javascript:alert(1)) **b** ~~c~~ _d_`, `{{.}} {{template "page"}}`,
	} {
		at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
		a := tracker.Article{ID: 7, URL: "https://example.com/a", Outlet: "example.com", Title: text}
		items := []alert.Item{
			{Rules: []string{"r"}, Article: a, Change: &tracker.Change{ArticleID: 7, From: 1, To: 2, SeenBy: at, NewHeadline: text, Summary: text, Proof: text, Significance: 70,
				Excerpt: []worddiff.Span{{Op: worddiff.Delete, Text: text}, {Op: worddiff.Insert, Text: text}}}},
			{Rules: []string{"r"}, Article: a, Event: &tracker.Event{ArticleID: 7, Kind: tracker.EventGone, At: at, Reason: "http-410", Detail: text}},
		}
		d := &message.Drawer{Report: "https://news.example.org/edits/"}
		for _, p := range []alert.Parcel{{Digest: "r", Items: items}, {Items: items[1:]}} {
			m, err := d.Draw(context.Background(), p)
			if err != nil {
				t.Fatal(err)
			}
			if strings.ContainsAny(m.Subject, "\r\n\x1b\u202e") {
				t.Errorf("subject %q", m.Subject)
			}
			for form, drawn := range map[string]string{"text": m.Text, "html": m.HTML, "chat": m.Chat, "markdown": m.Markdown} {
				if strings.ContainsAny(drawn, "\r\x1b\u202e") || strings.Contains(drawn, "\nBcc:") {
					t.Errorf("%s of %q lets through what steers or hides:\n%s", form, text, drawn)
				}
			}
			if strings.Contains(m.HTML, "<script") || strings.Contains(m.HTML, "<img") || strings.Contains(m.Markdown, "<") || strings.Contains(m.Markdown, "[x](") {
				t.Errorf("markup of %q got through:\n%s\n%s", text, m.HTML, m.Markdown)
			}
			if !json.Valid(m.JSON) || !strings.Contains(m.Text, "https://news.example.org/edits/articles/7") {
				t.Errorf("JSON %s, text\n%s", m.JSON, m.Text)
			}
		}
	}
}

func TestSample(t *testing.T) {
	m := (&message.Drawer{}).Sample(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC))
	for form, want := range map[string]string{
		m.Subject: "Test of storydiff: news.example: “Ferry to Eastbank to close”: ", m.Text: "after [-31-]{+13+} years", m.Chat: "[-31-]{+13+}", m.Markdown: "~~31~~ **13**",
		m.HTML: ">31</del>", string(m.JSON): `"type":"test"`,
	} {
		if !strings.Contains(form, want) {
			t.Errorf("no %q in\n%s", want, form)
		}
	}
}
