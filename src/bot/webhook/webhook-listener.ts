import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Incoming } from '../../operations/ports/inbox.ts'
import { createBodyReader, type Body, type BodyLimits } from './create-body-reader.ts'
import { readEvent, type Event } from './read-event.ts'

export type WebhookOptions = Readonly<{
  secret: string
  /** owner/name: the repository, as long as its number is not known. */
  repository: string
  /** The number that GitHub knows it by, whatever it is called; null: not known yet. */
  repositoryId?: () => number | null
  /** True if this bot acts, and not another one that GitHub should reach instead; without it, it does. */
  isActing?: () => boolean
  /** Keeps the event; after it returns GitHub hears "accepted". */
  accept: (event: Incoming) => void
  /** Hears why a delivery was refused that may be GitHub's own: how the webhook is set up is wrong. */
  refused?: (reason: string) => void
  /** GitHub sends up to 25 MB; the events that Sower reads are far smaller. */
  limits?: BodyLimits
}>

const standardLimits: BodyLimits = { each: 2 * 1024 * 1024, all: 16 * 1024 * 1024 }
const json = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i

/**
 * Answers `POST /webhook`: without a signature nothing is read, the signature is checked over the bytes as they came
 * before anything is parsed, then what matters is kept and 202 is said. `GET /healthz` says that the process is alive.
 */
export const webhookListener = (options: WebhookOptions): RequestListener => {
  const readBody = createBodyReader(options.limits ?? standardLimits)
  return (request, response) => {
    answer(options, request, readBody)
      .catch(() => 500)
      .then(status => {
        end(request, response, status)
      })
      .catch(() => {
        response.destroy()
      })
  }
}

const longestFarewell = 1000

/** Answers. A sender that is not done yet has the answer at once, and a moment to read it before the connection ends. */
const end = (request: IncomingMessage, response: ServerResponse, status: number): void => {
  const text = status < 300 ? 'ok\n' : 'refused\n'
  response.writeHead(status, {
    ...{ 'content-type': 'text/plain', 'content-length': text.length, connection: 'close' },
  })
  response.write(text)
  const finish = (): void => {
    clearTimeout(timer)
    response.end()
  }
  const timer = setTimeout(finish, longestFarewell)
  if (request.complete) finish()
  else request.once('end', finish).once('close', finish).resume()
}

const answer = async (
  options: WebhookOptions,
  request: IncomingMessage,
  readBody: (request: IncomingMessage) => Promise<Body>,
): Promise<number> => {
  const path = request.url?.split('?')[0]
  if (path === '/healthz') return request.method === 'GET' ? 200 : 405
  if (path !== '/webhook') return 404
  if (request.method !== 'POST') return 405
  const refused = options.refused ?? (() => undefined)
  if (!json.test(request.headers['content-type'] ?? '')) {
    refused(
      'a delivery was no JSON: choose the content type application/json in the webhook on GitHub',
    )
    return 415
  }
  // GitHub shows the delivery as failed; the one that acts does not wait for it.
  if (options.isActing?.() === false) return 503
  const header = request.headers['x-hub-signature-256']
  const signature = /^sha256=([0-9a-f]{64})$/.exec(typeof header === 'string' ? header : '')?.[1]
  if (signature === undefined) return 401
  const body = await readBody(request)
  if (typeof body === 'number') return body
  // The signature of nothing proves nothing.
  if (body.length === 0 || !isSigned(options.secret, body, signature)) {
    refused(
      'the signature of a delivery is wrong: give the webhook on GitHub the secret of --webhook-secret-file',
    )
    return 401
  }
  const event = readEvent(request.headers['x-github-event'], parseJson(body.toString('utf8')))
  // A bot orders nothing, but a merge queue merges: a look that follows believes nothing of what it said.
  const counts = event !== undefined && (!event.isBot || event.incoming.kind === 'wake')
  if (counts && isOurs(options, event)) options.accept(event.incoming)
  return 202
}

const isSigned = (secret: string, body: Buffer, signature: string): boolean =>
  timingSafeEqual(createHmac('sha256', secret).update(body).digest(), Buffer.from(signature, 'hex'))

/** Another repository may get our name once ours is called something else; the number stays with ours. */
const isOurs = (options: WebhookOptions, { repository }: Event): boolean => {
  const id = options.repositoryId?.() ?? null
  return id === null
    ? repository.full_name.toLowerCase() === options.repository.toLowerCase()
    : repository.id === id
}

const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
