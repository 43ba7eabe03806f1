package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkDiffProgram runs the program on two pages of a story of 1,000 words,
// with the furniture of a newspaper around it, as a person at a terminal does:
// a process each time. cpu-ms/op is what the process used in user and system
// time, its start included.
func BenchmarkDiffProgram(b *testing.B) {
	dir := b.TempDir()
	before, after := filepath.Join(dir, "before.html"), filepath.Join(dir, "after.html")
	story := storyOf(1000)
	edited := strings.Replace(strings.Replace(story, "9 of the", "12 of the", 1), "was no", "may be no", 1)
	for name, page := range map[string]string{before: pageOf("Council delays the bridge", story), after: pageOf("Council drops the bridge", edited)} {
		if err := os.WriteFile(name, []byte(page), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for _, bm := range []struct {
		name string
		args []string
		exit int
	}{
		{"version", []string{"version"}, exitDone},
		{"text", []string{"diff", before, after}, differ},
		{"html", []string{"diff", "--format", "html", before, after}, differ},
	} {
		b.Run(bm.name, func(b *testing.B) {
			var used time.Duration
			for b.Loop() {
				used += runOnce(b, bm.exit, bm.args...)
			}
			b.ReportMetric(float64(used.Microseconds())/1000/float64(b.N), "cpu-ms/op")
		})
	}
}

// runOnce runs the program as a process of its own and returns the CPU time it took.
func runOnce(b *testing.B, exit int, args ...string) time.Duration {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	out, err := cmd.Output()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		b.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != exit || len(out) == 0 {
		b.Fatalf("storydiff %v: exit %d and %d bytes, want %d and some", args, got, len(out), exit)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

// storyOf returns paragraphs of about n words in all.
func storyOf(n int) string {
	sentences := []string{
		"The council agreed to repair 9 of the bridges before the winter, said the harbour master, Ada Marsh.",
		"“We looked at each of them twice,” she told the meeting on Tuesday, “and there was no other way.”",
		"The ferry will go on to cross the river every twenty minutes until the spring, or until the ice comes.",
		"Nobody in the hall spoke against it, though several had written letters to say that they would.",
	}
	var b strings.Builder
	for words, i := 0, 0; words < n; i++ {
		b.WriteString("<p class=\"article__text\">")
		for k := range 3 {
			s := fmt.Sprintf("On day %d: ", 3*i+k) + sentences[(i+k)%len(sentences)] + " "
			words += len(strings.Fields(s))
			b.WriteString(s)
		}
		b.WriteString("</p>\n")
	}
	return b.String()
}

// pageOf returns a page of about 80 KB around a story.
func pageOf(headline, story string) string {
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format+"\n", i)
		}
		return b.String()
	}
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>` + headline + `</title>
<style>` + many(400, `.teaser--%[1]d{margin:0 %[1]dpx;color:#%03[1]x}`) + `</style>
<script>` + many(400, `window.slot%[1]d=function(a,b){return a+b+%[1]d};`) + `</script></head>
<body><nav><ul>` + many(80, `<li class="nav__item"><a class="nav__link" href="/section/%[1]d">Section %[1]d</a></li>`) + `</ul></nav>
<main><article><h1>` + headline + `</h1><p class="byline">By Bo Fenn</p>` + story + `</article>
<aside>` + many(80, `<div class="teaser"><a href="/story/%[1]d"><img src="/img/%[1]d.jpg" alt="The quay, seen from the water"><h3>Harbour story number %[1]d of this week</h3><p>What was said in the hall, and what was not.</p></a></div>`) + `</aside></main>
<footer><ul>` + many(60, `<li><a href="/about/%[1]d">About us, part %[1]d</a></li>`) + `</ul></footer></body></html>`
}
