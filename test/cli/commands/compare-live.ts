import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { z } from 'zod'
import type { StoredObject } from '../../../src/sandbox/kubernetes/object-store.ts'
import { seedResources } from '../../../src/sandbox/kubernetes/resource.ts'
import { listing } from '../../support/memory-tree.ts'
import { repositoryWith } from '../../support/repository-with.ts'
import { runInProcess } from '../../support/run-in-process.ts'
import { temporaryDirectory } from '../../support/run-sower.ts'
import { startApi } from '../../support/sandbox/start-api.ts'

const checks = z.array(z.looseObject({ id: z.string() }))
const comparison = z.looseObject({ seed: checks, targets: z.array(z.looseObject({ checks })) })
const named = (of: z.infer<typeof checks>, id: string) => of.find(one => one.id === id)

const config = 'config.openshift.io/v1'
const machineConfigs = 'machineconfiguration.openshift.io/v1'

const served = (kind: string, group: string, scope: string): StoredObject => {
  const plural = kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`
  const names = { kind, plural: plural.toLowerCase(), singular: kind.toLowerCase() }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${names.plural}.${group}` },
    spec: { group, names, scope, versions: [{ name: 'v1', served: true, storage: true }] },
  }
}

/** The API of a cluster with what a comparison reads; gives its kubeconfig for a user, and what was asked. */
const start = async (
  t: Test,
  {
    version,
    fips,
    proxy,
    more = [],
  }: Readonly<{ version: string; fips: boolean; proxy: object; more?: readonly StoredObject[] }>,
) => {
  const { store, server } = await startApi(t, seedResources)
  const annotations = { 'machineconfiguration.openshift.io/currentConfig': 'rendered-1' }
  for (const object of [
    served('Proxy', 'config.openshift.io', 'Cluster'),
    served('PtpConfig', 'ptp.openshift.io', 'Namespaced'),
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'openshift-ptp' } },
    {
      apiVersion: config,
      kind: 'ClusterVersion',
      metadata: { name: 'version' },
      status: { desired: { version } },
    },
    { apiVersion: config, kind: 'Proxy', metadata: { name: 'cluster' }, spec: proxy },
    {
      ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1', annotations } },
      status: { capacity: { cpu: '64' }, nodeInfo: { architecture: 'amd64' } },
    },
    {
      apiVersion: machineConfigs,
      kind: 'MachineConfig',
      metadata: { name: 'rendered-1' },
      spec: { fips },
    },
    ...more,
  ])
    store.create(object)
  const directory = temporaryDirectory(t)
  const kubeconfig = async (user: string): Promise<string> => {
    const file = join(directory, user)
    writeFileSync(file, await server.kubeconfig(user))
    return file
  }
  return { kubeconfig, requests: server.requests }
}

t.test('a live seed and a live target answer what Git does not, and are only read', async t => {
  const instance = (name: string): string =>
    `apiVersion: siteconfig.open-cluster-management.io/v1alpha1\nkind: ClusterInstance\nmetadata: {name: ${name}}\nspec: {clusterName: ${name}}\n`
  const { top } = await repositoryWith(t, {
    'site/kustomization.yaml': listing('seed.yaml', 'target.yaml'),
    'site/seed.yaml': instance('seed-sno1'),
    'site/target.yaml': instance('target-sno2'),
  })
  const ptp: StoredObject = {
    ...{ apiVersion: 'ptp.openshift.io/v1', kind: 'PtpConfig' },
    ...{ metadata: { name: 'slave', namespace: 'openshift-ptp' }, spec: { profile: [] } },
  }
  const seed = await start(t, {
    version: '4.18.5',
    fips: false,
    proxy: { httpProxy: 'http://a:1' },
  })
  const target = await start(t, { version: '4.17.9', fips: true, proxy: {}, more: [ptp] })
  const compare = async (user: string) =>
    runInProcess([
      ...['compare', 'seed-sno1', 'target-sno2', '-C', top, '-o', 'json'],
      ...['--seed-kubeconfig', await seed.kubeconfig('admin')],
      ...['--target-kubeconfig', `target-sno2=${await target.kubeconfig(user)}`],
    ])
  const { exitCode, stdout } = await compare('admin')
  t.equal(exitCode, 3)
  const compared = comparison.parse(JSON.parse(stdout))
  t.match(compared, { from: 'cluster', minor: '4.18' })
  const onTarget = compared.targets.flatMap(one => one.checks)
  for (const [id, wanted] of [
    ['equal.version', { status: 'pass', seed: ['4.18.5'], target: ['4.17.9'] }],
    ['equal.cpu', { status: 'pass', target: ['64'] }],
    ['equal.fips', { status: 'fail', seed: ['off'], target: ['on'], agent: /FIPS/ }],
    ['equal.proxy', { status: 'fail', agent: /^seed image has a proxy but/ }],
    [
      'extra.ptp-config',
      { status: 'fail', extraManifests: [{ object: 'PtpConfig openshift-ptp/slave' }] },
    ],
    ['equal.mirror', { status: 'pass', reason: 'both: no' }],
  ] as const)
    t.match(named(onTarget, id), wanted, id)
  t.match(named(compared.seed, 'seed.no-persistent-volume'), { status: 'pass' })
  t.match(named(compared.seed, 'seed.no-fec'), { status: 'pass' }, 'a kind that is not served')

  const forbidden = await compare('nobody')
  const { targets } = comparison.parse(JSON.parse(forbidden.stdout))
  const open = targets.flatMap(one => one.checks)
  t.match(named(open, 'equal.cpu'), {
    status: 'unknown',
    reason: /^no answer of the target for nodes: forbidden$/,
    fix: 'let the user list nodes',
  })
  t.match(named(open, 'equal.fips'), { status: 'pass', target: ['off'] }, 'Git answers instead')
  const verbs = [...seed.requests, ...target.requests].map(({ verb }) => verb)
  t.strictSame([...new Set(verbs)].sort(), ['get', 'list'])
})
