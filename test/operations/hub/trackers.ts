import t from 'tap'
import { readConfiguration } from '../../../src/core/settings/configuration.ts'
import { forbidden, absent, present, unknown } from '../../../src/core/seen.ts'
import { noAnswer } from '../../../src/operations/hub/no-answer.ts'
import { findApplications } from '../../../src/operations/hub/find-applications.ts'
import { findTrackers } from '../../../src/operations/hub/find-trackers.ts'
import { listApplications } from '../../../src/operations/hub/list-applications.ts'
import { observeClusterInstance } from '../../../src/operations/hub/observe-remaining.ts'
import { configuration, fakeWorld } from '../../support/fake-world.ts'

const config = readConfiguration(configuration, () => [])
const repoURL = 'https://github.com/example/site.git'
const followed = { repoURL, targetRevision: 'prod' }
const other = { repoURL: 'https://github.com/example/other', targetRevision: 'prod' }
const hydrator = {
  drySource: { repoURL, targetRevision: 'dry' },
  syncSource: { targetBranch: 'prod' },
}

t.test('finds the Applications that follow a branch, however they name it', async t => {
  const cases = [
    [{ source: followed }, true],
    [{ source: { ...followed, targetRevision: 'refs/heads/prod' } }, true],
    [{ source: { ...followed, repoURL: 'git@github.com:Example/Site' } }, true],
    [{ source: { ...followed, repoURL: 'ssh://git@github.com:22/example/site.git/' } }, true],
    [{ source: other, sources: [other, { ...followed, path: 'x' }] }, true],
    [{ sourceHydrator: hydrator }, true],
    [
      {
        sourceHydrator: {
          ...hydrator,
          syncSource: { targetBranch: 'x' },
          hydrateTo: { targetBranch: 'prod' },
        },
      },
      true,
    ],
    [
      { sourceHydrator: { ...hydrator, drySource: followed, syncSource: { targetBranch: 'x' } } },
      true,
    ],
    // What cannot be read may well follow it.
    [{ source: 'x' }, true],
    [undefined, true],
    [{ source: { ...followed, targetRevision: 'prod-2' } }, false],
    [{ source: { repoURL } }, false],
    [{ source: other, sources: null }, false],
    [{ sourceHydrator: { ...hydrator, drySource: other } }, false],
  ] as const
  for (const [spec, expected] of cases) {
    const world = fakeWorld()
    const metadata = { name: 'a', uid: '' }
    world.hub.add({ kind: 'Application', metadata, spec }, 'openshift-gitops')
    world.hub.add({ kind: 'Application', metadata, spec: { source: followed } }, 'elsewhere')
    const found = await findTrackers(world.start(), config, 'prod')
    t.strictSame(found, present(expected ? ['a'] : []), JSON.stringify(spec))
  }
  const world = fakeWorld()
  world.faults.set('hub.list', async () => unknown('forbidden'))
  t.strictSame(await findTrackers(world.start(), config, 'prod'), unknown('forbidden'))
})

t.test('a ClusterInstance is on its way out when all of its cluster are', async t => {
  const world = fakeWorld()
  const add = (name: string, deletionTimestamp?: string): void => {
    const metadata = { name, uid: '', deletionTimestamp }
    world.hub.add({ kind: 'ClusterInstance', metadata, spec: { clusterName: 'sno3' } }, 'sno3')
  }
  const looked = () => observeClusterInstance(world.start(), 'sno3')
  t.match(await looked(), { seen: 'absent' })
  add('a', '2026-11-22T10:00:00Z')
  t.strictSame(await looked(), present({ isBeingDeleted: true }))
  add('b')
  t.strictSame(await looked(), present({ isBeingDeleted: false }))
  world.faults.set('hub.list', async () => unknown('timeout'))
  t.strictSame(await looked(), unknown('timeout'))
})

t.test('Applications are looked for in each namespace that Argo CD takes them from', async t => {
  const world = fakeWorld()
  const metadata = { name: 'team', uid: '' }
  world.hub.add({ kind: 'Application', metadata, spec: { source: followed } }, 'teams')
  const argocd = { namespace: 'openshift-gitops', applicationNamespaces: ['teams', 'teams'] }
  const { hub } = world.start().ports
  const found = await listApplications(hub, { argocd })
  t.match(found, present([{ metadata: { name: 'clusters' } }, { metadata: { name: 'team' } }]))
  t.equal(found.seen === 'present' && found.value.length, 2)
  const wide = { ...config, argocd }
  t.strictSame(await findTrackers(world.start(), wide, 'prod'), present(['team']))
  const partly = { list: async () => unknown('forbidden') }
  t.strictSame(await listApplications(partly, { argocd }), unknown('forbidden'))
  t.strictSame(await listApplications({ list: async () => absent }, { argocd }), absent)
})

t.test('HEAD is the base branch only where GitHub says nothing else', async t => {
  const world = fakeWorld()
  world.hub.drop('Application')
  const source = { repoURL, path: 'clusters', targetRevision: 'HEAD' }
  const metadata = { name: 'head', uid: '' }
  world.hub.add({ kind: 'Application', metadata, spec: { source } }, 'openshift-gitops')
  const context = world.start()
  const mismatch = async (forge?: object): Promise<unknown> => {
    const ports = { hub: context.ports.hub, ...forge }
    const of = { config, roots: ['clusters'] }
    const found = await findApplications({ settings: context.settings, ports }, of)
    return found.seen === 'present' && found.value[0]?.mismatch
  }
  const use = { isDefault: false, isProtected: false, baseOf: [] }
  t.equal(await mismatch(), null)
  t.equal(
    await mismatch({ forge: { branchUse: async () => present(use) } }),
    'follows HEAD, which is not main',
  )
  for (const answer of [present({ ...use, isDefault: true }), unknown('timeout')])
    t.equal(await mismatch({ forge: { branchUse: async () => answer } }), null)
})

const secret = {
  ...{ verb: 'get', group: '', resource: 'secrets', namespace: 'sower', name: 'a-access' },
}

t.test('an effect that may not read stops for a person, one without an answer tries again', t => {
  t.match(noAnswer('saving it', forbidden(secret)), {
    ...{ name: 'RefusedError', code: 'READ_FORBIDDEN' },
    message: /^saving it: Sower is not allowed to get secrets sower\/a-access \(Role sower-access/,
  })
  t.match(noAnswer('saving it', { why: 'timeout' }), {
    ...{ name: 'UnavailableError', message: 'saving it: the hub gave no answer (timeout)' },
  })
  t.end()
})
