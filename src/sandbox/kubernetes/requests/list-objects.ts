import { z } from 'zod'
import { isBuiltIn } from '../admit.ts'
import { apiVersionOf } from '../served-resources.ts'
import { selectObjects } from './select-objects.ts'
import { badRequestError } from '../status-error.ts'
import type { ObjectStore, StoredObject } from '../object-store.ts'
import type { Target } from './target.ts'

const Token = z.object({ start: z.string() })

const positionOf = ({ metadata }: StoredObject): string =>
  `${metadata.namespace ?? ''}/${metadata.name}`

const startOf = (token: string): string => {
  try {
    return Token.parse(JSON.parse(Buffer.from(token, 'base64url').toString())).start
  } catch (error) {
    throw badRequestError(`continue key is not valid: ${String(error)}`)
  }
}

// A list of a built-in kind says the kind once, at the top; custom resources repeat it in each item.
const itemOf = ({ apiVersion, kind, ...rest }: StoredObject, repeatsKind: boolean): unknown =>
  repeatsKind ? { apiVersion, kind, ...rest } : rest

/** Answers a list: selectors, and pages by `limit` and `continue`. */
export const listObjects = (
  store: ObjectStore,
  { resource, namespace }: Target,
  query: URLSearchParams,
): unknown => {
  const apiVersion = apiVersionOf(resource)
  const { kind } = resource
  const selects = selectObjects(query)
  const token = query.get('continue') ?? ''
  const start = token === '' ? '' : startOf(token)
  const limit = Number(query.get('limit') ?? 0)
  const found = store
    .list({ apiVersion, kind, ...(namespace === '' ? {} : { namespace }) })
    .filter(object => selects(object) && (token === '' || positionOf(object) > start))
    .sort((a, b) => (positionOf(a) < positionOf(b) ? -1 : 1))
  const page = limit > 0 ? found.slice(0, limit) : found
  const last = page.at(-1)
  const remainingItemCount = found.length - page.length
  const more =
    last && remainingItemCount > 0
      ? {
          continue: Buffer.from(JSON.stringify({ start: positionOf(last) })).toString('base64url'),
          remainingItemCount,
        }
      : {}
  return {
    kind: `${kind}List`,
    apiVersion,
    metadata: { resourceVersion: store.resourceVersion(), ...more },
    items: page.map(object => itemOf(object, !isBuiltIn(resource))),
  }
}
