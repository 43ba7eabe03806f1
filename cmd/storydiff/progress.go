package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

const (
	patience = time.Second            // how long work goes on before its progress is shown
	redraw   = 200 * time.Millisecond // how often it is then drawn
)

// A progress is a line on a terminal that says how far the work is, and since
// when it goes on. On anything but a terminal it says nothing.
type progress struct {
	out   io.Writer // nil: no terminal
	width int
	total int
	began time.Time
	stop  chan struct{}
	over  sync.WaitGroup

	mu    sync.Mutex
	count int
	shown bool
}

func newProgress(w io.Writer, total int) *progress {
	p := &progress{total: total, began: time.Now(), width: terminal(w), stop: make(chan struct{})}
	if p.width > 0 && total > 0 {
		p.out = w
		p.over.Go(p.watch)
	}
	return p
}

// watch draws the line until the work is done.
func (p *progress) watch() {
	ticks := time.NewTicker(redraw)
	defer ticks.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-ticks.C:
			p.mu.Lock()
			p.draw()
			p.mu.Unlock()
		}
	}
}

func (p *progress) draw() {
	took := time.Since(p.began)
	if took < patience {
		return
	}
	const bar = 30
	full := bar * p.count / p.total
	line := fmt.Sprintf("[%s%s] %d of %d, %v", strings.Repeat("#", full), strings.Repeat(".", bar-full), p.count, p.total, took.Round(time.Second))
	fmt.Fprintf(p.out, "\r\x1b[K%s", line[:min(len(line), p.width-1)])
	p.shown = true
}

// step counts one piece of work as done and prints what came of it in the place
// of the line.
func (p *progress) step(print func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	print()
	p.count++
}

// say prints something in the place of the line.
func (p *progress) say(print func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	print()
}

// at says how much is done by now.
func (p *progress) at(count int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count = min(count, p.total)
}

// of says how much of how much is done by now.
func (p *progress) of(count, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total = max(total, 1)
	p.count = min(count, p.total)
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.shown = false
	}
}

// done takes the line away. It is called once.
func (p *progress) done() {
	close(p.stop)
	p.over.Wait()
	p.clear()
}
