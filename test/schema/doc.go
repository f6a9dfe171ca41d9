// Package schema holds the JSON Schemas of the components' configurations, config.schema.json
// in the folder of each, against their types and against the shipped configurations.
package schema
