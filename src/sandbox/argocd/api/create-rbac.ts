import type { Clock } from '../../clock.ts'
import { controlPlaneNamespace } from '../application.ts'
import { timestampOf } from '../../kubernetes/timestamp-of.ts'

/** What an account may do with an Application, here. */
export type ApplicationAction = 'get' | 'sync'

/** Accounts by their API tokens, with what `policy.csv` grants them: action and object such as a `project/name` pattern. */
export type ArgoCdAccounts = Readonly<
  Record<string, Readonly<{ username: string; policies: readonly (readonly [string, string])[] }>>
>

/** The answers to one caller. */
export type Rbac = Readonly<{
  username: string
  allows: (action: ApplicationAction, object: string) => boolean
  /** The text of the refusal that names all that was asked, or undefined. */
  denies: (action: ApplicationAction, object: string) => string | undefined
}>

const matches = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replace(/[\\^$.|?+()[\]{}]/g, '\\$&').replaceAll('*', '.*')}$`).test(text)

/** The object of a policy: an Application outside the control plane's namespace has it in its name (util/security/rbac.go). */
export const rbacName = (
  of: Readonly<{ name: string; namespace: string; project: string }>,
): string =>
  of.namespace === controlPlaneNamespace
    ? `${of.project}/${of.name}`
    : `${of.project}/${of.namespace}/${of.name}`

/** Starts the enforcer: it knows a caller by the Authorization header, undefined for a token of nobody. */
export const createRbac = (
  accounts: ArgoCdAccounts,
  clock: Clock,
): ((authorization: string | undefined) => Rbac | undefined) => {
  const issuedAt = timestampOf(clock.now())
  return authorization => {
    const account = accounts[authorization?.replace(/^Bearer /, '') ?? '']
    if (!account) return undefined
    const { username, policies } = account
    const allows: Rbac['allows'] = (action, object) =>
      policies.some(([granted, place]) => matches(granted, action) && matches(place, object))
    return {
      username,
      allows,
      // util/rbac/rbac.go, EnforceErr.
      denies: (action, object) =>
        allows(action, object)
          ? undefined
          : `permission denied: applications, ${action}, ${object}, sub: ${username}, iat: ${issuedAt}`,
    }
  }
}
