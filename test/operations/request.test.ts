import t from 'tap'
import { requestManifest } from '../../src/core/seedgen/read-request.ts'
import { UnavailableError } from '../../src/errors.ts'
import { takeIn } from '../../src/operations/intake/take-in.ts'
import type { ListedPullRequest, PullRequests } from '../../src/operations/ports/pull-requests.ts'
import { fetchBase } from '../../src/operations/read-base.ts'
import { findRequest, hasLabel, openRequest } from '../../src/operations/request/open-request.ts'
import {
  isRequestBranch,
  requestBranch,
  requestChanges,
} from '../../src/operations/request/request-changes.ts'
import { fakeWorld, image, type FakeWorld } from '../support/fake-world.ts'
import { memoryTree } from '../support/memory-tree.ts'

const asked = { cluster: 'sno1', image, sealed: null, today: '2026-11-30' }
const places = { directory: 'seeds', secret: { namespace: 'a', name: 'b', file: 'sealed.yaml' } }

/** GitHub's list of pull requests; opening and labelling can fail once. */
const fakePulls = (world: FakeWorld, fails: readonly ('create' | 'label')[] = []) => {
  const pulls: ListedPullRequest[] = []
  const failing = new Set<string>(fails)
  const act = (what: 'create' | 'label'): void => {
    if (failing.delete(what)) throw new UnavailableError('GITHUB_FAILED', `${what}: no answer`)
    world.acts.push(`pulls.${what}`)
  }
  const port: Omit<PullRequests, 'merge'> = {
    open: async () => pulls,
    create: async ({ branch, base, title, body }) => {
      act('create')
      t.equal(base, 'main')
      t.match([title, body], ['Seed image of sno1', /Nothing happens .* merged/])
      const number = pulls.length + 7
      const made = { number, branch, url: `https://github.com/example/site/pull/${number}` }
      pulls.push({ ...made, labels: [] })
      return { ...made, labels: [] }
    },
    label: async (number, label) => {
      act('label')
      const at = pulls.findIndex(pull => pull.number === number)
      pulls.splice(at, 1, { ...pulls[at]!, labels: [label] })
    },
  }
  return { pulls, port }
}

t.test('a request is its own file, and the sealed credential at its place', t => {
  const plain = requestManifest({ cluster: 'sno1', image })
  const path = 'seeds/sno1/request.yaml'
  const made = (files: Readonly<Record<string, string>>, more = {}) =>
    requestChanges(memoryTree(files), places, { ...asked, ...more })
  t.strictSame(made({}), [{ path, content: plain }])
  t.strictSame(made({}, { sealed: 'x' }).at(1), { path: 'sealed.yaml', content: 'x' })
  t.strictSame(made({ [path]: 'another' }), [{ path, content: plain }])
  const adopting = `${plain}adopt: true\n`
  t.strictSame(made({}, { adopt: true }), [{ path, content: adopting }])
  t.strictSame(made({ [path]: plain }, { adopt: true }), [{ path, content: adopting }])
  t.strictSame(made({ [path]: adopting }), [{ path, content: plain }], 'it is not kept')
  const again = `# Asked for again on 2026-11-30.\n${plain}`
  t.strictSame(made({ [path]: plain }), [{ path, content: again }], 'the bot sees a change')
  t.match(made({ [path]: again }), [{ content: `# Once more.\n${again}` }])
  t.end()
})

t.test('the branch of a request is known again, and never that of another cluster', t => {
  const changes = [{ path: 'a', content: 'b' }]
  const config = { branchPrefix: 'bot/' }
  const branch = requestBranch(config, { cluster: 'sno1', base: 'x', changes })
  t.match(branch, /^bot\/seed-sno1-[0-9a-f]{8}$/)
  t.equal(requestBranch(config, { cluster: 'sno1', base: 'x', changes }), branch)
  t.not(requestBranch(config, { cluster: 'sno1', base: 'y', changes }), branch)
  t.ok(isRequestBranch(config, 'sno1', branch))
  for (const [cluster, other] of [
    ['sno', branch],
    ['sno1', branch.replace('bot/', '')],
    ['sno1', `${branch}0`],
    ['sno1', 'bot/seed-sno1-a-0123abcd'],
  ] as const)
    t.notOk(isRequestBranch(config, cluster, other), other)
  t.end()
})

t.test('a request is pushed and opened once, whatever interrupts it, and begins a run', async t => {
  for (const fails of [[], ['create']] as const) {
    const world = fakeWorld()
    const { repository } = world.ports
    const { pulls, port } = fakePulls(world, fails)
    const ask = async (): Promise<ListedPullRequest> => {
      const base = await fetchBase({ ports: { repository }, settings: { branch: 'main' } })
      const opening = { repository, pulls: port, base, branch: 'main' }
      return (await findRequest(opening, 'sno1')) ?? openRequest(opening, asked)
    }
    for (const what of fails) await t.rejects(ask(), { message: new RegExp(what) })
    const opened = await ask()
    t.equal((await ask()).number, opened.number)
    t.match(pulls, [{ number: 7, labels: ['seed'] }])
    t.strictSame(world.acts, ['repository.push', 'pulls.create', 'pulls.label'])
    const head = world.repository.branches.get(opened.branch) ?? ''
    t.match(world.repository.log(opened.branch)[0], /^Seed image of sno1/)

    const { number } = opened
    world.pullRequests.set(number, {
      ...{ number, branch: opened.branch, base: 'main', isFork: false, url: opened.url, body: '' },
      ...{ state: 'open', headSha: head, mergedAs: null, labels: ['seed'] },
      baseSha: world.repository.branches.get('main') ?? '',
    })
    const label = { kind: 'label', key: '#7/label', pullRequest: 7, sender: 'alice' } as const
    t.strictSame(await takeIn(world.start(), { ...label, headSha: head }), [null])
    t.match(world.runs.get('sno1'), { phase: 'Requested', request: { image, headSha: head } })
  }
})

t.test('no label is set on a pull request that was not made right now', async t => {
  const world = fakeWorld()
  const { repository } = world.ports
  const { pulls, port } = fakePulls(world, ['label'])
  const base = await fetchBase({ ports: { repository }, settings: { branch: 'main' } })
  const opening = { repository, pulls: port, base, branch: 'main' }
  t.equal(await findRequest(opening, 'sno1'), null)
  await t.rejects(openRequest(opening, asked), { message: /label/ })
  const found = await findRequest(opening, 'sno1')
  t.match(found, { number: 7, labels: [] }, 'anybody may have pushed such a branch')
  t.notOk(found && hasLabel(found))
  t.ok(hasLabel({ labels: ['Seed'] }))
  t.strictSame(pulls[0]?.labels, [])
})

t.test('a branch of that name that holds something else is left alone', async t => {
  const world = fakeWorld()
  const { repository } = world.ports
  const base = await fetchBase({ ports: { repository }, settings: { branch: 'main' } })
  const { port } = fakePulls(world)
  const changes = requestChanges(base.checkout.tree, base.config, asked)
  const head = requestBranch(base.config, { cluster: 'sno1', base: base.checkout.sha, changes })
  world.repository.write(head, 'Another', [{ path: 'notes.md', content: 'x' }])
  await t.rejects(openRequest({ repository, pulls: port, base, branch: 'main' }, asked), {
    code: 'GIT_CONFLICT',
  })
  t.strictSame(world.acts, [])
})
