package diffview

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Unified writes the line by line difference of the two Side.Texts, which patch
// applies to the old one to give the new one to the byte. It writes nothing
// where the two are the same. Carriage returns and control characters stand as
// they are, since patch needs them. Options.Context is its lines of context.
func Unified(w io.Writer, d *Diff, o Options) error {
	u := unified{a: splitLines(d.Old.Text), b: splitLines(d.New.Text), context: o.Context}
	if all := max(len(u.a), len(u.b)); o.Context < 0 || o.Context > all {
		u.context = all
	}
	stretches := diffLines(u.a, u.b)
	if len(stretches) == 0 {
		return nil
	}
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "--- %s\n+++ %s\n", patchName(d.Old.name("old")), patchName(d.New.name("new")))
	for len(stretches) > 0 {
		n := u.near(stretches)
		u.hunk(out, stretches[:n])
		stretches = stretches[n:]
	}
	return out.Flush()
}

type unified struct {
	a, b    []string
	context int
}

// near returns how many of the stretches share the first one's hunk: those no
// further apart than their contexts reach.
func (u *unified) near(stretches []stretch) int {
	n := 1
	for n < len(stretches) && stretches[n].i-stretches[n-1].j <= 2*u.context {
		n++
	}
	return n
}

func (u *unified) hunk(w *bufio.Writer, stretches []stretch) {
	first, last := stretches[0], stretches[len(stretches)-1]
	lead := min(u.context, first.i)
	tail := min(u.context, len(u.a)-last.j)
	fmt.Fprintf(w, "@@ -%s +%s @@\n", span(first.i-lead, last.j+tail), span(first.k-lead, last.l+tail))
	at := first.i - lead
	for _, s := range stretches {
		writeLines(w, ' ', u.a[at:s.i])
		writeLines(w, '-', u.a[s.i:s.j])
		writeLines(w, '+', u.b[s.k:s.l])
		at = s.j
	}
	writeLines(w, ' ', u.a[at:last.j+tail])
}

// span writes the lines [from:to) as a hunk's head has them: counted from 1,
// the number left out where it is 1, and the line before where it is 0.
func span(from, to int) string {
	switch n := to - from; n {
	case 0:
		return fmt.Sprintf("%d,0", from)
	case 1:
		return fmt.Sprint(from + 1)
	default:
		return fmt.Sprintf("%d,%d", from+1, n)
	}
}

func writeLines(w *bufio.Writer, sign byte, lines []string) {
	for _, line := range lines {
		w.WriteByte(sign)
		w.WriteString(line)
		if !strings.HasSuffix(line, "\n") {
			w.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// patchName writes a name as git does: in quotes and escaped where it holds
// what would end or steer the line, with a tab behind it where it holds a space.
func patchName(name string) string {
	if !strings.ContainsFunc(name, func(r rune) bool {
		return r < 0x20 || r == '"' || r == '\\' || r == 0x7f || r == '\ufffd' || nameOf(r, 0, "", false) != ""
	}) {
		if strings.Contains(name, " ") {
			return name + "\t"
		}
		return name
	}
	var b strings.Builder
	for i := range len(name) {
		switch c := name[i]; {
		case c == '"' || c == '\\':
			b.WriteString("\\" + string(rune(c)))
		case c < 0x20 || c >= 0x7f:
			fmt.Fprintf(&b, "\\%03o", c)
		default:
			b.WriteByte(c)
		}
	}
	return `"` + b.String() + `"`
}
