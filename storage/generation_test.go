package storage_test

import (
	"context"
	"os"
	"os/exec"
	"testing"

	"storydiff/storage"
	"storydiff/storage/storagetest"
	"storydiff/tracker"
)

// childTag tags an article, and ends.
func childTag(path string) {
	db, err := storage.Open(context.Background(), path)
	check(err)
	check(db.Tag(context.Background(), 1, "by another process"))
	check(db.Close())
}

// The generation is another after each commit, of this process or another one, and
// the same as long as nobody commits.
func TestGeneration(t *testing.T) {
	db, ctx := storagetest.New(t), t.Context()
	if _, _, err := db.Add(ctx, storage.NewArticle{URL: "https://news.example/a", Identity: "news.example/a", Outlet: "news.example", Host: "news.example"}); err != nil {
		t.Fatal(err)
	}
	seen := map[int64]bool{}
	ask := func() int64 {
		t.Helper()
		n, err := db.Generation(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	last := ask()
	seen[last] = true
	for _, step := range []struct {
		name   string
		commit bool
		do     func() error
	}{
		{"nothing", false, func() error { return nil }},
		{"a reading", false, func() error { _, err := db.Articles(ctx, tracker.ArticleFilter{}); return err }},
		{"a commit", true, func() error { return db.Tag(ctx, 1, "by this process") }},
		{"nothing again", false, func() error { return nil }},
		{"what fails", false, func() error {
			if err := db.Tag(ctx, 99, "x"); err == nil {
				t.Error("an article that is not there was tagged")
			}
			return nil
		}},
		{"a commit of another process", true, func() error {
			child := exec.CommandContext(ctx, os.Args[0])
			child.Env = append(os.Environ(), "STORAGE_TEST_CHILD=tag", "STORAGE_TEST_PATH="+db.Path())
			child.Stderr = t.Output()
			return child.Run()
		}},
		{"and nothing", false, func() error { return nil }},
		{"a further commit", true, func() error { return db.Untag(ctx, 1, "by this process") }},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		now := ask()
		if step.commit == (now == last) || step.commit && seen[now] {
			t.Errorf("%s: the generation is %d after %d; a commit: %t", step.name, now, last, step.commit)
		}
		seen[now], last = true, now
	}
	a, err := db.Article(ctx, 1)
	if err != nil || len(a.Tags) != 1 {
		t.Errorf("in the end the tags are %v, %v", a.Tags, err)
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if n, err := db.Generation(gone); err != nil || n != last {
		t.Errorf("for a visitor who has gone: %d, %v, want %d", n, err, last)
	}
}
