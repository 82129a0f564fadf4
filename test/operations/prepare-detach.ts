import t from 'tap'
import { readConfiguration } from '../../src/core/settings/configuration.ts'
import { writeInventory } from '../../src/core/detach/inventory.ts'
import { readRecord } from '../../src/core/detach/seed-record.ts'
import { createDetachCommits } from '../../src/operations/create-detach-commits.ts'
import { prepareDetach } from '../../src/operations/prepare-detach.ts'
import { createNamer } from '../../src/operations/names/create-namer.ts'
import { createProver } from '../../src/operations/create-prover.ts'
import { refuseUnlessSeed } from '../../src/core/settings/refuse-unless-seed.ts'
import { planRestore } from '../../src/core/detach/plan-restore.ts'
import { fakeRepository } from '../support/fake-repository.ts'
import { clusterInstance, listing, siteConfig } from '../support/memory-tree.ts'

const configMap = (name: string): string =>
  `apiVersion: v1\ndata:\n  key: a\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: site\n`
const identity = (cluster: string): string =>
  `siteconfig.open-cluster-management.io/ClusterInstance/${cluster}/${cluster}`
const main = 'site/kustomization.yaml'
const listed = `${listing('sno1.yaml', 'sno2.yaml')}patches:\n  - path: p.yaml\n`

/** A branch `ask` on a base that lists two clusters, and the detach of sno1 on it. */
const preparing = (changes: Readonly<Record<string, string>>, sno1 = clusterInstance('sno1')) => {
  const repository = fakeRepository({
    [main]: listed,
    'site/sno1.yaml': sno1,
    'site/sno2.yaml': clusterInstance('sno2'),
    'site/p.yaml': clusterInstance('sno1'),
  })
  repository.write(
    'ask',
    'Ask',
    Object.entries(changes).map(([path, content]) => ({ path, content })),
  )
  const { port, kustomize, branches } = repository
  const text = 'apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [sno1]\nroots: [site]\n'
  const config = readConfiguration(text, () => [])
  const request = { key: '#7', cluster: 'sno1', image: 'quay.io/a/b:c', pullRequest: 7 }
  const prepare = async (merge = port.merge) => {
    const [base, onto] = await Promise.all(
      ['main', 'ask'].map(branch => port.checkout(branches.get(branch)!)),
    )
    const now = () => new Date('2026-11-29T10:00:00.000Z')
    const preparing = {
      ...{ repository: { ...port, merge }, now },
      ...{ prove: createProver(kustomize), namer: createNamer(kustomize) },
    }
    const places = { onto: onto!, base: { checkout: base!, config } }
    const { sha, proof } = await createDetachCommits(preparing)(request, places)
    const { tree } = await port.checkout(sha)
    const path = 'seeds/sno1/record.yaml'
    const textAt = (at: string): string => new TextDecoder().decode(tree.read(at))
    return { tree, proof, textAt, record: readRecord(path, textAt(path)) }
  }
  return { config, prepare }
}

t.test('a detach is a commit with the edits and a record that can undo them', async t => {
  const { tree, proof, textAt, record } = await preparing({}).prepare()
  t.match(proof.roots, [{ path: 'site', removed: [identity('sno1')], left: 1 }])
  t.equal(
    textAt(main),
    'resources:\n  #- sno1.yaml\n  - sno2.yaml\npatches: []\n  #- path: p.yaml\n',
  )
  t.match(record, {
    ...{ cluster: 'sno1', image: 'quay.io/a/b:c', status: 'detached', request: '#7' },
    ...{ pullRequest: 7, digest: null, finishedAt: null },
    detached: {
      edits: [{ key: 'resources' }, { key: 'patches' }],
      source: 'site/sno1.yaml',
      clusterInstance: { namespace: 'sno1', name: 'sno1' },
      roots: ['site'],
    },
  })
  t.strictSame(planRestore(tree, record, 'sno1'), [{ path: main, content: listed }])
})

const wave = (text: string, number: number): string =>
  text.replace(
    'metadata:\n',
    `metadata:\n  annotations:\n    argocd.argoproj.io/sync-wave: "${number}"\n`,
  )
const ownNamespace = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: sno1\n'

t.test(
  'a file with what is the own of a cluster leaves only where the cluster is pruned first',
  async t => {
    const plain = listing('sno1.yaml', 'sno2.yaml')
    const together = (number: number): string =>
      `${ownNamespace}---\n${wave(clusterInstance('sno1'), number)}`
    const refused = preparing({ [main]: plain, 'site/sno1.yaml': together(0) }, together(0))
    await t.rejects(refused.prepare(), {
      code: 'COMPANIONS_LEAVE',
      message:
        'detaching sno1: sync waves do not prune the ClusterInstance before Namespace/sno1, and without them its BareMetalHost can get stuck',
      fix: /^give the ClusterInstance a higher `argocd.argoproj.io\/sync-wave`/,
    })
    const ordered = preparing({ [main]: plain }, together(1))
    const { proof, tree, record, textAt } = await ordered.prepare()
    t.match(proof.roots, [{ removed: ['/Namespace//sno1', identity('sno1')], left: 1 }])
    t.equal(textAt(main), 'resources:\n  #- sno1.yaml\n  - sno2.yaml\n')
    t.strictSame(planRestore(tree, record, 'sno1'), [{ path: main, content: plain }])
    // By hand, on the branch.
    const byHand = preparing({ [main]: listing('sno2.yaml') }, together(1))
    t.match((await byHand.prepare()).proof.roots, [{ left: 1 }])
    const tooEarly = preparing({ [main]: listing('sno2.yaml') }, together(0))
    await t.rejects(tooEarly.prepare(), {
      code: 'PROOF_REFUSED',
      message: /sync waves do not prune/,
    })
  },
)

t.test('a detach is noted in the inventories that list the cluster', async t => {
  const inventory = (clusters: string[], detached: object[] = []): string =>
    writeInventory({ clusters, detached: detached as never })
  const of = (clusters: string[]): Record<string, string> => ({
    'site/sower-inventory.yaml': inventory(clusters),
    'other/sower-inventory.yaml': inventory(['sno9']),
  })
  const { textAt } = await preparing(of(['sno1', 'sno2'])).prepare()
  const [cluster, date] = ['sno1', '2026-11-29']
  t.equal(
    textAt('site/sower-inventory.yaml'),
    inventory(['sno2'], [{ cluster, reason: 'seed image quay.io/a/b:c', date, pullRequest: 7 }]),
  )
  t.equal(textAt('other/sower-inventory.yaml'), inventory(['sno9']))
})

t.test("a person's own edit is kept, also a null beside another list", async t => {
  const own = 'resources:\n# - sno1.yaml\n  - sno2.yaml\ncomponents:\n'
  const { textAt, record, proof } = await preparing({ [main]: own }).prepare()
  t.equal(textAt(main), own, 'kustomize takes it as it is')
  t.match(record.detached, { source: 'site/sno1.yaml', roots: ['site'] })
  t.match(proof.roots, [{ removedClusters: ['sno1'] }])
  const deleted = await preparing({ [main]: listing('sno2.yaml') }).prepare()
  t.equal(deleted.textAt(main), listing('sno2.yaml'))
})

t.test('makes no commit where more would leave, or nobody can follow the detach', async t => {
  const more = preparing({
    [main]: 'resources:\n  # - sno1.yaml\n  - site.yaml\n',
    'site/site.yaml': configMap('c'),
  })
  await t.rejects(more.prepare(), {
    ...{ name: 'RefusedError', code: 'PROOF_REFUSED' },
    message: 'proving the detach of sno1: site would render more: ConfigMap/site/c',
    fix: 'edit site/kustomization.yaml by hand so that only the ClusterInstance of sno1 leaves',
  })
  const both = preparing({ [main]: 'resources: []\n  # - sno1.yaml\n' })
  await t.rejects(both.prepare(), {
    code: 'PROOF_REFUSED',
    message: /would lose the cluster sno2$/,
  })
  const conflict = preparing({ [main]: listing('sno2.yaml') }).prepare(async () => undefined)
  await t.rejects(conflict, {
    code: 'MERGE_CONFLICT',
    message: /^merging [0-9a-f]{12} into its base/,
  })
  const site = siteConfig('sno1')
  await t.rejects(preparing({}, site).prepare(), { code: 'SITE_CONFIG', fix: /sower detach sno1/ })
  const nodes = `${clusterInstance('sno1')}  nodes: [{ hostName: a }, { hostName: b }]\n`
  await t.rejects(preparing({}, nodes).prepare(), {
    ...{ code: 'MULTI_NODE', message: /: it lists 2 nodes$/, fix: /single-node/ },
  })
  const { config } = preparing({})
  t.throws(
    () => {
      refuseUnlessSeed(config, 'sno2')
    },
    { code: 'NOT_A_SEED', message: /\(sno1\)$/ },
  )
  t.doesNotThrow(() => {
    refuseUnlessSeed(config, 'sno1')
  })
})

t.test('a person may edit what a run refuses, and the detach names no run', async t => {
  const repository = fakeRepository({
    [main]: listing('sno1.yaml', 'sno2.yaml'),
    'site/sno1.yaml': siteConfig('sno1'),
    'site/sno2.yaml': clusterInstance('sno2'),
  })
  const { port, kustomize, branches } = repository
  const head = branches.get('main')!
  const onto = await port.checkout(head)
  const { config } = preparing({})
  const prepare = (key: string | null) =>
    prepareDetach(
      { repository: port, prove: createProver(kustomize), namer: createNamer(kustomize) },
      {
        ...{ onto, base: onto, config, mode: 'delete', message: 'm', today: '2026-11-29' },
        request: { cluster: 'sno1', key, image: null, pullRequest: null },
      },
    )
  await t.rejects(prepare('#7'), { name: 'RefusedError', code: 'SITE_CONFIG' })
  const { record, changes, proof } = await prepare(null)
  t.match(record, { request: null, pullRequest: null, image: null, status: 'detached' })
  t.strictSame(proof.refusal, null)
  t.strictSame(
    changes.map(({ path }) => path),
    [main, 'seeds/sno1/record.yaml'],
  )
  t.equal(changes[0]?.content, listing('sno2.yaml'))
  t.equal(branches.get('main'), head, 'nothing is pushed')
})
