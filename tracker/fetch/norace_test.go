//go:build !race

package fetch_test

// slowTests is how many times longer things may take: see race_test.go.
func slowTests() int { return 1 }
