package minareceiver

import (
	"bytes"
	"errors"

	"github.com/valyala/fastjson"
	"google.golang.org/protobuf/encoding/protowire"
)

// fileconsumer saves what it knows of the files as one protocol buffer, whose
// message MetadataList is declared in its internal/checkpoint/proto. These are
// the fields that are read and written here; all others pass through.
const (
	listEntries protowire.Number = 1

	entryFingerprint protowire.Number = 1
	entryOffset      protowire.Number = 2
	entryAttributes  protowire.Number = 4
	entryFileType    protowire.Number = 8

	fingerprintFirstBytes protowire.Number = 1
)

var errNotKnownFiles = errors.New("the checkpoints are not in the form that filelog.protobufCheckpointEncoding gives them; leave that feature gate on")

// knownFile is the entry of one file.
type knownFile struct {
	// id is our own file attribute.
	id       string
	offset   int64
	fileType string
	// beginning is the fingerprint: the first bytes of the text.
	beginning []byte
	// rest has the entry's other fields, encoded.
	rest []byte
}

// beginsWith reports whether the text may be the beginning of the file.
func (f *knownFile) beginsWith(text []byte) bool {
	n := min(len(text), len(f.beginning))
	return bytes.Equal(text[:n], f.beginning[:n])
}

// newKnownFile makes the entry of a file that begins with the text.
func newKnownFile(id string, text []byte) *knownFile {
	fingerprint := protowire.AppendTag(nil, fingerprintFirstBytes, protowire.BytesType)
	fingerprint = protowire.AppendBytes(fingerprint, text[:min(len(text), fingerprintSize)])
	rest := protowire.AppendTag(nil, entryFingerprint, protowire.BytesType)
	rest = protowire.AppendBytes(rest, fingerprint)
	rest = protowire.AppendTag(rest, entryAttributes, protowire.BytesType)
	rest = protowire.AppendString(rest, `{"`+fileIDKey+`":"`+id+`"}`)
	return &knownFile{id: id, beginning: text[:min(len(text), fingerprintSize)], rest: rest}
}

// parseKnownFiles reads a list of known files.
func parseKnownFiles(list []byte) (files []*knownFile, err error) {
	for len(list) > 0 {
		number, kind, tag := protowire.ConsumeTag(list)
		if tag < 0 || number != listEntries || kind != protowire.BytesType {
			return nil, errNotKnownFiles
		}
		entry, size := protowire.ConsumeBytes(list[tag:])
		if size < 0 {
			return nil, errNotKnownFiles
		}
		file, err := parseKnownFile(entry)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
		list = list[tag+size:]
	}
	return files, nil
}

func parseKnownFile(entry []byte) (*knownFile, error) {
	f := &knownFile{}
	for len(entry) > 0 {
		number, kind, tag := protowire.ConsumeTag(entry)
		if tag < 0 {
			return nil, errNotKnownFiles
		}
		size := protowire.ConsumeFieldValue(number, kind, entry[tag:])
		if size < 0 {
			return nil, errNotKnownFiles
		}
		field, value := entry[:tag+size], entry[tag:tag+size]
		entry = entry[tag+size:]
		switch {
		case number == entryOffset && kind == protowire.VarintType:
			offset, _ := protowire.ConsumeVarint(value)
			f.offset = int64(offset)
			continue
		case number == entryFileType && kind == protowire.BytesType:
			f.fileType, _ = protowire.ConsumeString(value)
			continue
		case number == entryAttributes && kind == protowire.BytesType:
			attributes, _ := protowire.ConsumeBytes(value)
			f.id = fastjson.GetString(attributes, fileIDKey)
		case number == entryFingerprint && kind == protowire.BytesType:
			fingerprint, _ := protowire.ConsumeBytes(value)
			if _, kind, tag := protowire.ConsumeTag(fingerprint); tag > 0 && kind == protowire.BytesType {
				f.beginning, _ = protowire.ConsumeBytes(fingerprint[tag:])
			}
		}
		f.rest = append(f.rest, field...)
	}
	return f, nil
}

// appendTo appends the entry to a list, with another offset and file type.
func (f *knownFile) appendTo(list []byte, offset int64, fileType string) []byte {
	size := len(f.rest)
	if offset != 0 {
		size += protowire.SizeTag(entryOffset) + protowire.SizeVarint(uint64(offset))
	}
	if fileType != "" {
		size += protowire.SizeTag(entryFileType) + protowire.SizeBytes(len(fileType))
	}
	list = protowire.AppendTag(list, listEntries, protowire.BytesType)
	list = protowire.AppendVarint(list, uint64(size))
	list = append(list, f.rest...)
	if offset != 0 {
		list = protowire.AppendTag(list, entryOffset, protowire.VarintType)
		list = protowire.AppendVarint(list, uint64(offset))
	}
	if fileType != "" {
		list = protowire.AppendTag(list, entryFileType, protowire.BytesType)
		list = protowire.AppendString(list, fileType)
	}
	return list
}
