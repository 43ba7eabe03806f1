// Package peers puts other extractors to the trial that ours is put to.
//
// It is a module of its own, so that what they depend on is no dependency of the
// program. All there is in it is a test: run it here, with -v, and with -pages for
// a folder of pages from elsewhere.
package peers
