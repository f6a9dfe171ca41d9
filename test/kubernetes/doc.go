// Package kubernetes renders the chart as helm does, and holds what comes out to
// Kubernetes' own types, to the shipped configuration, and to what a cluster admits.
package kubernetes
