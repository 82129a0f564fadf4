import t from 'tap'
import { jsonAt, overridesOf } from '../../../src/core/compare/git/declared.ts'
import { declaredObject } from '../../../src/core/compare/git/declared-object.ts'
import { mergePatch } from '../../../src/core/compare/git/merge-patch.ts'
import { readDeclared } from '../../../src/core/compare/git/read-declared.ts'
import { dayZeroOf } from '../../../src/core/compare/git/manifest-map.ts'
import { withoutNodeNetwork } from '../../../src/core/compare/git/without-node-network.ts'
import { mayHoldPolicy, plainPolicies } from '../../../src/core/compare/git/plain-policies.ts'
import { readPolicies } from '../../../src/core/compare/git/read-policies.ts'
import { referenceFile } from '../../../src/core/compare/git/reference-files.ts'
import { hasAll, selects } from '../../../src/core/compare/git/selects.ts'
import { listing, memoryTree, type Files } from '../../support/memory-tree.ts'

const instance = (
  cluster: string,
  spec = '',
  labels = '{role: target}',
): string => `apiVersion: siteconfig.open-cluster-management.io/v1alpha1
kind: ClusterInstance
metadata: {name: ${cluster}, namespace: ${cluster}}
spec:
  clusterName: ${cluster}
  extraLabels: {ManagedCluster: ${labels}}
${spec}`
const manifest = 'apiVersion: a/v1\nkind: MachineConfig\nmetadata: {name: 40-sctp}\nspec: {a: 1}\n'

const declaredIn = (files: Files, ...roots: readonly string[]) =>
  readDeclared(memoryTree(files), roots.length > 0 ? roots : ['site'])

t.test(
  'reads the clusters that the roots reach, each once, with the ConfigMaps that they name',
  t => {
    const refs = '  extraManifestsRefs: [{name: extra}]\n'
    const { clusters, notes } = declaredIn(
      {
        'site/kustomization.yaml': `${listing('a.yaml', 'b.yaml', 'maps.yaml', 'below')}configMapGenerator:
  - {name: extra, namespace: sno-a, files: [extra/one.yaml, other.yaml=extra/two.yaml]}
  - {name: gone, files: [extra/none.yaml]}
  - {name: outside, files: [../../x.yaml]}
patches: []
replacements: []
`,
        'site/extra/one.yaml': `${manifest}---\njust: text\n`,
        'site/extra/two.yaml': manifest.replace('sctp', 'two'),
        'site/a.yaml': instance('sno-a', refs),
        'site/b.yaml': instance(
          'sno-b',
          '  extraManifestsRefs: [{name: written}, {name: extra}]\n',
        ),
        'site/maps.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: written, namespace: sno-b}\ndata:\n  m.yaml: |\n    ${manifest.replaceAll('\n', '\n    ')}\n---\nkind: ConfigMap\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: anywhere}\n`,
        'site/below/kustomization.yaml': `${listing('c.yaml', 'sites.yaml', 'nothing.yaml')}namespace: sno-c\nconfigMapGenerator: [{name: extra, files: []}]\n`,
        'site/below/c.yaml': instance(
          'sno-c',
          '  extraManifestsRefs: [{name: extra}, {name: anywhere}]\n',
        ).replace(', namespace: sno-c', ''),
        'site/below/sites.yaml':
          'apiVersion: ran.openshift.io/v1\nkind: SiteConfig\nspec:\n  cpuPartitioningMode: AllNodes\n  clusters: [{clusterName: old, clusterLabels: {role: target}}, {}]\n',
        'site/below/nothing.yaml': 'a: ClusterInstance\n',
      },
      'site',
      'site/below',
    )
    const found = Object.fromEntries(clusters.map(one => [one.cluster, one]))
    t.strictSame(Object.keys(found).sort(), ['old', 'sno-a', 'sno-b', 'sno-c'])
    t.strictSame(
      found['sno-a']?.dayZero?.map(({ metadata, file }) => [metadata.name, file]),
      [
        ['40-sctp', 'site/extra/one.yaml'],
        ['40-two', 'site/extra/two.yaml'],
      ],
    )
    t.match(
      found['sno-b'],
      { dayZero: null, missing: ['sno-b/extra'] },
      'of another namespace it is another',
    )
    t.match(found['sno-c'], { dayZero: [], missing: [], file: 'site/below/c.yaml' })
    t.match(found['old'], { spec: { cpuPartitioningMode: 'AllNodes', clusterName: 'old' } })
    t.strictSame(notes, [
      'site/kustomization.yaml has patches and replacements, which are not applied here: files count as they stand',
    ])
    t.strictSame(dayZeroOf([], { names: [], namespace: 'x' }), { missing: [], dayZero: [] })
    t.end()
  },
)

const template = (rules: string, sources: string): string =>
  `apiVersion: ran.openshift.io/v1\nkind: PolicyGenTemplate\nmetadata: {name: p, namespace: n}\nspec:\n  bindingRules: ${rules}\n  sourceFiles:\n${sources}`
const generator = (rest: string): string =>
  `apiVersion: policy.open-cluster-management.io/v1\nkind: PolicyGenerator\n${rest}`

t.test('reads the policies that are listed anywhere and bound to the labels of a cluster', t => {
  const { clusters } = declaredIn({
    'site/kustomization.yaml': listing('a.yaml', 'b.yaml'),
    'site/a.yaml': instance('sno-a', '', '{role: target, group: du}'),
    'site/b.yaml': instance('sno-b', '', '{role: other}'),
    'policies/kustomization.yaml': 'generators: [common.yaml, group.yaml, dir]\n',
    'policies/dir/kustomization.yaml': 'resources: []\n',
    'policies/unlisted.yaml': template('{role: target}', '    - fileName: PtpConfigSlave.yaml\n'),
    'policies/source-crs/StorageLVMCluster.yaml':
      'apiVersion: lvm.topolvm.io/v1alpha1\nkind: LVMCluster\nmetadata: {name: lvm, namespace: n}\nspec: {a: 1, b: 2}\n---\njust: text\n',
    'policies/common.yaml': template(
      '{role: target}',
      `    - fileName: StorageLVMCluster.yaml
      spec: {b: 3}
    - fileName: PtpConfigSlave.yaml
      metadata: {name: slave}
      spec: {profile: [{interface: eno1}]}
    - fileName: SriovSubscription.yaml
      spec: {channel: stable}
    - fileName: Unheard.yaml
`,
    ).replace('  bindingRules', '  bindingExcludedRules: {group: core}\n  bindingRules'),
    'policies/group.yaml': generator(`policyDefaults:
  placement: {labelSelector: {matchExpressions: [{key: group, operator: In, values: [du]}]}}
policies:
  - name: one
    manifests:
      - path: source-crs/PerformanceProfile.yaml
        patches: [{spec: {cpu: {reserved: "{{hub x hub}}"}}}, {kind: Other, spec: {a: 1}}]
      - path: ../../outside.yaml
  - name: two
    placement: {placementPath: other.yaml}
    manifests: [{path: source-crs/DefaultCatsrc.yaml}]
  - name: three
    placement: {clusterSelectors: {group: core}}
---
kind: Other
`),
  })
  const [a, b] = clusters
  t.equal(a?.bound, 2)
  t.match(a?.policies, [
    { kind: 'LVMCluster', spec: { a: 1, b: 3 }, base: null, isTemplated: false },
    {
      kind: 'PtpConfig',
      metadata: { name: 'slave', namespace: 'openshift-ptp' },
      base: 'PtpConfigSlave.yaml',
    },
    {
      kind: 'Subscription',
      metadata: { name: 'SriovSubscription.yaml' },
      spec: { channel: 'stable' },
    },
    { kind: 'PerformanceProfile', spec: { cpu: { reserved: /hub/ } }, isTemplated: true },
  ])
  t.equal(a?.policies.length, 4)
  t.match(b, { bound: 0, policies: [] })
  t.end()
})

t.test('a template that excludes a cluster, and a policy without a selector, are not for it', t => {
  const view = memoryTree({
    'p.yaml': `${template('{}', '').replace('sourceFiles', 'bindingExcludedRules: {group: du}\n  sourceFiles')}---\n${generator('policies: [{name: a}]\n')}`,
  })
  const du = new Map([['group', 'du']])
  t.strictSame(
    readPolicies(view, 'p.yaml').map(({ isFor }) => [isFor(du), isFor(new Map())]),
    [
      [false, true],
      [false, false],
    ],
  )
  t.end()
})

t.test('a file that is too large to be read holds nothing', t => {
  const { clusters } = declaredIn({
    'site/kustomization.yaml': listing('a.yaml'),
    'site/a.yaml': `${instance('sno-a')}#${' '.repeat(9 * 1024 * 1024)}\n`,
  })
  t.strictSame(clusters, [])
  t.end()
})

t.test('the addresses of nodes are left out, unless an anchor may reach into them', t => {
  const spec = `spec:
  nodes:
    - hostName: a
      nodeNetwork:
        interfaces:
          - name: eno1

        config: {}
      role: master
`
  t.equal(
    withoutNodeNetwork(spec),
    'spec:\n  nodes:\n    - hostName: a\n      nodeNetwork: {}\n      role: master\n',
  )
  const anchored = spec.replace('eno1', '&x eno1')
  t.equal(withoutNodeNetwork(anchored), anchored)
  t.equal(withoutNodeNetwork('nodeNetwork: {a: 1}\n'), 'nodeNetwork: {a: 1}\n')
  t.end()
})

t.test('selectors select as Kubernetes does', t => {
  const labels = new Map([['a', '1']])
  const by = (operator: string, key = 'a', values: readonly string[] = ['1']) =>
    selects({ matchExpressions: [{ key, operator, values }] }, labels)
  t.strictSame(
    [by('In'), by('NotIn'), by('Exists'), by('DoesNotExist'), by('Gt')],
    [true, false, true, false, false],
  )
  t.strictSame(
    [by('In', 'b'), by('NotIn', 'b'), by('Exists', 'b'), by('DoesNotExist', 'b')],
    [false, true, false, true],
  )
  t.ok(selects({ a: '1' }, labels))
  t.notOk(selects({ matchLabels: { a: '2' } }, labels))
  t.ok(hasAll({}, labels))
  t.end()
})

t.test('small parts keep to their word', t => {
  t.strictSame(mergePatch({ a: { b: 1 }, l: [1] }, { a: { c: 2 }, l: [2] }), {
    a: { b: 1, c: 2 },
    l: [2],
  })
  t.equal(mergePatch({ a: 1 }, 'x'), 'x')
  t.match(referenceFile('PtpOperatorConfigForEvent.yaml'), { spec: { ptpEventConfig: {} } })
  t.match(referenceFile('PtpOperatorConfig.yaml'), { kind: 'PtpOperatorConfig', name: 'default' })
  t.match(referenceFile('AcceleratorsSubscription.yaml'), { kind: 'Subscription' })
  t.equal(referenceFile('Other.yaml'), undefined)
  t.equal(declaredObject({ kind: 'x' }, { file: 'a', base: null }), undefined)
  t.equal(jsonAt(null, 'a'), undefined)
  t.strictSame(overridesOf({ installConfigOverrides: '{"fips": true}' }), { fips: true })
  t.end()
})

const policy = (of: Readonly<{ name: string; more?: string; templates?: string }>): string =>
  `apiVersion: policy.open-cluster-management.io/v1
kind: Policy
metadata: {name: ${of.name}, namespace: ztp}
spec:
  remediationAction: inform
${of.more ?? ''}  policy-templates:
    - objectDefinition:
        kind: ConfigurationPolicy
        spec:
          object-templates:
            - complianceType: musthave
              objectDefinition: {apiVersion: ptp.openshift.io/v1, kind: PtpConfig, metadata: {name: of-${of.name}}}
            - complianceType: mustnothave
              objectDefinition: {apiVersion: v1, kind: Namespace, metadata: {name: gone}}
            - complianceType: musthave
`
const binding = (name: string, kind: string, placement = name): string =>
  `---
apiVersion: policy.open-cluster-management.io/v1
kind: PlacementBinding
metadata: {name: ${name}, namespace: ztp}
placementRef: {kind: ${kind}, name: ${placement}}
subjects: [{kind: PolicySet, name: ${name}}, {kind: Policy, name: ${name}}]
`
const placement = (kind: string, name: string, spec: string): string =>
  `---\nkind: ${kind}\nmetadata: {name: ${name}, namespace: ztp}\nspec: ${spec}\n`

t.test(
  'reads policies as they are on the hub, where labels alone say for which clusters they are',
  t => {
    const du = '{matchExpressions: [{key: group, operator: In, values: [du]}]}'
    const byLabels = (selector: string): string =>
      `{predicates: [{requiredClusterSelector: {labelSelector: ${selector}}}]}`
    const cases: readonly (readonly [
      name: string,
      kind: string,
      spec: string,
      isBound: boolean,
    ])[] = [
      ['rule', 'PlacementRule', `{clusterSelector: ${du}}`, true],
      ['rule-of-all', 'PlacementRule', '{}', true],
      ['rule-of-one', 'PlacementRule', `{clusterSelector: ${du}, clusterReplicas: 1}`, false],
      ['other', 'PlacementRule', '{clusterSelector: {matchLabels: {group: core}}}', false],
      ['placement', 'Placement', byLabels(du), true],
      ['of-all', 'Placement', '{}', true],
      ['of-a-set', 'Placement', `{clusterSets: [mine], predicates: []}`, true],
      ['of-any-set', 'Placement', '{clusterSets: [global]}', true],
      ['of-another-set', 'Placement', '{clusterSets: [theirs]}', false],
      ['of-some', 'Placement', `{numberOfClusters: 2}`, false],
      [
        'by-claim',
        'Placement',
        '{predicates: [{requiredClusterSelector: {claimSelector: {matchExpressions: []}}}]}',
        false,
      ],
    ]
    const texts = cases.flatMap(([name, kind, spec]) => [
      policy({ name }),
      binding(name, kind),
      placement(kind, name, spec),
      '---\n',
    ])
    const { clusters } = declaredIn({
      'site/kustomization.yaml': listing('a.yaml'),
      'site/a.yaml': instance(
        'sno-a',
        '',
        '{group: du, cluster.open-cluster-management.io/clusterset: mine}',
      ),
      'hub/kustomization.yaml': listing('policies.yaml', 'more.yaml'),
      'hub/policies.yaml': texts.join(''),
      'hub/more.yaml': `${policy({ name: 'off', more: '  disabled: true\n' })}${binding('off', 'Placement', 'of-all')}---\n${policy({ name: 'unbound' })}`,
      'hub/unlisted.yaml': `${policy({ name: 'unlisted' })}${binding('unlisted', 'Placement', 'of-all')}`,
    })
    const wanted = cases.filter(([, , , isBound]) => isBound).map(([name]) => `of-${name}`)
    t.strictSame(
      clusters[0]?.policies.map(({ metadata }) => metadata.name),
      wanted,
    )
    t.match(clusters[0]?.policies, [{ kind: 'PtpConfig', file: 'hub/policies.yaml', base: null }])
    t.strictSame(plainPolicies([]), [])
    t.ok(mayHoldPolicy('kind: "Placement"\n') && !mayHoldPolicy('kind: PolicyGenerator\n'))
    t.end()
  },
)
