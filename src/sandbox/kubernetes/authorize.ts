import { z } from 'zod'
import { forbiddenError } from './status-error.ts'
import type { Action } from './requests/target.ts'
import type { ObjectStore } from './object-store.ts'
import type { StatusError } from './status-error.ts'

/** The rules for who may do what: the RBAC objects in the store, and the users who may do all without them. */
export type Authorization = Readonly<{
  store: ObjectStore
  /** Common names that count as members of system:masters. */
  admins: readonly string[]
}>

/** The user who asks: CN and O of the client certificate; a service account by its user name. */
export type User = Readonly<{ name: string; groups: readonly string[] }>

/** The request, in words of RBAC. */
export type Attributes = Readonly<{
  verb: string
  group: string
  /** `secrets` or `clusterinstances/status`. */
  resource: string
  namespace: string
  name: string
}>

const texts = z.array(z.string()).default([])
const ruleSchema = z.looseObject({
  apiGroups: texts,
  resources: texts,
  verbs: texts,
  resourceNames: texts,
})
const roleSchema = z.looseObject({ rules: z.array(ruleSchema).nullish() })
const bindingSchema = z.looseObject({
  roleRef: z.looseObject({ kind: z.enum(['Role', 'ClusterRole']), name: z.string() }),
  subjects: z
    .array(z.looseObject({ kind: z.string(), name: z.string(), namespace: z.string().default('') }))
    .default([]),
})
type Rule = z.infer<typeof ruleSchema>
type Binding = z.infer<typeof bindingSchema>

const apiVersion = 'rbac.authorization.k8s.io/v1'

const has = (values: readonly string[], value: string): boolean =>
  values.includes('*') || values.includes(value)

const allows = (rule: Rule, asked: Attributes): boolean =>
  has(rule.apiGroups, asked.group) &&
  has(rule.resources, asked.resource) &&
  has(rule.verbs, asked.verb) &&
  // A name is unknown at creation and in a list of all: such a rule then does not match.
  (rule.resourceNames.length === 0 || rule.resourceNames.includes(asked.name))

const isFor = ({ subjects }: Binding, user: User): boolean =>
  subjects.some(({ kind, name, namespace }) =>
    kind === 'Group'
      ? user.groups.includes(name)
      : user.name ===
        (kind === 'ServiceAccount' ? `system:serviceaccount:${namespace}:${name}` : name),
  )

// A binding goes with its namespace, and with its Role.
const rulesOf = (store: ObjectStore, user: User, namespace: string): readonly Rule[] => {
  const everywhere = store.list({ apiVersion, kind: 'ClusterRoleBinding' })
  const here = namespace === '' ? [] : store.list({ apiVersion, kind: 'RoleBinding', namespace })
  return [...everywhere, ...here].flatMap(object => {
    const { data: binding } = bindingSchema.safeParse(object)
    if (!binding || !isFor(binding, user)) return []
    const { kind, name } = binding.roleRef
    const role = store.get({ apiVersion, kind, name, ...(kind === 'Role' ? { namespace } : {}) })
    return roleSchema.safeParse(role).data?.rules ?? []
  })
}

/** True if RBAC lets the user do it. */
export const isAllowed = (
  { store, admins }: Authorization,
  user: User,
  asked: Attributes,
): boolean =>
  admins.includes(user.name) ||
  user.groups.includes('system:masters') ||
  rulesOf(store, user, asked.namespace).some(rule => allows(rule, asked))

const resourceNameOf = ({ resource, subresource }: Action): string =>
  subresource === '' ? resource.plural : `${resource.plural}/${subresource}`

/** Returns the 403 for an action that RBAC denies. */
export const authorize = (
  authorization: Authorization,
  user: User,
  action: Action,
): StatusError | undefined => {
  const { verb, resource, namespace, name } = action
  const asked = { verb, group: resource.group, resource: resourceNameOf(action), namespace, name }
  if (isAllowed(authorization, user, asked)) return undefined
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`
  return forbiddenError(
    resource,
    name,
    `User "${user.name}" cannot ${verb} resource "${asked.resource}" in API group "${resource.group}" ${where}`,
  )
}
