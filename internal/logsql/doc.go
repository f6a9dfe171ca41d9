// Package logsql writes filters in LogsQL, the language of VictoriaLogs. It is the only
// place that quotes what comes from people and from records.
package logsql
