import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createPlain, request, type RequestListener } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { connect, type AddressInfo } from 'node:net'
import type { Test } from 'tap'
import type { Authority } from '../../../src/sandbox/kubernetes/authority.ts'

export const password = 'p:canary'
export const pusher = { key: 'any', username: 'pusher', password }
export const basic = `Basic ${Buffer.from(`pusher:${password}`).toString('base64')}`
export const digestOf = (content: string): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`
export const present = (value: unknown): object => ({ seen: 'present', value })
export const unreachable = { seen: 'unknown', why: 'unreachable' }

export const config = JSON.stringify({
  config: {
    Labels: {
      'com.openshift.lifecycle-agent.seed_format_version': '4',
      'com.openshift.lifecycle-agent.seed_cluster_info': JSON.stringify({
        ...{ cluster_name: 'sno1', seed_cluster_ocp_version: '4.18.5' },
        ...{ has_proxy: true, has_fips: false },
      }),
    },
  },
})
export const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  config: { digest: digestOf(config) },
  layers: [],
})
export const seedImage = {
  digest: digestOf(manifest),
  format: '4',
  cluster: 'sno1',
  version: '4.18.5',
  hasProxy: true,
  hasFips: false,
}

export type Serve = (request: IncomingMessage, response: ServerResponse, url: URL) => void

const listen = async (t: Test, server: Server): Promise<number> => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** A server whose answers the test gives; it writes down what it was asked and with which credentials. */
export const startServer = async (
  t: Test,
  {
    authority,
    serve,
    hosts = ['127.0.0.1'],
  }: Readonly<{
    /** Null for one without TLS. */
    authority: Authority | null
    serve: Serve
    hosts?: readonly string[]
  }>,
): Promise<Readonly<{ host: string; port: number; asked: string[] }>> => {
  const asked: string[] = []
  const listener: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '', 'https://registry')
    asked.push(`${request.method ?? ''} ${url.pathname} ${request.headers.authorization ?? '-'}`)
    serve(request, response, url)
  }
  const issued = await authority?.issueServer({ hosts: [...hosts, 'localhost'] })
  const port = await listen(
    t,
    issued
      ? createServer({ cert: issued.certificate, key: issued.key }, listener)
      : createPlain(listener),
  )
  return { host: `127.0.0.1:${port}`, port, asked }
}

/** Answers as a registry with Basic and one image; a blob may be elsewhere. */
export const serveImage =
  (blobAt: (url: URL) => string | null = () => null): Serve =>
  (request, response, url) => {
    const elsewhere = url.pathname.includes('/blobs/sha256') ? blobAt(url) : null
    if (request.headers.authorization !== basic)
      response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end()
    else if (elsewhere !== null) response.writeHead(307, { location: elsewhere }).end()
    else if (request.method === 'POST')
      response.writeHead(202, { location: '/v2/ibu/sno1/blobs/uploads/1' }).end()
    else if (request.method === 'DELETE') response.writeHead(204).end()
    else if (url.pathname.includes('/blobs/')) response.end(config)
    else
      response
        .writeHead(200, { 'docker-content-digest': digestOf(manifest) })
        .end(request.method === 'HEAD' ? '' : manifest)
  }

/** A forward proxy: tunnels for names that the test places on this machine, and plain requests. */
export const startProxy = async (
  t: Test,
  {
    places,
    authority,
    status = 200,
  }: Readonly<{
    /** `host:port` as it is asked for, and the port here. */
    places: Readonly<Record<string, number>>
    authority: Authority | null
    /** What it answers to CONNECT. */
    status?: number
  }>,
): Promise<Readonly<{ host: string; asked: string[] }>> => {
  const asked: string[] = []
  const note = ({ method, url, headers }: IncomingMessage): void => {
    asked.push(`${method ?? ''} ${url ?? ''} ${headers['proxy-authorization'] ?? '-'}`)
  }
  const forward: RequestListener = (incoming, response) => {
    note(incoming)
    const { host, pathname } = new URL(incoming.url ?? '')
    const { headers } = incoming
    request({ host: '127.0.0.1', port: places[host], path: pathname, headers })
      .on('response', answer => {
        answer.pipe(response.writeHead(answer.statusCode ?? 0, answer.headers))
      })
      .end()
  }
  const issued = await authority?.issueServer({ hosts: ['127.0.0.1'] })
  const server = issued
    ? createServer({ cert: issued.certificate, key: issued.key }, forward)
    : createPlain(forward)
  server.on('connect', (incoming: IncomingMessage, client) => {
    note(incoming)
    const port = places[incoming.url ?? '']
    if (status !== 200 || port === undefined) {
      client.end(`HTTP/1.1 ${status === 200 ? 502 : status} No\r\n\r\n`)
      return
    }
    const there = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      there.pipe(client).pipe(there)
    })
    // A client that goes away leaves a reset behind.
    there.on('error', () => client.destroy())
    client.on('error', () => there.destroy())
    client.on('close', () => there.destroy())
  })
  const port = await listen(t, server)
  return { host: `127.0.0.1:${port}`, asked }
}
