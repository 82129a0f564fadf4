import { Octokit } from '@octokit/rest'
import t from 'tap'
import { gitHub } from '../../../src/adapters/github/git-hub.ts'
import { openChanges } from '../../../src/adapters/github/changes/open-changes.ts'
import { createRepositoryApi } from '../../../src/adapters/github/repository-api.ts'
import { FailedError } from '../../../src/errors.ts'
import { committerTo, gitHubWith } from '../../support/sandbox/git-hub-with.ts'

const repo = { owner: 'acme', repo: 'ztp' }
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

t.test('reads the open pull requests against a branch, with its head', async t => {
  const server = await gitHubWith(t, {})
  const commit = await committerTo(t, server)
  const base = await commit('main', 'a: 1')
  const head = await commit('seed/sno1', 'a: 2')
  const ada = new Octokit({ baseUrl: server.url, auth: 'ada-token', log: silent })
  const open = { ...repo, title: 'Seed', head: 'seed/sno1' }
  const { number } = (await ada.pulls.create({ ...open, base: 'main' })).data
  const changes = openChanges(
    createRepositoryApi({
      ...{ apiUrl: server.url, repository: 'acme/ztp', stopping: new AbortController().signal },
      ...{ token: () => 'bot-token', now: () => new Date() },
    }),
  )
  const found = { number, branch: 'seed/sno1', headSha: head, isFork: false }
  t.strictSame(await changes.against('main'), { groups: [], head: base, changes: [found] })
  t.strictSame(await changes.against('seed/sno1'), { groups: [], head, changes: [] })
  t.strictSame((await changes.files(number))?.length, 1)
  t.equal(await changes.requires('main', 'sower/check'), false)
  await ada.pulls.update({ ...repo, pull_number: number, state: 'closed' })
  t.strictSame(await changes.against('main'), { groups: [], head: base, changes: [] })
  const queued = `gh-readonly-queue/main/pr-${number}-${base}`
  const group = await commit(queued, 'a: 3')
  t.match(await changes.against('main'), {
    groups: [{ branch: queued, headSha: group, pullRequests: [number] }],
  })
})

t.test(
  'a fork is one in the list and in itself, and its head is gone once it is deleted',
  async t => {
    const server = await gitHubWith(t, { rita: 'read' })
    const commit = await committerTo(t, server)
    await commit('main', 'a: 1')
    const head = await commit('change', 'a: 2')
    const fork = server.fork('rita')
    await fork.push('change', head)
    const rita = new Octokit({ baseUrl: server.url, auth: 'rita-token', log: silent })
    const asked = { ...repo, title: 'Seed', head: 'rita:change', base: 'main' }
    const { number } = (await rita.pulls.create(asked)).data
    const options = {
      ...{ apiUrl: server.url, repository: 'acme/ztp', stopping: new AbortController().signal },
      ...{ token: () => 'bot-token', now: () => new Date() },
    }
    const api = createRepositoryApi(options)
    const listed = async () => (await openChanges(api).against('main')).changes
    const read = async () => gitHub(options, api).pullRequest(number)
    t.match(await listed(), [{ number, headSha: head, isFork: true }])
    t.match(await read(), { value: { isFork: true, isHeadGone: undefined } })
    fork.remove()
    t.match(await listed(), [{ number, isFork: true }])
    t.match(await read(), { value: { isFork: true, isHeadGone: true } })
  },
)

t.test('a check is required by the protection of a branch, or by a rule', async t => {
  const requiredStatus = 'sower/check'
  const server = await gitHubWith(t, {}, { requiredStatus })
  await (
    await committerTo(t, server)
  )('main', 'a: 1')
  const changes = openChanges(
    createRepositoryApi({
      ...{ apiUrl: server.url, repository: 'acme/ztp', stopping: new AbortController().signal },
      ...{ token: () => 'bot-token', now: () => new Date() },
    }),
  )
  t.equal(await changes.requires('main', requiredStatus), true)
  t.equal(await changes.requires('main', 'sower'), false)
  const branch = { commit: { sha: 'a'.repeat(40) } }
  const checks = [{ context: requiredStatus }]
  const rule = {
    type: 'required_status_checks',
    parameters: { required_status_checks: checks },
  }
  for (const [rules, is] of [
    [[rule], true],
    [[{ type: 'deletion' }, { ...rule, type: 'other' }], false],
  ] as const) {
    const answers: readonly unknown[] = [branch, rules]
    let asked = 0
    const { requires } = openChanges({
      ask: async (_, shape) => ({ got: 'value', value: shape.parse(answers[asked++]) }),
    })
    t.equal(await requires('main', requiredStatus), is)
  }
})

t.test('more than GitHub lists, and no answer, are not taken for all', async t => {
  const sha = 'a'.repeat(40)
  const file = { filename: 'new', previous_filename: 'old' }
  const listing = (item: unknown, length: number) =>
    openChanges({
      ask: async ({ route }, shape) => ({
        got: 'value',
        value: shape.parse(
          route.startsWith('GET /branches')
            ? { commit: { sha } }
            : Array(route.includes('matching-refs') ? 0 : length).fill(item),
        ),
      }),
    })
  t.strictSame(await listing(file, 1).files(7), ['new', 'old'])
  t.equal(await listing(file, 100).files(7), null)
  const at = { ref: 'x', sha, repo: null }
  const pull = { number: 7, head: at, base: { ref: 'main', repo: { id: 1 } } }
  t.match((await listing(pull, 1).against('main')).changes, [{ number: 7, isFork: true }])
  await t.rejects(listing(pull, 100).against('main'), { code: 'GITHUB_FAILED' })
  const error = new FailedError('GITHUB_FAILED', 'no')
  const refused = openChanges({ ask: async () => ({ got: 'refused', error }) })
  await t.rejects(refused.files(7), error)
  await t.rejects(refused.requires('main', 'x'), error)
})
