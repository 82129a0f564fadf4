import t from 'tap'
import { unreadableCluster } from '../../../src/core/cluster/clusters-in.ts'
import {
  findCluster,
  searchCluster,
  suspectEntries,
} from '../../../src/core/cluster/find-cluster.ts'
import { liveSuspects } from '../../../src/core/cluster/live-suspects.ts'
import { clusterInstance, listing, memoryTree, type Files } from '../../support/memory-tree.ts'

const sno1 = clusterInstance('sno1')

type Case = readonly [what: string, code: string, files: Files, message: RegExp, fix: RegExp]

t.test('never calls a cluster detached while another live entry may bring it', t => {
  const bring = (entry: string, files: Files, key = 'resources'): Files => ({
    'site/kustomization.yaml': `${key}:\n- ${entry}\n#- old.yaml\n`,
    'site/old.yaml': sno1,
    ...files,
  })
  const chart = (fields: string): Files => bring('app', { 'site/app/kustomization.yaml': fields })
  const broken = sno1.replace('spec:', 'spec:\n  key: "ssh\n"')
  const template = { 'site/app/charts/c/templates/x.yaml': '{{ if 1 }}\nname: sno1\n' }
  const unreadable =
    /site\/kustomization\.yaml:2 lists site\/a\.yaml, which may hold it, and Sower cannot read site\/a\.yaml:\d+ as kustomize does/
  const inChart = /names it, in the values or templates of a Helm chart that site\/app\/kust/
  const cases: readonly Case[] = [
    ...[
      broken,
      sno1.replace('spec:', 'spec:\n  key: "x"#comment'),
      sno1.replace('spec:', 'spec:\n  key: [\n1\n]'),
      sno1.replace('  clusterName', '  # \u2028  clusterName'),
      sno1.replace('clusterName: sno1', 'clusterName: !!binary c25vMQ=='),
      sno1.replace('clusterName: sno1', 'clusterName: !!bin%61ry c25vMQ=='),
      sno1.replace(
        'kind: ClusterInstance',
        'kind: !<tag:yaml.org,2002:binary> Q2x1c3Rlckluc3RhbmNl',
      ),
      'kind: Cluster\\x49nstance\nkey: "\n"\n',
      `${sno1}spec: {clusterName: sno2}\n`,
    ].map((text): Case => {
      return [
        'unreadable',
        'ENTRY_UNREADABLE',
        bring('a.yaml', { 'site/a.yaml': text }),
        unreadable,
        /every YAML reader/,
      ]
    }),
    [
      'a chart',
      'HELM_RENDERED',
      { ...chart('helmCharts: [{name: c}]'), ...template },
      inChart,
      /chart by hand/,
    ],
    [
      'values',
      'HELM_RENDERED',
      chart('helmCharts: [{name: c, valuesInline: {name: sno1}}]'),
      inChart,
      /chart/,
    ],
    [
      'an old chart elsewhere',
      'HELM_RENDERED',
      {
        ...chart('helmChartInflationGenerator: [{chartName: c, chartHome: x}]'),
        'site/app/x/c/values.yaml': 'name: sno1',
      },
      inChart,
      /chart/,
    ],
    [
      'a chart of a generator',
      'HELM_RENDERED',
      {
        ...chart('generators: [g.yaml]'),
        ...template,
        'site/app/g.yaml': 'apiVersion: builtin\nkind: HelmChartInflationGenerator\nname: c\n',
      },
      inChart,
      /chart/,
    ],
    [
      'another generator',
      'ENTRY_UNREADABLE',
      bring('g.yaml', { 'site/g.yaml': 'kind: Fleet\nclusters: [sno1]\n' }, 'generators'),
      /:2 runs the generator site\/g\.yaml, which names it/,
      /^look at its render/,
    ],
    [
      'inline YAML',
      'ENTRY_INLINE',
      bring('"{kind: SiteConfig, name: sno1}"', {}, 'generators'),
      /:2 names it in inline YAML/,
      /^put that YAML/,
    ],
  ]
  for (const [what, code, files, message, fix] of cases) {
    const request = { cluster: 'sno1', roots: ['site'] }
    t.throws(() => findCluster(memoryTree(files), request), { code, message, fix }, what)
    t.match(suspectEntries(memoryTree(files), request), [{ code, message }], what)
  }
  t.end()
})

t.test('calls it detached beside what has nothing to do with it', t => {
  for (const [what, files] of [
    ['a chart that does not name it', { 'app/kustomization.yaml': 'helmCharts: [{name: c}]\n' }],
    ['charts of an odd shape', { 'app/kustomization.yaml': 'helmCharts: [1]\nhelmGlobals: 1\n' }],
    [
      'policies that name it',
      {
        'app/kustomization.yaml': 'generators: [p.yaml]\n',
        'app/p.yaml': 'kind: PolicyGenTemplate\nmetadata: {name: sno1}\n',
      },
    ],
    [
      'broken YAML that names no kind of cluster',
      { 'app/kustomization.yaml': listing('p.yaml'), 'app/p.yaml': 'a: "sno1\n"\n' },
    ],
    [
      'a remote base that does not name it',
      { 'app/kustomization.yaml': listing('https://x.example/y') },
    ],
  ] as const)
    t.throws(
      () =>
        findCluster(
          memoryTree({
            'site/kustomization.yaml': '#- a.yaml\nresources: []\n',
            'site/a.yaml': sno1,
            ...files,
          }),
          { cluster: 'sno1', roots: ['app', 'site'] },
        ),
      { code: 'ALREADY_DETACHED', message: /site\/kustomization\.yaml:1/ },
      what,
    )
  const remote = {
    'site/kustomization.yaml': '#- a.yaml\nresources: []\n',
    'site/a.yaml': sno1,
    'app/kustomization.yaml': listing('https://x.example/sno1'),
  }
  const request = { cluster: 'sno1', roots: ['app', 'site'] }
  for (const look of [findCluster, searchCluster])
    t.throws(() => look(memoryTree(remote), request), { code: 'ENTRY_REMOTE' }, 'one that does')
  const live = {
    'site/kustomization.yaml': listing('a.yaml', 'b.yaml'),
    'site/a.yaml': sno1,
    'site/b.yaml': sno1.replace('spec:', 'spec:\n  key: "ssh\n"'),
  }
  t.throws(
    () => findCluster(memoryTree(live), request),
    { code: 'ENTRY_UNREADABLE' },
    'a second one',
  )
  t.equal(liveSuspects(memoryTree(remote), { cluster: 'sno2', walks: [] }).length, 0)
  t.equal(unreadableCluster(sno1, 'sno1'), undefined, 'what can be read')
  t.end()
})

t.test('finds the entry that a person commented out, in whatever form', t => {
  const files = {
    'site/a.yaml': sno1,
    'site/dir/kustomization.yaml': listing('../a.yaml'),
    'site/b.yaml': clusterInstance('sno2'),
  }
  const lines = (comment: string): Files => ({
    ...files,
    'site/kustomization.yaml': `# - dir  the site\nresources:\n- b.yaml\n${comment}\n`,
  })
  const request = { cluster: 'sno1', roots: ['site'] }
  for (const comment of [
    ...[
      '#- a.yaml',
      '# - a.yaml  # detached for seeding',
      '  #- a.yaml        we have taken one file ',
    ],
    ...[
      '# a.yaml',
      '## - a.yaml',
      '#a.yaml',
      '#  a.yaml is detached',
      '# DETACHED: - a.yaml',
      '# DETACHED: a.yaml',
    ],
    ...[
      '#- dir',
      '#- dir/  for seeding',
      '## - dir',
      '# seed: - dir',
      '# - "a.yaml", # why',
      "#- 'a.yaml'",
    ],
    ...['#-a.yaml', '# ~~- a.yaml~~', '#! - a.yaml', '# \u26D4 - a.yaml', '#- &x !!str a.yaml'],
    ...['# - ./a.yaml\r', '- b.yaml # - a.yaml', '# a.yaml,', '# - - a.yaml'.replace('- - ', '- ')],
  ])
    t.throws(
      () => findCluster(memoryTree(lines(comment)), request),
      { code: 'ALREADY_DETACHED', message: /already at site\/kustomization\.yaml:4$/ },
      comment,
    )
  for (const comment of [
    '# dir',
    '# see the notes on a.yaml',
    '# - gone.yaml',
    '#',
    '# the seed: see a.yaml',
  ])
    t.throws(
      () => findCluster(memoryTree(lines(comment)), request),
      { code: 'CLUSTER_NOT_FOUND' },
      comment,
    )
  t.end()
})
