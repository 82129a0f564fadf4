import t from 'tap'
import { whyMultiNode } from '../../../src/core/detach/why-multi-node.ts'
import { clusterInstance, siteConfig } from '../../support/memory-tree.ts'

t.test('a ClusterInstance of several nodes is no seed', t => {
  const one = clusterInstance('sno1')
  const nodes = (count: number): string => `${one}  nodes:\n${'    - hostName: x\n'.repeat(count)}`
  t.equal(whyMultiNode(one, 'sno1'), null)
  t.equal(whyMultiNode(nodes(1), 'sno1'), null)
  t.equal(whyMultiNode(`${one}  clusterType: SNO\n`, 'sno1'), null)
  t.equal(whyMultiNode(nodes(3), 'sno1'), 'it lists 3 nodes')
  t.equal(
    whyMultiNode(`${one}  clusterType: HighlyAvailable\n`, 'sno1'),
    'its clusterType is HighlyAvailable',
  )
  t.equal(
    whyMultiNode(`${clusterInstance('sno1')}---\n${nodes(3)}`.replace('sno1', 'x'), 'y'),
    null,
  )
  t.equal(whyMultiNode(siteConfig('sno1'), 'sno1'), null, 'another refusal speaks of it')
  t.equal(whyMultiNode(`- 1\n---\n${nodes(2)}`, 'sno1'), 'it lists 2 nodes')
  t.end()
})
