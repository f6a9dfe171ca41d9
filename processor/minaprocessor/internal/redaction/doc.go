// Package redaction removes from log records what must never leave the host.
//
// A text is passed over once. Where a pair of bytes begins an anchor of some rule
// (two digits, "ey", "://", an equals sign) that rule's matcher looks at the place
// and decides. The cost of a text without such a place does not depend on the
// number of rules.
package redaction
