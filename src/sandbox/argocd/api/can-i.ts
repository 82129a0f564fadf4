import { controlPlaneNamespace } from '../application.ts'
import { rbacName, type Rbac } from './create-rbac.ts'

// util/rbac/rbac.go.
const resources = [
  ...['clusters', 'projects', 'applications', 'applicationsets', 'repositories'],
  ...['write-repositories', 'certificates', 'accounts', 'gpgkeys', 'logs', 'exec', 'extensions'],
]
const actions = ['get', 'create', 'update', 'delete', 'sync', 'override', 'invoke', 'action']

/** The answer of `/api/v1/account/can-i/{resource}/{action}/{subresource}`; undefined for another path. */
export const canI = (
  rbac: Rbac,
  path: string,
): Readonly<{ value: 'yes' | 'no' }> | Readonly<{ invalid: string }> | undefined => {
  const [, question] = /^\/api\/v1\/account\/can-i\/(.+)$/.exec(path) ?? []
  if (question === undefined) return undefined
  const [resource = '', action = '', ...object] = question.split('/').map(decodeURIComponent)
  if (!actions.includes(action))
    return { invalid: `[${actions.join(' ')}] does not contain ${action}` }
  if (!resources.includes(resource))
    return { invalid: `[${resources.join(' ')}] does not contain ${resource}` }
  const [project = '', namespace = '', name] = object
  // `project/namespace/name` of Argo CD's own namespace is `project/name` (server/account/account.go, CanI).
  const asked =
    name !== undefined && object.length === 3 && namespace === controlPlaneNamespace
      ? rbacName({ project, namespace, name })
      : object.join('/')
  return { value: resource === 'applications' && rbac.allows(action, asked) ? 'yes' : 'no' }
}
