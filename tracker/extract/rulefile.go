package extract

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds of a file of rules.
const (
	maxRulesFile  = 1 << 20 // bytes
	maxRuleLines  = 20_000
	maxRuleLine   = 2000 // bytes
	maxOutlets    = 500  // in a section
	maxSectionHas = 100  // rules in a section
	maxSections   = 10   // for one outlet
)

// ParseRules reads site rules; name is what errors and versions call the file.
//
// A file is read line by line; empty lines, and lines that begin with #, say
// nothing. Rules stand in sections. A section begins with the hosts it is for,
// subdomains included:
//
//	outlet example.com example.org
//
// An outlet * is any. What follows may narrow it, each line of its own: to
// addresses whose path is like one of some patterns, and to pages in which a CSS
// selector finds something, such as the mark of what they were made with:
//
//	path /blog/* /live/*
//	when meta[name=generator]
//
// Then come the rules, a word and a selector each:
//
//	keep .box        it is the article's, though it looks like furniture or is hidden
//	drop .poll       it is furniture; what stands within a keep or note of its own is kept
//	note .amended    it is a correction, clarification or update
//	body .story      the text stands in these elements alone
//	headline h1      likewise standfirst, byline, published, modified: the first of them that says something
//
// Where two rules name the same element, the later one counts. An error names
// the file and the line, and says what to do.
func ParseRules(name string, r io.Reader) (*Rules, error) {
	f := &ruleFile{name: name, perOutlet: map[string]int{}}
	limited := &io.LimitedReader{R: r, N: maxRulesFile + 1}
	lines := bufio.NewScanner(limited)
	lines.Buffer(nil, maxRuleLine+2)
	for lines.Scan() {
		f.line++
		if f.line > maxRuleLines {
			return nil, f.wrong("the file has more than %d lines: part it into several", maxRuleLines)
		}
		if err := f.read(lines.Text()); err != nil {
			return nil, err
		}
	}
	f.line++
	switch err := lines.Err(); {
	case limited.N == 0:
		return nil, fmt.Errorf("%s: the file is larger than %d bytes: part it into several", name, maxRulesFile)
	case err == bufio.ErrTooLong:
		return nil, f.wrong("the line is longer than %d bytes: write shorter selectors", maxRuleLine)
	case err != nil:
		return nil, fmt.Errorf("reading the rules %s: %w", name, err)
	}
	f.line--
	if err := f.ended(); err != nil {
		return nil, err
	}
	return &f.rules, nil
}

// A ruleFile is a file of rules under way.
type ruleFile struct {
	name      string
	line      int
	rules     Rules
	now       *section // nil before the first
	perOutlet map[string]int
}

func (f *ruleFile) wrong(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", f.name, f.line, strings.Map(printed, fmt.Sprintf(format, args...)))
}

func (f *ruleFile) read(line string) error {
	if f.line == 1 {
		line = strings.TrimPrefix(line, "\ufeff")
	}
	if !utf8.ValidString(line) || strings.ContainsRune(line, 0) {
		return f.wrong("the line is no UTF-8 text: save the file as UTF-8")
	}
	line = strings.TrimSpace(line)
	if line == "" || line[0] == '#' {
		return nil
	}
	word, rest := line, ""
	if i := strings.IndexAny(line, " \t"); i > 0 {
		word, rest = line[:i], strings.TrimSpace(line[i:])
	}
	if word == "outlet" {
		return f.begin(strings.Fields(rest))
	}
	if f.now == nil {
		return f.wrong("say first whom the rules are for, in a line such as: outlet example.com")
	}
	switch d := directive(word); {
	case word == "path" || word == "when":
		return f.narrow(word, rest)
	case d.field(), d == keeps, d == drops, d == notes, d == bodies:
		return f.add(d, rest)
	}
	return f.wrong("%q is no rule: write outlet, path, when, keep, drop, note, body, headline, standfirst, byline, published or modified", clipped(word, 40))
}

// begin begins a section.
func (f *ruleFile) begin(outlets []string) error {
	if err := f.ended(); err != nil {
		return err
	}
	if len(outlets) == 0 || len(outlets) > maxOutlets {
		return f.wrong("an outlet line names from 1 to %d hosts, such as example.com", maxOutlets)
	}
	f.now = &section{file: f.name, line: f.line}
	for _, outlet := range outlets {
		host := outlet
		if outlet != "*" {
			host = cleanOutlet(outlet)
		}
		if host == "" {
			return f.wrong("%q is no host: write it without scheme, port and path, such as example.com, or * for any", clipped(outlet, 100))
		}
		if f.perOutlet[host]++; f.perOutlet[host] > maxSections {
			return f.wrong("%s has more than %d sections: put rules together that go together", host, maxSections)
		}
		f.now.outlets = append(f.now.outlets, host)
	}
	f.rules.sections = append(f.rules.sections, f.now)
	return nil
}

// ended makes sure that the section that ends here says something.
func (f *ruleFile) ended() error {
	if f.now == nil || len(f.now.rules) > 0 {
		return nil
	}
	return fmt.Errorf("%s:%d: outlet %s has no rules: add some below it, or take the line out", f.name, f.now.line, f.now.outlets[0])
}

func (f *ruleFile) narrow(word, rest string) error {
	if len(f.now.rules) > 0 {
		return f.wrong("%s stands below a rule: put it right below its outlet line", word)
	}
	if word == "path" {
		patterns := strings.Fields(rest)
		for _, pattern := range patterns {
			if pattern[0] != '/' && pattern[0] != '*' {
				return f.wrong("the path %q begins with neither / nor *: write it as in the address, such as /blog/*", clipped(pattern, 100))
			}
		}
		if len(patterns) == 0 {
			return f.wrong("path names no pattern: write one such as /blog/*")
		}
		f.now.paths = append(f.now.paths, patterns...)
		return nil
	}
	s, err := parseSelector(rest)
	if err != nil {
		return f.wrong("when: %v", err)
	}
	if len(f.now.when) == maxSections {
		return f.wrong("the section has more than %d lines of when", maxSections)
	}
	f.now.when = append(f.now.when, when{s, rest})
	return nil
}

func (f *ruleFile) add(d directive, rest string) error {
	if len(f.now.rules) == maxSectionHas {
		return f.wrong("the section of %s has more than %d rules: begin another with a further outlet line", f.now.outlets[0], maxSectionHas)
	}
	s, err := parseSelector(rest)
	if err != nil {
		return f.wrong("%s: %v", d, err)
	}
	f.now.rules = append(f.now.rules, rule{f.line, d, s, rest})
	return nil
}

// printed puts a mark in the place of a character that would take a line or a
// terminal apart.
func printed(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return unicode.ReplacementChar
}
