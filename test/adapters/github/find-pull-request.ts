import { Octokit } from '@octokit/rest'
import t from 'tap'
import { pushError } from '../../../src/adapters/git/git-reason.ts'
import { branchRules } from '../../../src/adapters/github/branch-use.ts'
import { findPullRequest, readPullRequest } from '../../../src/adapters/github/find-pull-request.ts'
import { gitHub } from '../../../src/adapters/github/git-hub.ts'
import { pullRequests } from '../../../src/adapters/github/pull-requests.ts'
import { createRepositoryApi } from '../../../src/adapters/github/repository-api.ts'
import { absent, present } from '../../../src/core/seen.ts'
import { committerTo, gitHubWith } from '../../support/sandbox/git-hub-with.ts'

const repo = { owner: 'acme', repo: 'ztp' }
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

t.test('finds the pull request from a branch in each of its states, and opens one', async t => {
  const server = await gitHubWith(t)
  const commit = await committerTo(t, server)
  await commit('main', 'a: 1')
  const ada = new Octokit({ baseUrl: server.url, auth: 'ada-token', log: silent })
  const options = (token: string) => ({
    ...{ apiUrl: server.url, repository: 'acme/ztp', writeGap: 0 },
    ...{ token: () => token, now: () => new Date(), stopping: new AbortController().signal },
  })
  const api = createRepositoryApi(options('bot-token'))
  const forge = gitHub(options('bot-token'))
  const pulls = pullRequests(options('bot-token'), api)
  const of = { branch: 'sower-sno1-record', base: 'main' }
  const found = async () => {
    const seen = await forge.pullRequestFrom(of)
    return seen.seen === 'present' ? seen.value : seen
  }
  t.same(await found(), { seen: 'absent' })
  await commit(of.branch, 'a: 9')
  const asked = { ...of, title: 'Record', body: 'It ended.' }
  const { number } = await pulls.create(asked)
  t.match(await found(), { number, state: 'open', ...of, body: 'It ended.', labels: [] })
  // GitHub itself takes no second one.
  await t.rejects(pulls.create(asked), { name: 'FailedError', code: 'GITHUB_FAILED' })
  await ada.pulls.update({ ...repo, pull_number: number, state: 'closed' })
  t.match(await found(), { number, state: 'closed' })
  const { number: again } = await pulls.create(asked)
  t.match(await found(), { number: again, state: 'open' })
  t.strictSame(await findPullRequest(api, of), present(again))
  t.strictSame(await findPullRequest(api, { ...of, base: 'other' }), absent)
  const merged = (await ada.pulls.merge({ ...repo, pull_number: again })).data.sha
  t.match(await readPullRequest(api, again), present({ state: 'merged', mergedAs: merged }))
  t.match(await found(), { number: again, state: 'merged', mergedAs: merged })
  const refused = gitHub(options('no-token'))
  t.match(await refused.pullRequestFrom(of), { seen: 'unknown' })
  t.equal(api.owner(), 'acme')

  server.protect(['ruled'])
  const kept: unknown = await commit('ruled', 'a: 10').catch((error: unknown) => error)
  t.match(pushError('ruled', kept), { code: 'PUSH_REFUSED', message: /to ruled: / })
  t.strictSame(await branchRules(api, 'ruled'), present(['pull_request']))
  t.strictSame(await forge.branchRules('free'), present([]), 'whether it is there or not')
})
