import t from 'tap'
import { referencesOfCluster } from '../../../src/core/companions/references-of-cluster.ts'

t.test('a ClusterInstance refers to Secrets and ConfigMaps in its own namespace', t => {
  const spec = {
    pullSecretRef: { name: 'pull' },
    nodes: [{ bmcCredentialsName: { name: 'bmc' } }, { bmcCredentialsName: 7 }],
    extraManifestsRefs: [{ name: 'extra' }, { name: 7 }],
  }
  t.strictSame(referencesOfCluster({ metadata: { namespace: 'a' }, spec }), [
    '/Secret/a/pull',
    '/Secret/a/bmc',
    '/ConfigMap/a/extra',
  ])
  for (const nothing of [null, {}, { spec: { nodes: 7 } }, { metadata: {}, spec: 'text' }])
    t.strictSame(referencesOfCluster(nothing), [])
  t.end()
})
