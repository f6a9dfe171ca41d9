package minareceiver

// checkpoint is what is known of one file.
type checkpoint struct {
	source *source
	// known is the file's entry as fileconsumer wrote it, or as we made it before
	// fileconsumer has. Without one the file cannot be found again after a restart.
	known *knownFile
	// compressed says that the file is read through gzip: the source's offsets are
	// in the uncompressed text, and begin at base where fileconsumer counts from 0.
	compressed bool
	base       int64
	// whole says that a compressed file has been read to the end of its stream,
	// and size how long it was when it had not.
	whole bool
	size  int64
	path  string
	// listed says that fileconsumer listed the file in its last poll, and moved
	// that it stood elsewhere then than where the source had been read to.
	listed bool
	moved  bool
}

// readAnew notes that fileconsumer reads the file from its beginning, through
// gzip or not. Of a file that was compressed after a part of it was read,
// fileconsumer leaves out that part, but only where the compressed file is not
// shorter than the part.
func (cp *checkpoint) readAnew(compressed bool, text []byte) {
	wasCompressed := cp.compressed || cp.known != nil && cp.known.fileType == gzipType
	cp.compressed, cp.base, cp.whole, cp.size = compressed, 0, false, 0
	if compressed && !wasCompressed && cp.known != nil && !cp.known.beginsWith(text) {
		cp.base = cp.source.end
	}
	if compressed && wasCompressed {
		cp.source.restart(0)
	}
}

// acknowledged returns the offset up to which everything has been delivered, and
// the type of file that it counts in.
func (cp *checkpoint) acknowledged() (offset int64, fileType string) {
	offset, fileType = cp.known.offset, cp.known.fileType
	if cp.source == nil {
		return offset, fileType
	}
	switch acked := cp.source.ledger.acknowledged(); {
	case cp.compressed && cp.whole && cp.listed && fileType == gzipType && cp.source.delivered():
		// The offset is the end of the compressed file.
		return offset, fileType
	case cp.compressed:
		// An offset in the uncompressed text is fileconsumer's own way to say how
		// much of a compressed file to pass over.
		return acked, ""
	case cp.listed && cp.moved:
		return min(offset, acked), fileType
	default:
		return acked, fileType
	}
}
