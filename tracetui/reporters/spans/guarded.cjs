'use strict'
// Nothing of a reporter may fail a run, whatever a runner hands it.

let hasFailed = false

const complain = (error) => {
  if (!hasFailed) process.stderr.write(`tracetui: the run is not traced any further: ${error && error.message}\n`)
  hasFailed = true
}

/** The same class, whose methods complain once and do nothing from then on instead of throwing. */
const guarded = (Class, except = []) => {
  for (const name of Object.getOwnPropertyNames(Class.prototype)) {
    const method = Class.prototype[name]
    if (name === 'constructor' || except.includes(name)) continue
    Class.prototype[name] = function quietly(...values) {
      if (hasFailed) return undefined
      try {
        const result = method.apply(this, values)
        return result && typeof result.catch === 'function' ? result.catch(complain) : result
      } catch (error) {
        return complain(error)
      }
    }
  }
  return Class
}

module.exports = { guarded }
