package diffview_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"storydiff/diffview"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// The stories bracket a day's work: one of 800 words with a changed figure in
// every tenth paragraph, one of 50,000 in which every word was replaced, and
// one that is there to be slow.
func BenchmarkFormats(b *testing.B) {
	stories := []struct {
		name string
		diff *diffview.Diff
	}{
		{"edited_800", manyBlocks(40, strings.Repeat("The council voted on it. ", 4), 10)},
		{"rewritten_50000", manyBlocks(2500, strings.Repeat("The council voted on it. ", 4), 1)},
		{"hidden_100KB", oneBlock(worddiff.Span{Op: worddiff.Insert, Text: strings.Repeat("1\ufe0f\u200b\u0301", 12_000)})},
	}
	for _, story := range stories {
		for _, format := range []string{"text", "narrow", "side-by-side", "markdown", "unified", "json"} {
			b.Run(story.name+"/"+format, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					var out bytes.Buffer
					if err := drawAs(&out, format, story.diff); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// manyBlocks has n paragraphs of text, with a word changed in every step-th.
func manyBlocks(n int, text string, step int) *diffview.Diff {
	d := &diffview.Diff{Revision: &revision.Revision{Kinds: []revision.Kind{revision.Number}}}
	var before, after strings.Builder
	for i := range n {
		block := revision.Block{Op: worddiff.RowEqual, Old: i + 1, New: i + 1, Kind: extract.Paragraph, Spans: []worddiff.Span{{Op: worddiff.Equal, Text: text}}}
		if i%step == 0 {
			block.Op = worddiff.RowChanged
			block.Spans = append(block.Spans, worddiff.Span{Op: worddiff.Delete, Text: fmt.Sprint(i)}, worddiff.Span{Op: worddiff.Insert, Text: fmt.Sprint(i + 1)})
		}
		block.Spans = append(block.Spans, worddiff.Span{Op: worddiff.Equal, Text: ".\n\n"})
		for _, s := range block.Spans {
			before.WriteString(s.Old())
			after.WriteString(s.New())
		}
		d.Revision.Blocks = append(d.Revision.Blocks, block)
	}
	d.Old.Text, d.New.Text = before.String(), after.String()
	return d
}
