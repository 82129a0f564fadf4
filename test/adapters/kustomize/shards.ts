import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { linkedTree } from '../../../src/adapters/files/directory-tree.ts'
import { createTurns, turnsWithin } from '../../../src/adapters/kustomize/create-turns.ts'
import { kustomizeCli } from '../../../src/adapters/kustomize/kustomize-cli.ts'
import {
  shardedKustomize,
  type Sharding,
} from '../../../src/adapters/kustomize/sharded-kustomize.ts'
import { repositoryView } from '../../../src/core/kustomization/repository-view.ts'
import { planShards } from '../../../src/core/shard/plan-shards.ts'
import { RefusedError } from '../../../src/errors.ts'
import type { Kustomize, RenderWay, ToBuild } from '../../../src/operations/ports/kustomize.ts'
import { directoryWith } from '../../support/directory-with.ts'
import { kustomizeBinaries } from '../../support/kustomize-binaries.ts'
import '../../support/property-runs.ts'
import { shardDifference } from '../../support/shard-difference.ts'
import { shardTrees } from '../../support/shard-trees.ts'
import { clusterInstance, listing } from '../../support/memory-tree.ts'

const binaries = Object.entries(kustomizeBinaries).filter(([, file]) => file !== null)

t.test('a tree in shards gives the bytes and the failure of one build', async t => {
  const ways = new Map<string, number>()
  for (const [name, file] of binaries.slice(0, 2)) {
    const difference = shardDifference(String(file), ({ shards }) => {
      const way = shards === null ? 'as a whole' : 'in shards'
      ways.set(way, (ways.get(way) ?? 0) + 1)
    })
    await fc.assert(
      fc.asyncProperty(shardTrees, async files => {
        t.equal(await difference(files), null, name)
      }),
      { numRuns: process.env['SOWER_PROPERTY_RUNS'] === 'full' ? 60 : 8 },
    )
  }
  t.comment([...ways].map(([way, times]) => `${times} ${way}`).join(', '))
  t.ok((ways.get('in shards') ?? 0) > 0)
})

const configMap = (name: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`
const files = {
  'r/kustomization.yaml': listing('a.yaml', 'b.yaml', 'c.yaml', 'd'),
  'r/a.yaml': configMap('a'),
  'r/b.yaml': configMap('b'),
  'r/c.yaml': configMap('c'),
  'r/d/kustomization.yaml': `${listing('d.yaml')}namePrefix: p-\n`,
  'r/d/d.yaml': configMap('d'),
}

/** A kustomize that counts: of a shard it gives the texts beside the kustomization, of anything else `whole`. */
const counting = (whole: string, version = 'kustomize v5.5.0') => {
  const built: (ToBuild & { directory: string })[] = []
  let atOnce = 0
  let most = 0
  const kustomize: Kustomize = {
    build: async (directory, about = {}) => {
      built.push({ ...about, directory })
      atOnce += 1
      most = Math.max(most, atOnce)
      await new Promise(resolve => setImmediate(resolve))
      atOnce -= 1
      if (about.part === undefined) return whole
      const { readFileSync } = await import('node:fs')
      return readdirSync(directory)
        .filter(name => name !== 'kustomization.yaml')
        .map(name => readFileSync(join(directory, name), 'utf8'))
        .join('---\n')
    },
    version: () => Promise.resolve(version),
  }
  return { kustomize, built, most: () => most }
}
const cutting: NonNullable<Sharding['plan']> = (view, root) =>
  planShards(view, root, { fewest: 0, size: { least: 1, rarely: 1, most: 1 } })
const sharding = (more: Partial<Sharding> = {}): Sharding => ({
  ...{ mode: 'shards', turns: createTurns(turnsWithin(1)), cache: null, plan: cutting },
  ...{ renderer: () => 'kustomize' },
  ...more,
})

const scene = (
  t: Parameters<typeof directoryWith>[0],
  more: Readonly<Record<string, string>> = {},
) => {
  const directory = directoryWith(t, { ...files, ...more })
  const ways: RenderWay[] = []
  const about: ToBuild = {
    path: 'r',
    tree: repositoryView(linkedTree(directory)),
    told: way => ways.push(way),
  }
  return { directory, root: join(directory, 'r'), about, ways }
}

t.test('builds each shard once, two at a time, and keeps those that an edit leaves', async t => {
  const { root, about, ways, directory } = scene(t, {
    'r/kustomization.yaml': listing('a.yaml', 'b.yaml', 'c.yaml'),
  })
  const { kustomize, built, most } = counting('whole')
  const sharded = shardedKustomize(kustomize, sharding())
  const expected = ['a', 'b', 'c'].map(configMap).join('---\n')
  t.equal(await sharded.build(root, about), expected)
  t.strictSame(ways, [{ shards: 3, reason: null }])
  t.equal(most(), 2)
  t.match(built, [{ part: 1, objects: 3 }, { part: 1 }, { part: 1 }])
  writeFileSync(join(directory, 'r', 'kustomization.yaml'), listing('a.yaml', 'c.yaml'))
  const edited = { ...about, tree: repositoryView(linkedTree(directory)) }
  t.equal(await sharded.build(root, edited), ['a', 'c'].map(configMap).join('---\n'))
  t.equal(built.length, 3, 'nothing is built again')
})

t.test('builds as a whole where it is asked to, or not certain', async t => {
  const { root, about, ways, directory } = scene(t)
  const wholeWith = async (more: Partial<Sharding>, asked: ToBuild = about, version?: string) => {
    const { kustomize, built } = counting('whole', version)
    t.equal(await shardedKustomize(kustomize, sharding(more)).build(root, asked), 'whole')
    t.equal(built.at(-1)?.part, undefined)
    return ways.splice(0).at(-1)?.reason
  }
  t.match(await wholeWith({ mode: 'plain' }), /asked for$/)
  t.match(await wholeWith({}, { ...about, isProof: true }), /^a proof/)
  t.equal(await wholeWith({}, {}), undefined)
  t.match(await wholeWith({ plan: () => ({ shards: null, reason: 'so' }) }), /^so$/)
  t.match(await wholeWith({}, about, 'kustomize v4.5.7'), /none of the versions/)
  const unreadable = (): never => {
    throw new RefusedError('ENTRY_UNREADABLE', 'reading r/a.yaml: EACCES')
  }
  t.match(await wholeWith({ plan: unreadable }), /^reading r\/a\.yaml: EACCES$/)
  t.match(await wholeWith({}, { ...about, path: 'elsewhere/r' }), /followed$/)
  const again = scene(t, { 'r/b.yaml': configMap('a') })
  t.match(
    await wholeWith({}, { ...again.about, told: about.told ?? (() => undefined) }),
    /twice|could not/,
  )
  const moved = join(directory, 'link')
  symlinkSync(root, moved)
  const { kustomize } = counting('whole')
  t.equal(
    await shardedKustomize(kustomize, sharding()).build(moved, { ...about, path: 'link' }),
    'whole',
  )
})

t.test('a failing shard ends the others, and the failure is that of one build', async t => {
  const { root, about, ways } = scene(t)
  const failing: Kustomize = {
    ...counting('').kustomize,
    build: (_, { part }: ToBuild = {}) =>
      Promise.reject(new RefusedError('RENDER_FAILED', part === undefined ? 'whole' : 'shard')),
  }
  await t.rejects(shardedKustomize(failing, sharding()).build(root, about), { message: 'whole' })
  t.match(ways, [{ shards: null, reason: /^a shard could not be built: shard$/ }])
})

t.test('verify builds both ways, and stops where they differ', async t => {
  const { root, about, ways } = scene(t, { 'r/kustomization.yaml': listing('a.yaml', 'b.yaml') })
  const expected = ['a', 'b'].map(configMap).join('---\n')
  const same = counting(expected)
  const asked = { ...about, isProof: true }
  t.equal(
    await shardedKustomize(same.kustomize, sharding({ mode: 'verify' })).build(root, asked),
    expected,
  )
  t.equal(same.built.at(-1)?.part, undefined)
  t.match(ways, [{ shards: 2 }])
  await t.rejects(
    shardedKustomize(counting('other').kustomize, sharding({ mode: 'verify' })).build(root, about),
    { code: 'RENDER_DIFFERS', exitCode: 1 },
  )
})

t.test('a path that kustomize may read otherwise is not written into a shard', async t => {
  const top = join(directoryWith(t, {}), 'a?ref=b')
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(top, path)), { recursive: true })
    writeFileSync(join(top, path), text)
  }
  const { kustomize } = counting('whole')
  const ways: RenderWay[] = []
  const about = {
    path: 'r',
    tree: repositoryView(linkedTree(top)),
    told: (way: RenderWay) => ways.push(way),
  }
  t.equal(await shardedKustomize(kustomize, sharding()).build(join(top, 'r'), about), 'whole')
  t.match(ways, [{ reason: /characters that kustomize may read otherwise$/ }])
})

t.test('a fleet of real ClusterInstances is built in shards of the usual size', async t => {
  const names = Array.from({ length: 320 }, (_, index) => `sno${index}`)
  const { root, about, ways } = scene(t, {
    ...Object.fromEntries(names.map(name => [`r/${name}.yaml`, clusterInstance(name)])),
    'r/kustomization.yaml': listing(...names.map(name => `${name}.yaml`)),
  })
  const [[, file] = []] = binaries
  const plain = kustomizeCli(
    { configured: String(file), path: process.env['PATH'] ?? '', fallback: '' },
    { timeLimit: 600 },
  )
  const plan: Sharding['plan'] = (view, root) => planShards(view, root, { fewest: 300 })
  const sharded = shardedKustomize(plain, { ...sharding(), plan })
  t.equal(await sharded.build(root, about), await plain.build(root, { path: 'r' }))
  t.match(ways, [{ shards: Number, reason: null }])
})
