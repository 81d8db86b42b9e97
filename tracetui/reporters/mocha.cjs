'use strict'
// A reporter of Mocha (8 and newer), which prints as `spec` does: npx mocha --reporter PATH

const { guarded } = require('./spans/guarded.cjs')
const { Run } = require('./spans/run.cjs')
const { nowMs } = require('./spans/values.cjs')

/** Mocha's own reporter, from where Mocha runs: this file lies outside the project. */
const { Spec } = require(require.resolve('mocha', { paths: [process.cwd(), require.main ? require.main.path : '.'] })).reporters

const SCOPES = { all: 'class', each: 'function' }

class MochaReporter extends Spec {
  constructor(runner, options) {
    super(runner, options)
    const run = new Run('mocha')
    this.spans = { run, test: undefined, hook: undefined }
    this.verdict = { status: '', errors: [] }
    if (run.suite) run.suite.attributes['pytest.testscollected'] = runner.total
    runner
      .on('test', (test) => this.begin(test))
      .on('pass', () => this.say('pass'))
      .on('pending', (test) => this.skip(test))
      .on('fail', (test, error) => this.fail(test, error))
      .on('retry', (_test, error) => this.say('fail', error, { 'test.case.result.final': false }))
      .on('test end', () => this.end())
      .on('hook', (hook) => this.beginHook(hook))
      .on('hook end', () => this.endHook('pass'))
  }

  begin(test) {
    this.end()
    this.spans.test = this.started(test)
  }

  started(test) {
    return this.spans.run.startTest(test.file || 'mocha', test.titlePath(), { attributes: { 'code.file.path': test.file } })
  }

  say(status, error, attributes) {
    this.verdict = { status, errors: error === undefined ? [] : [error], attributes }
  }

  skip(test) {
    if (!this.spans.test) this.spans.test = this.started(test)
    this.say('skipped')
  }

  fail(test, error) {
    if (test.type !== 'hook') this.say('fail', error)
    else if (this.spans.test) this.say('error', error)
    if (test.type === 'hook') this.endHook('fail', error)
  }

  /** The test is over, and all its attempts: the hooks after each are events of their own. */
  end() {
    this.spans.run.end(this.spans.test, this.verdict)
    this.spans.test = undefined
    this.verdict = { status: '', errors: [] }
  }

  beginHook(hook) {
    const [, when, scope] = /"(before|after) (all|each)"/.exec(hook.title) || [undefined, 'before', 'all']
    this.spans.hook = this.spans.run.start({
      name: hook.fullTitle(),
      role: 'hook',
      parent: scope === 'each' ? this.spans.test : undefined,
      attributes: {
        'tracetui.fixture.scope': SCOPES[scope],
        'tracetui.hook.when': when === 'before' ? 'setup' : 'teardown',
      },
    })
  }

  endHook(status, error) {
    this.spans.run.end(this.spans.hook, { endMs: nowMs(), status, errors: error === undefined ? [] : [error] })
    this.spans.hook = undefined
  }

  done(failures, exit) {
    this.end()
    this.spans.run.finish(!failures).finally(() => exit(failures))
  }
}

module.exports = guarded(MochaReporter, ['done'])
