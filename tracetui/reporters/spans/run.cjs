'use strict'
// What the reporters in this directory share: the spans of a test run, sent while it runs.
//
// No package is needed. Where spans go is read from what OpenTelemetry's SDKs read (OTEL_EXPORTER_OTLP_ENDPOINT and
// others, as `tracetui exec` sets them); where nothing names a collector, nothing is done. Nothing here fails a run.

const crypto = require('node:crypto')
const os = require('node:os')
const path = require('node:path')
const { existing, resource } = require('./environment.cjs')
const { heartbeat, spanRecord, startRecord } = require('./records.cjs')
const { Sender } = require('./sender.cjs')
const { attributesOf, errorEvent, nanos, nowMs, text } = require('./values.cjs')

const FLUSH_MS = 200
const BEAT_MS = 5000
const FAILED = new Set(['fail', 'error', 'timed_out', 'aborted'])

// Tests may replace these: they run in the same process under some runners.
const { setInterval, clearInterval } = globalThis

/** The spans of one test run, below the span that TRACEPARENT names. */
class Run {
  constructor(runner) {
    const said = existing(process.env)
    this.traceId = said.parent ? said.parent.traceId : crypto.randomBytes(16).toString('hex')
    this.isOn = Boolean(said.endpoint)
    this.isLive = said.isOurs
    this.open = new Set()
    this.ended = []
    this.begun = []
    this.isBeating = true
    if (!this.isOn) return
    const about = { attributes: attributesOf(resource(process.env, runner)) }
    this.sender = new Sender(said, about, `tracetui.${runner}`)
    this.suite = this.start({
      name: runner,
      role: 'suite',
      parentSpanId: said.parent && said.parent.spanId,
      attributes: {
        'test.suite.name': path.basename(process.cwd()),
        'test.suite.run.status': 'in_progress',
        'tracetui.host.cores': os.availableParallelism ? os.availableParallelism() : os.cpus().length,
      },
    })
    this.timers = [setInterval(() => this.flush(), FLUSH_MS), setInterval(() => this.beat(), BEAT_MS)]
    for (const timer of this.timers) timer.unref()
  }

  /** Begins a span; `role` is one of tracetui's, `parent` another span (default: the suite). */
  start({ name, role = 'other', parent = this.suite, parentSpanId, startMs = nowMs(), attributes = {}, waits }) {
    const span = {
      spanId: crypto.randomBytes(8).toString('hex'),
      parentSpanId: parent ? parent.spanId : parentSpanId,
      name: text(name),
      start: nanos(startMs),
      attributes: { 'tracetui.span.role': role, ...attributes },
      events: [],
    }
    this.open.add(span)
    if (!waits) this.announce(span)
    return span
  }

  /** Tells of a span that runs: as it starts, unless it `waits` for its role. */
  announce(span) {
    if (this.isLive) this.begun.push(span)
  }

  /** Begins the span of a test of a file; `names` are those of its groups, and its own. */
  startTest(file, names, options = {}) {
    const own = names.map(text).join(' > ')
    const attributes = { 'test.case.name': own, 'test.suite.name': relative(file), ...options.attributes }
    return this.start({ ...options, name: own, role: 'test', attributes })
  }

  /** Begins the span of a file of tests. */
  startFile(file) {
    return this.start({ name: relative(file), attributes: { 'code.file.path': file } })
  }

  /** Ends it; a file that could not be loaded is a collection that failed. */
  endFile(span, errors = [], options = {}) {
    const attributes = errors.length ? { 'tracetui.span.role': 'hook', 'tracetui.hook.when': 'collection' } : {}
    this.end(span, { ...options, status: errors.length ? 'fail' : '', errors, attributes })
  }

  /** Ends a span: `status` as in test.case.result.status, `errors` as runners have them. */
  end(span, { endMs = nowMs(), status = '', errors = [], attributes = {} } = {}) {
    if (!span || !this.open.delete(span)) return
    Object.assign(span.attributes, attributes)
    if (status && span.attributes['tracetui.span.role'] === 'test') span.attributes['test.case.result.status'] = status
    const end = nanos(endMs)
    span.end = BigInt(end) < BigInt(span.start) ? span.start : end
    span.events = errors.map((error) => ({ timeUnixNano: span.end, ...errorEvent(error) }))
    span.code = FAILED.has(status) ? 2 : status ? 1 : 0
    this.tell(span)
  }

  /** Says of an ended test that another attempt follows: it ends a microsecond later, so that this counts. */
  endedForNow(span) {
    span.end = String(BigInt(span.end) + 1000n)
    span.attributes['test.case.result.final'] = false
    this.tell(span)
  }

  tell(span) {
    if (this.isOn) this.ended.push(spanRecord(this.traceId, span))
  }

  beat() {
    this.isBeating = true
  }

  /** Sends what has ended, and then what still runs. */
  flush() {
    this.sender.send('traces', this.ended.splice(0))
    const running = this.begun.splice(0).filter((span) => this.open.has(span))
    const beats = this.isLive && this.isBeating ? [heartbeat(this.open.size)] : []
    this.isBeating = false
    this.sender.send('logs', [...beats, ...running.map((span) => startRecord(this.traceId, span))])
  }

  /** Ends the run and waits until all is sent; `isGood` is the runner's own verdict. */
  async finish(isGood) {
    if (!this.isOn || this.isOver) return
    this.isOver = true
    for (const timer of this.timers) clearInterval(timer)
    for (const span of this.open) if (span !== this.suite) this.end(span)
    this.end(this.suite, {
      status: isGood ? 'pass' : 'fail',
      attributes: { 'test.suite.run.status': isGood ? 'success' : 'failure' },
    })
    this.beat()
    this.flush()
    const lost = await this.sender.close()
    if (lost) process.stderr.write(`tracetui: ${lost} spans could not be sent: ${this.sender.why}\n`)
  }
}

const relative = (file) => {
  const below = path.relative(process.cwd(), text(file))
  return below && !below.startsWith('..') ? below : text(file)
}

module.exports = { Run }
