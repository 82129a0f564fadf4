import fc from 'fast-check'
import t from 'tap'
import { parse } from 'yaml'
import { nullLists } from '../../../src/core/edit/null-lists.ts'
import { openLists } from '../../../src/core/edit/open-lists.ts'
import { repairNulls } from '../../../src/core/edit/remove-items.ts'
import { whyRepaired } from '../../../src/core/edit/why-repaired.ts'
import { parseKustomization } from '../../../src/core/kustomization/parse-kustomization.ts'
import { clusterInstance, memoryTree } from '../../support/memory-tree.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const path = 'site/kustomization.yaml'
const opened = (text: string): string | undefined => openLists(path, text)?.edits.at(-1)?.text

t.test('takes out the empty value above entries, and nothing else', t => {
  for (const [text, after] of [
    ['resources: []\n- a.yaml\n', 'resources:\n- a.yaml\n'],
    ['resources: []\n  - a.yaml\n', 'resources:\n  - a.yaml\n'],
    ['resources: [ ]  # was empty\n- a.yaml', 'resources:  # was empty\n- a.yaml'],
    ['resources: []# c\n- a.yaml\n', 'resources: # c\n- a.yaml\n'],
    ['"resources": [] \r\n#- b\r\n\r\n- a.yaml\r\n', '"resources": \r\n#- b\r\n\r\n- a.yaml\r\n'],
    ["'resources': &x []\n- a.yaml\nkind: K\n", "'resources': &x\n- a.yaml\nkind: K\n"],
    ['\uFEFFresources: []\n- a.yaml\n', '\uFEFFresources:\n- a.yaml\n'],
    ['generators: []\n- a\nresources: []\n- b\n', 'generators:\n- a\nresources:\n- b\n'],
    ['resources: []\ncomponents: []\n-\n  a\n', 'resources: []\ncomponents:\n-\n  a\n'],
    ['patches: []\n- path: p.yaml\n', 'patches:\n- path: p.yaml\n'],
    [
      'resources: [ # none\n  #a.yaml,\n  ] # c\n- b\n',
      'resources: # none\n  #a.yaml,\n # c\n- b\n',
    ],
    ['resources: [# none\n]\n- b\n', 'resources: # none\n\n- b\n'],
    ['resources: {}\n- a.yaml\n', 'resources:\n- a.yaml\n'],
    ['resources: { }  # was empty\n  - a.yaml\n', 'resources:  # was empty\n  - a.yaml\n'],
    ['resources: null\n- a.yaml\n', 'resources:\n- a.yaml\n'],
    ['resources: null\n  - a.yaml\n', 'resources:\n  - a.yaml\n'],
    ['resources:  ~ # c\r\n\r\n  - a.yaml\r\n', 'resources: # c\r\n\r\n  - a.yaml\r\n'],
    ['patches: NULL\n- path: p.yaml\n', 'patches:\n- path: p.yaml\n'],
    ['resources: null\n#- b\n- a.yaml\n', 'resources:\n#- b\n- a.yaml\n'],
    ['resources:  ~  # none\r\n  - a.yaml\r\n', 'resources:  # none\r\n  - a.yaml\r\n'],
    ['resources: {}\n- a.yaml\n', 'resources:\n- a.yaml\n'],
    ['resources: { # none\n}\n- b\n', 'resources: # none\n\n- b\n'],
    ['"resources": NULL\n- a.yaml\n', '"resources":\n- a.yaml\n'],
    ['resources: ""\n- a.yaml\n', 'resources:\n- a.yaml\n'],
    ["resources: ''\n- a.yaml\n", 'resources:\n- a.yaml\n'],
    ['resources: &x Null\n- a.yaml\n', 'resources: &x\n- a.yaml\n'],
    ['resources:\n  []\n- a.yaml\n', 'resources:\n\n- a.yaml\n'],
    ['resources: # none\n#- b\n  null # c\n- a\n', 'resources: # none\n#- b\n # c\n- a\n'],
    ['? resources\n: []\n#- b\n- a\n', '? resources\n:\n#- b\n- a\n'],
    ['?  "resources" # c\n\n: ~\n- a\n', '?  "resources" # c\n\n:\n- a\n'],
    ['? resources: []\n- a\n', undefined],
    ['? resources\n- a\n', 'resources:\n- a\n'],
    ["\uFEFF?\t'resources' # c\r\n#- b\r\n- a", "\uFEFF'resources': # c\r\n#- b\r\n- a"],
    [
      'generators: ~\n- a\n? resources\n- b\ncomponents: {}\n- c\n',
      'generators:\n- a\nresources:\n- b\ncomponents:\n- c\n',
    ],
  ] as const)
    t.equal(opened(text), after, JSON.stringify(text))
  t.strictSame(openLists(path, 'kind: K\nresources: []\n#- b\n- a\n- c\nnamePrefix: x\n'), {
    edits: [
      {
        ...{ path, key: 'resources', line: 2, hunk: null, touchedLines: [2] },
        ...{ emptied: false, style: 'repaired', wasEmpty: '[]' },
        text: 'kind: K\nresources:\n#- b\n- a\n- c\nnamePrefix: x\n',
      },
    ],
    closed: 'kind: K\nresources: []\n#- b\nnamePrefix: x\n',
  })
  t.end()
})

t.test('leaves a file as it is where that does not make it the one that is meant', t => {
  for (const text of [
    'resources: []\n',
    'resources: []\n# a - b\n# - a\n',
    'resources: [] - a\n',
    'resources: [] # - a',
    'resources: []\n---\n- a\n',
    'resources: [a]\n- b\n',
    'resources: []\n- a: [\n',
    'resources: []\n- {a: b}\n',
    'resources: []\n- a\nresources:\n- b\n',
    'resources: []\n- &a x.yaml\nnamePrefix: *a\n',
    'crds: []\n- a.yaml\n',
    'x: []\n  y: z\n',
    'x: null\n  - a\n',
    'resources: nullify\n  - a\n',
    'resources: nullish\n- a\n',
    'resources: null - a\n',
    'resources\n: []\n- a\n',
    'resources: !!null null\n- a\n',
    '? resources\n',
    '? crds\n- a\n',
    '? resources\n: []\nkind: K\n- a\n',
  ])
    t.equal(openLists(path, text), null, text)
  const hostile = `resources: [${'# '.repeat(5000)}\n${'# #\n'.repeat(5000)}`
  t.equal(openLists(path, hostile), null)
  for (const part of ['? a\n', 'a:\n', '? a\n\n', 'a: {}\n#\n', '? a #\n: ~ #\n', 'a: !x &y '])
    t.equal(openLists(path, part.repeat(20_000)), null, part)
  t.end()
})

const indents = ['', ' ', '  ', '    ']
const blank = fc.constantFrom('', '#- old.yaml', '  # - older.yaml', '# a - b: c', '')
const aList = fc.record({
  key: fc.constantFrom('resources', 'generators', 'components', 'bases', 'transformers'),
  before: fc.constantFrom(
    '',
    'apiVersion: x\nkind: Kustomization\n',
    '---\n# - a\nnamePrefix: p\n',
  ),
  blanks: fc.constantFrom(' ', '  ', '\t'),
  value: fc.constantFrom('[]', '[ ]', '[   ]', '{}', '{ }', 'null', 'NULL', '~', '""', "''"),
  tail: fc.constantFrom('', ' ', '  # why', ' # [] - a'),
  indent: fc.constantFrom(...indents),
  entries: fc.array(
    fc.record({
      above: fc.array(blank, { maxLength: 2 }),
      value: fc.constantFrom(
        'a.yaml',
        '"b.yaml"',
        "'c d.yaml'",
        './e/',
        'f.yaml # note',
        '\n      g.yaml',
      ),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  after: fc.constantFrom('', '\n', 'nameSuffix: s\n', '#- z\n\nlabels: []\n'),
  newline: fc.constantFrom('\n', '\r\n'),
  ends: fc.boolean(),
})

t.test('whatever was put below an empty value, the result is the list that was meant', t => {
  fc.assert(
    fc.property(aList, list => {
      const { key, before, blanks, value, tail, indent, entries, after, newline, ends } = list
      const below = entries
        .flatMap(({ above, value }) => [...above, `${indent}- ${value}`])
        .map(line => `${line}\n`)
        .join('')
      const write = (brackets: string): string => {
        const text = `${before}${key}:${brackets}${tail}\n${below}${after}`
        return (ends ? text : text.replace(/\n$/, '')).replaceAll('\n', newline)
      }
      const meant = write('')
      const [text, closed] = [
        opened(write(`${blanks}${value}`)),
        openLists(path, write(' []'))?.closed,
      ]
      if (text !== meant) throw new Error(`${JSON.stringify(text)} is not ${JSON.stringify(meant)}`)
      const [fields, without] = [text, closed ?? ''].map(
        one => parse(one) as Record<string, unknown>,
      )
      const count = (fields![key] as readonly unknown[]).length
      if (count !== entries.length) throw new Error(`${count} entries`)
      if (JSON.stringify(without) !== JSON.stringify({ ...fields, [key]: [] }))
        throw new Error(`closed: ${JSON.stringify(closed)}`)
    }),
    { numRuns: propertyRuns(3000) },
  )
  t.end()
})

t.test('finds the lists that are null, and who is commented out of them', t => {
  const files = {
    'site/kustomization.yaml':
      'kind: K\nresources:\n#- sno1.yaml\n# - sub\n#- gone.yaml\ngenerators: ~\n',
    'site/sno1.yaml': `${clusterInstance('sno1')}---\n[]\n`,
    'site/sub/kustomization.yaml': 'resources: []\n',
    'full/kustomization.yaml': 'resources:\nnamePrefix: x\n',
    'bare/kustomization.yaml': 'kind: K\n',
    'top/kustomization.yaml': 'resources: [../site, ../full, ../bare]\n',
  }
  const found = nullLists(memoryTree(files), ['top', 'site'])
  t.match(found, [
    {
      ...{ path, line: 2, key: 'resources' },
      edits: [{ key: 'resources' }, { key: 'generators', text: /^kind: K\nresources: \[\]\n/ }],
      commentedOut: [
        { name: 'sno1', line: 3 },
        { name: 'sub', line: 4 },
      ],
    },
  ])
  t.equal(found.length, 1)
  t.end()
})

t.test('says what each repair does and why', t => {
  const nulls = repairNulls(parseKustomization(path, 'resources:\n'))
  const lists = ['resources: []\n- a\n', 'resources: {  }\n- a\n', '? resources\n- a\n']
  const edits = [...lists.flatMap(list => openLists(path, list)?.edits ?? []), ...nulls]
  t.match(whyRepaired(edits), [
    /^site\/kustomization\.yaml:1: `resources: \[\]` stands above its entries, .* the entries stay as they are\.$/,
    /:1: `resources: \{\}` stands above its entries, .*; the `\{\}` goes, the entries stay as they are\.$/,
    /:1: `\? resources` stands above its entries, .*; it becomes `resources:`, the entries stay as they are\.$/,
    /^site\/kustomization\.yaml:1: `resources` is null, .* it becomes `resources: \[\]`\.$/,
  ])
  t.strictSame(whyRepaired(edits.map(edit => ({ ...edit, style: 'deleted' as const }))), [])
  t.end()
})
