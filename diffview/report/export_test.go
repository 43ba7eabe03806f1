package report

// APIPaths returns the address of every route of the API, with its parameters in
// braces.
func APIPaths() []string {
	var paths []string
	for _, a := range new(site).apiRoutes() {
		paths = append(paths, a.path)
	}
	return paths
}
