package tracker

import (
	"strings"

	"storydiff/tracker/extract"
	"storydiff/tracker/worddiff"
)

// ownWords returns the headline, the standfirst and the first paragraphs of the
// prose of stories, folded.
func ownWords(stories ...*extract.Story) map[string]bool {
	own := map[string]bool{}
	for _, s := range stories {
		own[extract.Folded(s.Headline)], own[extract.Folded(s.Standfirst)] = true, true
		prose, n := proseOf(s), 0
		for _, block := range s.Blocks {
			if block.Kind == extract.Paragraph && prose.among(block.Path) && n < openings {
				own[extract.Folded(block.Text)] = true
				n++
			}
		}
	}
	delete(own, "")
	return own
}

// A prose is where in a page an article's paragraphs stand: the elements around
// them, as paths say it.
type prose map[string]bool

// proseOf returns where at least half as many words stand as in the place that
// holds most.
func proseOf(stories ...*extract.Story) prose {
	p := prose{}
	for _, s := range stories {
		words, most := map[string]int{}, 0
		for _, block := range s.Blocks {
			if block.Kind == extract.Paragraph {
				words[around(block.Path)] += worddiff.Words(block.Text)
				most = max(most, words[around(block.Path)])
			}
		}
		for place, n := range words {
			p[place] = p[place] || n*2 >= most
		}
	}
	return p
}

// around returns the elements around the one that a path ends in.
func around(path string) string {
	if i := strings.LastIndex(path, " > "); i >= 0 {
		return path[:i]
	}
	return ""
}

// among reports whether a path ends among the prose.
func (p prose) among(path string) bool { return p[around(path)] }
