package tail

import (
	"context"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
)

// identities tell the texts of files apart, so that a record is known by the offset at
// which it stands.
type identities struct {
	wanted, unsaved bool
}

// IdentifyTexts has every record get a log.record.uid. It has to be called before Restore.
func (t *Tailer) IdentifyTexts() { t.texts.wanted = true }

// of returns the identity of a file's text, or 0 if nobody wants it.
func (i *identities) of(f *file) uint64 {
	if !i.wanted {
		return 0
	}
	if f.textID == 0 {
		f.textID, i.unsaved = minalog.NewText(), true
	}
	return f.textID
}

// change says that a text is known by something else now, as by more of its beginning.
func (i *identities) change() { i.unsaved = i.wanted }

// save keeps what texts are known by before a record of theirs is handed over, which would
// have another identity after a kill.
func (i *identities) save(ctx context.Context, store *checkpoint.Store) {
	if i.unsaved {
		_ = store.Save(ctx) // which has been reported
		i.unsaved = false
	}
}
