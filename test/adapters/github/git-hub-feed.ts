import { Octokit } from '@octokit/rest'
import t from 'tap'
import '../../../src/adapters/github/hearing/create-hearing.ts'
import { createMemory } from '../../../src/adapters/github/create-memory.ts'
import { gitHub } from '../../../src/adapters/github/git-hub.ts'
import { gitHubFeed } from '../../../src/adapters/github/git-hub-feed.ts'
import { issueEvents } from '../../../src/adapters/github/issue-events.ts'
import { createRepositoryApi } from '../../../src/adapters/github/repository-api.ts'
import { committerTo, gitHubWith } from '../../support/sandbox/git-hub-with.ts'

const repo = { owner: 'acme', repo: 'ztp' }
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

t.test('what was answered before is remembered by its tag, and not for ever', t => {
  const memory = createMemory()
  memory.keep('a', { headers: { etag: 'W/"1"' }, data: 1 })
  memory.keep('b', { headers: {}, data: 2 })
  t.match(memory.get('a'), { tag: 'W/"1"', data: 1 })
  t.equal(memory.get('b'), undefined)
  for (let n = 0; n < 100; n += 1) {
    memory.get('a')
    memory.keep(`c${n}`, { headers: { etag: String(n) }, data: n })
  }
  t.match(memory.get('a'), { data: 1 }, 'what is asked for stays')
  t.equal(memory.get('c0'), undefined)
  t.end()
})

t.test('a feed finds what webhooks tell of', async t => {
  const server = await gitHubWith(t)
  const commit = await committerTo(t, server)
  for (const branch of ['main', 'seed/sno1']) await commit(branch, branch)
  const ada = new Octokit({ baseUrl: server.url, auth: 'ada-token', log: silent })
  const pull = { ...repo, title: 'Seed', body: '/seed status', head: 'seed/sno1', base: 'main' }
  const issue_number = (await ada.pulls.create(pull)).data.number
  await ada.issues.addLabels({ ...repo, issue_number, labels: ['Seed', 'bug'] })
  const comment = (await ada.issues.createComment({ ...repo, issue_number, body: '/seed help' }))
    .data
  const renamed: string[] = []
  const options = {
    ...{ apiUrl: server.url, repository: 'acme/ztp', token: () => 'bot-token', writeGap: 0 },
    ...{ stopping: new AbortController().signal, now: () => new Date() },
    renamed: (to: string) => void renamed.push(to),
  }
  const api = createRepositoryApi(options)
  const feed = gitHubFeed(api, options.now)
  const earlier = '2020-01-01T00:00:00Z'

  await t.test('comments and labels, with who and when, and what changed', async t => {
    const found = await feed.since(earlier)
    const about = { pullRequest: issue_number }
    const by = { login: 'ada', type: 'User' }
    t.match(
      found.filter(({ what }) => what === 'label'),
      [
        { ...about, by, label: 'Seed' },
        { ...about, by, label: 'bug' },
      ],
    )
    t.match(
      found.filter(({ what }) => what === 'comment'),
      [{ ...about, id: comment.id, by, body: '/seed help', editedAt: null }],
    )
    t.ok(found.some(({ what }) => what === 'change'))
    t.match(
      found.filter(({ what }) => what === 'opened'),
      [{ ...about, by, body: '/seed status', headSha: String }],
    )
    t.strictSame(await feed.since('2100-01-01T00:00:00Z'), [])
  })

  await t.test('asked again, GitHub need only say that it is as before', async t => {
    const begin = server.requests.length
    const found = await feed.since(earlier)
    t.ok(found.length > 3)
    const statuses = server.requests.slice(begin).map(({ status }) => status)
    t.strictSame(new Set(statuses), new Set([304]))
    const { limit = 0, remaining = 0 } = api.client.allowance() ?? {}
    t.ok(limit > 0 && remaining > 0)
  })

  await t.test(
    'it stops at its share of the hourly limit, and leaves the rest to the runs',
    async t => {
      const few = (allowance: { limit: number; remaining: number }) =>
        gitHubFeed({ ...api, client: { ...api.client, allowance: () => allowance } }, options.now)
      await t.rejects(few({ limit: 5000, remaining: 999 }).since(earlier), {
        ...{ name: 'UnavailableError', code: 'GITHUB_FAILED', retryAt: String },
      })
      const once = few({ limit: 4, remaining: 4 })
      await t.rejects(once.since('2026-01-01T00:00:00Z'), { message: /used up its share/ })
    },
  )

  await t.test('the label that a webhook told of is found by its event', async t => {
    const events = await issueEvents(api, issue_number)
    const label = events.find(({ event }) => event === 'labeled')
    const forge = gitHub(options, api)
    const asked = { pullRequest: issue_number, by: 'Ada', until: new Date().toISOString() }
    t.match(await forge.labelling(asked), { id: label?.id, at: label?.created_at })
    t.equal(await forge.labelling({ ...asked, by: 'mallory' }), null)
    t.equal(await forge.labelling({ ...asked, until: earlier }), null, 'or set later')
  })

  await t.test('a renamed repository is followed by its number, and said once', async t => {
    const { id } = (await ada.repos.get(repo)).data
    server.setTrouble(({ path }) => (path.startsWith('/repos/') ? { movedTo: id } : null))
    const forge = gitHub(options, api)
    t.match(await forge.pullRequest(issue_number), {
      seen: 'present',
      value: { number: issue_number },
    })
    t.equal(await forge.repositoryId(), id)
    t.strictSame(renamed, ['acme/ztp'])
    server.setTrouble(null)
  })
})
