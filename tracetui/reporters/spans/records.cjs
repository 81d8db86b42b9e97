'use strict'
// Spans as OTLP/JSON, and what tells tracetui of those that still run: to others these are log records.

const os = require('node:os')
const { bootId } = require('./environment.cjs')
const { attributesOf, nanos, nowMs } = require('./values.cjs')

const BOOT_ID = bootId()
const TRACE = 1

const parentOf = ({ parentSpanId }) => (parentSpanId ? { parentSpanId } : {})

/** A span that has ended. */
const spanRecord = (traceId, span) => ({
  traceId,
  spanId: span.spanId,
  ...parentOf(span),
  name: span.name,
  kind: 1,
  startTimeUnixNano: span.start,
  endTimeUnixNano: span.end,
  attributes: attributesOf(span.attributes),
  events: span.events,
  status: span.code ? { code: span.code } : {},
})

/** A span that runs. */
const startRecord = (traceId, span) => ({
  timeUnixNano: span.start,
  severityNumber: TRACE,
  traceId,
  spanId: span.spanId,
  eventName: 'tracetui.span.start',
  attributes: attributesOf({
    'tracetui.span.name': span.name,
    'tracetui.span.parent_span_id': span.parentSpanId,
    'tracetui.span.start_time_unix_nano': span.start,
    ...span.attributes,
  }),
})

/** That this process lives, and how many of its spans run. */
const heartbeat = (open) => ({
  timeUnixNano: nanos(nowMs()),
  severityNumber: TRACE,
  eventName: 'tracetui.heartbeat',
  attributes: attributesOf({
    'process.pid': process.pid,
    'host.name': os.hostname(),
    'tracetui.boot_id': BOOT_ID,
    'tracetui.open_spans': open,
  }),
})

module.exports = { heartbeat, spanRecord, startRecord }
