import './change/confirm-reattach.ts'
import './change/describe-leaving.ts'
import t from 'tap'
import { writeRecord } from '../../src/core/detach/seed-record.ts'
import { UnavailableError } from '../../src/errors.ts'
import { checkChange } from '../../src/operations/change/check-change.ts'
import { checkPullRequest } from '../../src/operations/change/check-pull-request.ts'
import { rootsOfChange } from '../../src/operations/change/roots-of-change.ts'
import { mayTouch, touchedRoots } from '../../src/operations/change/touched-roots.ts'
import { fakeRepository } from '../support/fake-repository.ts'
import { clusterInstance, listing, memoryTree } from '../support/memory-tree.ts'

const files = {
  'one/kustomization.yaml': listing('../c/a.yaml', '../c/b.yaml'),
  'two/kustomization.yaml': listing('../c/c.yaml'),
  'c/a.yaml': clusterInstance('sno1'),
  'c/b.yaml': clusterInstance('sno2'),
  'c/c.yaml': clusterInstance('sno3'),
}
type Files = Readonly<Record<string, string | null>>

/** What a change of these files does. */
const changed = async (changes: Files, before: Readonly<Record<string, string>> = files) => {
  const repository = fakeRepository(before)
  const base = await repository.port.checkout(repository.branches.get('main') ?? '')
  repository.write(
    ...(['main', 'Change'] as const),
    Object.entries(changes).map(([path, content]) => ({ path, content })),
  )
  const after = await repository.port.checkout(repository.branches.get('main') ?? '')
  const roots = ['one', 'two', 'three']
  return checkChange(repository.kustomize, { before: base, after, roots, directory: 'seeds' })
}

t.test('a cluster that moves from one root to another stays', async t => {
  const moved = {
    'one/kustomization.yaml': listing('../c/a.yaml'),
    'three/kustomization.yaml': listing('../c/b.yaml'),
  }
  t.strictSame(await changed(moved), [])
})

t.test('what leaves all roots leaves, with a root that is deleted, too', async t => {
  t.match(
    await changed({
      'two/kustomization.yaml': null,
      'one/kustomization.yaml': listing('../c/b.yaml'),
    }),
    [
      {
        cluster: 'sno1',
        change: 'leaves',
        announced: false,
        roots: ['one'],
        file: 'one/kustomization.yaml',
      },
      { cluster: 'sno3', change: 'leaves', announced: false, roots: ['two'], line: 2 },
    ],
  )
})

t.test('a record that cannot be read announces nothing', async t => {
  const broken = { 'seeds/sno3/record.yaml': 'x', 'two/kustomization.yaml': listing('../c/b.yaml') }
  t.match(await changed(broken), [{ cluster: 'sno3', announced: false }])
})

t.test('a cluster that is detached by its record and rendered is not announced', async t => {
  t.match(await changed({ 'seeds/sno1/record.yaml': 'x' }), [
    { cluster: 'sno1', change: 'comes-back', announced: false },
  ])
  t.strictSame(await changed({ 'notes.md': 'x' }, { ...files, 'seeds/sno1/record.yaml': 'x' }), [])
})

t.test('a root is touched by what lies below its kustomizations or what they list', async t => {
  const tree = memoryTree({
    'one/kustomization.yaml': listing('../base', '../c/a.yaml'),
    'base/kustomization.yaml': listing('b.yaml'),
    'base/b.yaml': clusterInstance('sno2'),
    'c/a.yaml': clusterInstance('sno1'),
    'broken/kustomization.yaml': listing('gone.yaml'),
    'helm/kustomization.yaml': 'helmGlobals:\n  chartHome: ../charts\nresources: []\n',
  })
  const asked = { roots: ['one'], directory: 'seeds' }
  for (const [path, isTouched] of [
    ['one/x.yaml', true],
    ['base/deep/patch.yaml', true],
    ['c/a.yaml', true],
    ['c/other.yaml', false],
    ['one.md', false],
    ['seeds/sno1/record.yaml', true],
    ['sower.yaml', true],
    ['docs/kustomization.yaml', false],
  ] as const)
    t.equal(touchedRoots(tree, [path], asked).length > 0, isTouched, path)
  t.ok(mayTouch(tree, ['docs/kustomization.yaml'], asked), 'it may be a new root')
  t.notOk(mayTouch(tree, ['docs/read.md'], asked))
  for (const root of ['broken', 'helm', 'none'])
    t.strictSame(touchedRoots(tree, ['x'], { ...asked, roots: [root] }), [root], root)
})

t.test('what is not touched is rendered only where a cluster may have moved there', async t => {
  const built: string[] = []
  const repository = fakeRepository({
    ...files,
    'three/kustomization.yaml': listing('../c/b.yaml'),
  })
  const kustomize = {
    build: (directory: string): Promise<string> => {
      built.push(directory.replace(/.*\//, ''))
      return repository.kustomize.build(directory)
    },
  }
  const before = await repository.port.checkout(repository.branches.get('main') ?? '')
  const checked = async (path: string, content: string) => {
    repository.write('main', 'Change', [{ path, content }])
    const after = await repository.port.checkout(repository.branches.get('main') ?? '')
    const roots = ['one', 'two', 'three']
    const asked = { before, after, roots, directory: 'seeds', changed: [path] }
    return [await checkChange(kustomize, asked), built.splice(0)]
  }
  t.strictSame(await checked('one/notes.txt', 'x'), [[], ['one', 'one']])
  // sno2 stays in the root three.
  t.strictSame(await checked('one/kustomization.yaml', listing('../c/a.yaml')), [
    [],
    ['one', 'one', 'two', 'three'],
  ])
})

/** A pull request with some files, checked as the bot does. */
const pulled = async (
  changes: Files,
  {
    main = files,
    isFork = false,
    confirmed = [],
  }: { main?: Record<string, string>; isFork?: boolean; confirmed?: readonly string[] } = {},
) => {
  const repository = fakeRepository(main)
  const base = repository.branches.get('main') ?? ''
  const headSha = repository.write(
    ...(['change', 'Change'] as const),
    Object.entries(changes).map(([path, content]) => ({ path, content })),
  )
  const built: string[] = []
  const kustomize = {
    build: (directory: string): Promise<string> => {
      built.push(directory)
      return repository.kustomize.build(directory)
    },
  }
  const change = { number: 7, branch: 'change', headSha, isFork }
  const found = await checkPullRequest(
    {
      ...{ repository: repository.port, kustomize },
      changes: { files: async () => Object.keys(changes) },
    },
    { base, change, isConfirmed: cluster => confirmed.includes(cluster) },
  )
  return { found, built: built.length }
}

t.test('a pull request that touches no root is green and costs no render', async t => {
  for (const isFork of [false, true])
    t.strictSame(await pulled({ 'docs/a.md': 'x' }, { isFork }), {
      found: { clusters: [] },
      built: 0,
    })
  const taken = { 'one/kustomization.yaml': listing('../c/b.yaml') }
  t.match((await pulled(taken)).found, { clusters: [{ cluster: 'sno1', announced: false }] })
  t.match(await pulled(taken, { isFork: true }), { found: { code: 'FORK_NOT_RENDERED' }, built: 0 })
})

t.test('a broken configuration can be repaired, and none can be broken', async t => {
  const valid = 'apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [sno1]\n'
  t.match((await pulled({ 'sower.yaml': 'x: 1' })).found, { code: 'CONFIGURATION_INVALID' })
  const broken = { ...files, 'sower.yaml': 'x: 1' }
  t.strictSame((await pulled({ 'sower.yaml': valid }, { main: broken })).found, { clusters: [] })
  // Whoever leaves a root out of sower.yaml hides no cluster.
  const named = { 'sower.yaml': `${valid}roots: [two]\n`, 'one/kustomization.yaml': listing() }
  t.match((await pulled(named)).found, { clusters: [{ cluster: 'sno1' }, { cluster: 'sno2' }] })
})

t.test('a cluster comes back only where its record and a person say so of this head', async t => {
  const record = (status: string): string =>
    writeRecord({
      ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRecord', cluster: 'sno4', image: null },
      ...{ status: status === 'detached' ? 'detached' : 'reattached', request: null },
      ...{ pullRequest: 1, mergedAs: null, detached: null, digest: null, finishedAt: null },
    })
  const main = {
    ...files,
    'c/d.yaml': clusterInstance('sno4'),
    'seeds/sno4/record.yaml': record('detached'),
  }
  const back = { 'two/kustomization.yaml': listing('../c/c.yaml', '../c/d.yaml') }
  const said = { ...back, 'seeds/sno4/record.yaml': record('reattached') }
  for (const [changes, confirmed, announced] of [
    [back, [], false],
    [back, ['sno4'], false],
    [said, [], false],
    [said, ['sno3'], false],
    [said, ['sno4'], true],
  ] as const)
    t.match((await pulled(changes, { main, confirmed })).found, {
      clusters: [{ cluster: 'sno4', change: 'comes-back', announced }],
    })
})

t.test('two commits that conflict are refused, and no answer is thrown', async t => {
  const repository = fakeRepository(files)
  const base = repository.branches.get('main') ?? ''
  const change = { number: 7, branch: 'change', headSha: base, isFork: false }
  const checking = {
    ...{ kustomize: repository.kustomize, changes: { files: async () => null } },
    repository: { ...repository.port, mergedPaths: async () => undefined },
  }
  const isConfirmed = () => false
  const asked = { base, change, isConfirmed }
  t.match(await checkPullRequest(checking, asked), { code: 'MERGE_CONFLICT' })
  // More files than GitHub lists may be any.
  const ofFork = { ...asked, change: { ...change, isFork: true } }
  t.match(await checkPullRequest(checking, ofFork), { code: 'FORK_NOT_RENDERED' })
  const silent = {
    ...checking,
    repository: {
      ...repository.port,
      mergedPaths: async () => Promise.reject(new UnavailableError('GIT_FAILED', 'no answer')),
    },
  }
  await t.rejects(checkPullRequest(silent, asked), { code: 'GIT_FAILED' })
})

t.test('roots and the place of records are those of the directory of sower.yaml', async t => {
  const at = (sower: string) => ({
    ...{ sha: 'a', onDisk: async (root: string) => `/${root}` },
    tree: memoryTree({ 'site/sower.yaml': sower, 'site/x/kustomization.yaml': listing() }),
  })
  const valid = 'apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [sno1]\n'
  const sides = { before: at(`${valid}directory: s\n`), after: at(`${valid}roots: [y]\n`) }
  t.strictSame(rootsOfChange({ ...sides, base: 'site' }), {
    ...{ roots: ['site/x', 'site/y'], directory: 'site/s' },
  })
})
