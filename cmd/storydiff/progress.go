package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// patience is how long work goes on before its progress is shown.
const patience = time.Second

// A progress is a line on a terminal that says how far the work is. On anything
// but a terminal it says nothing.
type progress struct {
	out   io.Writer // nil: no terminal
	width int
	total int
	count int
	began time.Time
	shown bool
}

func newProgress(w io.Writer, total int) *progress {
	p := &progress{total: total, began: time.Now(), width: terminal(w)}
	if p.width > 0 {
		p.out = w
	}
	return p
}

// step counts one piece of work as done.
func (p *progress) step() {
	p.count++
	if p.out == nil || p.count >= p.total || time.Since(p.began) < patience {
		return
	}
	const bar = 30
	full := bar * p.count / p.total
	line := fmt.Sprintf("[%s%s] %d of %d", strings.Repeat("#", full), strings.Repeat(".", bar-full), p.count, p.total)
	fmt.Fprint(p.out, line[:min(len(line), p.width-1)])
	p.shown = true
}

// clear takes the line away, so that other output can take its place.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.shown = false
	}
}

func (p *progress) done() { p.clear() }
