'use strict'
// A reporter of Node's own test runner (20 and newer), beside another one:
// node --test --test-reporter=spec --test-reporter-destination=stdout \\
//             --test-reporter=PATH --test-reporter-destination=/dev/null

const path = require('node:path')
const { guarded } = require('./spans/guarded.cjs')
const { Run } = require('./spans/run.cjs')
const { nowMs } = require('./spans/values.cjs')

const MOST_PRINTED = 16 * 1024
const PATIENCE_MS = 100

const keyOf = ({ file, line, column, name, nesting }) => [file, line, column, nesting, name].join('\0')

const isFile = ({ file, name, nesting }) => nesting === 0 && Boolean(file) && path.resolve(name) === file

const isSet = (mark) => mark !== undefined && mark !== false

const statusOf = ({ skip, todo }, hasPassed) => {
  if (isSet(skip)) return 'skipped'
  return hasPassed ? 'pass' : isSet(todo) ? 'xfailed' : 'fail'
}

const errorsOf = ({ error }) => {
  if (!error || error.failureType === 'subtestsFailed') return []
  return [error.cause === undefined ? error : error.cause]
}

/** The tests that run, each below the group it stands in. */
class Tests {
  constructor() {
    this.run = new Run('node')
    this.open = new Map()
    this.levels = new Map()
    this.printed = new Map()
    this.completed = new Set()
    this.failed = 0
    this.isInOrder = false
  }

  /** Some events come as things happen, and others later, in the order of the source; the first are newer. */
  hear(type, data) {
    if (type === 'test:dequeue') {
      this.isInOrder = true
      this.begin(data)
    } else if (type === 'test:start' && !this.isInOrder) {
      this.begin(data)
    } else if (type === 'test:complete' && data.details && data.details.passed !== undefined) {
      this.completed.add(keyOf(data))
      this.end(data, data.details.passed)
    } else if (type === 'test:pass' || type === 'test:fail') {
      if (!this.completed.delete(keyOf(data))) this.end(data, type === 'test:pass')
    } else if (type === 'test:stderr' && data.file) {
      this.printed.set(data.file, ((this.printed.get(data.file) || '') + data.message).slice(-MOST_PRINTED))
    }
  }

  begin(data) {
    const key = keyOf(data)
    const levels = this.levels.get(data.file) || [{ names: [] }]
    const level = isFile(data) ? 0 : data.nesting + 1
    const above = levels[level - 1] || levels[levels.length - 1]
    const names = isFile(data) ? [] : [...above.names, data.name]
    const test = { names, began: nowMs(), span: isFile(data) ? this.run.startFile(data.file) : this.started(data, names, above) }
    // Nothing says before its end that it is a group, but that others begin within.
    if (above.span && !above.isFile) above.span.attributes['tracetui.span.role'] = 'other'
    test.isFile = isFile(data)
    this.levels.set(data.file, [...levels.slice(0, level), test])
    this.open.set(key, test)
  }

  started(data, names, above) {
    const span = this.run.startTest(data.file || process.argv[1] || 'node', names, {
      parent: above.span,
      attributes: { 'code.file.path': data.file, 'code.line.number': data.line },
      waits: true,
    })
    setTimeout(() => this.run.announce(span), PATIENCE_MS).unref()
    return span
  }

  end(data, hasPassed) {
    const test = this.open.get(keyOf(data))
    if (!test) return
    this.open.delete(keyOf(data))
    const details = data.details || {}
    const options = { endMs: test.began + (details.duration_ms || 0) }
    const status = statusOf(data, hasPassed)
    const errors = hasPassed ? [] : errorsOf(details)
    if (status === 'fail') this.failed += 1
    if (!isFile(data)) test.span.attributes['tracetui.span.role'] = details.type === 'suite' ? 'other' : 'test'
    if (isFile(data)) this.run.endFile(test.span, this.isLoaded(data) ? [] : [this.whyNot(data, errors)], options)
    else this.run.end(test.span, { ...options, status, errors })
  }

  /** Of a file whose tests failed it is said that it failed, and no more; one without tests is a test. */
  isLoaded({ file, details }) {
    return this.levels.get(file).length > 1 || !(details && details.error)
  }

  /** The runner says only that the file failed; why is what its process printed. */
  whyNot({ file }, [error]) {
    const stack = this.printed.get(file) || ''
    const [said] = /^\w*Error\b.*$/m.exec(stack) || []
    return said ? { message: said, stack } : error
  }
}

guarded(Tests)

module.exports = async function* report(source) {
  const tests = new Tests()
  for await (const { type, data } of source) tests.hear(type, data)
  await tests.run.finish(!tests.failed)
}
