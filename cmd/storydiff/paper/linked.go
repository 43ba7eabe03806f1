package paper

// The schema.org data that designs 1 and 3 carry for machines.
type (
	// A linkedGraph is several things in one script.
	linkedGraph struct {
		Context string `json:"@context"`
		Graph   []any  `json:"@graph"`
	}

	// A linkedThing is anything but an article.
	linkedThing struct {
		Context string `json:"@context,omitempty"`
		Type    string `json:"@type"`
		ID      string `json:"@id,omitempty"`
		Name    string `json:"name"`
		URL     string `json:"url,omitempty"`
	}

	// A linkedArticle is the article of the page.
	linkedArticle struct {
		Context     string        `json:"@context,omitempty"`
		Type        string        `json:"@type"`
		ID          string        `json:"@id"`
		Headline    string        `json:"headline"`
		Description string        `json:"description,omitempty"`
		Author      []linkedThing `json:"author,omitempty"`
		Published   string        `json:"datePublished"`
		Modified    string        `json:"dateModified,omitempty"`
		Publisher   linkedThing   `json:"publisher"`
		Page        string        `json:"mainEntityOfPage"`
	}
)

const schemaOrg = "https://schema.org"

// linkedData returns the JSON-LD of a page, in the shape that its design has.
func linkedData(page *articlePage, base string) any {
	publisher := linkedThing{Type: "NewsMediaOrganization", ID: base + "/#paper", Name: Name, URL: base + "/"}
	article := linkedArticle{
		Type:        "NewsArticle",
		ID:          page.URL + "#article",
		Headline:    page.Headline,
		Description: page.Standfirst,
		Published:   page.Published.Machine,
		Publisher:   publisher,
		Page:        page.URL,
	}
	if page.Byline != "" {
		article.Author = []linkedThing{{Type: "Person", Name: page.Byline}}
	}
	if page.Modified != nil {
		article.Modified = page.Modified.Machine
	}
	if page.Template != "design3.html" {
		article.Context = schemaOrg
		return article
	}
	site := linkedThing{Type: "WebSite", ID: base + "/#site", Name: Name, URL: base + "/"}
	crumb := linkedThing{Type: "WebPage", ID: page.URL, Name: page.Headline, URL: page.URL}
	return linkedGraph{Context: schemaOrg, Graph: []any{publisher, site, crumb, article}}
}
