'use strict'
// A reporter of Playwright Test, beside another one: npx playwright test --reporter=list,PATH

const { guarded } = require('./spans/guarded.cjs')
const { Run } = require('./spans/run.cjs')

const STATUS = { passed: 'pass', failed: 'fail', timedOut: 'timed_out', interrupted: 'aborted', skipped: 'skipped' }

const statusOf = (test, result) => {
  if (test.expectedStatus !== 'failed') return STATUS[result.status]
  return result.status === 'failed' ? 'xfailed' : result.status === 'passed' ? 'fail' : STATUS[result.status]
}

/** Groups and the test itself, without its file; with its project where the configuration names one. */
const namesOf = (test) => {
  const [, project, , ...names] = test.titlePath()
  return project ? [...names.slice(0, -1), `${names[names.length - 1]} [${project}]`] : names
}

/** What a step is: hooks and fixtures stand in steps that hold them all. */
const partOf = ({ category, parent, title }) => {
  if (!parent || (category !== 'hook' && category !== 'fixture')) return { role: 'other', attributes: {} }
  return {
    role: 'hook',
    attributes: {
      'tracetui.fixture.scope': /^(before|after)All\b/.test(title) ? 'class' : 'function',
      'tracetui.hook.when': title.startsWith('after') ? 'teardown' : 'setup',
    },
  }
}

class PlaywrightReporter {
  constructor() {
    this.attempts = new Map()
    this.steps = new Map()
  }

  onBegin(_config, suite) {
    this.run = this.run || new Run('playwright')
    if (this.run.suite) this.run.suite.attributes['pytest.testscollected'] = suite.allTests().length
  }

  onTestBegin(test, result) {
    const span = this.run.startTest(test.location.file, namesOf(test), {
      startMs: result.startTime.getTime(),
      attributes: {
        'code.file.path': test.location.file,
        'code.line.number': test.location.line,
        'pytest.xdist.worker': `worker ${result.parallelIndex}`,
        'playwright.retry': result.retry || undefined,
      },
    })
    this.attempts.set(result, { span, endMs: 0 })
  }

  onStepBegin(_test, result, step) {
    const attempt = this.attempts.get(result)
    const { role, attributes } = partOf(step)
    const span = this.run.start({
      name: step.title,
      role,
      parent: this.steps.get(step.parent) || (attempt && attempt.span),
      startMs: step.startTime.getTime(),
      attributes: { ...attributes, 'playwright.step.category': step.category },
    })
    this.steps.set(step, span)
  }

  onStepEnd(_test, result, step) {
    const attempt = this.attempts.get(result)
    const endMs = step.startTime.getTime() + Math.max(0, step.duration)
    this.run.end(this.steps.get(step), {
      endMs,
      status: step.error ? 'fail' : 'pass',
      errors: step.error ? [step.error] : [],
    })
    this.steps.delete(step)
    if (attempt) attempt.endMs = Math.max(attempt.endMs, endMs)
  }

  onTestEnd(test, result) {
    const { span, endMs } = this.attempts.get(result) || {}
    this.attempts.delete(result)
    const isLast = result.status === test.expectedStatus || result.status === 'skipped' || result.retry >= test.retries
    this.run.end(span, {
      // A test's own duration leaves out what stands around its function.
      endMs: Math.max(endMs || 0, result.startTime.getTime() + result.duration),
      status: statusOf(test, result),
      errors: result.errors,
      attributes: isLast ? {} : { 'test.case.result.final': false },
    })
  }

  /** What is no test's: a file that does not load, a worker that dies. */
  onError(error) {
    this.run = this.run || new Run('playwright')
    this.run.endFile(this.run.startFile(error.location ? error.location.file : 'playwright'), [error])
  }

  async onEnd(result) {
    await this.run.finish(result.status === 'passed')
  }

  printsToStdio() {
    return false
  }
}

module.exports = guarded(PlaywrightReporter)
