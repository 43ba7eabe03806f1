package message

import (
	"bytes"
	"time"

	"storydiff/diffview"
	"storydiff/tracker/alert"
	"storydiff/tracker/worddiff"
)

// A body is what a webhook gets, in the form that Standard Webhooks recommends.
type body struct {
	Type      string    `json:"type"` // "change", "event", "digest" or "test", which is as a change
	Timestamp time.Time `json:"timestamp"`
	Data      any       `json:"data"`
}

// A told is one thing that is told: with change, a change; with event, an event.
type told struct {
	Rules   []string             `json:"rules"`
	Subject string               `json:"subject"`
	Link    string               `json:"link,omitempty"` // in the report
	Article diffview.ArticleJSON `json:"article"`
	Change  *diffview.ChangeJSON `json:"change,omitempty"`
	Event   *diffview.EventJSON  `json:"event,omitempty"`
	Excerpt []diffview.SpanJSON  `json:"excerpt,omitempty"` // the most telling changed sentence
	Fields  []diffview.FieldJSON `json:"fields,omitempty"`  // that changed
	Blocks  []diffview.BlockJSON `json:"blocks,omitempty"`  // likewise, not in a digest
	More    int                  `json:"more_blocks,omitempty"`
}

// A digestBody is the data of a digest.
type digestBody struct {
	Rule    string `json:"rule"`
	Subject string `json:"subject"`
	Items   []told `json:"items"`
}

func (d *Drawer) told(it *alert.Item) told {
	t := told{Rules: it.Rules, Subject: subject(it), Article: diffview.ListRow(it.Article)}
	if it.Change == nil {
		row := diffview.EventRow(*it.Event)
		t.Event, t.Link = &row, d.articleLink(it.Article.ID)
		return t
	}
	row := diffview.ChangeRow(*it.Change)
	t.Change, t.Link = &row, d.changeLink(it.Change)
	t.Excerpt = diffview.SpanRows(it.Change.Excerpt)
	return t
}

func (d *Drawer) changeJSON(kind string, it *alert.Item, drawn *diffview.Diff) []byte {
	t := d.told(it)
	row := diffview.DiffRow(drawn)
	room := maxJSON
	for _, f := range row.Fields {
		if room -= length(f.Spans); room > 0 {
			t.Fields = append(t.Fields, f)
		}
	}
	for _, b := range row.Blocks {
		if b.Op == worddiff.RowEqual && len(b.Kinds) == 0 {
			continue
		}
		if room -= length(b.Spans); room > 0 && len(t.Blocks) < maxPassages {
			t.Blocks = append(t.Blocks, b)
		} else {
			t.More++
		}
	}
	return encoded(body{kind, it.Change.SeenBy.UTC(), t})
}

func length(spans []diffview.SpanJSON) (n int) {
	for _, s := range spans {
		n += len(s.Text)
	}
	return n
}

func (d *Drawer) eventJSON(it *alert.Item) []byte {
	return encoded(body{"event", it.Event.At.UTC(), d.told(it)})
}

func (d *Drawer) digestJSON(p *alert.Parcel) []byte {
	data := digestBody{Rule: p.Digest, Subject: digestSubject(p)}
	var latest time.Time
	for i := range p.Items {
		t := d.told(&p.Items[i])
		at := p.Items[i].At()
		if at.After(latest) {
			latest = at
		}
		data.Items = append(data.Items, t)
	}
	return encoded(body{"digest", latest.UTC(), data})
}

func encoded(b body) []byte {
	var out bytes.Buffer
	if err := diffview.WriteRow(&out, b); err != nil {
		panic(err) // of texts, numbers and times alone
	}
	return bytes.TrimRight(out.Bytes(), "\n")
}
