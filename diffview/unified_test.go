package diffview_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"storydiff/diffview"
	"storydiff/tracker/revision"
)

// pairs are texts that a line diff is apt to trip over.
var pairs = []struct{ name, before, after string }{
	{"same", "a\nb\n", "a\nb\n"},
	{"both empty", "", ""},
	{"from nothing", "", "a\nb\n"},
	{"to nothing", "a\nb\n", ""},
	{"from nothing, no end", "", "a"},
	{"one word", "a\nb\nc\n", "a\nx\nc\n"},
	{"end gained", "a\nb", "a\nb\n"},
	{"end lost", "a\nb\n", "a\nb"},
	{"no end on either", "a\nb", "a\nc"},
	{"no end and added above", "b", "a\nb"},
	{"carriage returns", "a\r\nb\r\nc\r\n", "a\r\nx\r\nc\r\n"},
	{"carriage returns lost", "a\r\nb\r\n", "a\nb\n"},
	{"lone carriage return", "a\rb\nc\n", "a\rx\nc\n"},
	{"blank lines", "a\n\n\n\nb\n", "a\n\nb\n\n"},
	{"moved", "a\nb\nc\nd\ne\nf\ng\nh\n", "g\na\nb\nc\nd\ne\nf\nh\n"},
	{"far apart", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n", "x\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\ny\n"},
	{"contexts that touch", "1\n2\n3\n4\n5\n6\n7\n8\n", "x\n2\n3\n4\n5\n6\n7\ny\n"},
	{"repeated lines", "a\na\na\nb\na\na\n", "a\nb\na\na\na\na\n"},
	{"like a head", "--- a\n+++ b\n@@ -1 +1 @@\n", "--- a\n+++ c\n@@ -1 +1 @@\n\\ No newline\n"},
	{"controls", "\x1b[31m\nb\x01\n", "\x1b[31m\nc\x01\n"},
	{"no UTF-8", "\xff\xfe\n\x80\n", "\xff\xfe\n\x81\n"},
}

func TestUnified(t *testing.T) {
	for _, tt := range pairs {
		t.Run(tt.name, func(t *testing.T) {
			for _, context := range []int{-1, 0, 1, 3} {
				patch := unified(t, tt.before, tt.after, context)
				got, err := apply(tt.before, patch)
				if err != nil || got != tt.after {
					t.Errorf("context %d: applied: %q, %v; want %q; by\n%s", context, got, err, tt.after, patch)
				}
				if (patch == "") != (tt.before == tt.after) {
					t.Errorf("context %d: patch %q of %q and %q", context, patch, tt.before, tt.after)
				}
			}
		})
	}
}

// TestUnifiedPatch asks a second witness.
func TestUnifiedPatch(t *testing.T) {
	program, err := exec.LookPath("patch")
	if err != nil && os.Getenv("CI") != "" {
		t.Fatal("no patch: .ci/run installs it")
	}
	if err != nil {
		t.Skip("no patch on this machine")
	}
	for _, tt := range pairs {
		if tt.before == tt.after {
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			for _, context := range []int{0, 3} {
				dir := t.TempDir()
				file, out := filepath.Join(dir, "a"), filepath.Join(dir, "out")
				if err := os.WriteFile(file, []byte(tt.before), 0o666); err != nil {
					t.Fatal(err)
				}
				cmd := exec.Command(program, "-s", "-o", out, file)
				patch := unified(t, tt.before, tt.after, context)
				cmd.Stdin = strings.NewReader(patch)
				if said, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("context %d: patch: %v: %s; given\n%s", context, err, said, patch)
				}
				got, err := os.ReadFile(out)
				if err != nil && tt.after != "" { // patch leaves no file where nothing is left
					t.Fatal(err)
				}
				if string(got) != tt.after {
					t.Errorf("context %d: patch gives %q, want %q; given\n%s", context, got, tt.after, patch)
				}
			}
		})
	}
}

func TestUnifiedIsShort(t *testing.T) {
	before := strings.Repeat("a line that stands often\n", 50) + "one\n" + strings.Repeat("a line that stands often\n", 50)
	patch := unified(t, before, strings.Replace(before, "one\n", "two\n", 1), 0)
	if want := "--- a file.txt\t\n+++ b.txt\n@@ -51 +51 @@\n-one\n+two\n"; patch != want {
		t.Errorf("Unified = %q, want %q", patch, want)
	}
}

// TestUnifiedIsBounded compares texts made to be slow: each with many lines,
// none of which stands once.
func TestUnifiedIsBounded(t *testing.T) {
	var before, after strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&before, "%d\n", i*7919%601)
		fmt.Fprintf(&after, "%d\n", i*104729%601)
	}
	got, err := apply(before.String(), unified(t, before.String(), after.String(), 3))
	if err != nil || got != after.String() {
		t.Errorf("applied: %d bytes, %v; want %d bytes", len(got), err, after.Len())
	}
}

func FuzzUnified(f *testing.F) {
	for _, tt := range pairs {
		f.Add(tt.before, tt.after, 1)
	}
	f.Fuzz(func(t *testing.T, before, after string, context int) {
		patch := unified(t, before, after, context)
		if got, err := apply(before, patch); err != nil || got != after {
			t.Errorf("applied to %q: %q, %v; want %q; by\n%s", before, got, err, after, patch)
		}
	})
}

func unified(t *testing.T, before, after string, context int) string {
	t.Helper()
	var b bytes.Buffer
	d := &diffview.Diff{
		Old:      diffview.Side{Source: "a file.txt", Text: before},
		New:      diffview.Side{Source: "b.txt", Text: after},
		Revision: &revision.Revision{},
	}
	if err := diffview.Unified(&b, d, diffview.Options{Context: context}); err != nil {
		t.Fatalf("Unified: %v", err)
	}
	return b.String()
}

// apply does what patch does, and takes nothing on trust: every line that a
// hunk says is there must be there.
func apply(text, patch string) (string, error) {
	if patch == "" {
		return text, nil
	}
	old, lines := strings.SplitAfter(text, "\n"), strings.SplitAfter(patch, "\n")
	if len(lines) < 3 || !strings.HasPrefix(lines[0], "--- ") || !strings.HasPrefix(lines[1], "+++ ") {
		return "", fmt.Errorf("no head")
	}
	var out strings.Builder
	at := 0
	for i := 2; i < len(lines) && lines[i] != ""; {
		start, nOld, nNew, err := parseHunk(lines[i])
		if err != nil {
			return "", err
		}
		for ; at < start; at++ {
			out.WriteString(old[at])
		}
		for i++; nOld > 0 || nNew > 0; i++ {
			line := lines[i][1:]
			if i+1 < len(lines) && strings.HasPrefix(lines[i+1], `\`) {
				line = strings.TrimSuffix(line, "\n")
			}
			if sign := lines[i][0]; sign != '+' {
				if at >= len(old) || old[at] != line {
					return "", fmt.Errorf("old line %d is not %q", at+1, line)
				}
				at, nOld = at+1, nOld-1
				if sign == '-' {
					line = ""
				}
			}
			if lines[i][0] != '-' {
				nNew--
			}
			out.WriteString(line)
			if i+1 < len(lines) && strings.HasPrefix(lines[i+1], `\`) {
				i++
			}
		}
		if nOld < 0 || nNew < 0 {
			return "", fmt.Errorf("more lines than the hunk's head says")
		}
	}
	for ; at < len(old); at++ {
		out.WriteString(old[at])
	}
	return out.String(), nil
}

// parseHunk reads "@@ -1,2 +1,3 @@"; start counts from 0.
func parseHunk(line string) (start, nOld, nNew int, err error) {
	f := strings.Fields(line)
	if len(f) != 4 || f[0] != "@@" || f[3] != "@@" {
		return 0, 0, 0, fmt.Errorf("no hunk: %q", line)
	}
	count := func(s string) (int, int) {
		at, n, many := strings.Cut(s[1:], ",")
		first, err1 := strconv.Atoi(at)
		lines := 1
		if many {
			lines, err = strconv.Atoi(n)
		}
		if err1 != nil {
			err = err1
		}
		if lines > 0 {
			first--
		}
		return first, lines
	}
	start, nOld = count(f[1])
	_, nNew = count(f[2])
	return start, nOld, nNew, err
}
