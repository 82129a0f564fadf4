import t from 'tap'
import { compareClusters, type Comparing } from '../../src/operations/compare/compare-clusters.ts'
import { present, unknown } from '../../src/core/seen.ts'
import { declared } from '../support/compare/objects.ts'

const reader = (version: string): NonNullable<ReturnType<Comparing['readers']['get']>> => ({
  read: async key =>
    key.kind === 'ClusterVersion'
      ? present({
          ...{ apiVersion: key.apiVersion, kind: key.kind, metadata: { name: 'version', uid: '' } },
          status: { desired: { version } },
        })
      : unknown('forbidden'),
  list: async () => unknown('timeout'),
  summary: async () => unknown('timeout'),
})

const comparing = (more: Partial<Comparing>): Comparing => ({
  ...{ cluster: 'seed', named: [], all: false, expect: undefined, readers: new Map() },
  conformance: new Map(),
  git: { clusters: [declared({ cluster: 'seed' }), declared({ cluster: 'a' })], notes: [] },
  settings: { accept: [], configMap: 'n/c' },
  conceal: () => undefined,
  ...more,
})

t.test(
  'the targets are those that are named, else all that Git lists and all that can be asked',
  async t => {
    const names = async (more: Partial<Comparing>) =>
      (await compareClusters(comparing(more))).targets.map(({ cluster }) => cluster)
    const readers = new Map([
      ['seed', reader('4.18.5')],
      ['b', reader('4.17.0')],
    ])
    t.strictSame(await names({}), ['a'])
    t.strictSame((await names({ readers })).sort(), ['a', 'b'])
    t.strictSame(await names({ named: ['b'], readers }), ['b'])
    const expect = { fips: ['off'] }
    t.strictSame(await names({ expect }), ['every target'])
    t.strictSame(await names({ expect, all: true }), ['a'])
    t.strictSame(await names({ expect, named: ['a'] }), ['a'])
  },
)

t.test('asks what can be asked, and names what it cannot find', async t => {
  const readers = new Map([
    ['seed', reader('4.18.5')],
    ['a', reader('4.18.5')],
  ])
  const { minor, targets } = await compareClusters(comparing({ readers }))
  t.equal(minor, '4.18')
  t.match(targets, [{ standing: 'fails', checks: [{ id: 'equal.version', status: 'fail' }] }])
  await t.rejects(compareClusters(comparing({ named: ['x'] })), {
    code: 'CLUSTER_NOT_FOUND',
    exitCode: 3,
  })
  await t.rejects(compareClusters(comparing({ expect: { other: [] } })), {
    code: 'CONFIGURATION_INVALID',
  })
})
