// Command explore prints how fast the page for the logs answers what jq answers on the file,
// with the latencies of its engine beside, and what it costs.
package main
