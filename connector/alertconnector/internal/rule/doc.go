// Package rule is the life of alerts: a rule has groups of records, each with a window
// over them, and a group's alert is pending, firing or neither by what its window says.
// It knows no clock but the times that it is told, and nothing of pipelines and storage.
package rule
