package rules

import "slices"

// Catalogue has all rules. Of two that find the same span, the first wins: the more
// specific ones come first.
var Catalogue = slices.Concat(keyFileRules, vendorRules, tokenRules, hashRules, urlRules, commandRules, protocolRules, statementRules, pathRules, cardRules, healthRules, personRules, nationalRules, wordRules)

// CatalogueNames returns the names of the rules, the more specific first.
func CatalogueNames() []string {
	names := make([]string, len(Catalogue))
	for i, r := range Catalogue {
		names[i] = r.Name
	}
	return names
}
