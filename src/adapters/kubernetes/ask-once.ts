import { request as plainRequest, type IncomingMessage } from 'node:http'
import { request as secureRequest } from 'node:https'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { ResponseContext, type RequestContext } from '@kubernetes/client-node'
import { tooLarge } from './seen-from.ts'

/** The most bytes of an answer, unpacked: the SeedRuns, Applications or objects of a large hub are less. */
const mostBytes = 64 * 1024 * 1024

/**
 * Makes one call of the client as it is, and resolves to the whole answer. It follows no redirect: another host would see
 * the token, and its 404 would count as the cluster's. Rejects where there is no whole answer, or one of more than
 * `largest` bytes, so that an API server cannot fill the memory; the client's own transport reads any.
 */
export const askOnce = (request: RequestContext, largest = mostBytes): Promise<ResponseContext> =>
  new Promise((resolve, reject) => {
    const url = new URL(request.getUrl())
    const body = request.getBody()
    if (body !== undefined && typeof body !== 'string') {
      reject(new Error('a call of an API server takes text only'))
      return
    }
    const agent = request.getAgent()
    const signal = request.getSignal()
    const outgoing = (url.protocol === 'http:' ? plainRequest : secureRequest)(
      url,
      {
        method: request.getHttpMethod().toString(),
        headers: {
          'accept-encoding': 'gzip',
          ...request.getHeaders(),
          // Node sends none with a DELETE.
          ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        },
        ...(agent ? { agent } : {}),
        ...(signal ? { signal } : {}),
      },
      incoming => {
        readWhole(unpacked(incoming), largest).then(
          content => {
            resolve(answerOf(incoming, content))
          },
          (cause: unknown) => {
            outgoing.destroy()
            reject(cause instanceof Error ? cause : new Error('the answer broke off', { cause }))
          },
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })

const unpacked = (incoming: IncomingMessage): Readable =>
  incoming.headers['content-encoding'] === 'gzip'
    ? // An error of either comes where it is read.
      pipeline(incoming, createGunzip(), () => undefined)
    : incoming

const readWhole = async (body: AsyncIterable<Buffer>, largest: number): Promise<Buffer> => {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > largest) throw new Error(tooLarge)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const answerOf = (incoming: IncomingMessage, content: Buffer): ResponseContext => {
  const headers: Record<string, string> = {}
  for (const [name, values = []] of Object.entries(incoming.headersDistinct))
    headers[name] = values.join(', ')
  return new ResponseContext(incoming.statusCode ?? 0, headers, {
    text: () => Promise.resolve(content.toString()),
    binary: () => Promise.resolve(content),
  })
}
