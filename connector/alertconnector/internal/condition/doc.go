// Package condition decides which records a rule means. OTTL decides; a guard in front of
// it decides what costs nothing to decide, so that most records do not come that far.
package condition
