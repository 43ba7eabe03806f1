package storage_test

import (
	"testing"

	"storydiff/storage/storagetest"
)

func TestStore(t *testing.T) {
	storagetest.Suite(t, func(t *testing.T) storagetest.Store { return storagetest.New(t) })
}
