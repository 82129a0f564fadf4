import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { createRepositoryApi } from '../../../src/adapters/github/repository-api.ts'
import { readSettings } from '../../../src/adapters/github/settings/read-settings.ts'

const sha = 'a'.repeat(40)
const repository = { id: 7, archived: false, permissions: { push: true, admin: true } }
const hook = { active: true, config: { url: 'https://sower.example.com/webhook' } }
const open = { commit: { sha }, protection: null }

/** The settings as they are read from a GitHub that gives these answers by path; a number is a refusal. */
const readFrom = async (t: Test, answers: Readonly<Record<string, unknown>>) => {
  const asked: string[] = []
  const server = createServer(({ url = '', method = '' }, response) => {
    const path = url.replace(/^\/repos\/acme\/ztp/, '').replace(/\?.*$/, '')
    asked.push(`${method} ${path}`)
    const answer = Object.hasOwn(answers, path) ? answers[path] : 404
    const status = typeof answer === 'number' ? answer : 200
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(status === 200 ? answer : { message: 'Not Found' }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  const api = createRepositoryApi({
    ...{ apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    ...{ repository: 'acme/ztp', token: () => 'token', now: () => new Date(), writeGap: 0 },
    stopping: new AbortController().signal,
  })
  const settings = await readSettings(api, { repository: 'acme/ztp', branch: 'main' })
  return { settings, asked }
}

t.test(
  'reads the rights of the token, the webhooks and the required check, and writes nothing',
  async t => {
    const all = {
      '': repository,
      '/hooks': [hook],
      '/branches/main': open,
      '/rules/branches/main': [],
    }
    const { settings, asked } = await readFrom(t, all)
    t.strictSame(settings, {
      ...{ repository: 'acme/ztp', branch: 'main' },
      access: { seen: 'present', value: { isArchived: false, mayPush: true } },
      hooks: { seen: 'present', value: [hook] },
      isRequired: { seen: 'present', value: false },
    })
    t.ok(asked.every(call => call.startsWith('GET ')))
    const required_status_checks = { contexts: ['sower/check'] }
    const branch = { ...open, protection: { required_status_checks } }
    const required = await readFrom(t, { ...all, '/branches/main': branch })
    t.match(required.settings, { isRequired: { value: true } })
  },
)

t.test('a token that may read little leaves no answer, and never a good one', async t => {
  const blind = { id: 7 }
  const { settings } = await readFrom(t, { '': { ...blind, archived: true }, '/hooks': 403 })
  t.match(settings, {
    access: { seen: 'present', value: { isArchived: true, mayPush: false } },
    hooks: { seen: 'unknown', why: 'forbidden' },
    isRequired: { seen: 'unknown', why: 'forbidden' },
  })
  const hidden = await readFrom(t, { '': repository, '/branches/main': 500 })
  t.match(hidden.settings, {
    hooks: { seen: 'unknown', why: 'forbidden' },
    isRequired: { seen: 'unknown', why: 'unreachable' },
  })
  const nothing = await readFrom(t, {})
  t.match(nothing.settings, { access: { seen: 'unknown', why: 'forbidden' } })
})
