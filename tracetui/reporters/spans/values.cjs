'use strict'
// Values of runners as OTLP has them: text that encodes, errors as exception events.

const MOST_CHARACTERS = 32 * 1024
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const COLOURS = /\u001b\[[0-9;]*m/g

// Tests may replace the clock: they run in the same process under some runners.
const clock = performance.now.bind(performance)
const origin = performance.timeOrigin

/** Milliseconds since the epoch, with fractions. */
const nowMs = () => origin + clock()

/** The same in nanoseconds, as OTLP/JSON has it. */
const nanos = (ms) => String(BigInt(Math.round((Number.isFinite(ms) ? ms : nowMs()) * 1000)) * 1000n)

/** Any value as text that UTF-8 can encode, cut where it is very long. */
const text = (value) => {
  let found
  try {
    found = typeof value === 'function' ? value.name : String(value)
  } catch {
    found = '[unprintable]'
  }
  return found.slice(0, MOST_CHARACTERS).replace(LONE, '\ufffd')
}

const valueOf = (value) => {
  if (typeof value === 'boolean') return { boolValue: value }
  if (Number.isSafeInteger(value)) return { intValue: String(value) }
  if (typeof value === 'number' && Number.isFinite(value)) return { doubleValue: value }
  return { stringValue: text(value) }
}

/** Attributes as OTLP/JSON has them; those that are undefined, null or empty are left out. */
const attributesOf = (values) =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([key, value]) => ({ key, value: valueOf(value) }))

/** An exception event of an error, of what is like one, or of its text. */
const errorEvent = (error) => {
  const is = typeof error === 'object' && error !== null ? error : { message: error }
  const stack = text(is.stack || is.snippet || '').replace(COLOURS, '')
  const message = text(is.message === undefined ? is.value : is.message).replace(COLOURS, '')
  const kind = (/^([A-Z]\w*(?:Error|Exception))\b/.exec(stack || message) || [])[1]
  return {
    name: 'exception',
    attributes: attributesOf({
      'exception.type': is.name && is.name !== 'Error' ? is.name : kind || 'Error',
      'exception.message': message,
      'exception.stacktrace': stack,
    }),
  }
}

module.exports = { attributesOf, errorEvent, nanos, nowMs, text }
