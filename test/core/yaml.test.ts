import './yaml/plain.ts'
import './yaml/splice.ts'
import fc from 'fast-check'
import t from 'tap'
import { RefusedError } from '../../src/errors.ts'
import { beyondReading, composeDocuments } from '../../src/core/yaml/compose-documents.ts'
import { documentsIn, readingsOf } from '../../src/core/yaml/documents-in.ts'
import { foldCase } from '../../src/core/yaml/fold-case.ts'
import { fieldsOf, textOf } from '../../src/core/yaml/fields-of.ts'
import { isDeepEqual } from '../../src/core/yaml/is-deep-equal.ts'
import { mayHide } from '../../src/core/yaml/may-hide.ts'
import { mergeKeys } from '../../src/core/yaml/merge-keys.ts'
import { readDocument } from '../../src/core/yaml/read-document.ts'
import { readYaml } from '../../src/core/yaml/read-yaml.ts'
import { unlikeGo } from '../../src/core/yaml/unlike-go.ts'
import { unreadableText } from '../../src/core/yaml/unreadable-text.ts'
import { unpackLists } from '../../src/core/yaml/unpack-lists.ts'
import { propertyRuns } from '../support/property-runs.ts'

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

t.test('says of each document in which line and why it cannot be read', t => {
  for (const [text, line, reason] of [
    ['a: 1\n---\nb: 1\nc: "d\n', 5, /^Missing closing "quote$/],
    ['a: "b\n"\n', 1, /^Missing closing "quote$/],
    ['a: 1\n---\n{{ a }}: b\n', 3, /^a key is not a text$/],
    ['a: 1\n---\nb: *c\n', 2, /^an alias leads nowhere, or too many stand in it$/],
    ['['.repeat(300), 1, /^it nests deeper/],
    ['a: 1\nb: } s3cret\n', 2, /^(?!.*s3cret)/],
  ] as const)
    t.match(readingsOf(text).at(-1), { value: undefined, unreadable: { line, reason } }, text)
  t.end()
})

t.test('takes the objects out of lists, however deep, and keeps what is more than a list', t => {
  const [a, b] = [{ kind: 'A' }, { kind: 'B' }]
  const other = { kind: 'Other', items: [b] }
  for (const [what, document, objects] of [
    ['an object', a, [a]],
    ['a list', { kind: 'List', items: [a, b] }, [a, b]],
    ['a list of one kind', { kind: 'ClusterInstanceList', items: [a] }, [a]],
    ['lists in a list', { kind: 'List', items: [{ kind: 'AList', items: [a] }, b] }, [a, b]],
    ['an empty list', { kind: 'List', items: [] }, []],
    ['a null list', { kind: 'List', items: null }, []],
    ['a list without items', { kind: 'List' }, [{ kind: 'List' }]],
    ['items that are none', { kind: 'List', items: 'a' }, [{ kind: 'List', items: 'a' }]],
    ['another kind with items, which Argo CD unpacks', other, [other, b]],
    ['such a one in a list', { kind: 'List', items: [other] }, [other, b]],
    [
      'null items of another kind',
      { kind: 'Other', items: null },
      [{ kind: 'Other', items: null }],
    ],
    ['what is no object', { kind: 'List', items: ['a', null] }, ['a', null]],
    ['no mapping', ['a'], [['a']]],
    ['nothing', undefined, [undefined]],
  ] as const)
    t.strictSame(unpackLists(document), objects, what)
  t.strictSame(documentsIn('kind: List\nitems: [&a {kind: A}, *a]\n'), [a, a], 'aliases')
  const itself = 'kind: Other\nitems: [&l {kind: List, items: [*l, {kind: A}]}]\n'
  t.strictSame(documentsIn(itself), [undefined], 'one that holds itself')
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
  t.throws(() => readYaml('['.repeat(300), refuse), { message: beyondReading })
  t.end()
})

t.test('what nests as deep as people write is read, and nothing deeper', t => {
  const lines = (depth: number): string =>
    Array.from({ length: depth }, (_, indent) => `${' '.repeat(indent)}a:\n`).join('')
  for (const [what, text, isRead] of [
    ['flow lists', '['.repeat(249), true],
    ['two more', '['.repeat(251), false],
    ['flow mappings', '{a: '.repeat(251), false],
    ['many flow lists side by side', '[{}], '.repeat(1000), true],
    ['closed more often than opened', ']'.repeat(1000) + '['.repeat(251), false],
    ['flow lists behind brackets in quotes', `["]",`.repeat(3000), false],
    ['flow lists behind brackets in comments', `[ # ]\n`.repeat(3000), false],
    ['brackets in quotes', `a: "${'['.repeat(251)}"\nb: '${'{'.repeat(251)}'`, true],
    ['brackets in a text and in a comment', `a: b${'['.repeat(251)}\n# ${'['.repeat(251)}`, true],
    ['mappings', lines(249), true],
    ['two mappings more', lines(251), false],
    ['spaces before a key', `a:\n${' '.repeat(1000)}b: 1`, true],
    ['spaces in a text', `a: ${' '.repeat(1000)}b`, true],
    ['lists on one line', '- '.repeat(249), true],
    ['two lists more', '- '.repeat(251), false],
    ['keys and values on one line', '? - '.repeat(126), false],
    ['keys on one line', 'a: '.repeat(251), false],
    ['many small pieces', '- a\n'.repeat(62_501), false],
    ['one long text', `a: "${'b '.repeat(100_000)}"`, true],
    ['many aliases', `- &a b\n${'- *a\n'.repeat(1001)}`, false],
  ] as const)
    t.equal(composeDocuments(text, { uniqueKeys: false }) !== null, isRead, what)
  t.end()
})

t.test('no text ends the process or goes on for ever, read twice by every reader', t => {
  const refuse = (): RefusedError => new RefusedError('RECORD_INVALID', 'refused')
  const piece = fc.constantFrom(
    ...['[', ']', '{', '}', '"', "'", ': ', '- ', '? ', ', ', '\n', ' ', '&a ', '*a ', '!b ', '#'],
    ...['<<: ', 'a', '|', '>', '%', '---\n', '\\', '\t'],
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.nat(600), (pieces, times) => {
      const text = pieces.join('').repeat(times)
      for (let turn = 0; turn < 2; turn += 1) {
        documentsIn(text)
        for (const read of [readYaml, readDocument]) {
          try {
            read(text, refuse)
          } catch (error) {
            if (!(error instanceof RefusedError)) throw error
          }
        }
      }
    }),
    { numRuns: propertyRuns(20) },
  )
  // Each alias stands for ten of the one before.
  const tenfold = (first: string, next: (list: string) => string): string =>
    Array.from({ length: 9 }, (_, at) => {
      const list = Array.from({ length: 10 }, () => `*a${at}`).join(', ')
      return `a${at + 1}: &a${at + 1} ${next(list)}\n`
    }).reduce((text, line) => text + line, first)
  for (const text of [
    tenfold('a0: &a0 x\n', list => `[${list}]`),
    tenfold('a0: &a0 {x: 1}\n', list => `{<<: [${list}]}`),
    tenfold('a0: &a0 {x: 1}\n', list => `{!!merge <<: [${list}]}`),
    tenfold('%YAML 1.1\n---\na0: &a0 {x: 1}\n', list => `{<<: [${list}]}`),
  ]) {
    t.strictSame(documentsIn(text), [undefined])
    t.throws(() => readYaml(text, refuse), { code: 'RECORD_INVALID' })
  }
  t.end()
})

t.test('merges fields as Go does: the own ones win, then those of the first source', t => {
  for (const [text, value] of [
    ['x: &x {a: 1, b: 1}\ny: {<<: *x, b: 2}', { x: { a: 1, b: 1 }, y: { a: 1, b: 2 } }],
    ['y: {b: 2, <<: [{a: 1}, {a: 2, c: 3}]}', { y: { a: 1, b: 2, c: 3 } }],
    ['y: [{<<: {<<: {a: 1}}}]', { y: [{ a: 1 }] }],
    ['<<: text\na: null', { a: null }],
  ] as const) {
    t.strictSame(documentsIn(text), [value], text)
    t.strictSame(mergeKeys(value), value, 'nothing is left to merge')
  }
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
    ['a: &x\n  b: *x\n', /^2: the alias \*x is inside what it names$/],
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

t.test('names of fields are compared as Go does, and a text may hide any word', t => {
  t.equal(foldCase('Re\u017Fources'), 'resources')
  t.equal(foldCase('\u212Aind'), 'kind')
  const tags = [
    '!!binary',
    '!!bin%61ry',
    '!<tag:yaml.org,2002:binary>',
    '!<tag:yaml.org,2002:%62inary>',
  ]
  for (const tag of tags) {
    t.ok(mayHide(`a: ${tag} YQ==`), tag)
    t.match(unlikeGo(`a: ${tag} YQ==\n`), { line: 1, reason: /^a !!binary/ })
  }
  for (const text of ['"\\x62"', '"\\u0062"', '"a\\\nb"', 'a\0'])
    t.ok(mayHide(text), JSON.stringify(text))
  for (const text of ['a: "b\\n"', 'a: !!str b', 'a: !x%y z', 'cat !<EOF binary'])
    t.notOk(mayHide(text), text)
  // Looked through once: by the square of its length such a text would take hours.
  for (const mark of ['!', '!<', '!!a'])
    t.notOk(mayHide(mark.repeat(1_000_000)), `nothing but ${mark}`)
  t.end()
})

t.test('a key that stands twice makes a text unreadable, wherever it stands', t => {
  t.equal(unreadableText('a: {b: c}\nd: &x {b: c}\n? [e]\n: f\n')?.reason, 'a key is not a text')
  t.equal(unreadableText('a: {b: c}\nd: [{b: c}, {b: c}]\n'), undefined)
  t.strictSame(unreadableText('x: y\n---\na:\n- b: 1\n  c: 2\n  b: 3\n'), {
    line: 6,
    reason: 'the key b stands there twice',
  })
  t.strictSame(unreadableText('# \r\n'), undefined)
  t.match(unreadableText('a: b # \r c\n'), { line: 1 })
  t.equal(unreadableText('a: &x b\n*x : c\nd: e\n'), undefined)
  t.match(unreadableText('['.repeat(300)), { line: 1, reason: beyondReading })
  t.end()
})
