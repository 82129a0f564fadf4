import { once } from 'node:events'
import { createServer, request, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from 'tap'

/** Brings a delivery to the bot, and resolves to its answer; 502 without one. */
type Deliver = () => Promise<number>

/**
 * Starts a relay between GitHub and the bot's webhook, which is no good one: it takes every delivery, loses one in four,
 * brings each other one twice, and late, so that they overtake one another. It stops with the test.
 */
export const webhookRelay = async (
  t: Test,
  bot: string,
): Promise<Readonly<{ url: string; seen: () => number }>> => {
  let seen = 0
  const server = createServer((incoming, answer) => {
    void buffer(incoming).then(body => {
      answer.writeHead(202).end()
      seen += 1
      const deliver = deliveryOf(bot, incoming.headers, body)
      if (seen % 4 === 0) return
      for (const late of [(seen % 3) * 1500, 2000 + (seen % 2) * 2500])
        void pause(late, undefined, { ref: false }).then(deliver)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/webhook`, seen: () => seen }
}

const deliveryOf =
  (bot: string, headers: IncomingHttpHeaders, body: Buffer): Deliver =>
  () =>
    new Promise(resolve => {
      request(bot, { method: 'POST', headers, agent: false }, answer => {
        answer.resume().on('end', () => {
          resolve(answer.statusCode ?? 502)
        })
      })
        .on('error', () => {
          resolve(502)
        })
        .end(body)
    })
