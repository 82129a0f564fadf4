import { derivedNames } from '../../core/preflight/derived-names.ts'
import {
  queryKey,
  type Answer,
  type Answers,
  type Query,
  type ReadObject,
} from '../../core/preflight/query.ts'
import { secretsOf } from '../../core/secret/secrets-of.ts'
import { mapSeen, present, unknown, type Seen } from '../../core/seen.ts'
import { once } from '../../once.ts'
import type { Cluster } from '../ports/cluster.ts'

/** The reads of a cluster: of its API server, or of what was gathered of it. */
export type Reader = Pick<Cluster, 'read' | 'list' | 'summary'>

/** The clusters that may be asked: one that nobody has access to is 'not-asked' or 'unreachable'. */
export type Askable = Readonly<{
  hub: Seen<Reader>
  seed: Seen<Reader>
  /** Values of the placeholders that are known before, such as `{cluster}`. */
  names: Readonly<Record<string, string>>
  conceal: (secret: string) => void
}>

const placeholder = /\{[a-z-]+\}/g

/**
 * Asks all queries at once, each of them once, and resolves to their answers. Nothing is thrown for an answer that does
 * not come. A query whose name another read brings waits for that one.
 */
export const askQueries = async (askable: Askable, queries: readonly Query[]): Promise<Answers> => {
  const asked = new Map<string, Promise<Answer>>()
  const ask = (query: Query): Promise<Answer> =>
    once(asked, queryKey(query), async () => {
      const names = new Map(Object.entries(askable.names))
      for (const name of `${query.namespace ?? ''} ${query.name ?? ''}`.match(placeholder) ?? []) {
        const derived = derivedNames[name]
        if (derived === undefined) continue
        const found = await ask(derived.from)
        if (found.seen === 'unknown') return found
        const value = derived.name(
          found.seen === 'present' ? found.value : [],
          askable.names['{cluster}'] ?? '',
        )
        if (value === undefined) return present([])
        names.set(name, value)
      }
      return read(askable, withNames(query, names))
    })
  const answers = new Map(
    await Promise.all(queries.map(async query => [queryKey(query), await ask(query)] as const)),
  )
  return query => answers.get(queryKey(query)) ?? unknown('not-asked')
}

const withNames = (query: Query, names: ReadonlyMap<string, string>): Query => {
  const fill = (text: string): string => text.replace(placeholder, name => names.get(name) ?? name)
  return {
    ...query,
    ...(query.namespace === undefined ? {} : { namespace: fill(query.namespace) }),
    ...(query.name === undefined ? {} : { name: fill(query.name) }),
  }
}

const read = async (askable: Askable, query: Query): Promise<Answer> => {
  const cluster = askable[query.on]
  if (cluster.seen !== 'present') return cluster.seen === 'unknown' ? cluster : unknown('not-asked')
  const answer = await readFrom(cluster.value, query)
  if (answer.seen === 'unknown' && answer.why === 'not-served' && query.optional) return present([])
  if (query.kind === 'Secret')
    return mapSeen(answer, secrets => secrets.map(concealed(askable, query)))
  return answer
}

const readFrom = async (cluster: Reader, query: Query): Promise<Answer> => {
  const { group, version, kind, name, namespace, path } = query
  const at = {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    ...(namespace === undefined ? {} : { namespace }),
  }
  if (name === undefined) return cluster.list(at)
  const object =
    path === undefined ? await cluster.read({ ...at, name }) : await cluster.summary(name)
  return object.seen === 'absent' ? present([]) : mapSeen(object, value => [value])
}

/** Drops the values of a list of Secrets, and registers those of one before anybody looks into them. */
const concealed =
  ({ conceal }: Askable, { name }: Query) =>
  (secret: ReadObject): ReadObject => {
    if (name === undefined) return { ...secret, data: {} }
    for (const value of Object.values(secret.data ?? {})) {
      conceal(value)
      for (const one of secretsOf(Buffer.from(value, 'base64').toString('utf8'))) conceal(one)
    }
    return secret
  }
