import t from 'tap'
import { argocdRows } from '../../../src/core/preflight/argocd/argocd-rows.ts'
import { derivedNames } from '../../../src/core/preflight/derived-names.ts'
import { commandOf, type ReadObject } from '../../../src/core/preflight/query.ts'
import { judgeRows, tables } from '../../../src/core/preflight/tables.ts'
import { present, unknown } from '../../../src/core/seen.ts'
import { add, change, crd } from '../../support/preflight/fault.ts'
import { answersOf, healthyObjects } from '../../support/preflight/healthy.ts'
import { knownFacts } from '../../support/preflight/known-facts.ts'

const judged = (id: string, objects: readonly (ReadObject & Readonly<{ on: string }>)[]) =>
  judgeRows(tables, answersOf(objects), knownFacts).find(check => check.id === id)

t.test('an installed SR-IOV operator whose nodes are configured passes', t => {
  const installed = crd('sriovnetworknodestates.sriovnetwork.openshift.io')(healthyObjects)
  const state = { name: 'node-1', status: { syncStatus: 'Succeeded' } }
  const objects = add('seed', 'SriovNetworkNodeState', {
    ...state,
    namespace: 'openshift-sriov-network-operator',
  })(installed)
  t.match(judged('seed.sriov-synced', objects), { status: 'pass', reason: '1 Succeeded' })
  t.end()
})

t.test('a pull secret without a value is none', t => {
  const objects = change('Secret', { data: {} }, /^pull-secret$/)(healthyObjects)
  t.match(judged('seed.pull-secret', objects), { status: 'fail' })
  t.end()
})

t.test('a name that another read brings is there or not', t => {
  const node: ReadObject = { kind: 'Node', metadata: { name: 'node-1' } }
  t.equal(derivedNames['{node}']?.name([node], 'sno1'), 'node-1')
  t.equal(derivedNames['{node}']?.name([], 'sno1'), undefined)
  t.end()
})

t.test('a command that a person runs leaves out what nobody named', t => {
  const query = { on: 'seed', group: '', version: 'v1', kind: 'Node' } as const
  t.equal(commandOf({ ...query, resource: 'nodes/proxy' }), 'oc get --raw /api/v1/nodes//proxy/')
  t.equal(
    commandOf({ ...query, resource: 'nodes/proxy', name: 'a', path: 'stats/summary' }),
    'oc get --raw /api/v1/nodes/a/proxy/stats/summary',
  )
  t.end()
})

t.test('Applications that nobody may list are not asked, and others have no answer', t => {
  for (const [applications, status] of [
    [unknown('not-asked'), 'not-asked'],
    [unknown('timeout'), 'unknown'],
    [present([]), 'not-asked'],
  ] as const) {
    const facts = { ...knownFacts, argocd: { ...knownFacts.argocd, applications } }
    const checks = judgeRows(argocdRows, answersOf(healthyObjects), facts)
    t.ok(checks.some(check => check.status === status))
  }
  t.end()
})
