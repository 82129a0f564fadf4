import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { isRecord } from './parse-object.ts'
import { StatusError } from '../status-error.ts'

/** RFC 7396: maps are merged, null deletes, everything else replaces. */
export const mergePatch = (target: unknown, patch: unknown): unknown => {
  if (!isRecord(patch)) return patch
  const merged: Record<string, unknown> = isRecord(target) ? { ...target } : {}
  for (const [field, value] of Object.entries(patch))
    if (value === null) Reflect.deleteProperty(merged, field)
    else merged[field] = mergePatch(merged[field], value)
  return merged
}

const Operations = z.array(
  z.discriminatedUnion('op', [
    z.looseObject({ op: z.literal('add'), path: z.string(), value: z.unknown() }),
    z.looseObject({ op: z.literal('replace'), path: z.string(), value: z.unknown() }),
    z.looseObject({ op: z.literal('test'), path: z.string(), value: z.unknown() }),
    z.looseObject({ op: z.literal('remove'), path: z.string() }),
    z.looseObject({ op: z.literal('copy'), path: z.string(), from: z.string() }),
    z.looseObject({ op: z.literal('move'), path: z.string(), from: z.string() }),
  ]),
)

const rejected = (why: string): StatusError =>
  new StatusError({
    code: 422,
    reason: 'Invalid',
    message: `the server rejected our request due to an error in our request: ${why}`,
  })

const segmentsOf = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map(segment => segment.replaceAll('~1', '/').replaceAll('~0', '~'))

const indexIn = (list: readonly unknown[], segment: string): number =>
  segment === '-' ? list.length : Number(segment)

const read = (value: unknown, path: string): unknown => {
  let found = value
  for (const segment of segmentsOf(path)) {
    if (Array.isArray(found) && indexIn(found, segment) < found.length)
      found = found[indexIn(found, segment)]
    else if (isRecord(found) && segment in found) found = found[segment]
    else throw rejected(`the path ${path} does not exist`)
  }
  return found
}

const parentOf = (value: unknown, path: string): Readonly<{ parent: unknown; last: string }> => {
  const cut = path.lastIndexOf('/')
  return {
    parent: read(value, path.slice(0, cut)),
    last: segmentsOf(path).at(-1) ?? '',
  }
}

const put = (value: unknown, path: string, content: unknown): void => {
  const { parent, last } = parentOf(value, path)
  if (Array.isArray(parent)) parent.splice(indexIn(parent, last), 0, content)
  else if (isRecord(parent)) parent[last] = content
  else throw rejected(`the path ${path} does not exist`)
}

const take = (value: unknown, path: string): unknown => {
  const taken = read(value, path)
  const { parent, last } = parentOf(value, path)
  if (Array.isArray(parent)) parent.splice(Number(last), 1)
  else if (isRecord(parent)) Reflect.deleteProperty(parent, last)
  return taken
}

/** RFC 6902, on a copy; a path that is not there or a failed test is the server's 422. */
export const jsonPatch = (target: unknown, patch: unknown): unknown => {
  const { data, error } = Operations.safeParse(patch)
  if (!data) throw rejected(error.message)
  const value = structuredClone(target)
  for (const operation of data)
    switch (operation.op) {
      case 'add':
        put(value, operation.path, operation.value)
        break
      case 'replace':
        take(value, operation.path)
        put(value, operation.path, operation.value)
        break
      case 'remove':
        take(value, operation.path)
        break
      case 'copy':
        put(value, operation.path, structuredClone(read(value, operation.from)))
        break
      case 'move':
        put(value, operation.path, take(value, operation.from))
        break
      case 'test':
        if (!isDeepStrictEqual(read(value, operation.path), operation.value))
          throw rejected(`testing value ${operation.path} failed`)
        break
    }
  return value
}
