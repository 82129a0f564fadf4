import t from 'tap'
import { readRecord } from '../../../src/core/detach/seed-record.ts'
import { absent, present, unknown } from '../../../src/core/seen.ts'
import { commitDetach } from '../../../src/operations/effects/commit-detach.ts'
import {
  askInSeven,
  configuration,
  fakeWorld,
  openPullRequest,
  type FakeWorld,
} from '../../support/fake-world.ts'
import { withDetachCommit } from '../../support/run/with-detach-commit.ts'

t.test('commit-detach pushes the edit and its record to the branch that was looked at', async t => {
  const world = fakeWorld()
  const run = await withDetachCommit(world, await askInSeven(world))
  const main = world.repository.branches.get('main')
  await commitDetach(world.start(), run, run.request.headSha)
  t.strictSame(world.repository.log('seed-7'), ['Detach sno1', 'Ask in #7', 'Begin'])
  t.equal(world.repository.branches.get('seed-7'), run.facts.pushedAs)
  t.match(world.repository.text('seed-7', 'clusters/kustomization.yaml'), /^ {2}#- sno1\.yaml$/m)
  const record = world.repository.text('seed-7', 'seeds/sno1/record.yaml')!
  t.match(readRecord('record', record), {
    ...{ status: 'detached', request: run.request.key, mergedAs: null },
  })
  t.equal(world.repository.branches.get('main'), main)
  t.strictSame(world.acts, ['repository.push'])
})

const alter = (world: FakeWorld, change: object): void => {
  world.pullRequests.set(7, { ...world.pullRequests.get(7)!, ...change })
}
const used = (world: FakeWorld, change: object): void => {
  const use = { isDefault: false, isProtected: false, baseOf: [], ...change }
  world.faults.set('forge.branchUse', async () => present(use))
}
const tracking = (world: FakeWorld, spec: object): void => {
  world.hub.add(
    { kind: 'Application', metadata: { name: 'prod', uid: '' }, spec },
    'openshift-gitops',
  )
}
const [gone, moved] = [/it is not open any more/, /its branch moved to \w{40} meanwhile/]
const repoURL = 'https://github.com/example/site.git'
type Expected = Readonly<{ name?: string; code?: string; message: RegExp; fix?: RegExp }>
const cases: readonly (readonly [string, (world: FakeWorld) => void, Expected])[] = [
  [
    'it moved',
    world => void world.repository.write('seed-7', 'One more', [{ path: 'x', content: 'x' }]),
    { name: 'ConflictError', code: 'HEAD_MOVED', message: moved },
  ],
  [
    'it is in a fork',
    world => void openPullRequest(world, 7, { isFork: true }),
    { name: 'RefusedError', code: 'REQUEST_INVALID', message: /in a fork/, fix: /./ },
  ],
  [
    'it was retargeted',
    world => {
      alter(world, { base: 'prod' })
    },
    { name: 'RefusedError', code: 'REQUEST_INVALID', message: /its base is prod/, fix: /main/ },
  ],
  [
    'it is called otherwise than the repository wants',
    world => {
      const content = `${configuration}branchPrefix: seed/\n`
      world.repository.write('main', 'Configure', [{ path: 'sower.yaml', content }])
    },
    { code: 'REQUEST_INVALID', message: /does not begin with seed\//, fix: /begins with seed\// },
  ],
  [
    'the pull request is merged meanwhile',
    world => {
      world.merge(7)
    },
    { name: 'ConflictError', code: 'REQUEST_INVALID', message: gone },
  ],
  [
    'the pull request is closed',
    world => {
      alter(world, { state: 'closed' })
    },
    { name: 'ConflictError', code: 'REQUEST_INVALID', message: gone },
  ],
  [
    'the pull request is gone',
    world => void world.pullRequests.delete(7),
    { name: 'ConflictError', code: 'REQUEST_INVALID', message: gone },
  ],
  [
    'GitHub gives no answer',
    world => void world.faults.set('forge.pullRequest', async () => unknown('timeout')),
    { name: 'UnavailableError', code: 'GITHUB_FAILED', message: /no answer \(timeout\)/ },
  ],
  [
    'GitHub forbids to look',
    world => void world.faults.set('forge.pullRequest', async () => unknown('forbidden')),
    { name: 'FailedError', code: 'GITHUB_FAILED', message: /forbids/, fix: /token/ },
  ],
  ...(
    [
      ['the default branch', { isDefault: true }, /it is the default branch/],
      ['protected', { isProtected: true }, /it is protected/],
      ['the base of others', { baseOf: [8, 9] }, /it is the base of #8, #9/],
    ] as const
  ).map(
    ([what, use, message]) =>
      [
        `the branch is ${what}`,
        (world: FakeWorld): void => {
          used(world, use)
        },
        { name: 'RefusedError', code: 'BRANCH_SHARED', message, fix: /a branch of its own/ },
      ] as const,
  ),
  [
    'Argo CD follows the branch',
    world => {
      tracking(world, { source: { repoURL, path: 'prod', targetRevision: 'seed-7' } })
    },
    { name: 'RefusedError', code: 'BRANCH_SHARED', message: /Argo CD renders it for prod/ },
  ],
  [
    'the hub gives no answer',
    world => void world.faults.set('hub.list', async () => unknown('timeout')),
    { name: 'UnavailableError', code: 'CLUSTER_UNAVAILABLE', message: /\(timeout\)/, fix: /./ },
  ],
  [
    'GitHub does not say what the branch is',
    world => void world.faults.set('forge.branchUse', async () => unknown('forbidden')),
    { name: 'UnavailableError', code: 'CLUSTER_UNAVAILABLE', message: /\(forbidden\)/ },
  ],
  [
    'the branch is gone',
    world => void world.faults.set('forge.branchUse', async () => absent),
    { name: 'UnavailableError', message: /no such branch/ },
  ],
]
t.test('commit-detach pushes to nothing but that head of a branch of its own', async t => {
  for (const [what, happens, expected] of cases) {
    const world = fakeWorld()
    const run = await withDetachCommit(world, await askInSeven(world))
    happens(world)
    await t.rejects(commitDetach(world.start(), run, run.request.headSha), expected, what)
    t.strictSame(world.acts, [], what)
  }
})

t.test('commit-detach pushes no commit that no look has made', async t => {
  const world = fakeWorld()
  const run = await askInSeven(world)
  const committed = commitDetach(world.start(), run, run.request.headSha)
  await t.rejects(committed, { name: 'ConflictError', code: 'HEAD_MOVED' })
  t.strictSame(world.acts, [])
})
