package tracker

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// minEvery is the shortest "@every": cron rounds anything below up to it.
const minEvery = time.Second

// ParseCron reads a cron line: five fields, or six with seconds first, or a
// descriptor such as @hourly or @every 90s; in UTC.
//
// Lines that never come true, intervals under a second and time zones are
// errors: a zone would skip or repeat runs when its clocks change.
func ParseCron(spec string) (s cron.Schedule, err error) {
	defer func() {
		// The parser slices a bare "TZ=0" out of bounds.
		if recover() != nil {
			err = fmt.Errorf("cron line %.100q: not understood", spec)
		}
	}()
	spec = strings.TrimSpace(spec)
	if strings.HasPrefix(spec, "TZ=") || strings.HasPrefix(spec, "CRON_TZ=") {
		return nil, fmt.Errorf("cron line %.100q: times are UTC, a time zone cannot be given", spec)
	}
	if every, ok := strings.CutPrefix(spec, "@every "); ok {
		if d, err := time.ParseDuration(strings.TrimSpace(every)); err == nil && d < minEvery {
			return nil, fmt.Errorf("cron line %.100q: the interval must be at least 1s", spec)
		}
	}
	parser := cron.NewParser(cron.SecondOptional | cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)
	s, err = parser.Parse(spec)
	if err != nil {
		return nil, fmt.Errorf("cron line %.100q: %v; five fields such as \"*/5 * * * *\" or \"@every 90s\" are understood", spec, err)
	}
	if s.Next(time.Now().UTC()).IsZero() {
		return nil, fmt.Errorf("cron line %.100q: no such moment ever comes", spec)
	}
	return s, nil
}
