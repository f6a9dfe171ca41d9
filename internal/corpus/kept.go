package corpus

import (
	"bufio"
	"bytes"
	_ "embed" // the kept lines
	"encoding/json"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// What is kept is generated with this seed, and holds this many benign lines.
const (
	keptSeed   = 1
	keptBenign = 200_000
)

var (
	//go:embed testdata/positives.jsonl.zst
	keptPositives []byte
	//go:embed testdata/benign.jsonl.zst
	keptLines []byte
)

// Kept returns the lines of testdata.
func Kept() (positives []Labelled, benign []string, err error) {
	text, err := unpack(keptPositives)
	if err != nil {
		return nil, nil, err
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var labelled Labelled
		if err = json.Unmarshal(lines.Bytes(), &labelled); err != nil {
			return nil, nil, err
		}
		positives = append(positives, labelled)
	}
	if text, err = unpack(keptLines); err != nil {
		return nil, nil, err
	}
	return positives, strings.Split(strings.TrimSuffix(string(text), "\n"), "\n"), lines.Err()
}

func unpack(packed []byte) ([]byte, error) {
	decoder, err := zstd.NewReader(nil)
	if err != nil {
		return nil, err
	}
	defer decoder.Close()
	return decoder.DecodeAll(packed, nil)
}

// pack returns the lines of testdata anew.
func pack() (positives, benign []byte, err error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	for _, labelled := range Positives(keptSeed) {
		if err = encoder.Encode(labelled); err != nil {
			return nil, nil, err
		}
	}
	compressor, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return nil, nil, err
	}
	positives = compressor.EncodeAll(text.Bytes(), nil)
	benign = compressor.EncodeAll([]byte(strings.Join(Benign(keptSeed, keptBenign), "\n")+"\n"), nil)
	return positives, benign, compressor.Close()
}
