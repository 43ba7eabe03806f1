package revision

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A quantity is a number as a text states it, in digits or words.
type quantity struct {
	value float64
	unit  string // "%", a currency sign, "day", or letters that stick to it: "km"
	date  bool   // it is a day, a year or a time of day
	weak  bool   // a word that often is no number: "one", "second"
	words extent // the number
	all   extent // with the words of its unit
}

func (q quantity) same(other quantity) bool { return q.value == other.value && q.unit == other.unit }

// quantities returns the numbers among some of the side's words.
func (s *side) quantities(e extent, lex *lexicon) []quantity {
	var out []quantity
	for i := e.from; i < e.to; {
		q, n := s.quantity(extent{i, e.to}, lex)
		if n == 0 {
			i++
			continue
		}
		q.words = extent{i, i + n}
		unit, m := s.measure(i+n, e.to, lex)
		if q.unit != "" {
			m = 0
		} else {
			q.unit = unit
		}
		q.all = extent{i, i + n + m}
		q.date = s.isDate(i, q, lex)
		out = append(out, q)
		i += n + m
	}
	return out
}

// quantity reads the number that begins a run of words, and how many of them it
// takes: "2 million", "twenty-one", "140 000".
func (s *side) quantity(e extent, lex *lexicon) (quantity, int) {
	w := s.words[e.from]
	var q quantity
	n := 0
	switch {
	case w.isNumber():
		q, n = digits(w, lex), 1
		for e.from+n < e.to && s.isGroup(e.from+n, lex) && q.unit == "" {
			group := digits(s.words[e.from+n], lex)
			q.value, q.unit, n = q.value*1000+group.value, group.unit, n+1
		}
	case w.key == minus && e.len() > 1 && s.isNumeric(e.from+1, lex):
		if q, n = s.quantity(extent{e.from + 1, e.to}, lex); n > 0 {
			q.value, n = -q.value, n+1
		}
		return q, n
	case strings.Contains(hanNumerals, w.key):
		q, n = s.hanNumber(e)
	default:
		q, n = s.numberWords(e, lex)
	}
	for n > 0 && w.isNumber() && e.from+n < e.to && lex.scale[s.words[e.from+n].key] > 0 {
		q.value *= lex.scale[s.words[e.from+n].key]
		n++
	}
	return q, n
}

// minus is the word that puts a number below zero, in most of the languages.
const minus = "minus"

// isGroup reports whether word i is three digits that go on with the number
// before it: the 000 of "140 000", where the space does not break a line, or where
// the language parts groups by spaces.
func (s *side) isGroup(i int, lex *lexicon) bool {
	w, last := s.words[i], s.words[i-1]
	w.key = strings.TrimRightFunc(w.key, isSign)
	gap := s.between(i - 1)
	return len(w.key) == 3 && !hasLetter(w.key) && w.isNumber() && last.isNumber() && !hasLetter(last.key) && len(last.key) <= 3 &&
		(gap == "\u00a0" || gap == "\u202f" || gap == "\u2009" || gap == " " && (w.key == "000" || lex.lang == "fr"))
}

// hanNumerals are the numerals of Chinese and Japanese.
const hanNumerals = "〇零一二两兩三四五六七八九十百千万萬亿億"

// hanNumber takes a run of numerals as one number. Its value is only ever
// compared with another made in the same way.
func (s *side) hanNumber(e extent) (quantity, int) {
	v, n := 0.0, 0
	for i := e.from; i < e.to && strings.Contains(hanNumerals, s.words[i].key); i++ {
		v = v*131 + float64(strings.Index(hanNumerals, s.words[i].key)+1)
		n++
	}
	return quantity{value: v, weak: true}, n
}

// digits reads a number in digits. Marks that part groups of three are dropped;
// the last other one is the decimal mark. In a text whose language writes 1.200
// for 1,200 the two are told apart by the group alone.
func digits(w word, lex *lexicon) quantity {
	var q quantity
	key, negative := strings.CutPrefix(w.key, "-")
	text := strings.TrimLeftFunc(key, func(r rune) bool {
		if unicode.Is(unicode.Sc, r) {
			q.unit = string(r)
			return true
		}
		return false
	})
	end := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsDigit(r) && !strings.ContainsRune(".,:'٫٬", r) })
	if end < 0 {
		end = len(text)
	}
	number, suffix := text[:end], text[end:]
	switch scale := lex.scale[suffix]; {
	case scale > 0:
		q.value = scale * parseDigits(number, lex)
	case suffix == "m" && q.unit != "":
		q.value = 1e6 * parseDigits(number, lex)
	case ordinalSuffix[suffix]:
		q.value = parseDigits(number, lex)
	default:
		q.value = parseDigits(number, lex)
		q.unit += suffix
	}
	if negative {
		q.value = -q.value
	}
	return q
}

// ordinalSuffix are the letters behind a number that make it the third or fourth.
var ordinalSuffix = map[string]bool{"st": true, "nd": true, "rd": true, "th": true, "er": true, "re": true, "ème": true, "e": true, "º": true, "ª": true, "de": true, "ste": true}

func hasLetter(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

// parseDigits returns the value of digits with their marks.
func parseDigits(text string, lex *lexicon) float64 {
	ascii := strings.Map(func(r rune) rune {
		switch {
		case r == '.' && lex.decimalComma:
			return ','
		case r == ',' && lex.decimalComma:
			return '.'
		case unicode.IsDigit(r):
			return '0' + digitValue(r)
		case r == '٫':
			return '.'
		case r == '٬' || r == '\'':
			return ','
		}
		return r
	}, text)
	parts := strings.FieldsFunc(ascii, func(r rune) bool { return r == ',' || r == '.' || r == ':' })
	if len(parts) == 0 {
		return 0
	}
	grouped := !strings.Contains(ascii, ":") && len(parts) > 1 && len(parts[0]) <= 3
	decimal := ""
	for i, p := range parts[1:] {
		if len(p) == 3 && grouped && !(len(parts) == 2 && strings.Contains(ascii, ".")) {
			continue
		}
		if i == len(parts)-2 {
			decimal = p
		}
	}
	whole := parts
	if decimal != "" {
		whole = parts[:len(parts)-1]
	}
	v, err := strconv.ParseFloat(strings.Join(whole, "")+"."+decimal+"0", 64)
	if err != nil {
		return 0
	}
	return v
}

// digitValue returns what a decimal digit of any script stands for: their
// blocks run from zero to nine in order.
func digitValue(r rune) rune {
	if r >= '0' && r <= '9' {
		return r - '0'
	}
	for zero := r; zero > r-10; zero-- {
		if !unicode.IsDigit(zero - 1) {
			return r - zero
		}
	}
	return r % 10
}

// changedNumbers returns the evidence that a number, or one of a date, differs
// between the two sides of a site. The same number put otherwise, 1200 for
// 1,200 or twelve for 12, is no change of number; restyled tells of that.
func (p *passage) changedNumbers(s site, lex *lexicon) (numbers, dates []pair, restyled bool) {
	oldWords, newWords := p.wholeNumbers(s, lex)
	before, after := p.old.quantities(oldWords, lex), p.new.quantities(newWords, lex)
	b, a := cancel(before, after)
	if len(b) == 0 && len(a) == 0 {
		if sameOrder(p.old, p.new, before, after) {
			return nil, nil, p.writtenOtherwise(before, after) && touches(before, s.oldWords) && touches(after, s.newWords) &&
				slices.ContainsFunc(append(before, after...), func(q quantity) bool { return !q.weak })
		}
		b, a = before, after
	}
	if len(b) == 0 || len(a) == 0 {
		b, a = p.notElsewhere(b, a, s, lex)
	}
	for i := range max(len(b), len(a)) {
		d, date, weak := p.quantityPair(b, a, i, s, lex)
		switch {
		case date:
			dates = append(dates, d)
		case slices.Contains(numbers, d): // another number of the same score or range
		case !weak && !p.otherThing(b, a, i, s) || d.before != "" && d.after != "":
			numbers = append(numbers, d)
		}
	}
	return numbers, dates, false
}

// writtenOtherwise reports whether one of the numbers, the same on both sides, is
// not written as it was.
func (p *passage) writtenOtherwise(before, after []quantity) bool {
	return !slices.EqualFunc(before, after, func(b, a quantity) bool { return keyOf(p.old.cut(b.all)) == keyOf(p.new.cut(a.all)) })
}

// quantityPair returns the i-th numbers of two lists as evidence, whether one of
// them is part of a date, and whether both are weak. A number is shown with its
// scale, percent or currency, with another unit where that differs, and one of a
// date with the date.
func (p *passage) quantityPair(before, after []quantity, i int, s site, lex *lexicon) (d pair, date, weak bool) {
	weak = true
	units := i >= len(before) || i >= len(after) || before[i].unit != after[i].unit
	text := func(s *side, q quantity) string {
		date, weak = date || q.date, weak && q.weak
		switch {
		case q.date:
			return s.cut(s.wholeDate(q.all, lex))
		case units || q.words == q.all || lex.unit[s.at(q.words.to)] == "":
			return s.cut(s.wholeRange(q.all))
		}
		return s.cut(s.wholeRange(q.words))
	}
	if i < len(before) {
		d.before = text(p.old, before[i])
	}
	if i < len(after) {
		d.after = text(p.new, after[i])
	}
	switch { // "a year" became "two years"
	case i >= len(before) && !date:
		d.before = p.old.single(s.oldWords, after[i].unit, lex)
	case i >= len(after) && !date:
		d.after = p.new.single(s.newWords, before[i].unit, lex)
	}
	return d, date, weak
}

// single returns of some words a unit with an article before it; empty where there
// is none, or no unit is asked for.
func (s *side) single(e extent, unit string, lex *lexicon) string {
	for i := e.from; i+1 < e.to && unit != ""; i++ {
		if (s.at(i) == "a" || s.at(i) == "an") && lex.unit[s.at(i+1)] == unit {
			return s.cut(extent{i, i + 2})
		}
	}
	return ""
}

// wholeRange widens a number to those that a hyphen or a stroke joins to it, as in a
// score of 2-1, and to the country of its currency: "US$5".
func (s *side) wholeRange(e extent) extent {
	const most = 3 // numbers on either side
	joined := func(i int) bool {
		gap := s.between(i)
		return yearMark(gap) && s.words[i].isNumber() && i+1 < len(s.words) && s.words[i+1].isNumber()
	}
	out := e
	for out.from > 0 && e.from-out.from < most && joined(out.from-1) {
		out.from--
	}
	for out.to < len(s.words) && out.to-e.to < most && joined(out.to-1) {
		out.to++
	}
	if first, _ := utf8.DecodeRuneInString(s.words[out.from].text); unicode.Is(unicode.Sc, first) && out.from > 0 && s.between(out.from-1) == "" {
		out.from--
	}
	return out
}

// otherThing reports whether the i-th number came or went with the thing that it
// counts, as where "two dockers" became "a customs officer".
func (p *passage) otherThing(before, after []quantity, i int, s site) bool {
	if s.oldWords.len() == 0 || s.newWords.len() == 0 {
		return false
	}
	counts := func(side *side, q quantity, e extent, other *side, others extent) bool {
		thing := side.at(q.all.to)
		if q.value > 10 || side.words[q.words.from].isNumber() || q.all.to >= e.to {
			return false
		}
		return !slices.ContainsFunc(other.keys(others), func(k string) bool { return len(k) > 2 && len(thing) > 2 && k[:2] == thing[:2] })
	}
	if i < len(before) {
		return counts(p.old, before[i], s.oldWords, p.new, s.newWords)
	}
	return counts(p.new, after[i], s.newWords, p.old, s.oldWords)
}

// touches reports whether one of the numbers stands among some words, or before
// the place where none is.
func touches(list []quantity, e extent) bool {
	return slices.ContainsFunc(list, func(q quantity) bool { return q.all.from < max(e.to, e.from+1) && e.from <= q.all.to })
}

// A pair is what became what.
type pair struct{ before, after string }

// cancel drops the quantities that both lists hold.
func cancel(before, after []quantity) (b, a []quantity) {
	a = slices.Clone(after)
	for _, q := range before {
		if i := slices.IndexFunc(a, q.same); i >= 0 {
			a = slices.Delete(a, i, i+1)
			continue
		}
		b = append(b, q)
	}
	return b, a
}

// notElsewhere drops the numbers of a site that changed on one side alone and
// stand at another site of the passage on the other: they changed places with
// other words.
func (p *passage) notElsewhere(before, after []quantity, s site, lex *lexicon) (b, a []quantity) {
	var went, came []quantity
	for _, other := range p.sites {
		if other == s {
			continue
		}
		went = append(went, p.old.quantities(other.oldWords, lex)...)
		came = append(came, p.new.quantities(other.newWords, lex)...)
	}
	went, came = cancel(went, came)
	b, _ = cancel(before, came)
	_, a = cancel(went, after)
	return b, a
}

// cut returns the text of some words, with the sign or the point that belongs to
// the last: "45 million €", "9 a.m.".
func (s *side) cut(e extent) string {
	last := s.words[e.to-1]
	end, rest := last.end, s.text[last.end:]
	if strings.HasPrefix(rest, ".") && strings.Contains(last.text, ".") && !last.isNumber() {
		return s.text[s.words[e.from].start : end+1]
	}
	if sign := strings.TrimLeft(rest, " \u00a0\u202f"); e.len() > 1 && s.words[e.from].isNumber() && sign != "" {
		if r, n := utf8.DecodeRuneInString(sign); isSign(r) {
			end += len(rest) - len(sign) + n
		}
	}
	return s.text[s.words[e.from].start:end]
}
