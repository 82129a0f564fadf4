import t from 'tap'
import { applicationNode } from '../../src/core/waiting/application-node.ts'
import { detachTree } from '../../src/core/waiting/detach-tree.ts'
import { explainOperation } from '../../src/core/waiting/explain-operation.ts'
import { hostNode } from '../../src/core/waiting/host-node.ts'
import { isOverdue, nodesOf } from '../../src/core/waiting/hub-object.ts'
import { instanceNode } from '../../src/core/waiting/instance-node.ts'
import { isForced, managedClusterNode } from '../../src/core/waiting/managed-cluster-node.ts'
import { namespaceNode } from '../../src/core/waiting/namespace-node.ts'
import { ageOf, leftOf, renderTree } from '../../src/core/waiting/render-tree.ts'
import { shownTime } from '../../src/core/waiting/shown-time.ts'
import { seedNode } from '../../src/core/waiting/seed-node.ts'
import { blockersIn, mapTexts, stuckIn, waiting, worstOf } from '../../src/core/waiting/waiting.ts'
import { absent, present } from '../../src/core/seen.ts'
import {
  applicationSight,
  detachSight,
  hubObject,
  lately,
  longAgo,
  now,
} from '../support/detach-sight.ts'
import { syncFacts } from '../support/sync-facts.ts'
import { scenarios } from './waiting/scenarios.ts'

t.test('each blocker of a detach has its tree', t => {
  for (const [what, sight] of Object.entries(scenarios)) {
    const tree = detachTree(detachSight(sight), now)
    t.matchSnapshot(renderTree(tree, { now, isColoured: false }).join('\n'), what)
  }
  t.end()
})

t.test('each stuck thing says what to do, and only where all is gone nothing is left', t => {
  for (const [what, sight] of Object.entries(scenarios)) {
    const tree = detachTree(detachSight(sight), now)
    for (const node of stuckIn(tree))
      t.ok(
        node.next !== null || node.parts.some(({ next }) => next !== null),
        `${what}: ${node.what}`,
      )
  }
  const done = detachTree(detachSight(), now)
  t.equal(done.state, 'gone')
  t.strictSame(leftOf(done).parts, [])
  t.end()
})

t.test('what Argo CD says is explained, and what Sower does not know is not', t => {
  const names = { application: 'site', namespace: 'argocd', resource: 'g:k:n/n' }
  for (const [said, next] of [
    ['one or more tasks: ignored (requires pruning)', /--prune --resource g:k:n\/n$/],
    ['waiting for healthy state of /Secret/x', /^make that object healthy/],
    ['Sync operation blocked by sync window', /window/],
    ['resource a:b is not permitted in project c', /AppProject/],
    ['rpc error: code = DeadlineExceeded desc = context deadline exceeded', /takes too long/],
    ['failed to list refs: authentication required', /credential/],
    ['there are no clusters with this name: x', /destination/],
    ['clusterinstances "x" is forbidden', /right/],
    ['another operation is already in progress', /^wait/],
    ['waiting for deletion of x', /further down/],
  ] as const)
    t.match(explainOperation(said, names), next, said)
  t.equal(explainOperation('something else', names), null)
  t.end()
})

t.test('a tree knows its worst part and what of it is stuck', t => {
  const [going, stuck] = [waiting('a', 'going'), waiting('b', 'stuck', { why: 'held' })]
  t.equal(worstOf([]), 'gone')
  t.equal(worstOf([stuck, going, waiting('c', 'unknown')]), 'stuck')
  const tree = waiting('all', 'stuck', { parts: [going, stuck] })
  t.strictSame(stuckIn(tree), [stuck])
  t.strictSame(
    blockersIn({
      ...tree,
      parts: [
        waiting('a', 'going', { why: 'held by x' }),
        waiting('g', 'gone', { why: 'gone', parts: [stuck] }),
        waiting('u', 'unknown', { why: 'no answer', parts: [stuck, waiting('t', 'there')] }),
      ],
    }),
    ['b: held', 'u: no answer', 'a: held by x'],
  )
  const loud = mapTexts({ ...tree, next: 'go' }, text => text.toUpperCase())
  t.match(loud, { what: 'ALL', why: null, next: 'GO', parts: [{}, { why: 'HELD' }] })
  t.end()
})

t.test('single things are described for themselves', t => {
  t.equal(isOverdue(hubObject('Secret', { deletionTimestamp: lately }), now), false)
  t.equal(isOverdue(hubObject('Secret', { deletionTimestamp: longAgo }), now), true)
  t.equal(isOverdue(hubObject('Secret'), now), false)
  t.equal(isForced(hubObject('ManagedCluster')), false)
  t.match(hostNode(hubObject('BareMetalHost'), now), { state: 'there' })
  t.match(instanceNode(hubObject('ClusterInstance'), now), { state: 'there' })
  const attached = { addons: absent, works: absent }
  t.match(managedClusterNode(hubObject('ManagedCluster'), attached, now), { parts: [] })
  t.match(namespaceNode(hubObject('Namespace', { deletionTimestamp: lately }), now), {
    state: 'going',
  })
  t.match(
    nodesOf('x', present([]), () => []),
    [{ what: 'x', state: 'gone' }],
  )
  const seed = { klusterlet: absent, addonNamespaces: absent, isReleased: true }
  t.match(seedNode(seed), { state: 'gone' })
  t.match(applicationNode(applicationSight({}, { isNeeded: false })), { state: 'gone' })
  const unseen = { facts: syncFacts(), hasMerge: false, isNeeded: true }
  t.match(applicationNode({ ...unseen, hasMerge: null }), {
    parts: [{ what: 'has looked at Git' }],
  })
  t.match(applicationNode(unseen), { parts: [{ why: /^compared nothing; looks/ }] })
  t.end()
})

t.test(
  'a tree is drawn with running ages or with times, in colour or not, and never too wide',
  t => {
    for (const [since, age] of [
      ['2026-11-30T10:29:48Z', '12s'],
      ['2026-11-30T10:26:00Z', '4m'],
      ['2026-11-30T08:25:00Z', '2h 5m'],
      ['2026-11-30T11:00:00Z', '0s'],
      ['never', ''],
    ] as const)
      t.equal(ageOf(since, now), age, since)
    const tree = waiting('a\u0007b', 'stuck', { since: lately, why: 'held', next: 'do it' })
    t.strictSame(renderTree(tree, { now: null, isColoured: false }), [
      `✗ a\\u{7}b: held (since ${lately})`,
      '    → do it',
    ])
    t.strictSame(renderTree(tree, { now, isColoured: true, columns: 6 }), [
      '\u001B[31m✗\u001B[0m a\\u…',
      '    → do it',
    ])
    t.end()
  },
)

t.test('a time is shown to the minute', t => {
  t.equal(shownTime('2026-11-30T10:04:59.999Z'), '2026-11-30 10:04 UTC')
  t.end()
})
