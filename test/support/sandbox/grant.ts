import type { ObjectStore } from '../../../src/sandbox/kubernetes/object-store.ts'

/** A rule of a Role. */
export type Rule = Readonly<{
  apiGroups: readonly string[]
  resources: readonly string[]
  verbs: readonly string[]
  resourceNames?: readonly string[]
}>

/** Binds a user to rules: in one namespace, or for the whole cluster. */
export const grant = (
  store: ObjectStore,
  {
    user,
    rules,
    namespace,
  }: Readonly<{ user: string; rules: readonly Rule[]; namespace?: string }>,
): void => {
  const apiVersion = 'rbac.authorization.k8s.io/v1'
  const kind = namespace === undefined ? 'ClusterRole' : 'Role'
  const metadata = { name: user, ...(namespace === undefined ? {} : { namespace }) }
  store.create({ apiVersion, kind, metadata, rules })
  store.create({
    apiVersion,
    kind: `${kind}Binding`,
    metadata,
    roleRef: { kind, name: user },
    subjects: [{ kind: 'User', name: user }],
  })
}
