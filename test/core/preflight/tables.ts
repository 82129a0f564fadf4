import { readFileSync } from 'node:fs'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { describeTables } from '../../../src/core/preflight/describe-tables.ts'
import { argocdRows } from '../../../src/core/preflight/argocd/argocd-rows.ts'
import { derivedNames } from '../../../src/core/preflight/derived-names.ts'
import { conditionStatus, field, listAt, textAt } from '../../../src/core/preflight/field.ts'
import { gitRows } from '../../../src/core/preflight/git/git-rows.ts'
import { hubQueries, instancesOf } from '../../../src/core/preflight/hub/hub-queries.ts'
import { recreatorQueries, writersIn } from '../../../src/core/preflight/seed/recreator-queries.ts'
import { hubRows } from '../../../src/core/preflight/hub/hub-rows.ts'
import { notCheckable } from '../../../src/core/preflight/not-checkable.ts'
import { commandOf, describeQuery, queryKey } from '../../../src/core/preflight/query.ts'
import { registryRows } from '../../../src/core/preflight/registry/registry-rows.ts'
import { rightsRows } from '../../../src/core/preflight/rights/rights-rows.ts'
import { notAnswered, row } from '../../../src/core/preflight/row.ts'
import { isLifecycleAgent, seedQueries } from '../../../src/core/preflight/seed/seed-queries.ts'
import { seedRows } from '../../../src/core/preflight/seed/seed-rows.ts'
import { queriesOf, tables } from '../../../src/core/preflight/tables.ts'
import { absent, forbidden, present, unknown } from '../../../src/core/seen.ts'
import { upstreamIds } from '../../support/preflight/upstream-ids.ts'
import { knownFacts } from '../../support/preflight/known-facts.ts'

const { nodes } = seedQueries
const { bareMetalHosts } = hubQueries

t.test('every row has an id of its own, and the tables hold them all', t => {
  const rows = [gitRows, hubRows, argocdRows, seedRows, rightsRows, registryRows].flat()
  t.strictSame(tables, rows)
  t.equal(new Set(rows.map(({ id }) => id)).size, rows.length)
  for (const { id, passes, source } of rows) {
    t.match(id, /^(?:git|hub|argocd|seed|secret|registry)\.[a-z][a-z-]+$/)
    t.ok(passes !== '' && source.length > 0, id)
  }
  t.equal(new Set(queriesOf(rows).map(queryKey)).size, queriesOf(rows).length)
  t.end()
})

t.test('every id of upstream is in a table or is said not to be checkable, and only once', t => {
  const answered = new Set(tables.flatMap(({ source }) => source))
  for (const id of upstreamIds) {
    const byHand = notCheckable.filter(one => one.id === id)
    t.equal(byHand.length + (answered.has(id) ? 1 : 0), 1, id)
  }
  for (const { id, what, why, command } of notCheckable) {
    t.ok(upstreamIds.includes(id), id)
    t.ok(what !== '' && why !== '' && command !== '', id)
  }
  t.end()
})

t.test('the documentation shows every check and what none answers', t => {
  const text = describeTables()
  for (const { id } of tables) t.ok(text.includes(`| \`${id}\` |`), id)
  for (const { id } of notCheckable) t.ok(text.includes(`| ${id} |`), id)
  t.end()
})

t.test('the manifests allow the bot every read on the hub', t => {
  const rules = ['base/cluster-role', 'base/role', 'overlays/example/seed-roles']
    .map(name => readFileSync(`manifests/${name}.yaml`, 'utf8'))
    .flatMap(text => parseAllDocuments(text))
    .flatMap(document => listAt(document.toJS(), 'rules'))
  for (const query of queriesOf(tables).filter(({ on }) => on === 'hub')) {
    const verb = query.name === undefined ? 'list' : 'get'
    const isAllowed = rules.some(
      rule =>
        listAt(rule, 'apiGroups').includes(query.group) &&
        listAt(rule, 'resources').includes(query.resource) &&
        listAt(rule, 'verbs').includes(verb) &&
        (query.group !== '' || listAt(rule, 'resourceNames').includes(query.name)),
    )
    t.ok(isAllowed, `${verb} ${queryKey(query)}`)
  }
  t.end()
})

t.test('the check of a row carries its id and its level', t => {
  for (const { id, check } of tables)
    t.equal(check(() => unknown('timeout'), knownFacts).id, id, id)
  t.end()
})

t.test('a row is judged only when all of its reads were answered', t => {
  const { check } = row({
    ...{ id: 'seed.x', level: 'warn', passes: 'x', reads: [nodes], source: ['x'], fix: 'do it' },
    test: found => ({ ok: found(nodes).length === 1, reason: `${found(nodes).length} nodes` }),
  })
  const node = { kind: 'Node', metadata: { name: 'a' } }
  t.match(
    check(() => present([node]), knownFacts),
    { status: 'pass', reason: '1 nodes', fix: '' },
  )
  t.match(
    check(() => absent, knownFacts),
    { status: 'fail', reason: '0 nodes', fix: 'do it' },
  )
  const whys = [
    ['forbidden', 'let the user list nodes'],
    ['not-served', 'install what brings this kind, or ask by hand: `oc get nodes`'],
    ['untrusted', /certificate authority/],
    ['unreachable', /Sower asks again by itself/],
    ['timeout', /Sower asks again by itself/],
    ['untrusted-token-service', /docs\/registry/],
    ['limited', /Sower asks again by itself/],
  ] as const
  for (const [why, fix] of whys)
    t.match(
      check(() => unknown(why), knownFacts),
      {
        ...{ status: 'unknown', reason: `no answer: nodes on the seed: ${why}`, fix },
      },
    )
  const denied = { verb: 'list', group: '', resource: 'nodes' }
  t.equal(check(() => forbidden(denied), knownFacts).fix, 'let the user list nodes')
  t.equal(
    notAnswered({ id: 'hub.x', level: 'warn' }, bareMetalHosts, forbidden(denied)).fix,
    'let the user list nodes (ClusterRole sower)',
  )
  t.match(
    check(() => unknown('not-asked'), knownFacts),
    {
      ...{ status: 'not-asked', reason: 'not asked: nodes on the seed' },
    },
  )
  t.end()
})

t.test('a query is described, and asked by hand, as people do it', t => {
  t.equal(describeQuery(bareMetalHosts), 'baremetalhosts.metal3.io {cluster} on the hub')
  t.equal(commandOf(bareMetalHosts), 'oc get baremetalhosts.metal3.io -n {cluster}')
  t.equal(commandOf({ ...nodes, name: 'a' }), 'oc get nodes a')
  const stats = { ...nodes, resource: 'nodes/proxy', name: 'a', path: 'stats/summary' }
  t.equal(commandOf(stats), 'oc get --raw /api/v1/nodes/a/proxy/stats/summary')
  t.end()
})

t.test('reads what nobody has checked', t => {
  const object = { status: { conditions: [{ type: 'A', status: 'True' }], text: 'x' } }
  t.equal(field(object, 'status', 'text', 'length'), undefined)
  t.equal(textAt(object, 'status', 'text'), 'x')
  t.equal(textAt(object, 'status'), '')
  t.strictSame(listAt(object, 'status', 'text'), [])
  t.equal(conditionStatus(object, 'A'), 'True')
  t.equal(conditionStatus(object, 'B'), '')
  t.end()
})

t.test('names the Lifecycle Agent has its namespace from', t => {
  const csv = (name: string, namespace: string, labels = {}) => ({
    ...{ kind: 'ClusterServiceVersion', metadata: { name, namespace, labels } },
  })
  const copy = csv('lifecycle-agent.v5.0.0', 'default', { 'olm.copiedFrom': 'x' })
  const own = csv('lifecycle-agent.v5.0.0', 'openshift-operators')
  t.notOk(isLifecycleAgent(copy))
  t.equal(derivedNames['{lifecycle-agent}']?.name([copy, own], 'sno1'), 'openshift-operators')
  t.equal(derivedNames['{node}']?.name([], 'sno1'), undefined)
  t.end()
})

t.test('finds the ClusterInstances of a cluster by spec.clusterName', t => {
  const instance = { kind: 'ClusterInstance', metadata: { name: 'a' }, spec: { clusterName: 'b' } }
  t.strictSame(instancesOf(present([instance]), 'b'), present([instance]))
  t.strictSame(instancesOf(present([instance]), 'a'), absent)
  t.strictSame(instancesOf(unknown('timeout'), 'a'), unknown('timeout'))
  t.end()
})

t.test('reads External Secrets in each version that may be served', t => {
  const { externalSecrets } = writersIn(({ version, kind }) => [
    { kind, metadata: { name: version } },
  ])
  const read = externalSecrets.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
  const kinds = ['ExternalSecret', 'ClusterExternalSecret']
  t.strictSame(
    read,
    kinds.flatMap(kind => [`${kind} v1`, `${kind} v1beta1`]),
  )
  t.ok(recreatorQueries.every(({ on, optional }) => on === 'seed' && optional))
  t.end()
})
