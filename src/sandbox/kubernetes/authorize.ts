import { forbiddenError } from './status-error.ts'
import type { Action } from './requests/target.ts'
import type { StatusError } from './status-error.ts'

/** One RBAC rule; without `namespaces` it is a ClusterRole bound for the whole cluster. */
export type Rule = Readonly<{
  apiGroups: readonly string[]
  resources: readonly string[]
  verbs: readonly string[]
  resourceNames?: readonly string[]
  namespaces?: readonly string[]
}>

/** Who may do what, by the certificate's common name. */
export type Users = Readonly<Record<string, 'admin' | readonly Rule[]>>

/** Who asks: CN and O of the client certificate. */
export type User = Readonly<{ name: string; groups: readonly string[] }>

/** What is asked, in words of RBAC. */
export type Attributes = Readonly<{
  verb: string
  group: string
  /** `secrets` or `clusterinstances/status`. */
  resource: string
  namespace: string
  name: string
}>

const has = (values: readonly string[], value: string): boolean =>
  values.includes('*') || values.includes(value)

const allows = (rule: Rule, asked: Attributes): boolean =>
  has(rule.apiGroups, asked.group) &&
  has(rule.resources, asked.resource) &&
  has(rule.verbs, asked.verb) &&
  // A name is unknown at creation and in a list of all: such a rule then does not match.
  (!rule.resourceNames?.length || rule.resourceNames.includes(asked.name)) &&
  (rule.namespaces === undefined || rule.namespaces.includes(asked.namespace))

/** Whether RBAC lets the user do it. */
export const isAllowed = (users: Users, user: User, asked: Attributes): boolean => {
  const granted = users[user.name] ?? []
  if (granted === 'admin' || user.groups.includes('system:masters')) return true
  return granted.some(rule => allows(rule, asked))
}

const resourceNameOf = ({ resource, subresource }: Action): string =>
  subresource === '' ? resource.plural : `${resource.plural}/${subresource}`

/** Returns the 403 for an action that RBAC denies. */
export const authorize = (users: Users, user: User, action: Action): StatusError | undefined => {
  const { verb, resource, namespace, name } = action
  const asked = { verb, group: resource.group, resource: resourceNameOf(action), namespace, name }
  if (isAllowed(users, user, asked)) return undefined
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`
  return forbiddenError(
    resource,
    name,
    `User "${user.name}" cannot ${verb} resource "${asked.resource}" in API group "${resource.group}" ${where}`,
  )
}
