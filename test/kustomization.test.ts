import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { commentedEntries } from '../src/core/kustomization/comment-style.ts'
import {
  parseKustomization,
  type Entry,
  type Kustomization,
} from '../src/core/kustomization/parse-kustomization.ts'
import { removeItem, type Edit } from '../src/core/kustomization/remove-item.ts'
import { compareRenders } from '../src/core/kustomization/prove-difference.ts'
import { clusterInstance } from './memory-tree.ts'

const path = 'site/kustomization.yaml'
const fixtures = new URL('fixtures/kustomization/', import.meta.url)
const isSeed = ({ value }: Entry): boolean => /^(?:\.\/)?seed\.yaml$/.test(value)
const entryOf = (kustomization: Kustomization, test: (entry: Entry) => boolean): Entry =>
  kustomization.lists.flatMap(({ entries }) => entries).find(test)!
const edit = (text: string): Edit => {
  const kustomization = parseKustomization(path, text)
  return removeItem(kustomization, { ...entryOf(kustomization, isSeed), mode: 'comment' })
}
const cases = readdirSync(fixtures).map(name => ({
  name,
  before: readFileSync(new URL(`${name}/before.yaml`, fixtures), 'utf8'),
  after: readFileSync(new URL(`${name}/after.yaml`, fixtures), 'utf8'),
}))

t.test('comments the entry out in the style of the file and changes no other byte', t => {
  t.ok(cases.length > 20, 'the golden pairs are there')
  for (const { name, before, after } of cases) {
    const { text, touchedLines, emptied } = edit(before)
    t.equal(text, after, name)
    t.equal(Buffer.from(text).compare(Buffer.from(after)), 0, `${name}: the same bytes`)
    t.equal(emptied, name.startsWith('last-'), `${name}: emptied`)
    t.equal(touchedLines.length, emptied ? 2 : 1, `${name}: touched lines`)
  }
  t.end()
})

t.test('an edited file reads as the old list less the entry, and can be edited back by hand', t => {
  for (const { name, before, after } of cases) {
    const values = (text: string): string[] =>
      parseKustomization(path, text).lists.flatMap(({ entries }) => entries.map(e => e.value))
    const gone = entryOf(parseKustomization(path, before), isSeed).value
    t.strictSame(
      values(after),
      values(before).filter(value => value !== gone),
      name,
    )
    t.ok(
      commentedEntries(after).some(({ value }) => value === gone),
      `${name}: the commented-out entry is recognised again`,
    )
  }
  t.end()
})

const bomb = `a: &a [${'x, '.repeat(9)}x]
b: &b [${'*a, '.repeat(9)}*a]
c: &c [${'*b, '.repeat(9)}*b]
d: [${'*c, '.repeat(9)}*c]
resources: []
`

t.test('refuses to read what Go or kustomize would read otherwise', t => {
  const refusals: readonly (readonly [string, string, RegExp])[] = [
    ['a lone carriage return', 'resources:\n- a\r- b\n', /yaml:2: a lone carriage return/],
    ['a next-line character', 'resources:\n# c\u0085- a\n', /:2: a Unicode line separator/],
    ['a line separator', '# c\u2028- a\n', /:1: a Unicode line separator/],
    ['a paragraph separator', '# c\u2029- a\n', /:1: a Unicode line separator/],
    ['a control character', 'resources:\n- a\u0000\n', /:2: it holds a control character/],
    ['a %YAML directive', '%YAML 1.2\n---\nresources: []\n', /:1: kustomize reads no %YAML/],
    ['a tab as indentation', 'resources:\n\t- a\n', /:2: it is indented with a tab/],
    ['a tab after the dash', 'resources:\n-\ta\n', /:2: it is indented with a tab/],
    ['nothing', '', /yaml: it holds no YAML mapping/],
    ['only a comment', '# nothing\n', /it holds no YAML mapping/],
    ['only a document start', '---\n', /it is not a YAML mapping/],
    ['two documents', 'resources: []\n---\nresources: [a]\n', /several YAML documents/],
    ['broken YAML', 'resources:\n- "a\n', /yaml:\d+: /],
    ['a list', '- a\n', /it is not a YAML mapping/],
    ['a text', 'resources', /it is not a YAML mapping/],
    ['the same field twice', 'resources: []\nresources: []\n', /:2: the field resources stands/],
    ['the same field in another case', 'resources: []\nRESOURCES: []\n', /:2: the field RESOURCES/],
    ['a merge key', 'x: &x {resources: [a]}\n<<: *x\n', /:2: a merge key/],
    ['a key without a colon', '{resources}', /:1: the field resources has no colon/],
    ['an anchor on the list', 'resources: &all\n- a\n', /:1: the list resources carries an anchor/],
    ['a tag on the list', 'resources: !!seq\n- a\n', /:1: the list resources carries an anchor/],
    ['an alias as the list', 'x: &x [a]\nresources: *x\n', /:2: the field resources is not a list/],
    ['a text as the list', 'resources: a\n', /:1: the field resources is not a list/],
    ['a number as an entry', 'resources:\n- a\n- 123\n', /:3: entry 2 of resources is not a text/],
    ['a null entry', 'resources:\n-\n', /entry 1 of resources is not a text/],
    ['a mapping as an entry', 'resources:\n- a: b\n', /:2: entry 1 of resources is not a text/],
    ['an unknown alias as an entry', 'resources:\n- *nowhere\n', /yaml/],
    ['an unknown alias elsewhere', 'resources: []\nlabels: *nowhere\n', /yaml/],
    ['too many aliases', bomb, /yaml/],
  ]
  for (const [what, text, message] of refusals)
    t.throws(
      () => parseKustomization(path, text),
      { name: 'RefusedError', code: 'KUSTOMIZATION_UNREADABLE', message, fix: /by hand/ },
      what,
    )
  t.end()
})

t.test('reads lists in every style, with where they stand', t => {
  const read = (text: string): unknown =>
    parseKustomization(path, text).lists.map(({ key, style, line, entries }) => [
      key,
      style,
      line,
      ...entries.map(({ value, line }) => `${value}:${line}`),
    ])
  t.strictSame(read('resources:\n- a\n- b\n'), [['resources', 'block', 1, 'a:2', 'b:3']])
  t.strictSame(read('bases: [a, "b"]\n'), [['bases', 'flow', 1, 'a:1', 'b:1']])
  t.strictSame(read('components:\n'), [['components', 'null', 1]])
  t.strictSame(read('generators: ~\n'), [['generators', 'null', 1]])
  t.strictSame(read('resources: []\n'), [['resources', 'flow', 1]])
  t.strictSame(read('namespace: x\npatches: []\n? [a]\n: b\n'), [])
  t.strictSame(read('x: &x a.yaml\nresources:\n- *x\n'), [['resources', 'block', 2, 'a.yaml:3']])
  t.strictSame(read('{"resources": ["a"]}'), [['resources', 'flow', 1, 'a:1']])
  t.end()
})

t.test('refuses an edit that one line cannot carry', t => {
  const refusals: readonly (readonly [string, string, RegExp])[] = [
    ['a flow list', 'resources: [a.yaml, seed.yaml]\n', /yaml:1: the list is written in flow/],
    ['JSON', '{"resources": ["seed.yaml"]}', /:1: the list is written in flow/],
    ['a block scalar', 'resources:\n- |-\n  seed.yaml\n', /:2: the entry runs over several lines/],
    ['a dash of its own', 'resources:\n-\n  seed.yaml\n', /:3: the entry runs over several lines/],
    ['an explicit key', '? resources\n: - seed.yaml\n', /:2: something else stands before/],
  ]
  for (const [what, text, message] of refusals)
    t.throws(
      () => edit(text),
      { name: 'RefusedError', code: 'EDIT_UNSUPPORTED', message, fix: /by hand/ },
      what,
    )
  t.end()
})

t.test('does not comment out an anchor that something else refers to', t => {
  const text = 'resources:\n- a.yaml\n- &seed seed.yaml\nx: *seed\n'
  t.throws(() => edit(text), { name: 'RefusedError', code: 'KUSTOMIZATION_UNREADABLE' })
  t.end()
})

t.test('gives no text when the reading does not fit the file', t => {
  const kustomization = parseKustomization(path, 'resources:\n- a.yaml\n- seed.yaml\n')
  const entry = entryOf(kustomization, isSeed)
  const [list] = kustomization.lists
  const misplaced = { ...entry, line: 2 }
  const forged: readonly (readonly [string, Kustomization, Entry, RegExp])[] = [
    ['an entry of another reading', kustomization, { ...entry }, /not the old one less the entry/],
    [
      'a list that is not there',
      { ...kustomization, lists: [] },
      entry,
      /the list is written in flow/,
    ],
    [
      'another field than the file has',
      { ...kustomization, fields: { ...kustomization.fields, namespace: 'site' } },
      entry,
      /another field changed/,
    ],
    [
      'another value of a field than the file has',
      {
        ...parseKustomization(path, `${kustomization.text}namespace: a\n`),
        fields: { namespace: 'b' },
      },
      entry,
      /not the old one|another field changed/,
    ],
    [
      'an entry on another line',
      { ...kustomization, lists: [{ ...list!, entries: [list!.entries[0]!, misplaced] }] },
      misplaced,
      /another line changed/,
    ],
  ]
  for (const [what, reading, of, message] of forged)
    t.throws(
      () => removeItem(reading, { ...of, mode: 'comment' }),
      { name: 'RefusedError', message, fix: /by hand/ },
      what,
    )
  t.end()
})

const fileName = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}(\/[a-z]{1,4})?\.ya?ml$/)
const aBlockList = fc.record({
  names: fc.uniqueArray(fileName, { minLength: 1, maxLength: 8 }),
  indent: fc.constantFrom('', '  ', '    '),
  newline: fc.constantFrom('\n', '\r\n'),
  hasFinalNewline: fc.boolean(),
  bom: fc.constantFrom('', '\uFEFF'),
  quote: fc.constantFrom('', '"', "'"),
  between: fc.array(
    fc.constantFrom(
      '',
      '  # - old.yaml',
      '#- older.yaml',
      '#  - oldest.yaml',
      '# words: here',
      '      # deep',
    ),
    { maxLength: 3 },
  ),
  trailing: fc.constantFrom('', ' # c', '   #- d.yaml', ' '),
  key: fc.constantFrom('resources', 'generators', 'components', 'bases'),
  rest: fc.constantFrom([], ['namespace: "010"'], ['patches:', '- path: p.yaml'], ['# end', '']),
  which: fc.nat(),
})

t.test('whatever the block list, only the touched lines differ and only the entry is gone', t => {
  fc.assert(
    fc.property(
      aBlockList,
      ({
        names,
        indent,
        newline,
        hasFinalNewline,
        bom,
        quote,
        between,
        trailing,
        key,
        rest,
        which,
      }) => {
        const items = names.flatMap(name => [
          ...between,
          `${indent}- ${quote}${name}${quote}${trailing}`,
        ])
        const lines = ['kind: Kustomization', `${key}:`, ...items, ...rest]
        const text = bom + lines.join(newline) + (hasFinalNewline ? newline : '')
        const kustomization = parseKustomization(path, text)
        const entries = kustomization.lists[0]!.entries
        const entry = entries[which % entries.length]!
        const result = removeItem(kustomization, { ...entry, mode: 'comment' })

        const [old, now] = [text.split('\n'), result.text.split('\n')]
        const differing = old.flatMap((line, index) => (line === now[index] ? [] : [index + 1]))
        const wanted =
          names.length === 1 ? [kustomization.lists[0]!.line, entry.line] : [entry.line]
        const again = parseKustomization(path, result.text)
        const fields = (of: Kustomization): unknown => ({ ...of.fields, [key]: null })
        return (
          now.length === old.length &&
          String(differing) === String(wanted) &&
          String(result.touchedLines) === String(wanted) &&
          [/#/, /# /].some(
            mark => now[entry.line - 1]!.replace(mark, '') === old[entry.line - 1],
          ) &&
          String(again.lists[0]!.entries.map(e => e.value)) ===
            String(names.filter((_, index) => index !== entry.index)) &&
          again.lists[0]!.style === (names.length === 1 ? 'flow' : 'block') &&
          JSON.stringify(fields(again)) === JSON.stringify(fields(kustomization))
        )
      },
    ),
    { numRuns: 500 },
  )
  t.end()
})

const run = promisify(execFile)
const findKustomize = async (): Promise<readonly string[] | undefined> => {
  const cached = new URL('../node_modules/.cache/sower/kubectl', import.meta.url).pathname
  const candidates = [
    ['kustomize', 'build'],
    ['kubectl', 'kustomize'],
    [cached, 'kustomize'],
  ]
  for (const [program = '', verb = ''] of candidates)
    try {
      await run(program, [verb, '--help'])
      return [program, verb]
    } catch {
      continue
    }
  return undefined
}
const kustomize = await findKustomize()

t.test(
  'kustomize renders the edited file as the old one less the cluster',
  { skip: kustomize ? false : 'neither kustomize nor kubectl is there' },
  async t => {
    const [program = '', verb = ''] = kustomize ?? []
    for (const { name, before, after } of cases.filter(({ name }) => !name.includes('generator'))) {
      const files = Object.fromEntries(
        parseKustomization(path, before)
          .lists.flatMap(({ entries }) => entries)
          .map(({ value }) => [value.replace('./', ''), clusterInstance(value.replace(/\W/g, ''))]),
      )
      const dir = t.testdir({
        before: { ...files, 'kustomization.yaml': before },
        after: { ...files, 'kustomization.yaml': after },
      })
      const build = async (of: string): Promise<string> =>
        (await run(program, [verb, `${dir}/${of}`])).stdout
      const [old, now] = await Promise.all([build('before'), build('after')])
      const { removedClusters, added, changed, left } = compareRenders(old, now)
      t.strictSame(
        { removedClusters, added, changed },
        {
          removedClusters: ['seedyaml'],
          added: [],
          changed: [],
        },
        name,
      )
      t.equal(left, Object.keys(files).length - 1, `${name}: what is left`)
    }
  },
)
