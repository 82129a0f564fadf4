import t from 'tap'
import {
  inventoriesWith,
  inventoriesWithout,
} from '../../../src/core/detach/inventories-without.ts'
import { inventoryIn } from '../../../src/core/detach/inventory-in.ts'
import {
  readInventory,
  withCluster,
  withoutCluster,
  writeInventory,
} from '../../../src/core/detach/inventory.ts'
import { memoryTree } from '../../support/memory-tree.ts'

const path = 'site/sower-inventory.yaml'
const detached = { cluster: 'sno1', reason: 'seed image', date: '2026-11-29', pullRequest: 7 }
const whole = { clusters: ['sno1', 'sno2'], detached: [] }
const without = { clusters: ['sno2'], detached: [detached] }

t.test('an inventory reads as it was written, in an order of its own', t => {
  const mixed = {
    clusters: ['sno2', 'no', 'sno2'],
    detached: [
      { ...detached, cluster: 'sno3' },
      { ...detached, pullRequest: null },
    ],
  }
  const text = writeInventory(mixed)
  t.match(
    text,
    /^# Kept by Sower: [^]*\nclusters:\n {2}- "no"\n {2}- sno2\ndetached:\n {2}- cluster: sno1\n/,
  )
  const read = readInventory(memoryTree({ [path]: text }), path)
  t.strictSame(read.clusters, ['no', 'sno2'])
  t.strictSame(read.detached, mixed.detached.toReversed())
  t.equal(writeInventory(read), text)
  t.end()
})

t.test('a cluster is listed or detached, and what says so already stays as it is', t => {
  t.strictSame(withoutCluster(whole, detached), without)
  t.equal(withoutCluster(without, detached), without)
  t.strictSame(
    withoutCluster({ ...whole, detached: [{ ...detached, date: '2025-01-01' }] }, detached),
    without,
    'an earlier detach makes room',
  )
  t.strictSame(withCluster(without, 'sno1'), { clusters: ['sno2', 'sno1'], detached: [] })
  t.equal(withCluster(whole, 'sno1'), whole)
  t.end()
})

t.test('changes every inventory that lists a cluster, and no other', t => {
  const view = memoryTree({
    [path]: writeInventory(whole),
    'hub/sower-inventory.yaml': writeInventory({ clusters: ['sno10'], detached: [] }),
    'other/sower-inventory.yaml': 'not: read\n',
    'other/notes.yaml': 'sno1\n',
    'link/sower-inventory.yaml': { link: '../site/sower-inventory.yaml' },
  })
  const [change, ...more] = inventoriesWithout(view, detached)
  t.strictSame(change, { path, content: writeInventory(without) })
  t.strictSame(more, [])
  const after = memoryTree({ [path]: change?.content ?? '' })
  t.strictSame(inventoriesWith(after, 'sno1'), [{ path, content: writeInventory(whole) }])
  t.strictSame(inventoriesWith(view, 'sno1'), [])
  t.equal(inventoryIn(view, 'site'), path)
  t.equal(inventoryIn(view, 'nowhere'), undefined)
  t.end()
})

t.test('refuses an inventory that cannot be trusted as a whole', t => {
  const head = 'apiVersion: sower.dev/v1alpha1\nkind: Inventory\n'
  for (const [what, file, message] of [
    ['a link', { link: 'a' }, /^reading site\/sower-inventory\.yaml: it is not a plain file$/],
    ['no YAML', 'a: "', /it is not one correct YAML document/],
    ['nothing', '', /expected object/],
    ['another kind', `${head.replace('Inventory', 'Fleet')}clusters: []\n`, /: kind /],
    ['no clusters', head, /: clusters /],
    ['an unknown field', `${head}clusters: []\nseeds: []\n`, /"seeds"/],
    [
      'a name that is none',
      `${head}clusters: [a/b]\n`,
      /: clusters\.0 is not a valid cluster name$/,
    ],
  ] as const)
    t.throws(
      () => readInventory(memoryTree({ [path]: file }), path),
      { name: 'RefusedError', code: 'INVENTORY_INVALID', message, fix: /sower inventory --write/ },
      what,
    )
  t.end()
})
