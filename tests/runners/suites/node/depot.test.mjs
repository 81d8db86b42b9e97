import { test } from 'node:test'

test('opens', () => new Promise((resolve) => setTimeout(resolve, 200)))
