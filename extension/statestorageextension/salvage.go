package statestorageextension

import (
	"bytes"
	"os"

	"go.etcd.io/bbolt"

	"github.com/mina-observability/otelcol-mina/extension/statestorageextension/internal/bolt"
)

// salvageBytes is how much of a damaged file is taken over in one transaction.
const salvageBytes = 8 << 20

// salvage puts the items of a damaged file that are whole into the new one, and
// returns how many they are.
func (c *client) salvage(aside string) (saved int, err error) {
	info, err := os.Stat(aside)
	if err != nil || !info.Mode().IsRegular() {
		return 0, err
	}
	file, err := os.Open(aside)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	var items []item
	size := 0
	write := func() error {
		err := c.db.Update(func(tx *bbolt.Tx) error { return putAll(tx.Bucket(itemsBucket), items) })
		if err == nil {
			saved += len(items)
		}
		items, size = nil, 0
		return err
	}
	err = bolt.Salvage(file, info.Size(), func(bucket, key, sealed []byte) error {
		if _, intact := unseal(key, sealed); !intact || !bytes.Equal(bucket, itemsBucket) {
			return nil
		}
		items, size = append(items, item{key, sealed}), size+len(sealed)
		if size < salvageBytes {
			return nil
		}
		return write()
	})
	if err != nil {
		return saved, err
	}
	return saved, write()
}

type item struct{ key, sealed []byte }

func putAll(bucket *bbolt.Bucket, items []item) error {
	for _, i := range items {
		if err := bucket.Put(i.key, i.sealed); err != nil {
			return err
		}
	}
	return nil
}
