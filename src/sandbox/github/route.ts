import type { Account } from './account.ts'
import { notFound } from './refusal.ts'

/** A request that has been authenticated and matched; `body` is parsed JSON, not yet checked. */
export type Call = Readonly<{
  account: Account
  parameter: (name: string) => string
  /** A path parameter that is a number; anything else is a 404. */
  numberOf: (name: string) => number
  query: URLSearchParams
  body: unknown
  accept: string
}>

/** `list` is cut into pages; `raw` is sent as it is. */
export type Answer =
  | Readonly<{ status: number; body: unknown }>
  | Readonly<{ status: 200; list: readonly unknown[] }>
  | Readonly<{ status: 200; raw: Buffer; contentType: string }>
  | Readonly<{ status: 204 }>

/** A response as it goes over the wire. */
export type Reply = Readonly<{
  status: number
  headers: Record<string, string>
  body: string | Buffer
}>

/** One endpoint; in its path `:name` is one segment and `*name` is all that are left. */
export type Route = Readonly<{
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  handle: (call: Call) => Answer | Promise<Answer>
}>

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw notFound()
  }
}

/** The parameters of a path that the pattern fits, or null. */
export const matchPath = (pattern: string, path: string): ReadonlyMap<string, string> | null => {
  const wanted = pattern.split('/')
  const given = path.split('/')
  const parameters = new Map<string, string>()
  for (const [index, segment] of wanted.entries()) {
    const actual = given[index]
    if (segment.startsWith('*')) {
      parameters.set(segment.slice(1), given.slice(index).map(decode).join('/'))
      return parameters
    }
    if (actual === undefined) return null
    if (!segment.startsWith(':')) {
      if (segment.toLowerCase() !== actual.toLowerCase()) return null
    } else {
      if (actual === '') return null
      parameters.set(segment.slice(1), decode(actual))
    }
  }
  return wanted.length === given.length ? parameters : null
}

/** Makes the part of a call that reads parameters. */
export const parametersOf = (
  parameters: ReadonlyMap<string, string>,
): Pick<Call, 'parameter' | 'numberOf'> => {
  const parameter = (name: string): string => {
    const value = parameters.get(name)
    if (value === undefined) throw notFound()
    return value
  }
  return {
    parameter,
    numberOf: name => {
      if (!/^\d{1,15}$/.test(parameter(name))) throw notFound()
      return Number(parameter(name))
    },
  }
}
