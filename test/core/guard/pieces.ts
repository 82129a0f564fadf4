import t from 'tap'
import { duplicateCluster } from '../../../src/core/guard/duplicate-cluster.ts'
import { explicitEmpty } from '../../../src/core/guard/explicit-empty.ts'
import type { Guard, Scene } from '../../../src/core/guard/guard.ts'
import { inventory } from '../../../src/core/guard/inventory.ts'
import { noPlainSecret } from '../../../src/core/guard/no-plain-secret.ts'
import { sealedSecret } from '../../../src/core/guard/sealed-secret.ts'
import { seedExclusive } from '../../../src/core/guard/seed-exclusive.ts'
import { seedGenerator } from '../../../src/core/guard/seed-generator.ts'
import { detachedStill, stillListed } from '../../../src/core/guard/still-listed.ts'
import { isPushCredential, violationsOf } from '../../../src/core/guard/violations-of.ts'
import { waiverIn } from '../../../src/core/guard/waiver.ts'
import { RefusedError } from '../../../src/errors.ts'
import { writeInventory } from '../../../src/core/detach/inventory.ts'
import { repositoryView } from '../../../src/core/kustomization/repository-view.ts'
import { readRender } from '../../../src/core/render/rendered-object.ts'
import { seedGeneratorManifest } from '../../../src/core/seedgen/seed-generator-manifest.ts'
import { clusterInstance, listing, memoryTree, type Files } from '../../support/memory-tree.ts'

const path = 'clusters/site-a'
const secret = { namespace: 'sower-seeds', name: 'seedgen' }
const scene = (render: readonly string[], files: Files = {}, at = path): Scene => {
  const tree = memoryTree(files)
  const settings = { directory: 'seeds', directories: ['seeds'], roots: [], secret }
  const objects = readRender(render.join('---\n'))
  const renderOf = () => Promise.reject(new Error('nothing else is to be rendered'))
  return { tree, path: at, renderOf, objects, settings }
}
/** What a guard says: the objects and the reason of each violation. */
const says = async (guard: Guard, of: Scene): Promise<readonly string[] | string> => {
  const verdict = await guard.judge(of)
  if (verdict === 'not applicable') return verdict
  return verdict.map(({ objects, reason }) =>
    [objects.map(object => `${object.kind}/${object.name()}`).join('+'), reason].join(': '),
  )
}
const object = (kind: string, name: string, more = ''): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${more}`
const generator = (cluster = 'sno1'): string =>
  seedGeneratorManifest({ cluster, image: 'quay.io/org/seed:4.18' })
const sealed = (more: string, metadata = 'name: seedgen\n  namespace: sower-seeds'): string =>
  `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  ${metadata}\nspec:\n${more}`

t.test('duplicate-cluster names every ClusterInstance of one cluster', async t => {
  const three = ['a', 'b', 'c'].map(name => clusterInstance('sno1', name))
  t.strictSame(await says(duplicateCluster, scene([...three, clusterInstance('sno2')])), [
    'ClusterInstance/a+ClusterInstance/b+ClusterInstance/c: it brings the cluster sno1, as ClusterInstance sno1/b, sno1/c does',
  ])
  t.equal(await says(duplicateCluster, scene([object('ConfigMap', 'a')])), 'not applicable')
})

t.test('explicit-empty lets nothing be rendered only where a list says so', async t => {
  const with_ = (text: string) => scene([], { [`${path}/kustomization.yaml`]: text })
  t.strictSame(await says(explicitEmpty, with_('resources: []\n')), [])
  t.match(await says(explicitEmpty, with_('resources:\n')), [
    /: the render of clusters\/site-a holds no/,
  ])
  t.strictSame(await says(explicitEmpty, scene([object('ConfigMap', 'a')])), [])
})

t.test('inventory misses what is listed, and finds what is detached', async t => {
  const detached = [{ cluster: 'sno3', reason: 'seed', date: '2026-11-29', pullRequest: null }]
  const files = {
    [`${path}/sower-inventory.yaml`]: writeInventory({ clusters: ['sno1', 'sno2'], detached }),
  }
  const render = [clusterInstance('sno1'), clusterInstance('sno3')]
  t.match(await says(inventory, scene(render, files)), [
    /^: the cluster sno2 is not rendered any more/,
    /^ClusterInstance\/sno3: its cluster sno3 is detached since 2026-11-29, .* \(seed\)$/,
  ])
  t.equal(await says(inventory, scene(render)), 'not applicable')
})

t.test('no-plain-secret finds the push credential however deep it lies', async t => {
  const plain = object('Secret', 'seedgen', 'data: {}\n')
  const inText = object(
    'ConfigMap',
    'a',
    `data:\n  a: |\n    ${plain.replaceAll('\n', '\n    ')}\n`,
  )
  const encoded = Buffer.from(object('Secret', 'a', 'stringData:\n  seedAuth: x\n')).toString(
    'base64',
  )
  const inBase64 = object('ConfigMap', 'b', `data:\n  a: ${encoded}\n`)
  const found = await says(
    noPlainSecret,
    scene([plain, inText, inBase64, object('Secret', 'other')]),
  )
  t.match(found, [/^Secret\/seedgen: /, /^ConfigMap\/a: /, /^ConfigMap\/b: /])
  t.equal(found.length, 3)
  const named = object('ConfigMap', 'c', 'data:\n  a: seedgen\n')
  t.strictSame(await says(noPlainSecret, scene([named])), [], 'a name alone')
})

t.test('sealed-secret judges that of the push credential, and no other', async t => {
  const plain = sealed('  encryptedData:\n    seedAuth: cDRzcw==\n')
  t.match(await says(sealedSecret, scene([plain])), [
    /^SealedSecret\/seedgen: seedAuth is not a sealed value/,
  ])
  const other = sealed('  encryptedData:\n    a: cDRzcw==\n', 'name: other')
  t.equal(await says(sealedSecret, scene([other])), 'not applicable')
  t.equal(await says(sealedSecret, scene([object('Secret', 'seedgen')])), 'not applicable')
  const [read, readOther] = readRender([plain, other].join('---\n'))
  t.ok(isPushCredential(read!, secret), 'by its place')
  t.ok(isPushCredential(read!, null), 'by its key')
  t.notOk(isPushCredential(readOther!, secret))
  t.match(violationsOf(read!, secret), [{ fix: /revoke the credential/ }])
})

t.test('seed-generator wants one alone, for the cluster of its folder', async t => {
  const at = (folder: string, ...render: readonly string[]) =>
    says(seedGenerator, scene(render, {}, folder))
  t.strictSame(await at('seeds/sno1', generator()), [])
  t.match(await at('seeds/sno2', generator()), [
    /: its annotation sower\.dev\/cluster is not sno2$/,
  ])
  t.match(await at(path, generator()), [
    /: it is rendered from clusters\/site-a, and its place is seeds\//,
  ])
  t.match(await at('seeds/sno1', generator(), object('Secret', 'a')), [
    /: Secret a stands beside it/,
  ])
  t.equal(await at('seeds/sno1', object('Secret', 'a')), 'not applicable')
})

t.test('seed-exclusive lets a cluster be managed or be a seed, and not both', async t => {
  const listed = {
    'site/kustomization.yaml': listing('sno1.yaml'),
    'site/sno1.yaml': clusterInstance('sno1'),
  }
  const seed = { 'seeds/sno1/seedgenerator.yaml': generator() }
  const folder = 'seeds/sno1'
  t.match(await says(seedExclusive, scene([generator()], listed, folder)), [
    /the hub still manages its cluster sno1: site\/sno1\.yaml is listed$/,
  ])
  t.strictSame(await says(seedExclusive, scene([generator()], seed, folder)), [])
  t.match(await says(seedExclusive, scene([clusterInstance('sno1')], seed)), [
    /its cluster sno1 is a seed: seeds\/sno1\/seedgenerator\.yaml is there/,
  ])
  t.strictSame(await says(seedExclusive, scene([clusterInstance('sno2')], seed)), [])
  t.equal(await says(seedExclusive, scene([object('Secret', 'a')], seed)), 'not applicable')
  await t.rejects(seedExclusive.judge(scene([generator()], { seeds: { link: 'x' } })), {
    code: 'ENTRY_SYMLINK',
  })
})

t.test('a cluster is still listed also where a kustomization cannot be read', async t => {
  const files = {
    'site/kustomization.yaml': 'resources:\n- sno1.yaml\nresources:\n- a.yaml\n',
    'site/sno1.yaml': clusterInstance('sno1'),
  }
  const listedIn = async (change: Files) => {
    const of = scene([generator()], { ...files, ...change }, 'seeds/sno1')
    return (await stillListed(of.objects[0]!, of)).map(({ file }) => file)
  }
  t.strictSame(await listedIn({}), ['site/kustomization.yaml'])
  t.strictSame(await listedIn({ 'site/kustomization.yaml': 'a: "\n#- sno1.yaml\n' }), [])
  const named = 'a: "\npatches:\n- patch: "- {op: replace, path: /spec/clusterName, value: sno1}"\n'
  t.strictSame(await listedIn({ 'site/kustomization.yaml': named }), ['site/kustomization.yaml'])
})

t.test('a SeedGenerator is refused while a render holds its cluster, or may', async t => {
  const overlay = `${listing('../base')}patches: [{patch: "value: sno1"}]\n`
  const files = {
    'clusters/kustomization.yaml': listing('../one'),
    'one/kustomization.yaml': overlay,
    'base/kustomization.yaml': listing('ci.yaml'),
    'base/ci.yaml': clusterInstance('placeholder'),
  }
  const asked: string[] = []
  const answer = async (render: () => string, more: Files = {}, path = 'seeds/sno1') => {
    asked.length = 0
    const plain = scene([generator()], { ...files, ...more }, path)
    const renderOf = async (root: string): Promise<string> => {
      asked.push(root)
      return render()
    }
    const verdict = await seedExclusive.judge({ ...plain, renderOf })
    return verdict === 'not applicable' ? [] : verdict.map(({ file, reason }) => [file, reason])
  }
  const holds = (): string => clusterInstance('sno1')
  const holdsNot = (): string => clusterInstance('sno2')
  const where = 'clusters/kustomization.yaml'
  t.strictSame(await answer(holds), [
    [where, 'the hub still manages its cluster sno1: clusters renders it'],
  ])
  t.strictSame(await answer(holdsNot), [])
  t.strictSame(asked, ['clusters'])
  const listed = { 'site/kustomization.yaml': listing('a.yaml'), 'site/a.yaml': holds() }
  t.match(await answer(holds, listed), [['site/kustomization.yaml:2', /site\/a\.yaml is listed$/]])
  t.strictSame(asked, [], 'where a file tells nothing is rendered')
  const kept = holds().replace(
    'metadata:',
    'metadata:\n  annotations: {config.kubernetes.io/local-config: "true"}',
  )
  const nothing = { [where]: 'resources: []\n', 'one/kustomization.yaml': 'resources: []\n' }
  const out = { ...listed, ...nothing, 'site/a.yaml': kept }
  t.strictSame(await answer(holdsNot, out), [], 'an annotation keeps it out')
  t.strictSame(asked, ['site'])
  t.match(await answer(holds, out), [['site/kustomization.yaml', /: site renders it$/]])
  t.strictSame(await answer(holdsNot, { 'base/ci.yaml': holds() }), [], 'the base is named like it')
  const broken = (): never => {
    throw new RefusedError('RENDER_FAILED', 'it does not build')
  }
  const unknown =
    /^the hub may still manage its cluster sno1: only a render of clusters can say, and /
  const more = { 'more/kustomization.yaml': listing('../one') }
  t.match(await answer(broken, more), [[where, unknown]])
  t.strictSame(asked, ['clusters', 'more'], 'another one may tell for sure')
  const remote = { [where]: listing('../one', 'https://a.b/c') }
  t.match(await answer(holds, remote), [
    [where, /only a render of clusters can say, .* fetched from/],
  ])
  t.strictSame(asked, [])
  const chart = {
    'app/kustomization.yaml': 'helmCharts: [{name: c}]\n',
    'app/charts/c/templates/x.yaml': clusterInstance('sno{{ .Values.n }}'),
  }
  t.match(await answer(holdsNot, chart), [])
  t.strictSame(asked, ['clusters', 'app'])
  const noHelm = (): string => (asked.includes('app') ? broken() : holdsNot())
  t.match(await answer(noHelm, chart), [['app/kustomization.yaml', /only a render of app can say/]])
  const mistake = (): never => {
    throw new TypeError('a mistake')
  }
  await t.rejects(answer(mistake), { name: 'TypeError' })
  const wide = Object.fromEntries(
    Array.from({ length: 31 }, (_, at) => [`r${at}/kustomization.yaml`, listing('../one')]),
  )
  t.match(await answer(holdsNot, wide), [
    [/^r/, /32 roots would have to be rendered, .* too many$/],
  ])
  t.equal(asked.length, 30)
})

t.test('a cluster is listed also through a link, where the tree follows it', async t => {
  const files = {
    'site/kustomization.yaml': listing('link.yaml'),
    'a/b.yaml': clusterInstance('sno1'),
  }
  const of = scene([generator()], files, 'seeds/sno1')
  const isLink = (at: string): boolean => at === 'site/link.yaml'
  const tree = repositoryView({
    ...of.tree,
    entry: at => (isLink(at) ? 'symlink' : of.tree.entry(at)),
    real: at => (isLink(at) ? 'a/b.yaml' : at),
  })
  t.match(await stillListed(of.objects[0]!, { ...of, tree }), [
    { file: 'site/kustomization.yaml:2' },
  ])
})

t.test('a record keeps a cluster out until it says that the cluster is back', t => {
  const judge = (record: string | { link: string }) => {
    const of = scene([clusterInstance('sno1')], { 'seeds/sno1/record.yaml': record })
    const at = { tree: of.tree, directory: 'seeds' }
    return detachedStill('sno1', of.objects, at).map(({ reason }) => reason)
  }
  const record = (status: string, cluster = 'sno1'): string =>
    `apiVersion: sower.dev/v1alpha1\nkind: SeedRecord\ncluster: ${cluster}\nimage: null\nstatus: ${status}\nrequest: null\npullRequest: null\ndetached: null\ndigest: null\nfinishedAt: null\n`
  t.strictSame(judge(record('reattached')), [])
  for (const other of [
    record('detached'),
    record('completed'),
    record('reattached', 'sno2'),
    'a: "',
    { link: 'a' },
  ])
    t.match(judge(other), [/^its cluster sno1 is detached, as seeds\/sno1\/record\.yaml says/])
  t.end()
})

t.test('a waiver has a day and a reason, and the best of several counts', t => {
  const waiver = (...texts: readonly string[]) =>
    waiverIn(
      readRender(
        texts
          .map(text => `metadata:\n  annotations:\n    waiver.sower.dev/rule: ${text}\n`)
          .join('---\n'),
      ),
      'rule',
      '2026-11-29',
    )
  const good = '"until 2026-11-29: it moves"'
  const holds = { holds: true, until: '2026-11-29', reason: 'it moves' } as const
  t.strictSame(waiver(good), holds)
  t.strictSame(waiver('"true"', good), holds)
  t.strictSame(waiver('"until 2026-11-28: it moves"', '"true"'), {
    holds: false,
    reason: 'its waiver ended on 2026-11-28',
  })
  for (const text of ['"until 2026-02-30: x"', '"until 2026-11-29:"', '"2026-11-29: x"', '5'])
    t.match(waiver(text), { holds: false, reason: /^its waiver is not `until/ }, text)
  t.equal(waiverIn(readRender(object('Secret', 'a')), 'rule', '2026-11-29'), undefined)
  t.end()
})
