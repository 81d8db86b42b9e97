import { expect, test } from 'vitest'

test('opens', async () => {
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect([1].length).toBe(1)
})
