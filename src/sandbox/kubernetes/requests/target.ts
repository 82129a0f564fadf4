import { matchesName } from './select-objects.ts'
import type { Resource } from '../resource.ts'

/** The object or collection that a path of the API names. */
export type Target = Readonly<{
  resource: Resource
  subresource: string
  /** Empty for cluster-scoped kinds and for all namespaces. */
  namespace: string
  /** Empty for a collection. */
  name: string
}>

/** A Kubernetes verb, as RBAC rules name it. */
export type Verb =
  'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'

/** The request, as the authorizer sees it. */
export type Action = Target & Readonly<{ verb: Verb }>

/**
 * Reads what a path asks for, whether it is served or not: RBAC is asked before the server looks for the kind
 * (kubernetes apiserver pkg/endpoints/request/requestinfo.go). Undefined for a path that names no resource.
 */
export const readTarget = (path: string): Target | undefined => {
  const segments = path.split('/').slice(1).map(decodeURIComponent)
  const isCore = segments[0] === 'api'
  if (!isCore && segments[0] !== 'apis') return undefined
  const [group = '', version = ''] = isCore ? ['', segments[1]] : [segments[1], segments[2]]
  let rest = segments.slice(isCore ? 2 : 3)
  let namespace = ''
  // `namespaces/x/secrets` is scope and resource; `namespaces/x` and `namespaces/x/status` are the object.
  if (rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'status') {
    namespace = rest[1] ?? ''
    rest = rest.slice(2)
  }
  const [plural = '', name = '', subresource = '', ...more] = rest
  if (plural === '' || (more.length > 0 && subresource !== 'proxy')) return undefined
  // Nothing is known of a kind that is not served; RBAC asks for no more than this.
  const resource = { group, version, plural, kind: '', namespaced: true, status: true }
  return { resource, subresource, namespace, name }
}

/** Finds the kind that a path names; undefined is the server's plain "404 page not found". */
export const servedTarget = (asked: Target, served: readonly Resource[]): Target | undefined => {
  const { subresource, namespace, name } = asked
  const { group, version, plural } = asked.resource
  const resource = served.find(
    each => each.group === group && each.version === version && each.plural === plural,
  )
  if (!resource) return undefined
  if (subresource !== '' && !(subresource === 'status' && resource.status)) return undefined
  if (!resource.namespaced && namespace !== '') return undefined
  if (resource.namespaced && namespace === '' && name !== '') return undefined
  return { resource, subresource, namespace, name }
}

const singleVerbs: Readonly<Record<string, Verb>> = {
  GET: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

/** The verb of a request; undefined when the method is not allowed there. */
export const verbOf = (
  method: string,
  target: Target,
  query: URLSearchParams,
): Verb | undefined => {
  if (target.name !== '') return singleVerbs[method]
  if (method === 'POST') return 'create'
  if (method === 'DELETE') return 'deletecollection'
  if (method !== 'GET') return undefined
  return ['true', '1'].includes(query.get('watch') ?? '') ? 'watch' : 'list'
}

/** The question to the authorizer: a list of one name counts as a request for that name. */
export const actionOf = (verb: Verb, target: Target, query: URLSearchParams): Action => {
  const name =
    target.name === '' && verb !== 'create'
      ? (matchesName(query.get('fieldSelector') ?? '') ?? '')
      : target.name
  // The RequestInfo of a namespace has its own name as namespace too.
  const isNamespace = target.resource.group === '' && target.resource.plural === 'namespaces'
  return { ...target, verb, name, namespace: isNamespace ? target.name : target.namespace }
}
