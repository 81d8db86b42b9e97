import assert from 'node:assert'
import { before, describe, it, test } from 'node:test'

describe('an order', () => {
  before(() => new Promise((resolve) => setTimeout(resolve, 20)))
  describe('that is new', () => {
    it('has a total', () => assert.equal(2 + 3, 5))
  })
  it('is refused', () => assert.deepEqual({ total: 2 }, { total: 3 }))
  it.skip('is sent', () => {})
  it('is left out', (context) => context.skip('no carrier'))
  it.todo('is paid', () => assert.equal(1, 2))
})
test('has parts', async (context) => {
  await context.test('one', () => {})
})
