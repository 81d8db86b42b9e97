const { expect, test } = require('@playwright/test')

test('opens', () => expect([1].length).toBe(1))
