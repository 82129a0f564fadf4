import fc from 'fast-check'
import t from 'tap'
import '../../../src/bot/webhook/webhook-listener.ts'
import {
  alice,
  commented,
  labelled,
  repository,
  sign,
  startListener,
} from '../../support/bot/start-listener.ts'
import { propertyRuns } from '../../support/property-runs.ts'

t.test('accepts a label and a comment with a command', async t => {
  const { accepted, deliver } = await startListener(t)
  t.equal(await deliver('pull_request', labelled), 202)
  t.equal(await deliver('issue_comment', commented), 202)
  const from = { pullRequest: 7, sender: 'alice' }
  t.match(accepted, [
    { kind: 'label', headSha: 'abc', ...from },
    {
      kind: 'comment',
      commentId: 42,
      body: 'Please:\n\n/seed retry',
      key: '#7/comment/42',
      ...from,
    },
  ])
})

t.test('a redelivery has the same key, a label that is set again has another', async t => {
  const { accepted, deliver } = await startListener(t)
  const later = { ...labelled.pull_request, updated_at: '2026-11-22T11:00:00Z' }
  for (const payload of [labelled, labelled, { ...labelled, pull_request: later }])
    await deliver('pull_request', payload)
  const [first, second, third] = accepted.map(({ key }) => key)
  t.equal(first, second)
  t.not(first, third)
})

t.test('hole 1: believes only a signature over the very bytes that came', async t => {
  const { accepted, deliver } = await startListener(t)
  const body = JSON.stringify(commented)
  const wrong = [
    undefined,
    '',
    'sha256=',
    sign(body, 'another secret, as long'),
    sign(`${body} `),
    sign(body).replace('sha256', 'sha1'),
    sign(body).toUpperCase(),
    sign(body).slice(0, -1),
    `${sign(body)}0`,
  ]
  for (const signature of wrong)
    t.equal(
      await deliver('issue_comment', body, {
        headers: signature === undefined ? {} : { 'x-hub-signature-256': signature },
        ...(signature === undefined ? { body: `${body} ` } : {}),
      }),
      401,
      signature ?? 'a changed byte',
    )
  t.strictSame(accepted, [])
  const unsigned = { 'content-type': 'application/json', 'x-github-event': 'issue_comment' }
  t.equal(await (await startListener(t)).send({ body, headers: unsigned }), 401, 'no signature')
  t.equal(await deliver('issue_comment', ` ${body}\n`), 202, 'spaces of the sender are signed too')
})

t.test('refuses other methods, paths and kinds of content', async t => {
  const { send, deliver, accepted } = await startListener(t)
  t.equal(await send({ method: 'GET' }), 405)
  t.equal(await send({ method: 'PUT', body: '{}' }), 405)
  t.equal(await send({ path: '/' }), 404)
  t.equal(await send({ path: '/webhook/../x' }), 404)
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  t.equal(await deliver('issue_comment', commented, { headers: form }), 415)
  t.equal(await send({ body: '{}' }), 415)
  t.equal(await send({ method: 'GET', path: '/healthz' }), 200)
  t.equal(await send({ method: 'GET', path: '/healthz?full' }), 200)
  t.equal(await send({ path: '/healthz' }), 405)
  t.strictSame(accepted, [])
})

t.test('hole 3: refuses a body that is too long, with a length and without', async t => {
  const { deliver, send, accepted } = await startListener(t)
  const long = JSON.stringify({ ...commented, padding: 'x'.repeat(2 * 1024 * 1024) })
  t.equal(await deliver('issue_comment', long), 413)
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': sign(long) }
  const parts = Array.from({ length: 40 }, () => 'x'.repeat(64 * 1024))
  t.equal(await send({ headers, body: parts }), 413)
  t.strictSame(accepted, [])
  const body = JSON.stringify(commented)
  const halves = [body.slice(0, 50), body.slice(50)]
  t.equal(await deliver('issue_comment', body, { body: halves }), 202, 'chunks that fit')
  t.equal(accepted.length, 1)
})

t.test('drops what is not for it', async t => {
  const { accepted, deliver } = await startListener(t)
  const bot = { login: 'renovate[bot]', type: 'Bot' }
  const dropped: readonly (readonly [string, unknown])[] = [
    ['issue_comment', { ...commented, repository: { full_name: 'example/other' } }],
    ['pull_request', { ...labelled, repository: { full_name: 'example/site2' } }],
    ['issue_comment', { ...commented, sender: bot }],
    ['pull_request', { ...labelled, sender: bot }],
    ['issue_comment', { ...commented, action: 'deleted' }],
    ['issue_comment', { ...commented, issue: { number: 7 } }],
    ['issue_comment', { ...commented, comment: { id: 1, body: 'nothing to do' } }],
    ['issue_comment', { ...commented, comment: { id: 1, body: 'Why?\n\n> /seed abort' } }],
    ['push', commented],
    ['ping', { zen: 'x', repository, sender: alice }],
  ]
  for (const [name, payload] of dropped) t.equal(await deliver(name, payload), 202)
  t.strictSame(accepted, [])
})

t.test('any other label or change of a pull request only wakes it', async t => {
  const { accepted, deliver } = await startListener(t)
  const others = [
    { ...labelled, label: { name: 'seeds' } },
    { ...labelled, action: 'unlabeled' },
    { ...labelled, action: 'closed' },
    { ...labelled, action: 'synchronize' },
  ]
  for (const payload of others) await deliver('pull_request', payload)
  const queue = { login: 'github-merge-queue[bot]', type: 'Bot' }
  await deliver('pull_request', { ...labelled, action: 'closed', sender: queue })
  t.strictSame(
    accepted.map(({ kind }) => kind),
    ['wake', 'wake', 'wake', 'wake', 'wake'],
  )
})

t.test('GitHub does not hear "accepted" for what could not be kept', async t => {
  const { fails, deliver } = await startListener(t)
  fails.accept = true
  t.equal(await deliver('issue_comment', commented), 500)
  fails.accept = false
  t.equal(await deliver('issue_comment', commented), 202, 'and it goes on')
})

t.test('hole 4: signed nonsense is neither accepted nor a reason to stop', async t => {
  const { accepted, deliver } = await startListener(t)
  const depth = 20_000
  t.equal(await deliver('issue_comment', ''), 401, 'nothing at all')
  const hostile = [
    'null',
    '[]',
    '1',
    '"x"',
    '{',
    '{"__proto__":{"action":"created"}}',
    '{"constructor":{"prototype":{"action":"created"}}}',
    `${'['.repeat(depth)}${']'.repeat(depth)}`,
    `${'{"sender":'.repeat(depth)}1${'}'.repeat(depth)}`,
    JSON.stringify({ ...commented, comment: { id: '42', body: '/seed abort' } }),
    JSON.stringify({ ...commented, comment: { id: 42, body: ['/seed abort'] } }),
    JSON.stringify({ ...commented, sender: null }),
    JSON.stringify([commented]),
    `${JSON.stringify(commented)}x`,
  ]
  for (const name of ['issue_comment', 'pull_request'])
    for (const body of hostile) t.equal(await deliver(name, body), 202, body.slice(0, 40))
  t.strictSame(accepted, [])
  await fc.assert(
    fc.asyncProperty(
      fc.json(),
      fc.constantFrom('issue_comment', 'pull_request'),
      async (body, name) => {
        const status = await deliver(name, body)
        return status === 202 && accepted.length === 0
      },
    ),
    { numRuns: propertyRuns(60) },
  )
  // Any one field of a good payload replaced by anything: dropped, or still the same comment.
  const fields = fc.constantFrom(...Object.keys(commented))
  await fc.assert(
    fc.asyncProperty(fields, fc.jsonValue(), async (field, value) => {
      accepted.length = 0
      const status = await deliver('issue_comment', { ...commented, [field]: value })
      return (
        status === 202 &&
        accepted.every(({ key, sender }) => /^#\d+\/comment\/42$/.test(key) && sender === 'alice')
      )
    }),
    { numRuns: propertyRuns(60) },
  )
})
