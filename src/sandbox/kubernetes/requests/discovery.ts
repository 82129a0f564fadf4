import { apiVersionOf } from '../served-resources.ts'
import type { Resource } from '../resource.ts'

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

const authorizationReview = {
  name: 'selfsubjectaccessreviews',
  singularName: 'selfsubjectaccessreview',
  namespaced: false,
  kind: 'SelfSubjectAccessReview',
  verbs: ['create'],
}

const resourceList = (groupVersion: string, served: readonly Resource[]): unknown => {
  const resources = served
    .filter(resource => apiVersionOf(resource) === groupVersion)
    .flatMap(({ plural, kind, namespaced, status }) => [
      { name: plural, singularName: kind.toLowerCase(), namespaced, kind, verbs },
      ...(status
        ? [
            {
              name: `${plural}/status`,
              singularName: '',
              namespaced,
              kind,
              verbs: ['get', 'patch', 'update'],
            },
          ]
        : []),
    ])
  const all = groupVersion === 'authorization.k8s.io/v1' ? [authorizationReview] : resources
  return all.length === 0
    ? undefined
    : { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: all }
}

const groupList = (served: readonly Resource[]): unknown => {
  const groups = new Map<string, Set<string>>([['authorization.k8s.io', new Set(['v1'])]])
  for (const { group, version } of served)
    if (group !== '') groups.set(group, (groups.get(group) ?? new Set()).add(version))
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [...groups].map(([name, versions]) => {
      const entries = [...versions].map(version => ({
        groupVersion: `${name}/${version}`,
        version,
      }))
      return { name, versions: entries, preferredVersion: entries[0] }
    }),
  }
}

/** Answers the paths by which clients learn what is served; undefined when the path is none of them. */
export const discovery = (path: string, served: readonly Resource[]): unknown => {
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] }
  if (path === '/apis') return groupList(served)
  const groupVersion = /^\/api\/(v1)$/.exec(path)?.[1] ?? /^\/apis\/([^/]+\/[^/]+)$/.exec(path)?.[1]
  return groupVersion === undefined ? undefined : resourceList(groupVersion, served)
}
