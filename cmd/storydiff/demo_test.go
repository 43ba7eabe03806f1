package main

import (
	"bufio"
	"context"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestDemo runs the demo as a newcomer does: within fifteen seconds the report
// shows a change.
func TestDemo(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), 60*time.Second)
	defer stop()
	said, write := io.Pipe()
	ended := make(chan int, 1)
	began := time.Now()
	go func() {
		ended <- run(ctx, []string{"demo", "--listen", "127.0.0.1:0"}, streams{strings.NewReader(""), io.Discard, write})
		write.Close()
	}()
	change := regexp.MustCompile(`^\d\d:\d\d:\d\d  `)
	address := regexp.MustCompile(`open (http://\S+/)`)
	page := ""
	for lines := bufio.NewScanner(said); lines.Scan(); {
		if m := address.FindStringSubmatch(lines.Text()); m != nil {
			page = m[1]
		}
		if change.MatchString(lines.Text()) {
			break
		}
	}
	go io.Copy(io.Discard, said)
	body, status, err := fetchPage(page)
	if err != nil || status != 200 || !strings.Contains(body, "<ins") || !strings.Contains(body, "are made up") {
		t.Errorf("the report: %d, %v, want a page with a change", status, err)
	}
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("the first change came after %v, want 15 s at most", took)
	}
	stop()
	if code := <-ended; code != exitDone {
		t.Errorf("exit %d, want 0", code)
	}
}
