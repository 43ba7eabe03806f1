package report

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// An Exported counts what an export wrote.
type Exported struct {
	Pages int // of HTML
	Files int // in all
	Bytes int64
}

// Export writes the whole report over src as files into dir, an empty directory
// of its own: the same pages as are served, with links that lead from file to file,
// so that it opens from disk and can be put on any web server. What only a program
// can answer is left out: forms, comparisons of versions that do not follow each
// other, and writing. The search works by a script over an index in files. Feeds of
// all, of each outlet and of each article have the newest 50 changes; their links are
// absolute where opts.Public says at which address the files will lie, else relative.
//
// step is called as pages are written, with how many were and how many are known
// of; it may be nil.
func Export(ctx context.Context, src Source, opts Options, dir string, step func(done, known int)) (Exported, error) {
	opts.static = true
	e := &export{site: New(src, opts), dir: dir, seen: map[string]bool{}, step: step}
	if err := e.crawl(ctx); err != nil {
		return e.Exported, err
	}
	if err := e.index(ctx, src, opts.Withhold); err != nil {
		return e.Exported, err
	}
	return e.Exported, nil
}

// An export is pages on their way to files.
type export struct {
	Exported
	site http.Handler
	dir  string
	step func(done, known int)

	mu   sync.Mutex
	seen map[string]bool // addresses that were asked for or are about to be
}

// crawl follows the links from the front page, all pages that are as far from it
// side by side.
func (e *export) crawl(ctx context.Context) error {
	next := e.fresh([]string{"/", "/articles", searchPath})
	for len(next) > 0 {
		found := map[string]bool{}
		var work sync.WaitGroup
		var failure error
		slots := make(chan struct{}, runtime.GOMAXPROCS(0))
		for _, address := range next {
			slots <- struct{}{}
			if ctx.Err() != nil {
				break // once those that are under way have ended
			}
			work.Go(func() {
				defer func() { <-slots }()
				links, err := e.take(ctx, address)
				e.mu.Lock()
				defer e.mu.Unlock()
				failure = cmp.Or(failure, err) // one says as much as all
				for _, l := range links {
					found[l] = true
				}
			})
		}
		work.Wait()
		if err := cmp.Or(ctx.Err(), failure); err != nil {
			return err
		}
		next = e.fresh(slices.Sorted(maps.Keys(found)))
	}
	return nil
}

// fresh returns the addresses that were not seen yet, and notes them.
func (e *export) fresh(addresses []string) (out []string) {
	for _, a := range addresses {
		if !e.seen[a] {
			e.seen[a] = true
			out = append(out, a)
		}
	}
	return out
}

// take asks for one address, writes what comes, and returns where it leads.
func (e *export) take(ctx context.Context, address string) (links []string, err error) {
	a, err := e.ask(ctx, address)
	if err != nil || a.status != http.StatusOK {
		return nil, err // a link that leads nowhere is none of the export's
	}
	body := a.body
	page := strings.HasPrefix(a.header.Get("Content-Type"), "text/html")
	if page {
		body, links = relink(body, fileOf(address))
	}
	if err := e.write(fileOf(address), body); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if page {
		e.Pages++
	}
	if e.step != nil {
		e.step(e.Files, len(e.seen))
	}
	return links, nil
}

// ask asks the site as a visitor would.
func (e *export) ask(ctx context.Context, address string) (*answer, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("exporting %s: %w", address, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost"+u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("exporting %s: %w", address, err)
	}
	r.RequestURI = u.RequestURI()
	r.RemoteAddr = "127.0.0.1:1"
	a := &answer{status: http.StatusOK, header: http.Header{}}
	e.site.ServeHTTP(a, r)
	if a.status >= http.StatusInternalServerError {
		return nil, fmt.Errorf("exporting %s: the page could not be made; the log says why", address)
	}
	return a, nil
}

// write writes a file of the export.
func (e *export) write(name string, body []byte) error {
	file := filepath.Join(e.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("exporting: %w", err)
	}
	if err := os.WriteFile(file, body, 0o644); err != nil {
		return fmt.Errorf("exporting: %w", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Files++
	e.Bytes += int64(len(body))
	return nil
}
