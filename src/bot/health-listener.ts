import type { RequestListener } from 'node:http'

/** The bot's health, as it reports it. */
export type Health = Readonly<{
  /** Since when no turn of its loop has come to an end, in milliseconds. */
  silentFor: () => number
  /** Everything that it waits for before it can take an order; empty when it can. */
  missing: () => readonly string[]
}>

/** A turn may wait for every outside system once; a loop that is silent for longer is stuck. */
const longestTurn = 20 * 60_000

/**
 * Answers the kubelet: `GET /healthz` fails once the loop is stuck, so that the process is started again; `GET
 * /readyz` says what is missing, so that GitHub's deliveries reach a bot that can take them.
 */
export const healthListener =
  ({ silentFor, missing }: Health): RequestListener =>
  (request, response) => {
    const answer = (status: number, text: string): void => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
    }
    if (request.method !== 'GET') answer(405, 'refused')
    else if (request.url === '/healthz')
      if (silentFor() > longestTurn) answer(500, 'the loop is stuck')
      else answer(200, 'ok')
    else if (request.url === '/readyz')
      if (missing().length > 0) answer(503, missing().join('\n'))
      else answer(200, 'ok')
    else answer(404, 'not found')
  }
