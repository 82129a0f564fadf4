import t from 'tap'
import { parse } from 'yaml'
import { clusterName } from '../../../src/core/cluster/cluster-name.ts'
import { clusterKind, kinds, mayHoldCluster } from '../../../src/core/cluster/kinds.ts'
import { holdsName, namesCluster } from '../../../src/core/cluster/names-cluster.ts'
import {
  belongsTo,
  clustersOf,
  groupOf,
  isClusterKind,
  objectIdentity,
  shownIdentity,
  objectsIn,
} from '../../../src/core/cluster/object-identity.ts'
import { clusterInstance, siteConfig } from '../../support/memory-tree.ts'

t.test('a cluster name is a DNS label', t => {
  for (const name of ['a', '1', 'sno-1', 'a'.repeat(63)]) t.match(name, clusterName)
  for (const name of ['', '-', 'a-', '-a', 'A', 'a.b', 'a_b', 'a'.repeat(64), 'a\n', 'ä'])
    t.notOk(clusterName.test(name), JSON.stringify(name))
  t.end()
})

t.test('an object is its group, kind, namespace and name, whatever its version', t => {
  const sno1 = 'siteconfig.open-cluster-management.io/ClusterInstance/sno1/sno1'
  for (const [text, identity] of [
    [
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: site}\n',
      '/ConfigMap/site/a',
    ],
    [clusterInstance('sno1'), sno1],
    [clusterInstance('sno1').replace('v1alpha1', 'v1'), sno1],
    ['apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n', '/Namespace//a'],
    ['apiVersion: v1\nkind: List\nmetadata: {}\n', '/List//'],
  ] as const)
    t.equal(objectIdentity(parse(text)), identity)
  for (const value of [null, [], { kind: 'A' }, { apiVersion: 'v1', kind: 'A' }])
    t.throws(() => objectIdentity(value), { name: 'ZodError' })
  t.equal(groupOf('apps/v1'), 'apps')
  t.equal(groupOf('v1'), '', 'the core group')
  t.end()
})

t.test('an identity belongs to a namespace by being in it, or by being it', t => {
  for (const [identity, belongs] of [
    ['/ConfigMap/sno1/a', true],
    ['/Namespace//sno1', true],
    ['cluster.open-cluster-management.io/ManagedCluster//sno1', true],
    ['/ConfigMap/site/sno1', false],
    ['/Namespace//sno10', false],
  ] as const)
    t.equal(belongsTo(identity, 'sno1'), belongs, identity)
  t.end()
})

t.test('takes the objects out of lists, and tells what is none', t => {
  const [a, b] = ['a', 'b'].map(name => ({ apiVersion: 'v1', kind: 'A', metadata: { name } }))
  const text = [a, { kind: 'List', items: [b, 'text'] }, { kind: 'B' }, '"', null]
    .map(value => (value === '"' ? 'a: "' : JSON.stringify(value)))
    .join('\n---\n')
  t.strictSame(
    objectsIn(text).map(object => object?.metadata.name ?? null),
    ['a', 'b', null, null, null],
  )
  t.end()
})

t.test(
  'knows the kinds that bring clusters by group and kind, and the clusters by their spec',
  t => {
    for (const { group, kind } of kinds) {
      t.equal(clusterKind(group, kind)?.kind, kind)
      t.equal(clusterKind('example.com', kind), undefined)
      t.ok(isClusterKind(`${group}/${kind}/site/a`))
      t.notOk(isClusterKind(`/${kind}/site/a`))
      t.ok(mayHoldCluster(`kind: ${kind}`))
    }
    t.notOk(mayHoldCluster('kind: ManagedCluster'))
    t.strictSame(clustersOf(parse(clusterInstance('sno1', 'other'))), [
      { name: 'sno1', imageSet: 'img4.18.5-x86-64' },
    ])
    t.strictSame(
      clustersOf(parse(`${siteConfig('a', 'b')}  - {clusterImageSetNameRef: own}\n  - text\n`)),
      [
        { name: 'a', imageSet: 'of-the-site' },
        { name: 'b', imageSet: 'of-the-site' },
        { name: '', imageSet: 'own' },
        { name: '', imageSet: 'of-the-site' },
      ],
    )
    for (const text of [
      'kind: ClusterInstance',
      clusterInstance('sno1').replace(/clusterName.*/, 'clusterName: 5'),
    ])
      t.strictSame(clustersOf(parse(text)), [])
    t.end()
  },
)

t.test('a text names a cluster where the name is no part of a longer one', t => {
  for (const [text, holds] of [
    ['sno1', true],
    ['a: "sno1"', true],
    ['sno10 sno1', true],
    ['my-sno1', false],
    ['sno1-a', false],
    ['sno1.yaml', false],
    ['_sno1', false],
    ['sno', false],
  ] as const)
    t.equal(holdsName(text, 'sno1'), holds, text)
  t.ok(namesCluster('a: b\nname: {{ x }} sno1 # the seed\n', 'sno1'))
  t.notOk(namesCluster('a: b # not sno1\n# sno1\n', 'sno1'), 'in comments alone')
  t.ok(namesCluster('a#sno1', 'sno1'), 'which is no comment')
  t.end()
})

t.test('an identity is shown without the parts that are empty', t => {
  t.equal(shownIdentity('/Namespace//sno1'), 'Namespace/sno1')
  t.equal(shownIdentity('a.io/Kind/sno1/b'), 'a.io/Kind/sno1/b')
  t.end()
})
