import { once } from 'node:events'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { createAuthority } from '../../../src/sandbox/kubernetes/authority.ts'

/**
 * How a request goes wrong: an answer in place of the server's, which does not hear of it; a connection that is cut once the
 * server has obeyed; or an answer that stops in the middle for so many milliseconds.
 */
export type FrontTrouble =
  | Readonly<{ status: number; headers?: Readonly<Record<string, string>>; body?: string }>
  | 'cut'
  | Readonly<{ stops: number }>
export type FrontTroubleOf = (method: string, path: string) => FrontTrouble | null

/** A server with TLS, and a certificate of an authority of its own. */
export type TlsFront = Readonly<{
  url: string
  /** PEM */
  authority: string
  setTrouble: (troubleOf: FrontTroubleOf) => void
  /** Hears of each answer of the server. */
  onAnswer: (heard: (path: string, status: number) => void) => void
}>

/** Puts TLS in front of a server. It stops with the test. */
export const tlsFront = async (t: Test, server: string): Promise<TlsFront> => {
  const trouble: { of: FrontTroubleOf } = { of: () => null }
  let heard = (_path: string, _status: number): void => undefined
  const authority = await createAuthority({ name: 'private-ca' })
  const { certificate, key } = await authority.issueServer({ hosts: ['127.0.0.1'] })
  const front = createServer({ cert: certificate, key }, (incoming, outgoing) => {
    const { method = 'GET', url: path = '/', headers } = incoming
    const how = trouble.of(method, path)
    if (how !== null && how !== 'cut' && 'status' in how) {
      incoming.resume().on('end', () => {
        outgoing.writeHead(how.status, { 'content-type': 'application/json', ...how.headers })
        outgoing.end(how.body ?? '{"message":"no"}')
      })
      return
    }
    const behind = request(new URL(path, server), { method, headers, agent: false }, answer => {
      heard(path, answer.statusCode ?? 502)
      if (how === 'cut') {
        answer.resume().on('end', () => outgoing.destroy())
        return
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      if (how === null) answer.pipe(outgoing)
      else {
        outgoing.flushHeaders()
        setTimeout(() => answer.pipe(outgoing), how.stops)
      }
    })
    behind.on('error', () => outgoing.destroy())
    incoming.pipe(behind)
  }).listen(0, '127.0.0.1')
  await once(front, 'listening')
  t.teardown(() => {
    front.closeAllConnections()
    front.close()
  })
  const { port } = front.address() as AddressInfo
  return {
    url: `https://127.0.0.1:${port}`,
    authority: authority.certificate,
    setTrouble: troubleOf => {
      trouble.of = troubleOf
    },
    onAnswer: told => {
      heard = told
    },
  }
}
