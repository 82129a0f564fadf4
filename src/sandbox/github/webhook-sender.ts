import { createHmac, randomUUID } from 'node:crypto'
import { request } from 'node:http'

/** Where events go, and the key that signs them. */
export type Webhook = Readonly<{ url: string; secret: string }>

/** One attempt to deliver an event; `status` is 502 without an answer and 504 when it came too late. */
export type Delivery = Readonly<{
  id: string
  /** X-GitHub-Delivery: the same for the first delivery and all redeliveries. */
  guid: string
  event: string
  action: string | null
  status: number
  isRedelivery: boolean
}>

/** One webhook at a time, and the log of what was sent to it. */
export type WebhookSender = Readonly<{
  set: (webhook: Webhook | null, ping: Readonly<Record<string, unknown>>) => void
  send: (event: string, payload: Readonly<{ action?: string; [field: string]: unknown }>) => void
  deliveries: readonly Delivery[]
  redeliver: (id: string) => Promise<Delivery>
  close: () => void
}>

type Parcel = Readonly<{ guid: string; event: string; action: string | null; body: string }>

const patienceMilliseconds = 10_000

const sign = (algorithm: string, secret: string, body: string): string =>
  `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`

const post = (webhook: Webhook, parcel: Parcel, signal: AbortSignal): Promise<number> =>
  new Promise(resolve => {
    const headers: Record<string, string | number> = {
      accept: '*/*',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(parcel.body),
      'user-agent': 'GitHub-Hookshot/5a0de50',
      'x-github-event': parcel.event,
      'x-github-delivery': parcel.guid,
      'x-github-hook-id': '1',
      'x-github-hook-installation-target-type': 'repository',
    }
    if (webhook.secret !== '') {
      headers['x-hub-signature'] = sign('sha1', webhook.secret, parcel.body)
      headers['x-hub-signature-256'] = sign('sha256', webhook.secret, parcel.body)
    }
    const timeout = AbortSignal.timeout(patienceMilliseconds)
    const sent = request(webhook.url, {
      method: 'POST',
      headers,
      agent: false,
      signal: AbortSignal.any([signal, timeout]),
    })
    sent.on('response', response => {
      response.resume()
      response.on('error', () => {
        resolve(502)
      })
      response.on('end', () => {
        resolve(response.statusCode ?? 502)
      })
    })
    sent.on('error', () => {
      resolve(timeout.aborted ? 504 : 502)
    })
    sent.end(parcel.body)
  })

/** Delivers in order, one after the other, and never retries by itself: GitHub does not either. */
export const createWebhookSender = (): WebhookSender => {
  const closing = new AbortController()
  const deliveries: Delivery[] = []
  const parcels = new Map<string, Parcel>()
  let webhook: Webhook | null = null
  let last: Promise<unknown> = Promise.resolve()

  const deliver = (to: Webhook, parcel: Parcel, isRedelivery: boolean): Promise<Delivery> => {
    const next = last.then(async () => {
      const status = closing.signal.aborted ? 502 : await post(to, parcel, closing.signal)
      const { guid, event, action } = parcel
      const id = String(deliveries.length + 1)
      const delivery = { id, guid, event, action, status, isRedelivery }
      parcels.set(id, parcel)
      deliveries.push(delivery)
      return delivery
    })
    // A malformed address is the only way to get here with an error; the next event must still go.
    last = next.catch(() => undefined)
    return next
  }
  const send: WebhookSender['send'] = (event, payload) => {
    if (webhook === null || closing.signal.aborted) return
    // The payload is what was true when it happened, not when it is delivered.
    const parcel = {
      guid: randomUUID(),
      event,
      action: payload.action ?? null,
      body: JSON.stringify(payload),
    }
    deliver(webhook, parcel, false).catch(() => undefined)
  }
  return {
    set: (to, ping) => {
      webhook = to === null ? null : { url: new URL(to.url).href, secret: to.secret }
      send('ping', ping)
    },
    send,
    deliveries,
    redeliver: async id => {
      const parcel = parcels.get(id)
      if (!parcel) throw new Error(`no delivery ${id}`)
      if (webhook === null) throw new Error('no webhook is set')
      return deliver(webhook, parcel, true)
    },
    close: () => {
      closing.abort()
    },
  }
}
