package extract

import (
	"slices"
	"strings"
	"time"
)

// A liveBlog is what JSON-LD says of a live blog.
type liveBlog struct{ posts []statedPost }

// A statedPost is one of its posts.
type statedPost struct {
	name     string // what its address has behind the #, or its @id
	at       time.Time
	headline string
	body     string // text or HTML
}

// liveIn returns the live blog that an article of JSON-LD is; nil: it is none.
func liveIn(article map[string]any) *liveBlog {
	updates := article["liveBlogUpdate"]
	if !isLiveType(article["@type"]) && updates == nil && first(article["coverageStartTime"]) == "" {
		return nil
	}
	live := &liveBlog{}
	list, ok := updates.([]any)
	if !ok {
		list = []any{updates}
	}
	for _, item := range list[:min(len(list), maxPosts)] {
		update, ok := item.(map[string]any)
		if !ok {
			continue
		}
		p := statedPost{
			name:     fragmentOf(first(update["@id"], update["url"], update["mainEntityOfPage"], update["identifier"])),
			at:       parseDate(first(update["datePublished"], update["dateCreated"], update["dateModified"])),
			headline: plainText(first(update["headline"], update["name"])),
			body:     clipped(first(update["articleBody"], update["text"], update["description"]), maxLinkedData),
		}
		if p.headline != "" || p.body != "" {
			live.posts = append(live.posts, p)
		}
	}
	return live
}

func isLiveType(value any) bool {
	switch value := value.(type) {
	case string:
		return strings.HasSuffix(value, "LiveBlogPosting")
	case []any:
		return slices.ContainsFunc(value, func(item any) bool {
			name, _ := item.(string)
			return strings.HasSuffix(name, "LiveBlogPosting")
		})
	}
	return false
}

// fragmentOf returns what an address has behind its #; all of it where it has none.
func fragmentOf(address string) string {
	if _, fragment, found := strings.Cut(address, "#"); found && fragment != "" {
		address = fragment
	}
	return clipped(squeeze(address), maxPostName)
}

// withLive returns d with the live blog that another of the page's articles is:
// many pages state an article and a live blog side by side, under one headline.
func (d *linkedData) withLive(all []*linkedData) *linkedData {
	if d == nil || d.live != nil {
		return d
	}
	for _, other := range all {
		if other.live != nil && likeness(other.headline, d.headline) >= 0.5 {
			d.live = other.live
			break
		}
	}
	return d
}

// blocks returns the posts, each with its time and heading above its text.
func (l *liveBlog) blocks() []Block {
	var list []Block
	for i := range l.posts {
		at := &l.posts[i]
		from := len(list)
		if !at.at.IsZero() {
			list = append(list, Block{Kind: Heading, Text: at.at.Format(postTime)})
		}
		if at.headline != "" {
			list = append(list, Block{Kind: Heading, Text: at.headline})
		}
		body := statedBlocks(at.body)
		if len(body) > 0 && body[0].Text == at.headline {
			body = body[1:]
		}
		list = append(list, body...)
		name := at.name
		if name == "" && !at.at.IsZero() {
			name = at.at.Format(time.RFC3339)
		}
		for k := range list[from:] {
			list[from+k].Post = name
		}
	}
	return list
}

// chars returns how many characters a reader would see of the posts.
func (l *liveBlog) chars() int {
	chars := 0
	for i := range l.posts {
		chars += visibleChars(l.posts[i].headline) + visibleChars(l.posts[i].body)
	}
	return chars
}
