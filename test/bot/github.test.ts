import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { cleanForge } from '../../src/bot/github/clean-forge.ts'
import { cleanPulls } from '../../src/bot/github/clean-pulls.ts'
import { readBotOptions } from '../../src/bot/bot-options.ts'
import { appManifest, howToCreate } from '../../src/bot/github/app-manifest.ts'
import { composeGitHub } from '../../src/bot/github/compose-git-hub.ts'
import { wayInProblem } from '../../src/bot/github/git-hub-options.ts'
import { createRedactor } from '../../src/redact/redactor.ts'
import { fakeWorld } from '../support/fake-world.ts'
import { fakeRepository } from '../support/fake-repository.ts'

const asked = { repository: 'acme/ztp', webUrl: 'https://github.com', webhookUrl: null }

t.test('one way in is needed: a token or an App, a secret or no webhook', t => {
  const token = { tokenFile: 't', webhookSecretFile: 's', noWebhook: false }
  const app = { appId: '1', appKeyFile: 'k', noWebhook: true }
  t.equal(wayInProblem(token), null)
  t.equal(wayInProblem(app), null)
  for (const [given, option] of [
    [{ noWebhook: true }, 'tokenFile'],
    [{ ...token, ...app }, 'tokenFile'],
    [{ ...app, appId: undefined }, 'appId'],
    [{ ...app, appKeyFile: undefined }, 'appKeyFile'],
    [{ ...token, webhookSecretFile: undefined }, 'webhookSecretFile'],
    [{ ...token, gitUrl: 'ssh://git@a/b' }, 'gitUrl'],
  ] as const)
    t.match(wayInProblem(given), { option, reason: String })
  t.end()
})

t.test('the manifest of the App asks for what Sower needs, for itself alone', t => {
  t.match(appManifest(asked), {
    ...{ name: 'sower-acme-ztp', public: false, hook_attributes: { active: false } },
    default_permissions: {
      ...{ checks: 'write', contents: 'write', pull_requests: 'write', metadata: 'read' },
      merge_queues: undefined,
    },
    default_events: { length: 0 },
  })
  const webhookUrl = 'https://sower.example.com/webhook'
  t.match(appManifest({ ...asked, webhookUrl }), {
    hook_attributes: { active: true, url: webhookUrl },
    default_events: [
      'pull_request',
      'issue_comment',
      'pull_request_review',
      'pull_request_review_comment',
      'merge_group',
    ],
    default_permissions: { merge_queues: 'read' },
  })
  const steps = howToCreate({ ...asked, webhookUrl })
  t.match(steps, /https:\/\/github\.com\/organizations\/acme\/settings\/apps\/new\?name=/)
  t.match(steps, /checks=write.*merge_queues=read/)
  t.match(steps, /--app-key-file/)
  t.notMatch(howToCreate(asked), /secret of the webhook/)
  t.end()
})

t.test('with a token its file is read again, and git reads the same file', async t => {
  const seen: (string | undefined)[] = []
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"login":"sower"}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  const directory = t.testdir({ token: 'one' })
  const at = (file: string): string => join(directory, file)
  const options = readBotOptions({
    ...{ repository: 'acme/ztp', tokenFile: 'token', noWebhook: 'true', data: 'data' },
    ...{ apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, branch: 'main' },
    ...{
      namespace: 'sower',
      listen: '127.0.0.1:0',
      pollInterval: '10',
      recheckInterval: '1',
      keepRuns: '0',
    },
    ...{ newsInterval: '30', logLevel: 'info' },
  })
  const around = {
    ...{ secret: (file: string) => readFileSync(at(file), 'utf8'), at, data: directory },
    ...{ authority: null, conceal: () => undefined, stopping: new AbortController().signal },
    ...{ renamed: () => undefined, now: () => new Date() },
  }
  const { forge, tokenFile, withToken } = composeGitHub(options, around)
  t.equal(tokenFile, at('token'))
  const { port } = fakeRepository({})
  t.equal(withToken(port), port)
  await t.rejects(forge.repositoryId())
  writeFileSync(at('token'), 'two')
  await t.rejects(forge.repositoryId())
  t.strictSame(seen, ['Bearer one', 'Bearer two'])
  const app = { ...options, tokenFile: undefined, appId: '1', appKeyFile: 'token' }
  t.throws(() => composeGitHub(app, around), { code: 'FILE_UNREADABLE' })
})

t.test("an App's token is there before git asks for it, for the bot alone", async t => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const server = createServer((request, response) => {
    const isToken = request.url?.endsWith('/access_tokens')
    const repositories = [{ id: 1, full_name: 'acme/ztp' }]
    const until = { expires_at: '2100-01-01T00:00:00Z', permissions: {}, repositories }
    const answer = isToken ? { token: 'ghs_1', ...until } : { id: 1, slug: 'sower' }
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  const directory = t.testdir({ key })
  const at = (file: string): string => join(directory, file)
  const { forge, tokenFile, withToken } = composeGitHub(
    readBotOptions({
      ...{ repository: 'acme/ztp', appId: '1', appKeyFile: 'key', noWebhook: 'true' },
      ...{ apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, branch: 'main' },
      ...{
        namespace: 'sower',
        listen: '127.0.0.1:0',
        pollInterval: '10',
        recheckInterval: '1',
        keepRuns: '0',
      },
      ...{ newsInterval: '30', logLevel: 'info', data: 'data' },
    }),
    {
      ...{ secret: file => readFileSync(at(file), 'utf8'), at, data: directory },
      ...{ authority: null, conceal: () => undefined, stopping: new AbortController().signal },
      ...{ renamed: () => undefined, now: () => new Date() },
    },
  )
  let found = ''
  const { port } = fakeRepository({})
  const repository = withToken({
    ...port,
    fetch: async () => {
      found = readFileSync(tokenFile, 'utf8')
    },
  })
  await repository.fetch()
  t.equal(found, 'ghs_1')
  t.equal(await forge.login(), 'sower[bot]')
})

t.test('a pull request of ours shows no registered value', async t => {
  const told: unknown[] = []
  const pulls = cleanPulls(
    {
      open: async () => [],
      create: async request => {
        told.push(request)
        return { number: 1, branch: request.branch, url: '', labels: [] }
      },
      merge: async () => null,
    },
    text => text.replaceAll('canary-word', '[redacted]'),
  )
  const where = { branch: 'a', base: 'main' }
  await pulls.create({ ...where, title: 'of canary-word', body: 'canary-word' })
  t.strictSame(told.at(-1), { ...where, title: 'of [redacted]', body: '[redacted]' })
  t.strictSame(await pulls.open('main'), [])
})

t.test('GitHub is shown no registered value', async t => {
  const told: unknown[] = []
  const { forge } = fakeWorld().ports
  const redactor = createRedactor()
  redactor.add('canary-word')
  const clean = cleanForge(
    {
      ...forge,
      upsertComment: async comment => {
        told.push(comment)
        return 'made'
      },
      setStatus: async status => void told.push(status),
    },
    redactor.clean,
  )
  await clean.upsertComment({ pullRequest: 7, marker: '<!-- m -->', body: 'it is canary-word' })
  await clean.setStatus({ sha: 'a', state: 'failure', description: 'canary-word is wrong' })
  t.strictSame(told, [
    { pullRequest: 7, marker: '<!-- m -->', body: 'it is [redacted]' },
    { sha: 'a', state: 'failure', description: '[redacted] is wrong' },
  ])
  t.equal(await clean.login(), 'sower[bot]', 'the rest is as it was')
})
