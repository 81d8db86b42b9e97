import { test } from 'node:test'

const names = [
  '\ud800 half',
  '\u001b[2J\u0007',
  'a > b',
  '',
  ' ',
  '__proto__',
  'x'.repeat(100000),
  'ütf 🜲',
  '%s %d',
]
for (const name of names) test(name, () => {})

const unprintable = {
  toString() {
    throw 1
  },
}
const thrown = [undefined, null, 'a text', 7, Symbol('s'), { message: '\udfff' }, unprintable, [1], () => {}]
thrown.forEach((value, number) =>
  test(`throws ${number}`, () => {
    throw value
  }),
)
