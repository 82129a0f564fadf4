import { EventEmitter, once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Octokit } from '@octokit/rest'
import { execa } from 'execa'
import type { Test } from 'tap'
import * as sandbox from '../../../src/sandbox/github/start-github.ts'

/** The people whom this GitHub knows. */
export const accounts: readonly sandbox.Account[] = [
  { login: 'alice', type: 'User', token: 'alice-token', permission: 'admin' },
  { login: 'rita', type: 'User', token: 'rita-token', permission: 'read' },
  { login: 'nora', type: 'User', token: 'nora-token', permission: 'none' },
  { login: 'sower[bot]', type: 'Bot', token: 'bot-token', permission: 'write' },
]
/** The repository, its first pull request, and the issue that it also is. */
export const repo = { owner: 'acme', repo: 'ztp' }
export const one = { ...repo, pull_number: 1 }
export const issue = { ...repo, issue_number: 1 }
/** The secret of the webhook. */
export const secret = 'It is a secret to everybody'
const nothing = (): void => undefined
/** Octokit's log, which says nothing. */
export const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }

/** A client of somebody's. */
export const octokitOf = (github: sandbox.GitHub, login: string, base = github.url): Octokit =>
  new Octokit({ baseUrl: base, auth: accounts.find(a => a.login === login)?.token, log: silent })

type Clone = Readonly<{
  git: (...words: string[]) => Promise<string>
  commit: (content: string, message: string) => Promise<string>
}>

/** A clone that someone works in; git gets the token as a Basic password. */
export const cloneOf = async (
  directory: string,
  github: sandbox.GitHub,
  token: string,
): Promise<Clone> => {
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  const header = `http.extraHeader=Authorization: Basic ${basic}`
  const PATH = process.env['PATH'] ?? ''
  const env = { PATH, HOME: directory, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' }
  await mkdir(directory, { recursive: true })
  const git = async (...words: string[]) => {
    const all = ['-c', header, '-c', 'user.name=Alice', '-c', 'user.email=a@b.c', ...words]
    return (await execa('git', all, { cwd: directory, extendEnv: false, env })).stdout
  }
  await git('init', '--quiet', '--initial-branch=main', '.')
  await git('remote', 'add', 'origin', github.gitUrl)
  const commit = async (content: string, message: string) => {
    await writeFile(`${directory}/a.yaml`, content)
    await git('add', 'a.yaml')
    await git('commit', '--quiet', '-m', message)
    return git('rev-parse', 'HEAD')
  }
  return { git, commit }
}

/** Makes the check that a request is refused with a status and a message. */
const refusal =
  (t: Test): Scene['no'] =>
  async (status: number, message: RegExp, asked: Promise<unknown>) => {
    const error = await asked.catch((reason: unknown) => reason)
    t.match(error, { name: 'HttpError', status, message }, message.source)
  }

const played: sandbox.GitHub[] = []
const sent: Hook[][] = []

/** Everything that was answered and sent in these scenes. */
export const playedSoFar = (): Readonly<{
  answers: readonly sandbox.RecordedRequest[]
  payloads: readonly Hook[]
}> => ({
  answers: played.flatMap(({ requests }) => requests).filter(({ path }) => !path.includes('.git/')),
  payloads: sent.flat(),
})

type Scene = Readonly<{
  github: sandbox.GitHub
  directory: string
  pushes: readonly sandbox.PushedCommit[]
  told: readonly string[]
  clone: Clone
  base: string
  head: string
  alice: Octokit
  bot: Octokit
  open: () => Promise<Awaited<ReturnType<Octokit['pulls']['create']>>['data']>
  no: (status: number, message: RegExp, asked: Promise<unknown>) => Promise<void>
}>

/** Main with one commit, and the branch `change` that is one ahead. */
export const start = async (t: Test, more: Partial<sandbox.GitHubOptions> = {}): Promise<Scene> => {
  const directory = t.testdir({})
  const pushes: sandbox.PushedCommit[] = []
  const told: string[] = []
  const github = await sandbox.startGitHub({
    directory: `${directory}/github`,
    repository: 'acme/ztp',
    accounts,
    tell: (_actor, message) => told.push(message),
    onPush: commits => pushes.push(...commits),
    ...more,
  })
  t.teardown(github.close)
  played.push(github)
  const clone = await cloneOf(`${directory}/clone`, github, 'alice-token')
  const base = await clone.commit('a: 1\n', 'first')
  await clone.git('push', '--quiet', 'origin', 'main')
  await clone.git('switch', '--quiet', '-c', 'change')
  const head = await clone.commit('a: 2\n', 'second\n\nSeed-Run: sno1')
  await clone.git('push', '--quiet', 'origin', 'change')
  const alice = octokitOf(github, 'alice')
  const bot = octokitOf(github, 'sower[bot]')
  const open = async () =>
    (await alice.pulls.create({ ...repo, title: 'Change a', head: 'change', base: 'main' })).data
  return { github, directory, pushes, told, clone, base, head, alice, bot, open, no: refusal(t) }
}

type Payload = { action?: string; before: string; after: string }
type Hook = { headers: IncomingHttpHeaders; body: string; name: string; json: Payload }

type Listening = Readonly<{
  received: readonly Hook[]
  answer: { status: number }
  wait: (name: string) => Promise<Hook>
}>

/** Somewhere for webhooks to go; the status it answers can be changed. */
export const listen = async (t: Test, github: sandbox.GitHub): Promise<Listening> => {
  const received: Hook[] = []
  sent.push(received)
  const answer = { status: 202 }
  const news = new EventEmitter()
  const server = createServer((request, response) => {
    void text(request).then(body => {
      const json = JSON.parse(body) as Payload
      const event = String(request.headers['x-github-event'])
      const name = json.action === undefined ? event : `${event}.${json.action}`
      received.push({ headers: request.headers, body, name, json })
      response.writeHead(answer.status).end()
      news.emit('hook')
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  const wait = async (name: string): Promise<Hook> => {
    const found = received.find(hook => hook.name === name)
    if (found) return found
    await once(news, 'hook')
    return wait(name)
  }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  github.setWebhook({ url, secret })
  return { received, answer, wait }
}
