// Package condition decides which records a rule means. OTTL decides; a guard in front of
// it looks at what costs nothing to look at, so that most records do not come that far.
package condition
