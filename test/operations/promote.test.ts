import t from 'tap'
import { recordVersion, writeRecord, type SeedRecord } from '../../src/core/detach/seed-record.ts'
import { UnavailableError } from '../../src/errors.ts'
import type { ListedPullRequest } from '../../src/operations/ports/pull-requests.ts'
import { describePromotion } from '../../src/operations/promote/describe-promotion.ts'
import { openPromotion } from '../../src/operations/promote/open-promotion.ts'
import {
  preparePromotion,
  type PreparedPromotion,
} from '../../src/operations/promote/prepare-promotion.ts'
import { refuseGroupUpgrade } from '../../src/operations/promote/refuse-group-upgrade.ts'
import { fetchBase } from '../../src/operations/read-base.ts'
import { absent, present, unknown } from '../../src/core/seen.ts'
import { answerPromote } from '../../src/operations/promote/answer-promote.ts'
import { takeIn } from '../../src/operations/intake/take-in.ts'
import { configuration, fakeWorld, type FakeWorld } from '../support/fake-world.ts'
import { fakeRepository, type FakeRepository } from '../support/fake-repository.ts'

const proven = { image: 'registry.example.com/ibu/sno1@sha256:new', version: '4.18.5' }
const record = (change: Partial<SeedRecord> = {}): string =>
  writeRecord({
    ...{ apiVersion: recordVersion, kind: 'SeedRecord', cluster: 'sno1', image: 'a.b/c:1' },
    ...{ status: 'completed', request: 'x', pullRequest: 7, mergedAs: null, detached: null },
    ...{ digest: 'sha256:new', finishedAt: '2026-11-30', seedImageRef: proven, ...change },
  })
const upgrade = (image = 'a/b:1', version = '4.17.1', stage = 'Idle'): string =>
  `apiVersion: lca.openshift.io/v1
kind: ImageBasedUpgrade
metadata:
  name: upgrade
spec:
  seedImageRef:
    image: ${image}
    version: ${version}
  stage: ${stage}
`
const settings = `${configuration}promote:
  - file: upgrades/ibu.yaml
  - {file: other.yaml, seed: sno2}
`
const files = {
  'sower.yaml': settings,
  'seeds/sno1/record.yaml': record(),
  'clusters/kustomization.yaml': 'resources: []\n',
  'upgrades/kustomization.yaml': 'resources:\n  - ibu.yaml\n',
  'upgrades/ibu.yaml': upgrade(),
}
const prepare = async (
  repository: FakeRepository,
  cluster = 'sno1',
): Promise<PreparedPromotion> => {
  const { port, kustomize } = repository
  const base = await fetchBase({ ports: { repository: port }, settings: { branch: 'main' } })
  return preparePromotion({ repository: port, kustomize }, base, cluster)
}
const prepareWith = (change: Readonly<Record<string, string>>, cluster = 'sno1') =>
  prepare(fakeRepository({ ...files, ...change }), cluster)

t.test('plans and proves the edit on a commit of its own, and pushes nothing', async t => {
  const repository = fakeRepository(files)
  const main = repository.branches.get('main')
  const prepared = await prepare(repository)
  t.strictSame(prepared.changes, [
    { path: 'upgrades/ibu.yaml', content: upgrade(proven.image, '4.18.5') },
  ])
  t.match(prepared, { seedImageRef: proven, roots: ['upgrades'], branch: /^promote-sno1-\w{12}$/ })
  t.strictSame([...repository.branches], [['main', main]])
  t.equal((await prepare(repository)).branch, prepared.branch, 'the same edit, the same branch')
  const prefixed = settings.replace('seeds:', 'branchPrefix: seed/\nseeds:')
  t.match((await prepareWith({ 'sower.yaml': prefixed })).branch, /^seed\/promote-sno1-/)
  const done = await prepareWith({ 'upgrades/ibu.yaml': upgrade(proven.image, '4.18.5') })
  t.match(done, { changes: [], diff: '', roots: [] })
  const again = await prepareWith({ 'seeds/sno1/record.yaml': record({ status: 'reattached' }) })
  t.equal(again.changes.length, 1, 'the image stays proven when its cluster comes back')
})

t.test('a file that no kustomization lists is edited without a render', async t => {
  const prepared = await prepareWith({ 'upgrades/kustomization.yaml': 'resources: []\n' })
  t.match(prepared, { roots: [], changes: [{ path: 'upgrades/ibu.yaml' }] })
  const of = { cluster: 'sno1', recordPath: 'seeds/sno1/record.yaml' }
  t.match(describePromotion(prepared, of), /No kustomization lists these files/)
})

t.test('what stood in a manifest cannot leave its cell in the pull request', async t => {
  const odd = '"a` | b\\n/seed retry"'
  const prepared = await prepareWith({ 'upgrades/ibu.yaml': upgrade(odd, '4.18.5') })
  const [, , , , row = '', ...below] = describePromotion(prepared, {
    ...{ cluster: 'sno1', recordPath: 'seeds/sno1/record.yaml' },
  }).split('\n')
  t.match(
    row,
    /^\| `upgrades\/ibu\.yaml` \| `spec\.seedImageRef\.image` \| ``a` &#124; b \/seed retry`` \| `/,
  )
  t.notOk(below.some(line => line.startsWith('/seed')))
})

for (const [what, change, expected] of [
  [
    'a record of a run under way',
    { 'seeds/sno1/record.yaml': record({ status: 'detached', digest: null, seedImageRef: null }) },
    { code: 'IMAGE_NOT_PROVEN', message: /says detached and names no proven image/ },
  ],
  [
    'a record of a failed run',
    { 'seeds/sno1/record.yaml': record({ status: 'failed', digest: null }) },
    { code: 'IMAGE_NOT_PROVEN', message: /says failed/ },
  ],
  [
    'an old record',
    { 'seeds/sno1/record.yaml': record({ seedImageRef: undefined }) },
    { code: 'IMAGE_NOT_PROVEN', message: /written by an older Sower/ },
  ],
  [
    'no manifest',
    { 'sower.yaml': configuration },
    { code: 'CONFIGURATION_MISSING', message: /names no manifest for it/ },
  ],
  [
    'another stage',
    { 'upgrades/ibu.yaml': upgrade('a/b:1', '4.17.1', 'Upgrade') },
    { code: 'UPGRADE_UNDER_WAY' },
  ],
] as const)
  t.test(`refuses ${what}`, async t => {
    await t.rejects(prepareWith(change), { name: 'RefusedError', ...expected })
  })

t.test('refuses a cluster without a record, and one that is no seed', async t => {
  await t.rejects(prepareWith({}, 'sno2'), { code: 'RECORD_MISSING', message: /seeds\/sno2/ })
  await t.rejects(prepareWith({}, 'sno9'), { code: 'NOT_A_SEED' })
})

t.test('refuses where a render shows something else', async t => {
  const repository = fakeRepository(files)
  const { port, kustomize } = repository
  const base = await fetchBase({ ports: { repository: port }, settings: { branch: 'main' } })
  const stubborn = { ...kustomize, build: async () => upgrade() }
  await t.rejects(preparePromotion({ repository: port, kustomize: stubborn }, base, 'sno1'), {
    ...{
      code: 'PROOF_REFUSED',
      message: /upgrades lists upgrades\/ibu\.yaml, but does not render/,
    },
  })
})

t.test('opens one pull request, whatever was interrupted, and leaves the base alone', async t => {
  const repository = fakeRepository(files)
  const main = repository.branches.get('main')
  const prepared = await prepare(repository)
  const opened: ListedPullRequest[] = []
  const failing = new Set(['create'])
  const pulls = {
    open: async () => opened,
    create: async ({ branch, base, title, body }: Readonly<Record<string, string>>) => {
      if (failing.delete('create')) throw new UnavailableError('GITHUB_FAILED', 'no answer')
      t.match([base, title], ['main', 'Promote the seed image of sno1: OpenShift 4.18.5'])
      t.match(body, '| `upgrades/ibu.yaml` | `spec.seedImageRef.version` | `4.17.1` | `4.18.5` |')
      t.match(body, /renders of `upgrades` before and after differ in exactly these fields/)
      const made = { number: 9, branch: branch!, url: 'https://x/9', labels: [] }
      opened.push(made)
      return made
    },
  }
  const of = { cluster: 'sno1', recordPath: 'seeds/sno1/record.yaml' }
  const open = () =>
    openPromotion({ repository: repository.port, pulls, base: 'main' }, prepared, of)
  await t.rejects(open(), { code: 'GITHUB_FAILED' })
  t.equal(repository.branches.get(prepared.branch), prepared.sha)
  t.match(await open(), { isNew: true, pull: { number: 9 } })
  t.match(await open(), { isNew: false, pull: { number: 9 } })
  t.equal(opened.length, 1)
  t.equal(repository.branches.get('main'), main)
  opened.pop()
  repository.write(prepared.branch, 'mine', [{ path: 'x', content: 'y' }])
  await t.rejects(open(), { code: 'GIT_CONFLICT', fix: /delete the branch/ })
})

t.test('a group upgrade is told that its spec cannot be changed', async t => {
  const group = upgrade()
    .replace('lca.openshift.io/v1', 'lcm.openshift.io/v1alpha1')
    .replace('ImageBasedUpgrade', 'ImageBasedGroupUpgrade')
    .replace(
      '  seedImageRef:\n    image: a/b:1\n    version: 4.17.1',
      '  ibuSpec: {seedImageRef: {image: a/b, version: 4.17.1}}',
    )
  const prepared = await prepareWith({
    'upgrades/ibu.yaml': group,
    'upgrades/kustomization.yaml': 'resources: []\n',
  })
  const of = { cluster: 'sno1', recordPath: 'seeds/sno1/record.yaml' }
  t.match(
    describePromotion(prepared, of),
    /refuses another `ibuSpec` .* delete `upgrade` on the hub/,
  )
})

t.test('no promotion while a group upgrade is under way, or nobody knows', async t => {
  const upgradeOf = (status: string) => ({
    ...{ apiVersion: 'lcm.openshift.io/v1alpha1', kind: 'ImageBasedGroupUpgrade' },
    metadata: { name: 'october', namespace: 'default', uid: 'u' },
    status: { conditions: [{ type: 'Progressing', status }] },
  })
  const hub = (answer: Awaited<ReturnType<Parameters<typeof refuseGroupUpgrade>[0]['list']>>) =>
    refuseGroupUpgrade({ list: async () => answer })
  await hub(absent)
  await hub(unknown('not-served'))
  await hub(present([upgradeOf('False')]))
  await t.rejects(hub(present([upgradeOf('True')])), {
    ...{ code: 'UPGRADE_UNDER_WAY', message: /under way: default\/october$/ },
  })
  await t.rejects(hub(unknown('forbidden')), { code: 'READ_FORBIDDEN' })
  await t.rejects(hub(unknown('timeout')), { code: 'CLUSTER_UNAVAILABLE', message: /timeout/ })
})

/** A world whose run has ended with a proven image. */
const ended = (change: Readonly<Record<string, string>> = {}): FakeWorld => {
  const world = fakeWorld()
  const changes = Object.entries({ ...files, 'clusters/kustomization.yaml': 'resources: []\n' })
  world.repository.write(
    'main',
    'end',
    [...changes, ...Object.entries(change)].map(([path, content]) => ({ path, content })),
  )
  return world
}
const comment = (world: FakeWorld, id = 1) =>
  takeIn(world.start(), {
    ...{ kind: 'comment', key: `#7/comment/${id}`, pullRequest: 7, commentId: id },
    ...{ sender: 'alice', body: '/seed promote sno1' },
  })

t.test('a comment opens the pull request once, however often it comes', async t => {
  const world = ended()
  const main = world.repository.branches.get('main')
  t.match(await comment(world), [
    { code: null, text: /^#90 promotes `registry.* does not merge it/ },
  ])
  t.match(await comment(world), [{ code: null, text: /is open already: #90\.$/ }])
  t.match(await comment(world, 2), [{ code: null, text: /is open already: #90\.$/ }])
  t.strictSame(world.acts, ['repository.push', 'pulls.create'])
  t.equal(world.repository.branches.get('main'), main)
  t.equal(world.runs.size, 0, 'no run begins')
  const done = ended({ 'upgrades/ibu.yaml': upgrade(proven.image, '4.18.5') })
  t.match(await comment(done), [{ code: null, text: /^All manifests name / }])
  t.strictSame(done.acts, [])
})

t.test('a comment promotes nothing for who may not, nor during a group upgrade', async t => {
  const strict = settings.replace('{ abort: admin }', '{ promote: admin }')
  const guarded = ended({ 'sower.yaml': strict })
  t.match(await comment(guarded), [{ code: 'PERMISSION_DENIED' }])
  const busy = ended()
  busy.hub.add({
    ...{ apiVersion: 'lcm.openshift.io/v1alpha1', kind: 'ImageBasedGroupUpgrade' },
    metadata: { name: 'october', namespace: 'default', uid: '' },
  })
  t.match(await comment(busy), [{ code: 'UPGRADE_UNDER_WAY', text: /under way: default\/october/ }])
  for (const { acts } of [guarded, busy]) t.strictSame(acts, [])
  const from = { key: 'k', pullRequest: 7, sender: 'bob', permission: 'none' } as const
  await t.rejects(answerPromote(busy.start(), from, 'sno1'), { code: 'PERMISSION_DENIED' })
})
