package extract

import (
	"strings"
	"unicode/utf8"
)

// manyForeign is how many bytes outside ASCII a text needs, none of them UTF-8,
// to be taken for one of an older charset. Fewer tell as little of a charset as
// of a fault in the file, and are shown as the bytes they are.
const manyForeign = 3

// PlainTexts returns the texts of files that are to be compared. A text is the
// file itself, with the bytes in it that are no UTF-8, unless it is UTF-16 or in
// an older charset: then it is in UTF-8.
//
// Of an older charset are files that are UTF-8 nowhere, where one of them has
// several bytes outside ASCII. They are read by one guess, so that a charset is
// never shown as an edit.
func PlainTexts(files ...string) []string {
	texts := make([]string, len(files))
	var foreign []int // files that are UTF-8 nowhere
	most, sample := 0, []byte(nil)
	for i, file := range files {
		texts[i] = file
		if utf8.ValidString(file) && !strings.Contains(file, "\x00") {
			continue
		}
		body := []byte(file)
		if enc := markedEncoding(body); enc != nil && !strings.HasPrefix(file, "\uFEFF") {
			texts[i] = transcoded(body, enc)
			continue
		}
		if good, bad := outsideASCII(body); good == 0 && bad > 0 {
			foreign = append(foreign, i)
			if bad > most {
				most, sample = bad, body
			}
		}
	}
	if most < manyForeign {
		return texts
	}
	enc := guessed(sample)
	for _, i := range foreign {
		texts[i] = transcoded([]byte(files[i]), enc)
	}
	return texts
}

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
