package paper

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"time"
)

//go:embed stories
var storyFiles embed.FS

// demoStories returns the stories of the demonstration, as they stand when the
// paper opens.
func demoStories(opened time.Time) []article {
	files, err := storyFiles.ReadDir("stories")
	if err != nil {
		panic(err) // they are part of the program
	}
	var articles []article
	for _, f := range files {
		text, err := storyFiles.ReadFile("stories/" + f.Name())
		if err != nil {
			panic(err)
		}
		a, err := parseStory(string(text), opened)
		if err != nil {
			panic("stories/" + f.Name() + ": " + err.Error())
		}
		articles = append(articles, a)
	}
	return articles
}

// parseStory reads a story as it is written down in the files of stories: a
// head of lines "field: value", then the blocks, each parted from the next by an
// empty line. Times in the head say how long before the opening of the paper.
func parseStory(text string, opened time.Time) (article, error) {
	head, body, _ := strings.Cut(strings.TrimSpace(text), "\n\n")
	var a article
	for line := range strings.Lines(head) {
		field, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if err := a.set(field, value, opened); err != nil {
			return article{}, fmt.Errorf("%s: %w", field, err)
		}
	}
	for part := range strings.SplitSeq(body, "\n\n") {
		for line := range strings.Lines(part) {
			a.story.Blocks = append(a.story.Blocks, parseBlock(strings.TrimSpace(line)))
		}
	}
	return a, nil
}

// set sets one field of a story's head.
func (a *article) set(field, value string, opened time.Time) error {
	var err error
	before := func() time.Time {
		var d time.Duration
		d, err = time.ParseDuration(value)
		return opened.Add(-d)
	}
	switch field {
	case "path":
		a.path = value
	case "design":
		a.story.Design, err = strconv.Atoi(value)
	case "headline":
		a.story.Headline = value
	case "standfirst":
		a.story.Standfirst = value
	case "byline":
		a.story.Byline = value
	case "published":
		a.story.Published = before()
	case "modified":
		a.story.Modified = before()
	default:
		return fmt.Errorf("no such field")
	}
	return err
}

// parseBlock reads a block by the mark it begins with.
func parseBlock(line string) Block {
	for mark, kind := range map[string]Kind{"## ": Subheading, "> ": Quote, "* ": Item} {
		if text, ok := strings.CutPrefix(line, mark); ok {
			return Block{Kind: kind, Text: text}
		}
	}
	if text, ok := strings.CutPrefix(line, "[picture] "); ok {
		words, credit, _ := strings.Cut(text, " | ")
		return Block{Kind: Caption, Text: words, Credit: credit}
	}
	return Block{Kind: Paragraph, Text: line}
}
