import t from 'tap'
import { classifyTree } from '../../../src/core/shard/classify-tree.ts'
import { refuseVersion } from '../../../src/core/shard/refuse-version.ts'
import type { RepositoryView } from '../../../src/core/kustomization/repository-view.ts'
import { listing, memoryTree, type Files } from '../../support/memory-tree.ts'

const header = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n'
const site: Files = {
  'site/kustomization.yaml': header + listing('a.yaml', './more/', 'whole', 'empty'),
  'site/a.yaml': '',
  'site/more/kustomization.yaml': 'resources: [b.yaml, deep/c.yaml]\n',
  'site/more/b.yaml': '',
  'site/more/deep/c.yaml': '',
  'site/whole/kustomization.yaml': `${listing('d.yaml', '../../base')}namespace: x\n`,
  'site/whole/d.yaml': '',
  'site/empty/kustomization.yaml': 'resources: []\n',
  'base/kustomization.yaml': 'configMapGenerator: [{name: x, literals: [a=b]}]\n',
}
const reasonOf = (files: Files, root = 'site'): string | null =>
  classifyTree(memoryTree({ ...site, ...files }), root).reason

t.test(
  'takes lists of files and directories apart, and keeps what changes its objects whole',
  t => {
    const { units, reason } = classifyTree(memoryTree(site), './site/')
    t.equal(reason, null)
    t.strictSame(units, [
      { path: 'site/a.yaml', kind: 'file', reads: [], hasGenerators: false },
      { path: 'site/whole', kind: 'directory', reads: ['site/whole', 'base'], hasGenerators: true },
      { path: 'site/more/b.yaml', kind: 'file', reads: [], hasGenerators: false },
      { path: 'site/more/deep/c.yaml', kind: 'file', reads: [], hasGenerators: false },
    ])
    t.strictSame(
      classifyTree(memoryTree({ 'kustomization.yaml': 'resources: [x.yaml]\n', 'x.yaml': '' }), '.')
        .units,
      [{ path: 'x.yaml', kind: 'file', reads: [], hasGenerators: false }],
    )
    t.end()
  },
)

t.test('says why a tree is built as a whole', t => {
  const cases: readonly (readonly [Files, RegExp])[] = [
    [{ 'site/kustomization.yaml': listing('gone.yaml') }, /^an entry of site cannot be followed$/],
    [{ 'site/kustomization.yaml': '- a\n' }, /^an entry of site cannot be followed$/],
    [
      { 'site/kustomization.yaml': `${listing('a.yaml')}namespace: x\n` },
      /has the field namespace$/,
    ],
    [
      { 'site/kustomization.yaml': `${listing('a.yaml')}sortOptions: {order: fifo}\n` },
      /sortOptions$/,
    ],
    [{ 'site/kustomization.yaml': 'Resources: [a.yaml]\n' }, /has the field Resources$/],
    [{ 'site/kustomization.yaml': `kind: Component\n${listing('a.yaml')}` }, /has the field kind$/],
    [{ 'site/kustomization.yaml': 'resources:\n' }, /has no list that is written$/],
    [{ 'site/kustomization.yaml': header }, /has no list that is written$/],
    [
      { 'site/kustomization.yaml': listing('../base') },
      /lists \.\.\/base, which is not a path below/,
    ],
    [{ 'site/kustomization.yaml': listing('more/../a.yaml') }, /not a path below/],
    [{ 'site/kustomization.yaml': listing('.') }, /not a path below/],
    [{ 'site/kustomization.yaml': listing('a.yaml/') }, /not a path below/],
    [
      { 'site/kustomization.yaml': listing('a.yaml', './a.yaml') },
      /^site\/a\.yaml is listed twice$/,
    ],
    [
      { 'site/whole/kustomization.yaml': `${listing('d.yaml')}vars: []\n` },
      /vars, which may reach/,
    ],
    [{ 'base/kustomization.yaml': 'openapi: {path: x}\n' }, /openapi, which may reach/],
    [{ 'base/kustomization.yaml': listing('gone') }, /^an entry below site\/whole cannot be/],
    [
      { 'site/more/kustomization.yaml': 'generators: [x.yaml]\n', 'site/more/x.yaml': '' },
      /generators/,
    ],
  ]
  for (const [files, reason] of cases) t.match(reasonOf(files), reason)
  t.match(reasonOf({}, '../elsewhere'), /cannot be followed$/)
  t.end()
})

t.test('follows no link to a kustomization, or to what it lists', t => {
  const linked = (paths: Readonly<Record<string, string>>): RepositoryView => {
    const view = memoryTree(site)
    return { ...view, real: path => paths[path] ?? path }
  }
  t.match(classifyTree(linked({ 'site/more/kustomization.yaml': 'k' }), 'site'), {
    reason: 'site/more/kustomization.yaml is a symbolic link',
  })
  t.end()
})

t.test('gives shards to the versions of kustomize that were compared', t => {
  for (const version of ['kustomize v5.0.0', 'kubectl kustomize v5.5.0 (Google Cloud SDK)'])
    t.equal(refuseVersion(version), null)
  for (const version of [
    'kustomize v4.5.7',
    'kustomize v5.9.0',
    'kustomize (devel)',
    'v5.5.0-rc1',
    '',
  ])
    t.match(refuseVersion(version), /is none of the versions that were compared/)
  t.end()
})
