import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { verify } from '@octokit/webhooks-methods'
import { z } from 'zod'
import { commandText } from '../core/command/command-text.ts'
import type { Incoming } from '../operations/ports/inbox.ts'

export type WebhookOptions = Readonly<{
  secret: string
  /** owner/name: events of other repositories are dropped. */
  repository: string
  /** Keeps the event; after it returns GitHub hears "accepted". */
  accept: (event: Incoming) => void
}>

/** GitHub sends up to 25 MB; the events that Sower reads are far smaller. */
const longestBody = 2 * 1024 * 1024

const sender = z.looseObject({ login: z.string(), type: z.string() })
const repository = z.looseObject({ full_name: z.string() })
const labelled = z.looseObject({
  action: z.literal('labeled'),
  label: z.looseObject({ name: z.literal('seed') }),
  pull_request: z.looseObject({
    number: z.number(),
    updated_at: z.string(),
    head: z.looseObject({ sha: z.string() }),
  }),
  repository,
  sender,
})
const pullRequest = z.looseObject({
  action: z.string(),
  pull_request: z.looseObject({ number: z.number() }),
  repository,
  sender,
})
const comment = z.looseObject({
  // An edited comment is not what was shown when it was written, so only new ones count.
  action: z.literal('created'),
  issue: z.looseObject({ number: z.number(), pull_request: z.looseObject({}) }),
  comment: z.looseObject({ id: z.number(), body: z.string() }),
  repository,
  sender,
})

/**
 * Answers `POST /webhook`: the signature is checked over the raw body before anything is parsed, then what
 * matters is kept and 202 is said. `GET /healthz` says that the process is alive.
 */
export const webhookListener =
  (options: WebhookOptions): RequestListener =>
  (request, response) => {
    answer(options, request)
      .catch(() => 500)
      .then(
        status => {
          end(response, status)
        },
        () => undefined,
      )
  }

const end = (response: ServerResponse, status: number): void => {
  response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' })
  response.end(status < 300 ? 'ok\n' : 'refused\n')
}

const answer = async (options: WebhookOptions, request: IncomingMessage): Promise<number> => {
  const path = request.url?.split('?')[0]
  if (path === '/healthz') return request.method === 'GET' ? 200 : 405
  if (path !== '/webhook') return 404
  if (request.method !== 'POST') return 405
  if (!request.headers['content-type']?.startsWith('application/json')) return 415
  const body = await readBody(request)
  if (body === null) return 413
  const signature = request.headers['x-hub-signature-256']
  if (typeof signature !== 'string' || !/^sha256=[0-9a-f]{64}$/.test(signature)) return 401
  // The signature of nothing proves nothing, and verify() throws on it.
  if (body === '' || !(await verify(options.secret, body, signature))) return 401

  const event = readEvent(request.headers['x-github-event'], parseJson(body))
  if (!event || event.repository.toLowerCase() !== options.repository.toLowerCase()) return 202
  if (event.isBot) return 202
  options.accept(event.incoming)
  return 202
}

const readBody = async (request: IncomingMessage): Promise<string | null> => {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    const bytes = Buffer.isBuffer(part) ? part : Buffer.from(String(part))
    size += bytes.length
    if (size > longestBody) return null
    parts.push(bytes)
  }
  return Buffer.concat(parts).toString('utf8')
}

const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

type Event = Readonly<{ incoming: Incoming; repository: string; isBot: boolean }>

const readEvent = (name: unknown, payload: unknown): Event | undefined => {
  if (name === 'pull_request') {
    const label = labelled.safeParse(payload)
    if (label.success) {
      const { pull_request, sender: by, repository: of } = label.data
      const { number, head, updated_at: at } = pull_request
      return {
        incoming: {
          kind: 'label',
          // The same label set again later is another request.
          key: `#${number}/label/${head.sha}/${at}`,
          pullRequest: number,
          headSha: head.sha,
          sender: by.login,
        },
        repository: of.full_name,
        isBot: by.type === 'Bot',
      }
    }
    const other = pullRequest.safeParse(payload)
    if (!other.success) return undefined
    const { pull_request, sender: by, repository: of } = other.data
    return {
      // A wake carries nothing that is believed, so each may come again.
      incoming: {
        kind: 'wake',
        key: `#${pull_request.number}/wake/${Date.now()}`,
        pullRequest: pull_request.number,
        sender: by.login,
      },
      repository: of.full_name,
      isBot: by.type === 'Bot',
    }
  }
  const written = name === 'issue_comment' ? comment.safeParse(payload) : undefined
  if (!written?.success) return undefined
  const { issue, comment: text, sender: by, repository: of } = written.data
  const body = commandText(text.body)
  if (body === null) return undefined
  return {
    incoming: {
      kind: 'comment',
      key: `#${issue.number}/comment/${text.id}`,
      pullRequest: issue.number,
      commentId: text.id,
      body,
      sender: by.login,
    },
    repository: of.full_name,
    isBot: by.type === 'Bot',
  }
}
