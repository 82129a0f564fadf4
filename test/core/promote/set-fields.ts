import fc from 'fast-check'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { shownPath } from '../../../src/core/promote/promotion.ts'
import { readManifests, setFields } from '../../../src/core/promote/set-fields.ts'
import { withField } from '../../../src/core/promote/with-field.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const image = 'quay.io/ibu/sno1@sha256:new'
const file = 'upgrade.yaml'
const both = [
  { path: ['spec', 'ref', 'image'], to: image },
  { path: ['spec', 'ref', 'version'], to: '4.18.5' },
]
const set = (text: string, at = 0, fields: typeof both = both) =>
  setFields({ file, text, documents: readManifests(file, text) }, at, fields)

t.test('sets texts in their own quotes, and no other byte', t => {
  for (const [written, expected] of [
    ['image: a/b:1\n    version: 4.17.1', `image: ${image}\n    version: 4.18.5`],
    [
      `image: 'a/b:1'   # the seed\n    version: "4.17.1"`,
      `image: '${image}'   # the seed\n    version: "4.18.5"`,
    ],
    ['version: 4.17\r\n    image: ""', `version: 4.18.5\r\n    image: "${image}"`],
    ['{image: a, version: 4.17.1 } # in flow', undefined],
  ] as const) {
    const around = (inside: string): string =>
      `# a comment\nspec:\n  stage:   Idle\n  ref:${inside.startsWith('{') ? ' ' : '\n    '}${inside}\n---\nother: [ 1,2 ]   \n...`
    const flow = `{image: ${image}, version: 4.18.5 } # in flow`
    t.equal(set(around(written)).text, around(expected ?? flow))
  }
  t.strictSame(set('spec: {ref: {image: a/b, version: 4.17.1}}').fields, [
    { path: ['spec', 'ref', 'image'], from: 'a/b', to: image },
    { path: ['spec', 'ref', 'version'], from: '4.17.1', to: '4.18.5' },
  ])
  const odd = set('v: 1\nspec: {ref: {image: a, version: b}}', 0, [{ path: ['v'], to: '4.18' }])
  t.match(odd.text, /^v: "4\.18"\n/, 'what would be a number without quotes')
  t.end()
})

t.test('changes nothing where all of it stands there already', t => {
  const text = `spec: {ref: {image: '${image}', version: "4.18.5"}}\n`
  t.strictSame(set(text), { text, fields: [] })
  t.end()
})

t.test('refuses what is no text on one line, and where something else would change', t => {
  const ref = (inside: string): string => `spec:\n  ref:\n    ${inside}\n`
  for (const [text, expected] of [
    ['a: 1', /it has no text at spec\.ref\.image/],
    ['', /it has no text at spec\.ref\.image/],
    [ref('image: a'), /no text at spec\.ref\.version/],
    [ref('image:\n    version: 4.17.1'), /no text at spec\.ref\.image/],
    [ref('image: {a: b}\n    version: 4.17.1'), /no text at spec\.ref\.image/],
    [ref('image: &x a\n    version: 4.17.1'), /spec\.ref\.image has an anchor or a tag/],
    [ref('image: !!str a\n    version: 4.17.1'), /has an anchor or a tag/],
    [ref('image: |\n      a\n    version: 4.17.1'), /spec\.ref\.image does not stand on one line/],
    [ref('image: a\n      b\n    version: 4.17.1'), /does not stand on one line/],
    [`base: &b {image: a, version: b}\nspec:\n  ref: *b\n`, /no text at spec\.ref\.image/],
    ['a: [', /:1: it is not correct YAML/],
    ['a: 1\na: 2', /it is not correct YAML/],
    ['a: *nowhere', /an alias in it leads nowhere/],
    ['a:\r1', /:1: a lone carriage return/],
    ['['.repeat(300), /it nests deeper/],
  ] as const)
    t.throws(
      () => set(text),
      { code: 'MANIFEST_UNSUPPORTED', message: expected, fix: /by hand/ },
      text,
    )
  const shared = `spec:\n  ref: &r {image: a/b, version: 4.17.1}\nother: *r\n`
  t.throws(() => set(shared), { code: 'EDIT_NOT_PROVEN', message: /another field would change/ })
  t.end()
})

t.test('a field is set on a copy, and what leads to it comes to be', t => {
  const value = { a: { b: 1 }, c: [1] }
  t.strictSame(withField(value, { path: ['a', 'd'], to: 'x' }), { a: { b: 1, d: 'x' }, c: [1] })
  t.strictSame(withField(1, { path: ['a', 'b'], to: 'x' }), { a: { b: 'x' } })
  t.strictSame(value, { a: { b: 1 }, c: [1] })
  t.equal(shownPath(['a', 'b']), 'a.b')
  t.equal(readManifests(file, 'a: 1\n---\nb: 2\n').length, 2)
  t.end()
})

t.test('whatever stands around the fields keeps every byte', t => {
  const word = fc.stringMatching(/^[a-z][a-z0-9 ]{0,8}[a-z0-9]$/)
  const quoted = (text: string, quote: string): string => `${quote}${text}${quote}`
  const quote = fc.constantFrom('', "'", '"')
  const blanks = fc.constantFrom('', ' ', '   ')
  const comment = fc.option(word, { nil: null }).map(said => (said === null ? '' : ` # ${said}`))
  fc.assert(
    fc.property(
      fc.array(fc.tuple(word, comment), { maxLength: 4 }),
      fc.tuple(quote, quote, blanks, comment, comment, fc.constantFrom('\n', '\r\n')),
      fc.nat(2),
      (others, [first, second, gap, one, two, newline], at) => {
        const lines = others.map(([said, note], index) => `  other${index}: ${said}${note}`)
        const document = (imageText: string, version: string): string =>
          [
            ...['kind: X # first', 'spec:', ...lines, '  ref:', ''],
            `    image: ${gap}${quoted(imageText, first)}${one}`,
            `    version: ${quoted(version, second)}${two}`,
            '    last: [a,  b]',
            '',
          ].join(newline)
        const around = Array.from({ length: 3 }, () => document('a/b:1', '4.17.1'))
        const text = around.join(`---${newline}`)
        const expected = around
          .map((same, index) => (index === at ? document(image, '4.18.5') : same))
          .join(`---${newline}`)
        const edited = set(text, at)
        const values = parseAllDocuments(edited.text).map(one => one.toJS() as unknown)
        return (
          edited.text === expected &&
          values.length === 3 &&
          set(edited.text, at).text === edited.text
        )
      },
    ),
    { numRuns: propertyRuns(500) },
  )
  t.end()
})
