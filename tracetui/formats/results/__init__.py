"""Files of test results: JUnit XML, and the output of `go test -json`."""
