import t from 'tap'
import type { Check } from '../../../src/core/preflight/check.ts'
import type { Facts } from '../../../src/core/preflight/facts.ts'
import { agentRows } from '../../../src/core/preflight/seed/agent-rows.ts'
import { healthRows } from '../../../src/core/preflight/seed/health-rows.ts'
import { hostRows as seedHostRows } from '../../../src/core/preflight/seed/host-rows.ts'
import { residueRows } from '../../../src/core/preflight/seed/residue-rows.ts'
import { comparedRows } from '../../../src/core/preflight/seed/compared-rows.ts'
import { storageRows } from '../../../src/core/preflight/seed/storage-rows.ts'
import { clusterRows } from '../../../src/core/preflight/hub/cluster-rows.ts'
import { fleetRows } from '../../../src/core/preflight/hub/fleet-rows.ts'
import { goneRows } from '../../../src/core/preflight/hub/gone-rows.ts'
import { goneRows as seedGoneRows } from '../../../src/core/preflight/seed/gone-rows.ts'
import { hostRows } from '../../../src/core/preflight/hub/host-rows.ts'
import { queryKey, type ReadObject } from '../../../src/core/preflight/query.ts'
import { judgeRows, rowsOf, tables } from '../../../src/core/preflight/tables.ts'
import { present, unknown } from '../../../src/core/seen.ts'
import { answersOf, detachedObjects, healthyObjects } from '../../support/preflight/healthy.ts'
import { knownFacts } from '../../support/preflight/known-facts.ts'
import type { Fault } from '../../support/preflight/fault.ts'
import { adoptFaults } from '../../support/preflight/adopt-faults.ts'
import { reachable } from '../../support/preflight/reach-faults.ts'
import { reachRows } from '../../../src/core/preflight/seed/reach-rows.ts'
import { faults } from '../../support/preflight/faults.ts'

// The rules of Argo CD have tests of their own.
const ours = tables.filter(({ id }) => !id.startsWith('argocd.'))

const judge = (fault: Fault | null): readonly Check[] => {
  const changed = fault?.objects?.(healthyObjects) ?? healthyObjects
  const facts: Facts = fault?.facts?.(knownFacts) ?? knownFacts
  return judgeRows(rowsOf('detach'), answersOf(changed), facts)
}

const judgeAdopted = (fault: Fault | null): readonly Check[] => {
  const changed = fault?.objects?.(detachedObjects) ?? detachedObjects
  const facts: Facts = { ...(fault?.facts?.(knownFacts) ?? knownFacts), adopt: true }
  return judgeRows(rowsOf('adopt'), answersOf(changed), facts)
}

t.test('a healthy seed passes all', t => {
  const checks = judge(null)
  t.strictSame(
    checks.filter(({ status }) => status !== 'pass'),
    [],
  )
  t.ok(checks.every(({ fix }) => fix === ''))
  t.end()
})

t.test('a seed that is detached already passes all of an adopted run', t => {
  const checks = judgeAdopted(null)
  t.strictSame(
    checks.filter(({ status }) => status !== 'pass'),
    [],
  )
  t.match(
    checks.find(({ id }) => id === 'git.proof'),
    { reason: 'no root renders the cluster, and nothing leaves' },
  )
  t.notOk(checks.some(({ id }) => id.startsWith('argocd.') || id.startsWith('hub.application')))
  t.end()
})

const isAdopted = (fault: Fault): boolean => adoptFaults.includes(fault)

t.test('each fault makes exactly its own check fail, with what to do', t => {
  for (const fault of [...faults, ...adoptFaults]) {
    const failed = (isAdopted(fault) ? judgeAdopted : judge)(fault).filter(
      ({ status }) => status === 'fail',
    )
    t.match(
      failed,
      [
        {
          id: fault.id,
          status: 'fail',
          level: fault.level ?? /./,
          reason: fault.reason,
          fix: /\w{4}/,
        },
      ],
      `${fault.id}: ${String(fault.reason)}`,
    )
    t.equal(failed.length, 1, failed.map(({ id }) => id).join())
  }
  t.end()
})

t.test('a node that reaches the registry in another way passes', t => {
  for (const [index, { objects, facts }] of reachable.entries()) {
    const known = facts?.(knownFacts) ?? knownFacts
    const checks = judgeRows(
      reachRows,
      answersOf(objects?.(healthyObjects) ?? healthyObjects),
      known,
    )
    t.strictSame(
      checks.filter(({ status }) => status !== 'pass').map(({ id, reason }) => [id, reason]),
      [],
      `world ${index}`,
    )
  }
  t.end()
})

t.test('every check that can fail has a fault', t => {
  const ofSeed = [healthRows, agentRows, comparedRows, storageRows, seedHostRows]
  const rows = [...ofSeed, reachRows, residueRows]
  const inParts = [...rows, clusterRows, fleetRows, hostRows, goneRows, seedGoneRows].flat()
  // Without a certificate that verifies nothing on the seed is answered: it has a test of its own.
  for (const id of new Set([...inParts, ...ours].map(({ id }) => id)))
    t.ok(
      id === 'seed.server-name' || [...faults, ...adoptFaults].some(fault => fault.id === id),
      id,
    )
  t.end()
})

t.test('a read without an answer passes no check that looks at it', t => {
  const answers = answersOf(healthyObjects)
  for (const why of ['forbidden', 'unreachable', 'timeout', 'not-served'] as const)
    for (const row of ours.filter(({ reads }) => reads.length > 0)) {
      const keys = new Set(row.reads.map(queryKey))
      const check = row.check(
        query => (keys.has(queryKey(query)) ? unknown(why) : answers(query)),
        knownFacts,
      )
      t.equal(check.status, 'unknown', `${row.id} ${why}`)
      t.match(check.reason, new RegExp(`no answer: .*${why}|does not know`), row.id)
      t.not(check.fix, '', row.id)
    }
  t.end()
})

t.test('a row of one profile, or of some versions, passes on every other seed', t => {
  const without = healthyObjects.filter(({ kind }) => !/^(?:Perf|Tuned|Sriov|Network$)/.test(kind))
  const answers = answersOf(without)
  const none = { seen: 'absent' } as const
  for (const id of ['seed.tuned-patch', 'seed.network-diagnostics-off']) {
    const row = comparedRows.find(one => one.id === id)
    t.match(row?.check(answers, knownFacts), {
      status: 'pass',
      reason: 'it has no PerformanceProfile',
    })
    t.match(
      row?.check(() => none, knownFacts),
      { status: 'pass' },
      'a kind that is not served',
    )
  }
  const logging = comparedRows.find(({ id }) => id === 'seed.cluster-logging')
  t.match(logging?.check(answersOf(healthyObjects), knownFacts), {
    status: 'pass',
    reason: 'it does not count for OpenShift 4.18',
  })
  const unknownVersion = healthyObjects.filter(({ kind }) => kind !== 'ClusterVersion')
  t.match(logging?.check(answersOf(unknownVersion), knownFacts), {
    status: 'pass',
    reason: 'it does not count for OpenShift of no version',
  })
  t.end()
})

t.test('a row looks at nothing but what it says', t => {
  for (const row of tables) {
    const keys = new Set(row.reads.map(queryKey))
    row.check(query => {
      t.ok(keys.has(queryKey(query)), `${row.id} reads ${queryKey(query)}`)
      return present([])
    }, knownFacts)
  }
  t.end()
})

const seedOf = (kind: string) => (object: ReadObject) => object.kind === kind
t.test('the container partition is found in four places, the surest first', t => {
  const [row] = seedHostRows
  const without = healthyObjects.filter(object => !seedOf('MachineConfig')(object))
  const unit = JSON.stringify({ systemd: { units: [{ name: 'var-lib-containers.mount' }] } })
  const change = (kind: string, more: Partial<ReadObject>) =>
    without.map(object => (object.kind === kind ? { ...object, ...more } : object))
  const annotations = { 'bmac.agent-install.openshift.io/ignition-config-overrides': unit }
  const runtime = { imageFs: { capacityBytes: 5 } }
  const cases = [
    [
      change('ClusterInstance', {
        spec: { clusterName: 'sno1', nodes: [{ ignitionConfigOverride: unit }] },
      }),
      'ignitionConfigOverride',
    ],
    [
      change('BareMetalHost', { metadata: { name: 'host', namespace: 'sno1', annotations } }),
      'BareMetalHost',
    ],
    [healthyObjects, 'MachineConfig'],
    [change('NodeSummary', { status: { node: { fs: { capacityBytes: 9 }, runtime } } }), 'kubelet'],
  ] as const
  for (const [objects, where] of cases)
    t.match(row?.check(answersOf(objects), knownFacts), { status: 'pass', reason: where })
  // Where it is shown, it does not matter that the kubelet may not be asked.
  const answers = answersOf(healthyObjects)
  const deaf: typeof answers = query =>
    query.kind === 'NodeSummary' ? unknown('forbidden') : answers(query)
  t.match(row?.check(deaf, knownFacts), { status: 'pass' })
  t.end()
})

t.test('an untrusted certificate is said where it is looked for', t => {
  const checks = judgeRows(
    tables,
    ({ on }) => (on === 'seed' ? unknown('untrusted') : present([])),
    {
      ...knownFacts,
      access: unknown('untrusted'),
    },
  )
  t.match(
    checks.find(({ id }) => id === 'seed.server-name'),
    { status: 'fail', fix: /certificate-authority-data/ },
  )
  t.match(
    checks.find(({ id }) => id === 'seed.access'),
    { status: 'unknown' },
  )
  t.end()
})
