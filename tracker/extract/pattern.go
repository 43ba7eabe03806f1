package extract

import (
	"regexp"
	"sync"
)

// A pattern is a regular expression that is compiled when it is first asked for:
// all of them together take longer than a short page, and longer than the program
// needs to start.
type pattern func() *regexp.Regexp

func lazily(expression string) pattern {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

func (p pattern) Match(b []byte) bool                    { return p().Match(b) }
func (p pattern) MatchString(s string) bool              { return p().MatchString(s) }
func (p pattern) FindSubmatch(b []byte) [][]byte         { return p().FindSubmatch(b) }
func (p pattern) FindStringSubmatch(s string) []string   { return p().FindStringSubmatch(s) }
func (p pattern) FindStringSubmatchIndex(s string) []int { return p().FindStringSubmatchIndex(s) }
func (p pattern) ReplaceAllString(s, repl string) string { return p().ReplaceAllString(s, repl) }
