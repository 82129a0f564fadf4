/** One act on an API server, in words of RBAC; without a name it is on all of that kind. */
export type Right = Readonly<{
  verb: string
  /** Empty for the core group. */
  group: string
  /** The plural, as roles name it. */
  resource: string
  namespace?: string
  name?: string
}>

/** Says what is done, such as `list baremetalhosts.metal3.io in sno1` or `get secrets sower/sno1-access`. */
export const describeRight = ({ verb, group, resource, namespace, name }: Right): string => {
  const kind = group === '' ? resource : `${resource}.${group}`
  if (name !== undefined)
    return `${verb} ${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`
  return `${verb} ${kind}${namespace === undefined ? '' : ` in ${namespace}`}`
}

/** The role of the manifests that holds a right on the hub. */
export const roleOf = ({ group, resource, namespace = '', name = '' }: Right): string => {
  if (group === 'argoproj.io') return `Role sower-applications in ${namespace}`
  if (group === 'bitnami.com') return `Role sower-push-credential in ${namespace}`
  if (resource !== 'secrets' || name === 'auto-import-secret') return 'ClusterRole sower'
  if (name.endsWith('-admin-kubeconfig')) return 'ClusterRole sower-seeds'
  return `Role ${name === '' || name.endsWith('-access') ? 'sower-access' : 'sower-push-credential'} in ${namespace}`
}

/** Says what is done, and which role of the manifests lets Sower do it. */
export const rightWithRole = (right: Right): string => `${describeRight(right)} (${roleOf(right)})`
