import type { Check } from '../preflight/check.ts'
import { field, listAt, textAt } from '../preflight/field.ts'
import { present } from '../seen.ts'
import { checkOf, type Fault } from './check-of.ts'
import type { Installation } from './installation.ts'
import { podOf } from './pod-of.ts'

/** Checks that Argo CD renders the roots of sower.yaml, and that the plugin it is told to use is there, whole and of the bot's version. */
export const checkArgoCd = (seen: Installation): readonly Check[] => {
  const { argocdNamespace, applications, argocdDeployments, roots } = seen
  const sources = applications.seen === 'present' ? applications.value.flatMap(sourcesOf) : []
  const usesPlugin = sources.some(source => textAt(source, 'plugin', 'name') === 'sower')
  const noApplication = {
    reason: `there is no Application in ${argocdNamespace}`,
    fix: 'set argocd.namespace in sower.yaml to the namespace of your Applications',
  }
  return [
    checkOf({
      ...{ id: 'argocd.roots', of: 'the Applications of Argo CD', read: applications },
      whenAbsent: noApplication,
      judge: all => {
        if (all.length === 0) return noApplication
        const paths = new Set(sources.map(source => textAt(source, 'path')))
        const missing = roots.filter(root => !paths.has(root))
        return missing.length === 0
          ? null
          : {
              reason: `no Application renders ${missing.join(', ')}`,
              fix: 'give `roots` in sower.yaml the paths that Applications name, or make the Application',
            }
      },
    }),
    checkOf({
      ...{ id: 'argocd.sidecar', of: 'the sidecar of the repo-server' },
      read: usesPlugin ? argocdDeployments : present([]),
      whenAbsent: noRepoServer(argocdNamespace),
      judge: deployments => (usesPlugin ? sidecarFault(deployments, argocdNamespace) : null),
    }),
    checkOf({
      ...{ id: 'argocd.plugin-version', level: 'warn', of: 'the versions of plugin and bot' },
      read: seen.workload,
      whenAbsent: { reason: 'there is no bot to compare with', fix: 'apply your overlay' },
      judge: bot => {
        const sidecar =
          argocdDeployments.seen === 'present' ? sidecarIn(argocdDeployments.value) : undefined
        const [plugin, own] = [tagOf(sidecar), tagOf(containersOf(bot)[0])]
        return sidecar === undefined || plugin === own
          ? null
          : {
              reason: `the plugin is of ${plugin} and the bot of ${own}`,
              fix: 'give both images the same tag: they judge a detach by the same rules',
            }
      },
    }),
  ]
}

const sourcesOf = (application: unknown): readonly unknown[] => [
  field(application, 'spec', 'source'),
  ...listAt(application, 'spec', 'sources'),
]
const containersOf = (workload: unknown): readonly unknown[] =>
  listAt(podOf(workload), 'containers')
const isSidecar = (container: unknown): boolean => textAt(container, 'name') === 'sower'
const sidecarIn = (deployments: readonly unknown[]): unknown =>
  deployments.filter(isRepoServer).flatMap(containersOf).find(isSidecar)
const isRepoServer = (deployment: unknown): boolean =>
  textAt(deployment, 'metadata', 'name').endsWith('repo-server')

/** The part of an image behind its last colon, unless that is a port. */
const tagOf = (container: unknown): string =>
  /:([^:/]+)$/.exec(textAt(container, 'image'))?.[1] ?? 'no tag'

const noRepoServer = (namespace: string): Fault => ({
  reason: `there is no Deployment of a repo-server in ${namespace}`,
  fix: 'set argocd.namespace in sower.yaml to the namespace of Argo CD',
})

/** Argo CD puts its server and the sockets there (docs/plugin.md). */
const mounts = ['/var/run/argocd', '/home/argocd/cmp-server/plugins', '/tmp']

const sidecarFault = (deployments: readonly unknown[], namespace: string): Fault | null => {
  const repoServer = deployments.find(isRepoServer)
  if (repoServer === undefined) return noRepoServer(namespace)
  const sidecar = containersOf(repoServer).find(isSidecar)
  const fix = 'apply manifests/argocd/sidecar again: docs/plugin.md'
  if (sidecar === undefined)
    return {
      reason: 'Applications name the plugin sower, and the repo-server has no container sower',
      fix,
    }
  const volumes = listAt(repoServer, 'spec', 'template', 'spec', 'volumes').map(volume =>
    textAt(volume, 'name'),
  )
  const mounted = listAt(sidecar, 'volumeMounts')
  const gone = mounts.filter(
    path => !mounted.some(mount => textAt(mount, 'mountPath') === path && isThere(mount, volumes)),
  )
  return gone.length === 0
    ? null
    : { reason: `the sidecar has no volume at ${gone.join(', ')}`, fix }
}
const isThere = (mount: unknown, volumes: readonly string[]): boolean =>
  volumes.includes(textAt(mount, 'name'))
