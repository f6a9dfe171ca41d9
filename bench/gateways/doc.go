// Package main measures what it costs to take records through Kafka or a gateway: in
// messages as long as an agent with a backlog writes, and as short as one with little
// traffic does; with the receiver lossless_kafka and with the stock one.
//
// ../README.md says what was found.
package main
