import t from 'tap'
import { rehearsalHub, type Played } from '../../src/demo/rehearse/rehearsal-hub.ts'
import { troublesOf } from '../../src/demo/rehearse/troubles-of.ts'
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts'

const gitUrl = 'http://127.0.0.1:1/example/ztp.git'
const theirs = 'https://git.example.org/ran/ztp.git'
const directories = ['clusters/site-a', 'clusters/site-b', 'seed-secret']
const application = (name: string, spec: object): object => ({
  ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' },
  metadata: { name, namespace: 'argocd', labels: { a: 'b' }, uid: 'theirs' },
  spec,
})
const played = (documents: readonly unknown[]): Played => ({
  ...{ documents, gitUrl, branch: 'trunk', place: 'seed-secret', roots: ['clusters/site-a'] },
  isDirectory: path => directories.includes(path),
})
const of = (path: string, targetRevision = 'trunk'): object => ({
  ...{ repoURL: theirs, path, targetRevision },
})

t.test('an Application of the repository renders the copy, and keeps what else it says', t => {
  const destination = { name: 'in-cluster', namespace: 'ztp' }
  const { applications, policies, projects, namespaces, notes } = rehearsalHub(
    played([
      application('site-a', {
        ...{ project: 'ran', source: of('./clusters/site-a/'), destination },
        syncPolicy: { syncOptions: ['Prune=confirm'] },
      }),
      application('both', {
        project: 'ran',
        sources: [
          of('clusters/site-b', 'v1'),
          { repoURL: 'https://charts.example.org', chart: 'x' },
        ],
      }),
      application('secret', {
        ...{ source: of('seed-secret', 'HEAD'), destination },
        syncPolicy: { automated: { prune: true } },
      }),
      application('of others', { source: of('elsewhere'), destination }),
      {
        ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name: 'ran' } },
        spec: { sourceRepos: [theirs, 'https://charts.example.org'], destinations: [] },
      },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'no Application' } },
      null,
    ]),
  )
  t.match(applications, [
    {
      metadata: { name: 'site-a', namespace: 'openshift-gitops', labels: { a: 'b' } },
      spec: {
        source: { repoURL: gitUrl, path: './clusters/site-a/', targetRevision: 'main' },
        destination,
        syncPolicy: { syncOptions: ['Prune=confirm'], automated: {} },
      },
    },
    {
      spec: {
        sources: [
          { repoURL: gitUrl, targetRevision: 'v1' },
          { repoURL: 'https://charts.example.org', chart: 'x' },
        ],
      },
    },
    {
      spec: {
        source: { repoURL: gitUrl, targetRevision: 'main' },
        syncPolicy: { automated: { prune: true } },
      },
    },
  ])
  t.equal(applications.length, 3, 'one of another repository is no part of it')
  t.notOk(JSON.stringify(applications).includes('theirs'), 'nothing that their hub has set')
  t.strictSame(policies.get('site-a'), { syncOptions: ['Prune=confirm'] }, 'put back later')
  t.match(projects, [
    { spec: { sourceRepos: [gitUrl, 'https://charts.example.org'] } },
    { metadata: { name: 'default' } },
  ])
  t.strictSame(namespaces, ['ztp'])
  t.strictSame(notes, [])
  t.end()
})

t.test('an Application and a project that no file has are made up, and named', t => {
  const { applications, projects, notes } = rehearsalHub(
    played([application('b', { project: 'gone', source: of('clusters/site-b') })]),
  )
  t.match(
    applications.map(({ metadata }) => metadata.name),
    ['b', 'rehearsal-clusters-site-a', 'rehearsal-seed-secret'],
  )
  t.match(applications[1], {
    spec: {
      source: { repoURL: gitUrl, path: 'clusters/site-a', targetRevision: 'main' },
      syncPolicy: { automated: { prune: true } },
    },
  })
  t.match(projects, [
    { metadata: { name: 'gone' }, spec: { sourceRepos: ['*'] } },
    { metadata: { name: 'default' } },
  ])
  t.strictSame(notes, [
    'no Application in the repository renders clusters/site-a: one is made up',
    'no Application in the repository renders seed-secret: one is made up',
    'no file has the AppProject gone: one that permits all is made up',
  ])
  t.end()
})

t.test('an Application that could not be compared or synced is a trouble', t => {
  const one = (name: string, status: object): object => ({ metadata: { name }, status })
  const applications = [
    one('well', { operationState: { phase: 'Succeeded' }, conditions: [] }),
    one('new', {}),
    one('broken', {
      conditions: [
        { type: 'ComparisonError', message: 'no such file' },
        { type: 'OrphanedResourceWarning', message: 'some' },
      ],
    }),
    one('failed', { operationState: { phase: 'Failed', message: 'not permitted' } }),
  ]
  const sandbox = { hub: { list: () => applications } } as unknown as Pick<Sandbox, 'hub'>
  t.strictSame(troublesOf(sandbox), ['broken: no such file', 'failed: not permitted'])
  t.end()
})
