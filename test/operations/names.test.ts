import t from 'tap'
import { RefusedError } from '../../src/errors.ts'
import { createProver } from '../../src/operations/create-prover.ts'
import { cannotTell } from '../../src/operations/names/cannot-tell.ts'
import { confirmGone } from '../../src/operations/names/confirm-gone.ts'
import { createNamer } from '../../src/operations/names/create-namer.ts'
import { findListed } from '../../src/operations/names/find-listed.ts'
import { isListed } from '../../src/operations/names/is-listed.ts'
import { keepRenders } from '../../src/operations/names/keep-renders.ts'
import { planAt } from '../../src/operations/names/plan-at.ts'
import { planByRender } from '../../src/operations/names/plan-by-render.ts'
import type { ClusterObject } from '../../src/core/cluster/clusters-in.ts'
import { liveEntries } from '../../src/core/cluster/find-cluster.ts'
import { fakeRepository } from '../support/fake-repository.ts'
import { fakeWorld } from '../support/fake-world.ts'
import { readBase } from '../../src/operations/read-base.ts'
import { clusterInstance, listing, siteConfig } from '../support/memory-tree.ts'

const overlay = (name: string, ...more: readonly string[]): string =>
  `${listing('../base', ...more)}patches:\n- patch: '[{path: /metadata/name, value: ${name}}, {path: /metadata/namespace, value: ${name}}, {path: /spec/clusterName, value: ${name}}]'\n  target: {kind: ClusterInstance}\n`
const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: sno1\n'
const overlays = {
  'clusters/kustomization.yaml': listing('../two', '../one'),
  'one/kustomization.yaml': overlay('sno1'),
  'two/kustomization.yaml': overlay('sno2'),
  'base/kustomization.yaml': listing('ci.yaml'),
  'base/ci.yaml': clusterInstance('placeholder'),
}
const clusterObject: ClusterObject = {
  ...{ kind: 'ClusterInstance', name: 'sno1', objectName: 'sno1', namespace: 'sno1' },
  ...{ companions: [], imageSet: '' },
}
type Files = Readonly<Record<string, string>>
type Change = Readonly<{ roots?: readonly string[]; fails?: (directory: string) => boolean }>

/** A repository in memory, what plans in it, and which directories were rendered. */
const scene = async (files: Files, { roots = ['clusters'], fails = () => false }: Change = {}) => {
  const { port, kustomize, branches } = fakeRepository(files)
  const built: string[] = []
  const kept = keepRenders({
    ...kustomize,
    build: async (directory, about) => {
      built.push(directory)
      if (fails(directory)) throw new RefusedError('RENDER_FAILED', 'it does not build')
      return kustomize.build(directory, about)
    },
  })
  const preparing = { repository: port, prove: createProver(kept), namer: createNamer(kept) }
  const checkout = await port.checkout(branches.get('main')!)
  const request = { cluster: 'sno1', roots, mode: 'comment', acceptStatic: false } as const
  const { tree } = checkout
  return {
    ...{ built, preparing, checkout, request },
    plan: () => planAt(preparing, checkout, request),
    listed: () =>
      findListed(preparing.namer, checkout, { ...request, found: liveEntries(tree, request) }),
  }
}
const entryOf = async (files: Files, change?: Change): Promise<string> => {
  const { found } = await (await scene(files, change)).plan()
  return `${found.entry.value} of ${found.kustomization.path}`
}

t.test('takes out the entry whose removal takes exactly the cluster out', async t => {
  const { plan, built } = await scene(overlays)
  const { found, edit } = await plan()
  t.match(edit, { path: 'clusters/kustomization.yaml', line: 3, style: 'hash-dash' })
  t.match(found, { source: 'base/ci.yaml', object: { name: 'sno1', objectName: 'sno1' } })
  t.equal(built.length, 2, 'once before and once after')
  const cases: readonly (readonly [string, string, Files, Change?])[] = [
    [
      'companions stay',
      '../base of one/kustomization.yaml',
      { 'one/kustomization.yaml': overlay('sno1', 'ns.yaml'), 'one/ns.yaml': namespace },
    ],
    ['a root of its own', '../base of one/kustomization.yaml', {}, { roots: ['one', 'two'] }],
    [
      'a group',
      '../one of group/kustomization.yaml',
      {
        'clusters/kustomization.yaml': listing('../group'),
        'group/kustomization.yaml': listing('../two', '../one'),
      },
    ],
    [
      'two roots with entries of their own',
      '../base of one/kustomization.yaml',
      { 'hub/kustomization.yaml': listing('../one') },
      { roots: ['clusters', 'hub'] },
    ],
    [
      'a base that has the name of a site',
      '../one of clusters/kustomization.yaml',
      { 'base/ci.yaml': clusterInstance('sno1'), 'one/kustomization.yaml': listing('../base') },
    ],
    [
      'a patch that keeps it out of one overlay only',
      '../one of clusters/kustomization.yaml',
      {
        'clusters/kustomization.yaml': listing('../one', '../two'),
        'one/kustomization.yaml': listing('../base'),
        'two/kustomization.yaml': `${listing('../base')}patches: [{path: d.yaml}, {patch: '[{path: /spec/clusterName, value: sno2}]'}]\n`,
        'two/d.yaml': `$patch: delete\n${clusterInstance('sno1')}`,
        'base/ci.yaml': clusterInstance('sno1'),
      },
    ],
    [
      'a file that names it',
      'sno1.yaml of clusters/kustomization.yaml',
      {
        'clusters/kustomization.yaml': `${listing('sno1.yaml', '../two')}patches: [{patch: '[]'}]\n`,
        'clusters/sno1.yaml': clusterInstance('sno1'),
      },
    ],
    [
      'a SiteConfig',
      's.yaml of clusters/kustomization.yaml',
      {
        'clusters/kustomization.yaml': `${listing('s.yaml', '../two')}patches: [{patch: '[]'}]\n`,
        'clusters/s.yaml': siteConfig('sno1'),
      },
    ],
  ]
  for (const [what, wanted, files, change] of cases)
    t.equal(await entryOf({ ...overlays, ...files }, change), wanted, what)
})

t.test('says why no entry takes exactly the cluster out', async t => {
  const shared = {
    ...overlays,
    'one/kustomization.yaml': overlay('sno1').replace('../base', 'all.yaml'),
    'one/all.yaml': `${clusterInstance('placeholder')}---\n${namespace}`,
  }
  await t.rejects(entryOf(shared), {
    ...{ name: 'RefusedError', code: 'NAME_RENDERED', fix: /a file of its own/ },
    message:
      /^looking for cluster sno1: clusters would lose it .* without \.\.\/one \(clusters\/kustomization\.yaml:3\) clusters would also lose Namespace\/sno1$/,
  })
  const alone = { ...shared, 'one/all.yaml': `${clusterInstance('sno1')}---\n${namespace}` }
  await t.rejects(entryOf(alone), { code: 'COMPANIONS_LEAVE' })
  const apart = {
    ...overlays,
    'hub/kustomization.yaml': listing('sno1.yaml'),
    'hub/sno1.yaml': clusterInstance('sno1'),
  }
  await t.rejects(entryOf(apart, { roots: ['clusters', 'hub'] }), {
    code: 'PROOF_REFUSED',
    message: /clusters, hub would lose it .* hub would still render it$/,
  })
  const many = Array.from({ length: 31 }, (_, at) => `../x${at}`)
  const wide = {
    ...overlays,
    'clusters/kustomization.yaml': `${listing(...many, '../one')}vars: [{name: A}]\n`,
    'one/kustomization.yaml': overlay('sno1', '../base/../one/ns.yaml'),
    'one/ns.yaml': namespace,
    ...Object.fromEntries(
      many.map((path, at) => [`${path.slice(3)}/kustomization.yaml`, overlay(`sno1-${at}`)]),
    ),
  }
  t.equal(await entryOf(wide), '../base of one/kustomization.yaml', 'those with the name first')
  const { preparing, checkout, request } = await scene(wide)
  const object = { ...clusterObject, name: 'sno99' }
  await t.rejects(
    planByRender(preparing, checkout, {
      request: { ...request, cluster: 'sno99' },
      first: { root: 'clusters', object },
      ...{ holding: ['clusters'], written: null },
    }),
    { code: 'NAME_RENDERED', message: /and Sower tried 30 entries only$/ },
  )
  await t.rejects(
    planByRender(preparing, checkout, {
      ...{ request, holding: ['gone'], written: null },
      first: { root: 'gone', object: clusterObject },
    }),
    { code: 'NAME_RENDERED', message: /and no entry was found that brings it$/ },
  )
})
t.test('renders nothing where files tell', async t => {
  const plain = {
    'clusters/kustomization.yaml': listing('sno1.yaml'),
    'clusters/sno1.yaml': clusterInstance('sno1'),
  }
  const { plan, listed, built } = await scene(plain)
  t.match((await plan()).found, { entry: { value: 'sno1.yaml' } })
  t.match(await listed(), { path: 'clusters/kustomization.yaml', entry: { line: 2 } })
  t.strictSame(built, [])
  await t.rejects(entryOf({ 'clusters/kustomization.yaml': listing() }), {
    code: 'CLUSTER_NOT_FOUND',
  })
})

t.test('a cluster is listed where a render holds it, whatever the files call it', async t => {
  const of = async (files: Files, change?: Change) => (await scene(files, change)).listed()
  t.strictSame(await of(overlays), { path: 'clusters/kustomization.yaml', entry: null })
  const detached = { ...overlays, 'clusters/kustomization.yaml': listing('../two') }
  t.equal(await of(detached), null)
  const site = { ...detached, 'base/ci.yaml': clusterInstance('sno1') }
  t.equal(await of(site), null, 'the base has its name, and is rendered by another one')
  await t.rejects(entryOf(site), {
    code: 'CLUSTER_NOT_FOUND',
    message: /base\/ci\.yaml names it, but no root renders it by that name$/,
  })
  const patched = {
    ...overlays,
    'one/kustomization.yaml': listing('../base'),
    'base/ci.yaml': clusterInstance('sno1'),
  }
  t.match(await of(patched), { path: 'base/kustomization.yaml', entry: { value: 'ci.yaml' } })
})

t.test('what cannot be rendered may hold the cluster', async t => {
  const fails = (): boolean => true
  const why =
    /^looking for cluster sno1: it was not found elsewhere, and this .*: it does not build$/
  const broken = await scene(overlays, { fails })
  await t.rejects(broken.listed(), { code: 'RENDER_FAILED', message: why })
  await t.rejects(broken.plan(), { code: 'RENDER_FAILED', message: why })
  const named = { ...overlays, 'base/ci.yaml': clusterInstance('sno1') }
  const unsure = await scene(named, { fails })
  t.match(await unsure.listed(), { entry: { value: 'ci.yaml' } })
  t.match((await unsure.plan()).found, { entry: { value: 'ci.yaml' } })
  const remote = { ...overlays, 'clusters/kustomization.yaml': listing('../one', 'https://a.b/c') }
  const { listed, built } = await scene(remote)
  await t.rejects(listed(), { code: 'ENTRY_REMOTE' })
  t.strictSame(built, [])
  const mistake = await scene(overlays, {
    fails: () => {
      throw new TypeError('a mistake')
    },
  })
  await t.rejects(mistake.listed(), { name: 'TypeError' })
  await t.rejects(mistake.plan(), { name: 'TypeError' })
  const roots = Array.from({ length: 31 }, (_, at) => `r${at}`)
  const wide = Object.fromEntries(
    roots.map(root => [`${root}/kustomization.yaml`, `${listing('../two')}vars: [{name: A}]\n`]),
  )
  await t.rejects(entryOf({ ...overlays, ...wide }, { roots }), {
    code: 'NAME_RENDERED',
    message: /31 roots may name it by a patch or the like, and only 30 are rendered/,
  })
})

t.test(
  'a chart that names the cluster is the reason, not the render that cannot be had',
  async t => {
    const chart = {
      'clusters/kustomization.yaml': `${listing('../other')}helmGlobals: {chartHome: .}\nhelmCharts: [{name: c}]\n`,
      'other/kustomization.yaml': 'resources: []\n',
      'clusters/c/Chart.yaml': 'name: c\n',
      'clusters/c/templates/a.yaml': clusterInstance('sno1'),
    }
    const { listed, plan, checkout } = await scene(chart, { fails: () => true })
    await t.rejects(listed(), { code: 'HELM_RENDERED', message: /clusters\/c\/templates\/a\.yaml/ })
    await t.rejects(plan(), { code: 'HELM_RENDERED' })
    const error = new RefusedError('RENDER_FAILED', 'no')
    t.match(cannotTell(checkout, 'sno2', { root: 'clusters', error }), {
      code: 'RENDER_FAILED',
      message: /clusters\/kustomization\.yaml:\d+ \(helmCharts: c\) cannot be followed: no$/,
    })
  },
)

t.test('an entry that breaks the build leads to those below it', async t => {
  const files = { ...overlays, 'one/kustomization.yaml': overlay('sno1') }
  const before = (await scene(files)).checkout.sha
  let count = 0
  const fails = (directory: string): boolean => !directory.includes(before) && count++ === 0
  t.equal(await entryOf(files, { fails }), '../base of one/kustomization.yaml')
  const mistake = (directory: string): boolean => {
    if (directory.includes(before)) return false
    throw new TypeError('a mistake')
  }
  await t.rejects(entryOf(files, { fails: mistake }), { name: 'TypeError' })
})

t.test('a cluster is listed by its name in a file or by what a root renders', async t => {
  const world = fakeWorld()
  const context = world.start()
  const { checkout, config } = await readBase(context)
  for (const [cluster, wanted] of [
    ['sno1', true],
    ['absent', false],
  ] as const)
    t.equal(await isListed(context, checkout, { config, cluster }), wanted)
})

t.test('no cluster is called detached while another live entry may bring it', async t => {
  const out = {
    'site/kustomization.yaml': 'resources:\n#- a.yaml\n- b.yaml\n',
    'site/a.yaml': clusterInstance('sno1'),
    'site/b.yaml': clusterInstance('sno2'),
    'other/kustomization.yaml': 'resources: []\n',
  }
  const roots = ['site', 'other']
  const confirm = async (files: Files, code: 'RENDER_NEEDS_PLUGIN' | 'RENDER_FAILED' | null) => {
    const { preparing, checkout } = await scene({ ...out, ...files }, { roots })
    return confirmGone(
      async (asked, about) =>
        code === null
          ? preparing.namer(asked, about)
          : {
              rendering: [],
              unknown: about.roots.map(root => ({ root, error: new RefusedError(code, 'no') })),
            },
      checkout,
      { cluster: 'sno1', roots, file: 'site/kustomization.yaml' },
    )
  }
  t.strictSame(await confirm({}, null), [])
  t.match(await confirm({}, 'RENDER_NEEDS_PLUGIN'), [{ root: 'site' }])
  const list = out['site/kustomization.yaml']
  const twice = 'resources: []\nresources:\n- ../site/a.yaml\n'
  const cases: readonly (readonly [Files, Parameters<typeof confirm>[1], string, RegExp])[] = [
    [
      { 'site/kustomization.yaml': `${list}helmCharts: [{name: c}]\n` },
      ...(['RENDER_NEEDS_PLUGIN', 'RENDER_NEEDS_PLUGIN'] as const),
      /its entry is taken out in site\/kustomization\.yaml, but site\/kustomization\.yaml:4 \(helmCharts: c\) in site may bring it, and only that render tells: no$/,
    ],
    [
      { 'other/kustomization.yaml': 'generators: [g.yaml]\n', 'other/g.yaml': '' },
      ...(['RENDER_NEEDS_PLUGIN', 'RENDER_NEEDS_PLUGIN'] as const),
      /other\/kustomization\.yaml:1 \(generators\[0\]: g\.yaml\) in other may bring it/,
    ],
    [{}, 'RENDER_FAILED', 'RENDER_FAILED', /a render of site may hold it, and only that/],
    [
      { 'other/kustomization.yaml': listing('https://a.b/c') },
      ...([null, 'ENTRY_REMOTE'] as const),
      /this cannot be followed: reading other\/kustomization\.yaml:2/,
    ],
    [
      { 'other/kustomization.yaml': twice },
      ...([null, 'KUSTOMIZATION_UNREADABLE'] as const),
      /other\/kustomization\.yaml names it or lists it, and Sower cannot read that/,
    ],
    [
      {
        'other/kustomization.yaml': `${listing('b.yaml')}patches: [{patch: '[{path: /spec/clusterName, value: sno1}]'}]\n`,
        'other/b.yaml': clusterInstance('sno2'),
      },
      ...([null, 'NAME_RENDERED'] as const),
      /the render of other still holds it, as ClusterInstance sno2\/sno2$/,
    ],
  ]
  for (const [files, error, code, message] of cases)
    await t.rejects(confirm(files, error), { name: 'RefusedError', code, message, fix: /\w/ })
  // So for the command line and for the bot, which both plan.
  const { plan } = await scene(out, { roots })
  await t.rejects(plan(), { code: 'ALREADY_DETACHED' })
  const unsure = await scene(out, { roots, fails: () => true })
  await t.rejects(unsure.plan(), { code: 'RENDER_FAILED', message: /may hold it, and only that/ })
})
