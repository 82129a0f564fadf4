import { z } from 'zod'
import { actionOf, readTarget, servedTarget, verbOf } from './target.ts'
import { authorize, isAllowed } from '../authorize.ts'
import { deleteObject } from './delete-object.ts'
import { discovery } from './discovery.ts'
import { listObjects } from './list-objects.ts'
import { servedResources } from '../served-resources.ts'
import {
  badRequestError,
  detailsOf,
  methodNotAllowedError,
  notFoundError,
} from '../status-error.ts'
import { createObject, isApply, keyOfTarget, patchObject, replaceObject } from './write.ts'
import type { Clock } from '../../clock.ts'
import type { Target, Verb } from './target.ts'
import type { Authorization, User } from '../authorize.ts'
import type { Resource } from '../resource.ts'
import type { Write } from './write.ts'

/** A request that has been authenticated. */
export type ApiRequest = Readonly<{
  user: User
  method: string
  path: string
  query: URLSearchParams
  contentType: string
  userAgent: string
  body: string
}>

/** The server's answer; a watch is answered piece by piece. */
export type Answer = Readonly<
  | { is: 'json'; code: number; body: unknown }
  | { is: 'text'; code: number; body: string }
  | { is: 'watch'; target: Target }
> &
  Readonly<{ verb: string }>

/** Everything that the server serves, and for whom. */
export type Api = Authorization & Readonly<{ clock: Clock; resources: readonly Resource[] }>

const SelfSubjectAccessReview = z.looseObject({
  spec: z.looseObject({
    resourceAttributes: z
      .looseObject({
        namespace: z.string(),
        verb: z.string(),
        group: z.string(),
        resource: z.string(),
        subresource: z.string(),
        name: z.string(),
      })
      .partial(),
  }),
})

const reviewAccess = (api: Api, { user, body }: ApiRequest): Answer => {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    value = undefined
  }
  const { data } = SelfSubjectAccessReview.safeParse(value)
  if (!data) throw badRequestError('spec.resourceAttributes is required')
  const asked = data.spec.resourceAttributes
  const { resource = '', subresource = '' } = asked
  const allowed = isAllowed(api, user, {
    verb: asked.verb ?? '',
    group: asked.group ?? '',
    resource: subresource === '' ? resource : `${resource}/${subresource}`,
    namespace: asked.namespace ?? '',
    name: asked.name ?? '',
  })
  return {
    is: 'json',
    verb: 'create',
    code: 201,
    body: {
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: data.spec,
      status: { allowed },
    },
  }
}

const deleteOne = (write: Write, served: readonly Resource[]): unknown => {
  const { live, left } = deleteObject(write, served)
  if (left) return left
  const { resource, name } = write.target
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { ...detailsOf(resource, name), uid: live.metadata.uid },
  }
}

const answerObjects = (api: Api, request: ApiRequest, target: Target, verb: Verb): Answer => {
  const { query, contentType, userAgent, body } = request
  const write: Write = {
    store: api.store,
    clock: api.clock,
    target,
    query,
    contentType,
    userAgent,
    body,
  }
  const json = (code: number, answer: unknown): Answer => ({ is: 'json', verb, code, body: answer })
  switch (verb) {
    case 'get': {
      const found = api.store.get(keyOfTarget(target))
      if (!found) throw notFoundError(target.resource, target.name)
      return json(200, found)
    }
    case 'list':
      return json(200, listObjects(api.store, target, query))
    case 'watch':
      return { is: 'watch', verb, target }
    case 'create': {
      const { code, object } = createObject(write)
      return json(code, object)
    }
    case 'update': {
      const { code, object } = replaceObject(write)
      return json(code, object)
    }
    case 'patch': {
      const { code, object } = patchObject(write)
      return json(code, object)
    }
    case 'delete':
      return json(200, deleteOne(write, servedResources(api.resources, api.store)))
    case 'deletecollection':
      throw methodNotAllowedError()
  }
}

// Paths that are no resources: health, version, discovery.
const answerOthers = (path: string, served: readonly Resource[]): Answer | undefined => {
  if (['/readyz', '/livez', '/healthz'].includes(path))
    return { is: 'text', verb: 'get', code: 200, body: 'ok' }
  if (path === '/version')
    return {
      is: 'json',
      verb: 'get',
      code: 200,
      body: { major: '1', minor: '31', gitVersion: 'v1.31.6', platform: 'linux/amd64' },
    }
  const body = discovery(path, served)
  return body === undefined ? undefined : { is: 'json', verb: 'get', code: 200, body }
}

/** The answer of a node's kubelet through its proxy; the store holds it beside the node. */
const kubeletAnswer = (api: Api, { resource, subresource, name }: Target, path: string): unknown =>
  resource.plural === 'nodes' &&
  subresource === 'proxy' &&
  decodeURIComponent(path).endsWith('/proxy/stats/summary')
    ? api.store.get({ apiVersion: 'v1', kind: 'NodeSummary', namespace: '', name })?.['status']
    : undefined

/** Authorizes a request and answers it; throws a StatusError for an answer that is an error. */
export const handleRequest = (api: Api, request: ApiRequest): Answer => {
  const { method, path, query, user } = request
  const served = servedResources(api.resources, api.store)
  const other = method === 'GET' ? answerOthers(path, served) : undefined
  if (other) return other
  if (method === 'POST' && path === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews')
    return reviewAccess(api, request)
  const asked = readTarget(path)
  const verb = asked && verbOf(method, asked, query)
  const denied = verb && authorize(api, user, actionOf(verb, asked, query))
  if (denied) throw denied
  const summary = asked && kubeletAnswer(api, asked, path)
  if (summary !== undefined) return { is: 'json', verb: 'get', code: 200, body: summary }
  const target = asked && servedTarget(asked, served)
  if (!target)
    return { is: 'text', verb: method.toLowerCase(), code: 404, body: '404 page not found\n' }
  if (!verb) throw methodNotAllowedError()
  // An apply that makes the object needs the right to create it, by its name (apiserver pkg/endpoints/handlers/patch.go).
  const isMaking =
    verb === 'patch' && isApply(request.contentType) && !api.store.get(keyOfTarget(target))
  const deniedToMake = isMaking && authorize(api, user, actionOf('create', target, query))
  if (deniedToMake) throw deniedToMake
  return answerObjects(api, request, target, verb)
}
