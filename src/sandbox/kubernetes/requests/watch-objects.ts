import { apiVersionOf } from '../served-resources.ts'
import { selectObjects } from './select-objects.ts'
import { statusOf, StatusError } from '../status-error.ts'
import type { ObjectStore, WatchEvent } from '../object-store.ts'
import type { Target } from './target.ts'

/** The last events of a store, so that a watch can start at a resourceVersion of the past. */
export type History = Readonly<{
  /** The events after a resourceVersion; undefined when they are forgotten. */
  since: (resourceVersion: number) => readonly WatchEvent[] | undefined
  /** Forgets all events, as an API server does that is started again: its watch cache begins empty. */
  forget: () => void
}>

const remembered = 10_000

const versionOf = ({ object }: WatchEvent): number => Number(object.metadata.resourceVersion)

/** Remembers a store's events from now on. */
export const createHistory = (store: ObjectStore): History => {
  const events: WatchEvent[] = []
  let oldest = Number(store.resourceVersion())
  store.watch(event => {
    events.push(event)
    if (events.length > remembered) oldest = versionOf(events.shift() ?? event)
  })
  return {
    since: resourceVersion =>
      resourceVersion < oldest
        ? undefined
        : events.filter(event => versionOf(event) > resourceVersion),
    forget: () => {
      events.length = 0
      oldest = Number(store.resourceVersion())
    },
  }
}

const bookmarkOf = (resource: Target['resource'], resourceVersion: string): object => ({
  kind: resource.kind,
  apiVersion: apiVersionOf(resource),
  metadata: { resourceVersion },
})

type Line = Readonly<{ type: string; object: unknown }>

/** Sends what a watch shows, first what has happened since, then live; returns how to stop it. */
export const watchObjects = (
  of: Readonly<{
    store: ObjectStore
    history: History
    target: Target
    query: URLSearchParams
    send: (line: Line) => void
    end: () => void
  }>,
): (() => void) => {
  const { resource, namespace } = of.target
  const apiVersion = apiVersionOf(resource)
  const selects = selectObjects(of.query)
  const isWatched = ({ object }: WatchEvent): boolean =>
    object.apiVersion === apiVersion &&
    object.kind === resource.kind &&
    (namespace === '' || object.metadata.namespace === namespace)

  // To a watcher with a selector, an object that begins to match is added, one that ceases is deleted.
  const show = (event: WatchEvent): void => {
    if (!isWatched(event)) return
    const { type, object, previous } = event
    const did = previous !== undefined && selects(previous)
    const does = type !== 'DELETED' && selects(object)
    if (does) of.send({ type: did ? 'MODIFIED' : 'ADDED', object })
    else if (did) of.send({ type: 'DELETED', object })
  }

  const from = of.query.get('resourceVersion') ?? ''
  if (from === '' || from === '0') {
    const scope = namespace === '' ? {} : { namespace }
    for (const object of of.store.list({ apiVersion, kind: resource.kind, ...scope }))
      if (selects(object)) of.send({ type: 'ADDED', object })
  } else {
    const events = of.history.since(Number(from))
    if (!events) {
      const expired = new StatusError({
        code: 410,
        reason: 'Expired',
        message: `too old resource version: ${from} (${of.store.resourceVersion()})`,
      })
      of.send({ type: 'ERROR', object: statusOf(expired) })
      of.end()
      return () => undefined
    }
    events.forEach(show)
  }
  const stop = of.store.watch(show)
  const seconds = Number(of.query.get('timeoutSeconds') ?? 0)
  const end = (): void => {
    // Shortly before it ends a watch, the API server says how far it was told of all there is.
    if (['true', '1'].includes(of.query.get('allowWatchBookmarks') ?? ''))
      of.send({ type: 'BOOKMARK', object: bookmarkOf(resource, of.store.resourceVersion()) })
    of.end()
  }
  const timer = seconds > 0 ? setTimeout(end, seconds * 1000) : undefined
  return () => {
    clearTimeout(timer)
    stop()
  }
}
