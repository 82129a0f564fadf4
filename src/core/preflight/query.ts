import type { Seen } from '../seen.ts'

/**
 * One read of an API server, as data: what is read, the roles on the hub and docs/preflight.md are made from it. Without
 * `name` it is a list; without `namespace` of a namespaced kind, of all namespaces. Names may hold `{cluster}` and
 * `{argocd}` (the namespace of `argocd.namespace`), and what another read brings: `{node}` and `{lifecycle-agent}`.
 */
export type Query = Readonly<{
  on: 'hub' | 'seed'
  /** Empty for the core group. */
  group: string
  version: string
  /** The plural, as roles name it; with a subresource such as `nodes/proxy`. */
  resource: string
  kind: string
  namespace?: string
  name?: string
  /** A path to read below a subresource, as `stats/summary` of a kubelet. */
  path?: string
  /** Set for a kind that need not be installed: where it is not served, there is no such object. */
  optional?: true
}>

/** Writes queries of one cluster: apiVersion, the plural, the kind, and what narrows it. */
export const queryOn =
  (on: Query['on']) =>
  (
    apiVersion: string,
    resource: string,
    kind: string,
    more: Partial<Pick<Query, 'namespace' | 'name' | 'path' | 'optional'>> = {},
  ): Query => {
    const [version = '', group = ''] = apiVersion.split('/').reverse()
    return { on, group, version, resource, kind, ...more }
  }

/** An object as a check reads it; what a check needs of it, it reads with `field`. */
export type ReadObject = Readonly<{
  kind: string
  metadata: Readonly<{
    name: string
    namespace?: string | undefined
    generation?: number | undefined
    deletionTimestamp?: string | undefined
    labels?: Readonly<Record<string, string>> | undefined
    annotations?: Readonly<Record<string, string>> | undefined
  }>
  spec?: unknown
  status?: unknown
  data?: Readonly<Record<string, string>> | undefined
}>

/** The answer to a query: an object that is not there is an empty list. */
export type Answer = Seen<readonly ReadObject[]>

/** The answers to all queries of a pass. */
export type Answers = (query: Query) => Answer

/** Two queries with the same key are one read. */
export const queryKey = ({ on, group, version, resource, namespace, name, path }: Query): string =>
  [on, group, version, resource, namespace ?? '', name ?? '', path ?? ''].join(' ')

/** Says in words what is read, such as `clusteroperators.config.openshift.io on the seed`. */
export const describeQuery = ({ on, group, resource, namespace, name }: Query): string => {
  const kind = group === '' ? resource : `${resource}.${group}`
  const place = [namespace, name].filter(part => part !== undefined).join('/')
  return `${kind}${place === '' ? '' : ` ${place}`} on the ${on}`
}

/** The command with which a person asks the same. */
export const commandOf = ({ group, resource, namespace, name, path }: Query): string => {
  const [plural = '', subresource] = resource.split('/')
  if (subresource !== undefined)
    return `oc get --raw /api/v1/${plural}/${name ?? ''}/${subresource}/${path ?? ''}`
  const kind = group === '' ? plural : `${plural}.${group}`
  const words = ['oc get', kind, name ?? '', namespace === undefined ? '' : `-n ${namespace}`]
  return words.filter(word => word !== '').join(' ')
}
