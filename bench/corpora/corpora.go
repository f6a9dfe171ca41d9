package corpora

// Text is one example of a scanner, one line of a log or one paragraph.
type Text struct {
	// Rule is what the scanner calls it, or the file that a line is from.
	Rule string `json:"rule"`
	Text string `json:"text"`
	// Secret is what the scanner finds in it, or empty.
	Secret string `json:"secret,omitempty"`
}

// Corpus is a collection of texts.
type Corpus struct {
	Name string
	// Source is the module or package it is from, with its licence.
	Source string
	// Texts reads or fetches it.
	Texts func() ([]Text, error)
	// Lines are decoded as the receiver does; other texts are bodies.
	Lines bool
}

// Scanners are corpora of texts with secrets.
var Scanners = []Corpus{
	{Name: "gitleaks", Source: Gitleaks + ", MIT", Texts: kept("gitleaks")},
	{Name: "osv-scalibr", Source: Scalibr + ", Apache-2.0", Texts: kept("osv-scalibr")},
}

// Logs are corpora of lines that programs have written.
var Logs = []Corpus{
	{Name: "loki", Source: Loki + ", AGPL-3.0", Texts: lokiLines, Lines: true},
	{Name: "fail2ban", Source: "Debian's package fail2ban, GPL-2", Texts: fail2banLines, Lines: true},
}

// Documentation are corpora of paragraphs of prose and source.
var Documentation = []Corpus{
	{Name: "python", Source: "Debian's package python3.11-doc, PSF-2", Texts: paragraphs("python3.11-doc")},
	{Name: "celery", Source: "Debian's package python-celery-doc, BSD-3-Clause", Texts: paragraphs("python-celery-doc")},
}

// The modules that corpora are from.
const (
	Gitleaks = "github.com/zricethezav/gitleaks/v8@v8.30.1"
	Scalibr  = "github.com/google/osv-scalibr@v0.5.3"
	Loki     = "github.com/grafana/loki/v3@v3.7.8"
)
