package revision

import (
	"slices"
	"strings"

	"storydiff/tracker/extract"
	"storydiff/tracker/worddiff"
)

// linkSpans returns what lies between two lists of links, a line for each as
// [extract.Link.String] gives it. Where words stayed and their link leads
// elsewhere the address alone differs.
func linkSpans(before, after []extract.Link) []worddiff.Span {
	var l lines
	key := func(link extract.Link) string {
		return strings.Join(strings.Fields(link.Text), " ") + "\n" + target(link.URL)
	}
	a, b := keys(before, key), keys(after, key)
	i, j := 0, 0
	for _, same := range append(commonLines(a, b), [2]int{len(a), len(b)}) {
		l.replace(before[i:same[0]], after[j:same[1]])
		if i, j = same[0]+1, same[1]+1; same[0] < len(a) {
			l.equal(before[same[0]].String()+"\n", after[same[1]].String()+"\n")
		}
	}
	return l.spans
}

func keys(links []extract.Link, key func(extract.Link) string) []string {
	out := make([]string, len(links))
	for i, link := range links {
		out[i] = key(link)
	}
	return out
}

// commonLines returns the places of a longest common subsequence of a and b.
func commonLines(a, b []string) [][2]int {
	length := make([][]int, len(a)+1)
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if length[i][j] = max(length[i+1][j], length[i][j+1]); a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

// lines gathers the spans of a field made of lines.
type lines struct{ spans []worddiff.Span }

func (l *lines) add(op worddiff.Op, text string) {
	if n := len(l.spans); n > 0 && l.spans[n-1].Op == op && !l.spans[n-1].Quiet {
		l.spans[n-1].Text += text
		return
	}
	l.spans = append(l.spans, worddiff.Span{Op: op, Text: text})
}

func (l *lines) equal(was, is string) {
	if was == is {
		l.add(worddiff.Equal, is)
		return
	}
	l.spans = append(l.spans, worddiff.Span{Op: worddiff.Equal, Text: is, Was: was, Quiet: true})
}

// replace adds the lines of links that went and of links that came, those on the
// same words as one.
func (l *lines) replace(went, came []extract.Link) {
	for len(went) > 0 || len(came) > 0 {
		at := -1
		if len(went) > 0 {
			at = slices.IndexFunc(came, func(link extract.Link) bool { return link.Text == went[0].Text })
		}
		switch {
		case at == 0:
			text, _ := strings.CutSuffix(came[0].String(), came[0].URL+">")
			l.add(worddiff.Equal, text)
			l.add(worddiff.Delete, went[0].URL)
			l.add(worddiff.Insert, came[0].URL)
			l.add(worddiff.Equal, ">\n")
			went, came = went[1:], came[1:]
		case len(went) > 0 && (at < 0 || len(came) == 0):
			l.add(worddiff.Delete, went[0].String()+"\n")
			went = went[1:]
		default:
			l.add(worddiff.Insert, came[0].String()+"\n")
			came = came[1:]
		}
	}
}
