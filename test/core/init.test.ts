import t from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import { initFiles } from '../../src/core/init/init-files.ts'
import { planInit, type Asked } from '../../src/core/init/plan-init.ts'
import { readLayout } from '../../src/core/init/read-layout.ts'
import { readConfiguration } from '../../src/core/settings/configuration.ts'
import { clusterInstance, listing, memoryTree, type Files } from '../support/memory-tree.ts'

const application = (path: string, namespace = 'gitops', more = ''): string =>
  `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: x, namespace: ${namespace} }
spec:
  source: { repoURL: https://git.example.com/o/n.git, targetRevision: live, path: ${path} }
${more}`
const sites: Files = {
  'site/kustomization.yaml': listing('a.yaml', 'b.yaml'),
  'site/a.yaml': clusterInstance('sno1'),
  'site/b.yaml': clusterInstance('sno2'),
  'other/kustomization.yaml': listing('map.yaml'),
  'other/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
}
const asked: Asked = {
  ...{ seeds: ['sno1'], image: null, repoURL: null, branch: null, namespace: 'sower' },
  remote: 'https://token@github.com/o/n.git',
}
const configured = (more = '') =>
  readConfiguration(
    `apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [sno1]\n${more}`,
    () => [],
  )
const contentOf = (plan: ReturnType<typeof planInit>, path: string): string =>
  plan.files.find(file => file.path === path)?.content ?? ''

t.test(
  'roots are the paths of Applications with clusters, else kustomizations with clusters',
  t => {
    const alone = readLayout(memoryTree(sites), [])
    t.match(alone, { roots: ['site'], clusters: ['sno1', 'sno2'], applications: [] })
    t.match(alone.notes, [/no Application in this repository renders site/])
    const layout = readLayout(
      memoryTree({
        ...sites,
        'argocd/a.yaml': `${application('site/')}---\n${application('gone')}---\n${application('other')}`,
        'argocd/b.yaml': 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: 3\n',
        'argocd/c.yaml': '# argoproj.io/ Application\na: 1\n',
        'argocd/d.yaml': `apiVersion: argoproj.io/v1alpha1\nkind: Application
spec: { source: { repoURL: charts.example.com } }\n`,
        'umbrella/kustomization.yaml': listing('../site'),
        'argocd/note.md': application('other'),
      }),
      [],
    )
    t.match(layout, { roots: ['site'], notes: [] })
    t.match(layout.applications, [
      { file: 'argocd/a.yaml', namespace: 'gitops', branch: 'live', path: 'site' },
      { path: 'other' },
    ])
    t.equal(layout.applications.length, 2)
    t.match(readLayout(memoryTree(sites), ['other']), { roots: ['other'], clusters: [] })
    t.end()
  },
)

t.test('a bare repository gets everything, and it reads back', t => {
  const plan = planInit(memoryTree(sites), null, asked)
  t.strictSame(
    plan.files.map(({ path, state }) => [path, state]),
    [
      ...['sower.yaml', 'sower.schema.json', 'seed-secret/kustomization.yaml'],
      ...['seed-secret/namespace.yaml', 'sower/kustomization.yaml', 'sower/seed-roles.yaml'],
      ...['sower/app-project.yaml', 'sower/application.yaml'],
    ].map(path => [path, 'new']),
  )
  const text = contentOf(plan, 'sower.yaml')
  t.match(text, /^# yaml-language-server: \$schema=sower\.schema\.json\n/)
  t.match(
    readConfiguration(text, () => []),
    { seeds: ['sno1'], roots: ['site'], argocd: { namespace: 'openshift-gitops' } },
  )
  t.match(parse(contentOf(plan, 'sower/application.yaml')), {
    metadata: { namespace: 'openshift-gitops' },
    spec: {
      source: {
        repoURL: 'https://github.com/o/n.git',
        targetRevision: 'main',
        path: 'seed-secret',
      },
    },
  })
  t.match(parse(contentOf(plan, 'sower/kustomization.yaml')), {
    resources: ['seed-roles.yaml', 'app-project.yaml', 'application.yaml'],
  })
  t.equal(parseAllDocuments(contentOf(plan, 'sower/seed-roles.yaml')).length, 6)
  t.end()
})

t.test('what Applications say counts before the remote, and what is said counts before both', t => {
  const tree = memoryTree({ ...sites, 'argocd/a.yaml': application('site') })
  const plan = planInit(tree, null, { ...asked, image: 'q.io/a/{cluster}:{version}' })
  t.match(parse(contentOf(plan, 'sower/application.yaml')), {
    metadata: { namespace: 'gitops' },
    spec: { source: { repoURL: 'https://git.example.com/o/n.git', targetRevision: 'live' } },
  })
  t.match(
    readConfiguration(contentOf(plan, 'sower.yaml'), () => []),
    { image: 'q.io/a/{cluster}:{version}', argocd: { namespace: 'gitops' } },
  )
  const said = planInit(tree, null, { ...asked, repoURL: 'git@github.com:o/n.git', branch: 'b' })
  t.match(parse(contentOf(said, 'sower/application.yaml')), {
    spec: { source: { repoURL: 'git@github.com:o/n.git', targetRevision: 'b' } },
  })
  const odd = memoryTree({ ...sites, 'argocd/a.yaml': application('site', '"x: y"') })
  t.match(parse(contentOf(planInit(odd, null, asked), 'sower/application.yaml')), {
    metadata: { namespace: 'openshift-gitops' },
  })
  t.end()
})

t.test('nothing that is there is planned anew, and a second look finds nothing to do', t => {
  const first = planInit(memoryTree(sites), null, asked)
  const written = Object.fromEntries(first.files.map(({ path, content }) => [path, content]))
  const tree = memoryTree({ ...sites, ...written })
  const second = planInit(tree, configured('roots: [site]\n'), { ...asked, seeds: [] })
  t.strictSame(new Set(second.files.map(({ state }) => state)), new Set(['same']))
  t.notOk(second.files.some(({ path }) => path === 'sower.yaml'))

  const there = planInit(
    memoryTree({
      ...sites,
      'argocd/a.yaml': application('seed-secret'),
      'seed-secret/kustomization.yml': 'resources: []\n',
      'sower/kustomization.yaml': 'resources: []\n',
      'sower/seed-roles.yaml': 'a: 1\n',
    }),
    null,
    asked,
  )
  t.strictSame(
    there.files.map(({ path, state }) => [path, state]),
    [
      ['sower.yaml', 'new'],
      ['sower.schema.json', 'new'],
      ['seed-secret/kustomization.yaml', 'differs'],
      ['sower/kustomization.yaml', 'differs'],
      ['sower/seed-roles.yaml', 'differs'],
    ],
  )
  t.match(there.notes, [
    /renders site/,
    /argocd\/a\.yaml brings seed-secret/,
    /sower\/seed-roles\.yaml is not what `sower rbac` prints/,
  ])
  const partly = memoryTree({ ...sites, 'sower/kustomization.yaml': 'resources: []\n' })
  t.match(planInit(partly, null, asked).notes.at(-1), /list in it seed-roles\.yaml, app-project/)
  t.end()
})

t.test('nothing is written through a link or a file', t => {
  const tree = memoryTree({ ...sites, sower: { link: '/' }, 'seed-secret': 'a file' })
  const plan = planInit(tree, null, asked)
  t.strictSame(
    plan.files.filter(({ state }) => state === 'taken').map(({ path }) => path),
    [
      ...['seed-secret/kustomization.yaml', 'seed-secret/namespace.yaml'],
      ...['sower/kustomization.yaml', 'sower/seed-roles.yaml'],
      ...['sower/app-project.yaml', 'sower/application.yaml'],
    ],
  )
  t.match(plan.notes.at(-1), /sower\/application\.yaml lies behind a link/)
  const top = planInit(tree, configured('secret: { file: sealed.yaml }\n'), asked)
  t.match(top.notes.join('\n'), /secret\.file is at the top/)
  t.notOk(top.files.some(({ path }) => path === 'namespace.yaml'))
  t.end()
})

t.test('what is not said and not found is asked for', t => {
  const tree = memoryTree(sites)
  const plan = (change: Partial<Asked>, config = false) =>
    planInit(tree, config ? configured() : null, { ...asked, ...change })
  t.throws(() => plan({ seeds: [] }), { code: 'ARGUMENT_INVALID', fix: /here: sno1, sno2$/ })
  t.throws(() => plan({ seeds: ['sno3'] }), { code: 'CLUSTER_NOT_FOUND', fix: /sno1, sno2/ })
  t.throws(() => plan({ seeds: ['sno2'] }, true), { code: 'NOT_A_SEED', message: /sno2/ })
  t.throws(() => plan({ remote: null }), { code: 'ARGUMENT_INVALID', message: /--repo-url/ })
  for (const repoURL of ['https://token@github.com/o/n', 'ssh://a:b@github.com/o/n'])
    t.throws(() => plan({ repoURL }), { code: 'ARGUMENT_INVALID', message: /user or a password/ })
  t.throws(() => planInit(memoryTree({}), null, asked), { code: 'CLUSTER_NOT_FOUND' })
  const many = Array.from({ length: 21 }, (_, index) => `s${index}`)
  const large = memoryTree({
    'site/kustomization.yaml': listing(...many),
    ...Object.fromEntries(many.map(name => [`site/${name}`, clusterInstance(name)])),
  })
  t.throws(() => planInit(large, null, { ...asked, seeds: [] }), {
    ...{ code: 'ARGUMENT_INVALID', fix: /, …$/ },
  })
  t.end()
})

t.test('odd names stay what they are in YAML', t => {
  const setting = {
    ...{ seeds: ['123', 'true', 'a-1'], roots: ['a b', '1.5', 'x: y', 'a/b'], image: null },
    ...{ argocdNamespace: 'gitops', repoURL: 'x', branch: 'a', namespace: 'sower' },
    secret: { namespace: 'sower-seeds', name: 'seedgen', file: 'keys/sealed.yaml' },
  }
  const [file] = initFiles.configuration(setting)
  t.match(
    readConfiguration(file?.content ?? '', () => []),
    { seeds: setting.seeds, roots: setting.roots, argocd: { namespace: 'gitops' } },
  )
  t.match(
    initFiles.secret(setting).map(({ path }) => path),
    ['keys/kustomization.yaml', 'keys/namespace.yaml'],
  )
  t.match(parse(initFiles.hub(setting, true)[0]?.content ?? ''), { resources: ['seed-roles.yaml'] })
  t.end()
})
