import t from 'tap'
import { hubQueries } from '../../../src/core/preflight/hub/hub-queries.ts'
import { seedQueries } from '../../../src/core/preflight/seed/seed-queries.ts'
import type { Answers, Query, ReadObject } from '../../../src/core/preflight/query.ts'
import { absent, present, unknown } from '../../../src/core/seen.ts'
import { askRights } from '../../../src/operations/preflight/ask-rights.ts'
import { rightPlaces } from '../../../src/operations/preflight/right-places.ts'
import { askInSeven } from '../../support/fake-world.ts'
import { savedWorld } from '../../support/saved-world.ts'
import { observeBeforeMerge } from '../../../src/operations/observe/observe-before-merge.ts'
import { syncFacts } from '../../support/sync-facts.ts'

const right = { verb: 'get', group: '', resource: 'secrets', namespace: 'sower', name: 'a-access' }

t.test('each right is asked for with its namespace and name', async t => {
  const may = async (asked: unknown) => present(asked === right)
  t.strictSame(await askRights(present({ may }), [right]), [{ right, allowed: present(true) }])
  const silent = unknown('timeout')
  t.strictSame(await askRights(silent, [right]), [{ right, allowed: silent }])
  t.strictSame(await askRights(absent, [right]), [{ right, allowed: unknown('not-asked') }])
})

t.test('a right that is missing blocks before the merge', async t => {
  const world = savedWorld()
  world.faults.set('hub.may', asked =>
    Promise.resolve(present(Reflect.get(Object(asked), 'verb') !== 'delete')),
  )
  const run = await askInSeven(world)
  const { checks } = await observeBeforeMerge(world.start(), run, 'Requested')
  t.match(
    checks.find(({ id }) => id === 'hub.rights'),
    {
      ...{ level: 'block', status: 'fail' },
      reason: 'not allowed to delete secrets sower/sno1-access (Role sower-access in sower)',
    },
  )
  t.match(
    checks.find(({ id }) => id === 'seed.rights'),
    { status: 'pass' },
  )
})

t.test('the places are those of the Application, the hosts and the Lifecycle Agent', t => {
  const config = {
    argocd: { namespace: 'argocd', applicationNamespaces: ['argocd', 'apps'] },
    secret: { namespace: 'sower-seeds', name: 'seedgen', file: 'x' },
    lifecycleAgent: { namespace: 'openshift-lifecycle-agent' },
  }
  const instance = {
    ...{ kind: 'ClusterInstance', metadata: { name: 'sno1' } },
    spec: { clusterName: 'sno1', nodes: [{ hostRef: { namespace: 'hosts', name: 'node1' } }] },
  }
  const csv = {
    kind: 'ClusterServiceVersion',
    metadata: { name: 'lifecycle-agent.v5.0.0', namespace: 'openshift-operators' },
  }
  const answering =
    (known: ReadonlyMap<Query, readonly ReadObject[]>): Answers =>
    query =>
      known.has(query) ? present(known.get(query) ?? []) : unknown('timeout')
  const known = { cluster: 'sno1', config, access: 'sower' }
  const { application } = syncFacts()
  t.match(
    rightPlaces({
      ...known,
      applications: present([{ ...application, mismatch: null, namespace: '' }]),
      answers: answering(
        new Map<Query, readonly ReadObject[]>([
          [hubQueries.clusterInstances, [instance]],
          [seedQueries.csvs, [csv]],
        ]),
      ),
    }),
    {
      ...{ agent: 'openshift-operators', applicationNamespaces: ['argocd', 'apps'] },
      application: { namespace: 'argocd', name: application.name },
      hostsElsewhere: [{ namespace: 'hosts', name: 'node1' }],
    },
  )
  const blind = { ...known, applications: absent }
  t.match(rightPlaces({ ...blind, answers: answering(new Map()) }), {
    ...{ agent: null, application: null, hostsElsewhere: [] },
  })
  t.match(rightPlaces({ ...blind, answers: answering(new Map([[seedQueries.csvs, []]])) }), {
    agent: 'openshift-lifecycle-agent',
  })
  t.end()
})
