package worddiff_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxRun is how long another program may take for one pair.
const maxRun = time.Minute

// externalEngines returns the engines of other programs that are installed, and
// says which are not. They are given one token a word, a line each paragraph;
// jsdiff, which cuts words itself, the text as it is, by node, from the folder
// that NODE_PATH names.
func externalEngines(t testing.TB) []engine {
	dir := t.TempDir()
	var out []engine
	for _, e := range []engine{wdiffEngine(dir), gitEngine(dir), jsdiffEngine(dir)} {
		if err := e.empty(); err != nil {
			t.Logf("%s is left out: %v", e.name, err)
			continue
		}
		out = append(out, e)
	}
	return out
}

// program runs a program over two files that it writes to dir; a program that
// found a difference may say so by exit code 1.
func program(dir, before, after string, args ...string) (string, error) {
	x, y := filepath.Join(dir, "old"), filepath.Join(dir, "new")
	if err := os.WriteFile(x, []byte(before), 0o666); err != nil {
		return "", err
	}
	if err := os.WriteFile(y, []byte(after), 0o666); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), maxRun)
	defer cancel()
	c := exec.CommandContext(ctx, args[0], append(args[1:], x, y)...)
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.Output()
	if ctx.Err() != nil {
		return "", fmt.Errorf("%s took more than %v", args[0], maxRun)
	}
	if err != nil && c.ProcessState != nil && c.ProcessState.ExitCode() == 1 && errs.Len() == 0 {
		err = nil
	}
	if err != nil {
		err = fmt.Errorf("%w: %s", err, errs.String())
	}
	return string(out), err
}

// programEngine is a program that is given tokens and whose answer read reads.
func programEngine(dir, name string, text func(*page) string, read func(before, after *page, answer string) (*verdict, error), args ...string) engine {
	return engine{
		name: name,
		compare: func(before, after *page) (*verdict, error) {
			answer, err := program(dir, text(before), text(after), args...)
			if err != nil {
				return nil, err
			}
			return read(before, after, answer)
		},
		run: func(before, after *page) error {
			_, err := program(dir, text(before), text(after), args...)
			return err
		},
		empty: func() error {
			_, err := program(dir, "a\n", "b\n", args...)
			return err
		},
	}
}

func wdiffEngine(dir string) engine {
	return programEngine(dir, "wdiff", (*page).lines, readWdiff, "wdiff", "-w", "\x01", "-x", "\x02", "-y", "\x03", "-z", "\x04")
}

// A reader takes up tokens as an answer gives them.
type reader struct {
	*verdict
	before, after *page
	a, b          int
}

// take takes up tokens of the given fate: '-', '+' or ' '.
func (r *reader) take(op byte, words string) {
	for _, w := range strings.Fields(words) {
		inOld, inNew := op != '+', op != '-'
		if inOld && (r.a >= len(r.old) || r.before.places[r.a].text != w) || inNew && (r.b >= len(r.new) || r.after.places[r.b].text != w) {
			r.exact = false
			return
		}
		if inOld && inNew {
			r.match(r.a, r.b, false)
		}
		if inOld {
			r.a++
		}
		if inNew {
			r.b++
		}
	}
}

func (r *reader) done() (*verdict, error) {
	if !r.exact || r.a != len(r.old) || r.b != len(r.new) {
		return nil, fmt.Errorf("the answer breaks off at tokens %d and %d", r.a, r.b)
	}
	return r.verdict, nil
}

func readWdiff(before, after *page, answer string) (*verdict, error) {
	r := &reader{newVerdict(before, after), before, after, 0, 0}
	op, from := byte(' '), 0
	for i := range len(answer) {
		if c := answer[i]; c >= 1 && c <= 4 {
			r.take(op, answer[from:i])
			op, from = map[byte]byte{1: '-', 2: ' ', 3: '+', 4: ' '}[c], i+1
		}
	}
	r.take(op, answer[from:])
	return r.done()
}

func gitEngine(dir string) engine {
	return programEngine(dir, "git word-diff", (*page).lines, readGit, "git", "diff", "--no-index", "--no-color", "--no-ext-diff", "-U1000000",
		"--word-diff=porcelain", "--word-diff-regex=[^[:space:]]+")
}

func readGit(before, after *page, answer string) (*verdict, error) {
	r := &reader{newVerdict(before, after), before, after, 0, 0}
	if answer == "" {
		r.take(' ', before.lines())
		return r.done()
	}
	_, body, _ := strings.Cut(answer, "\n@@")
	_, body, _ = strings.Cut(body, "\n")
	for line := range strings.SplitSeq(body, "\n") {
		if line != "" && line[0] != '~' && line[0] != '\\' {
			r.take(line[0], line[1:])
		}
	}
	return r.done()
}

// diffWords writes the parts of jsdiff's answer.
const diffWords = `const fs = require('fs'), read = i => fs.readFileSync(process.argv[i], 'utf8')
const parts = require('diff').diffWords(read(1), read(2))
process.stdout.write(JSON.stringify(parts.map(p => [p.removed ? '-' : p.added ? '+' : ' ', p.value])))`

func jsdiffEngine(dir string) engine {
	return programEngine(dir, "jsdiff", func(p *page) string { return p.text }, readParts, "node", "-e", diffWords)
}

// readParts reads the parts of jsdiff, whose white space is not that of either
// text: characters that are none are counted.
func readParts(before, after *page, answer string) (*verdict, error) {
	var parts [][2]string
	if err := json.Unmarshal([]byte(answer), &parts); err != nil {
		return nil, err
	}
	to := unmapped(len(before.text))
	olds, news := inked(before.text), inked(after.text)
	a, b := 0, 0
	for _, p := range parts {
		for _, r := range p[1] {
			if unicode.IsSpace(r) {
				continue
			}
			inOld, inNew := p[0] != "+", p[0] != "-"
			if inOld && a >= len(olds) || inNew && b >= len(news) {
				return nil, fmt.Errorf("the answer goes beyond the text")
			}
			if inOld && inNew && utf8.RuneLen(r) > 0 {
				for k := range utf8.RuneLen(r) {
					to[olds[a]+k] = news[b] + k
				}
			}
			if inOld {
				a++
			}
			if inNew {
				b++
			}
		}
	}
	v := byBytes(before, after, to)
	v.exact = a == len(olds) && b == len(news)
	return v, nil
}

// inked returns where the characters stand that are no white space.
func inked(text string) []int {
	var out []int
	for i, r := range text {
		if !unicode.IsSpace(r) {
			out = append(out, i)
		}
	}
	return out
}
