package revision

import (
	"math"
	"regexp"
	"slices"
	"strings"
)

var (
	clockRE  = regexp.MustCompile(`^\d{1,2}:\d\d(:\d\d)?([ap]m|h)?$|^\d{1,2}([.:]\d\d)?[ap]m$|^\d{1,2}h(\d\d)?$`)
	dateRE   = regexp.MustCompile(`^\d{1,2}\.\d{1,2}\.(\d{2}|\d{4})$|^(1[89]|20)\d0s$`)
	yearRE   = regexp.MustCompile(`^(1[89]|20)\d\d$`)
	koreanRE = regexp.MustCompile(`^\d+(년|월|일|시|분)`)
	hourRE   = regexp.MustCompile(`^\d{1,2}[.:]\d\d$`)
	dayRE    = regexp.MustCompile(`^([1-9]|[12]\d|3[01])(st|nd|rd|th|er)?$`)
)

// The signs that make a date of the number before or after them in Chinese and
// Japanese.
const (
	afterCJK  = "年月日号號時时点點分"
	beforeCJK = "周週期拜"
)

// isDate reports whether the number at word i is part of a date or a time of
// day: beside a month, a year behind a word like "in", 14:20, 3 p.m., 2026-03-02,
// 3月, "two days ago".
func (s *side) isDate(i int, q quantity, lex *lexicon) bool {
	w := s.words[i]
	next := s.at(q.words.to)
	if clockRE.MatchString(w.key) || dateRE.MatchString(w.key) || koreanRE.MatchString(w.key) {
		return true
	}
	if next != "" && strings.Contains(afterCJK, next) || i > 0 && strings.Contains(beforeCJK, s.at(i-1)) {
		return true
	}
	if s.isClock(i, q, lex) || s.isAgo(q, i, lex) {
		return true
	}
	if dayRE.MatchString(w.key) && s.besideMonth(i, lex) {
		return true
	}
	if _, ok := lex.ordinal[w.key]; ok && s.besideMonth(i, lex) {
		return true
	}
	if next == "century" || s.at(q.all.to) == "century" || q.unit == "century" {
		return true
	}
	if yearRE.MatchString(w.key) && q.unit == "" {
		return s.isYear(i, lex)
	}
	return s.inNumericDate(i) || s.endsYears(i)
}

// endsYears reports whether word i is the second of two years, in two digits:
// the 24 of "2023-24".
func (s *side) endsYears(i int) bool {
	return i > 0 && len(s.at(i)) == 2 && s.words[i].isNumber() && yearRE.MatchString(s.at(i-1)) && yearMark(s.between(i-1)) && s.at(i) > s.at(i - 1)[2:]
}

func yearMark(gap string) bool { return gap == "-" || gap == "–" || gap == "/" }

// besideMonth reports whether word i stands where the day of a month or of a
// week does: "March 4", "4. März", "4 de marzo", "Monday the 4th".
func (s *side) besideMonth(i int, lex *lexicon) bool {
	next := s.at(i + 1)
	return s.isMonth(i-1, lex) || s.isMonth(i+1, lex) || s.isMonth(i+2, lex) && (next == "of" || next == "de" || next == "di" || next == "y") ||
		lex.weekday[s.at(i-1)] || s.at(i-1) == "the" && lex.weekday[s.at(i-2)]
}

// isClock reports whether the number at word i is an hour.
func (s *side) isClock(i int, q quantity, lex *lexicon) bool {
	next := s.at(q.words.to)
	if lex.clockAfter[next] && strings.TrimSpace(s.between(q.words.to-1)) == "" {
		return true
	}
	if hourRE.MatchString(s.at(i)) && lex.clockBefore[s.at(i-1)] || s.at(i-1) == "h" && s.isNumeric(i-2, lex) {
		return true
	}
	if q.value > 24 || q.value != math.Trunc(q.value) || q.unit != "" && q.unit != "hour" {
		return false
	}
	if (next == "past" || next == "to") && lex.number[s.at(q.words.to+1)] > 0 && s.isNumeric(i, lex) && (s.at(i) == "half" || s.at(i) == "quarter") {
		return true
	}
	if last := s.at(i - 1); last == "past" && i > 1 && s.isNumeric(i-2, lex) {
		return true
	}
	if next == "in" && s.at(q.words.to+1) == "the" && lex.time[s.at(q.words.to+2)] {
		return true
	}
	return lex.clockBefore[s.at(i-1)] && q.value > 0 && q.unit == "" && (next == "" || lex.stop[next] || lex.weekday[next] || lex.time[next] || lex.hourPart[next] ||
		strings.ContainsAny(s.between(q.words.to-1), ".,;:"))
}

// isAgo reports whether the number is one of "8 hours ago" or "vor 3 Tagen".
func (s *side) isAgo(q quantity, i int, lex *lexicon) bool {
	if q.all == q.words || lex.unit[s.at(q.all.to-1)] == "" {
		// The unit may stand beyond the words that were asked for.
		unit, n := s.measure(q.words.to, len(s.words), lex)
		if n == 0 || unit == "%" {
			return abbreviatedUnit[s.at(q.words.to)] && lex.ago[s.at(q.words.to+1)]
		}
		q.all.to = q.words.to + n
	}
	return lex.isTimeUnit(s.at(q.all.to-1)) && (lex.ago[s.at(q.all.to)] && !lex.goesOn[s.at(q.all.to+1)] || lex.agoBefore[s.at(i-1)])
}

// abbreviatedUnit are forms of units that pages use in "8h ago".
var abbreviatedUnit = map[string]bool{"s": true, "m": true, "h": true}

func (l *lexicon) isTimeUnit(key string) bool {
	switch l.unit[key] {
	case "second", "minute", "hour", "day", "week", "month", "year", "decade", "century":
		return true
	}
	return false
}

// isYear reports whether four digits are a year: behind a day and a month or a
// word like "in", before one like "election", or in brackets or a range.
func (s *side) isYear(i int, lex *lexicon) bool {
	next := s.at(i + 1)
	day := i > 0 && dayRE.MatchString(s.at(i-1)) && s.isMonth(i-2, lex)
	switch {
	case day, s.isMonth(i-1, lex), (s.at(i-1) == "de" || s.at(i-1) == "del") && s.isMonth(i-2, lex):
		return true
	case lex.yearNoun[next] && strings.TrimSpace(s.between(i)) == "":
		return true
	case lex.yearCue[s.at(i-1)] || lex.yearNoun[s.at(i-1)] || lex.time[s.at(i-1)] || lex.relative[s.at(i-1)]:
		return next == "" || !strings.HasSuffix(next, "s") || lex.stop[next] || s.between(i) != " "
	case strings.HasSuffix(s.between(i-1), "(") && strings.HasPrefix(s.between(i), ")"):
		return true
	case lex.nouns && s.countsNothing(i, lex):
		return true
	}
	ranged := func(j int) bool {
		return j >= 0 && j+1 < len(s.words) && strings.ContainsAny(s.between(j), "-–/") && yearRE.MatchString(s.at(j))
	}
	return ranged(i) || i > 0 && ranged(i-1)
}

// countsNothing reports whether the number at word i cannot count what follows,
// where nouns are written with a capital: an article, a preposition or a
// participle does, as in "wurde 1920 gebaut" and "wurde 1920 von ihr gebaut". Of
// "1920 neue Häuser" it counts the houses.
func (s *side) countsNothing(i int, lex *lexicon) bool {
	next := s.at(i + 1)
	if next == "" || s.isCapitalAt(i+1) || strings.TrimSpace(s.between(i)) != "" || s.isUnit(i+1, lex) || lex.scale[next] > 0 {
		return false
	}
	if lex.stop[next] {
		return !counted[next]
	}
	closed := !s.isCapitalAt(i+2) || strings.TrimSpace(s.between(i+1)) != ""
	return closed && (strings.HasSuffix(next, "t") || strings.HasSuffix(next, "en"))
}

// counted are German function words that a number before them counts or is
// compared by.
var counted = map[string]bool{"mehr": true, "weniger": true, "oder": true, "bis": true, "und": true, "andere": true, "solche": true, "viele": true, "weitere": true}

// inNumericDate reports whether word i is one of three numbers parted by the
// same hyphen or stroke: 2026-03-02, 3/2/26.
func (s *side) inNumericDate(i int) bool {
	for first := max(0, i-2); first <= i && first+2 < len(s.words); first++ {
		mark := s.between(first)
		if (mark == "-" || mark == "/" || mark == ".") && s.between(first+1) == mark &&
			s.words[first].isNumber() && s.words[first+1].isNumber() && s.words[first+2].isNumber() {
			return true
		}
	}
	return false
}

// isMonth reports whether word i names a month. "May" and "March" do so with a
// capital alone, where the language gives them one.
func (s *side) isMonth(i int, lex *lexicon) bool {
	if i < 0 || i >= len(s.words) || !lex.month[s.words[i].key] || !lex.lowerDates && !s.words[i].isCapital() {
		return false
	}
	return !lex.monthWeak[s.words[i].key] || s.isMonthByPlace(i, lex)
}

// isMonthByPlace reports whether a word that is a month or somebody's name, "May"
// or "June", stands where a month does: beside a number or behind a function
// word.
func (s *side) isMonthByPlace(i int, lex *lexicon) bool {
	last := s.at(i - 1)
	return s.initial(i, lex) || lex.stop[last] || lex.yearCue[last] || lex.relative[last] || lex.weekday[last] || lex.month[last] ||
		s.isNumeric(i-1, lex) || i+1 < len(s.words) && s.words[i+1].isNumber() || strings.TrimSpace(s.between(i-1)) != ""
}

// dateWords returns the words of a site that name a day, a month or a time of
// day, or tell one by "last" and "next". A month that is also a plain word counts
// only with a capital, and "May" at the start of a sentence only beside a number.
func (s *side) dateWords(e extent, lex *lexicon) []string {
	var out []string
	for i := e.from; i < e.to; i++ {
		w := s.words[i]
		capital := lex.lowerDates || w.isCapital()
		switch {
		case lex.weekday[w.key] && capital, lex.time[w.key] && !s.isUnitOf(i, lex) && (!lex.timeWeak[w.key] || lex.stop[s.at(i-1)] || s.isPeriod(i-1, lex) || lex.relative[s.at(i-1)]):
			out = append(out, w.key)
		case lex.weekdayWeak[w.key] && s.isWeakDay(i, lex):
			out = append(out, w.key)
		case s.isMonth(i, lex) && (!s.initial(i, lex) || dayRE.MatchString(s.at(i+1)) || yearRE.MatchString(s.at(i+1)) || len(w.key) > 5):
			out = append(out, w.key)
		case lex.relative[w.key] && (s.isPeriod(i+1, lex) || s.isPeriod(i-1, lex)) || lex.period[w.key] && (lex.relative[s.at(i-1)] || lex.relative[s.at(i+1)]):
			out = append(out, w.key)
		case strings.Contains("一二三四五六日天", w.key) && i > 0 && strings.Contains(beforeCJK, s.at(i-1)):
			out = append(out, w.key)
		}
	}
	return out
}

// isUnitOf reports whether word i is the unit of a number before it, as the hours
// of "3 horas": that is a duration.
func (s *side) isUnitOf(i int, lex *lexicon) bool {
	return lex.unit[s.at(i)] != "" && s.isNumeric(i-1, lex)
}

// isWeakDay reports whether a word that may be the name of a day is one: "quarta"
// before "feira" or behind "na".
func (s *side) isWeakDay(i int, lex *lexicon) bool {
	last := s.at(i - 1)
	return s.at(i+1) == "feira" || lex.relative[last] || (last == "na" || last == "nesta" || last == "esta" || last == "desta") && (s.at(i+1) == "" || lex.stop[s.at(i+1)] || s.between(i) != " ")
}

// isPeriod reports whether word i names a stretch or day that "last" and "next"
// tell apart.
func (s *side) isPeriod(i int, lex *lexicon) bool {
	key := s.at(i)
	return key != "" && (lex.period[key] || lex.weekday[key] || lex.time[key] && !lex.clockAfter[key] || s.isMonth(i, lex))
}

// changedDates returns the evidence that names of days, months or hours differ.
func (p *passage) changedDates(s site, lex *lexicon) []pair {
	before, after := p.old.dateWords(s.oldWords, lex), p.new.dateWords(s.newWords, lex)
	before, after = difference(before, after), difference(after, before)
	if len(before) == 0 && len(after) == 0 {
		return nil
	}
	if len(before) == 0 || len(after) == 0 {
		for _, other := range p.sites {
			if other != s {
				before = difference(before, p.new.dateWords(other.newWords, lex))
				after = difference(after, p.old.dateWords(other.oldWords, lex))
			}
		}
		if len(before) == 0 && len(after) == 0 {
			return nil
		}
	}
	d := pair{p.dateText(p.old, s.oldWords, before, lex), p.dateText(p.new, s.newWords, after, lex)}
	switch stretch := func(k string) bool { return lex.period[k] }; {
	case d.after == "" && slices.ContainsFunc(p.new.keys(s.newWords), stretch):
		d.after = p.after(s) // "June" became "the year"
	case d.before == "" && slices.ContainsFunc(p.old.keys(s.oldWords), stretch):
		d.before = p.before(s)
	}
	return []pair{d}
}

// dateText returns the words of a site from the first of some date words to the
// last.
func (p *passage) dateText(s *side, e extent, words []string, lex *lexicon) string {
	from, to := -1, 0
	for i := e.from; i < e.to; i++ {
		if slices.Contains(words, s.words[i].key) && len(s.dateWords(extent{i, i + 1}, lex)) > 0 {
			if from < 0 {
				from = i
			}
			to = i + 1
		}
	}
	if from < 0 {
		return ""
	}
	return s.cut(s.wholeDate(extent{from, to}, lex))
}

// wholeDate widens the words of a date to the weekday, day, month and year beside them,
// and those of an hour to what makes it one: of "March 14, 2019" whole, whichever
// part of it changed, and of "9 a.m." likewise.
func (s *side) wholeDate(e extent, lex *lexicon) extent {
	const reach = 4 // words on either side
	part := func(i int) bool {
		return s.isMonth(i, lex) || lex.weekday[s.at(i)] || dayRE.MatchString(s.at(i)) || yearRE.MatchString(s.at(i)) || s.endsYears(i) || lex.ordinal[s.at(i)] > 0 && s.besideMonth(i, lex)
	}
	joined := func(i int) bool { // with the word behind it
		gap := s.between(i)
		mark := strings.TrimSpace(gap)
		if yearMark(gap) && yearRE.MatchString(s.at(i)) {
			return yearRE.MatchString(s.at(i+1)) || s.endsYears(i+1)
		}
		return !strings.Contains(gap, "\n") && (mark == "" || mark == "." && s.isMonth(i+1, lex) || mark == "," && (yearRE.MatchString(s.at(i+1)) || lex.weekday[s.at(i)]))
	}
	out := e
	for out.from > 0 && e.from-out.from < reach && joined(out.from-1) && (part(out.from-1) || inDate[s.at(out.from-1)]) {
		out.from--
	}
	for out.to < len(s.words) && out.to-e.to < reach && joined(out.to-1) && (part(out.to) || inDate[s.at(out.to)]) {
		out.to++
	}
	for out.from < e.from && inDate[s.at(out.from)] {
		out.from++
	}
	for out.to > e.to && inDate[s.at(out.to-1)] {
		out.to--
	}
	for i := out.from; i < out.to; i++ {
		if s.isMonth(i, lex) || i+1 < out.to && yearMark(s.between(i)) {
			return out
		}
	}
	if e.to < len(s.words) && joined(e.to-1) && (lex.clockAfter[s.at(e.to)] && s.isNumeric(e.to-1, lex) || lex.ago[s.at(e.to)] && s.isUnit(e.to-1, lex)) {
		e.to++
	}
	return e
}

// inDate are words that stand between the parts of a date: "the 4th of March",
// "4 de marzo de 2019".
var inDate = map[string]bool{"of": true, "de": true, "del": true, "di": true}

// difference returns the entries of a that b does not hold, counting repeats.
func difference(a, b []string) []string {
	left := map[string]int{}
	for _, x := range b {
		left[x]++
	}
	var out []string
	for _, x := range a {
		if left[x] > 0 {
			left[x]--
			continue
		}
		out = append(out, x)
	}
	return out
}
