package report

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// A filter is what the query string of the recent changes asks for.
type filter struct {
	tracker.ChangeFilter
	since string // as it was written: "24h", "2026-03-03"
	until string // likewise
}

// fieldLimit is the most bytes of a value in a query string; a host name has
// at most 253.
const fieldLimit = 300

// parseFilter reads a query string. Its error is a [badRequest]; names that
// mean nothing here are let be, as links collect them on their way.
func parseFilter(raw string, now time.Time) (filter, error) {
	var f filter
	q, err := parseQuery(raw)
	if err != nil {
		return f, err
	}
	f.Outlet = strings.ToLower(strings.TrimSpace(q.Get("outlet")))
	f.Tag = strings.TrimSpace(q.Get("tag"))
	if f.Kind, err = oneOf("kind", q.Get("kind"), kinds()); err != nil {
		return f, err
	}
	if f.Disclosure, err = oneOf("disclosure", q.Get("disclosure"), disclosures()); err != nil {
		return f, err
	}
	if f.MinSignificance, err = parseSignificance(q); err != nil {
		return f, err
	}
	if f.since, f.until, f.Since, f.Until, err = parsePeriod(q, now); err != nil {
		return f, err
	}
	if f.Words, err = parseWords(q.Get("q")); err != nil {
		return f, err
	}
	if before := q.Get("before"); before != "" {
		f.Before, err = strconv.ParseInt(before, 10, 64)
		if err != nil || f.Before < 1 {
			return f, badRequest(fmt.Sprintf("before must be the number of a change, not %q.", before))
		}
	}
	return f, nil
}

// parseQuery reads a query string in which nothing is given twice or at length.
func parseQuery(raw string) (url.Values, error) {
	q, err := url.ParseQuery(raw)
	if err != nil {
		return nil, badRequest("The query string of this address is not well-formed.")
	}
	for name, values := range q {
		if len(values) > 1 {
			return nil, badRequest(fmt.Sprintf("%s is given more than once.", shown(cutEnd(name, fieldLimit))))
		}
		if len(values[0]) > fieldLimit {
			return nil, badRequest(fmt.Sprintf("%s is longer than %d bytes.", shown(cutEnd(name, fieldLimit)), fieldLimit))
		}
		if strings.ContainsFunc(values[0], unicode.IsControl) || !utf8.ValidString(values[0]) {
			return nil, badRequest(fmt.Sprintf("%s is no plain text.", shown(cutEnd(name, fieldLimit))))
		}
	}
	return q, nil
}

// oneOf returns value where it is empty or one of allowed.
func oneOf(name, value string, allowed []string) (string, error) {
	for _, a := range allowed {
		if value == a || value == "" {
			return value, nil
		}
	}
	return "", badRequest(fmt.Sprintf("%s must be one of %s, not %q.", name, strings.Join(allowed, ", "), value))
}

// parseSignificance reads min_significance, or level as a word for it.
func parseSignificance(q url.Values) (int, error) {
	number, level := q.Get("min_significance"), q.Get("level")
	if number != "" && level != "" {
		return 0, badRequest("Give either level or min_significance, not both.")
	}
	if number != "" {
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || n > 100 {
			return 0, badRequest(fmt.Sprintf("min_significance must be a number from 0 to 100, not %q.", number))
		}
		return n, nil
	}
	level, err := oneOf("level", level, []string{string(revision.Major), string(revision.Notable), string(revision.Minor)})
	if err != nil || level == "" {
		return 0, err
	}
	return leastOf(revision.Level(level)), nil
}

// leastOf returns the least significance of a level.
func leastOf(level revision.Level) int {
	for n := range 100 {
		if revision.LevelOf(n) == level {
			return n
		}
	}
	return 0
}

// parsePeriod reads since and until, as they are written and as times; a zero time
// is no bound. A day given as until counts whole.
func parsePeriod(q url.Values, now time.Time) (since, until string, from, to time.Time, err error) {
	since, until = strings.TrimSpace(q.Get("since")), strings.TrimSpace(q.Get("until"))
	if since != "" {
		if from, err = parseTime("since", since, now); err != nil {
			return since, until, from, to, err
		}
	}
	if until != "" {
		if to, err = parseTime("until", until, now); err != nil {
			return since, until, from, to, err
		}
		if _, err := time.Parse(time.DateOnly, until); err == nil {
			to = to.AddDate(0, 0, 1)
		}
		if !from.IsZero() && !from.Before(to) {
			return since, until, from, to, badRequest("until lies before since: nothing is between them.")
		}
	}
	return since, until, from, to, nil
}

// parseTime reads a span counted back from now, a day, or a time.
func parseTime(name, text string, now time.Time) (time.Time, error) {
	if span, err := parseSpan(text); err == nil {
		return now.Add(-span), nil
	}
	for _, form := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(form, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, badRequest(fmt.Sprintf(
		"%s must be a span such as 24h, 7d or 2w, or a date such as 2026-03-31, not %q.", name, text))
}

// maxSpan bounds a span: beyond a century nothing was tracked.
const maxSpan = 100 * 365 * 24 * time.Hour

// parseSpan reads a positive duration as Go writes it, or days or weeks.
func parseSpan(text string) (time.Duration, error) {
	unit := time.Duration(0)
	switch {
	case strings.HasSuffix(text, "d"):
		unit = 24 * time.Hour
	case strings.HasSuffix(text, "w"):
		unit = 7 * 24 * time.Hour
	}
	if unit == 0 {
		span, err := time.ParseDuration(text)
		if err != nil || span <= 0 || span > maxSpan {
			return 0, fmt.Errorf("span %q is none", text)
		}
		return span, nil
	}
	n, err := strconv.Atoi(text[:len(text)-1])
	if err != nil || n < 1 || n > int(maxSpan/unit) {
		return 0, fmt.Errorf("span %q is none", text)
	}
	return time.Duration(n) * unit, nil
}

// values returns the filter as a query string says it, without the place in
// the list.
func (f filter) values() url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("outlet", f.Outlet)
	set("kind", f.Kind)
	set("disclosure", f.Disclosure)
	set("tag", f.Tag)
	set("since", f.since)
	set("until", f.until)
	if f.Words != nil {
		set("q", f.Words.Text)
	}
	if f.MinSignificance > 0 {
		q.Set("min_significance", strconv.Itoa(f.MinSignificance))
	}
	return q
}

// address returns the address of the list from a change on; 0: from the newest.
func (f filter) address(before int64) string {
	q := f.values()
	if before > 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	return withQuery("/", q.Encode())
}

// says returns what the filter chooses, a phrase each.
func (f filter) says() []string {
	var out []string
	add := func(set bool, form string, args ...any) {
		if set {
			out = append(out, fmt.Sprintf(form, args...))
		}
	}
	add(f.Disclosure != "", "%s", f.Disclosure)
	add(f.Kind != "", "of kind %s", spaced(f.Kind))
	add(f.MinSignificance > 0, "of significance %d or more", f.MinSignificance)
	add(f.Outlet != "", "by %s", shown(f.Outlet))
	add(f.Tag != "", "tagged %s", shown(f.Tag))
	if f.Words != nil {
		out = append(out, "in passages with "+shown(f.Words.Text))
	}
	if f.since != "" {
		out = append(out, "seen since "+newMoment(f.Since).Text)
	}
	if f.until != "" {
		out = append(out, "seen before "+newMoment(f.Until).Text)
	}
	return out
}

func kinds() []string {
	return texts(revision.Headline, revision.Standfirst, revision.Byline, revision.Caption,
		revision.Number, revision.Date, revision.Name, revision.Quote, revision.Attribution,
		revision.Negation, revision.Hedge, revision.Spelling, revision.Wording,
		revision.ParagraphAdded, revision.ParagraphRemoved, revision.ParagraphMoved,
		revision.Correction, revision.Link)
}

func disclosures() []string { return texts(revision.Silent, revision.Stamped, revision.Noted) }

func texts[T ~string](in ...T) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = string(v)
	}
	return out
}
