import fc from 'fast-check'
import t from 'tap'
import { composeDocuments } from '../../../src/core/yaml/compose-documents.ts'
import { mergeKeys } from '../../../src/core/yaml/merge-keys.ts'
import { plainDocuments } from '../../../src/core/yaml/plain-documents.ts'
import { plainScalar } from '../../../src/core/yaml/plain-scalar.ts'
import { propertyRuns } from '../../support/property-runs.ts'

/** What the reader of all of YAML gives, without empty documents; a text where it finds a fault. */
const whole = (text: string): readonly unknown[] =>
  (composeDocuments(text, { uniqueKeys: true }) ?? [])
    .map(document => (document.errors.length > 0 ? 'a fault' : mergeKeys(document.toJS())))
    .filter(value => value !== null)
const plain = (text: string): readonly unknown[] | undefined =>
  plainDocuments(text)?.filter(value => value !== null)

const clusterInstance = `# a cluster
---
apiVersion: siteconfig.open-cluster-management.io/v1alpha1
kind: ClusterInstance
metadata:
  name: "sno1" # its name
  annotations: {}
spec:
  clusterName: sno1
  holdInstallation: false
  machineNetwork:
  - cidr: 192.0.2.0/24
  extraManifestsRefs: []
  installConfigOverrides: '{"fips": true}'
  ignitionConfigOverride: |
    {"ignition":
      # no comment
      {"version": "3.2.0"}}

  nodes:
    - hostName: node1.sno1.example.com
      "bmcAddress": redfish-virtualmedia+https://192.0.2.1/redfish/v1/Systems/1
      cpus:
        - 1
        - "2\\n"
      rootDeviceHints:
      note: |-
        short

    - it's: b
---
`

t.test('reads a usual ClusterInstance as the reader of all of YAML does', t => {
  const usual = clusterInstance.replace("it's", 'its')
  t.strictSame(plain(usual), whole(usual))
  t.equal(plainDocuments(clusterInstance), undefined, 'a key with a quote in it')
  t.end()
})

t.test('leaves all that is more than plain to it', t => {
  for (const text of [
    ...['a: *b\n', 'a: &b c\n', 'a: !c d\n', 'a: [b]\n', 'a: {b: c}\n', '<<: a\n', 'a: >\n  b\n'],
    ...['a: b\n  c\n', 'a:\n  b\n', '- - a\n', '- a\n  b\n', 'a: b\n c: d\n', 'a: b\n- c\n'],
    ...['a: b: c\n', 'a: 1.5\n', 'a: 010\n', 'a: 0x1\n', 'a: True\n', 'a: ~\n'],
    ...['a: "\\u0041"\n', "a: 'b\n", 'a:\n\tb: c\n', 'a: ü\n', 'true: a\n', 'a: 1\na: 2\n', 'a\n'],
    ...[
      'a: |\n  b',
      'a: |',
      '"b": 1\nb: 2\n',
      'a: |-\n  b\n   ',
      'a: |\nb: c\n',
      'a: |\n  b\n c\n',
      'a: |\n   \n  b\n',
      '--- a\n',
    ],
    ...[
      '? a\n',
      '...\n',
      '%YAML 1.1\n---\n',
      'a:\n  b: c\n d: e\n',
      'a: b\n...\n',
      'a: >-\n',
      'a: |2\n',
    ],
    `${'a: b\n'.repeat(1)}b: ${'c'.repeat(200_000)}\n`,
    Array.from({ length: 60 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join(''),
  ])
    t.equal(plainDocuments(text), undefined, text.slice(0, 40))
  t.end()
})

t.test('blank lines in a text cost no more than others', t => {
  const blank = '\n'.repeat(190_000)
  t.strictSame(plainDocuments(`a: |\n  b\n${blank}  c\n`), [{ a: `b\n${blank}c\n` }])
  t.end()
})

t.test('whatever it reads, it reads as the reader of all of YAML does', t => {
  const scalar = fc.constantFrom(
    ...[
      'b',
      'b c',
      'b  c',
      '1',
      '0',
      '01',
      '1.5',
      '1.2.3',
      '192.0.2.1/24',
      'true',
      'null',
      '~',
      '',
    ],
    ...[
      '"b"',
      "'b''c'",
      '"\\n"',
      'b # c',
      'b#c',
      '# c',
      '|',
      '|-',
      '|+',
      '> ',
      '{}',
      '[]',
      'https://b/c?d',
    ],
    ...[
      'b:c',
      'b: c',
      'b:',
      ':b',
      '-',
      '- b',
      '-1',
      '1e3',
      'yes',
      'b,c',
      '*b',
      '&b c',
      'b\\c',
      'a|b',
    ],
    ...[
      '2001-12-14',
      '1:30',
      '.inf',
      '0x1F',
      '1_000',
      'Null',
      '"b" c',
      "'b' # c",
      '@b',
      '`b',
      '%b',
      '{b',
      'b]',
    ],
  )
  const key = fc.constantFrom(
    'a: ',
    'b: ',
    'c:',
    '"d": ',
    'a-b/c.d: ',
    'e : ',
    '- ',
    '-  ',
    '- a: ',
    '- b:',
    '',
  )
  const line = fc
    .tuple(fc.nat(4), key, scalar, fc.constantFrom('', '', '', ' ', ' # x'))
    .map(([indent, ...parts]) => `${' '.repeat(indent)}${parts.join('')}`)
  const other = fc.constantFrom(
    '',
    '  ',
    '# x',
    '   # x',
    '---',
    '--- ',
    '...',
    '    text',
    '  - a: b',
  )
  const text = fc
    .array(fc.oneof({ weight: 4, arbitrary: line }, { weight: 1, arbitrary: other }), {
      maxLength: 7,
    })
    .chain(lines => fc.constantFrom('', '\n').map(end => lines.join('\n') + end))
  let read = 0
  fc.assert(
    fc.property(text, text => {
      const found = plain(text)
      if (found === undefined) return
      read += 1
      t.strictSame(found, whole(text), JSON.stringify(text))
    }),
    { numRuns: propertyRuns(5000) },
  )
  t.ok(read > 5, `${read} were plain`)
  t.end()
})

t.test('an empty collection is a scalar, and a half word is none', t => {
  t.strictSame(plainScalar('{} # none'), { value: {} })
  t.strictSame(plainScalar("'' "), { value: '' })
  t.equal(plainScalar('[b'), undefined)
  t.equal(plainScalar(''), undefined)
  t.end()
})
