package extract

import "strings"

// Plain returns a plain text as a story without fields: a block for each line.
//
// Text is the line and End its line break with the blank lines that follow;
// joined, they are text to the byte. Blank lines before the first line are a
// block with an empty Text. An empty text has no blocks.
func Plain(text string) *Story {
	story := &Story{}
	for text != "" {
		line, rest := cutLine(text)
		if blank(line) {
			line, rest = "", text
		}
		breaks := len(text) - len(line) - len(rest)
		for rest != "" {
			next, after := cutLine(rest)
			if !blank(next) {
				break
			}
			breaks += len(rest) - len(after)
			rest = after
		}
		end := text[len(line) : len(line)+breaks]
		story.Blocks = append(story.Blocks, Block{Kind: Paragraph, Text: line, End: end})
		text = rest
	}
	return story
}

// cutLine returns the first line of text without its line break, and what
// follows the break.
func cutLine(text string) (line, rest string) {
	line, rest, _ = strings.Cut(text, "\n")
	return strings.TrimSuffix(line, "\r"), rest
}

func blank(line string) bool { return strings.TrimSpace(line) == "" }
