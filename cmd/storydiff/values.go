package main

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A duration is a flag's value: as Go writes durations, and with d and w for
// days and weeks ("90s", "1h30m", "2d", "1w12h"). It is never negative.
type duration time.Duration

var longUnits = regexp.MustCompile(`(\d+(?:\.\d+)?)([dw])`)

func parseDuration(s string) (time.Duration, error) {
	inHours := longUnits.ReplaceAllStringFunc(s, func(m string) string {
		n, _ := strconv.ParseFloat(m[:len(m)-1], 64)
		hours := n * 24
		if strings.HasSuffix(m, "w") {
			hours *= 7
		}
		return strconv.FormatFloat(hours, 'f', -1, 64) + "h"
	})
	d, err := time.ParseDuration(inHours)
	if err != nil {
		return 0, errors.New("write a duration such as 90s, 1h30m or 2d")
	}
	if d < 0 {
		return 0, errors.New("want a duration of 0 or more, such as 5s")
	}
	return d, nil
}

func (d *duration) Set(s string) error {
	parsed, err := parseDuration(s)
	if err != nil {
		return err
	}
	*d = duration(parsed)
	return nil
}

func (d *duration) String() string { return time.Duration(*d).String() }
func (d *duration) Type() string   { return "duration" }

// A limit is a flag's value: a duration above 0.
type limit struct{ duration }

func (l *limit) Set(s string) error {
	d, err := parseDuration(s)
	if err == nil && d == 0 || err != nil && strings.HasPrefix(strings.TrimSpace(s), "-") {
		return errors.New("want a duration above 0, such as 30s")
	}
	if err != nil {
		return err
	}
	l.duration = duration(d)
	return nil
}

// A size is a flag's value: a number of bytes above 0, with kB, MB or GB behind
// it, or KiB, MiB, GiB.
type size int64

var sizePattern = regexp.MustCompile(`^(\d{1,15})\s*([kKMG]i?)?[bB]?$`)

func (n *size) Set(s string) error {
	m := sizePattern.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return errors.New("write a size such as 4000000, 10MB or 16MiB")
	}
	unit := map[string]int64{"": 1, "k": 1e3, "m": 1e6, "g": 1e9, "ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30}[strings.ToLower(m[2])]
	count, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil || count == 0 || count > (1<<40)/unit {
		return errors.New("want a size from 1 byte to 1 TiB")
	}
	*n = size(count * unit)
	return nil
}

func (n *size) String() string { return strconv.FormatInt(int64(*n), 10) }
func (n *size) Type() string   { return "size" }

// A moment is a flag's value: a time or day (RFC 3339), or how long ago.
type moment struct{ time.Time }

func (m *moment) Set(s string) error {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			m.Time = t.UTC()
			return nil
		}
	}
	ago, err := parseDuration(s)
	if err != nil {
		return errors.New("write a time such as 2026-03-02 or 2026-03-02T09:00:00Z, or how long ago, such as 2d")
	}
	m.Time = time.Now().UTC().Add(-ago)
	return nil
}

// An untilMoment is a moment up to which something is asked for; a day counts
// whole.
type untilMoment struct{ moment }

func (m *untilMoment) Set(s string) error {
	if err := m.moment.Set(s); err != nil {
		return err
	}
	if _, err := time.Parse(time.DateOnly, s); err == nil {
		m.Time = m.AddDate(0, 0, 1)
	}
	return nil
}

func (m *moment) String() string {
	if m.IsZero() {
		return ""
	}
	return m.Format(time.RFC3339)
}
func (m *moment) Type() string { return "time" }
