// Package transition writes the records of alerts that begin and end: what a rule says of
// them, for people and for Alertmanager.
package transition
