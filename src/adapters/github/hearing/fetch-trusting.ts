import { Agent, request } from 'node:https'
import { createSecureContext, rootCertificates } from 'node:tls'

/** One call as octokit makes it. */
export type Asked = Readonly<{
  method: string
  headers: Readonly<Record<string, string>>
  body?: string
  signal: AbortSignal
}>

/** Calls an address, follows nothing, and resolves to the whole answer. Rejects with the system's or OpenSSL's error. */
type Fetch = (url: string, asked: Asked) => Promise<Response>

const mostBytes = 64 * 1024 * 1024

/**
 * Creates a `fetch` for octokit that trusts an authority (PEM) beside the built-in ones: Node's own takes one only when
 * the process starts. Reads share connections; a write has one of its own, since its result is unknown where the server
 * has just closed a kept one. No session is resumed, since neither side looks at the certificate then.
 */
export const fetchTrusting = (authority: string): Fetch => {
  const secureContext = createSecureContext({ ca: [...rootCertificates, authority] })
  const reads = new Agent({ secureContext, keepAlive: true, maxCachedSessions: 0 })
  return (url, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const through = method === 'GET' ? { agent: reads } : { agent: false, secureContext }
      const outgoing = request(url, { method, headers, signal, ...through }, incoming => {
        const parts: Buffer[] = []
        let size = 0
        incoming.on('data', (part: Buffer) => {
          size += part.length
          if (size > mostBytes) outgoing.destroy(new Error('the answer is too large'))
          else parts.push(part)
        })
        incoming.on('error', reject)
        incoming.on('end', () => {
          const status = incoming.statusCode ?? 0
          const fields = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
            values.map((value): [string, string] => [name, value]),
          )
          // A Response of such a status takes no body, not even an empty one.
          const content = withoutBody.has(status) ? null : Buffer.concat(parts)
          resolve(new Response(content, { status, headers: fields }))
        })
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
}

const withoutBody: ReadonlySet<number> = new Set([204, 205, 304])
