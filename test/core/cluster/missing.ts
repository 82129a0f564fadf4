import t, { type Test } from 'tap'
import { clustersInText } from '../../../src/core/cluster/clusters-in.ts'
import { notFoundElsewhere } from '../../../src/core/cluster/opaque/not-found-elsewhere.ts'
import { findCluster } from '../../../src/core/cluster/find-cluster.ts'
import { RefusedError } from '../../../src/errors.ts'
import {
  clusterInstance,
  listing,
  memoryTree,
  siteConfig,
  type Files,
} from '../../support/memory-tree.ts'

const sno1 = clusterInstance('sno1')
const empty = { 'site/kustomization.yaml': 'resources: []\n' }

type Case = readonly [what: string, code: string, files: Files, message: RegExp, fix: RegExp]

const refuse = (t: Test, cases: readonly Case[], roots: readonly string[] = ['site']): void => {
  for (const [what, code, files, message, fix] of cases)
    t.throws(
      () => findCluster(memoryTree(files), { cluster: 'sno1', roots }),
      { name: 'RefusedError', code, message, fix },
      what,
    )
  t.end()
}

t.test('a file without the cluster is one, whatever else it holds', t => {
  const contents: readonly (readonly [string, string])[] = [
    ['broken YAML', 'sno1: "\n'],
    ['nothing', ''],
    ['a list with the name in it', '- sno1\n'],
    ['an unknown alias', 'kind: sno1\nspec: *nowhere\n'],
    [
      'too many aliases',
      `n: sno1\na: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(20)}]\nc: [${'*b,'.repeat(20)}]\n`,
    ],
    ['another group', sno1.replace('siteconfig.open', 'example.open')],
    ['another kind', sno1.replace('kind: ClusterInstance', 'kind: Cluster')],
    ['a name that contains it', clusterInstance('sno11')],
    ['a name that ends so', clusterInstance('a-sno1')],
    ['names that hold it', clusterInstance('sno1.example').replace('v1alpha1', 'xsno1-')],
    ['an object of that name', clusterInstance('sno2', 'sno1')],
    ['a number as the name', sno1.replace('clusterName: sno1', 'clusterName: 1')],
    ['a site of that name', siteConfig('sno2').replaceAll('site-1', 'sno1')],
    ['a site without clusters', siteConfig('sno1').replace('clusters:', 'others:')],
  ]
  refuse(
    t,
    contents.map(([what, content]) => [
      what,
      'CLUSTER_NOT_FOUND',
      { 'site/kustomization.yaml': listing('a.yaml'), 'site/a.yaml': content },
      /^looking for cluster sno1: no ClusterInstance or SiteConfig with this clusterName is listed below site(; named in site\/a\.yaml)?$/,
      /^check the name \(it is spec\.clusterName, not the file name\) and `roots` in sower\.yaml$/,
    ]),
  )
})

t.test('names the file that holds the cluster, and where it would be listed', t => {
  refuse(t, [
    [
      'swapped file names',
      'CLUSTER_NOT_FOUND',
      {
        'site/kustomization.yaml': listing('sno1.yaml'),
        'site/sno1.yaml': clusterInstance('sno2'),
        'site/sno2.yaml': sno1,
      },
      /: site\/sno2\.yaml holds it, but no kustomization below site lists it; the nearest one is in site$/,
      /^if Argo CD renders it from another place, name that .* bringing it back may reinstall the host$/,
    ],
    [
      'a kustomization further up',
      'CLUSTER_NOT_FOUND',
      {
        'site/kustomization.yaml': listing('a'),
        'site/a/kustomization.yaml': 'resources: []',
        'kustomization.yaml': 'bases: []',
        'x/y/sno1.yaml': sno1,
      },
      /: x\/y\/sno1\.yaml holds it, .* the nearest one is in \.$/,
      /^if Argo CD renders it from another place/,
    ],
    [
      'a kustomization that no root reaches',
      'CLUSTER_NOT_FOUND',
      {
        ...empty,
        'a.yaml': sno1,
        'other/kustomization.yaml': listing('../x.yaml', '../a.yaml'),
        'x.yaml': '',
        'Chart.yaml': 'name: everything\n',
      },
      /: a\.yaml holds it and other\/kustomization\.yaml:3 lists that, but none of the roots reaches it: site$/,
      /^add other to `roots` in sower\.yaml, if Argo CD renders it$/,
    ],
    [
      'a kustomization that patches the name in',
      'CLUSTER_NOT_FOUND',
      {
        'site/kustomization.yaml':
          'resources: [../base]\npatches: [{patch: "[{op: replace, path: /spec/clusterName, value: sno1}]"}]\n',
        'base/kustomization.yaml': listing('ci.yaml'),
        'base/ci.yaml': clusterInstance('placeholder'),
        'sower.yaml': 'seeds: [sno1]\n',
      },
      /is listed below site; named in site\/kustomization\.yaml$/,
      /^check the name/,
    ],
    [
      'a kustomization that cannot be read',
      'KUSTOMIZATION_UNREADABLE',
      {
        ...empty,
        'other/kustomization.yaml': 'resources: []\n- sno1.yaml\n',
        'other/sno1.yaml': sno1,
      },
      /reading other\/kustomization\.yaml:1: line 1 of the kustomization says `resources: \[\]`, and an entry follows in line 2$/,
      /^take out the `\[\]`/,
    ],
  ])
})

t.test('says the reason that it knows, and what else is wrong beside it', t => {
  const holds = { 'site/kustomization.yaml': 'resources:\n', 'site/sno1.yaml': sno1 }
  const beside =
    /site\/sno1\.yaml holds it, .* the nearest one is in site; besides, a root cannot be followed: reading demo\/kust/
  for (const [what, files] of [
    ['a missing entry', { 'demo/kustomization.yaml': listing('gone.yaml') }],
    ['a remote base', { 'demo/kustomization.yaml': listing('https://example.com/x') }],
    ['a kustomization elsewhere', { 'demo/kustomization.yaml': 'prose' }],
  ] as const)
    t.throws(
      () =>
        findCluster(memoryTree({ ...holds, ...files }), {
          cluster: 'sno1',
          roots: ['demo', 'site'],
        }),
      { code: 'CLUSTER_NOT_FOUND', message: beside, fix: /^if Argo CD/ },
      what,
    )
  refuse(t, [
    [
      'the kustomization beside the file',
      'KUSTOMIZATION_UNREADABLE',
      { 'site/kustomization.yaml': 'prose', 'site/sno1.yaml': sno1 },
      /this cannot be followed: reading site\/kustomization\.yaml: it is not/,
      /^correct the file/,
    ],
    [
      'a comment that names the file',
      'CLUSTER_NOT_FOUND',
      { ...holds, 'site/kustomization.yaml': 'resources: []\n# we took out sno1.yaml\n' },
      /; a comment names it at site\/kustomization\.yaml:2: # we took out sno1\.yaml$/,
      /leave it so/,
    ],
  ])
})

t.test('passes on a reason that has no way out', t => {
  const error = notFoundElsewhere('sno1', new RefusedError('ENTRY_MISSING', 'why'))
  t.match(error, { code: 'ENTRY_MISSING', message: /followed: why$/, fix: undefined })
  t.end()
})

t.test('refuses a plain directory', t => {
  const message =
    /: sites\/a\/sno1\.yaml holds it, and there is no kustomization in its directory or above: Argo CD applies/
  const fix =
    /^add a kustomization\.yaml to sites\/a that lists its files, and that directory to `roots` in sower\.yaml$/
  refuse(t, [
    [
      'beside a root',
      'PLAIN_DIRECTORY',
      { 'site/kustomization.yaml': 'resources: []\n', 'sites/a/sno1.yaml': sno1 },
      message,
      fix,
    ],
    [
      'as the root',
      'PLAIN_DIRECTORY',
      { 'site/x.yaml': '', 'sites/a/sno1.yaml': sno1 },
      message,
      fix,
    ],
    [
      'but rather what cannot be followed',
      'ENTRY_SYMLINK',
      {
        'site/kustomization.yaml': listing('l.yaml'),
        'site/l.yaml': { link: '../sites/a/sno1.yaml' },
        'sites/a/sno1.yaml': sno1,
      },
      /^looking for cluster sno1: it was not found elsewhere, and this cannot be followed: reading site\/kustomization\.yaml:2: l\.yaml is/,
      /^list the place that the link points to$/,
    ],
    [
      'but rather a listed directory without a kustomization',
      'KUSTOMIZATION_MISSING',
      { 'site/kustomization.yaml': listing('../sites/a'), 'sites/a/sno1.yaml': sno1 },
      /cannot be followed: reading sites\/a: it has no kustomization file$/,
      /exactly one kustomization\.yaml/,
    ],
  ])
})

const generators = (text: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: sites}\nspec:\n  generators:\n${text}`

t.test('refuses the folder of an ApplicationSet', t => {
  const matching: readonly (readonly [string, string])[] = [
    ['sites/*', '  - git: {directories: [{path: sites/*}]}\n'],
    ['./sites/?/', '  - git: {directories: [{path: ./sites/?/}]}\n'],
    ['sites', '  - list: {}\n  - git: {directories: [{path: x}, {path: sites}]}\n'],
    ['**', '  - git: {directories: [{path: "**"}]}\n'],
    ['s**a', '  - git: {directories: [{path: "s**a"}]}\n'],
    ['sites/*/config.json', '  - git: {files: [{path: sites/*/config.json}]}\n'],
    ['sites/**/*.yaml', '  - git: {files: [{path: "sites/**/*.yaml"}]}\n'],
    [
      'sites/*',
      '  - matrix: {generators: [{clusters: {}}, {git: {directories: [{path: sites/*}]}}]}\n',
    ],
    ['sites/*', '  - merge: {generators: [{git: {directories: [{path: sites/*}]}}]}\n'],
  ]
  const files = (set: string): Files => ({ 'sites/a/sno1.yaml': sno1, 'argocd/sets.yaml': set })
  const literally = (text: string): string => text.replace(/[.*?]/g, '\\$&')
  refuse(t, [
    ...matching.map(([pattern, text]): Case => [
      pattern,
      'APPLICATION_SET',
      files(`kind: Other\n---\n${generators(text)}`),
      new RegExp(
        `: sites/a/sno1\\.yaml holds it, and the ApplicationSet in argocd/sets\\.yaml makes an Application of its folder \\(${literally(pattern)}\\)$`,
      ),
      /^add a kustomization\.yaml to sites\/a that lists its files, and that directory to `roots`/,
    ]),
    ...[
      generators('  - git: {directories: [{path: "*"}, {path: sites, exclude: true}]}\n'),
      generators('  - git: {directories: [{path: sites/*}, {path: sites/a, exclude: true}]}\n'),
      generators('  - git: {directories: [{path: site?}]}\n').replace('site?', 'sites?a'),
      generators('  - git: {files: [{path: config.json}]}\n'),
      generators('  - git: *nowhere\n'),
      generators('  - git: 1\n'),
      'kind: ApplicationSet\n',
    ].map((set): Case => [
      `not: ${set}`,
      'PLAIN_DIRECTORY',
      files(set),
      /: sites\/a\/sno1\.yaml holds it/,
      /^add/,
    ]),
  ])
})

t.test('refuses what Helm renders', t => {
  const fix =
    /^take the cluster out of the chart by hand, or move it into a file that a kustomization lists$/
  const template = `${sno1}  baseDomain: {{ .Values.domain }}\n`
  const helm = (message: string): RegExp =>
    new RegExp(
      `^looking for cluster sno1: ${message}: Sower edits the lists of kustomizations only$`,
    )
  const values = 'clusters:\n- name: sno1 # the seed\n'
  const inflated = (fields: string): Files => ({
    'site/kustomization.yaml': fields,
    'site/values/sno1.yaml': values,
  })
  const inflates =
    'site/values/sno1\\.yaml names it in the values of a Helm chart that site/kustomization\\.yaml inflates'
  const refused: readonly (readonly [string, Files, string])[] = [
    [
      'a chart with the object',
      { ...empty, 'c/Chart.yaml': '', 'c/templates/a.yaml': sno1 },
      'c/templates/a\\.yaml names it and lies in the Helm chart c',
    ],
    [
      'values of a chart, listed as a directory',
      { 'site/kustomization.yaml': listing('../c'), 'c/Chart.yaml': '', 'c/values.yaml': values },
      'c/values\\.yaml names it and lies in the Helm chart c',
    ],
    [
      'a template in a list',
      { 'site/kustomization.yaml': listing('a.yaml'), 'site/a.yaml': template },
      'site/a\\.yaml names it and is a Helm template',
    ],
    [
      'a template of a site',
      { ...empty, 'c/_site.tpl': '{{ x }}\n  kind: "SiteConfig"\n  clusterName: "sno1"\n' },
      'c/_site\\.tpl names it and is a Helm template',
    ],
    [
      'values in a kustomization',
      {
        'site/kustomization.yaml':
          'helmCharts:\n- name: sites\n  valuesInline: {clusters: [{name: sno1}]}\n',
      },
      'site/kustomization\\.yaml names it in the values of a Helm chart that site/kustomization\\.yaml inflates',
    ],
    ['a values file', inflated('helmCharts: [{valuesFile: values/sno1.yaml}]\n'), inflates],
    [
      'another values file',
      inflated('helmCharts: [{name: a}, {additionalValuesFiles: [x, ./values/sno1.yaml]}]\n'),
      inflates,
    ],
    [
      'values in the old field',
      inflated('helmChartInflationGenerator: [{chartName: a}, {values: values/sno1.yaml}]\n'),
      inflates,
    ],
    [
      'a generator',
      {
        'site/kustomization.yaml': 'generators: [helm.yaml]\n',
        'site/helm.yaml': 'kind: HelmChartInflationGenerator\nvaluesInline: {a: sno1}\n',
      },
      'site/helm\\.yaml names it in the values of a Helm chart',
    ],
  ]
  const found: readonly (readonly [string, Files])[] = [
    [
      'the name in a comment of values',
      { 'c/Chart.yaml': '', 'c/values.yaml': '# sno1\na: b # sno1' },
    ],
    [
      'a longer name in values',
      { 'c/Chart.yaml': '', 'c/values.yaml': 'a: sno11\nb: x-sno1\nc: sno1.x' },
    ],
    ['a chart beside it', { 'c/Chart.yaml': '', 'd/values.yaml': values }],
    ['a template of something else', { 'c/a.yaml': 'kind: Policy\na: "{{hub x hub}}"\nb: sno1\n' }],
    ['other fields than expected', inflated('helmCharts: values/sno1.yaml\n')],
    ['values of no chart', inflated('generators: []\n')],
    ['a link into a chart', { 'c/Chart.yaml': '', 'c/a.yaml': { link: 'x' } }],
    ['a file that is no YAML', { 'c/Chart.yaml': '', 'c/README.md': 'sno1' }],
  ]
  refuse(t, [
    ...refused.map(([what, files, message]): Case => [
      what,
      'HELM_RENDERED',
      files,
      helm(message),
      fix,
    ]),
    ...found.map(([what, files]): Case => [
      what,
      'CLUSTER_NOT_FOUND',
      { ...empty, ...files },
      /no ClusterInstance or SiteConfig/,
      /^check the name/,
    ]),
    [
      'a file with the object beside a chart that names it',
      'PLAIN_DIRECTORY',
      {
        ...empty,
        'c/Chart.yaml': '',
        'c/values.yaml': values,
        'd/a.yaml': template,
        'e/a.yaml': sno1,
      },
      /: e\/a\.yaml holds it/,
      /^add/,
    ],
  ])
})

t.test('refuses inline YAML that names it', t => {
  const inline = (name: string): string =>
    `generators:\n- gone.yaml\n- |-\n  kind: SiteConfig\n  spec: {clusters: [{clusterName: ${name}}]}\n`
  refuse(t, [
    [
      'by its name',
      'ENTRY_INLINE',
      { 'site/kustomization.yaml': inline('sno1') },
      /^looking for cluster sno1: site\/kustomization\.yaml:3 names it in inline YAML$/,
      /^put that YAML into a file and list the file$/,
    ],
    [
      'but rather what cannot be followed, where it names another one',
      'ENTRY_MISSING',
      { 'site/kustomization.yaml': inline('sno11') },
      /it was not found elsewhere, and this cannot be followed: .*:2: gone\.yaml is not there/,
      /^correct the path/,
    ],
  ])
})

t.test('what nests deeper than a parser survives is passed over', t => {
  const deep = `sno1: ${'['.repeat(200_000)}`
  t.strictSame(clustersInText(deep, 'sno1'), [])
  t.end()
})
