import t from 'tap'
import { groupUpgradesUnderWay } from '../../../src/core/promote/group-upgrades-under-way.ts'
import { planPromotion } from '../../../src/core/promote/plan-promotion.ts'
import { promotedKinds } from '../../../src/core/promote/promoted-kinds.ts'
import type { PromoteEntry } from '../../../src/core/promote/promotion.ts'
import { memoryTree } from '../../support/memory-tree.ts'

const proven = { image: 'quay.io/ibu/sno1@sha256:new', version: '4.18.5' }
const file = 'upgrade.yaml'
const plan = (text: string, entry: Partial<PromoteEntry> = {}, ref = proven) =>
  planPromotion(memoryTree({ [file]: text }), { file, ...entry }, ref)

const upgrade = `apiVersion: lca.openshift.io/v1
kind: ImageBasedUpgrade
metadata:
  name: upgrade
spec:
  stage: Idle
  seedImageRef:
    image: quay.io/ibu/sno1:4.17.1 # the seed of the last quarter
    version: 4.17.1
    pullSecretRef: {name: seed-pull-secret}
  autoRollbackOnFailure: {}
`
const group = `apiVersion: lcm.openshift.io/v1alpha1
kind: ImageBasedGroupUpgrade
metadata:
  name: october
  namespace: default
spec:
  clusterLabelSelectors:
    - matchLabels: {site: a}
  ibuSpec:
    seedImageRef:
      version: "4.17.1"
      image: 'quay.io/ibu/sno1:4.17.1'
  plan: []
`
const instance = `apiVersion: siteconfig.open-cluster-management.io/v1alpha1
kind: ClusterInstance
metadata: {name: sno5, namespace: sno5}
spec:
  clusterName: sno5
  extraAnnotations:
    ImageClusterInstall:
      example.com/seed-image: quay.io/ibu/sno1:4.17.1
      example.com/seed-version: '4.17.1'
`

t.test('sets image and version where each kind has them', t => {
  const edited = plan(upgrade)
  t.equal(
    edited.text,
    upgrade
      .replace('sno1:4.17.1 #', 'sno1@sha256:new #')
      .replace('version: 4.17.1', 'version: 4.18.5'),
  )
  t.match(edited, { file, group: 'lca.openshift.io', kind: 'ImageBasedUpgrade', name: 'upgrade' })
  t.strictSame(
    edited.fields.map(({ path, from, to }) => [path.join('.'), from, to]),
    [
      ['spec.seedImageRef.image', 'quay.io/ibu/sno1:4.17.1', proven.image],
      ['spec.seedImageRef.version', '4.17.1', '4.18.5'],
    ],
  )
  t.equal(
    plan(`# first\nkind: ConfigMap\n---\n${group}`).text,
    `# first\nkind: ConfigMap\n---\n${group
      .replace("'quay.io/ibu/sno1:4.17.1'", `'${proven.image}'`)
      .replace('"4.17.1"', '"4.18.5"')}`,
  )
  const at = ['spec', 'extraAnnotations', 'ImageClusterInstall']
  const named = {
    image: [...at, 'example.com/seed-image'],
    version: [...at, 'example.com/seed-version'],
  }
  t.match(plan(instance, named).text, /seed-image: quay\.io\/ibu\/sno1@sha256:new\n.*'4\.18\.5'\n$/)
  t.strictSame(plan(plan(upgrade).text).fields, [], 'a second time there is nothing to set')
  t.end()
})

t.test('an ImageBasedUpgrade that is not Idle in Git is left alone', t => {
  for (const [stage, says] of [
    ['Prep', 'Prep'],
    ['Upgrade', 'Upgrade'],
    ['[Idle]', 'nothing'],
    ['', 'nothing'],
  ] as const)
    t.throws(() => plan(upgrade.replace('stage: Idle', `stage: ${stage}`)), {
      ...{ name: 'RefusedError', code: 'UPGRADE_UNDER_WAY', fix: /commit `stage: Idle`/ },
      message: new RegExp(`upgrade\\.yaml: the ImageBasedUpgrade says spec\\.stage: ${says}$`),
    })
  t.throws(() => plan(upgrade.replace('  stage: Idle\n', '')), { code: 'UPGRADE_UNDER_WAY' })
  t.end()
})

t.test('refuses files that do not hold one object which takes an image', t => {
  const kinds = promotedKinds.map(({ kind }) => kind).join(', ')
  for (const [text, expected] of [
    ['a: 1\n', `it has none of the kinds ${kinds}`],
    ['', 'it has none of the kinds'],
    [upgrade.replace('lca.', 'other.'), 'it has none of the kinds'],
    [`${upgrade}---\n${group}`, 'it has several of the kinds'],
    [instance, 'a ClusterInstance has no field for a seed image of its own'],
  ] as const)
    t.throws(() => plan(text), {
      ...{ code: 'MANIFEST_UNSUPPORTED', message: new RegExp(`upgrade\\.yaml: ${expected}`) },
    })
  for (const bad of [{ image: 'a: b' }, { image: '' }, { version: "4.18'" }])
    t.throws(() => plan(upgrade, {}, { ...proven, ...bad }), { code: 'MANIFEST_UNSUPPORTED' })
  t.throws(() => planPromotion(memoryTree({}), { file }, proven), {
    message: /it is not a plain file/,
  })
  const latin = { ...memoryTree({ [file]: upgrade }), read: () => Buffer.from([0xe9]) }
  t.throws(() => planPromotion(latin, { file }, proven), { message: /it is not UTF-8/ })
  const large = { ...memoryTree({ [file]: upgrade }), size: () => 5_000_000 }
  t.throws(() => planPromotion(large, { file }, proven), { code: 'FILE_TOO_LARGE' })
  t.end()
})

t.test('a group upgrade is under way until it says that it does not progress', t => {
  const named = (name: string, status?: string) => ({
    metadata: { name, ...(name === 'bare' ? {} : { namespace: 'default' }) },
    ...(status === undefined ? {} : { status: { conditions: [{ type: 'Progressing', status }] } }),
  })
  t.strictSame(
    groupUpgradesUnderWay([named('old', 'False'), named('now', 'True'), named('bare')]),
    ['default/now', '/bare'],
  )
  t.end()
})
