'use strict'
// What the reporters in this directory share: spans of a test run, sent as OTLP/JSON over HTTP while it runs.
//
// No package is needed. Where spans go is read from what OpenTelemetry's SDKs read (OTEL_EXPORTER_OTLP_ENDPOINT and
// others, as `tracetui exec` sets them); where nothing names a collector, nothing is done. Nothing here fails a run.

const crypto = require('node:crypto')
const http = require('node:http')
const https = require('node:https')
const os = require('node:os')
const path = require('node:path')
const { bootId, existing, resource } = require('./environment.cjs')
const { attributesOf, errorEvent, text } = require('./values.cjs')

const FLUSH_MS = 200
const BEAT_MS = 5000
const PATIENCE_MS = 5000
const MOST_WAITING = 20000
const MOST_AT_ONCE = 500
const TRIES = 3
const BOOT_ID = bootId()
const FAILED = new Set(['fail', 'error'])

// Tests may replace these: they run in the same process under some runners.
const { request } = http
const requestTls = https.request
const { setInterval, clearInterval, setTimeout } = globalThis
const clock = performance.now.bind(performance)
const origin = performance.timeOrigin

/** Milliseconds since the epoch, with fractions. */
const nowMs = () => origin + clock()

const nanos = (ms) => String(BigInt(Math.round(ms * 1000)) * 1000n)

/** The spans of one test run, below the span that TRACEPARENT names. */
class Run {
  constructor(runner) {
    const { endpoint, isOurs, parent, ...rest } = existing(process.env)
    Object.assign(this, { runner, endpoint, isOurs, headers: rest.headers })
    this.traceId = parent ? parent.traceId : crypto.randomBytes(16).toString('hex')
    this.queues = { traces: [], logs: [] }
    this.open = new Set()
    this.lost = 0
    this.why = ''
    this.sending = Promise.resolve()
    if (!endpoint) return
    this.resource = { attributes: attributesOf(resource(process.env, runner)) }
    this.agent = new (endpoint.startsWith('https:') ? https : http).Agent({ keepAlive: true, maxSockets: 1 })
    this.suite = this.start({
      name: runner,
      role: 'suite',
      parentSpanId: parent && parent.spanId,
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
    if (!this.endpoint) return span
    this.open.add(span)
    if (!waits) this.announce(span)
    return span
  }

  /** Tells of a span that runs: at once, unless it `waits` for its role. */
  announce(span) {
    if (!this.isOurs || !this.open.has(span)) return
    if (span === this.suite || !this.suite) this.beat()
    this.put('logs', span)
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
    if (!span || !this.endpoint) return
    this.open.delete(span)
    Object.assign(span.attributes, attributes)
    if (status && span.attributes['tracetui.span.role'] === 'test') span.attributes['test.case.result.status'] = status
    const end = nanos(endMs)
    span.end = BigInt(end) < BigInt(span.start) ? span.start : end
    span.events = errors.map((error) => ({ timeUnixNano: span.end, ...errorEvent(error) }))
    span.code = FAILED.has(status) ? 2 : status ? 1 : 0
    this.put('traces', spanRecord(this.traceId, span))
  }

  /** Says of an ended test that another attempt follows: it ends a microsecond later, so that this counts. */
  endedForNow(span) {
    if (!this.endpoint) return
    span.end = String(BigInt(span.end) + 1000n)
    span.attributes['test.case.result.final'] = false
    this.put('traces', spanRecord(this.traceId, span))
  }

  /** Ends the run and waits until all is sent; `isGood` is the runner's own verdict. */
  async finish(isGood, attributes = {}) {
    if (!this.endpoint || this.isOver) return
    this.isOver = true
    for (const timer of this.timers) clearInterval(timer)
    for (const span of this.open) if (span !== this.suite) this.end(span)
    const status = isGood ? 'success' : 'failure'
    this.end(this.suite, {
      status: isGood ? 'pass' : 'fail',
      attributes: { ...attributes, 'test.suite.run.status': status },
    })
    this.beat()
    this.flush()
    await this.sending
    this.agent.destroy()
    if (this.lost) process.stderr.write(`tracetui: ${this.lost} spans could not be sent: ${this.why}\n`)
  }

  beat() {
    if (this.isOurs) this.put('logs', undefined)
  }

  put(kind, record) {
    const queue = this.queues[kind]
    if (queue.length < MOST_WAITING) queue.push(record)
    else this.lose(kind, 1, 'too many at once')
  }

  lose(kind, count, why) {
    if (kind === 'traces') this.lost += count
    this.why = why
  }

  /** Sends what waits, one request after another: what has ended, and then what still runs. */
  flush() {
    this.sendAll('traces', this.queues.traces.splice(0))
    const waiting = this.queues.logs.splice(0)
    const running = waiting.filter((span) => span && this.open.has(span))
    const records = running.map((span) => startRecord(this.traceId, span))
    this.sendAll('logs', waiting.includes(undefined) ? [heartbeat(this.open.size), ...records] : records)
  }

  sendAll(kind, records) {
    for (let from = 0; from < records.length; from += MOST_AT_ONCE) {
      const some = records.slice(from, from + MOST_AT_ONCE)
      this.sending = this.sending.then(() => this.deliver(kind, some)).catch(() => {})
    }
  }

  async deliver(kind, records) {
    const [groups, scopes, names] =
      kind === 'traces' ? ['resourceSpans', 'scopeSpans', 'spans'] : ['resourceLogs', 'scopeLogs', 'logRecords']
    const scoped = { scope: { name: `tracetui.${this.runner}` }, [names]: records }
    const body = JSON.stringify({ [groups]: [{ resource: this.resource, [scopes]: [scoped] }] })
    let why = ''
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (attempt) await new Promise((resolve) => setTimeout(resolve, FLUSH_MS * 2 ** attempt))
      const status = await this.post(`${this.endpoint}/v1/${kind}`, body).catch((error) => error)
      if (status === 200) return
      why = status instanceof Error ? status.message : `the collector answered ${status}`
      if (status >= 400 && status < 500 && status !== 429) break
    }
    this.lose(kind, records.length, why)
  }

  post(url, body) {
    const send = url.startsWith('https:') ? requestTls : request
    const headers = { ...this.headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    return new Promise((resolve, reject) => {
      const sent = send(url, { method: 'POST', agent: this.agent, headers, timeout: PATIENCE_MS }, (answer) => {
        answer.on('end', () => resolve(answer.statusCode)).on('error', reject).resume()
      })
      sent.on('timeout', () => sent.destroy(new Error('no answer'))).on('error', reject).end(body)
    })
  }
}

const relative = (file) => {
  const below = path.relative(process.cwd(), text(file))
  return below && !below.startsWith('..') ? below : text(file)
}

const spanRecord = (traceId, span) => ({
  traceId,
  spanId: span.spanId,
  ...(span.parentSpanId ? { parentSpanId: span.parentSpanId } : {}),
  name: span.name,
  kind: 1,
  startTimeUnixNano: span.start,
  endTimeUnixNano: span.end,
  attributes: attributesOf(span.attributes),
  events: span.events,
  status: span.code ? { code: span.code } : {},
})

/** What tells tracetui of a span that runs: to others it is a log record. */
const startRecord = (traceId, span) => ({
  timeUnixNano: span.start,
  severityNumber: 1,
  traceId,
  spanId: span.spanId,
  eventName: 'tracetui.span.start',
  attributes: attributesOf({
    'tracetui.span.name': span.name,
    ...(span.parentSpanId ? { 'tracetui.span.parent_span_id': span.parentSpanId } : {}),
    'tracetui.span.start_time_unix_nano': span.start,
    ...span.attributes,
  }),
})

const heartbeat = (open) => ({
  timeUnixNano: nanos(nowMs()),
  severityNumber: 1,
  eventName: 'tracetui.heartbeat',
  attributes: attributesOf({
    'process.pid': process.pid,
    'host.name': os.hostname(),
    'tracetui.boot_id': BOOT_ID,
    'tracetui.open_spans': open,
  }),
})

module.exports = { Run, nowMs, relative }
