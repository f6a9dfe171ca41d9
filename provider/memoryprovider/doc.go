// Package memoryprovider says how much memory the collector may use: what the operator
// has said, or what a default and the control group leave.
package memoryprovider
