import { readFileSync } from 'node:fs'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { compareRenders } from '../../../src/core/proof/compare-renders.ts'
import { removeItem, repairNull } from '../../../src/core/edit/remove-item.ts'
import { type EditMode } from '../../../src/core/edit/edit.ts'
import { restoreItem } from '../../../src/core/edit/restore-item.ts'
import {
  buildableCases,
  clusterOf,
  editCases,
  modes,
  path,
  placesIn,
  read,
  removeFrom,
  renderAll,
} from '../../support/edit/edit-cases.ts'

const edited = modes.flatMap(mode =>
  editCases.flatMap(golden => {
    const after = golden.after[mode]
    return after === null ? [] : [{ ...golden, mode, after, title: `${golden.name}, ${mode}` }]
  }),
)

/** Whether all lines stand in the text, in their order. */
const isWithin = (lines: readonly string[], text: readonly string[]): boolean => {
  let at = 0
  for (const line of lines) {
    at = text.indexOf(line, at) + 1
    if (at === 0) return false
  }
  return true
}

const caught = (run: () => unknown): Readonly<Record<string, unknown>> => {
  try {
    run()
  } catch (error) {
    return error as Record<string, unknown>
  }
  throw new Error('nothing was thrown')
}

const valuesIn = (text: string): readonly unknown[] =>
  placesIn(read(text)).map(({ value }) => value)

t.test('every folder has an edited file or a refusal for each mode, and a line in docs', t => {
  const docs = readFileSync(new URL('../../../docs/edits.md', import.meta.url), 'utf8')
  t.ok(editCases.length > 80, 'the folders are there')
  for (const { name, after, refused } of editCases) {
    for (const mode of modes)
      t.equal((after[mode] === null) !== (refused[mode] === null), true, `${name}, ${mode}`)
  }
  const named = [...docs.split('| folder |')[1]!.matchAll(/^\| `([^`]+)` \| /gm)].map(
    ([, name]) => name,
  )
  t.same(named.sort(), editCases.map(({ name }) => name).sort(), 'docs/edits.md names each folder')
  t.end()
})

t.test('takes the seed out of every file, to the byte, and changes no other line', t => {
  for (const { title, before, after, mode } of edited) {
    const { text, touchedLines, emptied, key, line } = removeFrom(before, mode)
    t.equal(text, after, title)
    const fields = parseAllDocuments(after)[0]!.toJS() as Record<string, unknown[]>
    const values = Object.entries(fields).find(([name]) => name.toLowerCase() === key.toLowerCase())
    t.equal(emptied, values![1].length === 0, `${title}: emptied`)
    t.equal(touchedLines.includes(line), true, `${title}: the line of the entry`)
    const rest = before.split('\n').filter((_, index) => !touchedLines.includes(index + 1))
    t.equal(isWithin(rest, after.split('\n')), true, `${title}: the other lines`)
  }
  t.end()
})

t.test('puts back the same bytes', t => {
  for (const { title, before, mode } of edited) {
    const { text, key, hunk } = removeFrom(before, mode)
    t.equal(restoreItem(read(text), { key, hunk: hunk! }), before, title)
  }
  t.end()
})

t.test('refuses where the entry cannot leave alone, and names the line', t => {
  for (const { name, before, refused } of editCases)
    for (const mode of modes) {
      const { code, message } = refused[mode] ?? {}
      if (code === undefined || message === undefined) continue
      const error = caught(() => removeFrom(before, mode))
      t.match(error, { name: 'RefusedError', code, fix: /\w/ }, `${name}, ${mode}`)
      t.match(String(error['message']), /^(?:editing|checking the edit of) [^:]+:\d+: /)
      t.equal(String(error['message']).replace(/^.*?:\d+: /, ''), message, `${name}, ${mode}`)
    }
  t.end()
})

t.test('kustomize renders every edited file as before less the seed', async t => {
  // test/kustomize-versions.test.ts does so with several versions, and with generators.
  const files = buildableCases.flatMap(({ name, before, after }) => {
    const { lists } = read(before)
    const entries = lists.flatMap(list => list.entries.map(({ value }) => value))
    const isPlain = lists.every(({ key }) => key !== 'generators')
    return isPlain ? [{ name, before, after, entries }] : []
  })
  const all = await renderAll(
    t,
    files.map(({ before, ...file }) => ({ ...file, text: before })),
  )
  for (const mode of modes) {
    const edited = files.map(({ before, after, ...file }) => ({
      ...file,
      text: after[mode] ?? before,
      isLeft: after[mode] === null,
    }))
    const { removedClusters, ...difference } = compareRenders(all, await renderAll(t, edited))
    t.same(
      [...removedClusters].sort(),
      edited.flatMap(({ name, isLeft }) => (isLeft ? [] : [clusterOf(name, 'seed.yaml')])).sort(),
      mode,
    )
    t.match(difference, { added: [], changed: [], orderKept: true }, mode)
  }
})

t.test('refuses an item that is not there', t => {
  const kustomization = read('resources:\n- a.yaml\n')
  for (const [key, message] of [
    ['resources', `editing ${path}: resources has no item 2`],
    ['patches', `editing ${path}: patches has no item 2`],
  ] as const)
    t.throws(() => removeItem(kustomization, { key, index: 1, mode: 'comment' }), {
      name: 'RefusedError',
      code: 'EDIT_NOT_PROVEN',
      message,
    })
  t.end()
})

t.test('repairs a key that is null, wherever the null stands, and nothing else', t => {
  for (const [before, after, key = 'resources'] of [
    ['resources:\n', 'resources: []\n'],
    ['resources:', 'resources: []'],
    ['\uFEFFresources: # none\r\n#- a.yaml\r\n', '\uFEFFresources: [] # none\r\n#- a.yaml\r\n'],
    ['resources: ~\nnamespace: a\n', 'resources: []\nnamespace: a\n'],
    ['resources:   null   # none\n', 'resources:   []   # none\n'],
    ['resources: &all\n# - a.yaml\n', 'resources: &all []\n# - a.yaml\n'],
    ['? resources\n:\n', '? resources\n: []\n'],
    ['{resources: , namespace: a}', '{resources: [] , namespace: a}'],
    ['{"resources":null}', '{"resources":[]}'],
    ['Resources:\npatches:\n', 'Resources: []\npatches:\n'],
    ['resources: []\ncomponents:\n', 'resources: []\ncomponents: []\n', 'components'],
    ['patches:\nresources: []\n', 'patches: []\nresources: []\n', 'patches'],
  ] as const) {
    const edit = repairNull(read(before), key)
    t.equal(edit.text, after, JSON.stringify(before))
    const line = before.split('\n').findIndex((text, at) => text !== after.split('\n')[at]) + 1
    t.match(edit, { key, hunk: null, emptied: true, style: 'repaired', touchedLines: [line] })
  }
  t.end()
})

t.test('does not repair what is no null, or what a null elsewhere depends on', t => {
  for (const [text, message] of [
    ['resources: []\n', `editing ${path}: resources is not null`],
    ['namespace: a\n', `editing ${path}: resources is not null`],
    ['resources: &none\nlabels: *none\n', /another field would change/],
  ] as const)
    t.throws(() => repairNull(read(text), 'resources'), {
      name: 'RefusedError',
      code: 'EDIT_NOT_PROVEN',
      message,
    })
  t.end()
})

t.test('restores several entries in any order', t => {
  const layouts = {
    block: 'resources: # sites\n  - a.yaml\n  - seed.yaml # the seed\n  - b.yaml\n',
    'block, CRLF, no final newline': 'resources:\r\n- a.yaml\r\n- seed.yaml\r\n- b.yaml',
    'flow on one line': 'resources: [a.yaml, seed.yaml, b.yaml]\n',
    'flow, a line an entry': 'resources: [\n  a.yaml,\n  seed.yaml,\n  b.yaml\n]\n',
    'flow, leading commas': 'resources: [\n    a.yaml\n  , seed.yaml\n  , b.yaml\n  ]\n',
    JSON: '{\n  "resources": [\n    "a.yaml",\n    "seed.yaml",\n    "b.yaml"\n  ]\n}\n',
    'JSON on one line': '{"resources":["a.yaml","seed.yaml","b.yaml"]}',
  }
  const entries = ['a.yaml', 'seed.yaml', 'b.yaml'] as const
  const orders = entries.flatMap(first =>
    entries
      .filter(entry => entry !== first)
      .map(second => [first, second, entries.find(e => e !== first && e !== second)!]),
  )
  for (const [layout, before] of Object.entries(layouts))
    for (const mode of modes)
      for (const left of orders) {
        let text = before
        const edits = new Map(
          left.map(entry => {
            const edit = removeFrom(text, mode, entry)
            ;({ text } = edit)
            return [entry, edit]
          }),
        )
        t.same(valuesIn(text), [], `${layout}, ${mode}, without ${String(left)}`)
        for (const back of orders) {
          const title = `${layout}, ${mode}, less ${String(left)}, with ${String(back)}`
          const restored = back.reduce((now, entry) => {
            const { key, hunk } = edits.get(entry)!
            return restoreItem(read(now), { key, hunk: hunk! })
          }, text)
          t.same([...valuesIn(restored)].sort(), ['a.yaml', 'b.yaml', 'seed.yaml'], title)
          const isExact = layout.startsWith('block') && mode === 'comment'
          if (isExact || String(back) === String([...left].reverse()))
            t.equal(restored, before, `${title}: the same bytes`)
        }
      }
  t.end()
})

type Since = Readonly<{
  what: string
  before: string
  mode?: EditMode
  since: (text: string) => string
  after: string
}>

const crlf = (text: string): string => text.replaceAll('\n', '\r\n')
const block = 'kind: Kustomization\nresources:\n  - a.yaml\n  - seed.yaml # seed\n  - b.yaml\n'
const reordered = 'kind: Kustomization\nresources:\n  - b.yaml\n  - seed.yaml # seed\n'
const alone = 'resources:\n- seed.yaml\ncomponents: []\n'
const shifted = (text: string): string => `# new\n${text}`
const since: readonly Since[] = [
  { what: 'lines above', before: block, since: shifted, after: shifted(block) },
  { what: 'lines above', before: block, mode: 'delete', since: shifted, after: shifted(block) },
  { what: 'lines above', before: alone, since: shifted, after: shifted(alone) },
  { what: 'lines above', before: alone, mode: 'delete', since: shifted, after: shifted(alone) },
  {
    what: 'two hashes in the first column',
    before: block,
    since: text => text.replace('  #- ', '##  - '),
    after: block,
  },
  { what: 'CRLF', before: block, since: crlf, after: crlf(block) },
  { what: 'LF', before: crlf(block), since: text => text.replaceAll('\r', ''), after: block },
  {
    what: 'no line break at the end',
    before: 'resources:\n- a.yaml\n- seed.yaml\n',
    since: text => text.trimEnd(),
    after: 'resources:\n- a.yaml\n- seed.yaml',
  },
  {
    what: 'the line above is gone',
    before: block,
    mode: 'delete',
    since: text => text.replace('  - a.yaml\n', ''),
    after: reordered,
  },
  {
    what: 'the line above is gone, and the line break at the end',
    before: block,
    mode: 'delete',
    since: text => text.replace('  - a.yaml\n', '').trimEnd(),
    after: reordered,
  },
  {
    what: 'the same with CRLF',
    before: crlf(block),
    mode: 'delete',
    since: text => text.replace('  - a.yaml\r\n', '').trimEnd(),
    after: crlf(reordered),
  },
  {
    what: 'more behind what was the end',
    before: 'resources:\n- a.yaml\n- seed.yaml',
    mode: 'delete',
    since: text => `${text}# end\n`,
    after: 'resources:\n- a.yaml\n- seed.yaml\n# end\n',
  },
  {
    what: 'other spaces around the brackets',
    before: alone,
    since: text => text.replace('resources: []', 'resources:   [ ]'),
    after: alone,
  },
  {
    what: 'no brackets',
    before: alone,
    since: text => text.replace('resources: []', 'resources:'),
    after: alone,
  },
  {
    what: 'the same comment below another list',
    before: `${block}components:\n  - c.yaml\n  #- seed.yaml # seed\n`,
    since: shifted,
    after: shifted(`${block}components:\n  - c.yaml\n  #- seed.yaml # seed\n`),
  },
  {
    what: 'one more in a flow list',
    before: 'resources: [\n  a.yaml, seed.yaml, b.yaml,\n]\n',
    since: text => text.replace('b.yaml', 'b.yaml, c.yaml'),
    after: 'resources: [\n  a.yaml, seed.yaml, b.yaml, c.yaml,\n]\n',
  },
  {
    what: 'another first one in a flow list',
    before: 'resources: [seed.yaml, b.yaml]\n',
    since: text => text.replace('b.yaml', 'c.yaml'),
    after: 'resources: [seed.yaml, c.yaml]\n',
  },
  {
    what: 'a flow list that was emptied, and a comment',
    before: 'resources: [seed.yaml]\n',
    since: text => text.replace('[]', '[ ] # none'),
    after: 'resources: [seed.yaml ] # none\n',
  },
]

t.test('finds the place again after a person has worked on the file', t => {
  for (const { what, before, mode = 'comment', since: work, after } of since) {
    const { text, key, hunk } = removeFrom(before, mode)
    t.equal(restoreItem(read(work(text)), { key, hunk: hunk! }), after, `${what}, ${mode}`)
  }
  t.end()
})

const lost: readonly (Omit<Since, 'after'> & Readonly<{ code: string }>)[] = [
  {
    what: 'the line is gone',
    before: block,
    since: text => text.replace(/.*#- .*\n/, ''),
    code: 'EDIT_MOVED',
  },
  {
    what: 'the line stands there twice',
    before: block,
    since: text => shifted(text.replace(/(.*#- .*\n)/, '$1$1')),
    code: 'EDIT_MOVED',
  },
  {
    what: 'the line stands there very often',
    before: block,
    since: text => shifted(text.replace(/(.*#- .*\n)/, '$1'.repeat(99))),
    code: 'EDIT_MOVED',
  },
  {
    what: 'the entry is live again, and the line has moved',
    before: block,
    since: text => shifted(text.replace('  - a.yaml\n', '  - a.yaml\n  - seed.yaml\n')),
    code: 'EDIT_NOT_PROVEN',
  },
  {
    what: 'the list is gone',
    before: alone,
    since: text => text.replace('resources: []\n', ''),
    code: 'EDIT_NOT_PROVEN',
  },
  {
    what: 'the list is gone',
    before: alone,
    mode: 'delete',
    since: text => text.replace('resources: []\n', ''),
    code: 'EDIT_MOVED',
  },
  {
    what: 'the list is a flow list now',
    before: alone,
    since: text => text.replace('[]', '[x.yaml]'),
    code: 'EDIT_NOT_PROVEN',
  },
  {
    what: 'a block scalar would take in the comment',
    before: 'resources:\n- |-\n  seed.yaml\n- b.yaml\n  # deeper\n',
    mode: 'delete',
    since: text => text.replace('- b.yaml\n', ''),
    code: 'EDIT_NOT_PROVEN',
  },
  {
    what: 'the flow list begins below its key now',
    before: 'resources: [seed.yaml]\n',
    since: text => text.replace('[]', '# none\n  []'),
    code: 'EDIT_MOVED',
  },
]

t.test('puts nothing back where it is not certain, and says what to put back', t => {
  for (const { what, before, mode = 'comment', since: work, code } of lost) {
    const { text, key, hunk } = removeFrom(before, mode)
    t.throws(
      () => restoreItem(read(work(text)), { key, hunk: hunk! }),
      {
        name: 'RefusedError',
        code,
        fix: `put this back below ${key} by hand, indented as the other entries: ${hunk!.before.trim()}`,
      },
      `${what}, ${mode}`,
    )
  }
  t.end()
})
