// Package server has helm install the chart at a real API server, which has no nodes: what
// it admits, refuses and warns of is what a cluster does. make test-kubernetes runs it.
package server
