package engine

// Problem is why there is no engine, and what to do. Both are texts for people, and hold
// no secrets.
type Problem struct{ Reason, Action string }

func (p *Problem) Error() string { return p.Reason + "; " + p.Action }
