'use strict'
// A reporter of Jest (27 and newer): npx jest --reporters=default --reporters=PATH

const { guarded } = require('./spans/guarded.cjs')
const { Run } = require('./spans/run.cjs')
const { nowMs } = require('./spans/values.cjs')

const STATUS = { passed: 'pass', failed: 'fail', pending: 'skipped', skipped: 'skipped', todo: 'skipped' }

const keyOf = (path, test) => JSON.stringify([path, ...test.ancestorTitles, test.title])

class JestReporter {
  onRunStart() {
    this.run = new Run('jest')
    this.files = new Map()
    this.tests = new Map()
    this.ended = new Map()
  }

  onTestFileStart({ path }) {
    this.files.set(path, this.run.startFile(path))
  }

  onTestCaseStart({ path }, test) {
    const key = keyOf(path, test)
    const before = this.ended.get(key)
    if (before && before.code === 2) this.run.endedForNow(before)
    this.tests.set(key, this.started(path, test, test.startedAt || nowMs()))
  }

  onTestCaseResult({ path }, test) {
    this.tell(path, test, nowMs())
  }

  onTestFileResult({ path }, result) {
    // Tests that never began are told of here alone, and all of them by runners other than Jest's own.
    for (const test of result.testResults) {
      if (!this.ended.has(keyOf(path, test))) this.tell(path, test, result.perfStats.start || nowMs())
    }
    this.run.endFile(this.files.get(path), result.testExecError ? [result.testExecError] : [])
    this.files.delete(path)
    for (const key of this.ended.keys()) if (JSON.parse(key)[0] === path) this.ended.delete(key)
  }

  async onRunComplete(_contexts, results) {
    await this.run.finish(results.success && !results.wasInterrupted)
  }

  tell(path, test, atMs) {
    const key = keyOf(path, test)
    const span = this.tests.get(key) || this.started(path, test, test.startedAt || atMs)
    const status = test.failing && test.status === 'passed' ? 'xfailed' : STATUS[test.status]
    const errors = (test.failureMessages || []).map((stack, index) => {
      const detail = (test.failureDetails || [])[index] || {}
      return { name: detail.name, message: detail.message || stack.split('\n    at ')[0], stack }
    })
    this.tests.delete(key)
    const began = Number(span.start) / 1e6
    this.run.end(span, { endMs: began + (test.duration || 0), status, errors })
    this.ended.set(key, span)
  }

  started(path, test, startMs) {
    return this.run.startTest(path, [...test.ancestorTitles, test.title], {
      parent: this.files.get(path),
      startMs,
      attributes: { 'code.file.path': path },
    })
  }
}

module.exports = guarded(JestReporter)
