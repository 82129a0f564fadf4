import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, request as ask } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'
import { createAuthority, kubeconfigOf } from '../../../src/sandbox/kubernetes/authority.ts'
import { directoryWith } from '../directory-with.ts'
import { alone, program, shell } from '../run-sower.ts'
import { whileWeLive } from '../while-we-live.ts'

const secret = 'webhook-secret-0123456789'
const sign = (body: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

/** A bot as a process, with a GitHub that answers its API only; ada may write, all others only read. */
export type AttackedBot = Readonly<{
  /** What the bot asked of GitHub: `METHOD /path`. */
  asked: readonly string[]
  log: readonly string[]
  /** Sends a signed delivery; resolves to the status. */
  deliver: (name: string, body: string, signature?: string) => Promise<number>
  comment: (id: number, login: string, body: string, pullRequest?: number) => Promise<number>
  /** Opens a connection and writes what is given; what comes back is thrown away. */
  open: (...parts: readonly string[]) => Socket
  /** A command of ada's is delivered and obeyed. */
  serves: () => Promise<void>
  /** The most memory that the process ever held, in MiB. */
  peak: () => number
  isAlive: () => boolean
}>

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 20))
}

/** Starts the built bot, with another GitHub where one is given; it ends with the test. */
export const startAttackedBot = async (
  t: Test,
  other?: Readonly<{ apiUrl: string; gitUrl: string; repositoryId: number }>,
): Promise<AttackedBot> => {
  const asked: string[] = []
  const gitHub = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? ''
    asked.push(`${request.method ?? ''} ${path}`)
    const permission = path.includes('/collaborators/ada/') ? 'write' : 'read'
    const answers: readonly (readonly [RegExp, unknown])[] = [
      [/^\/user$/, { login: 'sower[bot]', id: 1 }],
      [/\/permission$/, { permission }],
      [/^\/repos\/example\/ztp$/, { id: 4711 }],
      [/\/comments$/, request.method === 'GET' ? [] : { id: 1 }],
      [/\/comments\/\d+$/, { id: 1 }],
    ]
    request.resume().on('end', () => {
      const found = answers.find(([known]) => known.test(path))?.[1] ?? {}
      const status = request.method === 'POST' ? 201 : 200
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(found))
    })
  })
  await once(gitHub.listen(0, '127.0.0.1'), 'listening')
  const { port: apiPort } = gitHub.address() as AddressInfo
  const authority = await createAuthority({ name: 'hub' })
  const client = await authority.issueClient({ commonName: 'sower' })
  const directory = directoryWith(t, {
    kustomize: '#!/bin/sh\necho v5.7.1\n',
    token: 'token-of-the-bot',
    secret,
    hub: kubeconfigOf({ url: 'https://127.0.0.1:1', authority, client, name: 'hub' }),
  })
  const words = Object.entries({
    ...{ '--repository': 'example/ztp', '--listen': '127.0.0.1:0', '--poll-interval': '3600' },
    ...{ '--token-file': join(directory, 'token'), '--kubeconfig': join(directory, 'hub') },
    ...{ '--webhook-secret-file': join(directory, 'secret'), '--data': join(directory, 'data') },
    '--api-url': other?.apiUrl ?? `http://127.0.0.1:${apiPort}`,
    '--git-url': other?.gitUrl ?? 'http://127.0.0.1:1/a/b.git',
  }).flat()
  const environment = { ...shell(), SOWER_KUSTOMIZE: join(directory, 'kustomize') }
  const [file, ...rest] = whileWeLive(
    ...alone(environment, process.execPath, program, 'bot', ...words),
  )
  const child = spawn(file, rest, { detached: true, stdio: ['pipe', 'ignore', 'pipe'] })
  const shellId = child.pid ?? 0
  const log: string[] = []
  const state = { isAlive: true }
  child.once('close', () => (state.isAlive = false))
  t.teardown(async () => {
    if (state.isAlive) process.kill(-shellId, 'SIGKILL')
    await new Promise(resolve => {
      gitHub.close(resolve).closeAllConnections()
    })
  })
  createInterface({ input: child.stderr }).on('line', line => log.push(line))
  const addressIn = (line: string): string | undefined => /"address":"([^"]+)"/.exec(line)?.[1]
  await until(() => !state.isAlive || log.some(line => addressIn(line) !== undefined))
  const port = Number(log.map(addressIn).find(Boolean)?.split(':')[1])
  const children = readFileSync(`/proc/${shellId}/task/${shellId}/children`, 'utf8').split(' ')
  const botId = children.find(
    id => id !== '' && readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('\0bot\0'),
  )

  const deliver = (name: string, body: string, signature = sign(body)): Promise<number> =>
    new Promise(resolve => {
      const sent = ask({
        ...{ port, host: '127.0.0.1', method: 'POST', path: '/webhook' },
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'x-github-event': name,
          'x-hub-signature-256': signature,
        },
      })
      // A connection that ends without an answer is an answer, too.
      sent.on('error', () => {
        resolve(0)
      })
      sent.on('response', response => {
        response.resume().on('close', () => {
          resolve(response.statusCode ?? 0)
        })
      })
      sent.end(body)
    })
  const comment: AttackedBot['comment'] = (id, login, body, pullRequest = 7) =>
    deliver(
      'issue_comment',
      JSON.stringify({
        action: 'created',
        issue: { number: pullRequest, pull_request: {} },
        comment: { id, body },
        repository: { id: other ? other.repositoryId : 4711, full_name: 'example/ztp' },
        sender: { login, type: 'User' },
      }),
    )
  const served = { count: 0 }
  return {
    ...{ asked, log, deliver, comment },
    open: (...parts) => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined)
      socket.resume()
      for (const part of parts) socket.write(part)
      return socket
    },
    serves: async () => {
      served.count += 1
      const id = 1_000_000 + served.count
      const status = await comment(id, 'ada', '/seed help')
      if (status !== 202) throw new Error(`the delivery got ${status}`)
      const reaction = `POST /repos/example/ztp/issues/comments/${id}/reactions`
      await until(() => !state.isAlive || asked.includes(reaction))
    },
    peak: () => {
      const text = readFileSync(`/proc/${botId ?? ''}/status`, 'utf8')
      return Number(/VmHWM:\s+(\d+) kB/.exec(text)?.[1]) / 1024
    },
    isAlive: () => state.isAlive,
  }
}
