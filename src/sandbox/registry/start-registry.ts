import { createServer } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { listenAgain } from '../kubernetes/listen-again.ts'
import { handleRegistryRequest } from './handle-registry-request.ts'
import { bodyOf, RegistryError } from './registry-error.ts'
import { createRegistryStore } from './create-registry-store.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Authority } from '../kubernetes/authority.ts'
import type { Tell } from '../world.ts'
import type { Account } from './authenticate.ts'
import type { Registry, RegistryAnswer } from './handle-registry-request.ts'

/** Chooses the error that a request is refused with, or null for the real answer. */
export type RegistryTroubleOf = (
  request: Readonly<{ method: string; path: string }>,
) => RegistryError | null

/** A running registry. */
export type RegistryServer = Readonly<{
  /** `127.0.0.1:PORT`, as it stands in an image reference. */
  host: string
  /** PEM of the certificate authority that clients must trust. */
  certificateAuthority: string
  /** Refuses what `troubleOf` gives an error for, from now on; null: it answers again. */
  setTrouble: (troubleOf: RegistryTroubleOf | null) => void
  close: () => Promise<void>
}>

type Troubled = { of: RegistryTroubleOf | null }

const answerTo = async (
  registry: Registry,
  request: IncomingMessage,
  trouble: Troubled,
): Promise<RegistryAnswer> => {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'https://registry')
  const { headers } = request
  // The body is read before anything is refused: a client that is still sending would see a reset.
  const body = await buffer(request)
  const met = trouble.of?.({ method: request.method ?? 'GET', path: pathname })
  if (met) throw met
  return handleRegistryRequest(registry, {
    method: request.method ?? 'GET',
    path: decodeURIComponent(pathname),
    query,
    authorization: headers.authorization,
    contentType: headers['content-type'] ?? 'application/octet-stream',
    contentRange: headers['content-range'],
    body,
  })
}

const refuse = (thrown: unknown): RegistryAnswer => {
  const error =
    thrown instanceof RegistryError ? thrown : new RegistryError(500, 'UNKNOWN', String(thrown))
  return {
    status: error.status,
    headers: {
      'content-type': 'application/json',
      ...(error.status === 401 ? { 'www-authenticate': 'Basic realm="sandbox registry"' } : {}),
    },
    body: Buffer.from(bodyOf(error)),
  }
}

const serve = async (
  registry: Registry,
  request: IncomingMessage,
  response: ServerResponse,
  trouble: Troubled,
): Promise<void> => {
  const { status, headers, body } = await answerTo(registry, request, trouble).catch(refuse)
  response.writeHead(status, {
    'docker-distribution-api-version': 'registry/2.0',
    ...(status === 204 ? {} : { 'content-length': body.length }),
    ...headers,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** Starts an OCI distribution registry with basic authentication on 127.0.0.1; it keeps images in memory. */
export const startRegistry = async (
  options: Readonly<{ authority: Authority; accounts: readonly Account[]; tell: Tell }>,
): Promise<RegistryServer> => {
  const { authority, accounts, tell } = options
  const registry: Registry = { accounts, tell, store: createRegistryStore() }
  const trouble: Troubled = { of: null }
  const { certificate, key } = await authority.issueServer({ hosts: ['127.0.0.1', 'localhost'] })
  const server = createServer(
    { cert: certificate, key, keepAliveTimeout: 120_000 },
    (request, response) => void serve(registry, request, response, trouble),
  )
  const listener = await listenAgain(server, 0)
  return {
    host: `127.0.0.1:${listener.port}`,
    certificateAuthority: authority.certificate,
    setTrouble: troubleOf => {
      trouble.of = troubleOf
    },
    close: () => listener.setListening(false),
  }
}
