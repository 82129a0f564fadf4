import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import { readBotOptions } from '../../../src/bot/bot-options.ts'
import { composeGitHub } from '../../../src/bot/github/compose-git-hub.ts'
import { createPoller } from '../../../src/bot/poll/create-poller.ts'
import { appPermissions } from '../../../src/adapters/github/app-tokens.ts'
import type { Forge } from '../../../src/operations/ports/forge.ts'
import type { Incoming } from '../../../src/operations/ports/inbox.ts'
import { startListener } from './start-listener.ts'

const repository = 'example/site'
const at = '2026-11-22T09:59:50Z'
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** Answers a request in place of GitHub, or leaves it to be answered. */
export type Spoil = (path: string, authorization: string, response: ServerResponse) => boolean

/** One way in which Sower hears of a comment. */
export type WayIn = Readonly<{
  /** A person comments on #7; the fields stand in the payload, or in the list, beside those that are needed. */
  comment: (id: number, body: string, fields?: object) => Promise<void>
  /** Something that is no event stands where events do, as JSON. */
  nonsense: (json: string) => Promise<void>
  heard: readonly Incoming[]
  /** Whatever was asked of GitHub. */
  asked: readonly Readonly<{ method: string; path: string; body: string }>[]
  /** All that was logged, and that a caller was told. */
  told: readonly string[]
  spoil: (spoil: Spoil | null) => void
  /** Null: a webhook asks nothing of GitHub. */
  forge: Forge | null
}>

const byWebhook = async (t: Test): Promise<WayIn> => {
  const { deliver, accepted, refused } = await startListener(t, { repositoryId: 4711 })
  const sender = { login: 'alice', type: 'User' }
  const about = { repository: { id: 4711, full_name: repository }, sender }
  return {
    comment: async (id, body, fields = {}) => {
      const comment = { id, body, created_at: at, updated_at: at, ...fields }
      const issue = { number: 7, pull_request: {} }
      await deliver('issue_comment', { action: 'created', issue, comment, ...about, ...fields })
    },
    nonsense: async json => {
      for (const name of ['issue_comment', 'pull_request', 'pull_request_review', 'merge_group'])
        await deliver(name, json)
    },
    ...{ heard: accepted, asked: [], told: refused, spoil: () => undefined, forge: null },
  }
}

const byPolling = async (t: Test, isApp: boolean): Promise<WayIn> => {
  const asked: { method: string; path: string; body: string }[] = []
  const told: string[] = []
  const heard: Incoming[] = []
  const spoilt: { by: Spoil | null } = { by: null }
  let comments: unknown[] = []
  let everywhere: string | null = null
  const clock = { at: Date.UTC(2026, 10, 22, 10) }
  const answerTo = (path: string): unknown => {
    if (path.endsWith('/access_tokens')) {
      const repositories = [{ id: 4711, full_name: repository }]
      const expires_at = '2100-01-01T00:00:00Z'
      return { token: 'ghs_canary-token', expires_at, permissions: appPermissions, repositories }
    }
    if (path === '/app') return { slug: 'sower' }
    if (path === '/user') return { login: 'sower[bot]' }
    if (path.endsWith('/installation') || path.endsWith('/site')) return { id: 4711 }
    return path.endsWith('/issues/comments') ? comments : []
  }
  const server = createServer((request, response) => {
    const { url = '', method = '', headers } = request
    const path = url.split('?')[0] ?? ''
    void text(request).then(body => {
      asked.push({ method, path, body })
      if (spoilt.by?.(path, headers.authorization ?? '', response) === true) return
      response.writeHead(200, { 'content-type': 'application/json' })
      const isList = /\/(?:comments|events|pulls)$/.test(path)
      response.end(isList && everywhere !== null ? everywhere : JSON.stringify(answerTo(path)))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  const directory = t.testdir({ key, token: 'canary-token' })
  const inDirectory = (file: string): string => join(directory, file)
  const stopping = new AbortController()
  t.teardown(() => {
    stopping.abort()
  })
  const now = (): Date => new Date(clock.at)
  const { feed, forge } = composeGitHub(
    readBotOptions({
      ...{ repository, noWebhook: 'true', branch: 'main', namespace: 'sower', data: 'data' },
      ...(isApp ? { appId: '1', appKeyFile: 'key' } : { tokenFile: 'token' }),
      apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ...{ listen: '127.0.0.1:0', pollInterval: '10', recheckInterval: '1', newsInterval: '30' },
      keepRuns: '0',
      logLevel: 'info',
    }),
    {
      ...{ secret: file => readFileSync(inDirectory(file), 'utf8'), at: inDirectory },
      ...{ data: directory, authority: null, conceal: () => undefined, now },
      ...{ stopping: stopping.signal, renamed: () => undefined },
    },
  )
  const tell = (fields: object, message: string): void =>
    void told.push(`${message} ${JSON.stringify(fields)}`)
  const poller = createPoller({
    ...{ feed, forge, repository, interval: 30_000, now, knows: () => false },
    bookmark: { read: () => '2026-11-22T09:59:00Z', write: () => undefined },
    accept: event => void heard.push(event),
    log: { debug: () => undefined, info: tell, warn: tell },
  })
  const look = async (): Promise<void> => {
    // Long enough for whatever pause a failure has ordered.
    clock.at += 7_200_000
    await poller.look()
  }
  return {
    comment: async (id, body, fields = {}) => {
      const html_url = `https://github.com/${repository}/pull/7#issuecomment-${id}`
      const user = { login: 'alice', type: 'User' }
      comments = [{ id, body, user, html_url, created_at: at, updated_at: at, ...fields }]
      await look()
    },
    nonsense: async json => {
      for (everywhere of [json, `[${json}]`]) await look()
      everywhere = null
    },
    ...{ heard, asked, told, forge },
    spoil: by => {
      spoilt.by = by
    },
  }
}

/** Every way in, for tests that each of them has to pass. */
export const waysIn: Readonly<Record<string, (t: Test) => Promise<WayIn>>> = {
  'by a webhook': byWebhook,
  'by polling with a token': t => byPolling(t, false),
  'by polling as an App': t => byPolling(t, true),
}
