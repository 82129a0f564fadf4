import { gzipSync } from 'node:zlib'

const list = (apiVersion: string, kind: string, items: readonly object[]): string =>
  JSON.stringify({
    apiVersion,
    kind: `${kind}List`,
    items: items.map(item => ({ apiVersion, kind, ...item })),
  })
const one = (apiVersion: string, kind: string, more: object): string =>
  `---\n${JSON.stringify({ apiVersion, kind, ...more })}\n`
const release = 'quay-io-openshift-release-dev-ocp-v4-0-art-dev-sha256-0a1b2c'
const ptp = 'registry-redhat-io-openshift4-ptp-must-gather-rhel9-sha256-3d4e5f'
const cluster = `${release}/cluster-scoped-resources`

/** The files of a must-gather as `oc adm must-gather` lays them out, of two images, a part of it gzipped. */
export const gathered: Readonly<Record<string, string | Uint8Array>> = {
  'event-filter.html': '<html></html>',
  timestamp: '2026-01-01',
  [`${release}/version`]: 'openshift/must-gather\n4.18.0\n',
  [`${cluster}/config.openshift.io/clusterversions/version.yaml`]: one(
    'config.openshift.io/v1',
    'ClusterVersion',
    { metadata: { name: 'version' }, status: { desired: { version: '4.17.9' } } },
  ),
  [`${cluster}/config.openshift.io/proxies.yaml`]: list('config.openshift.io/v1', 'Proxy', [
    { metadata: { name: 'cluster' }, spec: { httpProxy: 'http://proxy.example.com:3128' } },
  ]),
  [`${cluster}/config.openshift.io/imagedigestmirrorsets.yaml`]: list(
    'config.openshift.io/v1',
    'ImageDigestMirrorSet',
    [],
  ),
  [`${cluster}/core/nodes/node-1.yaml.gz`]: gzipSync(
    one('v1', 'Node', { metadata: { name: 'node-1' }, status: { capacity: { cpu: '64' } } }),
  ),
  [`${cluster}/core/nodes/notes.txt`]: 'not an object',
  [`${release}/namespaces/openshift-config/core/configmaps.yaml`]: list('v1', 'ConfigMap', [
    {
      metadata: { name: 'user-ca-bundle', namespace: 'openshift-config' },
      data: { 'ca-bundle.crt': 'PEM' },
    },
  ]),
  [`${release}/namespaces/openshift-monitoring/core/configmaps.yaml`]: list('v1', 'ConfigMap', []),
  [`${ptp}/namespaces/openshift-ptp/ptp.openshift.io/ptpconfigs/slave.yaml`]: one(
    'ptp.openshift.io/v1',
    'PtpConfig',
    { metadata: { name: 'slave', namespace: 'openshift-ptp' }, spec: { profile: [] } },
  ),
}
