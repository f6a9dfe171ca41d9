// Package evaluation measures how many secrets a processor finds, and how many
// lines it changes that have none.
package evaluation
