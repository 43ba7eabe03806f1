package report

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"storydiff/diffview"
	"storydiff/tracker"
)

// A period is how many whole weeks figures are of, the current one included.
type period struct {
	code  string // in addresses
	text  string
	weeks int // 0: all there are
}

// periods are those that can be chosen; the usual one is without a code in
// addresses.
func periods() []period {
	return []period{{"4w", "4 weeks", 4}, {"12w", "12 weeks", 12}, {"52w", "A year", 52}, {"all", "All", 0}}
}

// usualPeriod is what is shown where nothing else is asked for.
const usualPeriod = "12w"

// periodOf reads the period that a query asks for.
func periodOf(q url.Values) (period, error) {
	var codes []string
	for _, p := range periods() {
		codes = append(codes, p.code)
	}
	code, err := oneOf("period", q.Get("period"), codes)
	if err != nil {
		return period{}, err
	}
	if code == "" {
		code = usualPeriod
	}
	for _, p := range periods() {
		if p.code == code {
			return p, nil
		}
	}
	return period{}, errNoPage
}

// from returns the first week of a period; 0: it has all.
func (p period) from(now time.Time) tracker.Week {
	if p.weeks == 0 {
		return 0
	}
	return max(1, tracker.WeekOf(now)-tracker.Week(p.weeks-1))
}

// links returns a link for each period to the page at path, which keeps the other
// values of a query.
func (p period) links(path string, q url.Values) []link {
	var out []link
	for _, other := range periods() {
		out = append(out, link{withPeriod(path, other, q), other.text, other.code == p.code})
	}
	return out
}

func withPeriod(path string, p period, q url.Values) string {
	to := url.Values{}
	for name, values := range q {
		to[name] = values
	}
	to.Del("period")
	if p.code != usualPeriod {
		to.Set("period", p.code)
	}
	return withQuery(path, to.Encode())
}

// A figure is a number, and out of how many it is.
type figure struct {
	Main string
	Of   string // empty: Main says it, or there is nothing to say
}

// shareOf returns n of so many: as percent where they are enough to tell, and always
// with both numbers.
func shareOf(n, of int) figure {
	if of == 0 {
		return figure{Main: "–"}
	}
	counts := diffview.Number(n) + "\u00a0of\u00a0" + diffview.Number(of)
	if of < tracker.ShareFrom {
		return figure{Main: counts}
	}
	return figure{percent(n, of), counts}
}

// percent returns a share in whole percent; 0 and 100 are none and all alone.
func percent(n, of int) string {
	p := (n*100 + of/2) / of
	switch {
	case p == 0 && n > 0:
		return "under 1\u202f%"
	case p == 100 && n < of:
		return "over 99\u202f%"
	}
	return fmt.Sprintf("%d\u202f%%", p)
}

// perEach returns how many n are for each of so many, to a hundredth or three
// digits.
func perEach(n, of int) string {
	switch {
	case of == 0:
		return "–"
	case n >= 10*of:
		return fmt.Sprintf("%.1f", float64(n)/float64(of))
	}
	return fmt.Sprintf("%.2f", float64(n)/float64(of))
}

// lengthText returns a duration in its two largest units: "1 h 10 min"; from ten
// minutes to an hour in minutes.
func lengthText(d time.Duration) string {
	const day = 24 * time.Hour
	parts := func(large, small time.Duration, one, other string) string {
		d = d.Round(small)
		text := fmt.Sprintf("%d\u00a0%s", d/large, one)
		if rest := d % large / small; rest > 0 {
			text += fmt.Sprintf("\u00a0%d\u00a0%s", rest, other)
		}
		return text
	}
	switch {
	case d >= 100*day:
		return diffview.Number(int(d.Round(day)/day)) + "\u00a0d"
	case d.Round(time.Hour) >= day:
		return parts(day, time.Hour, "d", "h")
	case d.Round(time.Minute) >= time.Hour:
		return parts(time.Hour, time.Minute, "h", "min")
	case d.Round(time.Minute) >= 10*time.Minute: // seconds would claim too much
		return fmt.Sprintf("%d\u00a0min", d.Round(time.Minute)/time.Minute)
	case d.Round(time.Second) >= time.Minute:
		return parts(time.Minute, time.Second, "min", "s")
	case d >= time.Second:
		return fmt.Sprintf("%d\u00a0s", d.Round(time.Second)/time.Second)
	}
	return "under 1\u00a0s"
}

// medianText returns a median within its bounds, once where they are written
// alike; empty where there is none.
func medianText(m tracker.Median) string {
	least, most := lengthText(m.AtLeast), lengthText(m.AtMost)
	switch {
	case m.N == 0:
		return ""
	case m.AtMost == 0:
		return least + " or more"
	case least == most:
		return least
	case m.AtLeast < time.Second:
		return most + " or less"
	}
	return least + " to " + most
}

// medianFigure returns a median of the nouns.
func medianFigure(m tracker.Median, noun string) figure {
	if m.N == 0 {
		return figure{Main: "–"}
	}
	return figure{medianText(m), "median of " + diffview.Count(m.N, noun)}
}

// weekText names a week by its Monday.
func weekText(w tracker.Week) string { return w.Start().Format("2 January 2006") }

// countsText joins numbers and what they are of, those of none left out: "5
// silent, 1 noted".
func countsText(counts []int, names []string) string {
	var parts []string
	for i, n := range counts {
		if n > 0 {
			parts = append(parts, diffview.Number(n)+" "+names[i])
		}
	}
	return strings.Join(parts, ", ")
}
