import {
  request as plainRequest,
  type ClientRequest,
  type IncomingHttpHeaders,
  type RequestOptions,
} from 'node:http'
import { request as tlsRequest } from 'node:https'
import { isIP, type LookupFunction, type Socket } from 'node:net'
import { connect, type ConnectionOptions, type SecureContext } from 'node:tls'

const answerLimit = 4 * 1024 * 1024

/** One HTTP request. */
export type Call = Readonly<{
  url: URL
  method: string
  headers: Readonly<Record<string, string>>
  body: string
  /** With the certificate authorities that count; undefined for the built-in ones. */
  secureContext: SecureContext | undefined
  isVerified: boolean
  proxy: Readonly<{ url: URL; headers: Readonly<Record<string, string>> }> | null
  lookup: LookupFunction | undefined
  /** Milliseconds for everything, from the connection to the last byte. */
  timeLimit: number
}>

type Route = RequestOptions & Readonly<{ headers: Readonly<Record<string, string>> }>

export type Answer = Readonly<{
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  /** The IP address that answered; null behind a proxy. */
  address: string | null
}>

/** Asks once, over a connection of its own, and follows nothing. What it throws holds no credential. */
export const callOnce = async (call: Call): Promise<Answer> => {
  const signal = AbortSignal.timeout(call.timeLimit)
  try {
    const route = await routeOf(call, signal)
    const answer = await send({ method: call.method, signal, ...route }, call.body)
    // Behind a proxy it is the proxy's.
    return call.proxy === null ? answer : { ...answer, address: null }
  } catch (error) {
    throw signal.aborted ? new Error('timed out') : error
  }
}

/** Where to connect to and what to say there: directly, by way of a proxy, or in a tunnel through it. */
const routeOf = async (call: Call, signal: AbortSignal): Promise<Route> => {
  const { url, proxy, lookup } = call
  const headers = {
    ...call.headers,
    host: url.host,
    'content-length': String(Buffer.byteLength(call.body)),
  }
  if (proxy === null)
    return {
      ...addressOf(url),
      ...tlsOf(url, call),
      path: url.pathname + url.search,
      headers,
      agent: false,
      ...(lookup === undefined ? {} : { lookup }),
    }
  if (url.protocol === 'http:')
    return {
      ...addressOf(proxy.url),
      ...tlsOf(proxy.url, { ...call, isVerified: true }),
      path: url.href,
      headers: { ...headers, ...proxy.headers },
      agent: false,
    }
  const socket = await openTunnel(call, proxy, signal)
  const { host } = addressOf(url)
  const secured = connect({ ...tlsOf(url, call), socket, host })
  signal.addEventListener('abort', () => secured.destroy(), { once: true })
  await new Promise<void>((resolve, reject) => {
    secured.once('secureConnect', resolve).once('error', reject)
    secured.once('close', () => {
      reject(new Error('the proxy closed the connection'))
    })
  })
  return {
    ...addressOf(url),
    path: url.pathname + url.search,
    headers,
    createConnection: () => secured,
  }
}

const openTunnel = (
  call: Call,
  proxy: NonNullable<Call['proxy']>,
  signal: AbortSignal,
): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const { host, port } = addressOf(call.url)
    const target = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`
    begin({
      ...addressOf(proxy.url),
      ...tlsOf(proxy.url, { ...call, isVerified: true }),
      method: 'CONNECT',
      path: target,
      headers: { ...proxy.headers, host: target },
      agent: false,
      signal,
    })
      .on('connect', ({ statusCode = 0 }, socket) => {
        if (statusCode === 200) {
          resolve(socket)
          return
        }
        socket.destroy()
        reject(new Error(`the proxy answered ${statusCode}`))
      })
      .on('error', ({ message }) => {
        reject(new Error(`the proxy: ${message}`))
      })
      .end()
  })

const send = (options: Route, body: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const outgoing = begin(options)
    outgoing.on('response', incoming => {
      const parts: Buffer[] = []
      const address = incoming.socket.remoteAddress ?? null
      let size = 0
      incoming.on('data', (part: Buffer) => {
        size += part.length
        if (size > answerLimit) outgoing.destroy(new Error('the answer is too large'))
        else parts.push(part)
      })
      incoming.on('end', () => {
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(parts),
          address,
        })
      })
      incoming.on('error', reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })

/** Headers are set afterwards: with NODE_DEBUG node prints the options of a request, and these hold credentials. */
const begin = ({ headers, ...options }: Route): ClientRequest => {
  const outgoing = (options.protocol === 'https:' ? tlsRequest : plainRequest)(options)
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value)
  return outgoing
}

const addressOf = (url: URL): Readonly<{ protocol: string; host: string; port: number }> => ({
  protocol: url.protocol,
  host: url.hostname.replace(/^\[|\]$/g, ''),
  port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
})

const tlsOf = (
  url: URL,
  { secureContext, isVerified }: Call,
): Readonly<Pick<ConnectionOptions, 'secureContext' | 'rejectUnauthorized' | 'servername'>> => {
  const { host } = addressOf(url)
  return {
    ...(secureContext === undefined ? {} : { secureContext }),
    rejectUnauthorized: isVerified,
    // Without it node takes the name from the Host header, which is not the proxy's; an address is not a name.
    servername: isIP(host) ? '' : host,
  }
}
