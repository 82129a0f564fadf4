import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import type { ObjectStore } from '../../kubernetes/object-store.ts'
import { controlPlaneNamespace } from '../application.ts'
import { timestampOf } from '../../kubernetes/timestamp-of.ts'

/** Actions of an account on an Application, here. */
export type ApplicationAction = 'get' | 'sync'

/** One line of `policy.csv`: action, object such as a `project/name` pattern, and `deny` where it is one. */
export type Policy = readonly [action: string, object: string, effect?: 'allow' | 'deny']

/**
 * Accounts by their API tokens, with what `policy.csv` grants them. One that is called `proj:<project>:<role>` is a token of
 * that role, whose policies stand in the AppProject.
 */
export type ArgoCdAccounts = Readonly<
  Record<string, Readonly<{ username: string; policies: readonly Policy[] }>>
>

/** The answers to one caller. */
export type Rbac = Readonly<{
  username: string
  allows: (action: string, object: string) => boolean
  /** The text of the refusal that names all that was asked, or undefined. */
  denies: (action: ApplicationAction, object: string) => string | undefined
}>

// Without a separator, so that `*` matches `/` as well (util/glob/glob.go).
const matches = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replace(/[\\^$.|?+()[\]{}]/g, '\\$&').replaceAll('*', '.*')}$`).test(text)

/** The object of a policy: an Application outside the control plane's namespace has it in its name (util/security/rbac.go). */
export const rbacName = (
  of: Readonly<{ name: string; namespace: string; project: string }>,
): string =>
  of.namespace === controlPlaneNamespace
    ? `${of.project}/${of.name}`
    : `${of.project}/${of.namespace}/${of.name}`

const projectSchema = z.looseObject({
  spec: z.looseObject({
    roles: z
      .array(z.looseObject({ name: z.string(), policies: z.array(z.string()).default([]) }))
      .default([]),
  }),
})

/** The policies of a role of an AppProject, which count for its own objects only (server/rbacpolicy/rbacpolicy.go). */
const projectPolicies = (hub: ObjectStore, subject: string, object: string): readonly Policy[] => {
  const [, project = '', role = ''] = subject.split(':')
  if (object.split('/')[0] !== project) return []
  const found = projectSchema.safeParse(
    hub.get({
      ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', name: project },
      namespace: controlPlaneNamespace,
    }),
  ).data
  return (found?.spec.roles ?? [])
    .filter(({ name }) => name === role)
    .flatMap(({ policies }) => policies)
    .map(line => line.split(',').map(word => word.trim()))
    .filter(([, of, resource]) => of === subject && matches(resource ?? '', 'applications'))
    .map(([, , , action = '', place = '', effect]): Policy => [
      ...([action, place] as const),
      effect === 'deny' ? 'deny' : 'allow',
    ])
}

/** Starts the enforcer: it knows a caller by the Authorization header, undefined for a token of nobody. */
export const createRbac = (
  { accounts, hub }: Readonly<{ accounts: ArgoCdAccounts; hub: ObjectStore }>,
  clock: Clock,
): ((authorization: string | undefined) => Rbac | undefined) => {
  const issuedAt = timestampOf(clock.now())
  return authorization => {
    const account = accounts[authorization?.replace(/^Bearer /, '') ?? '']
    if (!account) return undefined
    const { username, policies } = account
    // Some line allows it and none denies it (assets/model.conf).
    const allows: Rbac['allows'] = (action, object) => {
      const own = username.startsWith('proj:') ? projectPolicies(hub, username, object) : policies
      const fitting = own.filter(
        ([granted, place]) => matches(granted, action) && matches(place, object),
      )
      return fitting.length > 0 && fitting.every(([, , effect]) => effect !== 'deny')
    }
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
