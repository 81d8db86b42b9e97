const { expect, test: base } = require('@playwright/test')

const test = base.extend({ total: async ({}, use) => use(5) })

test.describe('an order', () => {
  test.beforeAll(() => new Promise((resolve) => setTimeout(resolve, 20)))
  test('has a total', async ({ total }) => {
    await test.step('adds up', async () => expect(2 + 3).toBe(total))
  })
  test('is refused', () => expect({ total: 2 }).toEqual({ total: 3 }))
  test.skip('is sent', () => {})
  test('should not hold', () => {
    test.fail()
    expect(1).toBe(2)
  })
  test.describe(() => {
    test.describe.configure({ retries: 1 })
    test('is flaky', ({}, info) => expect(info.retry).toBe(1))
  })
  test('hangs', async () => {
    test.setTimeout(200)
    await new Promise(() => {})
  })
})
