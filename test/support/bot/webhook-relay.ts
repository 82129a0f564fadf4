import { once } from 'node:events'
import { createServer, request, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'

/** The fates of deliveries: one after the other has each of them, and the next one comes as it should. */
const fates = ['lost', 'twice', 'late', 'overtaken', 'in peace'] as const
type Fate = (typeof fates)[number]

/**
 * Starts a way from GitHub to a webhook on which deliveries are lost, doubled, late and overtaken; counts each. It stops with
 * the test.
 */
export const webhookRelay = async (
  t: Test,
  webhook: string,
  happened: Map<string, number>,
): Promise<Readonly<{ url: string }>> => {
  const held: (() => void)[] = []
  const timers = new Set<NodeJS.Timeout>()
  let number = 0
  const pass = (headers: IncomingHttpHeaders, body: Buffer): void => {
    const sent = request(webhook, { method: 'POST', headers, agent: false }, answer => {
      answer.resume()
    })
    // Nobody listens: it is lost.
    sent.on('error', () => undefined)
    sent.end(body)
  }
  const meet = (fate: Fate, go: () => void): void => {
    if (fate === 'lost') return
    if (fate === 'overtaken') {
      held.push(go)
      return
    }
    if (fate === 'late') {
      timers.add(setTimeout(go, 3000))
      return
    }
    go()
    if (fate === 'twice') go()
    for (const overtaken of held.splice(0)) overtaken()
  }
  const server = createServer((incoming, outgoing) => {
    void buffer(incoming).then(body => {
      outgoing.writeHead(202).end()
      const fate = fates[number % fates.length] ?? 'lost'
      number += 1
      happened.set(`webhook ${fate}`, (happened.get(`webhook ${fate}`) ?? 0) + 1)
      meet(fate, () => {
        pass(incoming.headers, body)
      })
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    timers.forEach(clearTimeout)
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/webhook` }
}
