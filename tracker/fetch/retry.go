package fetch

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Bounds of a Retry-After: less is not worth noting, more is a mistake.
const (
	minRetry = time.Minute
	maxRetry = 24 * time.Hour
)

// retryAfter returns how long a host asks to be left alone, within minRetry and
// maxRetry; 0 where it does not say. Only 429 and 503 can say it (RFC 9110
// section 10.2.3, RFC 6585 section 4); with a redirect the field means
// something else.
func retryAfter(status int, h http.Header, now time.Time) time.Duration {
	if status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable {
		return 0
	}
	value := strings.TrimSpace(h.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if strings.Trim(value, "0123456789") == "" {
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > int64(maxRetry/time.Second) {
			return maxRetry
		}
		return max(minRetry, time.Duration(seconds)*time.Second)
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), minRetry), maxRetry)
}
