const assert = require('node:assert')

let tries = 0

describe('an order', () => {
  before(() => new Promise((resolve) => setTimeout(resolve, 20)))
  describe('that is new', () => {
    it('has a total', () => assert.equal(2 + 3, 5))
  })
  it('is refused', () => assert.deepEqual({ total: 2 }, { total: 3 }))
  it.skip('is sent', () => {})
  it('is paid')
  it('is left out', function () {
    this.skip()
  })
  it('is flaky', function () {
    this.retries(1)
    assert.equal(++tries, 2)
  })
})

describe('a depot', () => {
  beforeEach(() => {
    throw new Error('it is closed')
  })
  it('opens', () => {})
})
