package main

import (
	"bytes"
	"strings"
	"testing"
)

// storydiff runs one command line of the program inside the test.
func storydiff(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, streams{strings.NewReader(""), &out, &errs})
	return out.String(), errs.String(), code
}
