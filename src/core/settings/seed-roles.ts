import type { Configuration } from './configuration.ts'

const binding = (role: string, { kind, in: place }: { kind: string; in?: string }): string => {
  const where = place === undefined ? '' : `\n  namespace: ${place}`
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}Binding
metadata:
  name: ${role}${where}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ${kind}
  name: ${role}
subjects:
  - kind: ServiceAccount
    name: sower
    namespace: `
}

const list = (names: readonly string[]): string => names.map(name => `\n      - ${name}`).join('')

/**
 * The rights of a bot in `namespace` to the Secrets of exactly the clusters under `seeds`, as YAML. Nothing of it lies in
 * the namespace of a seed, which goes with it at the detach: the next run of that cluster would be forbidden.
 */
export const seedRoles = (
  { seeds, secret }: Pick<Configuration, 'seeds' | 'secret'>,
  namespace: string,
): string => `# What Sower may read and write of exactly the clusters under \`seeds\`: written by \`sower rbac\`.
# The admin kubeconfig of each. A ClusterRole, because a Role in the namespace of a seed goes with it at the detach.
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: sower-seeds
rules:
  - apiGroups: [""]
    resources: [secrets]
    resourceNames:${list(seeds.map(seed => `${seed}-admin-kubeconfig`))}
    verbs: [get]
---
${binding('sower-seeds', { kind: 'ClusterRole' })}${namespace}
---
# The saved access to each, in the bot's own namespace. It is applied: only so does a creation have a name.
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: sower-access
  namespace: ${namespace}
rules:
  - apiGroups: [""]
    resources: [secrets]
    resourceNames:${list(seeds.map(seed => `${seed}-access`))}
    verbs: [get, create, patch, delete]
---
${binding('sower-access', { kind: 'Role', in: namespace })}${namespace}
---
# The unsealed push credential, in a namespace that stays.
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: sower-push-credential
  namespace: ${secret.namespace}
rules:
  - apiGroups: [""]
    resources: [secrets]
    resourceNames: [${secret.name}]
    verbs: [get]
  - apiGroups: [bitnami.com]
    resources: [sealedsecrets]
    resourceNames: [${secret.name}]
    verbs: [get]
---
${binding('sower-push-credential', { kind: 'Role', in: secret.namespace })}${namespace}
`
