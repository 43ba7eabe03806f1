package report

import (
	"container/list"
	"sync"
)

// An lru keeps values by keys that name their content, so that none is ever stale,
// up to a number of bytes; those that were used last stay.
type lru[K comparable, V any] struct {
	limit int // bytes

	mu    sync.Mutex
	bytes int
	order list.List // of *lruItem[K, V], the one used last in front
	items map[K]*list.Element
}

type lruItem[K comparable, V any] struct {
	key   K
	value V
	size  int
}

// get returns the value of a key.
func (c *lru[K, V]) get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.items[key]
	if !ok {
		return value, false
	}
	c.order.MoveToFront(at)
	return at.Value.(*lruItem[K, V]).value, true
}

// put keeps a value that takes about size bytes; one of more than an eighth of all
// that is kept is not.
func (c *lru[K, V]) put(key K, value V, size int) {
	if size > c.limit/8 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.items == nil {
		c.items = map[K]*list.Element{}
	}
	if at, ok := c.items[key]; ok {
		c.drop(at)
	}
	c.items[key] = c.order.PushFront(&lruItem[K, V]{key, value, size})
	c.bytes += size
	for c.bytes > c.limit {
		c.drop(c.order.Back())
	}
}

func (c *lru[K, V]) drop(at *list.Element) {
	item := c.order.Remove(at).(*lruItem[K, V])
	delete(c.items, item.key)
	c.bytes -= item.size
}
