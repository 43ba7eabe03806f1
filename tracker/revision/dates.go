package revision

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	clockRE   = regexp.MustCompile(`^\d{1,2}:\d\d(:\d\d)?([ap]m|h)?$|^\d{1,2}([.:]\d\d)?[ap]m$|^\d{1,2}h(\d\d)?$`)
	dateRE    = regexp.MustCompile(`^\d{1,2}\.\d{1,2}\.(\d{2}|\d{4})$|^(1[89]|20)\d0s$`)
	yearRE    = regexp.MustCompile(`^(1[89]|20)\d\d$`)
	dayRE     = regexp.MustCompile(`^([1-9]|[12]\d|3[01])(st|nd|rd|th|er)?$`)
	timeUnits = regexp.MustCompile(`^(s|sec|secs|seconds?|m|mins?|minutes?|h|hrs?|hours?|days?|weeks?|months?|years?)$`)
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
	if clockRE.MatchString(w.key) || dateRE.MatchString(w.key) {
		return true
	}
	switch next {
	case "am", "pm", "a.m", "p.m", "o'clock", "uhr", "gmt", "bst", "utc", "heures":
		return true
	}
	if next != "" && strings.Contains(afterCJK, next) || i > 0 && strings.Contains(beforeCJK, s.at(i-1)) {
		return true
	}
	if timeUnits.MatchString(next) && lex.ago[s.at(q.words.to+1)] {
		return true
	}
	if dayRE.MatchString(w.key) && (s.isMonth(i-1, lex) || s.isMonth(i+1, lex) || s.isMonth(i+2, lex) && s.at(i+1) == "of" || lex.weekday[s.at(i-1)]) {
		return true
	}
	if yearRE.MatchString(w.key) {
		day := i > 0 && dayRE.MatchString(s.at(i-1)) && s.isMonth(i-2, lex)
		return day || s.isMonth(i-1, lex) || lex.yearCue[s.at(i-1)]
	}
	return s.inNumericDate(i)
}

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
	return i >= 0 && i < len(s.words) && lex.month[s.words[i].key] && (lex.lowerDates || s.words[i].isCapital())
}

// dateWords returns the words of a site that name a day, a month or a time of
// day. A month that is also a plain word counts only with a capital, and "May"
// at the start of a sentence only beside a number.
func (s *side) dateWords(e extent, lex *lexicon) []string {
	var out []string
	for i := e.from; i < e.to; i++ {
		w := s.words[i]
		capital := lex.lowerDates || w.isCapital()
		switch {
		case lex.weekday[w.key] && capital && !ambiguousDay(w.key), lex.time[w.key]:
			out = append(out, w.key)
		case s.isMonth(i, lex) && (!s.initial(i, lex) || dayRE.MatchString(s.at(i+1)) || yearRE.MatchString(s.at(i+1)) || len(w.key) > 5):
			out = append(out, w.key)
		case strings.Contains("一二三四五六日天", w.key) && i > 0 && strings.Contains(beforeCJK, s.at(i-1)):
			out = append(out, w.key)
		}
	}
	return out
}

// ambiguousDay reports whether a short form of a day's name is a word itself.
func ambiguousDay(key string) bool {
	return key == "sun" || key == "sat" || key == "wed" || key == "mon"
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
	if utf8.RuneCountInString(p.before(s)) > 60 || utf8.RuneCountInString(p.after(s)) > 60 {
		return []pair{{strings.Join(before, " "), strings.Join(after, " ")}}
	}
	return []pair{{p.before(s), p.after(s)}}
}

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
