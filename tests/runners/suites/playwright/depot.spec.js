const { existsSync, readdirSync, readFileSync } = require('node:fs')
const { test } = require('@playwright/test')

// Whether the start of the test is in the recording that is being made of it.
const isTold = () => {
  const logs = existsSync('spans/logs') ? readdirSync('spans/logs') : []
  return logs.some((name) => readFileSync(`spans/logs/${name}`, 'utf8').includes('"opens"'))
}
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const untilTold = async () => {
  await wait(200)
  while (!isTold()) await wait(20)
}

test('opens', async () => {
  test.setTimeout(120000)
  await untilTold()
})
