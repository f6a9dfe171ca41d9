package minalog

import "github.com/mina-observability/otelcol-mina/internal/pyformat"

// argsOf returns the arguments of a message as Python prints them. A list is a tuple,
// which JSON does not have.
func (d *Decoder) argsOf(b *Batch, index int) string {
	switch v := &d.json.values[index]; v.kind {
	case jsonArray:
		return string(d.appendItems(b, []byte{'('}, index, ",)"))
	case jsonString:
		return d.stringOf(b, v)
	default:
		return string(d.appendLiteral(b, nil, index))
	}
}

// appendLiteral appends a JSON value as Python prints it.
func (d *Decoder) appendLiteral(b *Batch, text []byte, index int) []byte {
	switch v := &d.json.values[index]; v.kind {
	case jsonTrue:
		return append(text, "True"...)
	case jsonFalse:
		return append(text, "False"...)
	case jsonNumber:
		return appendNumber(text, d.json.of(v))
	case jsonString:
		return pyformat.AppendString(text, d.stringOf(b, v))
	case jsonObject:
		return d.appendItems(b, append(text, '{'), index, "}")
	case jsonArray:
		return d.appendItems(b, append(text, '['), index, "]")
	case jsonDeep:
		return append(text, d.json.of(v)...)
	default:
		return append(text, "None"...)
	}
}

func (d *Decoder) appendItems(b *Batch, text []byte, container int, end string) []byte {
	values := d.json.values
	for i := container + 1; i < values[container].next; i = values[i].next {
		if i > container+1 {
			text = append(text, ", "...)
		}
		if k := values[i].key; k != nil {
			text = append(pyformat.AppendString(text, k.name), ": "...)
		}
		text = d.appendLiteral(b, text, i)
	}
	if values[container].next == container+1 && end == ",)" {
		end = ")"
	}
	return append(text, end...)
}

// appendNumber appends a number, of which Python prints those that are none in its own words.
func appendNumber(text []byte, number string) []byte {
	switch number {
	case "NaN":
		number = "nan"
	case "Infinity":
		number = "inf"
	case "-Infinity":
		number = "-inf"
	}
	return append(text, number...)
}
