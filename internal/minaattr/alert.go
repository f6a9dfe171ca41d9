package minaattr

// EventAlert is the name of the event that a transition of an alert is: the connector
// alert makes it, the exporter alertmanager reads it, and every destination takes it.
const EventAlert = "mina.alert"

// The attributes of such a record.
const (
	// AlertName is the name of the rule.
	AlertName = "alert.name"
	// AlertState is AlertFiring or AlertResolved.
	AlertState = "alert.state"
	// AlertFingerprint tells the alert from all others: 16 hexadecimal digits.
	AlertFingerprint = "alert.fingerprint"
	// AlertStartsAt and AlertEndsAt are times in RFC 3339; a firing alert has no end.
	AlertStartsAt = "alert.starts_at"
	AlertEndsAt   = "alert.ends_at"
	// AlertValue is what was counted.
	AlertValue = "alert.value"
	// AlertLabels and AlertAnnotations are what the attributes begin with that say so of
	// the alert.
	AlertLabels      = "alert.labels."
	AlertAnnotations = "alert.annotations."
	// AlertSearch finds the records that the alert is about, in LogsQL.
	AlertSearch = "alert.search"
	// AlertExample is one of them, a map.
	AlertExample = "alert.example"
)

// The states.
const (
	AlertFiring   = "firing"
	AlertResolved = "resolved"
)
