import t from 'tap'
import { cutShards, usualShards } from '../../../src/core/shard/cut-shards.ts'
import { planShards } from '../../../src/core/shard/plan-shards.ts'
import { shardFiles, shardKey } from '../../../src/core/shard/shard-files.ts'
import { clusterInstance, listing, memoryTree, type Files } from '../../support/memory-tree.ts'

const names = Array.from({ length: 700 }, (_, index) => `sno${index}`)
const fleet = (without: readonly string[] = [], more: Files = {}): Files => {
  const live = names.filter(name => !without.includes(name))
  return {
    ...Object.fromEntries(live.map(name => [`r/${name}.yaml`, clusterInstance(name)])),
    'r/kustomization.yaml': listing(...live.map(name => `${name}.yaml`)),
    ...more,
  }
}
const shardsOf = (files: Files, options: Parameters<typeof planShards>[2] = {}) => {
  const { shards, reason } = planShards(memoryTree(files), 'r', options)
  if (shards === null) throw new Error(reason)
  return shards
}
const pathsOf = (shards: readonly (readonly Readonly<{ path: string }>[])[]): readonly string[] =>
  shards.map(units => units.map(({ path }) => path).join())

t.test('cuts a fleet into shards of which an edit changes one or two', t => {
  const before = shardsOf(fleet())
  t.strictSame(
    before.flat().map(({ path }) => path),
    names.map(name => `r/${name}.yaml`),
  )
  for (const units of before.slice(0, -1)) {
    t.ok(units.length >= usualShards.least)
    t.ok(units.length <= usualShards.most)
  }
  const after = pathsOf(shardsOf(fleet(['sno350'])))
  const kept = pathsOf(before).filter(paths => after.includes(paths))
  t.ok(kept.length >= before.length - 2)
  const heavy = names.map(path => ({ path, objects: usualShards.most }))
  t.equal(
    cutShards(heavy.map(unit => ({ ...unit, kind: 'file', reads: [], hasGenerators: false })))
      .length,
    700,
  )
  t.end()
})

t.test('says why a fleet is not cut', t => {
  const reasonOf = (files: Files, options = {}): string | null =>
    planShards(memoryTree(files), 'r', options).reason
  t.equal(reasonOf(fleet(names.slice(200))), 'it has only about 200 objects')
  t.match(reasonOf(fleet([], { 'r/kustomization.yaml': 'namespace: x\n' })), /the field namespace$/)
  const all = names.map(name => clusterInstance(name)).join('---\n')
  t.match(
    reasonOf({ 'r/kustomization.yaml': listing('all.yaml'), 'r/all.yaml': all }),
    /from one file/,
  )
  t.match(
    reasonOf(fleet([], { 'r/sno9.yaml': 'a: {config.kubernetes.io/local-config: "true"}\n' })),
    /^r\/sno9\.yaml: it has annotations/,
  )
  t.equal(
    reasonOf(fleet([], { 'r/sno9.yaml': 'kind: Deployment\n' })),
    'r/sno9.yaml: a Deployment may refer to another object',
  )
  t.match(
    reasonOf(fleet([], { 'r/sno9.yaml': 'a'.repeat(8 * 2 ** 20 + 1) })),
    /is more than is looked at/,
  )
  t.end()
})

const whole = 'resources: [a.yaml, ../../base]\nnamespace: x\n'
const withDirectories = (more: Files = {}): Files =>
  fleet([], {
    'r/kustomization.yaml': listing('one', 'other', ...names.map(name => `${name}.yaml`)),
    'r/one/kustomization.yaml': whole,
    'r/one/a.yaml': clusterInstance('a'),
    'r/other/kustomization.yaml': whole,
    'r/other/a.yaml': clusterInstance('b'),
    'base/kustomization.yaml': 'configMapGenerator: [{name: x, files: [deep/x.txt]}]\n',
    'base/deep/x.txt': 'x',
    ...more,
  })

t.test('a directory that stays whole is known by all that its build can read', t => {
  const digests = (more: Files): readonly (string | undefined)[] => {
    const units = shardsOf(withDirectories(more)).flat()
    return ['r/one', 'r/other'].map(path => units.find(unit => unit.path === path)?.digest)
  }
  const [one, other] = digests({})
  t.not(one, other)
  t.strictSame(digests({}), [one, other])
  t.equal(digests({ 'r/other/a.yaml': clusterInstance('c') })[0], one)
  t.not(digests({ 'r/other/a.yaml': clusterInstance('c') })[1], other)
  t.not(digests({ 'base/deep/x.txt': 'y' })[0], one)
  t.not(digests({ 'base/deep/new': '' })[0], one)
  const reasonOf = (more: Files): string | null =>
    planShards(memoryTree(withDirectories(more)), 'r').reason
  t.match(
    reasonOf({ 'base/deep/link': { link: 'x.txt' } }),
    /^base holds a symbolic link, or a \.git$/,
  )
  t.match(reasonOf({ 'base/.git/HEAD': '' }), /or a \.git$/)
  t.match(reasonOf({ 'base/deep/x.txt': '%TAG\n' }), /^base\/deep\/x\.txt: it has tags/)
  t.equal(planShards(memoryTree(withDirectories()), 'r').reason, null)
  t.end()
})

t.test('writes a shard as few files, and names it by all that it holds', t => {
  const files = {
    'r/kustomization.yaml': listing('d', 'a.yaml', 'b.yaml', 'c.yaml'),
    'r/a.yaml': 'a: 1\n',
    'r/b.yaml': 'b: 1',
    'r/c.yaml': 'c: 1\n',
    'r/d/kustomization.yaml': 'resources: []\nnamePrefix: x\n',
  }
  const options = { fewest: 0, size: { least: 100, rarely: 1, most: 100 } }
  t.match(planShards(memoryTree(files), 'r', options).reason, /from one file or directory/)
  const units = shardsOf({
    ...files,
    ...fleet([], {
      'r/kustomization.yaml': listing(
        'd',
        'a.yaml',
        'b.yaml',
        'c.yaml',
        ...names.map(name => `${name}.yaml`),
      ),
    }),
  }).flat()
  const written = shardFiles(
    units.filter(({ path }) => !path.startsWith('r/sno')),
    path => `../${path}`,
  )
  t.strictSame(
    [...written],
    [
      [
        'kustomization.yaml',
        'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: ["0.yaml","1.yaml","../r/d"]\n',
      ],
      ['0.yaml', 'a: 1\n---\nc: 1\n'],
      ['1.yaml', 'b: 1'],
    ],
  )
  t.equal(shardFiles(units.slice(3, 36), String).size, 1 + 3)
  const key = shardKey(units, 'v5')
  t.match(key, /^[\da-f]{64}$/)
  t.not(shardKey(units, 'v6'), key)
  t.not(shardKey(units.slice(1), 'v5'), key)
  t.equal(shardKey([...units], 'v5'), key)
  t.end()
})
