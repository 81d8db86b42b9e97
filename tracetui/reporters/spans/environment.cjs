'use strict'
// What the environment says: the collector, the parent, and what is known of this process.

const fs = require('node:fs')
const os = require('node:os')

const decoded = (value) => {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** The pairs of a list such as OTEL_EXPORTER_OTLP_HEADERS. */
const pairs = (list) =>
  Object.fromEntries(
    (list || '')
      .split(',')
      .map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), decoded(pair.slice(pair.indexOf('=') + 1).trim())])
      .filter(([key]) => key),
  )

/** Where spans go (empty: nowhere), whether that is tracetui's own receiver, and the span above them. */
const existing = (variables) => {
  const named = variables.OTEL_SDK_DISABLED === 'true' ? '' : variables.OTEL_EXPORTER_OTLP_ENDPOINT || ''
  const parent = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-/.exec(variables.TRACEPARENT || '')
  return {
    endpoint: /^https?:/.test(named) ? named.replace(/\/+$/, '') : '',
    isOurs: Boolean(named) && named === variables.TRACETUI_RECEIVER,
    headers: pairs(variables.OTEL_EXPORTER_OTLP_HEADERS),
    parent: parent && { traceId: parent[1], spanId: parent[2] },
  }
}

/** The id of this boot of the machine: with it, a process is known to be gone. Empty where there is none. */
const bootId = () => {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}

/** The attributes of this process, after OpenTelemetry's conventions. */
const resource = (variables, runner) => ({
  'service.name': variables.OTEL_SERVICE_NAME || runner,
  'process.pid': process.pid,
  'process.runtime.name': 'nodejs',
  'process.runtime.version': process.versions.node,
  'host.name': os.hostname(),
  'host.arch': process.arch,
  'os.type': process.platform,
  ...pairs(variables.OTEL_RESOURCE_ATTRIBUTES),
})

module.exports = { bootId, existing, resource }
