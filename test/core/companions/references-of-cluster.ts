import t from 'tap'
import {
  referencesOfCluster,
  referencesOfSite,
} from '../../../src/core/companions/references-of-cluster.ts'

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
  const borrowed = { bmcCredentialsName: { name: 'bmc' }, hostRef: { name: 'h', namespace: 'b' } }
  const nodes = [borrowed, { ...borrowed, hostRef: 7 }]
  t.strictSame(referencesOfCluster({ metadata: { namespace: 'a' }, spec: { nodes } }), [
    '/Secret/b/bmc',
    '/Secret/a/bmc',
  ])
  t.end()
})

t.test('a SiteConfig refers to Secrets in the namespace of each cluster', t => {
  const nodes = [{ bmcCredentialsName: { name: 'bmc' } }, 7]
  const clusters = [{ clusterName: 'sno1', nodes }, { clusterName: 'sno2' }, 7]
  const object = {
    metadata: { namespace: 'site' },
    spec: { pullSecretRef: { name: 'pull' }, clusters },
  }
  t.strictSame(referencesOfSite(object, 'sno1'), ['/Secret/sno1/pull', '/Secret/sno1/bmc'])
  t.strictSame(referencesOfSite(object, 'sno2'), ['/Secret/sno2/pull'])
  for (const nothing of [object, null, {}, { spec: { clusters: 7 } }, { spec: 'text' }])
    t.strictSame(referencesOfSite(nothing, 'sno3'), [])
  t.end()
})
