import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { knownRefusal } from '../../../src/adapters/github/hearing/known-refusal.ts'
import '../../../src/adapters/github/merge-pull-request.ts'
import { pullRequests } from '../../../src/adapters/github/pull-requests.ts'
import type { PullRequests } from '../../../src/operations/ports/pull-requests.ts'
import { committerTo, gitHubWith } from '../../support/sandbox/git-hub-with.ts'

const portOf = (apiUrl: string): PullRequests =>
  pullRequests({
    ...{ apiUrl, repository: 'acme/ztp', writeGap: 0, token: () => 'bot-token' },
    ...{ now: () => new Date(), stopping: new AbortController().signal },
  })

t.test('merges the head that it is told, and says why not', async t => {
  const server = await gitHubWith(t, {}, { requiredStatus: 'sower' })
  const commit = await committerTo(t, server)
  await commit('main', 'a: 1\n')
  const head = await commit('sower-sno1', 'a: 2\n')
  const pulls = portOf(server.url)
  const { number } = await pulls.create({
    ...{ title: 'x', body: 'y', branch: 'sower-sno1', base: 'main' },
  })
  const says = 'GitHub answered 405: a required check is not green'
  t.equal(await pulls.merge({ number, head }), `merging #1: ${says}`)
  const set = await fetch(`${server.url}/repos/acme/ztp/statuses/${head}`, {
    method: 'POST',
    headers: { authorization: 'Bearer bot-token', 'content-type': 'application/json' },
    body: JSON.stringify({ state: 'success', context: 'sower' }),
  })
  t.equal(set.status, 201)
  t.match(await pulls.merge({ number, head: '1'.repeat(40) }), /409: its head has moved$/)
  t.equal(await pulls.merge({ number, head }), null)
  t.match(await pulls.merge({ number, head }), /405: GitHub cannot merge it as it is$/)
})

type Asked = Readonly<{ path: string; body: Record<string, unknown> }>

/** A GitHub of answers by path, in turn; the last one stays. */
const gitHubOf = async (
  t: Test,
  answers: Readonly<Record<string, readonly (readonly [number, unknown])[]>>,
) => {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const path = request.url ?? ''
      const body = request.method === 'GET' ? {} : ((await json(request)) as Asked['body'])
      asked.push({ path, body })
      const given = answers[path] ?? []
      const nth = asked.filter(one => one.path === path).length - 1
      const [status, answer] = given[Math.min(nth, given.length - 1)] ?? [404, { message: 'no' }]
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer))
    })()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { asked, host }
}
const of = { number: 9, head: '2'.repeat(40) }
const merge = '/repos/acme/ztp/pulls/9/merge'
const refused = (message: string) => [405, { message }] as const
const done = [200, { merged: true, sha: '3'.repeat(40) }] as const

t.test('merges in the first way that the repository allows', async t => {
  const { asked, host } = await gitHubOf(t, {
    [merge]: [refused('Merge commits are not allowed on this repository.'), done],
  })
  t.equal(await portOf(host).merge(of), null)
  t.strictSame(
    asked.map(({ body }) => [body['merge_method'], body['sha']]),
    [
      ['merge', of.head],
      ['squash', of.head],
    ],
  )
  const none = await gitHubOf(t, {
    [merge]: [refused('This branch must not contain merge commits.')],
  })
  t.match(await portOf(none.host).merge(of), /405: this way of merging is not allowed$/)
  t.equal(none.asked.length, 3)
})

t.test('puts it into the merge queue once, by the head that it is told', async t => {
  const queue = refused('Changes must be made through the merge queue')
  const pull = [200, { node_id: 'PR_9' }] as const
  const answer = (isInMergeQueue: boolean) => [200, { data: { node: { isInMergeQueue } } }] as const
  for (const [api, graphql] of [
    ['', '/graphql'],
    ['/api/v3', '/api/graphql'],
  ] as const) {
    const { asked, host } = await gitHubOf(t, {
      [`${api}${merge}`]: [queue],
      [`${api}/repos/acme/ztp/pulls/9`]: [pull],
      [graphql]: [
        answer(false),
        [200, { data: { enqueuePullRequest: {} } }],
        answer(true),
        answer(false),
        [200, { data: null, errors: [{ message: 'it is not ready' }] }],
      ],
    })
    const pulls = portOf(`${host}${api}`)
    t.equal(await pulls.merge(of), 'it is in the merge queue')
    const [, mutation] = asked.filter(({ path }) => path === graphql)
    t.match(mutation?.body, {
      ...{ query: /enqueuePullRequest/, variables: { id: 'PR_9', head: of.head } },
    })
    t.equal(await pulls.merge(of), 'it is in the merge queue')
    t.equal(asked.filter(({ path }) => path === graphql).length, 3, 'it was there already')
    await t.rejects(pulls.merge(of), {
      ...{ code: 'GITHUB_FAILED', message: /into the merge queue: GitHub refused it/ },
    })
  }
})

t.test('no answer is none, and other words of GitHub are not repeated', async t => {
  const silent = await gitHubOf(t, { [merge]: [[502, {}]] })
  await t.rejects(portOf(silent.host).merge(of), { name: 'UnavailableError' })
  const other = await gitHubOf(t, { [merge]: [refused('canary-word')] })
  t.equal(await portOf(other.host).merge(of), 'merging #9: GitHub answered 405')
  t.equal(knownRefusal(405, 'canary-word'), null)
  t.equal(knownRefusal(405), null)
  const review = 'At least 1 approving review is required by reviewers with write access.'
  t.match(knownRefusal(405, review), { reason: 'a review is required' })
  t.match(knownRefusal(409, 'Base branch was modified.'), { reason: 'the base branch has moved' })
  t.equal(knownRefusal(404, review), null)
})
