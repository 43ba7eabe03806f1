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
	var steps [pathSteps]*html.Node
	from := pathSteps
	for ; n != nil && n.Type == html.ElementNode && from > 0 && n.Data != "body"; n = n.Parent {
		from--
		steps[from] = n
	}
	var path []byte
	for _, step := range steps[from:] {
		if len(path) > 0 {
			path = append(path, " > "...)
		}
		path = append(path, clipped(step.Data, pathName)...)
		classes := 0
		for class := range strings.FieldsSeq(attr(step, "class")) {
			if classes++; classes > pathClasses {
				break
			}
			path = append(append(path, '.'), clipped(class, pathName)...)
		}
	}
	return string(path)
}
