import { setTimeout as pause } from 'node:timers/promises'
import { configurationOf } from '../../../src/adapters/kubernetes/configuration-of.ts'
import { kubernetesCluster } from '../../../src/adapters/kubernetes/kubernetes-cluster.ts'
import { loadKubeconfig } from '../../../src/adapters/kubernetes/load-kubeconfig.ts'
import type { Rule } from '../sandbox/grant.ts'
import { askAs, type Answer, type Ask, type Peer } from './peer.ts'

/** Parsed JSON. */
export type Body = Record<string, unknown>

/** Reads a field of an answer. */
export const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((found, field) => (found as Body | undefined)?.[field], value)

/** What contract tests do with an API: as `admin` they may do all. */
export type PeerScene = Readonly<{
  peer: Peer
  admin: Ask
  as: (user: string) => Promise<Ask>
  /** Creates an object in a collection, such as `/api/v1/namespaces`, and returns it. */
  make: (collection: string, object: object) => Promise<Body>
  /** Makes a namespace, one that no other test has unless a name is given, and returns its name. */
  namespace: (name?: string) => Promise<string>
  /** Lets a user do what the rules say, in a namespace. */
  grant: (user: string, namespace: string, rules: readonly Rule[]) => Promise<void>
  /** Creates or replaces a CustomResourceDefinition, and waits until it is served as it says. */
  define: (definition: unknown) => Promise<void>
  cluster: (user: string) => Promise<ReturnType<typeof kubernetesCluster>>
  configuration: (user: string) => Promise<ReturnType<typeof configurationOf>>
}>

const rbac = '/apis/rbac.authorization.k8s.io/v1'

/** Makes the scene of one API; it lasts for all the tests of that API. */
export const peerScene = async (peer: Peer): Promise<PeerScene> => {
  const admin = askAs(await peer.kubeconfig('admin'))
  let made = 0
  const make: PeerScene['make'] = async (collection, object) => {
    const answer = await admin(collection, { method: 'POST', body: object })
    if (answer.code !== 201) throw new Error(`POST ${collection}: ${answer.text}`)
    return answer.body
  }
  const until = async (served: () => Promise<boolean>): Promise<void> => {
    while (!(await served())) await pause(20)
  }
  return {
    peer,
    admin,
    make,
    as: async user => askAs(await peer.kubeconfig(user)),
    namespace: async (name = `peer-${(made += 1)}`) => {
      const answer = await admin('/api/v1/namespaces', {
        method: 'POST',
        body: { metadata: { name } },
      })
      if (![201, 409].includes(answer.code)) throw new Error(`namespace ${name}: ${answer.text}`)
      return name
    },
    grant: async (user, namespace, rules) => {
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: user }
      const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }]
      const metadata = { name: user, namespace }
      await make(`${rbac}/namespaces/${namespace}/roles`, { metadata, rules })
      const binding = { metadata, roleRef, subjects }
      await make(`${rbac}/namespaces/${namespace}/rolebindings`, binding)
      // A real API server hears of a right a moment after it is given.
      const asUser = askAs(await peer.kubeconfig(user))
      const [{ apiGroups, resources, verbs, resourceNames } = {}] = rules
      const right = { namespace, group: apiGroups?.[0], resource: resources?.[0], verb: verbs?.[0] }
      await until(async () => {
        const answer = await asUser('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
          method: 'POST',
          body: { spec: { resourceAttributes: { ...right, name: resourceNames?.[0] } } },
        })
        return at(answer.body, 'status', 'allowed') === true
      })
    },
    define: async definition => {
      const { metadata, spec } = definition as Definition
      const collection = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
      const path = `${collection}/${metadata.name}`
      const before = await admin(path)
      if (before.code === 404) await make(collection, definition as object)
      else {
        const { resourceVersion } = before.body['metadata'] as { resourceVersion: string }
        const body = { ...(definition as object), metadata: { ...metadata, resourceVersion } }
        const answer = await admin(path, { method: 'PUT', body })
        if (answer.code !== 200) throw new Error(`PUT ${path}: ${answer.text}`)
      }
      for (const { name, served } of spec.versions)
        if (served)
          await until(async () => {
            const { code } = await admin(`/apis/${spec.group}/${name}/${spec.names.plural}`)
            return code === 200
          })
    },
    cluster: async user => kubernetesCluster(await peer.kubeconfig(user)),
    configuration: async user => configurationOf(loadKubeconfig(await peer.kubeconfig(user))),
  }
}

type Definition = Readonly<{
  metadata: Readonly<{ name: string }>
  spec: Readonly<{
    group: string
    names: Readonly<{ plural: string }>
    versions: readonly Readonly<{ name: string; served: boolean }>[]
  }>
}>

/** The path of the objects of a namespace. */
export const inNamespace = (api: string, namespace: string, plural: string): string =>
  `${api.includes('/') ? '/apis/' : '/api/'}${api}/namespaces/${namespace}/${plural}`

/** An answer as tests compare it: its code and what it holds. */
export const told = ({ code, body, text }: Answer): Body =>
  Object.keys(body).length > 0 ? { ...body, code } : { code, text }
