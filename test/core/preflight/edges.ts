import t from 'tap'
import { checkBaseWritable } from '../../../src/core/preflight/git/check-base-writable.ts'
import { argocdRows } from '../../../src/core/preflight/argocd/argocd-rows.ts'
import { derivedNames } from '../../../src/core/preflight/derived-names.ts'
import { hubQueries } from '../../../src/core/preflight/hub/hub-queries.ts'
import { hostRows } from '../../../src/core/preflight/hub/host-rows.ts'
import { unanswered } from '../../../src/core/preflight/judge.ts'
import { named } from '../../../src/core/preflight/named.ts'
import { commandOf, queryKey, type ReadObject } from '../../../src/core/preflight/query.ts'
import { agentRows } from '../../../src/core/preflight/seed/agent-rows.ts'
import { residueRows } from '../../../src/core/preflight/seed/residue-rows.ts'
import { seedQueries } from '../../../src/core/preflight/seed/seed-queries.ts'
import { gitRows } from '../../../src/core/preflight/git/git-rows.ts'
import { isAtLeast, minorOf, version } from '../../../src/core/preflight/version.ts'
import { judgeRows, tables } from '../../../src/core/preflight/tables.ts'
import { absent, present, unknown } from '../../../src/core/seen.ts'
import { add, change, crd } from '../../support/preflight/fault.ts'
import { answersOf, healthyObjects } from '../../support/preflight/healthy.ts'
import { knownFacts } from '../../support/preflight/known-facts.ts'

const rowOf = (id: string) =>
  [...agentRows, ...residueRows, ...gitRows, ...hostRows].find(row => row.id === id)
const judged = (
  id: string,
  change: (object: ReadObject) => Partial<ReadObject>,
  facts = knownFacts,
) =>
  rowOf(id)?.check(
    answersOf(healthyObjects.map(object => ({ ...object, ...change(object) }))),
    facts,
  )
const agentAs =
  (more: Partial<ReadObject>) =>
  ({ metadata }: ReadObject): Partial<ReadObject> =>
    metadata.name.startsWith('lifecycle-agent.') ? more : {}

t.test('versions are compared by their numbers', t => {
  t.strictSame(version('lifecycle-agent.v4.22.1'), [4, 22, 1])
  t.strictSame(version('2.15'), [2, 15, 0])
  t.equal(version('none'), undefined)
  // By the square of its length such a text would take hours.
  t.equal(version('1'.repeat(1_000_000)), undefined)
  t.ok(isAtLeast([4, 18, 5], [4, 18, 5]))
  t.ok(isAtLeast([5, 0, 0], [4, 22, 0]))
  t.notOk(isAtLeast([4, 9, 0], [4, 10, 0]))
  t.equal(minorOf([4, 22, 1]), '4.22')
  t.end()
})

t.test('of many objects only the first are named', t => {
  const object = (name: string, namespace?: string): ReadObject => ({
    ...{ kind: 'X', metadata: { name, namespace } },
  })
  t.equal(named([object('a'), object('b', ''), object('c', 'n')]), 'a, b, n/c')
  t.match(named(Array.from({ length: 12 }, () => object('a'))), /^(?:a, ){10}and 2 more$/)
  t.end()
})

t.test('what was not asked is no answer and no pass', t => {
  t.match(unanswered('x', 'block', 'not-asked'), { status: 'not-asked', fix: /preflight\.md/ })
  const access = rowOf('seed.access')
  const facts = { ...knownFacts, access: unknown('timeout') }
  t.match(
    access?.check(() => absent, facts),
    { status: 'unknown' },
  )
  const writable = (git: Partial<typeof knownFacts.git>) =>
    checkBaseWritable({ id: 'x', level: 'warn' }, { ...knownFacts.git, ...git })
  const timeout = unknown('timeout')
  t.match(writable({ baseIsProtected: timeout }), { status: 'unknown' })
  t.match(writable({ ownBranchRules: timeout }), { status: 'pass' }, 'not needed for a push')
  const byPullRequest = { commit: 'pull-request', baseIsProtected: present(true) } as const
  t.match(writable(byPullRequest), { status: 'pass', reason: /no ruleset/ })
  t.match(writable({ ...byPullRequest, ownBranchRules: absent }), { status: 'pass' })
  t.match(writable({ ...byPullRequest, ownBranchRules: timeout }), { status: 'unknown' })
  t.end()
})

t.test('the same kind in two places is two reads', t => {
  t.not(queryKey(hubQueries.bareMetalHosts), queryKey(hubQueries.hostsElsewhere))
  t.match(commandOf(seedQueries.nodeSummary), /raw .api.v1.nodes.{node}.proxy.stats.summary$/)
  t.end()
})

t.test('hosts of another namespace count where the ClusterInstance names them', t => {
  const nodes = [{ hostRef: { name: 'pooled', namespace: 'pool' } }, { hostRef: {} }]
  const spec = { clusterName: 'sno1', nodes }
  const instance = { kind: 'ClusterInstance', metadata: { name: 'sno1' }, spec }
  t.equal(derivedNames['{host-namespace}']?.name([instance], 'sno1'), 'pool')
  t.equal(derivedNames['{host-namespace}']?.name([instance], 'sno2'), undefined)
  const host = (name: string) => ({ kind: 'BareMetalHost', metadata: { name, namespace: 'pool' } })
  const answers = answersOf(
    healthyObjects.map(object =>
      object.kind === 'ClusterInstance' ? { ...object, spec } : object,
    ),
  )
  const check = rowOf('hub.hosts-detached')?.check(
    query =>
      query === hubQueries.hostsElsewhere
        ? { seen: 'present', value: [host('pooled'), host('of-another')] }
        : answers(query),
    knownFacts,
  )
  t.match(check, { status: 'fail', reason: 'pooled: not detached' })
  t.end()
})

t.test('the Lifecycle Agent is named as it is, and its version as it says', t => {
  const id = 'seed.lifecycle-agent'
  const without = answersOf(healthyObjects.filter(({ kind }) => kind !== 'ClusterServiceVersion'))
  t.match(rowOf(id)?.check(without, knownFacts), { reason: /not installed$/ })
  t.match(rowOf(`${id}-known`)?.check(without, knownFacts), { reason: /not known$/ })
  t.match(judged(id, agentAs({ spec: { version: '4.15.9' } })), { reason: /older than 4.16$/ })
  t.match(judged(id, agentAs({ status: {} })), { reason: /is not there yet$/ })
  t.match(judged(`${id}-known`, agentAs({ spec: {} })), { status: 'pass', reason: /4\.22$/ })
  const metadata = { name: 'lifecycle-agent.x' }
  t.match(judged(`${id}-known`, agentAs({ spec: {}, metadata })), { reason: /not known$/ })
  t.end()
})

t.test('the tag names the version, with more behind it or not', t => {
  const tagged = (image: string | null, imageTemplate: string | null = knownFacts.imageTemplate) =>
    judged('seed.version', () => ({}), { ...knownFacts, image, imageTemplate })?.status
  t.equal(tagged('r.example.com/a/sno1:4.18.5-second'), 'pass')
  t.equal(tagged('r.example.com/a/sno1:4.18.55'), 'fail')
  t.equal(tagged('r.example.com/a/sno1:latest', 'r.example.com/a:latest'), 'pass')
  t.equal(tagged('r.example.com/a/sno1:latest', 'r.example.com/a:{version}-{x}'), 'pass')
  t.equal(tagged('latest'), 'pass', 'another check says what is wrong with it')
  t.equal(tagged(null), 'pass')
  t.equal(tagged('r.example.com/a/sno1:latest', null), 'pass')
  t.end()
})

const checkIn = (id: string, objects: readonly (ReadObject & Readonly<{ on: string }>)[]) =>
  judgeRows(tables, answersOf(objects), knownFacts).find(check => check.id === id)

t.test('an installed SR-IOV operator whose nodes are configured passes', t => {
  const installed = crd('sriovnetworknodestates.sriovnetwork.openshift.io')(healthyObjects)
  const state = { name: 'node-1', status: { syncStatus: 'Succeeded' } }
  const objects = add('seed', 'SriovNetworkNodeState', {
    ...state,
    namespace: 'openshift-sriov-network-operator',
  })(installed)
  t.match(checkIn('seed.sriov-synced', objects), { status: 'pass', reason: '1 Succeeded' })
  t.end()
})

t.test('a pull secret without a value is none', t => {
  const objects = change('Secret', { data: {} }, /^pull-secret$/)(healthyObjects)
  t.match(checkIn('seed.pull-secret', objects), { status: 'fail' })
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
