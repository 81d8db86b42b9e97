'use strict'
// A reporter of Vitest (3 and newer): npx vitest run --reporter=default --reporter=PATH

const { guarded } = require('./spans/guarded.cjs')
const { Run } = require('./spans/run.cjs')
const { nowMs } = require('./spans/values.cjs')

const STATUS = { passed: 'pass', failed: 'fail', skipped: 'skipped' }

/** The names of the groups that a test stands in, and its own. */
const namesOf = (test) => {
  const names = [test.name]
  for (let group = test.parent; group && group.type === 'suite'; group = group.parent) names.unshift(group.name)
  return names
}

class VitestReporter {
  onTestRunStart() {
    this.run = new Run('vitest')
    this.files = new Map()
    this.tests = new Map()
  }

  // Vitest tells of what happened in batches, so times are those that it took itself.
  onTestModuleQueued(module) {
    this.files.set(module.id, this.run.startFile(module.moduleId))
  }

  onTestCaseReady(test) {
    this.tests.set(test.id, this.started(test, (test.task && test.task.result && test.task.result.startTime) || nowMs()))
  }

  onTestCaseResult(test) {
    const { state, errors = [] } = test.result()
    const { startTime, duration = 0, retryCount = 0 } = test.diagnostic() || {}
    const span = this.tests.get(test.id) || this.started(test, startTime)
    this.tests.delete(test.id)
    const asItShould = state === 'passed' && test.options && test.options.fails
    const began = Number(span.start) / 1e6
    this.run.end(span, {
      endMs: began + duration,
      status: asItShould ? 'xfailed' : STATUS[state],
      errors: [...errors],
      attributes: { 'vitest.retry_count': retryCount || undefined },
    })
  }

  onTestModuleCollected(module) {
    // Vitest 3 says no more of one that does not load.
    if (module.state() === 'failed') this.onTestModuleEnd(module)
  }

  onTestModuleEnd(module) {
    this.run.endFile(this.files.get(module.id), [...module.errors()])
    this.files.delete(module.id)
  }

  async onTestRunEnd(_modules, errors = [], reason = 'passed') {
    await this.run.finish(reason === 'passed' && !errors.length)
  }

  started(test, startMs) {
    return this.run.startTest(test.module.moduleId, namesOf(test), {
      parent: this.files.get(test.module.id),
      startMs,
      attributes: { 'code.file.path': test.module.moduleId, 'code.line.number': test.location && test.location.line },
    })
  }
}

module.exports = guarded(VitestReporter)
