package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"storydiff/tracker/extract"
)

// maxRuleFiles bounds how many files of rules a folder may have.
const maxRuleFiles = 1000

// rulesTopic is help on how site rules are written.
func rulesTopic() *cobra.Command {
	return &cobra.Command{
		Use:   "rules",
		Short: "How site rules are written",
		Long: `Site rules say what the pages of an outlet are made of, where the general way of reading them goes wrong. They stand in
a file that --rules names, for one run or as the setting "rules" for all:

  # The text is in .story, and the poll in it is none of it.
  outlet example.com example.org
  body .story
  drop .poll
  headline h1.title

An outlet line begins a section and names hosts, subdomains included, or * for any. Right below it, a section may be
narrowed to some pages:

  path /blog/* /live/*           the address has a path like one of these
  when meta[name=generator]      the page has such an element

Then come the rules, a word and a CSS selector each (of pseudo-classes :not() alone is understood):

  keep .box       it is the article's, though it looks like furniture or is hidden
  drop .poll      it is furniture; what stands within a keep or note of its own is kept
  note .amended   it is a correction, clarification or update
  body .story     the text stands in these elements alone
  headline h1     likewise standfirst, byline, published, modified: the first of them that says something

Where two rules name the same element, the later one counts; lines that begin with # say nothing. storydiff explain
--rules FILE PAGE shows what each rule chose, and storydiff reextract --rules FILE reads by them what was kept before.`,
	}
}

// reading holds the flags of whatever reads pages.
type reading struct {
	files  []string
	noLive bool

	rules *extract.Rules // of the files, once load was called
}

func (r *reading) register(flags *pflag.FlagSet) {
	flags.StringArrayVar(&r.files, "rules", nil, "site rules for reading pages: a `file`, or a folder of .rules files; may be given more than once (see storydiff help rules)")
}

// registerLooks is register for what looks at articles.
func (r *reading) registerLooks(flags *pflag.FlagSet) {
	r.register(flags)
	flags.BoolVar(&r.noLive, "no-live", false, "skip live blogs when articles are looked at")
}

// load reads the rules. What is wrong with them is misuse.
func (r *reading) load() error {
	var all []*extract.Rules
	for _, name := range r.files {
		files, err := ruleFiles(name)
		if err != nil {
			return misusef("--rules %s: %w", name, err)
		}
		for _, file := range files {
			rules, err := readRules(file)
			if err != nil {
				return misuse(err)
			}
			all = append(all, rules)
		}
	}
	r.rules = extract.JoinRules(all...)
	return nil
}

// ruleFiles returns the files that a name stands for.
func ruleFiles(name string) ([]string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, pathless(err)
	}
	if !info.IsDir() {
		return []string{name}, nil
	}
	files, err := filepath.Glob(filepath.Join(globbed(name), "*.rules"))
	switch {
	case err != nil:
		return nil, err
	case len(files) == 0:
		return nil, errors.New("the folder holds no file whose name ends in .rules")
	case len(files) > maxRuleFiles:
		return nil, fmt.Errorf("the folder holds more than %d files of rules", maxRuleFiles)
	}
	return files, nil
}

// globbed returns a path in which nothing is a pattern.
func globbed(path string) string {
	out := ""
	for _, r := range path {
		if r == '*' || r == '?' || r == '[' {
			out += "[" + string(r) + "]"
			continue
		}
		out += string(r)
	}
	return out
}

func readRules(name string) (*extract.Rules, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading the rules %s: %w", name, pathless(err))
	}
	defer file.Close()
	return extract.ParseRules(name, file)
}
