import t, { type Test } from 'tap'
import { findCluster } from '../../../src/core/cluster/find-cluster.ts'
import { alreadyDetached } from '../../../src/core/detach/already-detached.ts'
import { writeRecord, type SeedRecord } from '../../../src/core/detach/seed-record.ts'
import { rawObjectIn } from '../../../src/core/cluster/raw-object-in.ts'
import { clusterInstance, listing, memoryTree, type Files } from '../../support/memory-tree.ts'

const sno1 = clusterInstance('sno1')

type Case = readonly [what: string, code: string, files: Files, message: RegExp, fix: RegExp]

const refuse = (t: Test, cases: readonly Case[]): void => {
  for (const [what, code, files, message, fix] of cases)
    t.throws(
      () => findCluster(memoryTree(files), { cluster: 'sno1', roots: ['site'] }),
      { name: 'RefusedError', code, message, fix },
      what,
    )
  t.end()
}

const record: SeedRecord = {
  ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRecord', cluster: 'sno1', image: null },
  ...{ status: 'detached', request: null, pullRequest: null, mergedAs: null },
  detached: {
    ...{ source: 'site/a.yaml', clusterInstance: { namespace: 'sno1', name: 'sno1' } },
    edits: [
      {
        ...{ file: 'site/kustomization.yaml', key: 'resources', line: 3 },
        ...{ before: '- a.yaml\n', after: '#- a.yaml\n', follows: '' },
      },
    ],
    roots: ['site'],
  },
  ...{ digest: null, finishedAt: null },
}
const rawObject = (apiVersion: string, kind: string, name: string, spec = '{}'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: site}\nspec: ${spec}\n`
const managedCluster = rawObject('cluster.open-cluster-management.io/v1', 'ManagedCluster', 'sno1')
const deployment = rawObject(
  'hive.openshift.io/v1',
  'ClusterDeployment',
  'any',
  '{clusterName: sno1}',
)

t.test('says of a cluster without a ClusterInstance which object Git holds of it', t => {
  const only =
    /Sower detaches ClusterInstances and SiteConfigs only, and pruning such objects can deprovision the host/
  const says = (start: string): RegExp =>
    new RegExp(`^looking for cluster sno1: ${start}: ${only.source}`)
  const fix = /^leave its entries in Git as they are;/
  const listed = { 'site/kustomization.yaml': listing('sno1') }
  const inFolder = (files: Files): Files => ({
    ...listed,
    'site/sno1/kustomization.yaml': listing(...Object.keys(files)),
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`site/sno1/${name}`, text])),
  })
  refuse(t, [
    [
      'a ManagedCluster before all others',
      'RAW_OBJECTS',
      inFolder({ 'cd.yaml': deployment, 'mc.yaml': managedCluster }),
      /^looking for cluster sno1: site\/sno1\/mc\.yaml holds a ManagedCluster sno1: .*; more of it is in site\/sno1\/cd\.yaml$/,
      fix,
    ],
    [
      'a ClusterDeployment by its spec',
      'RAW_OBJECTS',
      inFolder({ 'cd.yaml': `${rawObject('v1', 'Namespace', 'site')}---\n${deployment}` }),
      says('site/sno1/cd\\.yaml holds a ClusterDeployment sno1'),
      fix,
    ],
    [
      'an AgentClusterInstall by its reference',
      'RAW_OBJECTS',
      inFolder({
        'aci.yaml': rawObject(
          'extensions.hive.openshift.io/v1beta1',
          'AgentClusterInstall',
          'any',
          '{clusterDeploymentRef: {name: sno1}}',
        ),
      }),
      says('site/sno1/aci\\.yaml holds an AgentClusterInstall sno1'),
      fix,
    ],
    [
      'one that is commented out',
      'RAW_OBJECTS',
      { 'site/kustomization.yaml': 'resources: []\n#- mc.yaml\n', 'site/mc.yaml': managedCluster },
      says('site/mc\\.yaml holds a ManagedCluster sno1'),
      fix,
    ],
    [
      'one beside a root that cannot be followed',
      'RAW_OBJECTS',
      {
        'site/kustomization.yaml': listing('mc.yaml', 'gone.yaml'),
        'site/mc.yaml': managedCluster,
      },
      /besides, a root cannot be followed: reading site\/kustomization\.yaml:3: gone\.yaml is not there/,
      fix,
    ],
    [
      'the same names in other groups and kinds',
      'CLUSTER_NOT_FOUND',
      inFolder({
        'a.yaml': managedCluster.replace('cluster.open-cluster-management.io', 'example.com'),
        'b.yaml': managedCluster.replace('ManagedCluster', 'ManagedClusterSet'),
        'c.yaml': managedCluster.replace('sno1', 'sno2').replace('{}', '{note: sno1}'),
        'd.yaml': '- sno1\n',
      }),
      /no ClusterInstance or SiteConfig with this clusterName/,
      /^check the name/,
    ],
    [
      'a ClusterInstance that nothing lists',
      'RAW_OBJECTS',
      {
        'site/kustomization.yaml': listing('mc.yaml'),
        'site/mc.yaml': managedCluster,
        'site/a.yaml': sno1,
      },
      /kustomization\.yaml:2 lists site\/mc\.yaml, which holds its ManagedCluster: the hub goes on managing it/,
      /^leave it there if the cluster is to stay/,
    ],
  ])
})

t.test('never calls a cluster detached that the hub manages without its ClusterInstance', t => {
  const beside = (text: string, entry = '#- a.yaml', file = 'mc.yaml'): Files => ({
    'site/kustomization.yaml': `resources:\n- ${file}\n${entry}\n`,
    'site/a.yaml': sno1,
    'site/mc.yaml': text,
    'site/seeds/sno1/record.yaml': writeRecord(record),
  })
  const explained = (files: Files): unknown => {
    const view = memoryTree(files)
    const request = { cluster: 'sno1', roots: ['site'] }
    try {
      return findCluster(view, request)
    } catch (error) {
      return alreadyDetached(view, { ...request, directory: 'site/seeds' }, error)
    }
  }
  const goesOn = (kind: string): RegExp =>
    new RegExp(`:2 lists site/mc\\.yaml, which holds its ${kind}: the hub goes on managing it`)
  const list = `apiVersion: v1\nkind: List\nitems:\n- ${managedCluster.replaceAll('\n', '\n  ')}\n`
  for (const [text, kind] of [
    [managedCluster, 'ManagedCluster'],
    [list, 'ManagedCluster'],
    [`${deployment}---\n${managedCluster}`, 'ManagedCluster'],
    [deployment, 'ClusterDeployment'],
  ] as const)
    for (const entry of ['#- a.yaml', '- a.yaml', '# a.yaml is detached', '# nothing'])
      t.throws(
        () => explained(beside(text, entry)),
        { code: 'RAW_OBJECTS', message: entry === '# nothing' ? /./ : goesOn(kind) },
        `${kind} ${entry}`,
      )
  const infraEnv = rawObject('agent-install.openshift.io/v1beta1', 'InfraEnv', 'sno1')
  for (const files of [beside(infraEnv), beside(managedCluster, '#- a.yaml\n#- mc.yaml', 'b.yaml')])
    t.match(explained({ 'site/b.yaml': '', ...files }), { entry: 'a.yaml' })
  t.throws(() => explained(beside(`${sno1}---\n${managedCluster}`)), { code: 'SHARED_FILE' })
  t.end()
})

t.test('finds the kind of an object by its group and by each way of naming its cluster', t => {
  t.equal(rawObjectIn(deployment, 'sno1'), 'ClusterDeployment')
  t.equal(rawObjectIn(deployment, 'any'), 'ClusterDeployment')
  const infraEnv = (spec: string): string =>
    rawObject('agent-install.openshift.io/v1beta1', 'InfraEnv', 'node1', spec)
  t.equal(rawObjectIn(infraEnv('{clusterRef: {name: sno1}}'), 'sno1'), 'InfraEnv')
  t.equal(rawObjectIn(infraEnv('{clusterRef: sno1}'), 'sno1'), undefined)
  t.equal(rawObjectIn(infraEnv('[sno1]'), 'sno1'), undefined)
  t.end()
})
