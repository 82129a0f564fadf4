import t from 'tap'
import type { Edit } from '../../../src/core/edit/edit.ts'
import { modeAt } from '../../../src/core/edit/mode-at.ts'
import { proveEdit } from '../../../src/core/edit/prove-edit.ts'
import { reinsertFlowItem } from '../../../src/core/edit/reinsert-flow-item.ts'
import { removeItem } from '../../../src/core/edit/remove-item.ts'
import { editedFiles, removeItems, repairNulls } from '../../../src/core/edit/remove-items.ts'
import { spliceBlockItem } from '../../../src/core/edit/splice-block-item.ts'
import { spliceFlowItem } from '../../../src/core/edit/splice-flow-item.ts'
import { undoElsewhere, undoInPlace } from '../../../src/core/edit/undo-in-place.ts'
import { listOf, parseKustomization } from '../../../src/core/kustomization/parse-kustomization.ts'
import { applySplices } from '../../../src/core/yaml/splice.ts'
import { RefusedError } from '../../../src/errors.ts'
import { memoryTree } from '../../support/memory-tree.ts'

const path = 'site/kustomization.yaml'
const key = 'resources'
const read = (text: string) => parseKustomization(path, text)
const itemIn = (text: string, index: number) => {
  const kustomization = read(text)
  const list = listOf(kustomization, key)!
  return { text, kustomization, list, item: list.items[index]! }
}

t.test('an item of a block list leaves with its own lines', t => {
  const text = 'resources:\n  - a\n  - |\n\n    b\n  - c\n'
  const splice = (
    mode: 'comment' | 'delete',
    style: 'hash-dash' | 'hash-space-dash' | 'hash-first',
  ) => {
    const { item } = itemIn(text, 1)
    const refuse = (reason: string) => new RefusedError('EDIT_UNSUPPORTED', reason)
    return applySplices(
      text,
      spliceBlockItem({ text, item, dash: item.dash!, mode, style, refuse }),
    )
  }
  t.equal(splice('comment', 'hash-dash'), 'resources:\n  - a\n  #- |\n\n  #  b\n  - c\n')
  t.equal(splice('comment', 'hash-space-dash'), 'resources:\n  - a\n  # - |\n\n  #   b\n  - c\n')
  t.equal(splice('comment', 'hash-first'), 'resources:\n  - a\n#  - |\n\n#    b\n  - c\n')
  t.equal(splice('delete', 'hash-dash'), 'resources:\n  - a\n  - c\n')
  const beside = itemIn('? resources\n: - a\n  - b\n', 0)
  const reasons: string[] = []
  const refuse = (reason: string): RefusedError => {
    reasons.push(reason)
    return new RefusedError('EDIT_UNSUPPORTED', reason)
  }
  const { text: whole, item } = beside
  const rest = { dash: item.dash!, mode: 'comment', style: 'hash-dash', refuse } as const
  t.throws(() => spliceBlockItem({ text: whole, item, ...rest }), { code: 'EDIT_UNSUPPORTED' })
  t.strictSame(reasons, ['something else is before the entry on its line'])
  t.end()
})

t.test('a yamllint that wants a space behind the sign gets it, where the file shows nothing', t => {
  const file = 'a/b/kustomization.yaml'
  for (const [lint, mode] of [
    ['extends: default\n', 'comment-spaced'],
    ['extends: relaxed\n', 'comment'],
    ['rules:\n  comments: enable\n', 'comment-spaced'],
    ['extends: default\nrules:\n  comments: disable\n', 'comment'],
    ['extends: default\nrules: {comments: false}\n', 'comment'],
    ['extends: default\nrules: {line-length: disable}\n', 'comment-spaced'],
    ['rules:\n  comments:\n    require-starting-space: false\n', 'comment'],
    ['extends: relaxed\nrules:\n  comments: {require-starting-space: true}\n', 'comment-spaced'],
    ['rules:\n  comments: {min-spaces-from-content: 1}\n', 'comment-spaced'],
    ['rules: {}\n', 'comment'],
    ['{', 'comment'],
    ['', 'comment'],
  ] as const)
    t.equal(modeAt(memoryTree({ [file]: '', '.yamllint': lint }), file, 'comment'), mode, lint)
  const tree = memoryTree({
    ...{ [file]: '', '.yamllint': 'extends: default\n', 'c/kustomization.yaml': '' },
    'a/.yamllint.yml': 'extends: relaxed\n',
  })
  t.equal(modeAt(tree, file, 'comment'), 'comment', 'the nearest')
  t.equal(modeAt(tree, 'c/kustomization.yaml', 'comment'), 'comment-spaced')
  t.equal(modeAt(tree, 'c/kustomization.yaml', 'delete'), 'delete')
  t.equal(modeAt(memoryTree({ [file]: '' }), file, 'comment'), 'comment')
  const after = (text: string): string =>
    removeItem(read(text), { key, index: 0, mode: 'comment-spaced' }).text
  t.equal(after('resources:\n  - a\n  - b\n'), 'resources:\n  # - a\n  - b\n')
  t.equal(after('resources:\n- a\n- b\n#- c\n'), 'resources:\n#- a\n- b\n#- c\n')
  t.equal(after('resources: [\n  a,\n  b\n]\n'), 'resources: [\n  # a,\n  b\n]\n')
  t.end()
})

t.test('an item of a flow list leaves with one comma, or with its line', t => {
  const splice = (text: string, index: number, mode: 'comment' | 'delete' = 'comment') =>
    applySplices(
      text,
      spliceFlowItem({ ...itemIn(text, index), mode, isJson: text.startsWith('{') }),
    )
  for (const [text, index, after] of [
    ['resources: [a, b, c]\n', 0, 'resources: [b, c]\n'],
    ['resources: [a, b, c]\n', 1, 'resources: [a, c]\n'],
    ['resources: [a, b, c]\n', 2, 'resources: [a, b]\n'],
    ['resources: [ a ]\n', 0, 'resources: []\n'],
    ['resources: [\n  a,\n  b,\n]\n', 0, 'resources: [\n  #a,\n  b,\n]\n'],
    ['resources: [\n  a,\n  b\n]\n', 1, 'resources: [\n  a,\n  #b\n]\n'],
    ['resources: [\n  a\n  , b\n]\n', 1, 'resources: [\n  a\n  #, b\n]\n'],
    ['{"resources": [\n  "a",\n  "b"\n]}\n', 0, '{"resources": [\n  "b"\n]}\n'],
    ['{"resources": [\n  "a",\n  "b"\n]}\n', 1, '{"resources": [\n  "a"\n]}\n'],
  ] as const)
    t.equal(splice(text, index), after, JSON.stringify(text))
  t.equal(splice('resources: [\n  a,\n  b,\n]\n', 0, 'delete'), 'resources: [\n  b,\n]\n')
  t.end()
})

t.test('an edit that does more than it says is not proven', t => {
  const text = 'resources:\n  - a\n  - b\nnamespace: x\n'
  const { kustomization, list, item } = itemIn(text, 0)
  const edit = removeItem(kustomization, { key, index: 0, mode: 'comment' })
  const prove = (change: Partial<Edit>) => () => {
    proveEdit({ kustomization, list, item, edit: { ...edit, ...change } })
  }
  t.doesNotThrow(prove({}))
  for (const [what, change, message] of [
    ['unreadable', { text: 'resources: [\n' }, /:2: nothing could read the result: /],
    ['nothing', { text }, /other entries would change their meaning: line 3/],
    ['both', { text: 'resources: []\nnamespace: x\n' }, /other entries .*: line 3/],
    ['a null list', { text: 'resources:\nnamespace: x\n' }, /other entries would change/],
    ['another field', { text: edit.text.replace('x', 'y') }, /another field would change/],
    ['another comment', { text: `${edit.text}# more\n` }, /another field would change/],
  ] as const)
    t.throws(prove(change), { name: 'RefusedError', code: 'EDIT_NOT_PROVEN', message }, what)
  t.end()
})

t.test('takes out several items, each on the text that the one before left', t => {
  const [one, two] = [
    read('resources:\n  - a\n  - b\n  - c\npatches:\n  - path: p\n'),
    parseKustomization('site/b/kustomization.yaml', 'resources: [x]\n'),
  ]
  const removal = (kustomization: typeof one, of: string, index: number) => ({
    ...{ kustomization, key: of, index },
    line: listOf(kustomization, of)!.items[index]!.line,
  })
  const first = removeItem(one, { key, index: 1, mode: 'comment' })
  const edits = removeItems([removal(one, 'patches', 0), removal(two, key, 0)], () => 'delete', [
    first,
  ])
  t.strictSame(
    edits.map(({ path, line, emptied }) => [path, line, emptied]),
    [
      ['site/kustomization.yaml', 6, true],
      ['site/b/kustomization.yaml', 1, true],
    ],
  )
  const all = removeItems([removal(one, key, 0), removal(one, key, 2)], () => 'comment')
  t.strictSame(
    all.map(({ line }) => line),
    [4, 2],
    'from the end, by the lines of the old file',
  )
  t.strictSame(editedFiles([first, ...edits]), [
    { path, content: 'resources:\n  - a\n  #- b\n  - c\npatches: []\n' },
    { path: 'site/b/kustomization.yaml', content: 'resources: []\n' },
  ])
  t.end()
})

t.test('repairs every key that is null, unless another list says something', t => {
  const edits = repairNulls(read('resources: # none\nnamespace: a\ngenerators: ~\n'))
  t.strictSame(
    edits.map(({ key, line, style }) => [key, line, style]),
    [
      ['resources', 1, 'repaired'],
      ['generators', 3, 'repaired'],
    ],
  )
  t.equal(edits.at(-1)?.text, 'resources: [] # none\nnamespace: a\ngenerators: []\n')
  for (const said of [
    'resources: []\n',
    'resources: []\ngenerators:\n',
    'resources: [a]\ngenerators: ~\n',
  ])
    t.strictSame(repairNulls(read(said)), [], said)
  t.end()
})

t.test('undoes an edit where its lines are, or finds the ways in which it could', t => {
  const { kustomization } = itemIn('resources:\n  - a\n  - b\n', 0)
  const { hunk, text } = removeItem(kustomization, { key, index: 0, mode: 'comment' })
  const change = { key, hunk: hunk! }
  t.strictSame(undoInPlace(read(text), change), ['resources:\n  - a\n  - b\n'])
  const moved = read(`namespace: x\n${text}`)
  t.strictSame(undoInPlace(moved, change), [])
  t.strictSame(undoElsewhere(moved, change), [
    ['namespace: x\nresources:\n  - a\n  - b\n'],
    ['namespace: x\nresources:\n  - a\n  - b\n'],
    [],
    [],
  ])
  const restyled = read('resources:\n# - a\n  - b\n')
  t.strictSame(undoElsewhere(restyled, change), [[], ['resources:\n  - a\n  - b\n'], [], []])
  const last = removeItem(read('resources:\n  - a\n'), { key, index: 0, mode: 'delete' })
  t.equal(undoInPlace(read(last.text), { key, hunk: last.hunk! })[0], 'resources:\n  - a\n')
  t.end()
})

t.test('an item goes back into a flow list behind one that it followed', t => {
  const { kustomization } = itemIn('resources: [a, b, c]\n', 1)
  const hunk = removeItem(kustomization, { key, index: 1, mode: 'delete' }).hunk!
  for (const [now, then] of [
    ['resources: [a, c]\n', ['resources: [a, b, c]\n']],
    ['# more\nresources: [x, a, z]\n', ['# more\nresources: [x, a, b, z]\n']],
    ['resources: [x]\n', ['resources: [b, x]\n']],
    ['resources: [ ]\n', ['resources: [b ]\n']],
    ['resources:\n  - a\n', []],
    ['namespace: x\n', []],
  ] as const)
    t.strictSame(reinsertFlowItem(read(now), { key, hunk }), then, now)
  t.end()
})
