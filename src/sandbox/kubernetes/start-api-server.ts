import { randomBytes } from 'node:crypto'
import { createServer } from 'node:https'
import { TLSSocket } from 'node:tls'
import { text } from 'node:stream/consumers'
import { listenAgain } from './listen-again.ts'
import { kubeconfigOf } from './authority.ts'
import { handleRequest } from './requests/handle-request.ts'
import { ApiError } from './api-error.ts'
import { statusOf } from './status-error.ts'
import { sendSlowly } from '../send-slowly.ts'
import { createHistory, watchObjects } from './requests/watch-objects.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Authority } from './authority.ts'
import type { User } from './authorize.ts'
import type { Answer, Api } from './requests/handle-request.ts'
import type { History } from './requests/watch-objects.ts'

/** One request that was served: who did what, and how it went. */
export type ServedRequest = Readonly<{ user: string; verb: string; path: string; status: number }>

/**
 * Things that happen to a request in place of its answer: `lost`: the connection is closed before it is obeyed, `cut`: after; `slow`: the
 * second half of the answer comes late; an error: it is refused.
 */
export type ApiTrouble = 'lost' | 'cut' | 'slow' | ApiError

/** Chooses a trouble for a request, or null for the real answer. */
export type ApiTroubleOf = (
  request: Readonly<{ user: string; method: string; path: string; isWatch: boolean }>,
) => ApiTrouble | null

/** A running API server of a simulated cluster. */
export type ApiServer = Readonly<{
  url: string
  /** A kubeconfig with a new client certificate for a user. */
  kubeconfig: (commonName: string) => Promise<string>
  /** A new token of a user, as of a service account; the tokens before it end. */
  newToken: (user: string) => string
  /** Ends all tokens, as new keys of the cluster do. */
  endTokens: () => void
  /** False refuses connections and cuts those there are; true listens on the same port again, and knows no event of before. */
  setAvailable: (available: boolean) => Promise<void>
  /** Plays troubles from now on; null: it answers again. */
  setTrouble: (troubleOf: ApiTroubleOf | null) => void
  /** Ends all watches and forgets the events of before, as an API server does that is started again. Returns how many it ended. */
  endWatches: () => number
  requests: readonly ServedRequest[]
  close: () => Promise<void>
}>

const unauthorized = new ApiError(401, 'Unauthorized', 'Unauthorized')

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

// The user is that of the token, else the CN of a certificate that the cluster's own authority has signed.
const userOf = (
  { socket, headers }: IncomingMessage,
  tokens: ReadonlyMap<string, string>,
): User | undefined => {
  if (headers.authorization !== undefined) {
    const owner = tokens.get(headers.authorization)
    return owner === undefined ? undefined : { name: owner, groups: [] }
  }
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
  const { CN, O: organizations } = socket.getPeerCertificate().subject
  const [name] = listOf(CN)
  return name === undefined ? undefined : { name, groups: listOf(organizations) }
}

const toError = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError(500, 'InternalError', String(error))

const send = async (
  response: ServerResponse,
  answer: Exclude<Answer, { is: 'watch' }>,
  isSlow = false,
): Promise<void> => {
  const isText = answer.is === 'text'
  response.writeHead(answer.code, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
  })
  const body = isText ? answer.body : JSON.stringify(answer.body)
  if (isSlow) await sendSlowly(response, Buffer.from(body))
  else response.end(body)
}

const stream = (
  { store }: Api,
  history: History,
  response: ServerResponse,
  { target, query }: Readonly<{ target: Answer & { is: 'watch' }; query: URLSearchParams }>,
): void => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.flushHeaders()
  const stop = watchObjects({
    store,
    history,
    target: target.target,
    query,
    send: line => response.write(`${JSON.stringify(line)}\n`),
    end: () => response.end(),
  })
  response.on('close', stop)
}

/** Starts the API server of a cluster on 127.0.0.1; clients come with certificates of the authority. */
export const startApiServer = async (
  options: Api & Readonly<{ authority: Authority; port?: number }>,
): Promise<ApiServer> => {
  const { authority } = options
  const history = createHistory(options.store)
  const requests: ServedRequest[] = []
  const tokens = new Map<string, string>()
  const trouble: { of: ApiTroubleOf | null } = { of: null }
  const watching = new Set<ServerResponse>()

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET' } = request
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'https://api')
    const user = userOf(request, tokens)
    const record = (verb: string, status: number): void => {
      requests.push({ user: user?.name ?? '', verb, path: pathname, status })
    }
    try {
      if (!user) throw unauthorized
      const isWatch = query.has('watch')
      const met = trouble.of?.({ user: user.name, method, path: pathname, isWatch }) ?? null
      if (met instanceof ApiError) throw met
      if (met === 'lost') {
        record(method.toLowerCase(), 0)
        response.destroy()
        return
      }
      const answer = handleRequest(options, {
        user,
        method,
        path: pathname.replace(/(.)\/$/, '$1'),
        query,
        contentType: request.headers['content-type'] ?? '',
        userAgent: request.headers['user-agent'] ?? '',
        body: await text(request),
      })
      record(answer.verb, answer.is === 'watch' ? 200 : answer.code)
      if (met === 'cut') response.destroy()
      else if (answer.is === 'watch') {
        watching.add(response)
        response.on('close', () => watching.delete(response))
        stream(options, history, response, { target: answer, query })
      } else await send(response, answer, met === 'slow')
    } catch (thrown) {
      const error = toError(thrown)
      record(method.toLowerCase(), error.status)
      if (response.headersSent) response.destroy()
      else await send(response, { is: 'json', verb: '', code: error.status, body: statusOf(error) })
    }
  }

  const { certificate, key } = await authority.issueServer({ hosts: ['127.0.0.1', 'localhost'] })
  const server = createServer(
    {
      cert: certificate,
      key,
      ca: authority.certificate,
      requestCert: true,
      // A client without a certificate is answered 401, not refused by TLS.
      rejectUnauthorized: false,
      // Node's five seconds would cut connections that clients keep for their next request.
      keepAliveTimeout: 120_000,
    },
    (request, response) => void serve(request, response),
  )
  const listener = await listenAgain(server, options.port ?? 0)
  const url = `https://127.0.0.1:${listener.port}`
  return {
    url,
    kubeconfig: async commonName =>
      kubeconfigOf({
        url,
        authority,
        client: await authority.issueClient({ commonName }),
        name: 'sandbox',
      }),
    newToken: user => {
      for (const [token, owner] of tokens) if (owner === user) tokens.delete(token)
      const token = randomBytes(24).toString('base64url')
      tokens.set(`Bearer ${token}`, user)
      return token
    },
    endTokens: () => {
      tokens.clear()
    },
    setAvailable: async available => {
      if (available) history.forget()
      await listener.setListening(available)
    },
    setTrouble: troubleOf => {
      trouble.of = troubleOf
    },
    endWatches: () => {
      history.forget()
      const { size } = watching
      for (const response of watching) response.destroy()
      return size
    },
    requests,
    close: () => listener.setListening(false),
  }
}
