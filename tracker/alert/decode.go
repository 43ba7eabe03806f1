package alert

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A node is a value of the configuration and where it stands, for errors.
type node struct {
	path  string
	value any
}

// fail says what is wrong with a value, where it stands first.
func (n node) fail(format string, args ...any) error {
	return fmt.Errorf("%s: %s", n.path, fmt.Sprintf(format, args...))
}

// fields returns what stands under the keys of a mapping. A key that is not
// known is refused.
func (n node) fields(known ...string) (map[string]node, error) {
	m, ok := n.value.(map[string]any)
	if !ok {
		return nil, n.fail("want settings, such as %s: …", known[0])
	}
	out := map[string]node{}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(known, key) {
			return nil, n.fail("no setting is called %q: there are %s", key, listed(known, "and"))
		}
		if m[key] == nil {
			return nil, n.fail("%s: there is no value: give one, or leave the line out", key)
		}
		out[key] = node{n.path + ": " + key, m[key]}
	}
	return out, nil
}

// text returns a value that is one line of text.
func (n node) text() (string, error) {
	s, ok := n.value.(string)
	switch v := n.value.(type) {
	case uint64, int64, float64, int:
		s, ok = fmt.Sprint(v), true // a name or a password may be a number
	}
	if !ok {
		return "", n.fail("want a text")
	}
	s = strings.TrimSpace(s)
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", n.fail("want one line of text")
	}
	return s, nil
}

// list returns the values of a list, or the one value that stands in place of it.
func (n node) list() ([]node, error) {
	all, ok := n.value.([]any)
	if !ok {
		return []node{n}, nil
	}
	if len(all) == 0 {
		return nil, n.fail("the list is empty: leave the line out, or name something")
	}
	out := make([]node, len(all))
	for i, v := range all {
		out[i] = node{n.path, v}
	}
	return out, nil
}

// texts returns the values of a list, each once.
func (n node) texts() ([]string, error) {
	all, err := n.list()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, one := range all {
		s, err := one.text()
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out, nil
}

// oneOf returns the values of a list, of which each is one of the words.
func oneOf[T ~string](n node, words []T) ([]T, error) {
	all, err := n.texts()
	if err != nil {
		return nil, err
	}
	var out []T
	for _, s := range all {
		if !slices.Contains(words, T(s)) {
			return nil, n.fail("%q is none of %s", s, listed(words, "and"))
		}
		out = append(out, T(s))
	}
	return out, nil
}

// whole returns a whole number of a range.
func (n node) whole(least, most int) (int, error) {
	s, err := n.text()
	if err != nil {
		return 0, err
	}
	i, err := strconv.Atoi(s)
	if err != nil || i < least || i > most {
		return 0, n.fail("%q: want a whole number from %d to %d", s, least, most)
	}
	return i, nil
}

// flag returns true or false.
func (n node) flag() (bool, error) {
	b, ok := n.value.(bool)
	if !ok {
		return false, n.fail("want true or false")
	}
	return b, nil
}

// Bounds of a digest's period.
const (
	minPeriod = time.Minute
	maxPeriod = 28 * 24 * time.Hour
)

// period returns how often a digest goes out.
func (n node) period() (time.Duration, error) {
	s, err := n.text()
	if err != nil {
		return 0, err
	}
	units := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	unit := units[s[len(s)-1]]
	count, err := strconv.ParseUint(s[:len(s)-1], 10, 16)
	if err != nil || unit == 0 || count > math.MaxInt16 || time.Duration(count)*unit < minPeriod || time.Duration(count)*unit > maxPeriod {
		return 0, n.fail("%q: want a period from 1m to 4w, such as 1h, 1d or 1w", s)
	}
	return time.Duration(count) * unit, nil
}

// clock returns a time of day as how long it is after midnight.
func (n node) clock() (time.Duration, error) {
	s, err := n.text()
	if err != nil {
		return 0, err
	}
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, n.fail("%q: want a time of day in UTC, such as 07:30", s)
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}

// listed writes words as a sentence has them: "a, b and c".
func listed[T ~string](words []T, and string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	if len(out) < 2 {
		return strings.Join(out, "")
	}
	last := len(out) - 1
	return strings.Join(out[:last], ", ") + " " + and + " " + out[last]
}
