import t from 'tap'
import { runBefore } from '../../../src/bot/check/create-check-writer.ts'
import { writeRecord } from '../../../src/core/detach/seed-record.ts'
import type { MergeGroup } from '../../../src/operations/ports/pull-requests.ts'
import { kustomization, startChecks, without } from '../../support/bot/start-checks.ts'
import { askInSeven, fakeWorld, openPullRequest } from '../../support/fake-world.ts'
import { aRun, blockedBy } from '../../support/run/run-scene.ts'

const record = (cluster: string, status: 'detached' | 'reattached'): string =>
  writeRecord({
    ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRecord', cluster, image: null, status },
    ...{ request: null, pullRequest: 7, mergedAs: null, detached: null },
    ...{ digest: null, finishedAt: null },
  })
const file = (path: string, content: string) => ({ path, content })

t.test(
  'a group of a merge queue is checked first, by what its pull requests do together',
  async t => {
    const world = fakeWorld()
    const { repository } = world
    openPullRequest(world, 7, { files: { 'docs/a.md': 'x' }, labels: [] })
    openPullRequest(world, 8, { files: without('sno2'), labels: [] })
    const branch = 'gh-readonly-queue/main/pr-8-0'
    repository.branches.set(branch, repository.branches.get('main') ?? '')
    repository.write(branch, 'Both', [
      file('docs/a.md', 'x'),
      file('clusters/kustomization.yaml', kustomization('sno1.yaml')),
    ])
    const groups: MergeGroup[] = []
    const { settle } = startChecks(t, world, { groups })
    t.match(await settle(), [/^#7 success/, /^#8 failure: sno2 leaves/])
    const group = { branch, headSha: repository.branches.get(branch) ?? '' }
    const comments = world.comments.size
    groups.push({ ...group, pullRequests: [7, 9] })
    t.strictSame(await settle(), [], 'while one of them is not listed yet')
    groups.splice(0, 1, { ...group, pullRequests: [7, 8] })
    t.match(await settle(), [/^#\? failure: sno2 leaves, and no record says so/])
    t.equal(world.comments.size, comments, 'no comment of its own')
    repository.write(branch, 'With its record', [
      file('seeds/sno2/record.yaml', record('sno2', 'detached')),
    ])
    groups.splice(0, 1, {
      ...group,
      headSha: repository.branches.get(branch) ?? '',
      pullRequests: [7, 8],
    })
    t.match(await settle(), [/^#\? success: sno2 leaves, as its record says/])
    const pull = world.pullRequests.get(8)!
    world.pullRequests.set(8, { ...pull, isFork: true })
    world.repository.write('main', 'Elsewhere', [file('docs/b.md', 'x')])
    t.match(await settle(), [/^#\? failure: FORK_NOT_RENDERED/, /^#8 failure/], 'a fork stays one')
  },
)

t.test('in a queue a cluster comes back only by the word for the head that is in it', async t => {
  const world = fakeWorld()
  const { repository } = world
  repository.write('main', 'Detached', [
    file('clusters/kustomization.yaml', kustomization('sno2.yaml')),
    file('seeds/sno1/record.yaml', record('sno1', 'detached')),
  ])
  const back = {
    'clusters/kustomization.yaml': kustomization('sno1.yaml', 'sno2.yaml'),
    'seeds/sno1/record.yaml': record('sno1', 'reattached'),
  }
  const headSha = openPullRequest(world, 7, { files: back, labels: [] })
  const branch = 'gh-readonly-queue/main/pr-7-0'
  repository.branches.set(branch, headSha)
  const groups = [{ branch, headSha, pullRequests: [7] }]
  const { settle } = startChecks(t, world, { groups })
  t.match(await settle(), [/failure: sno1 comes back/, /failure: sno1 comes back/])
  const word = { key: 'k', pullRequest: 7, cluster: 'sno1', by: 'alice' }
  world.ports.confirmations.add({ ...word, headSha: 'f'.repeat(40) })
  t.strictSame(await settle(), [], 'a word for another head is none')
  world.ports.confirmations.add({ ...word, headSha })
  t.match(await settle(), [/success: sno1 comes back/, /success: sno1 comes back/])
})

t.test('the comment shows the proof on the merge, and what Argo CD and the checks say', async t => {
  const world = fakeWorld()
  openPullRequest(world, 8, { files: without('sno1'), labels: [] })
  const { settle } = startChecks(t, world)
  await settle()
  const text = world.comments.get('#8 <!-- sower:check -->') ?? ''
  t.match(text, '#### `sno1` leaves')
  t.match(text, /\*\*Proof\*\* \(.*\): exactly this cluster leaves the render/)
  t.match(text, /\| `argocd\.\S+` \|/)
})

t.test(
  'the check is red while the run that takes the cluster out is blocked, and says so once',
  async t => {
    const world = fakeWorld()
    const run = await askInSeven(world)
    world.repository.write('seed-7', 'Sower', [
      file('clusters/kustomization.yaml', kustomization('sno2.yaml')),
      file('seeds/sno1/record.yaml', record('sno1', 'detached')),
    ])
    const { settle } = startChecks(t, world)
    t.match(await settle(), [/^#7 success: sno1 leaves, as its record says/])
    const stored = world.runs.get('sno1') ?? run
    const blocked = blockedBy('PREFLIGHT_FAILED')
    world.runs.set('sno1', { ...stored, blocked })
    t.match(await settle(), [/^#7 failure: sno1 leaves, and its run is blocked: PREFLIGHT_FAILED/])
    t.strictSame([...world.comments.keys()], [], 'the report of the run says more')
    world.runs.set('sno1', stored)
    t.match(await settle(), [/^#7 success/])
  },
)

t.test('a run that is merged or over holds no check', t => {
  const change = { number: 7, branch: 'seed-7', headSha: 'a', isFork: false }
  const subject = { name: '#7', headSha: 'a', change }
  const ofRun = (phase: Parameters<typeof aRun>[0]) => runBefore([aRun(phase)], subject)?.phase
  t.equal(ofRun('Proposed'), 'Proposed')
  t.equal(ofRun('Detaching'), undefined)
  t.equal(ofRun('Completed'), undefined)
  t.equal(runBefore([aRun('Proposed')], { ...subject, change: null }), undefined)
  t.end()
})
