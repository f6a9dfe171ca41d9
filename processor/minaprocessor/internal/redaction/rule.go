package redaction

// span is a part of a text that a rule has found.
type span struct {
	start, end int
	rule       *rule
}

// rule finds one kind of secret.
type rule struct {
	name string
	// anchors are the texts, of two bytes at least, that a hit has somewhere. In
	// one of them, "0" stands for any digit; letters match in both cases.
	anchors []string
	// find decides about the place at which an anchor begins. It returns the span
	// to replace.
	find func(s *scanner, at int) (start, end int, found bool)
}

// sensitiveKey names what a key, and not a rule, has found.
const sensitiveKey = "sensitive_key"

// rules are all the rules that there are.
var rules = []*rule{
	{name: "private_key", anchors: []string{"-----BEGIN "}, find: findPrivateKey},
	{name: "jwt", anchors: []string{"eyJ"}, find: findJWT},
	{name: "credit_card", anchors: []string{"00"}, find: findCreditCard},
	{name: "us_ssn", anchors: []string{"000"}, find: findSSN},
	{name: "url_userinfo", anchors: []string{"://"}, find: findURLUserinfo},
	{name: "bearer", anchors: []string{"bearer "}, find: findBearer},
}

// RuleNames returns the names of the rules, the more specific first.
func RuleNames() []string {
	names := make([]string, len(rules))
	for i, r := range rules {
		names[i] = r.name
	}
	return names
}
