import t from 'tap'
import { staticDifference } from '../../src/core/proof/static-difference.ts'
import { InputError, RefusedError, type ErrorCode } from '../../src/errors.ts'
import type { ToBuild } from '../../src/operations/ports/kustomize.ts'
import type { Checkout } from '../../src/operations/ports/repository.ts'
import { createProver, type ToProve } from '../../src/operations/create-prover.ts'
import { affectedBy } from '../../src/core/proof/affected-by.ts'
import {
  clusterInstance,
  listing,
  memoryTree,
  siteConfig,
  type Files,
} from '../support/memory-tree.ts'

const configMap = (name: string, value = 'a'): string =>
  `apiVersion: v1\ndata:\n  key: ${value}\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: site\n`
const render = (...objects: readonly string[]): string => objects.join('---\n')
const identity = (cluster: string): string =>
  `siteconfig.open-cluster-management.io/ClusterInstance/${cluster}/${cluster}`

const main = 'site/kustomization.yaml'
const listingAll = `${listing('b.yaml', 'sno1.yaml', 'sub')}generators: [sites.yaml]\npatches:\n  - path: p.yaml\n`
const site: Files = {
  [main]: listingAll,
  'site/b.yaml': configMap('b'),
  'site/sno1.yaml': clusterInstance('sno1'),
  'site/sites.yaml': siteConfig('sno2'),
  'site/p.yaml': configMap('b'),
  'site/more.yaml': render(configMap('c'), configMap('d')),
  'site/sub/kustomization.yaml': `${listing('a.yaml')}configMapGenerator:\n  - {name: x, files: [k=f]}\n`,
  'site/sub/a.yaml': configMap('a'),
  'site/sub/f': 'f',
}
const nothingStatic = {
  ...{ removed: [], removedClusters: [], added: [], changed: [], orderKept: true, left: 5 },
  ...{ owned: [], prunedTooEarly: [] },
}

t.test('compares the files of a root where nothing can be rendered', t => {
  const oneList = `apiVersion: v1\nkind: List\nitems:\n  - ${configMap('l').replaceAll('\n', '\n    ')}\n`
  const outside = { [main]: `${listingAll}patchesStrategicMerge: [../../p.yaml]\n` }
  const cases: readonly (readonly [string, Files, object, Files?])[] = [
    ['nothing', {}, {}],
    ['what is listed nowhere', { 'site/more.yaml': 'other', 'seeds/record.yaml': 'new' }, {}],
    [
      'a file that leaves',
      { [main]: listingAll.replace('  - sno1.yaml\n', '') },
      { removed: [identity('sno1')], removedClusters: ['sno1'], left: 4 },
    ],
    [
      'a site that leaves its list empty',
      { [main]: listingAll.replace('[sites.yaml]', '[]') },
      {
        removed: ['ran.openshift.io/SiteConfig/site-1/site-1'],
        removedClusters: ['sno2'],
        left: 4,
      },
    ],
    [
      'a file with several objects that leaves',
      {},
      {
        removed: ['/ConfigMap/site/c', '/ConfigMap/site/d'],
        prunedTooEarly: ['/ConfigMap/site/c', '/ConfigMap/site/d'],
      },
      { [main]: `${listing('more.yaml')}${listingAll.slice(11)}` },
    ],
    [
      'a list of objects that leaves',
      {},
      { removed: ['/ConfigMap/site/l'], prunedTooEarly: ['/ConfigMap/site/l'] },
      { [main]: `${listing('l.yaml')}${listingAll.slice(11)}`, 'site/l.yaml': oneList },
    ],
    [
      'a file with something else that leaves',
      {},
      {
        removed: ['/ConfigMap/site/l'],
        ...{ prunedTooEarly: ['/ConfigMap/site/l'], changed: ['site/l.yaml'] },
      },
      {
        [main]: `${listing('l.yaml')}${listingAll.slice(11)}`,
        'site/l.yaml': render(configMap('l'), 'just: this\n'),
      },
    ],
    [
      'an unreadable file that leaves',
      {},
      { changed: ['site/l.yaml'] },
      { [main]: `${listing('l.yaml')}${listingAll.slice(11)}`, 'site/l.yaml': 'a: *nowhere\n' },
    ],
    [
      'a file that comes',
      { [main]: `${listing('more.yaml')}${listingAll.slice(11)}` },
      { added: ['site/more.yaml'], left: 7 },
    ],
    ['a file that changes', { 'site/b.yaml': configMap('b', 'c') }, { changed: ['site/b.yaml'] }],
    ['a field that changes', { [main]: `${listingAll}namespace: x\n` }, { changed: [main] }],
    ['a patch that is outside', outside, {}, outside],
    ['a comment that changes', { [main]: `${listingAll}# x\n` }, {}],
    ['a patch that changes', { 'site/p.yaml': '' }, { changed: [main] }],
    [
      "a generator's file that changes",
      { 'site/sub/f': 'g' },
      { changed: ['site/sub/kustomization.yaml'] },
    ],
    [
      'another order',
      { [main]: listingAll.replace('b.yaml', 'sub').replace(/sub\ng/, 'b.yaml\ng') },
      { orderKept: false },
    ],
    [
      'a kustomization that comes, with a generator only',
      {
        [main]: listingAll.replace('  - sub', '  - sub\n  - new'),
        'site/new/kustomization.yaml': 'configMapGenerator: [{name: y}]\n',
      },
      { changed: ['site/new/kustomization.yaml'], left: 6 },
    ],
    [
      'a kustomization that leaves',
      { [main]: listingAll.replace('  - sub\n', '') },
      {
        removed: ['/ConfigMap/site/a'],
        ...{
          prunedTooEarly: ['/ConfigMap/site/a'],
          changed: ['site/sub/kustomization.yaml'],
          left: 3,
        },
      },
    ],
  ]
  for (const [what, after, wanted, before = {}] of cases) {
    const old = { ...site, ...before }
    const trees = { before: memoryTree(old), after: memoryTree({ ...site, ...after }) }
    t.strictSame(staticDifference(trees, 'site'), { ...nothingStatic, ...wanted }, what)
  }
  t.throws(
    () => staticDifference({ before: memoryTree(site), after: memoryTree({}) }, 'site'),
    { name: 'RefusedError', code: 'KUSTOMIZATION_MISSING' },
    'a root that cannot be followed',
  )
  t.end()
})

const failing = (code: ErrorCode): RefusedError => new RefusedError(code, `rendering: ${code}`)
const before: Files = {
  [main]: listing('sno1.yaml', 'b.yaml'),
  'site/sno1.yaml': clusterInstance('sno1'),
  'site/b.yaml': configMap('b'),
  'other/kustomization.yaml': listing('c.yaml'),
  'other/c.yaml': configMap('c'),
}
const after: Files = { ...before, [main]: listing('b.yaml') }
const all = render(clusterInstance('sno1'), configMap('b'))

type Renders = Readonly<Record<string, string | Error>>
const usual: Renders = {
  '/old/site': all,
  '/new/site': configMap('b'),
  '/old/other': configMap('c'),
  '/new/other': configMap('c'),
}
const world = (
  renders: Renders = {},
  trees: Readonly<{ old?: Files; now?: Files }> = {},
  options: Parameters<typeof createProver>[1] = {},
) => {
  const built: (readonly [string, ToBuild | undefined])[] = []
  const checkout = (sha: string, files: Files): Checkout => ({
    ...{ sha, onDisk: async root => `/${sha}/${root}`, tree: memoryTree(files) },
  })
  const prove = createProver(
    {
      build: async (directory: string, about?: ToBuild) => {
        built.push([directory, about])
        const result = { ...usual, ...renders }[directory]
        if (typeof result === 'string') return result
        throw result ?? new Error(`nobody builds ${directory}`)
      },
      version: async () => 'kustomize v5',
    },
    options,
  )
  const request: ToProve = {
    before: checkout('old', trees.old ?? before),
    after: checkout('new', trees.now ?? after),
    roots: ['site', 'other'],
    expected: { cluster: 'sno1', object: true, companions: false },
    acceptStatic: false,
  }
  return {
    built,
    prove: (change: Partial<ToProve> = {}) => prove({ ...request, ...change }),
  }
}

t.test('renders each root before and after, once, and says what leaves', async t => {
  const { built, prove } = world()
  const proof = await prove()
  t.match(proof, { refusal: null, isStatic: false, kustomize: 'kustomize v5' })
  t.strictSame(proof.roots, [
    {
      ...{ path: 'site', isStatic: false, removed: [identity('sno1')], removedClusters: ['sno1'] },
      ...{ added: [], changed: [], orderKept: true, left: 1, owned: [], prunedTooEarly: [] },
    },
    {
      ...{ path: 'other', isStatic: false, removed: [], removedClusters: [] },
      ...{ added: [], changed: [], orderKept: true, left: 1, owned: [], prunedTooEarly: [] },
    },
  ])
  t.match(built, [
    ['/old/site', { path: 'site', objects: 2 }],
    ['/new/site', { path: 'site', objects: 1 }],
    ['/old/other', { path: 'other', objects: 1 }],
    ['/new/other', { path: 'other', objects: 1 }],
  ])
  t.equal(await prove(), proof)
  t.equal(built.length, 4, 'the same is not proven again')
  const companions = { cluster: 'sno1', object: false, companions: true }
  t.match(await prove({ expected: companions, roots: ['site'] }), { refusal: /also lose/ })
  t.equal(built.length, 6, 'something else is')
  t.strictSame(affectedBy(proof), { paths: ['site'], left: 1 })
  t.strictSame(affectedBy({ roots: [] }), { paths: [], left: null })
  const twice = proof.roots.map(root => ({ ...root, removed: ['x'] }))
  t.strictSame(affectedBy({ roots: [{ ...twice[0]!, left: 3 }, twice[1]!] }).left, 1, 'the least')
})

t.test('renders nothing before all that kustomize would load is known to be safe', async t => {
  const unsafe: readonly (readonly [string, Files, ErrorCode])[] = [
    ['an entry', { 'other/kustomization.yaml': listing('../../x') }, 'ENTRY_OUTSIDE'],
    ['a patch', { 'other/kustomization.yaml': 'patches: [{path: /etc/x}]\n' }, 'ENTRY_OUTSIDE'],
    ['a missing root', { 'other/kustomization.yaml': listing('gone.yaml') }, 'ENTRY_MISSING'],
    ['a URL', { 'other/kustomization.yaml': listing('https://example.com/x') }, 'ENTRY_REMOTE'],
  ]
  for (const [what, files, code] of unsafe)
    for (const side of ['old', 'now'] as const) {
      const tree = { ...(side === 'old' ? before : after), ...files }
      const { built, prove } = world({}, { [side]: tree })
      await t.rejects(prove(), { name: 'RefusedError', code }, `${what}, ${side}`)
      t.strictSame(built, [])
    }
})

t.test('says why a root cannot be built', async t => {
  const [plugin, other] = [failing('RENDER_NEEDS_PLUGIN'), failing('RENDER_FAILED')]
  const [empty, missing] = [
    failing('RENDER_EMPTY_LIST'),
    new InputError('KUSTOMIZE_MISSING', 'there is none'),
  ]
  const cases: readonly (readonly [string, Error | string, Error | string, ErrorCode])[] = [
    ['before', other, '', 'RENDER_FAILED'],
    ['after', all, other, 'RENDER_FAILED'],
    ['before and after, the older reason', empty, other, 'RENDER_EMPTY_LIST'],
    ['after, where a plugin is needed before', plugin, other, 'RENDER_FAILED'],
    ['before, where a plugin is needed after', other, plugin, 'RENDER_FAILED'],
    ['without kustomize', missing, missing, 'KUSTOMIZE_MISSING'],
    ['a list that was empty before something leaves', empty, '', 'RENDER_EMPTY_LIST'],
    ['a list that becomes empty', all, empty, 'RENDER_EMPTY_LIST'],
  ]
  for (const [what, old, now, code] of cases) {
    const { prove } = world({ '/old/site': old, '/new/site': now })
    await t.rejects(prove({ acceptStatic: true }), { code }, what)
  }
})

t.test('a list that was null and is only repaired needs no render before', async t => {
  const expected = { cluster: 'sno1', object: false, companions: false }
  const empty = failing('RENDER_EMPTY_LIST')
  const repaired = world({ '/old/site': empty })
  t.match(await repaired.prove({ expected }), { refusal: null, isStatic: false })
  t.strictSame(affectedBy(await repaired.prove({ expected })).paths, [])
  const now = { '/old/site': empty, '/new/site': failing('RENDER_NEEDS_PLUGIN') }
  const plugin = world(now, { now: before })
  await t.rejects(plugin.prove({ expected }), { code: 'PROOF_STATIC' })
  const still = world({ '/old/site': empty, '/new/site': empty })
  await t.rejects(still.prove({ expected }), { code: 'RENDER_EMPTY_LIST' })
  const companions = { ...expected, companions: true }
  await t.rejects(repaired.prove({ expected: companions }), { code: 'RENDER_EMPTY_LIST' })
})

t.test('a proof by files is one only where that is accepted', async t => {
  const plugin = failing('RENDER_NEEDS_PLUGIN')
  const sides: readonly Renders[] = [
    { '/old/site': plugin, '/new/site': plugin },
    { '/old/site': plugin },
    { '/new/site': plugin },
  ]
  for (const renders of sides) {
    await t.rejects(world(renders).prove(), {
      name: 'RefusedError',
      code: 'PROOF_STATIC',
      message: /^proving the edit for sno1: site needs a kustomize plugin that is not here/,
      fix: /--accept-static-proof, or `acceptStaticProof: true`/,
    })
    const { refusal, isStatic, roots } = await world(renders).prove({ acceptStatic: true })
    t.strictSame([refusal, isStatic], [null, true])
    t.strictSame(
      roots.map(root => [root.path, root.isStatic, root.removed]),
      [
        ['site', true, [identity('sno1')]],
        ['other', false, []],
      ],
    )
  }
  // What the files say already is refused whatever is accepted.
  const now = { ...after, 'site/b.yaml': configMap('b', 'c') }
  for (const acceptStatic of [true, false])
    t.match(await world(sides[0], { now }).prove({ acceptStatic }), {
      refusal: 'site would render otherwise: site/b.yaml',
      isStatic: true,
    })
})

t.test('asks for renders in one build each where a bot commits on the proof', async t => {
  for (const isPlain of [true, false]) {
    const { built, prove } = world({}, {}, { isPlain })
    await prove()
    t.match(built, [
      ['/old/site', { isProof: isPlain, tree: { walk: Function } }],
      ['/new/site', { isProof: isPlain }],
      ['/old/other', {}],
      ['/new/other', {}],
    ])
  }
})
