package redaction

// Location is where in a record a hit is.
type Location int

// The locations.
const (
	Body Location = iota
	Attributes
	AttributeKeys
	Resource
	Scope
	SeverityText
	EventName
)

var locationNames = [...]string{"body", "attributes", "attribute_keys", "resource", "scope", "severity_text", "event_name"}

// String returns the location as metrics and reports have it.
func (l Location) String() string { return locationNames[l] }

// Locations returns all locations.
func Locations() []Location {
	return []Location{Body, Attributes, AttributeKeys, Resource, Scope, SeverityText, EventName}
}
