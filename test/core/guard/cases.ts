import { seedGeneratorManifest } from '../../../src/core/seedgen/seed-generator-manifest.ts'
import { writeRecord, type SeedRecord } from '../../../src/core/detach/seed-record.ts'
import { clusterInstance, listing, siteConfig, type Files } from '../../support/memory-tree.ts'

/** A render and the repository that it comes from; `says` is what the guard refuses it with, null where it passes. */
export type GuardCase = Readonly<{
  what: string
  path?: string
  files?: Files
  render: readonly string[]
  says: RegExp | 'not applicable' | null
}>

const site = 'clusters/site-a'
const secret = (name: string, rest = 'type: Opaque\n'): string =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  namespace: a\n${rest}`
const generator = (cluster = 'sno1', image = 'quay.io/org/seed:4.18'): string =>
  seedGeneratorManifest({ cluster, image })
const record = (status: SeedRecord['status']): string =>
  writeRecord({
    ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRecord', cluster: 'sno1', image: null },
    ...{ status, request: null, pullRequest: null, mergedAs: null, detached: null },
    ...{ digest: null, finishedAt: null },
  })
const sower = (more = ''): string =>
  `apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [sno1]\n${more}`
const listed = {
  [`${site}/kustomization.yaml`]: listing('sno1.yaml'),
  [`${site}/sno1.yaml`]: clusterInstance('sno1'),
}
const seeds = 'seeds/sno1'
export const guardCases: Readonly<Record<string, readonly GuardCase[]>> = {
  'duplicate-cluster': [
    {
      what: 'two ClusterInstances of one cluster',
      files: {
        [`${site}/kustomization.yaml`]: listing('one.yaml', 'two.yaml'),
        [`${site}/one.yaml`]: clusterInstance('sno1', 'a'),
        [`${site}/two.yaml`]: clusterInstance('sno1', 'b'),
      },
      render: [clusterInstance('sno1', 'a'), clusterInstance('sno1', 'b')],
      says: /^ClusterInstance sno1\/a in clusters\/site-a\/one\.yaml: it brings the cluster sno1, as ClusterInstance sno1\/b does; give each/,
    },
    {
      what: 'names of other clusters that only begin alike',
      render: [clusterInstance('sno1'), clusterInstance('sno12'), clusterInstance('xsno1')],
      says: null,
    },
    {
      what: 'another kind with that field',
      render: [
        clusterInstance('sno1'),
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\nspec:\n  clusterName: sno1\n',
      ],
      says: null,
    },
    {
      what: 'a kind of that name in another group',
      render: [
        clusterInstance('sno1'),
        clusterInstance('sno1').replace(/^apiVersion: .*/, 'apiVersion: example.com/v1'),
      ],
      says: null,
    },
    {
      what: 'what is no object',
      render: [clusterInstance('sno1'), 'a: b\n'],
      says: null,
    },
    { what: 'no ClusterInstance', render: [secret('a')], says: 'not applicable' },
  ],
  'seed-generator': [
    { what: 'the one that Sower writes', path: seeds, render: [generator()], says: null },
    {
      what: 'another directory for the seeds',
      path: 'images/sno1',
      files: { 'sower.yaml': sower('directory: images\n') },
      render: [generator()],
      says: null,
    },
    {
      what: 'a sower.yaml further down',
      path: 'hub/images/sno1',
      files: { 'hub/sower.yaml': sower('directory: ./images/\n') },
      render: [generator()],
      says: null,
    },
    {
      what: 'another name',
      path: seeds,
      render: [generator().replace('seedimage', 'mine')],
      says: /^SeedGenerator mine in .*: metadata\.name: .*seedimage/,
    },
    {
      what: 'two of them',
      path: seeds,
      render: [generator(), generator().replace('seedimage', 'other')],
      says: /SeedGenerator other stands beside it/,
    },
    {
      what: 'a companion',
      path: seeds,
      render: [generator(), secret('a')],
      says: /Secret a stands beside it, and a SeedGenerator goes to the seed alone/,
    },
    {
      what: 'no image',
      path: seeds,
      render: [generator().replace(/ {2}seedImage: .*\n/, '  recertImage: a\n')],
      says: /spec\.seedImage: /,
    },
    {
      what: 'an image by digest',
      path: seeds,
      render: [generator().replace(/seed:4\.18/, `seed@sha256:${'0'.repeat(64)}`)],
      says: /its seedImage: it has a digest/,
    },
    {
      what: 'an image with a password, which is not told',
      path: seeds,
      render: [generator().replace('quay.io', 'https://robot:canary@quay.io')],
      says: /^(?!.*canary).*its seedImage: it has a scheme/,
    },
    {
      what: 'the annotation of another cluster',
      path: seeds,
      render: [generator('sno2')],
      says: /its annotation sower\.dev\/cluster is not sno1/,
    },
    {
      what: 'no annotation',
      path: seeds,
      render: [generator().replace(/ {2}annotations:\n.*\n/, '')],
      says: /its annotation sower\.dev\/cluster is not sno1/,
    },
    {
      what: 'a place that is no seed',
      path: site,
      render: [generator()],
      says: /it is rendered from clusters\/site-a, and its place is seeds\/<cluster>/,
    },
    { what: 'no SeedGenerator', render: [clusterInstance('sno1')], says: 'not applicable' },
  ],
  'seed-exclusive': [
    {
      what: 'a SeedGenerator of a cluster that is listed',
      path: seeds,
      files: { ...listed, [`${seeds}/kustomization.yaml`]: listing('seedgenerator.yaml') },
      render: [generator()],
      says: /^SeedGenerator seedimage in clusters\/site-a\/kustomization\.yaml:2: the hub still manages its cluster sno1: clusters\/site-a\/sno1\.yaml is listed; detach it first/,
    },
    {
      what: 'a SeedGenerator of a cluster that is commented out',
      path: seeds,
      files: { ...listed, [`${site}/kustomization.yaml`]: 'resources: []\n  #- sno1.yaml\n' },
      render: [generator()],
      says: null,
    },
    {
      what: 'a SeedGenerator where the directory of the cluster is commented out further up',
      path: seeds,
      files: {
        'clusters/kustomization.yaml': 'resources: []\n  #- site-a\n',
        ...listed,
      },
      render: [generator()],
      says: null,
    },
    {
      what: 'the same where sower.yaml calls that directory a root',
      path: seeds,
      files: {
        'clusters/kustomization.yaml': 'resources: []\n  #- site-a\n',
        ...listed,
        'sower.yaml': sower('roots: [clusters/site-a]\n'),
      },
      render: [generator()],
      says: /clusters\/site-a\/kustomization\.yaml:2/,
    },
    {
      what: 'a SeedGenerator without the annotation, of a cluster that is listed',
      path: seeds,
      files: listed,
      render: [generator().replace(/ {2}annotations:\n.*\n/, '')],
      says: /still manages its cluster sno1/,
    },
    ...[
      'resources: [sno1.yaml]\n---\nfoo: bar\n',
      'resources: []\nresources: [sno1.yaml]\n',
      'resources:\n- sno1.yaml\n\u2028- other.yaml\n',
    ].map((kustomization, index) => ({
      what: `a SeedGenerator beside a list that Sower cannot read, ${index}`,
      path: seeds,
      files: { ...listed, [`${site}/kustomization.yaml`]: kustomization },
      render: [generator()],
      says: /clusters\/site-a\/kustomization\.yaml: the hub may still manage its cluster sno1/,
    })),
    ...[
      [`${site}/kustomization.yaml`, 'resources:\n- !!binary c25vMS55YW1s\n'],
      [`${site}/kustomization.yaml`, '%YAML 1.1\n---\nresources: ["sno\\u0031.yaml"]\n'],
      [`${site}/kustomization.yaml`, Buffer.from('\uFEFFresources:\n- sno1.yaml\n', 'utf16le')],
      ['prod/kustomization.yaml', '%YAML 1.1\n---\ncomponents: [../clusters/site-a]\n'],
    ].map(([place, kustomization], index) => ({
      what: `a SeedGenerator beside a list that hides what it names, ${index}`,
      path: seeds,
      files: {
        ...listed,
        [`${site}/kustomization.yaml`]: `kind: Component\n${listing('sno1.yaml')}`,
        [String(place)]: kustomization ?? '',
      },
      render: [generator()],
      // The Component that nothing else lists is a root by itself.
      says:
        index === 3
          ? /kustomization\.yaml:3: the hub still manages its cluster sno1: .*sno1\.yaml is listed/
          : /kustomization\.yaml: the hub may still manage its cluster sno1/,
    })),
    {
      what: 'a SeedGenerator beside a ManagedCluster of the cluster that is listed',
      path: seeds,
      files: {
        [`${site}/kustomization.yaml`]: listing('mc.yaml'),
        [`${site}/mc.yaml`]:
          'apiVersion: cluster.open-cluster-management.io/v1\nkind: ManagedCluster\nmetadata: {name: sno1}\n',
      },
      render: [generator()],
      says: /may still manage its cluster sno1: .*kustomization\.yaml:2 lists .*mc\.yaml, which holds its ManagedCluster/,
    },
    {
      what: 'a SeedGenerator beside another list that cannot be read',
      path: seeds,
      files: {
        'site-b/kustomization.yaml': '%YAML 1.1\n---\nresources: [a]\n',
        ...listed,
        ...{
          [`${site}/kustomization.yaml`]: 'resources: []\n#- sno1.yaml\n',
        },
      },
      render: [generator()],
      says: null,
    },
    {
      what: 'a SeedGenerator beside a listed file that Sower cannot read',
      path: seeds,
      files: { ...listed, [`${site}/sno1.yaml`]: `${clusterInstance('sno1')}  key: "a\n"\n` },
      render: [generator()],
      says: /may still manage its cluster sno1: .*sno1\.yaml:\d+ as kustomize does: Missing closing/,
    },
    {
      what: 'a list that cannot be read, with the cluster commented out',
      path: seeds,
      files: {
        ...listed,
        [`${site}/kustomization.yaml`]: 'resources: [other.yaml]\n#- sno1.yaml\n---\nfoo: bar\n',
      },
      render: [generator()],
      says: null,
    },
    {
      what: 'a SiteConfig whose cluster is detached',
      files: { [`${seeds}/record.yaml`]: record('detached') },
      render: [siteConfig('sno2', 'sno1')],
      says: /^SiteConfig site-1\/site-1 in .*: its cluster sno1 is detached/,
    },
    {
      what: 'a ManagedCluster that is detached',
      files: { [`${seeds}/record.yaml`]: record('detached') },
      render: [
        'apiVersion: cluster.open-cluster-management.io/v1\nkind: ManagedCluster\nmetadata:\n  name: sno1\n',
      ],
      says: /^ManagedCluster sno1 in .*: its cluster sno1 is detached/,
    },
    {
      what: 'the acknowledgement of another cluster',
      files: {
        ...listed,
        [`${seeds}/record.yaml`]: record('reattached').replace('cluster: sno1', 'cluster: sno2'),
      },
      render: [clusterInstance('sno1')],
      says: /is detached, as seeds\/sno1\/record\.yaml says/,
    },
    ...(
      [
        [
          'sg.json',
          JSON.stringify({
            apiVersion: 'lca.openshift.io/v1',
            kind: 'SeedGenerator',
            metadata: { name: 'a' },
          }),
        ],
        ['base/sg.yaml', generator()],
        ['link.yaml', { link: 'other' }],
        ['seedgenerator.yaml', `<<<<<<< HEAD\n${generator()}=======\n`],
        ['generator', generator()],
      ] as const
    ).map(([name, content]) => ({
      what: `a SeedGenerator, or what may be one: ${name}`,
      files: { ...listed, [`${seeds}/${name}`]: content },
      render: [clusterInstance('sno1')],
      says: new RegExp(`is a seed: seeds/sno1/${name} is there`),
    })),
    {
      what: 'what cannot be followed elsewhere',
      path: seeds,
      files: { 'b/kustomization.yaml': listing('https://example.com/base') },
      render: [generator()],
      says: null,
    },
    ...(['detached', 'completed', 'failed'] as const).map(status => ({
      what: `a ClusterInstance whose record says ${status}`,
      files: { ...listed, [`${seeds}/record.yaml`]: record(status) },
      render: [clusterInstance('sno1')],
      says: /^ClusterInstance sno1\/sno1 in clusters\/site-a\/sno1\.yaml: its cluster sno1 is detached, as seeds\/sno1\/record\.yaml says, .*may reinstall the host; take it out again, or say `sower reattach sno1 --i-understand-this-may-reinstall`/,
    })),
    {
      what: 'a ClusterInstance beside a SeedGenerator, as after a revert of the detach',
      files: { ...listed, [`${seeds}/seedgenerator.yaml`]: generator() },
      render: [clusterInstance('sno1')],
      says: /is a seed: seeds\/sno1\/seedgenerator\.yaml is there/,
    },
    {
      what: 'a SeedGenerator under another file name',
      files: { ...listed, [`${seeds}/mine.yml`]: `---\n${generator()}` },
      render: [clusterInstance('sno1')],
      says: /is a seed: seeds\/sno1\/mine\.yml is there/,
    },
    {
      what: 'a record that cannot be read',
      files: { ...listed, [`${seeds}/record.yaml`]: 'status: [\n' },
      render: [clusterInstance('sno1')],
      says: /is detached, as seeds\/sno1\/record\.yaml says/,
    },
    {
      what: 'the acknowledgement of a reattach',
      files: {
        ...listed,
        [`${seeds}/record.yaml`]: record('reattached'),
        [`${seeds}/seedgenerator.yaml`]: generator(),
      },
      render: [clusterInstance('sno1')],
      says: null,
    },
    {
      what: 'a request, and nothing more',
      files: { ...listed, [`${seeds}/request.yaml`]: 'kind: SeedRequest\n' },
      render: [clusterInstance('sno1')],
      says: null,
    },
    {
      what: 'a file where the folder would be',
      files: { ...listed, 'seeds/sno1': 'kind: SeedGenerator\n' },
      render: [clusterInstance('sno1')],
      says: null,
    },
    {
      what: 'the record of another cluster',
      files: { ...listed, 'seeds/sno12/record.yaml': record('detached') },
      render: [clusterInstance('sno1')],
      says: null,
    },
    {
      what: 'a record that is a link',
      files: { ...listed, [`${seeds}/record.yaml`]: { link: 'other' } },
      render: [clusterInstance('sno1')],
      says: /is detached, as seeds\/sno1\/record\.yaml says/,
    },
    {
      what: 'a link where the seeds would be',
      files: { ...listed, seeds: { link: 'other' } },
      render: [clusterInstance('sno1')],
      says: /^clusters\/site-a: reading seeds: it is a symbolic link/,
    },
    {
      what: 'a record elsewhere than sower.yaml says',
      files: {
        ...listed,
        [`${seeds}/record.yaml`]: record('detached'),
        'sower.yaml': sower('directory: images\n'),
      },
      render: [clusterInstance('sno1')],
      says: null,
    },
    { what: 'neither', render: [secret('a')], says: 'not applicable' },
  ],
}
