import t from 'tap'
import { z } from 'zod'
import { pullRequestAnswer } from '../../../src/adapters/github/pull-request-answer.ts'
import { readAnswer, type Heard } from '../../../src/adapters/github/read-answer.ts'

const now = Date.UTC(2026, 10, 22, 10)
const type = 'application/json; charset=utf-8'
const reading = { shape: z.object({ id: z.number() }), isAboutToken: false, isAfter401: false, now }
const heard = (
  status: number,
  headers: Record<string, unknown> = {},
  data: unknown = {},
): Heard => ({
  ...{ status, data },
  headers: { 'content-type': type, ...headers },
})
const no = { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' }
const limit = { message: 'You have exceeded a secondary rate limit.' }

t.test('only JSON of the expected shape is an answer', t => {
  t.strictSame(readAnswer(heard(200, {}, { id: 1 }), reading), { is: 'value', value: { id: 1 } })
  const none = { is: 'nothing', why: 'unreachable', wait: 'longer-alone' }
  t.match(readAnswer(heard(200, {}, { id: '1' }), reading), none)
  t.match(readAnswer(heard(200, { 'content-type': 'text/html' }, { id: 1 }), reading), none)
  t.match(readAnswer(heard(200, { 'content-type': undefined }, { id: 1 }), reading), none)
  t.match(readAnswer(heard(404, { 'content-type': 'text/html' }, '<p>'), reading), none)
  t.match(readAnswer(heard(404, {}, { id: 1 }), reading), none, 'a no of GitHub has a message')
  t.match(readAnswer(heard(302, { location: '/' }), reading), { ...none, why: 'moved', wait: null })
  for (const status of [408, 500, 502, 503])
    t.match(readAnswer(heard(status, {}, no), reading), { ...none, reason: RegExp(`${status}`) })
  t.end()
})

t.test('a definite no is told apart from a token that is not accepted', t => {
  for (const status of [404, 410])
    t.strictSame(readAnswer(heard(status, {}, no), reading), {
      ...{ is: 'missing', reason: `GitHub answered ${status}` },
    })
  const right = { 'x-accepted-github-permissions': 'pull_requests=read' }
  t.strictSame(readAnswer(heard(403, right, no), reading), {
    ...{ is: 'refused', reason: 'GitHub answered 403: the token is not allowed to do this' },
    fix: 'give the token the right: pull_requests=read',
  })
  const odd = { 'x-accepted-github-permissions': 'a word with `markup`' }
  t.match(readAnswer(heard(403, odd, no), reading), { fix: 'give the token the right' })
  t.match(readAnswer(heard(422, {}, no), reading), { is: 'refused', reason: 'GitHub answered 422' })

  const token = { is: 'nothing', why: 'forbidden', wait: 'longer', fix: /--token-file/ }
  t.match(readAnswer(heard(401, {}, no), reading), token)
  t.match(readAnswer(heard(401, { 'content-type': 'text/html' }, ''), reading), token)
  t.match(readAnswer(heard(403, {}, no), { ...reading, isAfter401: true }), token)
  t.match(readAnswer(heard(403, { 'x-github-sso': 'required' }, no), reading), token)
  for (const status of [403, 404])
    t.match(readAnswer(heard(status, {}, no), { ...reading, isAboutToken: true }), token)
  t.end()
})

t.test('a conversation or a repository that takes nothing is named', t => {
  const says = (message: string) => readAnswer(heard(403, {}, { ...no, message }), reading)
  t.strictSame(says('Unable to create comment because issue is locked.'), {
    ...{ is: 'refused', reason: 'GitHub answered 403: the conversation is locked' },
    fix: "unlock the conversation, or let Sower's account write to the repository",
  })
  t.match(says('Repository was archived so is read-only.'), {
    ...{ reason: 'GitHub answered 403: the repository is archived', fix: /^unarchive it/ },
  })
  t.match(says('Resource not accessible'), { reason: /the token is not allowed to do this/ })
  t.end()
})

t.test('a limit says how long to wait, and is never believed for more than an hour', t => {
  const waits = (status: number, headers: Record<string, string>, data: unknown = no): unknown => {
    const meaning = readAnswer(heard(status, headers, data), reading)
    return meaning.is === 'nothing' ? meaning.wait : meaning.is
  }
  const reset = (at: number): Record<string, string> => ({
    ...{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(at / 1000) },
  })
  t.equal(waits(403, { 'retry-after': '90' }), 90_000)
  t.equal(waits(429, { 'retry-after': '90' }), 90_000)
  t.equal(waits(503, { 'retry-after': '90' }), 90_000)
  t.equal(waits(403, reset(now + 1_800_000)), 1_800_000)
  t.equal(
    waits(403, { ...reset(now + 1_800_000), date: new Date(now + 60_000).toUTCString() }),
    1_740_000,
  )
  t.equal(waits(403, reset(now - 5_000)), 1000)
  t.equal(waits(403, { 'retry-after': '999999999' }), 3_600_000)
  t.equal(waits(403, {}, limit), 'longer')
  t.equal(waits(429, { 'content-type': 'text/html' }, '<p>'), 'longer')
  t.equal(waits(403, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, limit), 'longer')
  t.equal(waits(403, { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': '1' }), 'refused')
  t.equal(waits(404, reset(now + 1_800_000)), 'missing')
  t.end()
})

t.test('silence has a reason', t => {
  t.match(readAnswer({ silent: 'timeout', detail: 'too late' }, reading), {
    ...{ is: 'nothing', why: 'timeout', wait: 'longer' },
    reason: 'GitHub gave no answer (too late)',
  })
  t.match(readAnswer({ silent: 'unreachable', detail: null }, reading), {
    ...{ why: 'unreachable', wait: 'longer-alone', reason: 'GitHub gave no answer' },
  })
  t.match(readAnswer({ silent: 'unreachable', detail: 'SELF_SIGNED_CERT_IN_CHAIN' }, reading), {
    ...{ why: 'unreachable', fix: "name the authority of GitHub's certificate with --ca-file" },
  })
  t.match(readAnswer({ silent: 'stopping', detail: null }, reading), {
    ...{ wait: null, reason: 'the bot is stopping' },
  })
  t.end()
})

t.test('a pull request whose fork is gone is one from a fork', t => {
  const sha = 'a'.repeat(40)
  const read = {
    ...{
      number: 7,
      state: 'open',
      merged: false,
      merge_commit_sha: null,
      labels: [],
      html_url: '',
    },
    head: { sha, ref: 'seed', repo: null },
    base: { sha, ref: 'main', repo: { id: 1 } },
  }
  t.match(pullRequestAnswer.parse(read), {
    ...{ isFork: true, isHeadGone: true, state: 'open', mergedAs: null },
  })
  t.match(pullRequestAnswer.parse({ ...read, draft: true }), { isDraft: true })
  t.notOk(pullRequestAnswer.safeParse({ ...read, merged: undefined }).success)
  t.notOk(pullRequestAnswer.safeParse({ ...read, merge_commit_sha: 'HEAD' }).success)
  t.end()
})
