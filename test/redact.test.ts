import './redact/forms.ts'
import './redact/cut.ts'
import './redact/pieces.ts'
import { EventEmitter } from 'node:events'
import fc from 'fast-check'
import t from 'tap'
import { cleanForge } from '../src/bot/github/clean-forge.ts'
import { cleanOutput } from '../src/cli/output/clean-output.ts'
import type { Forge } from '../src/operations/ports/forge.ts'
import { printable } from '../src/core/printable.ts'
import { codeCell, plain } from '../src/core/report/plain.ts'
import { createRedactor } from '../src/redact/redactor.ts'
import { propertyRuns } from './support/property-runs.ts'

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
    { numRuns: propertyRuns(1000) },
  )
  t.end()
})

/** A whole text in an encoding, and how to get the secret back out of what is left of it. */
const encodings: Readonly<Record<string, (text: string) => string>> = {
  JSON: text => JSON.stringify({ text }),
  'JSON in JSON': text => JSON.stringify({ text: JSON.stringify({ text }) }),
  'JSON of Go': text =>
    JSON.stringify(text).replace(/[<>&]/g, c => `\\u00${c.charCodeAt(0).toString(16)}`),
  'JSON in ASCII': text =>
    JSON.stringify(text).replace(
      /[\u0080-\uffff]/g,
      c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  'YAML in single quotes': text => text.replaceAll("'", "''"),
  'a form': text => new URLSearchParams({ text }).toString(),
  'lower-case percents': text =>
    encodeURIComponent(text).replace(/%../g, code => code.toLowerCase()),
  hex: text => Buffer.from(text).toString('hex'),
  HEX: text => Buffer.from(text).toString('hex').toUpperCase(),
  'base64 in lines of 64': text => base64Of(text).replace(/.{64}/g, '$&\n'),
  'base64 in lines of 76, indented': text => base64Of(text).replace(/.{76}/g, '$&\r\n    '),
  'base64 in short lines, in JSON': text => JSON.stringify(base64Of(text).replace(/.{9}/g, '$&\n')),
  'base64 twice': text => base64Of(base64Of(text)),
  'base64url of base64': text => urlForm(base64Of(text)),
  HTML: text => text.replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`),
  'HTML with names': text =>
    text.replace(
      /[&<>"']/g,
      c =>
        `&${/[&]/.test(c) ? 'amp' : /[<]/.test(c) ? 'lt' : /[>]/.test(c) ? 'gt' : c === '"' ? 'quot' : 'apos'};`,
    ),
  'HTML in hex': text =>
    Array.from(text, c => `&#x${(c.codePointAt(0) ?? 0).toString(16)};`).join(''),
  'HTML in JSON': text =>
    JSON.stringify({ text: text.replace(/[&<>]/g, c => `&#${c.charCodeAt(0)};`) }),
  'a report': text => plain(text),
  'a report in JSON': text => JSON.stringify({ text: plain(text) }),
  'a code span in a table': text => codeCell(text),
  'base64 in a report': text => plain(base64Of(text)),
  'base64 in a URL': text => encodeURIComponent(base64Of(text)),
  'Markdown with backslashes': text => text.replace(/[^\w\s]/gu, '\\$&'),
  'printable text': text => printable(text),
  'YAML that is folded': text => JSON.stringify(text).replace(/[^\\]{7}(?=[a-z])/g, '$&\\\n    '),
  'a URL, every byte of it': text =>
    Array.from(Buffer.from(text), byte => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  'a word of the shell': text => `'${text.replaceAll("'", "'\\''")}'`,
  'lines of nine': text => text.replace(/.{9}/gu, '$&\n  '),
}

/** The part of an encoded text that is the same whatever stands around the secret. */
const sharedPart = (encode: (text: string) => string, value: string, fill: string): string => {
  const sameUntil = (a: string, b: string): number => {
    let at = 0
    while (at < a.length && a[at] === b[at]) at += 1
    return at
  }
  const whole = encode(`${fill}${value}`)
  const until = sameUntil(whole, encode(`${fill}${value}x`))
  const from = sameUntil(whole, encode(fill))
  return whole.slice(from, until)
}
const character = fc.oneof(
  fc.constantFrom('-', '_', '.', '/', '+', '=', '&', '<', '>', '"', "'", '\\', ' ', 'é', '🌱'),
  fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }).filter(one => /\w/.test(one)),
)
const token = fc
  .string({ unit: character, minLength: 8, maxLength: 90 })
  .filter(value => !mark.includes(value) && !/^(.)\1*$/u.test(value) && value.trim() === value)

for (const [name, encode] of Object.entries(encodings))
  t.test(`a registered secret does not survive as ${name}`, t => {
    fc.assert(
      fc.property(token, fc.constantFrom('', 'u', 'us', 'user:'), (value, before) => {
        const redactor = createRedactor()
        redactor.add(value)
        const clean = redactor.clean(encode(before + value))
        const part = sharedPart(encode, value, before)
        return clean.includes(mark) && (part.length < 6 || !clean.includes(part))
      }),
      { numRuns: propertyRuns(300) },
    )
    t.end()
  })

t.test('what is left of a value that was cut is found, the end of a document is not', t => {
  const redactor = createRedactor()
  const value = 'ghs_0123456789abcdefABCDEF'
  const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(2)}\n-----END PRIVATE KEY-----\n`
  const kubeconfig = `apiVersion: v1\nkind: Config\nusers:\n- {user: {client-key-data: ${base64Of(key)}}}\n`
  for (const each of [value, key, kubeconfig]) redactor.add(each)
  for (const cut of [
    ...[value.slice(0, 8), `${value.slice(0, 9)}…`, `${value.slice(0, 10)}... more`],
    ...[
      `${value.slice(0, 8)}\nmore`,
      `${value.slice(0, 8)}[truncated]`,
      `${value.slice(0, 16)} more`,
    ],
    ...[plain(`${value.slice(0, 12)}…`), JSON.stringify(`${value.slice(0, 12)}\n`)],
    ...[`${base64Of(value).slice(0, 12)}…`, `MIIEvQIBADANBgkqhkiG…`],
  ]) {
    const clean = redactor.clean(`it was ${cut}`)
    t.ok(
      clean.startsWith(`it was ${mark}`) || clean.startsWith(`it was "${mark}`),
      `${cut}: ${clean}`,
    )
  }
  const line = key.split('\n')[1] ?? ''
  t.equal(redactor.clean(`reading line 2: ${line}: invalid`), `reading line 2: ${mark}: invalid`)
  for (const text of [
    'apiVersion: v1\nkind: Config\n',
    '-----BEGIN PRIVATE KEY-----\n',
    'ghs_012',
    'ghs_012 more',
    'FABCDEF',
    'a bABCDEF',
  ])
    t.equal(redactor.clean(text), text)
  const stream = redactor.stream()
  t.equal(
    stream.write(`a ${value.slice(0, 9)}`) + stream.write('. b\n') + stream.end(),
    `a ${mark}. b\n`,
  )
  t.end()
})

t.test('secrets that overlap or contain each other leave nothing of any of them', t => {
  const pieces = fc.array(fc.constantFrom('abcd', 'cdab', 'bcda', 'dd', 'xyzw'), { minLength: 2 })
  fc.assert(
    fc.property(pieces, pieces, fc.nat(3), (first, second, shared) => {
      const a = first.join('')
      const b = a.slice(-shared - 1) + second.join('')
      const redactor = createRedactor()
      for (const value of [a, b, a + b]) redactor.add(value)
      const clean = redactor.clean(`1${a}${b.slice(shared + 1)}2${b}3${a}${b}4${b}${a}5`)
      return (
        clean === `1${mark}2${mark}3${mark}4${mark}5` ||
        !/[abcdwxyz]{4}/.test(clean.replaceAll(mark, ''))
      )
    }),
  )
  const redactor = createRedactor()
  redactor.add('abcdef')
  redactor.add('defghi')
  t.equal(redactor.clean('abcdefghi'), mark)
  t.equal(redactor.clean('abcdef defghi'), `${mark} ${mark}`)
  t.end()
})

t.test('text without secrets is unchanged', t => {
  fc.assert(
    fc.property(fc.array(token), fc.string({ unit: 'grapheme' }), (values, text) => {
      const redactor = createRedactor()
      values.forEach(value => {
        redactor.add(`${value}|no such value`)
      })
      return redactor.clean(text) === text
    }),
  )
  t.end()
})

t.test('a secret that is cut in two by the stream is found', t => {
  const value = 'correct horse\nbattery staple'
  const whole = `a ${value} b ${base64Of(value).replace(/.{8}/g, '$&\\n')} c corr`
  const redactor = createRedactor()
  redactor.add(value)
  for (let at = 0; at <= whole.length; at += 1)
    for (const width of [1, 3]) {
      const stream = redactor.stream()
      const pieces = [whole.slice(0, at), whole.slice(at, at + width), whole.slice(at + width)]
      const shown = pieces.map(stream.write).join('') + stream.end()
      if (shown !== redactor.clean(whole)) t.equal(shown, redactor.clean(whole), `cut at ${at}`)
    }
  const stream = redactor.stream()
  t.equal(stream.write('nothing, corr'), 'nothing, ', 'what may be a beginning is kept back')
  t.equal(stream.write('osion'), 'corrosion')
  t.equal(stream.end(), '')
  t.equal(redactor.clean(whole), `a ${mark} b ${mark}Q==\\n c corr`)
  t.end()
})

t.test('lines of a secret are found however they are indented', t => {
  const redactor = createRedactor()
  redactor.add('first line\nsecond line\n')
  t.equal(redactor.clean('a: |\n    first line\n    second line\nb'), `a: |\n    ${mark}\nb`)
  t.end()
})

t.test('a megabyte goes through whatever the number of secrets', t => {
  const redactor = createRedactor()
  for (let count = 0; count < 20; count += 1)
    redactor.add(`secret-${count}-${'x'.repeat(count)}-${count * 7919}`)
  redactor.add('a kubeconfig '.repeat(1000))
  const log = '{"level":30,"msg":"observed secret-1"}\n'.repeat(27_000)
  t.equal(redactor.clean(log), log)
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

t.test('GitHub is told no registered value', async t => {
  const said: string[] = []
  const nowhere = async (): Promise<never> => Promise.reject(new Error('not asked'))
  const forge: Forge = {
    pullRequest: nowhere,
    pullRequestFrom: nowhere,
    branchUse: nowhere,
    branchRules: nowhere,
    permission: nowhere,
    isTeamMember: nowhere,
    repositoryId: nowhere,
    labelling: nowhere,
    react: nowhere,
    login: nowhere,
    upsertComment: async ({ body }) => {
      said.push(body)
      return 'made'
    },
    setStatus: async ({ description }) => void said.push(description),
  }
  const redactor = createRedactor()
  redactor.add('hunter2')
  const clean = cleanForge(forge, redactor.clean)
  await clean.upsertComment({ pullRequest: 1, marker: 'm', body: 'a hunter2' })
  await clean.setStatus({ sha: 's', state: 'failure', description: `b ${base64Of('hunter2')}` })
  t.strictSame(said, [`a ${mark}`, `b ${mark}==`.replace('==', base64Of('hunter2').slice(-3))])
})

t.test('nothing that the process says holds a registered value', async t => {
  const [printed, written]: [string[], string[]] = [[], []]
  const listeners = new EventEmitter()
  const exits: number[] = []
  const process = Object.assign(listeners, {
    stdout: Object.assign(new EventEmitter(), { write: (text: string) => printed.push(text) }),
    stderr: Object.assign(new EventEmitter(), { write: (text: string) => written.push(text) }),
    exit: (code: number) => exits.push(code),
  })
  listeners.on('warning', () => written.push('of Node itself'))
  const redactor = createRedactor()
  redactor.add('hunter2')
  const { print, report } = cleanOutput(process as unknown as NodeJS.Process, redactor)
  print('a hunt')
  print('er2 b')
  report('c hunter2, hun')
  listeners.emit('warning', { name: 'Warning', message: 'd hunter2' })
  listeners.emit('uncaughtException', new Error('e hunter2'))
  listeners.emit('uncaughtException', 'f hunter2 and hunt')
  listeners.emit('exit')
  const all = written.join('')
  t.equal(printed.join(''), `a ${mark} b`)
  for (const letter of ['c', 'd', 'e', 'f']) t.ok(all.includes(`${letter} ${mark}`), letter)
  t.notMatch(all, /hunter2|of Node itself/)
  t.match(all, /and hunt\n$/, 'what was kept back is said at the end')
  t.strictSame(exits, [1, 1])
})
