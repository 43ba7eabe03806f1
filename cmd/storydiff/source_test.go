package main

import (
	"regexp"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// await runs a command again and again for up to 15 s, until it prints what
// matches a pattern.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: await PATTERN COMMAND…")
	}
	want, err := regexp.Compile(args[0])
	ts.Check(err)
	var last string
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); <-time.After(100 * time.Millisecond) {
		ts.Check(ts.Exec(args[1], args[2:]...))
		if last = ts.ReadFile("stdout"); want.MatchString(last) {
			return
		}
	}
	ts.Fatalf("%v printed, at last,\n%s\nand never %s", args[1:], last, args[0])
}
