import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { codeCell, plain } from '../../src/core/report/plain.ts'
import { createRedactor } from '../../src/redact/redactor.ts'
import { home } from '../support/run-sower.ts'

const mark = '[redacted]'
const base64Of = (text: string): string => Buffer.from(text).toString('base64')
const cutValues = [
  'ghs_0123456789abcdefABCDEF',
  'canary-s3cr3t-7Kq_x9-h0rse-stapl3r',
  'pä$$w0rd/+and&m0r3=',
]

t.test('a piece of eight characters is found wherever a word begins or ends with it', t => {
  const encodings: readonly ((text: string) => string)[] = [
    text => text,
    ...[plain, codeCell, JSON.stringify, encodeURIComponent],
    text => JSON.stringify(plain(text)),
  ]
  for (const value of cutValues)
    for (let length = 8; length <= 16; length += 1) {
      const redactor = createRedactor()
      redactor.add(value)
      for (const [start, end] of [
        ...[
          ['', ''],
          ['a ', ' b'],
          ['a\n', '\nb'],
          ['("', '").'],
          ['=', ','],
          ['`', '`'],
        ],
        ...[
          ['...', '...'],
          ['…', '…'],
          ['[cut]', '[cut]'],
          ['>', '<'],
        ],
      ] as const)
        for (const encode of encodings)
          for (const piece of [value.slice(0, length), value.slice(-length)]) {
            const shown = redactor.clean(encode(start + piece + end))
            if (!shown.includes(mark)) t.fail(`${encode(start + piece + end)}: ${shown}`)
          }
      const encoded = base64Of(value).replace(/=+$/, '')
      for (const piece of [encoded.slice(0, 12), encoded.slice(-14)])
        t.ok(redactor.clean(`a ${piece} b`).includes(mark), piece)
      for (const piece of [value.slice(0, 18), value.slice(-18)])
        t.equal(redactor.clean(`a${piece}b`), `a${mark}b`, 'long ones anywhere')
    }
  t.end()
})

t.test('the end of a value is found however a stream cuts it', t => {
  const [value = ''] = cutValues
  const redactor = createRedactor()
  redactor.add(value)
  const whole = `at …${value.slice(-12)}, ${value.slice(-9)} and ${value.slice(0, 11)} x`
  t.equal(redactor.clean(whole), `at …${mark}, ${mark} and ${mark} x`)
  for (let at = 0; at <= whole.length; at += 1) {
    const stream = redactor.stream()
    const shown = stream.write(whole.slice(0, at)) + stream.write(whole.slice(at)) + stream.end()
    if (shown !== redactor.clean(whole)) t.equal(shown, redactor.clean(whole), `cut at ${at}`)
  }
  t.end()
})

t.test('the words of the documentation and the examples are no pieces of secrets', t => {
  const files = ['docs', 'examples', 'manifests'].flatMap(directory =>
    readdirSync(join(home, directory), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
  )
  const text = files.map(file => `${file}\n`).join('')
  const words = [...new Set(text.match(/[A-Za-z][\w.-]*\w/g) ?? [])]
  const isName = /^(?:[A-Z]?[a-z]+[-_.]?)+[0-9]{0,2}$/
  // Cut within the last of its words, a secret with `sower_runs` in it is how `sower_run_blocked` begins.
  const beginsOthers = (word: string): boolean =>
    /[-_.][a-z]+s$/.test(word) &&
    words.some(other => /^[-_.]/.test(other.split(word.slice(0, -1))[1] ?? ''))
  const named = words.filter(
    word => word.length >= 8 && word.length < 15 && isName.test(word) && !beginsOthers(word),
  )
  const redactor = createRedactor()
  // Whoever makes a password of a word, with something before it and behind it.
  for (const word of named) {
    redactor.add(`${word}-7f3A9c21d`)
    redactor.add(`7f3A9c21d-${word}`)
    if (/^[a-z]+$/.test(word)) redactor.add(`${word}sxqzk7f3A9c21d`)
  }
  const clean = redactor.clean(text)
  const [lines, cleaned] = [text.split('\n'), clean.split('\n')]
  t.ok(named.length > 500 && lines.length > 3000, `${named.length} words in ${lines.length} lines`)
  t.strictSame(
    cleaned.filter((line, at) => line !== lines[at] && line.includes(mark)),
    [],
  )
  t.end()
})
