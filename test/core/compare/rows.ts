import t from 'tap'
import { compareEqual } from '../../../src/core/compare/compare-equal.ts'
import { checkedByAgent } from '../../../src/core/compare/rows/checked-by-agent.ts'
import {
  containerPartition,
  mountTarget,
} from '../../../src/core/compare/rows/container-partition.ts'
import { documentedRows } from '../../../src/core/compare/rows/documented-rows.ts'
import { mustBeEqual } from '../../../src/core/compare/rows/must-be-equal.ts'
import { profileRows } from '../../../src/core/compare/rows/profile-rows.ts'
import { compareQueries } from '../../../src/core/compare/compare-queries.ts'
import type { EqualRow, Found } from '../../../src/core/compare/rows/equal-row.ts'
import { newer, same, seedHasAll } from '../../../src/core/compare/judged.ts'
import { factOf } from '../../../src/core/compare/side.ts'
import { flatten } from '../../../src/core/compare/rows/flatten.ts'
import { listed } from '../../../src/core/compare/value.ts'
import {
  answersFrom,
  brought,
  declared,
  made,
  seedWith,
  targetWith,
} from '../../support/compare/objects.ts'
import { rowFixtures } from '../../support/compare/row-fixtures.ts'
import type { Side } from '../../../src/core/compare/side.ts'

const rowOf = (id: string): EqualRow => {
  const row = mustBeEqual.find(one => one.id === id)
  if (row === undefined) throw new Error(id)
  return row
}
const compare = (id: string, seed: Side, target: Side) => {
  const row = rowOf(id)
  return compareEqual(row, factOf(row, seed), target)
}

t.test(
  'each row finds equal what is equal, different what is not, and knows nothing without an answer',
  t => {
    for (const { id, seed, equal, different, reason, agent, level = 'block' } of rowFixtures) {
      const onSeed = seedWith({ answers: answersFrom(seed) })
      const of = (objects: typeof seed) =>
        compare(id, onSeed, targetWith({ answers: answersFrom(objects) }))
      t.match(of(equal), { id, status: 'pass', fix: '', agent: null }, `${id}: ${of(equal).reason}`)
      const found = of(different)
      t.match(found, { id, status: 'fail', level, reason, fix: /\w{4}/ }, `${id}: ${found.reason}`)
      t.match(found.agent ?? 'silent', agent ?? /^silent$/, id)
      const [query] = rowOf(id).reads
      if (query === undefined) throw new Error(`${id} reads nothing`)
      const silent = targetWith({ answers: answersFrom(equal, [query]) })
      t.match(compare(id, onSeed, silent), {
        status: 'unknown',
        target: null,
        reason: /^no answer of the target for .*: forbidden$/,
        fix: /^let the user list /,
      })
    }
    t.end()
  },
)

t.test('every row has a fixture, but that which only Git can answer', t => {
  const known = rowFixtures.map(({ id }) => id)
  t.strictSame(
    mustBeEqual.map(({ id }) => id).filter(id => !known.includes(id)),
    ['equal.day-0-manifests'],
  )
  t.strictSame([...checkedByAgent, ...documentedRows, ...profileRows], mustBeEqual)
  t.ok(
    checkedByAgent.every(({ source }) => source[0]?.startsWith('lifecycle-agent prep_handlers.go')),
  )
  t.end()
})

const ofGit = (spec: object, more: object = {}): Side =>
  targetWith({ declared: declared({ spec, ...more }) })

t.test('a ClusterInstance answers what it can', t => {
  const overrides = (of: object) => ({ installConfigOverrides: JSON.stringify(of) })
  const node = (of: object) => ({ nodes: [{ ignitionConfigOverride: JSON.stringify(of) }] })
  const ignition = {
    storage: {
      disks: [{ partitions: [{ label: 'x', startMiB: 5, sizeMiB: 7 }] }],
      filesystems: [{ path: '/var/lib/containers', device: '/dev/disk/by-partlabel/x' }],
    },
    systemd: { units: [{ name: 'var-lib-containers.mount', contents: 'What=/dev/x\n' }] },
  }
  const cases: readonly (readonly [id: string, side: Side, value: readonly string[] | null])[] = [
    ['proxy', ofGit({ proxy: { httpProxy: 'a' } }), ['on']],
    ['proxy', ofGit({}), ['off']],
    ['fips', ofGit(overrides({ fips: true })), ['on']],
    ['fips', ofGit({ installConfigOverrides: 'no JSON' }), ['off']],
    ['version', ofGit({ clusterImageSetNameRef: 'img4.18.5' }), null],
    ['trust-bundle', ofGit({}), null],
    ['container-mount', ofGit(node(ignition)), ['/dev/x']],
    ['container-mount', ofGit(node({})), null],
    ['container-mount', ofGit({ nodes: [{ ignitionConfigOverride: '{' }] }), null],
    ['container-partition', ofGit(node(ignition)), ['label: x', 'sizeMiB: 7', 'startMiB: 5']],
    ['container-partition', ofGit(node({})), null],
    ['mirror', ofGit(overrides({ imageDigestSources: [{}] })), ['yes']],
    ['mirror', ofGit(overrides({ imageContentSources: [{}] })), ['yes']],
    ['mirror', ofGit({}, { dayZero: null }), null],
    [
      'mirror',
      ofGit({}, { policies: [brought(made(['a/v1', 'ImageDigestMirrorSet', 'x']))] }),
      ['yes'],
    ],
    [
      'ip-version',
      ofGit({ clusterNetwork: [{ cidr: 'fd01::/48' }], machineNetwork: [{ cidr: '10.0.0.0/8' }] }),
      ['IPv4', 'IPv6'],
    ],
    ['ip-version', ofGit({ clusterNetwork: [{}] }), null],
    ['cpu', ofGit({}), null],
    ['cpu-architecture', ofGit({}), ['x86_64']],
    ['cpu-partitioning', ofGit({ cpuPartitioningMode: 'AllNodes' }), ['AllNodes']],
    ['cpu-partitioning', ofGit({}), ['None']],
    ['cgroup', ofGit({}), null],
    ['machine-configs', ofGit({}), null],
    ['day-0-manifests', ofGit({}), []],
    ['day-0-manifests', ofGit({}, { dayZero: null, missing: ['a/b'] }), null],
  ]
  for (const [name, side, value] of cases) {
    const fact = factOf(rowOf(`equal.${name}`), side)
    t.strictSame(fact.isKnown ? fact.value : null, value, name)
  }
  t.end()
})

t.test('policies in Git answer, where the hub fills in nothing of them', t => {
  const profile = (cpus: string, more = {}) =>
    brought(
      made(['performance.openshift.io/v2', 'PerformanceProfile', 'p'], {
        spec: { cpu: { reserved: cpus } },
      }),
      more,
    )
  const row = rowOf('equal.performance-profile')
  const of = (...policies: ReturnType<typeof profile>[]) => factOf(row, ofGit({}, { policies }))
  t.match(of(profile('0-1')), { isKnown: true, value: ['cpu.reserved: 0-1'], from: 'git' })
  t.match(of(profile('{{hub x hub}}', { isTemplated: true })), { isKnown: false })
  t.match(of(), { isKnown: false })
  t.match(of(profile('0-1'), profile('2-3')), {
    value: ['p cpu.reserved: 0-1', 'p cpu.reserved: 2-3'],
  })
  const empty = brought(made(['performance.openshift.io/v2', 'PerformanceProfile', 'p']))
  t.match(of(empty), { isKnown: true, value: [] })
  t.end()
})

t.test('says what a cluster or Git leaves open, and what would answer it', t => {
  const cluster = targetWith({ answers: answersFrom([]) })
  t.match(factOf(rowOf('equal.version'), cluster), {
    reason: 'what was read on the target does not say',
    fix: 'ask by hand: `oc get clusterversions.config.openshift.io version`',
  })
  t.match(factOf(rowOf('equal.fips'), cluster), { isKnown: false })
  t.match(factOf(rowOf('equal.day-0-manifests'), cluster), {
    reason: 'no ClusterInstance of the target is listed in Git',
  })
  t.match(factOf(rowOf('equal.day-0-manifests'), ofGit({}, { dayZero: null, missing: ['a/b'] })), {
    reason: 'ConfigMap a/b of the target is not in Git',
  })
  t.match(factOf(rowOf('equal.cpu'), ofGit({})), {
    reason: 'Git does not say, and the target was not asked',
    fix: /^name a kubeconfig or a must-gather that holds it, or ask by hand: `oc get nodes`$/,
  })
  const gathered = targetWith({ answers: answersFrom([], [compareQueries.proxy], 'not-asked') })
  t.match(factOf(rowOf('equal.proxy'), gathered), {
    reason: 'the must-gather of the target does not hold proxies.config.openshift.io',
  })
  const other = {
    ...rowOf('equal.day-0-manifests'),
    reads: [compareQueries.nodes],
    read: (found: Found) => found(compareQueries.proxy).map(({ kind }) => kind),
  }
  const noProxy = targetWith({ answers: answersFrom([], [compareQueries.proxy]) })
  t.match(factOf(other, noProxy), { isKnown: true, value: [] })
  t.match(
    compare(
      'equal.cpu',
      seedWith({}),
      targetWith({
        answers: answersFrom([made(['v1', 'Node', 'n'], { status: { capacity: { cpu: '4' } } })]),
      }),
    ),
    {
      ...{ status: 'unknown', seed: null, target: ['4'] },
      reason: 'Git does not say, and the seed was not asked',
    },
  )
  t.match(compare('equal.cpu', seedWith({}), targetWith({})), {
    reason: 'Git does not say, and neither the seed nor the target was asked',
    fix: /oc get nodes/,
  })
  t.end()
})

t.test('what sower.yaml expects stands for every target', t => {
  const expected = targetWith({ expected: new Map([['fips', ['off']]]) })
  t.match(compare('equal.fips', ofGit({}), expected), { status: 'pass', target: ['off'] })
  t.match(compare('equal.proxy', ofGit({}), expected), {
    status: 'unknown',
    reason: 'sower.yaml states no expectation for it',
    fix: 'add `proxy` to `expect` in sower.yaml',
  })
  t.end()
})

t.test('judges say in which lines two sides differ', t => {
  t.equal(listed(['a', 'b', 'c', 'd', 'e', 'f', 'g']), 'a, b, c, d, e, and 2 more')
  t.equal(listed([]), 'none')
  t.match(same()(['a'], ['a']), { ok: true, reason: 'both: a' })
  t.match(same()(['a'], []), { ok: false, reason: 'only on the seed: a' })
  t.match(newer(['x'], ['4.1']), { ok: false })
  t.match(newer([], []), { ok: false })
  t.match(seedHasAll('thing')([], []), { ok: true, reason: 'both: none' })
  t.strictSame(flatten(['x', null]), ['0: x', '1: null'])
  t.equal(mountTarget({}), null)
  // By the square of its length such a unit would take hours.
  const contents = `${'\n'.repeat(1_000_000)}a`
  const units = [{ name: 'var-lib-containers.mount', contents }]
  t.equal(mountTarget({ systemd: { units } }), null)
  t.equal(containerPartition({ storage: { filesystems: [{ path: '/var/lib/containers' }] } }), null)
  t.end()
})
