import { request, type RequestOptions } from 'node:https'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import type { KubeConfig } from '@kubernetes/client-node'
import { z } from 'zod'

/** The objects that a watch is about: one kind, in a namespace or, with a name, one object. */
export type Watched = Readonly<{
  apiVersion: string
  plural: string
  namespace?: string
  name?: string
}>

/** Says that objects may have changed, until `signal` is aborted. Resolves then, and never rejects. */
export type WatchChanges = (of: Watched, changed: () => void, signal: AbortSignal) => Promise<void>

type Timing = Readonly<{
  /** Seconds after which the API server ends a watch, which then goes on where it ended. */
  lasting: number
  /** Milliseconds until the next try after one that brought nothing; doubled each time, to sixty times as much. */
  first: number
}>

const event = z.looseObject({
  type: z.string(),
  object: z.looseObject({
    metadata: z.looseObject({ resourceVersion: z.string().optional() }).optional(),
  }),
})

/** How a connection ended: `version` is where the next one goes on; null: the server no longer knows it. */
type Ended = Readonly<{ version: string | null; isAnswered: boolean }>

/**
 * Watches objects of a cluster as its API server's documentation says ("Efficient detection of changes"): it goes on from
 * the last resourceVersion that an event or a bookmark gave, begins again where that is too old (410), and asks less and
 * less often where there is no answer. A watch that begins again is told of each object, so nothing that changed in between
 * is missed, and the right to `list` is not needed.
 */
export const watchChanges =
  (config: KubeConfig, { lasting, first }: Timing = { lasting: 300, first: 1000 }): WatchChanges =>
  async (of, changed, signal) => {
    let version: string | null = null
    let wait = first
    while (!signal.aborted) {
      const ended: Ended = await watchOnce(config, { of, version, lasting, changed, signal }).catch(
        () => ({ version, isAnswered: false }),
      )
      version = ended.version
      wait = ended.isAnswered ? first : Math.min(wait * 2, first * 60)
      await pause(wait, undefined, { signal }).catch(() => undefined)
    }
  }

type Once = Readonly<{
  of: Watched
  version: string | null
  lasting: number
  changed: () => void
  signal: AbortSignal
}>

/** The most bytes of one event: etcd takes objects of 1.5 MiB. */
const longestEvent = 8 * 1024 * 1024

/** Watches over one connection. Rejects where there is none, or the answer is no watch. */
const watchOnce = async (
  config: KubeConfig,
  { of, version, lasting, changed, signal }: Once,
): Promise<Ended> => {
  const options: RequestOptions = {}
  await config.applyToHTTPSOptions(options)
  // A connection that is dead and does not say so ends soon after the server should have ended it.
  const limit = AbortSignal.any([signal, AbortSignal.timeout((lasting + 30) * 1000)])
  const url = new URL(`${config.getCurrentCluster()?.server ?? ''}${pathOf(of)}`)
  const query = {
    watch: 'true',
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(lasting),
    ...(of.name === undefined ? {} : { fieldSelector: `metadata.name=${of.name}` }),
    ...(version === null ? {} : { resourceVersion: version }),
  }
  url.search = new URLSearchParams(query).toString()
  return new Promise((resolve, reject) => {
    let last: Ended = { version, isAnswered: true }
    const outgoing = request(url, { ...options, signal: limit }, incoming => {
      if (incoming.statusCode === 410) {
        incoming.destroy()
        resolve({ version: null, isAnswered: true })
        return
      }
      if (incoming.statusCode !== 200) {
        incoming.destroy()
        reject(new Error(`the API server answered ${incoming.statusCode}`))
        return
      }
      // A cut connection ends the lines; what they brought counts.
      incoming.on('error', () => undefined)
      let pending = 0
      incoming.on('data', (part: Buffer) => {
        const end = part.lastIndexOf('\n')
        pending = end === -1 ? pending + part.length : part.length - end - 1
        if (pending <= longestEvent) return
        last = { version: null, isAnswered: false }
        incoming.destroy()
      })
      const lines = createInterface({ input: incoming })
      lines.on('line', line => {
        const { type, object } = eventIn(line)
        const isLost = type === 'ERROR'
        last = {
          version: isLost ? null : (object?.metadata?.resourceVersion ?? last.version),
          isAnswered: !isLost,
        }
        if (!isLost && type !== 'BOOKMARK') changed()
      })
      // It passes the error of its input on.
      lines.on('error', () => undefined)
      incoming.on('close', () => {
        resolve(last)
      })
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

/** The event in a line; one that cannot be read is an error of the watch, which then begins again. */
const eventIn = (line: string): Partial<z.infer<typeof event>> => {
  try {
    return event.parse(JSON.parse(line))
  } catch {
    return { type: 'ERROR' }
  }
}

const pathOf = ({ apiVersion, plural, namespace }: Watched): string =>
  [
    apiVersion.includes('/') ? '/apis' : '/api',
    `/${apiVersion}`,
    namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`,
    `/${plural}`,
  ].join('')
