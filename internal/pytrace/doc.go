// Package pytrace reads what CPython prints of an exception, from 3.8 to 3.14: chains,
// groups, notes, marker lines and repeated frames, remote tracebacks, syntax errors, the
// reports of threads, destructors and the logging module, loguru's frames; cut short, or
// with other programs' lines in between.
//
// The exception that counts is the one that was raised last, which Python prints last.
//
// Some of what Python prints cannot be told apart, and is read as follows:
//
//   - A note is part of the message that it stands behind, and so is whatever else stands
//     there, such as SQLAlchemy's statement.
//   - The message has no blank space at its end.
//   - A traceback in a message is part of it if the line above it ends in a colon, or if it
//     is quoted as a remote one is. Otherwise it is another report, and the last one counts.
//   - A line between exceptions ("During handling of the above exception, …") in a message
//     ends it.
//   - An exception that was not raised, and is printed first, has no header. It is told from
//     other words by its class, which ends in Error or the like, or has a module.
//   - A line that looks like the exception's, with further frames below it and a line like
//     it below them, is another program's.
package pytrace
