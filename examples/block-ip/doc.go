// Command block-ip blocks the addresses of alerts: it takes the webhook of Prometheus
// Alertmanager and puts the label client_address of firing alerts into a set of nftables,
// whose elements expire.
package main
