import t from 'tap'
import { missingCompanions } from '../../../src/core/companions/missing-companions.ts'
import { clusterInstance, listing, memoryTree, type Files } from '../../support/memory-tree.ts'

const object = (kind: string, name: string, namespace = '', apiVersion = 'v1'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}${namespace && `, namespace: ${namespace}`}}\n`
const list = 'site/kustomization.yaml'
const instance = {
  ...{ apiVersion: 'siteconfig.open-cluster-management.io/v1alpha1', kind: 'ClusterInstance' },
  metadata: { name: 'sno1', namespace: 'sno1' },
  spec: { pullSecretRef: { name: 'pull' }, nodes: [{ bmcCredentialsName: { name: 'bmc' } }] },
}
const missingIn = (files: Files, rendered: readonly string[] = [], of: unknown = instance) => {
  const view = memoryTree({ 'site/a.yaml': clusterInstance('sno1'), ...files })
  const asked = { walks: [view.walk('site')], cluster: 'sno1', instance: of, rendered }
  return missingCompanions(view, asked).map(({ object, line, isAlone }) => [
    object,
    line && `${line.kustomization.path}:${line.line} ${line.value}`,
    isAlone,
  ])
}
const [namespace, pull, bmc] = ['/Namespace//sno1', '/Secret/sno1/pull', '/Secret/sno1/bmc']

t.test('misses what neither files nor renders bring, and finds the line that would', t => {
  t.strictSame(missingIn({ [list]: listing('a.yaml') }), [
    [namespace, null, false],
    [pull, null, false],
    [bmc, null, false],
  ])
  const files = {
    [list]: `${listing('a.yaml')}  #- ns.yaml\n  # - hosts/\n  #- mixed.yaml\n  #- other.yaml\n  #- gone.yaml\n`,
    'site/ns.yaml': object('Namespace', 'sno1'),
    'site/hosts/kustomization.yaml': listing('bmc.yaml', 'deep'),
    'site/hosts/bmc.yaml': object('SealedSecret', 'bmc', 'sno1', 'bitnami.com/v1alpha1'),
    'site/hosts/deep/kustomization.yaml': listing('config.yaml'),
    'site/hosts/deep/config.yaml': object('ConfigMap', 'x', 'sno1'),
    'site/mixed.yaml': [object('Secret', 'pull', 'sno1'), clusterInstance('sno2')].join('---\n'),
    'site/other.yaml': object('Secret', 'pull', 'sno2'),
  }
  t.strictSame(missingIn(files), [
    [namespace, `${list}:3 ns.yaml`, true],
    [pull, `${list}:5 mixed.yaml`, false],
    [bmc, `${list}:4 hosts/`, true],
  ])
  t.end()
})

t.test('takes a line with the cluster’s own alone before one with others', t => {
  const files = {
    [list]: `${listing('a.yaml')}  #- mixed.yaml\n  #- ns.yaml\n`,
    'site/mixed.yaml': `${object('Namespace', 'sno1')}---\nno object\n`,
    'site/ns.yaml': object('Namespace', 'sno1'),
  }
  t.strictSame(missingIn(files, [pull, bmc]), [[namespace, `${list}:4 ns.yaml`, true]])
  t.end()
})

t.test('a render, a listed file or a SealedSecret brings it', t => {
  const files = {
    [list]: listing('a.yaml', 'ns.yaml', 'sealed.yaml'),
    'site/ns.yaml': object('Namespace', 'sno1'),
    'site/sealed.yaml': object('SealedSecret', 'bmc', 'sno1', 'bitnami.com/v1alpha1'),
  }
  t.strictSame(missingIn(files, ['external-secrets.io/ExternalSecret/sno1/pull']), [])
  t.end()
})

t.test('a namespace that a kustomization sets counts for what stands behind its comments', t => {
  const ns = object('Namespace', 'x')
  const secret = object('Secret', 'bmc')
  const forced = `namespace: sno1\n${listing('a.yaml')}  #- ns.yaml\n  #- hosts\n`
  const files = {
    ...{ [list]: forced, 'site/ns.yaml': ns, 'site/hosts/bmc.yaml': secret },
    'site/hosts/kustomization.yaml': listing('bmc.yaml'),
  }
  t.strictSame(missingIn(files, [pull]), [
    [namespace, `${list}:4 ns.yaml`, true],
    [bmc, `${list}:5 hosts`, true],
  ])
  const below = {
    ...files,
    [list]: forced.replace('namespace: sno1\n', ''),
    'site/hosts/kustomization.yaml': `namespace: sno1\n${listing('bmc.yaml')}`,
  }
  t.strictSame(missingIn(below, [pull]), [
    [namespace, null, false],
    [bmc, `${list}:4 hosts`, true],
  ])
  t.end()
})

t.test('asks nothing of what is no ClusterInstance, or has no namespace', t => {
  const files = { [list]: listing('a.yaml') }
  t.strictSame(missingIn(files, [], { ...instance, kind: 'SiteConfig' }), [])
  const site = { ...instance, apiVersion: 'ran.openshift.io/v1', kind: 'SiteConfig' }
  t.strictSame(missingIn(files, [], site), [], 'one without that cluster')
  const { spec } = instance
  const clusters = [{ clusterName: 'sno1', nodes: spec.nodes }, { clusterName: 'sno2' }]
  t.strictSame(missingIn(files, [], { ...site, spec: { ...spec, clusters } }), [
    [pull, null, false],
    [bmc, null, false],
  ])
  t.strictSame(missingIn(files, [], { ...instance, apiVersion: 'v1' }), [])
  t.strictSame(missingIn(files, [], { ...instance, metadata: { name: 'sno1' } }), [])
  t.end()
})
