package rules

import "slices"

// vendorRules find the keys and tokens of vendors, most by their prefix. Each field has
// its file.
var vendorRules = slices.Concat(cloudRules, developmentRules, aiRules, commerceRules, messagingRules, observabilityRules)
