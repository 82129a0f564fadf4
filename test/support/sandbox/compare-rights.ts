import type { Sandbox } from '../../../src/sandbox/start-sandbox.ts'

type Rule = Readonly<{
  apiGroups: readonly string[]
  resources: readonly string[]
  resourceNames?: readonly string[]
  verbs: readonly string[]
}>
type Asked = Readonly<{
  verb: string
  group: string
  resource: string
  namespace: string
  name: string
}>

const bot = 'system:serviceaccount:sower:sower'
const path =
  /^\/(?:api\/v1|apis\/([^/]+)\/[^/]+)(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/

const askedBy = (verb: string, of: string): Asked | undefined => {
  const found = path.exec(of)
  if (!found) return undefined
  const [, group = '', namespace = '', plural = '', name = '', subresource] = found
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`
  return { verb, group, resource, namespace, name }
}

const wordsOf = ({ verb, group, resource, namespace, name }: Asked): string =>
  [verb, group === '' ? resource : `${resource}.${group}`, `${namespace}/${name}`].join(' ')

/** The rights that the manifests give the bot, one verb of one resource each; an empty namespace is all of them. */
const granted = ({ hub }: Pick<Sandbox, 'hub'>): readonly Asked[] =>
  (['Role', 'ClusterRole'] as const)
    .flatMap(kind => hub.list({ apiVersion: 'rbac.authorization.k8s.io/v1', kind }))
    .flatMap(({ metadata, ...role }) =>
      (role['rules'] as readonly Rule[]).flatMap(rule =>
        rule.verbs.flatMap(verb =>
          rule.resources.flatMap(resource =>
            (rule.resourceNames ?? ['']).map(name => ({
              ...{ verb, group: rule.apiGroups[0] ?? '', resource, name },
              namespace: metadata.namespace ?? '',
            })),
          ),
        ),
      ),
    )

const covers = (right: Asked, asked: Asked): boolean =>
  right.verb === asked.verb &&
  right.group === asked.group &&
  right.resource === asked.resource &&
  (right.namespace === '' || right.namespace === asked.namespace) &&
  (right.name === '' || right.name === asked.name)

/**
 * What the bot was denied on the hub, and the rights of the manifests that it did not use, in words; the names of other
 * clusters than that of the run left out.
 */
export const compareRights = (
  sandbox: Pick<Sandbox, 'hub' | 'hubRequests'>,
  cluster: string,
): Readonly<{ denied: readonly string[]; unused: readonly string[] }> => {
  const asked = sandbox.hubRequests
    .filter(({ user }) => user === bot)
    .flatMap(({ verb, path: of, status }) => {
      // An apply that creates needs both rights.
      const needed = verb === 'patch' && status === 201 ? [verb, 'create'] : [verb]
      return needed.flatMap(each => {
        const found = askedBy(each, of)
        return found ? [{ ...found, status }] : []
      })
    })
  const denied = asked.filter(({ status }) => status === 403).map(wordsOf)
  const isOfAnother = ({ name }: Asked): boolean =>
    /-(?:access|admin-kubeconfig)$/.test(name) && !name.startsWith(`${cluster}-`)
  const unused = granted(sandbox).filter(
    right => !isOfAnother(right) && !asked.some(each => covers(right, each)),
  )
  return { denied: [...new Set(denied)], unused: unused.map(wordsOf) }
}
