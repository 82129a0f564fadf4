import './yaml/splice.ts'
import t from 'tap'
import { RefusedError } from '../../src/errors.ts'
import { documentsIn } from '../../src/core/yaml/documents-in.ts'
import { fieldsOf, textOf } from '../../src/core/yaml/fields-of.ts'
import { isDeepEqual } from '../../src/core/yaml/is-deep-equal.ts'
import { nestsTooDeep } from '../../src/core/yaml/nests-too-deep.ts'
import { readDocument } from '../../src/core/yaml/read-document.ts'
import { readYaml } from '../../src/core/yaml/read-yaml.ts'
import { unlikeGo } from '../../src/core/yaml/unlike-go.ts'

t.test('two values are equal whatever the order of their keys', t => {
  const equal: readonly (readonly [unknown, unknown])[] = [
    [1, 1],
    [NaN, NaN],
    [null, null],
    [
      { a: 1, b: [1, { c: null }] },
      { b: [1, { c: null }], a: 1 },
    ],
    [[], []],
    [{}, {}],
  ]
  const different: readonly (readonly [unknown, unknown])[] = [
    [1, '1'],
    [null, undefined],
    [null, {}],
    [{}, null],
    [{}, 'a'],
    [[], {}],
    [{}, []],
    [{ 0: 1 }, [1]],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 1]],
    [{ a: undefined }, { b: undefined }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: { b: 1 } }, { a: { b: 2 } }],
    [0, -0],
  ]
  for (const [a, b] of equal) t.ok(isDeepEqual(a, b), JSON.stringify([a, b]))
  for (const [a, b] of different) t.notOk(isDeepEqual(a, b), JSON.stringify([a, b]))
  t.end()
})

t.test('reads the documents of a text, and says of each that it cannot read it', t => {
  t.strictSame(documentsIn('a: 1\n---\n# nothing\n---\n- b\n'), [{ a: 1 }, ['b']])
  t.strictSame(documentsIn('a: "\n---\nb: 1\n').slice(0, 1), [undefined])
  t.strictSame(documentsIn('a: *nowhere\n---\nb: 1\n'), [undefined, { b: 1 }])
  t.strictSame(documentsIn('['.repeat(5000)), [undefined], 'what no parser survives')
  t.strictSame(documentsIn('a: 1\na: 2\n'), [{ a: 2 }], 'the last of two, as Go takes it')
  t.strictSame(documentsIn(''), [])
  t.end()
})

t.test('the fields of anything but a mapping are none, and what is no text is empty', t => {
  for (const value of [undefined, null, 'a', 1, ['a'], []]) t.equal(fieldsOf(value).size, 0)
  const fields = fieldsOf({ text: 'a', number: 1, list: ['a'] })
  t.strictSame([...fields.keys()], ['text', 'number', 'list'])
  for (const [name, text] of [
    ['text', 'a'],
    ['number', ''],
    ['list', ''],
    ['gone', ''],
    ['toString', ''],
  ] as const)
    t.equal(textOf(fields, name), text, name)
  t.end()
})

t.test('reads one whole document, or refuses without a word of it', t => {
  const refuse = (reason: string): RefusedError => new RefusedError('RECORD_INVALID', reason)
  t.strictSame(readYaml('a: [1, no]\n', refuse), { a: [1, 'no'] })
  t.equal(readYaml('', refuse), null)
  for (const text of [
    'a: "s3cret\n',
    'a: s3cret\n---\nb: 1\n',
    'a: s3cret\na: 2\n',
    'a: *s3cret\n',
  ])
    t.throws(() => readYaml(text, refuse), {
      code: 'RECORD_INVALID',
      message: 'it is not one correct YAML document',
    })
  t.throws(() => readYaml('['.repeat(300), refuse), { message: 'it nests deeper than Sower reads' })
  t.end()
})

t.test('what nests as deep as people write is read, and nothing deeper', t => {
  const lines = (depth: number): string =>
    Array.from({ length: depth }, (_, indent) => `${' '.repeat(indent)}a:\n`).join('')
  for (const [what, text, isTooDeep] of [
    ['flow lists', '['.repeat(250), false],
    ['one more', '['.repeat(251), true],
    ['flow mappings', '{a: '.repeat(251), true],
    ['many flow lists side by side', '[{}], '.repeat(1000), false],
    ['closed more often than opened', ']'.repeat(1000) + '['.repeat(251), true],
    ['indentation', lines(501), false],
    ['one space more', lines(502), true],
    ['spaces in a text', `a: ${' '.repeat(1000)}b`, false],
    ['lists on one line', '- '.repeat(99), false],
    ['one list more', '- '.repeat(100), true],
    ['with anchors and tags', '- &a !b '.repeat(100), true],
    ['keys and values on one line', '? - '.repeat(50), true],
  ] as const)
    t.equal(nestsTooDeep(text), isTooDeep, what)
  t.end()
})

t.test('names the line where Go would read something else', t => {
  for (const [text, line, reason] of [
    ['a: 1\nb: 2\rc: 3\n', 2, /lone carriage return/],
    ['a: 1\r\nb: \u2028\r\n', 2, /Unicode line separator/],
    ['a: 1\n\uFEFFb: 2\n', 2, /byte order mark/],
    ['a: 1\n# \u0007\n', 2, /control character/],
    ['# c\n%YAML 1.1\n---\na: 1\n', 2, /directive/],
    ['a:\n\t- b\n', 2, /indented with a tab/],
    ['a:\n-\tb\n', 2, /indented with a tab/],
  ] as const)
    t.match(unlikeGo(text), { line, reason })
  for (const text of [
    '',
    '\uFEFFa: 1\r\n',
    'a: b\tc\n',
    'a: |\n  b\n  \tc\n',
    'a: 1\t# c\n',
    'a: 🌱\n',
  ])
    t.equal(unlikeGo(text), undefined, JSON.stringify(text))
  t.end()
})

t.test('reads a mapping with its places, or says in which line it is none', t => {
  const refuse = (line: number | null, reason: string): RefusedError =>
    new RefusedError('KUSTOMIZATION_UNREADABLE', `${line ?? '-'}: ${reason}`)
  const text = 'a: &x [1]\nb:\n  c: *x\n---\n'
  const { root, fields, lineOf } = readDocument(text, refuse)
  t.strictSame(fields, { a: [1], b: { c: [1] } })
  t.strictSame(
    root.items.map(({ key }) => lineOf(key.range[0])),
    [1, 2],
  )
  for (const [wrong, message] of [
    ['', /^-: it is not a YAML mapping$/],
    ['- a\n', /^-: it is not a YAML mapping$/],
    ['!x {a: 1}\n', /^-: it is not a YAML mapping$/],
    ['a: 1\n---\nb: 2\n', /^2: a second YAML document begins/],
    ['a: 1\nb: "\n', /^3: Missing closing "quote$/],
    ['a: 1\nb: *x\n', /^2: the alias \*x leads nowhere$/],
    ['a: &x\n  b: *x\n', /^2: the alias \*x stands inside what it names$/],
    ['a: 1\n? [b]\n: 2\n', /^2: a key is not a text$/],
    ['a: 1\n\tb: 2\n', /^2: it is indented with a tab/],
  ] as const)
    t.throws(
      () => readDocument(wrong, refuse),
      { code: 'KUSTOMIZATION_UNREADABLE', message },
      wrong,
    )
  t.end()
})
