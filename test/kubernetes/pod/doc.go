// Package pod runs the pods of the chart for real, under podman: over a tree of logs as the
// kubelet writes it, to an endpoint that can be down. make test-kubernetes runs it.
package pod
