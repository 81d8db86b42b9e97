'use strict'
// Sends records as OTLP/JSON over HTTP, one request after another, and counts what it could not.

const http = require('node:http')
const https = require('node:https')

const PATIENCE_MS = 5000
const PAUSE_MS = 200
const MOST_WAITING = 20000
const MOST_BYTES = 1 << 20
const TRIES = 3
const MOST_FAILURES = 3
const NAMES = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
}

// Tests may replace these: they run in the same process under some runners.
const { request } = http
const requestTls = https.request
const { setTimeout } = globalThis

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** The records in parts that no collector finds too large. */
function* parts(records) {
  let some = []
  let size = 0
  for (const record of records.map((each) => JSON.stringify(each))) {
    if (some.length && size + record.length > MOST_BYTES) {
      yield some
      some = []
      size = 0
    }
    some.push(record)
    size += record.length
  }
  if (some.length) yield some
}

class Sender {
  constructor({ endpoint, headers }, resource, scope) {
    Object.assign(this, { endpoint, headers, resource, scope })
    this.isTls = endpoint.startsWith('https:')
    this.agent = new (this.isTls ? https : http).Agent({ keepAlive: true, maxSockets: 1 })
    this.sending = Promise.resolve()
    this.waiting = 0
    this.failures = 0
    this.lost = 0
    this.why = ''
  }

  /** Sends records of a kind (`traces` or `logs`) after those before. */
  send(kind, records) {
    for (const some of parts(records)) {
      if (this.waiting + some.length > MOST_WAITING) {
        this.lose(kind, some.length, 'too many at once')
        continue
      }
      this.waiting += some.length
      this.sending = this.sending
        .then(() => this.deliver(kind, some))
        .catch((error) => this.lose(kind, some.length, error.message))
        .then(() => {
          this.waiting -= some.length
        })
    }
  }

  /** Waits until all is sent; resolves to the number of spans that are lost. */
  async close() {
    await this.sending
    this.agent.destroy()
    return this.lost
  }

  lose(kind, count, why) {
    if (kind === 'traces') this.lost += count
    this.why = this.why || why
  }

  async deliver(kind, records) {
    if (this.failures >= MOST_FAILURES) return this.lose(kind, records.length, this.why)
    const [groups, scopes, names] = NAMES[kind]
    const [scope, resource] = [{ name: this.scope }, this.resource].map((each) => JSON.stringify(each))
    const scoped = `{"scope":${scope},"${names}":[${records.join(',')}]}`
    const why = await this.tried(kind, `{"${groups}":[{"resource":${resource},"${scopes}":[${scoped}]}]}`)
    this.failures = why ? this.failures + 1 : 0
    if (why) this.lose(kind, records.length, why)
    return undefined
  }

  /** Why it cannot be sent, or nothing: who did not answer before is asked only once. */
  async tried(kind, body) {
    let why = ''
    for (let attempt = 0; attempt < (this.failures ? 1 : TRIES); attempt++) {
      if (attempt) await pause(PAUSE_MS * 2 ** attempt)
      const status = await this.post(`${this.endpoint}/v1/${kind}`, body).catch((error) => error)
      if (status === 200) return ''
      why = status instanceof Error ? status.message || status.code : `the collector answered ${status}`
      if (status >= 400 && status < 500 && status !== 429) break
    }
    return why
  }

  post(url, body) {
    const headers = { ...this.headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const options = { method: 'POST', agent: this.agent, headers, timeout: PATIENCE_MS }
    return new Promise((resolve, reject) => {
      const sent = (this.isTls ? requestTls : request)(url, options, (answer) => {
        answer.on('end', () => resolve(answer.statusCode)).on('error', reject).resume()
      })
      sent.on('timeout', () => sent.destroy(new Error('no answer'))).on('error', reject).end(body)
    })
  }
}

module.exports = { Sender }
