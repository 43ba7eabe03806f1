package revision

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// A quantity is a number as a text states it, in digits or words.
type quantity struct {
	value float64
	unit  string // "%", a currency sign, or letters that stick to it: "km"
	date  bool   // it is a day, a year or a time of day
	weak  bool   // a word that often is no number: "one", "second"
	words extent
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
		q.date = s.isDate(i, q, lex)
		out = append(out, q)
		i += n
	}
	return out
}

// quantity reads the number that begins a run of words, and how many of them it
// takes: "2 million", "twenty-one", "5 per cent".
func (s *side) quantity(e extent, lex *lexicon) (quantity, int) {
	w := s.words[e.from]
	var q quantity
	n := 0
	switch {
	case w.isNumber():
		q, n = digits(w, lex), 1
	case strings.Contains(hanNumerals, w.key):
		q, n = s.hanNumber(e)
	default:
		q, n = s.numberWords(e, lex)
	}
	if n == 0 {
		return q, 0
	}
	rest := s.words[e.from+n : e.to]
	if len(rest) > 0 && w.isNumber() && lex.scale[rest[0].key] > 0 {
		q.value *= lex.scale[rest[0].key]
		n, rest = n+1, rest[1:]
	}
	switch {
	case q.unit != "":
	case len(rest) > 0 && (rest[0].key == "percent" || rest[0].key == "prozent"):
		q.unit, n = "%", n+1
	case len(rest) > 1 && rest[0].key == "per" && rest[1].key == "cent":
		q.unit, n = "%", n+2
	}
	return q, n
}

// numberWords adds up a run of number words as English says them: scale words
// multiply what came before, the rest adds.
func (s *side) numberWords(e extent, lex *lexicon) (quantity, int) {
	total, part := 0.0, 0.0
	n, strong := 0, false
	for i := e.from; i < e.to; i++ {
		key := s.words[i].key
		v, isNumber := lex.number[key]
		weak, isWeak := lex.ordinal[key]
		scale, isScale := lex.scale[key]
		switch {
		case isNumber:
			part += v
			strong = true
		case isWeak:
			part += weak
			strong = strong || n > 0
		case isScale && (n > 0 || i == e.from):
			part = max(part, 1) * scale
			strong = true
			if scale >= 1000 {
				total, part = total+part, 0
			}
		case key == "and" && n > 0 && i+1 < e.to && lex.number[s.words[i+1].key] > 0 && lex.scale[s.words[i-1].key] > 0:
		default:
			return quantity{value: total + part, weak: !strong}, n
		}
		n++
		if i+1 < e.to && strings.ContainsAny(s.between(i), ",;.") {
			break
		}
	}
	return quantity{value: total + part, weak: !strong}, n
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
	text := strings.TrimLeftFunc(w.key, func(r rune) bool {
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
		q.value = scale * parseDigits(number)
	case suffix == "m" && q.unit != "":
		q.value = 1e6 * parseDigits(number)
	default:
		q.value = parseDigits(number)
		q.unit += suffix
	}
	return q
}

func parseDigits(text string) float64 {
	ascii := strings.Map(func(r rune) rune {
		switch {
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
	before, after := p.old.quantities(s.oldWords, lex), p.new.quantities(s.newWords, lex)
	had := len(before) > 0 && len(after) > 0
	before, after = cancel(before, after)
	if len(before) == 0 && len(after) == 0 {
		return nil, nil, had
	}
	if len(before) == 0 || len(after) == 0 {
		before, after = p.notElsewhere(before, after, s, lex)
	}
	for i := range max(len(before), len(after)) {
		var d pair
		date, weak := false, true
		if i < len(before) {
			d.before = p.quantityText(p.old, before[i])
			date, weak = date || before[i].date, weak && before[i].weak
		}
		if i < len(after) {
			d.after = p.quantityText(p.new, after[i])
			date, weak = date || after[i].date, weak && after[i].weak
		}
		switch {
		case date:
			dates = append(dates, d)
		case !weak || d.before != "" && d.after != "":
			numbers = append(numbers, d)
		}
	}
	return numbers, dates, false
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

func (p *passage) quantityText(s *side, q quantity) string {
	return s.text[s.words[q.words.from].start:s.words[q.words.to-1].end]
}
