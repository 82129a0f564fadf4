import t from 'tap'
import { applicationSetPattern } from '../../../src/core/cluster/application-set-pattern.ts'
import { commentedOutOf, commentedTargets } from '../../../src/core/cluster/commented-out.ts'
import { defaultRoots } from '../../../src/core/cluster/default-roots.ts'
import { findCluster } from '../../../src/core/cluster/find-cluster.ts'
import { helmReason } from '../../../src/core/cluster/helm-reason.ts'
import { surveyRepository } from '../../../src/core/cluster/survey-repository.ts'
import { clusterInstance, listing, memoryTree, type Files } from '../../support/memory-tree.ts'

t.test('takes for roots what no other kustomization references', t => {
  const { roots, warnings } = defaultRoots(
    memoryTree({
      'kustomization.yaml': listing('hub'),
      'hub/kustomization.yml': 'generators: []\n',
      'sites/a/kustomization.yaml':
        'resources: [../base]\ncomponents: [../extra]\n#- ../a\n#- ../detached\n#- ../base\n#- ../b\n',
      'sites/b/Kustomization': `${listing('.')}bases: [../base]\n`,
      'sites/base/kustomization.yaml': 'resources: []\n',
      'sites/extra/kustomization.yaml': 'kind: Component\n',
      'sites/alone/kustomization.yaml': 'kind: Component\n',
      'sites/bringing/kustomization.yaml': 'kind: Component\nresources: [a.yaml]\n',
      'sites/bringing/a.yaml': '',
      'sites/detached/kustomization.yaml': 'resources: []\n',
      'sites/jinja/kustomization.yaml': '{% for x in y %}\n',
      'sites/prose/kustomization.yaml': 'to be written\n',
      'sites/link/kustomization.yaml': { link: '../a/kustomization.yaml' },
      'sites/flux/kustomization.yaml':
        'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n',
      'sites/own/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1beta1\n',
      'sites/plain/a.yaml': '',
      'circle/1/kustomization.yaml': listing('../2'),
      'circle/2/kustomization.yaml': listing('../1'),
      'z/kustomization.yaml': listing('https://example.com/x'),
    }),
  )
  t.strictSame(roots, ['.', 'sites/a', 'sites/bringing', 'sites/own', 'z'])
  t.match(warnings, [
    /^not taken for a root: reading sites\/jinja\/kustomization\.yaml:1: /,
    /^not taken for a root: reading sites\/link\/kustomization\.yaml: it is a symbolic link$/,
    /^not taken for a root: reading sites\/prose\/kustomization\.yaml: it is not a YAML mapping$/,
    /: sites\/b, which only the commented-out entry sites\/a\/kustomization\.yaml:6 leads to; name/,
    /: sites\/detached, which only the commented-out entry sites\/a\/kustomization\.yaml:4 leads to/,
    /: sites\/flux\/kustomization\.yaml is of kustomize\.toolkit\.fluxcd\.io\/v1$/,
  ])
  t.equal(warnings.length, 6)
  t.strictSame(defaultRoots(memoryTree({})), { roots: [], warnings: [] })
  t.end()
})

t.test('commented-out entries count where something is behind them', t => {
  const view = memoryTree({
    'site/kustomization.yaml':
      'resources:\n  - a.yaml\n  #- sno1.yaml\n  #- leaf\n  #- gone.yaml\n  #- link.yaml\n  #- ../../x\n  #- other\n',
    'site/a.yaml': '',
    'site/sno1.yaml': clusterInstance('sno1'),
    'site/link.yaml': { link: 'sno1.yaml' },
    'site/leaf/kustomization.yaml': listing('deep'),
    'site/leaf/deep/kustomization.yaml': listing('sno1.yaml'),
    'site/leaf/deep/sno1.yaml': clusterInstance('sno1'),
    'site/other/kustomization.yaml': listing('gone', '../a.yaml'),
  })
  const { reached } = view.walk('site')
  const [place] = reached
  t.strictSame(
    place && commentedTargets(view, place).map(({ line, value, kind }) => [line, value, kind]),
    [
      [3, 'sno1.yaml', 'file'],
      [4, 'leaf', 'directory'],
      [8, 'other', 'directory'],
    ],
  )
  const holds = (path: string): boolean => path.endsWith('sno1.yaml')
  t.strictSame(
    commentedOutOf(view, { reached, holds }).map(({ line, path }) => [line, path]),
    [
      [3, 'site/sno1.yaml'],
      [4, 'site/leaf'],
    ],
  )
  t.end()
})

t.test('surveys a whole repository for a cluster, listed or not, and follows no link', t => {
  const { holders, mentions, applicationSets, directories, charts } = surveyRepository(
    memoryTree({
      'a/kustomization.yaml': 'resources: [] # sno1\n',
      'a/sno1.yaml': clusterInstance('sno1'),
      'a/sno10.yaml': clusterInstance('sno10'),
      'a/notes.md': 'sno1',
      'b/Kustomization': 'namespace: sno1\n',
      'b/link.yaml': { link: '../a/sno1.yaml' },
      'c/Chart.yaml': 'name: c\n',
      'c/templates/cluster.tpl': 'name: {{ x }} sno1\n',
      'sets.yaml': 'kind: ApplicationSet\n',
    }),
    'sno1',
  )
  t.strictSame([...holders], ['a/sno1.yaml'])
  t.strictSame(mentions.map(({ path }) => path).sort(), [
    'b/Kustomization',
    'c/templates/cluster.tpl',
  ])
  t.strictSame(
    applicationSets.map(({ path }) => path),
    ['sets.yaml'],
  )
  t.strictSame(directories, ['a', 'b'])
  t.strictSame([...charts], ['c'])
  t.end()
})

t.test('an ApplicationSet makes Applications of folders by patterns', t => {
  const set = (generators: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec:\n  generators:\n${generators}`
  const directories = (...paths: readonly string[]): string =>
    set(`  - git: {directories: [${paths.join(', ')}]}\n`)
  const file = 'clusters/site-a/sno1/ci.yaml'
  for (const [text, pattern] of [
    [directories('{path: clusters/*}'), 'clusters/*'],
    [directories('{path: ./clusters/site-?/}'), './clusters/site-?/'],
    [directories('{path: "**/sno1"}'), '**/sno1'],
    [directories('{path: "clusters/**"}'), 'clusters/**'],
    [directories('{path: clusters/s}', '{path: sites/*}', '{path: clusters/*/*/*}'), undefined],
    [directories('{path: "*"}', '{path: clusters, exclude: true}'), undefined],
    [set('  - git: {files: [{path: clusters/*/config.json}]}\n'), 'clusters/*/config.json'],
    [set('  - matrix: {generators: [{git: {directories: [{path: clusters/*}]}}]}\n'), 'clusters/*'],
    [set('  - merge: {generators: [{git: {directories: [{path: clusters/*}]}}]}\n'), 'clusters/*'],
    [set('  - list: {elements: []}\n'), undefined],
    [directories('{path: clusters/*}').replace('argoproj.io', 'example.com'), undefined],
    ['kind: ConfigMap\n', undefined],
    [
      `kind: List\nitems:\n- ${directories('{path: clusters/*}').replaceAll('\n', '\n  ')}`,
      'clusters/*',
    ],
  ] as const)
    t.equal(applicationSetPattern(text, file), pattern, text)
  t.end()
})

t.test('says why a cluster seems to come from Helm, or nothing', t => {
  const reasonIn = (files: Files): string | undefined => {
    const view = memoryTree(files)
    const survey = surveyRepository(view, 'sno1')
    return helmReason(
      survey,
      survey.directories.flatMap(directory => view.reach(directory).reached ?? []),
    )
  }
  const chart =
    'helmCharts:\n- {name: c, valuesFile: values.yaml, additionalValuesFiles: [more.yaml]}\n'
  for (const [files, reason] of [
    [
      { 'c/Chart.yaml': '', 'c/templates/sno1.yaml': clusterInstance('sno1') },
      'c/templates/sno1.yaml names it and lies in the Helm chart c',
    ],
    [
      { 't.yaml': 'kind: ClusterInstance\nname: {{ .Values.x }}\ncluster: sno1\n' },
      't.yaml names it and is a Helm template',
    ],
    [
      { 'g.yaml': 'kind: HelmChartInflationGenerator\nvaluesInline: {cluster: sno1}\n' },
      'g.yaml names it in the values of a Helm chart',
    ],
    [
      { 'a/kustomization.yaml': chart, 'a/more.yaml': 'cluster: sno1\n' },
      'a/more.yaml names it in the values of a Helm chart that a/kustomization.yaml inflates',
    ],
    [{ 'a/kustomization.yaml': chart, 'a/other.yaml': 'cluster: sno1\n' }, undefined],
    [{ 'a/kustomization.yaml': 'helmCharts: 5\n', 'a/values.yaml': 'cluster: sno1\n' }, undefined],
    [{ 'a/sno1.yaml': clusterInstance('sno1'), 't.yaml': '{{ x }} sno1' }, undefined],
    [{ 't.yaml': 'kind: ConfigMap\nname: {{ x }}-a sno1\n' }, undefined],
    // By the square of its length such a text would take hours.
    [{ 't.yaml': `cluster: sno1\n${'\n'.repeat(500_000)}a\n` }, undefined],
  ] as const)
    t.equal(reasonIn(files), reason, Object.keys(files).join(', '))
  t.end()
})

t.test('an unreadable kustomization above its file may list it, though it is no root', t => {
  const files = {
    'site/kustomization.yaml': 'components: []\n- c\n',
    'site/c/kustomization.yaml': `kind: Component\n${listing('a.yaml')}`,
    'site/c/a.yaml': clusterInstance('sno1'),
    'other/kustomization.yaml': 'resources: []\n- c\n',
  }
  t.throws(() => findCluster(memoryTree(files), { cluster: 'sno1', roots: [] }), {
    code: 'KUSTOMIZATION_UNREADABLE',
    message:
      /reading site\/kustomization\.yaml:1: line 1 of the kustomization says `components: \[\]`/,
    fix: /take out the `\[\]`/,
  })
  const elsewhere = { ...files, 'site/kustomization.yaml': 'resources: []\n' }
  t.throws(() => findCluster(memoryTree(elsewhere), { cluster: 'sno1', roots: [] }), {
    code: 'CLUSTER_NOT_FOUND',
  })
  t.end()
})
