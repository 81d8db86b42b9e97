"""Results of tests: JUnit XML and `go test -json`."""
