//go:build race

package fetch_test

// slowTests is how many times longer things may take than without the race
// detector.
func slowTests() int { return 20 }
