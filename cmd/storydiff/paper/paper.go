// Package paper is a newspaper that does not exist: The Rivermouth Post.
//
// It is an [http.Handler] that serves news of a made-up town, in five page
// designs, and edits it as newspapers do. A paper from [New] plays a script of
// edits over a few minutes; `storydiff demo` watches it. A paper from [Town]
// holds as many generated articles as a test asks for, each of which the test
// edits by itself.
//
// Around each story stands what surrounds a story in real pages: related links,
// teasers, advertisements that move, counters, relative times, newsletter
// boxes. All of that differs at every view of a page, while the story's own
// words do not.
package paper

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Name is what the paper calls itself.
const Name = "The Rivermouth Post"

// ErrNoStory is returned, wrapped, for a path that no story stands at.
var ErrNoStory = errors.New("no such story")

// Options say how a paper behaves. The zero value is usable.
type Options struct {
	Now  func() time.Time // the paper's clock; nil: time.Now
	Log  *slog.Logger     // is told of each edit that the script makes; nil: nobody is
	Over func()           // is called where the script ends while the paper runs; nil: nothing is
}

// A Paper is a newspaper. Its methods may be called from several goroutines.
type Paper struct {
	now  func() time.Time
	log  *slog.Logger
	over func()
	mux  *http.ServeMux

	mu       sync.Mutex
	articles []*article // in the order of the front page
	script   []step
	played   int // how many steps of the script were made
}

// An article is a story at its address.
type article struct {
	path  string
	story Story
	views int // how often the page was served
}

// New returns a paper with the stories of the demonstration, as they stand
// before the first edit of the script.
func New(opts Options) *Paper {
	p := newPaper(opts)
	opened := p.now().UTC().Truncate(time.Second)
	for _, a := range demoStories(opened) {
		p.articles = append(p.articles, &a)
	}
	p.script = demoScript()
	return p
}

// newPaper returns a paper without stories.
func newPaper(opts Options) *Paper {
	p := &Paper{now: opts.Now, log: opts.Log, over: opts.Over, mux: http.NewServeMux()}
	if p.now == nil {
		p.now = time.Now
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	p.mux.HandleFunc("GET /{$}", p.serveFront)
	p.mux.HandleFunc("GET /robots.txt", serveRobots)
	p.mux.HandleFunc("GET /paper.css", serveStyle)
	p.mux.HandleFunc("GET /img/{name}", servePicture)
	p.mux.HandleFunc("GET /", p.serveArticle)
	return p
}

// ServeHTTP serves the front page at /, and each story at its path.
func (p *Paper) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(w, r) }

// Paths returns the paths of all stories, in the order of the front page, those
// included that are not published at the moment.
func (p *Paper) Paths() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	paths := make([]string, len(p.articles))
	for i, a := range p.articles {
		paths[i] = a.path
	}
	return paths
}

// Story returns a copy of the story at path. Its error wraps [ErrNoStory].
func (p *Paper) Story(path string) (Story, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, err := p.find(path)
	if err != nil {
		return Story{}, err
	}
	return a.story.clone(), nil
}

// Edit changes the story at path. The next view of its page, and of the pages
// that tease it, shows it as f leaves it. Its error wraps [ErrNoStory].
//
// The modified time stays as it is unless f sets it.
func (p *Paper) Edit(path string, f func(*Story)) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, err := p.find(path)
	if err != nil {
		return err
	}
	f(&a.story)
	return nil
}

// find returns the article at path. It must be called with p.mu held.
func (p *Paper) find(path string) (*article, error) {
	i := slices.IndexFunc(p.articles, func(a *article) bool { return a.path == path })
	if i < 0 {
		return nil, fmt.Errorf("%w: %s", ErrNoStory, path)
	}
	return p.articles[i], nil
}

// serveArticle serves the story at the request's path, or the status that it has
// in place of a page.
func (p *Paper) serveArticle(w http.ResponseWriter, r *http.Request) {
	view, err := p.view(r.URL.Path, "http://"+r.Host)
	if err != nil {
		serveStatus(w, http.StatusNotFound)
		return
	}
	if view.Status != http.StatusOK {
		serveStatus(w, view.Status)
		return
	}
	render(w, http.StatusOK, view.Template, view)
}

// view counts a view of the story at path and returns what its page shows.
func (p *Paper) view(path, base string) (*articlePage, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, err := p.find(path)
	if err != nil {
		return nil, err
	}
	a.views++
	return newArticlePage(a, base, p.teasers(path)), nil
}

// teasers returns the published stories other than the one at path. It must be
// called with p.mu held.
func (p *Paper) teasers(path string) []teaser {
	var ts []teaser
	for _, a := range p.articles {
		if a.path != path && a.story.status() == http.StatusOK {
			ts = append(ts, newTeaser(a))
		}
	}
	return ts
}

func (p *Paper) serveFront(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	page := frontPage{Paper: Name, Stories: p.teasers("")}
	p.mu.Unlock()
	render(w, http.StatusOK, "front.html", page)
}

// serveStatus serves a page that says why there is no story.
func serveStatus(w http.ResponseWriter, status int) {
	render(w, status, "status.html", statusPage{Paper: Name, Code: status, Text: http.StatusText(status)})
}

// render sends a page once the whole of it is drawn.
func render(w http.ResponseWriter, status int, template string, data any) {
	var b bytes.Buffer
	if err := templates().ExecuteTemplate(&b, template, data); err != nil {
		http.Error(w, "the paper cannot draw this page: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(status)
	w.Write(b.Bytes()) // a reader who left is no concern of the paper
}

func serveRobots(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, "User-agent: *\nAllow: /\n")
}
