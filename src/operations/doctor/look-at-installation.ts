import type { Installation } from '../../core/doctor/installation.ts'
import { podOf } from '../../core/doctor/pod-of.ts'
import { listAt, textAt } from '../../core/preflight/field.ts'
import type { Configuration } from '../../core/settings/configuration.ts'
import { mapSeen, type Seen } from '../../core/seen.ts'
import { listApplications } from '../hub/list-applications.ts'
import type { Cluster } from '../ports/cluster.ts'

type Place = Readonly<{
  config: Pick<Configuration, 'seeds' | 'roots' | 'secret' | 'argocd'>
  namespace: string
  now: Date
}>

/** Reads all of an installation that can be judged; writes nothing. Of Secrets only the names of keys are kept. */
export const lookAtInstallation = async (
  hub: Pick<Cluster, 'read' | 'list'>,
  { config, namespace, now }: Place,
): Promise<Omit<Installation, 'gitHub'>> => {
  const { argocd, secret } = config
  const deployment = await hub.read({
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'sower', namespace },
  })
  const rounds = {
    ...{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'sower', namespace },
  }
  const workload = deployment.seen === 'absent' ? await hub.read(rounds) : deployment
  const rbac = 'rbac.authorization.k8s.io/v1'
  return {
    ...{ namespace, argocdNamespace: argocd.namespace, now: now.getTime(), workload },
    ...{ seeds: config.seeds, roots: config.roots },
    definition: await hub.read({
      ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
      name: 'seedruns.sower.dev',
    }),
    secrets: await keysOf(hub, workload, namespace),
    lease: await hub.read({
      ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', name: 'sower', namespace },
    }),
    clusterRoles: await hub.list({ apiVersion: rbac, kind: 'ClusterRole' }),
    clusterRoleBindings: await hub.list({ apiVersion: rbac, kind: 'ClusterRoleBinding' }),
    applications: await listApplications(hub, { argocd }),
    argocdDeployments: await hub.list({
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: argocd.namespace },
    }),
    sealedSecret: await hub.read({
      ...{ apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret' },
      ...{ namespace: secret.namespace, name: secret.name },
    }),
    unsealed: mapSeen(
      await hub.read({
        ...{ apiVersion: 'v1', kind: 'Secret', namespace: secret.namespace, name: secret.name },
      }),
      () => true,
    ),
  }
}

const keysOf = async (
  hub: Pick<Cluster, 'read'>,
  workload: Seen<unknown>,
  namespace: string,
): Promise<Installation['secrets']> => {
  const volumes = workload.seen === 'present' ? listAt(podOf(workload.value), 'volumes') : []
  const names = volumes.map(volume => textAt(volume, 'secret', 'secretName')).filter(Boolean)
  const answers = await Promise.all(
    names.map(async name => {
      const read = await hub.read({ apiVersion: 'v1', kind: 'Secret', name, namespace })
      return [name, mapSeen(read, ({ data = {} }) => Object.keys(data))] as const
    }),
  )
  return new Map(answers)
}
