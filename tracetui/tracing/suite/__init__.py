"""Suite files: a test suite whose tests are commands, in TOML, collected and run by pytest.

`tracetui run suite.toml [-j N] [-- pytest options]`, or `pytest suite.toml --tracetui`. The words are
resmoke's; all but a command and something to run is optional:

    name = "smoke"                          # what the suite is called (else: the file's name)

    [selector]
    roots = ["jstests/**/*.js"]             # test files, relative to this file
    exclude_files = ["jstests/slow_*.js"]

    [executor]
    command = ["mongosh", "--port", "{port}", "{file}"]   # a string is given to the shell
    timeout = "5m"                          # of each test; then its whole process group is killed
    repeat = 2                              # each test so many times
    cwd = "."                               # where commands run, relative to this file
    env = { TZ = "UTC" }

    [executor.fixture]                      # one for each worker, started before its first test
    command = ["mongod", "--port", "{port}", "--dbpath", "{fixture_path}"]
    port = 0                                # ready when this port answers; 0 takes a free one: {port}
    output = "waiting for connections"      # ready when it has printed this (a regular expression)
    timeout = "30s"                         # to be ready, and again to stop
    env = {}

    [[executor.hooks]]                      # any number, in this order; each time is optional
    name = "validate"
    before_suite = "sh prepare.sh"          # a command, or "module:callable" given a HookCall
    before_test = ["true"]
    after_test = "my_hooks:validate"
    after_suite = "my_hooks:report"
    timeout = "1m"

    [executor.archive]                      # what to keep of tests that fail, see tracetui.tracing.archiver
    what = ["tmp_path", "logs/*.log", "core"]
    tests = true                            # or patterns of test names
    hooks = ["validate"]                    # when these fail too; true is all

    [[test]]                                # a test without a file
    name = "answers"
    command = "curl -fsS localhost:{port}"
    timeout = "10s"
    env = {}

In commands `{file}`, `{name}`, `{port}`, `{worker}` (0, 1, ...), `{suite_dir}`, `{python}` (the one that runs
pytest), `{tmp_path}` (an empty directory for each test) and `{fixture_path}` (one for each fixture) are
filled in; `{{` is a brace. Every command has `TRACEPARENT` in its environment, and a process group of its own
that does not outlive it. A test fails unless its command exits with 0.
"""
