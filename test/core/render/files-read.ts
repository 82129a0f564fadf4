import t from 'tap'
import { containedFields } from '../../../src/core/render/contained-fields.ts'
import { filesRead } from '../../../src/core/render/files-read.ts'
import { memoryTree, type Files } from '../../support/memory-tree.ts'

const repository: Files = {
  'site/kustomization.yaml': 'resources:\n  - a\n  - b.yaml\ncomponents:\n  - ../shared\n',
  'site/b.yaml': 'kind: A\n',
  'site/a/kustomization.yaml':
    'resources: [../../base]\nconfigMapGenerator:\n- name: m\n  files: [d/f]\n',
  'site/a/d/f': 'x',
  'site/not-listed.yaml': 'kind: B\n',
  'shared/kustomization.yaml': 'kind: Component\npatches:\n- path: patch.yaml\n',
  'shared/patch.yaml': 'kind: A\n',
  'base/kustomization.yaml': 'resources: []\nsortOptions: {order: fifo}\n',
  'elsewhere/kustomization.yaml': 'resources: []\n',
  'README.md': 'x',
}
const read = (more: Files = {}, root = 'site'): readonly string[] | null => {
  const found = filesRead(memoryTree({ ...repository, ...more }), root)
  return found && [...found].sort()
}

t.test(
  'a render reads what its lists name, and what lies at and below the directories that it reaches',
  t => {
    t.strictSame(
      read(),
      Object.keys(repository)
        .filter(path => !/^(?:elsewhere|README)/.test(path))
        .sort(),
    )
    t.strictSame(read({}, 'elsewhere'), ['elsewhere/kustomization.yaml'])
    t.strictSame(read({}, '.'), null, 'no kustomization is there')
    const nested = {
      'base/kustomization.yaml': 'resources: []\n',
      'base/deep/kustomization.yaml': 'resources: [..]\n',
    }
    t.match(read(nested, 'base/deep'), ['base/deep/kustomization.yaml', 'base/kustomization.yaml'])
    t.end()
  },
)

t.test('where it may read anything, nobody says what', t => {
  const site = (text: string): Files => ({ 'site/kustomization.yaml': text })
  for (const [what, files] of [
    ['a plugin', site('generators: [a.yaml]\n')],
    ['Helm', site('helmGlobals: {chartHome: ../charts}\n')],
    ['a schema', site('openapi: {path: s.json}\n')],
    ['a field of another version', site('new: 1\n')],
    ['an entry that is not there', site('resources: [gone.yaml]\n')],
    ['an address', site('resources: ["https://example.com/a.yaml"]\n')],
    ['a patch from above', site('patches: [{path: ../shared/patch.yaml}]\n')],
    ['a link', { 'site/a/link': { link: '../../elsewhere' } }],
  ] as const)
    t.equal(read(files), null, what)
  t.ok(containedFields.has('namespace') && !containedFields.has('generators'))
  t.end()
})
