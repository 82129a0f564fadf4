import { createHmac } from 'node:crypto'
import { request as ask, type IncomingHttpHeaders, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import type { Test } from 'tap'
import { createWebhookServer } from '../../../src/bot/webhook/create-webhook-server.ts'
import { webhookListener } from '../../../src/bot/webhook/webhook-listener.ts'
import type { Incoming } from '../../../src/operations/ports/inbox.ts'

export const secret = 'a secret of the webhook'
export const sign = (body: string, key = secret): string =>
  `sha256=${createHmac('sha256', key).update(body).digest('hex')}`

type Sent = Readonly<{
  method?: string
  path?: string
  headers?: IncomingHttpHeaders
  /** Several parts are sent chunked, without a length. */
  body?: string | readonly string[]
}>

type Limits = Readonly<{
  body?: Readonly<{ each: number; all: number }>
  server?: Readonly<{ connections: number; head: number; request: number }>
  repositoryId?: number
}>

type Raw = Readonly<{ socket: Socket; ended: Promise<string>; got: () => string }>
type Listening = Readonly<{
  accepted: Incoming[]
  refused: readonly string[]
  fails: { accept: boolean }
  send: (sent: Sent) => Promise<number>
  deliver: (name: string, payload: unknown, change?: Sent) => Promise<number>
  raw: (...parts: readonly string[]) => Raw
  server: Server
  port: number
}>

/** The listener behind a real server, and what it accepted. */
export const startListener = async (t: Test, limits: Limits = {}): Promise<Listening> => {
  const accepted: Incoming[] = []
  const refused: string[] = []
  const fails = { accept: false }
  const server = createWebhookServer(
    webhookListener({
      secret,
      repository: 'example/site',
      refused: reason => refused.push(reason),
      ...(limits.repositoryId === undefined
        ? {}
        : { repositoryId: () => limits.repositoryId ?? null }),
      ...(limits.body ? { limits: limits.body } : {}),
      accept: event => {
        if (fails.accept) throw new Error('the disk is full')
        accepted.push(event)
      },
    }),
    limits.server,
  )
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const send = ({ method = 'POST', path = '/webhook', headers = {}, body = '' }: Sent) =>
    new Promise<number>((resolve, reject) => {
      const parts = typeof body === 'string' ? [body] : body
      const length = typeof body === 'string' ? { 'content-length': Buffer.byteLength(body) } : {}
      const sent = ask({
        port,
        host: '127.0.0.1',
        method,
        path,
        headers: { ...length, ...headers },
      })
      let status = 0
      sent.on('response', response => {
        status = response.statusCode ?? 0
        response.resume().on('end', () => {
          resolve(status)
        })
      })
      // A refusal may close the connection before all of a long body is sent.
      sent.on('error', error => {
        if (status === 0) reject(error)
      })
      for (const part of parts) sent.write(part)
      sent.end()
    })
  const deliver = (name: string, payload: unknown, change: Sent = {}): Promise<number> => {
    const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
    const headers = {
      'content-type': 'application/json',
      'x-github-event': name,
      'x-hub-signature-256': sign(body),
      ...change.headers,
    }
    return send({ body, ...change, headers })
  }
  /** Writes bytes as they are, and resolves with all that comes back until the connection ends. */
  const raw = (...parts: readonly string[]) => {
    const socket = connect(port, '127.0.0.1')
    const got: Buffer[] = []
    socket.on('data', part => got.push(part)).on('error', () => undefined)
    for (const part of parts) socket.write(part)
    const ended = new Promise<string>(resolve =>
      socket.once('close', () => {
        resolve(Buffer.concat(got).toString())
      }),
    )
    return { socket, ended, got: () => Buffer.concat(got).toString() }
  }
  return { accepted, refused, fails, send, deliver, raw, server, port }
}

export const alice = { login: 'alice', type: 'User' }
export const repository = { full_name: 'example/site' }
export const labelled = {
  action: 'labeled',
  label: { name: 'seed' },
  pull_request: { number: 7, updated_at: '2026-11-22T10:00:00Z', head: { sha: 'abc' } },
  repository,
  sender: alice,
}
export const commented = {
  action: 'created',
  issue: { number: 7, pull_request: {} },
  comment: { id: 42, body: 'Please:\n\n/seed retry' },
  repository,
  sender: alice,
}
