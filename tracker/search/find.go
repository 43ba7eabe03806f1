package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A Piece is a stretch of an excerpt.
type Piece struct {
	Text  string `json:"text"`
	Found bool   `json:"found,omitempty"` // it is what was looked for
}

// A place is where something was found in a text, in bytes.
type place struct{ start, end int }

// find returns where the terms of a query stand among the words of a text, in
// order and not one within the other, and how many of the terms do.
func (q *Query) find(words []Word) (places []place, terms int) {
	for _, t := range q.Terms {
		before := len(places)
		for i := range words {
			if end, ok := t.standsAt(words[i:]); ok {
				places = append(places, place{words[i].Start, end})
			}
		}
		if len(places) > before {
			terms++
		}
	}
	slices.SortFunc(places, func(a, b place) int { return a.start - b.start })
	return merged(places), terms
}

// A Match is how near the terms of a query stand to each other.
type Match struct {
	Headline  bool // all of them stand in the headline
	Phrase    bool // they stand one behind the other, as they were written
	Paragraph bool // they stand in one passage
}

// Match returns how near the terms stand to each other in passages. A single term
// stands in the headline or anywhere.
func (q *Query) Match(passages []Passage) (m Match) {
	phrase, several := q.phrase()
	var words []Word
	for _, p := range passages {
		words = appendWords(words[:0], p.Text)
		if _, terms := q.find(words); terms < len(q.Terms) {
			continue
		}
		m.Headline = m.Headline || p.Part == "headline"
		m.Paragraph = len(q.Terms) > 1
		for i := range words {
			if m.Phrase || !several {
				break
			}
			_, m.Phrase = phrase.standsAt(words[i:])
		}
	}
	return m
}

// standsAt reports whether words begin with the term, and where it ends in the text.
func (t Term) standsAt(words []Word) (end int, ok bool) {
	if len(words) < len(t.Tokens) {
		return 0, false
	}
	last := len(t.Tokens) - 1
	for i, token := range t.Tokens {
		if words[i].Token != token && !(i == last && t.Prefix && strings.HasPrefix(words[i].Token, token)) {
			return 0, false
		}
	}
	if w := words[last]; w.Run && t.Prefix {
		return w.Head, true
	}
	return words[last].End, true
}

// merged joins places that touch.
func merged(places []place) []place {
	var out []place
	for _, p := range places {
		if n := len(out); n > 0 && p.start <= out[n-1].end {
			out[n-1].end = max(out[n-1].end, p.end)
			continue
		}
		out = append(out, p)
	}
	return out
}

// excerptLimit is about how many runes an excerpt has: two lines of a page.
const excerptLimit = 240

// Excerpt returns the passage in which most of the terms stand, the first of
// those, cut down to what is around them, and its place in the list. ok is false
// where none stands in any.
func (q *Query) Excerpt(passages []Passage) (at int, pieces []Piece, ok bool) {
	var best []place
	most := 0
	var words []Word
	for i, p := range passages {
		if most == len(q.Terms) {
			break
		}
		words = appendWords(words[:0], p.Text)
		if places, terms := q.find(words); terms > most {
			at, best, most = i, places, terms
		}
	}
	if most == 0 {
		return 0, nil, false
	}
	return at, cut(passages[at].Text, best), true
}

// cut returns a text around the first of some places, with what else lies near.
func cut(text string, places []place) []Piece {
	begin := back(text, places[0].start, excerptLimit/3)
	end := forth(text, max(begin, places[0].start), excerptLimit)
	var out []Piece
	add := func(text string, found bool) {
		if text != "" {
			out = append(out, Piece{text, found})
		}
	}
	lead, tail := "", ""
	if begin > 0 {
		lead = "…"
	}
	if end < len(text) {
		tail = "…"
	}
	at := begin
	for _, p := range places {
		if p.start >= end {
			break
		}
		add(lead+text[at:p.start], false)
		lead = ""
		at = min(p.end, end)
		add(text[p.start:at], true)
	}
	add(lead+text[at:end]+tail, false)
	return out
}

// back returns a place about so many runes before another, at the beginning of a
// word where there is one.
func back(text string, at, runes int) int {
	i := at
	for range runes {
		if i == 0 {
			return 0
		}
		_, n := utf8.DecodeLastRuneInString(text[:i])
		i -= n
	}
	if space := strings.IndexByte(text[i:at], ' '); space >= 0 {
		return i + space + 1
	}
	return i
}

// forth is back in the other direction.
func forth(text string, at, runes int) int {
	i := at
	for range runes {
		if i == len(text) {
			return i
		}
		_, n := utf8.DecodeRuneInString(text[i:])
		i += n
	}
	if space := strings.LastIndexByte(text[at:i], ' '); space > 0 {
		return at + space
	}
	return i
}
