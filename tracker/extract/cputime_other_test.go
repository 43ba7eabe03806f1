//go:build !unix

package extract_test

import "time"

var started = time.Now()

// processorTime returns how long this process has run.
func processorTime() time.Duration { return time.Since(started) }
