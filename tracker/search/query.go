package search

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a question.
const (
	MaxQuery = 300 // bytes
	maxTerms = 12
)

// A Query is what a person asks for: versions in which all of its terms stand, of
// articles that never had one of Not. Its zero value asks for nothing.
type Query struct {
	Text  string // as it was written, without the spaces around it
	Terms []Term
	Not   []Term
}

// Asks reports whether there is anything to look for.
func (q *Query) Asks() bool { return q != nil && len(q.Terms) > 0 }

// phrase returns the terms of a query one behind the other, as they were written.
// ok is false where there is but one, and where one before the last is but the
// beginning of a word.
func (q *Query) phrase() (t Term, ok bool) {
	for i, term := range q.Terms {
		if term.Prefix && i < len(q.Terms)-1 {
			return Term{}, false
		}
		t.Tokens = append(t.Tokens, term.Tokens...)
		t.Prefix = term.Prefix
	}
	return t, len(q.Terms) > 1
}

// A Term is words that stand one behind the other.
type Term struct {
	Tokens []string // at least one
	Prefix bool     // the last one is but the beginning of a word
}

// A Refusal is why something cannot be looked for: a sentence for the one who
// asked.
type Refusal string

func (r Refusal) Error() string { return string(r) }

// Parse reads a question. Words may stand anywhere in a version, "words in
// quotation marks" as they are, and word* for all words that begin so; -word and
// -"words" leave out articles that ever had them. Nothing else has a meaning: what
// is a sign of some other language is a word, or stands between words. A quotation
// that does not end ends with the question.
//
// Its error is a [Refusal].
func Parse(text string) (Query, error) {
	q := Query{Text: strings.TrimSpace(text)}
	if len(text) > MaxQuery {
		return Query{}, Refusal(fmt.Sprintf("What is looked for may be %d bytes long, and this is longer.", MaxQuery))
	}
	if !utf8.ValidString(text) {
		return Query{}, Refusal("What is looked for is no plain text.")
	}
	for rest := q.Text; rest != ""; {
		var item item
		item, rest = next(rest)
		term, ok := item.term()
		switch {
		case !ok:
		case item.not && !contains(q.Not, term):
			q.Not = append(q.Not, term)
		case !item.not && !contains(q.Terms, term):
			q.Terms = append(q.Terms, term)
		}
	}
	switch {
	case len(q.Terms)+len(q.Not) > maxTerms:
		return Query{}, Refusal(fmt.Sprintf("At most %d words and phrases can be looked for at once.", maxTerms))
	case len(q.Terms) == 0 && len(q.Not) > 0:
		return Query{}, Refusal("Write a word to look for beside those to leave out.")
	case len(q.Terms) == 0:
		return Query{}, Refusal("Write at least one word to look for.")
	}
	return q, nil
}

func contains(terms []Term, t Term) bool {
	return slices.ContainsFunc(terms, func(o Term) bool { return o.Prefix == t.Prefix && slices.Equal(o.Tokens, t.Tokens) })
}

// An item is what stands between spaces, or a quotation.
type item struct {
	text   string
	not    bool
	prefix bool
}

// quotes open and close a quotation; newspapers' own do so as well, for people
// copy them.
const quotes = `"“”„‟«»`

// next cuts the first item off a text.
func next(text string) (it item, rest string) {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	if after, ok := strings.CutPrefix(text, "-"); ok {
		it.not, text = true, after
	}
	r, n := utf8.DecodeRuneInString(text)
	if n > 0 && strings.ContainsRune(quotes, r) {
		it.text, rest = text[n:], ""
		if end := strings.IndexAny(it.text, quotes); end >= 0 {
			_, n := utf8.DecodeRuneInString(it.text[end:])
			it.text, rest = it.text[:end], it.text[end+n:]
		}
		if after, ok := strings.CutPrefix(rest, "*"); ok {
			it.prefix, rest = true, after
		}
		return it, rest
	}
	end := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(quotes, r) })
	if end < 0 {
		end = len(text)
	}
	it.text, rest = text[:end], text[end:]
	it.prefix = strings.HasSuffix(it.text, "*")
	return it, rest
}

// term returns the words of an item; ok is false where it has none. What is
// written without spaces may go on behind its last character, and so may a word
// that is but one.
func (it item) term() (t Term, ok bool) {
	words := Words(it.text)
	if len(words) == 0 {
		return t, false
	}
	last := words[len(words)-1]
	t.Prefix = it.prefix
	if last.Run {
		t.Prefix = true
		if len(words) > 1 && words[len(words)-2].End == last.End { // of the same run: the two end alike
			words, t.Prefix = words[:len(words)-1], false
		}
	}
	for _, w := range words {
		t.Tokens = append(t.Tokens, w.Token)
	}
	return t, true
}
