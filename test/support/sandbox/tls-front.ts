import { once } from 'node:events'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { createAuthority } from '../../../src/sandbox/kubernetes/authority.ts'

/** Puts TLS, with a certificate of an authority of its own, in front of a server. It stops with the test. */
export const tlsFront = async (
  t: Test,
  server: string,
): Promise<Readonly<{ url: string; authority: string }>> => {
  const authority = await createAuthority({ name: 'private-ca' })
  const { certificate, key } = await authority.issueServer({ hosts: ['127.0.0.1'] })
  const front = createServer({ cert: certificate, key }, (incoming, outgoing) => {
    const { method, url: path = '/', headers } = incoming
    const behind = request(new URL(path, server), { method, headers, agent: false }, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
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
  return { url: `https://127.0.0.1:${port}`, authority: authority.certificate }
}
