import { RefusedError } from './errors.ts'

const mostKept = 100

/** How long a refusal is kept: the same input would be refused again, at the same cost. */
const refusalKeptFor = 60_000

/** Makes the value of a key once and caches it; beyond `most` the oldest entries make room, and failures are not kept. */
export const once = <T>(
  cache: Map<string, Promise<T>>,
  key: string,
  make: () => Promise<T>,
  most = mostKept,
): Promise<T> => {
  const known = cache.get(key)
  if (known) return known
  const made = make()
  cache.set(key, made)
  // Only its own: an entry that made room may have been made again since.
  const forget = (): void => {
    if (cache.get(key) === made) cache.delete(key)
  }
  made.catch((error: unknown) => {
    if (error instanceof RefusedError) setTimeout(forget, refusalKeptFor).unref()
    else forget()
  })
  const [oldest] = cache.keys()
  if (oldest !== undefined && cache.size > most) cache.delete(oldest)
  return made
}
