package extract

import (
	"strings"

	"golang.org/x/net/html"
)

const (
	pathSteps   = 3  // elements named in a path: the one that holds the block and those around it
	pathClasses = 3  // classes named of each
	pathName    = 40 // longest name of a class, in bytes
)

// treePath says where an element stands in the page's tree, by its own tag and
// classes and those of up to two elements around it: "div.story > p". Blocks
// that a design sets alike have the same path, however many there are; the
// paths of two designs, or of one before and after it was redone, say nothing of
// each other.
func treePath(n *html.Node) string {
	var steps []string
	for ; n != nil && n.Type == html.ElementNode && len(steps) < pathSteps && n.Data != "body"; n = n.Parent {
		step := clipped(n.Data, pathName)
		for i, class := range strings.Fields(attr(n, "class")) {
			if i == pathClasses {
				break
			}
			step += "." + clipped(class, pathName)
		}
		steps = append([]string{step}, steps...)
	}
	return strings.Join(steps, " > ")
}
