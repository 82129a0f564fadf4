import { roles, type Permission } from '../../core/settings/roles.ts'
import type { Forge } from '../ports/forge.ts'

/** Keeps those who may run nothing cheap: a comment of theirs costs one question a minute and few answers. */
export type Gate = Readonly<{
  /** Asks for a permission. A right is asked for each time; that there is none is kept for a minute. */
  permission: (login: string) => Promise<Permission>
  /** Counts an answer to somebody who may run nothing; false: there were enough within the hour. */
  mayAnswer: (login: string) => boolean
}>

const minute = 60_000
const mostAnswers = 3
const mostKept = 1000

/** Tells whether one permission is enough where another is wanted. */
export const isEnough = (has: Permission, wanted: Permission): boolean =>
  roles.indexOf(has) >= roles.indexOf(wanted)

/** Tells whether a permission is less than any command can be configured to need. */
export const isOutsider = (has: Permission): boolean => !isEnough(has, 'write')

/** Creates a gate that knows of nobody yet. */
export const createGate = (forge: Forge, now: () => Date): Gate => {
  const outsiders = new Map<string, Readonly<{ permission: Permission; at: number }>>()
  const answered = new Map<string, readonly number[]>()
  const keep = <T>(map: Map<string, T>, login: string, value: T): void => {
    map.delete(login)
    map.set(login, value)
    const [oldest] = map.keys()
    if (oldest !== undefined && map.size > mostKept) map.delete(oldest)
  }
  return {
    permission: async login => {
      const at = now().getTime()
      const known = outsiders.get(login)
      if (known && at - known.at < minute) return known.permission
      const permission = await forge.permission(login)
      if (isOutsider(permission)) keep(outsiders, login, { permission, at })
      return permission
    },
    mayAnswer: login => {
      const at = now().getTime()
      const within = (answered.get(login) ?? []).filter(each => at - each < 60 * minute)
      if (within.length >= mostAnswers) return false
      keep(answered, login, [...within, at])
      return true
    },
  }
}
