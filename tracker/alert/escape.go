package alert

import "strings"

// noMention is put behind an @ and a <, so that no word of a page calls anybody
// or becomes a link of a chat service's: a zero-width space, as Discord's own
// libraries do.
const noMention = "\u200b"

// A form is how a service reads a text.
type form struct {
	markdown bool // it reads most of GitHub's
	entities bool // it reads &amp;, &lt; and &gt;, and nothing else may stand for the three
}

// formOf returns how a service of shoutrrr's reads a text. Those that are not
// named show it as it is, or strike and embolden words at most.
func formOf(service string) form {
	switch service {
	case "discord":
		return form{markdown: true}
	case "mattermost", "rocketchat", "teams", "zulip":
		return form{markdown: true, entities: true}
	case "slack":
		return form{entities: true}
	}
	return form{}
}

// plain returns a text of a service that reads no Markdown: none of its words
// calls anybody.
func (f form) plain(text string) string {
	if f.entities {
		text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	} else {
		text = strings.ReplaceAll(text, "<", "<"+noMention)
	}
	return strings.ReplaceAll(text, "@", "@"+noMention)
}

// line returns a line of plain text in Markdown, where it stands for itself.
func (f form) line(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case strings.ContainsRune("\\`*_[]()#~|!{}$+-=.", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return f.drawn(b.String())
}

// drawn returns Markdown, in which entities stand for the three characters of
// markup, as the service reads it.
func (f form) drawn(text string) string {
	if !f.entities {
		text = strings.NewReplacer("&lt;", `\<`+noMention, "&gt;", `\>`, "&amp;", "&").Replace(text)
	}
	return strings.ReplaceAll(text, "@", "@"+noMention)
}
