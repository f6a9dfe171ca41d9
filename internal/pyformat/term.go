package pyformat

import "regexp"

// Term is what a field of a layout prints: an attribute of a LogRecord.
type Term uint8

// The terms, as "LogRecord attributes" of Python's library reference has them.
const (
	// Extra is an attribute that the application adds, such as a request's id.
	Extra Term = iota
	Asctime
	Created
	Msecs
	RelativeCreated
	LevelName
	LevelNo
	Name
	Message
	Process
	ProcessName
	Thread
	ThreadName
	TaskName
	FuncName
	Module
	LineNo
	PathName
	FileName
)

// shape is how the text of a field looks, which tells where it ends.
type shape uint8

const (
	anyText shape = iota // up to the text that follows the field
	word                 // without blanks
	integer
	decimal
	levelName
	dateTime
)

var terms = map[string]struct {
	term  Term
	shape shape
}{
	"asctime":         {Asctime, dateTime},
	"created":         {Created, decimal},
	"msecs":           {Msecs, decimal},
	"relativeCreated": {RelativeCreated, decimal},
	"levelname":       {LevelName, levelName},
	"levelno":         {LevelNo, integer},
	"name":            {Name, word},
	"message":         {Message, anyText},
	"process":         {Process, integer},
	"processName":     {ProcessName, anyText},
	"thread":          {Thread, integer},
	"threadName":      {ThreadName, anyText},
	"taskName":        {TaskName, anyText},
	"funcName":        {FuncName, word},
	"module":          {Module, word},
	"lineno":          {LineNo, integer},
	"pathname":        {PathName, anyText},
	"filename":        {FileName, anyText},
}

// loguruTerms are the names that loguru's formats, which are in "{" style, have for them.
var loguruTerms = map[string]string{
	"time":         "asctime",
	"level":        "levelname",
	"level.name":   "levelname",
	"level.no":     "levelno",
	"function":     "funcName",
	"line":         "lineno",
	"file":         "filename",
	"file.name":    "filename",
	"file.path":    "pathname",
	"process.id":   "process",
	"process.name": "processName",
	"thread.id":    "thread",
	"thread.name":  "threadName",
}

// levelPrefix is uvicorn's name for a level with its colon, padded behind it.
const levelPrefix = "levelprefix"

// colour names the fields that print a colour alone, as colorlog's do.
var colour = regexp.MustCompile(`^(?:reset|(?:\w+_)?log_color|(?:[fb]g_)?(?:bold_|thin_)?(?:light_)?(?:black|red|green|yellow|blue|purple|cyan|white))$`)
