import fc from 'fast-check'
import t from 'tap'
import { createRedactor } from '../src/redact.ts'

const mark = '[redacted]'
const base64Of = (text: string): string => Buffer.from(text).toString('base64')
const urlForm = (text: string): string => Buffer.from(text).toString('base64url')

/** Secrets as they occur: at least four characters, and not a part of the mark itself. */
const secret = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 4, maxLength: 40 }),
    fc.string({ unit: 'binary-ascii', minLength: 4, maxLength: 40 }),
    fc.constantFrom('pass', 'pä$$wörd', 'a+b/c=d "e" \\ f', '日本語のパスワード', '🌱🌱🌱🌱'),
  )
  .filter(value => value.length >= 4 && !mark.includes(value) && !/^(.)\1*$/.test(value))
const around = fc.string({
  unit: fc.constantFrom('a', ' ', '€', '"', '7', '\n', ':'),
  maxLength: 7,
})

/** All six-bit groups of base64 that carry nothing but bits of the secret, at that alignment. */
const innerBase64 = (before: string, value: string): string => {
  const [from, to] = [Buffer.byteLength(before) * 8, Buffer.byteLength(before + value) * 8]
  return base64Of(before + value).slice(Math.ceil(from / 6), Math.floor(to / 6))
}

t.test('a registered secret is in no cleaned text, in any form', t => {
  fc.assert(
    fc.property(secret, around, around, (value, before, after) => {
      const redactor = createRedactor()
      redactor.add(value)
      const inner = innerBase64(before, value)
      const forms: readonly (readonly [string, string])[] = [
        [value, `${before}${value}${after}`],
        [JSON.stringify(value).slice(1, -1), JSON.stringify({ text: before + value + after })],
        [encodeURIComponent(value), `https://x/?a=${encodeURIComponent(before + value + after)}`],
        [inner, base64Of(before + value + after)],
        [innerBase64(`user:${before}`, value), `Basic ${base64Of(`user:${before}${value}`)}`],
        [inner.replaceAll('+', '-').replaceAll('/', '_'), urlForm(before + value + after)],
      ]
      return forms.every(([form, text]) => {
        const clean = redactor.clean(text)
        return !clean.replaceAll(mark, '\u0000').includes(form)
      })
    }),
    { numRuns: 1000 },
  )
  t.end()
})

t.test('finds base64 of a secret at each of the three alignments', t => {
  for (const value of [
    'pass',
    'passw',
    'passwd',
    'passwd7',
    'pässwörd',
    '日本語の',
    'correct horse',
  ])
    for (const before of ['', 'a', 'ab', 'abc', 'ü'])
      for (const after of ['', 'x', 'xy', 'xyz']) {
        const redactor = createRedactor()
        redactor.add(value)
        const text = base64Of(before + value + after)
        const inner = innerBase64(before, value)
        t.ok(text.includes(inner), 'the form is in the text')
        t.notOk(redactor.clean(text).includes(inner), `${before}|${value}|${after}`)
      }
  t.end()
})

t.test('leaves everything else as it is', t => {
  const redactor = createRedactor()
  t.equal(redactor.clean('nothing is known: a, b'), 'nothing is known: a, b')
  redactor.add('s3cr3t')
  t.equal(redactor.clean('user s3cr3t, twice s3cr3t.'), 'user [redacted], twice [redacted].')
  t.equal(redactor.clean('s3cr3'), 's3cr3')
  t.end()
})

t.test('does not look for what is too short to be a secret', t => {
  const redactor = createRedactor()
  for (const short of ['', 'a', 'abc']) redactor.add(short)
  t.equal(redactor.clean('abc a'), 'abc a')
  redactor.add('abcd')
  t.equal(redactor.clean('abcd'), mark)
  t.end()
})

t.test('a secret that is the beginning of another does not uncover the rest', t => {
  for (const order of [
    ['token-1', 'token-1-suffix'],
    ['token-1-suffix', 'token-1'],
  ]) {
    const redactor = createRedactor()
    order.forEach(redactor.add)
    t.equal(redactor.clean('token-1-suffix token-1'), `${mark} ${mark}`)
  }
  t.end()
})

t.test('takes any string, broken Unicode too', t => {
  const redactor = createRedactor()
  redactor.add('abc\uD800def')
  t.equal(redactor.clean('x abc\uD800def'), `x ${mark}`)
  t.equal(redactor.clean('x $& $1'), 'x $& $1')
  t.end()
})
