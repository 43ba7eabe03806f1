package extract

import (
	"strconv"
	"strings"
	"time"
)

// The forms of a date in words and figures, as readers see it.
var (
	dayMonthYear = lazily(`(?i)(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+|d['’])?(\pL{3,})\.?,?\s+(?:de\s+)?(\d{4})`)
	monthDayYear = lazily(`(?i)(\pL{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})`)
	yearMonthDay = lazily(`(\d{4})(?:-|/|年)(\d{1,2})(?:-|/|月)(\d{1,2})日?`)
	dayDotMonth  = lazily(`(\d{1,2})\.(\d{1,2})\.(\d{4})`)
	clockWithin  = lazily(`\b\d{1,2}[:.h]\d{2}`)
	halfOfDay    = lazily(`(?i)\d\s*[ap]\.?m\b`)
	clockBehind  = lazily(`(?i)^[\s,|–—-]*(?:at|um|à|a las|alle|ore|às|om|kl\.?|klo|o godz\.?|T)?\s*(\d{1,2})[:.h](\d{2})(?:[:.]\d{2})?\s*([ap])?\.?m?`)
)

// nearTop is how many pieces from the headline on may state the story's dates,
// links and counters aside.
const nearTop = 8

// wordedDates takes the dates that a page shows to readers in lines of their own
// where it states none for machines: "Published 3 March 2026, 09:12". A time is
// taken for UTC, whatever zone is named.
func (p *page) wordedDates(pieces []piece, s *Story) {
	p.topLines(pieces, func(line string) bool {
		s.takeDates(line)
		return s.Published.IsZero() || s.Modified.IsZero()
	})
	if s.Published.IsZero() || !s.Modified.IsZero() {
		return
	}
	p.topLines(pieces, func(line string) bool {
		if t := changedAt(line, s.Published); !t.IsZero() {
			s.Modified, s.Sources["modified"] = t, ByTheClock
		}
		return s.Modified.IsZero()
	})
}

// topLines calls take for the lines, and the parts of lines, that stand where a
// story's dates do, until it returns false.
func (p *page) topLines(pieces []piece, take func(line string) bool) {
	seen := 0
	for i := range len(p.beside) + len(pieces) {
		var at *piece
		if i < len(p.beside) {
			at = &p.beside[i]
		} else if at = &pieces[i-len(p.beside)]; at.zone == outside {
			continue
		}
		if at.zone == afterText || at.soft && at.chars > maxScraps {
			continue
		}
		if at.density() < 0.9 && !p.countsOnly(at.text) {
			seen++
		}
		if seen > nearTop {
			return
		}
		for line := range strings.SplitSeq(at.text, "\n") {
			if !take(line) {
				return
			}
		}
		for _, part := range at.parts {
			if !take(part) {
				return
			}
		}
	}
}

// ByTheClock is the source of a modified time of which the page states the time of
// day alone: "Updated 10:15". It is the first such time after publication, so that
// one on a later day may be earlier than the one before it.
const ByTheClock = "in words, without a day"

// changedAt returns when a line says that a story was changed, by a time of day
// alone: the first such time after published; zero where it says nothing of it.
func changedAt(line string, published time.Time) time.Time {
	if dateLine(line) != stamped || !saysModified(line) {
		return time.Time{}
	}
	var d dating
	d.read(line)
	at := clockWithin.FindStringSubmatchIndex(line)
	if d.clocks != 1 || d.befores > 0 || d.digits > 0 && !halfOfDay.MatchString(line) || at == nil {
		return time.Time{}
	}
	hours, n := clockAfter(line[at[0]:])
	if n == 0 {
		return time.Time{}
	}
	t := published.UTC().Truncate(24 * time.Hour).Add(hours)
	if t.Before(published) {
		t = t.Add(24 * time.Hour)
	}
	return t
}

// countsOnly reports whether a line is furniture that may come and go above a
// date, and is no date itself.
func (p *page) countsOnly(line string) bool {
	return p.lineWhy(line, 0) != "" && dateLine(line) == noStamp
}

// takeDates takes the dates of one line that is made of dates alone.
func (s *Story) takeDates(line string) {
	if !hasDigit(line) || dateLine(line) == noStamp {
		return
	}
	for rest := line; ; {
		t, from, to := wordedDate(rest)
		if t.IsZero() {
			return
		}
		field, name := &s.Published, "published"
		if saysModified(rest[:from]) {
			field, name = &s.Modified, "modified"
		}
		if field.IsZero() {
			*field, s.Sources[name] = t, "in words"
		}
		rest = rest[to:]
	}
}

// saysModified reports whether the words before a date say that it is of a change.
func saysModified(words string) bool {
	words = strings.ToLower(words)
	for _, word := range modifiedWords {
		if strings.Contains(words, word) {
			return true
		}
	}
	return false
}

// wordedDate returns the first date in a line and where it stands; zero where
// there is none.
func wordedDate(line string) (t time.Time, from, to int) {
	for _, form := range []struct {
		pattern    pattern
		y, m, d    int // which group is which
		monthNamed bool
	}{{dayMonthYear, 3, 2, 1, true}, {monthDayYear, 3, 1, 2, true}, {yearMonthDay, 1, 2, 3, false}, {dayDotMonth, 3, 2, 1, false}} {
		m := form.pattern.FindStringSubmatchIndex(line)
		if m == nil || !t.IsZero() && m[0] >= from {
			continue
		}
		group := func(i int) string { return line[m[2*i]:m[2*i+1]] }
		month := number(group(form.m))
		if form.monthNamed {
			month = monthOf(group(form.m))
		}
		if at := dateOf(number(group(form.y)), month, number(group(form.d))); !at.IsZero() {
			hours, behind := clockAfter(line[m[1]:])
			t, from, to = at.Add(hours), m[0], m[1]+behind
		}
	}
	return t, from, to
}

// clockAfter returns the time of day that a line begins with, and how long it is.
func clockAfter(line string) (time.Duration, int) {
	m := clockBehind.FindStringSubmatch(line)
	if m == nil {
		return 0, 0
	}
	hour, minute := number(m[1]), number(m[2])
	switch strings.ToLower(m[3]) {
	case "p":
		hour = hour%12 + 12
	case "a":
		hour %= 12
	}
	if hour > 23 || minute > 59 {
		return 0, 0
	}
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute, len(m[0])
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// dateOf returns a day; zero where there is no such day or it is implausible.
func dateOf(year, month, day int) time.Time {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if month < 1 || month > 12 || t.Day() != day {
		return time.Time{}
	}
	return plausible(t)
}

// monthOf returns the number of the month with a name, from 1; 0 if none has.
func monthOf(name string) int { return monthNames[strings.ToLower(name)] }

// monthNames are the names of the lexicon: its twelve lines of them in order.
var monthNames = func() map[string]int {
	names := map[string]int{}
	for i, line := range entries("dates.txt", "month") {
		for name := range strings.FieldsSeq(line) {
			names[name] = i + 1
		}
	}
	return names
}()

// modifiedWords say before a date that it is of a change.
var modifiedWords = entries("dates.txt", "modified")
