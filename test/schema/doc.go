//go:generate env MINA_UPDATE_GOLDEN=1 go test -count=1 -run "Schema|Document" .

// Package schema holds the JSON Schemas of the components' configurations, config.schema.json
// in the folder of each, against their types and against the shipped configurations.
package schema
