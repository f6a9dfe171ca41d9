package minareceiver

// mostDescriptors says that there is no limit that could be told.
func mostDescriptors() (most int, known bool) { return 0, false }
