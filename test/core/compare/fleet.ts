import t from 'tap'
import { askedQueries } from '../../../src/core/compare/asked-queries.ts'
import { compareExtra } from '../../../src/core/compare/compare-extra.ts'
import { compareFleet } from '../../../src/core/compare/compare-fleet.ts'
import { compareQueries } from '../../../src/core/compare/compare-queries.ts'
import { compareSeed } from '../../../src/core/compare/compare-seed.ts'
import { extraManifestsOf, standingOf, type Compared } from '../../../src/core/compare/compared.ts'
import { contentHash } from '../../../src/core/compare/rows/content-hash.ts'
import {
  fewOf,
  ofSeverity,
  severities,
  sharedFindings,
} from '../../../src/core/compare/shared-findings.ts'
import { describeRows } from '../../../src/core/compare/describe-rows.ts'
import { describeMinors, isFor } from '../../../src/core/compare/rows/minors.ts'
import { belongsInExtraManifest } from '../../../src/core/compare/rows/belongs-in-extra-manifest.ts'
import { mustBeOnTheSeed } from '../../../src/core/compare/rows/must-be-on-the-seed.ts'
import { mustNotBeOnTheSeed } from '../../../src/core/compare/rows/must-not-be-on-the-seed.ts'
import { objectName } from '../../../src/core/compare/rows/object-lines.ts'
import type { SeedRow } from '../../../src/core/compare/rows/equal-row.ts'
import {
  answersFrom,
  brought,
  declared,
  made,
  seedWith,
  targetWith,
  type Placed,
} from '../../support/compare/objects.ts'

const settings = { accept: [], configMap: 'openshift-lifecycle-agent/extra-manifests' }

const profile = made(['performance.openshift.io/v2', 'PerformanceProfile', 'openshift-node'])
const tuned = (name: string, data: string): Placed =>
  made(['tuned.openshift.io/v1', 'Tuned', `ns/${name}`], { spec: { profile: [{ data }] } })
const onSeed: Readonly<Record<string, readonly Placed[]>> = {
  'seed.no-persistent-volume': [made(['v1', 'PersistentVolume', 'pv-1'])],
  'seed.no-local-volume': [made(['local.storage.openshift.io/v1', 'LocalVolume', 'ns/disks'])],
  'seed.no-lvm-cluster': [made(['lvm.topolvm.io/v1alpha1', 'LVMCluster', 'ns/lvm'])],
  'seed.no-data-protection': [
    made(['oadp.openshift.io/v1alpha1', 'DataProtectionApplication', 'openshift-adp/dpa']),
  ],
  'seed.storage-classes': [
    made(['storage.k8s.io/v1', 'StorageClass', 'local'], {
      provisioner: 'kubernetes.io/no-provisioner',
    }),
  ],
  'seed.no-fec': [made(['sriovfec.intel.com/v2', 'SriovFecClusterConfig', 'ns/fec'])],
  'seed.no-vrb': [made(['sriovvrb.intel.com/v1', 'SriovVrbClusterConfig', 'ns/vrb'])],
  'seed.olm-pprof-off': [
    made(['v1', 'ConfigMap', 'openshift-operator-lifecycle-manager/collect-profiles-config'], {
      data: { 'pprof-config.yaml': 'disabled: True\n' },
    }),
  ],
  'seed.tuned-patch': [
    profile,
    tuned('openshift-node-performance-openshift-node', 'include=other'),
    tuned('any-name', '[main]\ninclude=a, openshift-node-performance-openshift-node\n'),
  ],
  'seed.sriov-operator-config': [
    made([
      'sriovnetwork.openshift.io/v1',
      'SriovOperatorConfig',
      'openshift-sriov-network-operator/default',
    ]),
  ],
  'seed.network-diagnostics-off': [
    made(['operator.openshift.io/v1', 'Network', 'cluster'], {
      spec: { disableNetworkDiagnostics: true },
    }),
  ],
  'seed.cluster-logging': [
    made(['logging.openshift.io/v1', 'ClusterLogging', 'openshift-logging/instance']),
  ],
}
const seedRows: readonly SeedRow[] = [...mustBeOnTheSeed, ...mustNotBeOnTheSeed]

t.test(
  'each row of the seed tells apart what is there, what is not, and what nobody answers',
  t => {
    t.strictSame(Object.keys(onSeed).sort(), seedRows.map(({ id }) => id).sort())
    for (const row of seedRows) {
      const there = onSeed[row.id] ?? []
      const isWanted = mustBeOnTheSeed.includes(row)
      const check = (objects: readonly Placed[]) =>
        compareSeed(row, seedWith({ answers: answersFrom(objects) }))
      t.match(check(there), { id: row.id, status: isWanted ? 'pass' : 'fail' }, row.id)
      t.match(check([]), { status: isWanted ? 'fail' : 'pass', level: row.level }, row.id)
      const silent = answersFrom(there, row.reads, 'timeout')
      t.match(compareSeed(row, seedWith({ answers: silent })), {
        status: 'unknown',
        reason: /timeout/,
        fix: /\w/,
      })
      t.match(compareSeed(row, seedWith({})), { status: 'unknown', reason: /^Git does not say/ })
      const policies = there.map(object => brought(object))
      const byGit = compareSeed(row, seedWith({ declared: declared({ policies }) }))
      t.match(
        byGit,
        { status: isWanted ? 'pass' : 'fail' },
        `${row.id}: policies prove what they bring`,
      )
    }
    t.end()
  },
)

t.test(
  'a policy that brings an object in another form leaves open whether the cluster has the right one',
  t => {
    const [row] = mustBeOnTheSeed.filter(({ id }) => id === 'seed.olm-pprof-off')
    const [object] = onSeed['seed.olm-pprof-off'] ?? []
    if (!row || !object) throw new Error('there is no such row')
    const policies = [brought({ ...object, data: {} })]
    t.match(compareSeed(row, seedWith({ declared: declared({ policies }) })), {
      status: 'unknown',
      reason: 'Git shows only a part of what the seed has',
    })
    t.end()
  },
)

const extras: Readonly<Record<string, Placed>> = {
  'extra.cluster-log-forwarder': made(
    ['observability.openshift.io/v1', 'ClusterLogForwarder', 'openshift-logging/instance'],
    { spec: { a: 1 } },
  ),
  'extra.old-cluster-log-forwarder': made([
    'logging.openshift.io/v1',
    'ClusterLogForwarder',
    'openshift-logging/instance',
  ]),
  'extra.monitoring-config': made(
    ['v1', 'ConfigMap', 'openshift-monitoring/cluster-monitoring-config'],
    { data: { a: '1' } },
  ),
  'extra.ptp-operator-config': made(
    ['ptp.openshift.io/v1', 'PtpOperatorConfig', 'openshift-ptp/default'],
    { spec: { ptpEventConfig: { enableEventPublisher: true } } },
  ),
  'extra.catalog-source': made([
    'operators.coreos.com/v1alpha1',
    'CatalogSource',
    'openshift-marketplace/default-cat-source',
  ]),
  'extra.ptp-config': made(['ptp.openshift.io/v1', 'PtpConfig', 'openshift-ptp/slave'], {
    spec: { a: 1 },
  }),
  'extra.sriov-network': made(
    ['sriovnetwork.openshift.io/v1', 'SriovNetwork', 'openshift-sriov-network-operator/du-fh'],
    { spec: { vlan: 3 } },
  ),
  'extra.sriov-policy': made(
    [
      'sriovnetwork.openshift.io/v1',
      'SriovNetworkNodePolicy',
      'openshift-sriov-network-operator/du-fh',
    ],
    { spec: { numVfs: 8 } },
  ),
  'extra.fec': made(['sriovfec.intel.com/v2', 'SriovFecClusterConfig', 'ns/fec']),
}

t.test(
  'each row of extra manifests names what a target gets, what the seed would bring, and what is not known',
  t => {
    t.strictSame(
      Object.keys(extras),
      belongsInExtraManifest.map(({ id }) => id),
    )
    for (const row of belongsInExtraManifest) {
      const object = extras[row.id]
      if (object === undefined) throw new Error(row.id)
      const of = (
        seed: readonly Placed[],
        target: readonly Placed[],
        accept: readonly string[] = [],
      ) =>
        compareExtra(
          row,
          {
            seed: seedWith({ answers: answersFrom(seed) }),
            target: targetWith({ answers: answersFrom(target) }),
          },
          { ...settings, accept },
        )
      const name = objectName(object)
      t.match(of([], []), { id: row.id, status: 'pass', reason: 'none', extraManifests: [] })
      t.match(of([], [object]), {
        ...{ status: 'fail', level: 'warn' },
        reason: `becomes an extra manifest in ConfigMap ${settings.configMap}: ${name}`,
        extraManifests: [{ object: name, configMap: settings.configMap }],
      })
      t.match(of([object], []), {
        status: 'fail',
        reason: `the seed would bring it to every target: ${name}`,
        extraManifests: [],
      })
      t.match(of([object], [object]), {
        status: row.mayBeShared ? 'pass' : 'fail',
        reason: row.mayBeShared ? `the same on both: ${name}` : /; the seed would bring/,
      })
      const other = {
        ...object,
        spec: { other: true, ptpEventConfig: { enableEventPublisher: true } },
      }
      t.match(of([object], [other]), { status: 'fail', extraManifests: [{ object: name }] })
      t.match(of([object], [other], [name]), { status: 'pass' }, 'unless sower.yaml accepts it')
      const seed = seedWith({ answers: answersFrom([], [row.query]) })
      const target = targetWith({ answers: answersFrom([]) })
      t.match(compareExtra(row, { seed, target }, settings), {
        status: 'unknown',
        reason: /^no answer of the seed/,
      })
      const policies = [brought(object)]
      const git = targetWith({ declared: declared({ policies }) })
      t.match(compareExtra(row, { seed, target: git }, settings), {
        status: 'fail',
        extraManifests: [{ object: name }],
      })
      const expected = targetWith({ expected: new Map() })
      t.match(compareExtra(row, { seed: target, target: expected }, settings), { status: 'pass' })
    }
    t.end()
  },
)

t.test('what a table means by a kind is not all of that kind', t => {
  const row = (id: string) => belongsInExtraManifest.find(one => one.id === id)
  const of = (api: string, kind: string, place: string) => made([api, kind, place])
  t.notOk(row('extra.catalog-source')?.isMeant(of('a/v1', 'CatalogSource', 'x/redhat-operators')))
  t.notOk(row('extra.sriov-policy')?.isMeant(of('a/v1', 'SriovNetworkNodePolicy', 'x/default')))
  t.notOk(row('extra.ptp-operator-config')?.isMeant(of('a/v1', 'PtpOperatorConfig', 'x/default')))
  t.end()
})

t.test('the table is that of the minor of the seed', t => {
  t.equal(isFor({}, null), true)
  t.equal(isFor({ from: '4.19' }, '4.18'), false)
  t.equal(isFor({ from: '4.19' }, '4.19'), true)
  t.equal(isFor({ to: '4.18' }, '4.18'), true)
  t.equal(isFor({ to: '4.18' }, '5.0'), false)
  t.equal(
    isFor({ to: '4.18' }, null),
    false,
    'the newest table counts where the minor is not known',
  )
  t.equal(isFor({ from: '4.19' }, null), true)
  t.equal(describeMinors({ from: '4.18', to: '4.19' }), 'from 4.18 to 4.19')
  t.equal(describeMinors({}), '')
  const rows = (installed: string) => {
    const spec = { clusterImageSetNameRef: installed }
    const { seed, targets, minor } = compareFleet(
      seedWith({ declared: declared({ spec }) }),
      [targetWith({})],
      settings,
    )
    const ids = [...seed, ...(targets[0]?.checks ?? [])].map(({ id }) => id)
    return [
      minor,
      ...['seed.cluster-logging', 'seed.no-fec', 'seed.no-vrb', 'extra.fec'].filter(id =>
        ids.includes(id),
      ),
    ]
  }
  t.strictSame(rows('img4.16.9-x86-64'), ['4.16', 'seed.cluster-logging', 'extra.fec'])
  t.strictSame(rows('img4.17.1'), ['4.17', 'extra.fec'])
  t.strictSame(rows('img4.18.5'), ['4.18', 'seed.no-fec', 'extra.fec'])
  t.strictSame(rows('img4.19.0'), ['4.19', 'seed.no-fec', 'seed.no-vrb'])
  t.strictSame(rows('of-the-site'), [null, 'seed.no-fec', 'seed.no-vrb'])
  t.end()
})

t.test('the documentation names every row', t => {
  const text = describeRows()
  t.match(
    text,
    /\| `extra\.fec` \| warn \| .* \| to 4\.18 \| `sriovfecclusterconfigs\.sriovfec\.intel\.com` \|/,
  )
  t.match(text, /\| `equal\.day-0-manifests` \| block \| .* \| all \| Git alone \|/)
  t.end()
})

t.test('the worst target comes first, and says where its facts come from', t => {
  const version = (text: string) => [
    made(['config.openshift.io/v1', 'ClusterVersion', 'version'], {
      status: { desired: { version: text } },
    }),
  ]
  const seed = seedWith({ answers: answersFrom(version('4.18.5')) })
  const live = (cluster: string, text: string) =>
    targetWith({ cluster, answers: answersFrom(version(text)) })
  const off = (cluster: string) => ({
    ...live(cluster, '4.18.5'),
    answers: answersFrom([
      ...version('4.18.5'),
      made(['config.openshift.io/v1', 'Proxy', 'cluster'], { spec: { noProxy: 'x' } }),
    ]),
  })
  const { minor, from, targets } = compareFleet(
    seed,
    [
      live('b', '4.17.0'),
      live('a', '4.17.0'),
      live('c', '4.18.5'),
      off('d'),
      targetWith({ cluster: 'e', expected: new Map() }),
      targetWith({ cluster: 'f' }),
    ],
    settings,
  )
  t.strictSame([minor, from], ['4.18', 'cluster'])
  t.strictSame(
    targets.map(one => [one.cluster, one.standing, one.from]),
    [
      ['d', 'fails', 'cluster'],
      ['c', 'fails', 'cluster'],
      ['a', 'unknown', 'cluster'],
      ['b', 'unknown', 'cluster'],
      ['e', 'unknown', 'sower.yaml'],
      ['f', 'unknown', 'git'],
    ],
  )
  t.ok(askedQueries.includes(compareQueries.proxy))
  t.end()
})

const compared = (more: Partial<Compared>): Compared => ({
  ...{ id: 'equal.a', level: 'block', status: 'pass', reason: 'r', fix: '' },
  ...{ seed: null, target: null, agent: null, extraManifests: [] },
  ...more,
})

t.test(
  'a target stands as its worst check, and each finding stands once for all that share it',
  t => {
    const bad = compared({ status: 'fail', agent: 'no' })
    const open = compared({ status: 'unknown' })
    const warn = compared({
      id: 'extra.b',
      level: 'warn',
      status: 'fail',
      extraManifests: [{ object: 'A b', configMap: 'n/c' }],
    })
    t.strictSame([[bad, open], [open, warn], [warn], [compared({})]].map(standingOf), [
      'fails',
      'unknown',
      'warns',
      'fits',
    ])
    t.strictSame(extraManifestsOf([warn, warn, bad]), [{ object: 'A b', configMap: 'n/c' }])
    const { id, level, status, reason, fix } = open
    const seedCheck = { id, level, status, reason, fix }
    const findings = sharedFindings([
      { cluster: 'a', checks: [bad, warn, compared({})] },
      { cluster: 'b', checks: [warn, seedCheck] },
      { cluster: 'c', checks: [{ ...bad, id: 'equal.z' }] },
    ])
    t.strictSame(
      findings.map(({ id, status, clusters }) => [id, status, clusters.join()]),
      [
        ['extra.b', 'fail', 'a,b'],
        ['equal.a', 'fail', 'a'],
        ['equal.a', 'unknown', 'b'],
        ['equal.z', 'fail', 'c'],
      ],
    )
    t.equal(ofSeverity(findings, severities[0]).length, 2)
    t.equal(fewOf(['a', 'b', 'c'], 2), 'a, b and 1 more')
    t.equal(fewOf(['a']), 'a')
    t.equal(
      contentHash({ a: 1, b: [{ c: 2, d: null }] }),
      contentHash({ b: [{ d: null, c: 2 }], a: 1 }),
    )
    t.equal(objectName(made(['v1', 'Node', 'a'])), 'Node a')
    t.not(contentHash(undefined), contentHash({}))
    t.end()
  },
)
