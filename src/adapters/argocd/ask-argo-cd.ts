import { request as plainRequest } from 'node:http'
import { request } from 'node:https'
import type { SecureContext } from 'node:tls'

/** One call of Argo CD's API. */
export type Call = Readonly<{
  url: URL
  token: string
  /** Sent as JSON with POST; without it the call is a GET. */
  body?: unknown
  /** Whom the certificate has to be from; undefined: the authorities that Node knows. */
  secureContext: SecureContext | undefined
}>

const timeLimit = 20_000
/** A sync is answered with the whole Application, of which etcd takes 1.5 MiB. */
const mostBytes = 4 * 1024 * 1024

/** Asks once, follows no redirect, and resolves to the status and the text. Rejects where there is no whole answer. */
export const askArgoCd = ({
  url,
  token,
  body,
  secureContext,
}: Call): Promise<Readonly<{ status: number; text: string }>> =>
  new Promise((resolve, reject) => {
    const start = url.protocol === 'http:' ? plainRequest : request
    const call = start(
      url,
      {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        // Node keeps connections without regard to whom they trust.
        agent: false,
        signal: AbortSignal.timeout(timeLimit),
        ...(secureContext ? { secureContext } : {}),
      },
      response => {
        const chunks: Buffer[] = []
        let size = 0
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          size += chunk.length
          if (size > mostBytes) response.destroy(new Error('the answer is too large'))
        })
        response.on('error', reject)
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() })
        })
      },
    )
    call.on('error', reject)
    call.end(body === undefined ? undefined : JSON.stringify(body))
  })
