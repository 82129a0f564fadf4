import { ConflictError } from '../errors.ts'
import type { Cluster } from '../operations/ports/cluster.ts'
import type { Ports } from '../operations/ports/ports.ts'

/**
 * Ports through which only the bot that acts changes anything: its leadership is looked at once more right before each
 * write to Git, GitHub, Argo CD, the hub and a seed, since an effect reads for seconds before it writes, and a process
 * can be stopped in between. Such a write throws ConflictError LEADERSHIP_LOST, and nothing was done. Runs have their
 * own guard, the version that a change is compared with.
 */
export const portsOfLeader = (ports: Ports): Ports => {
  const { leadership, forge, repository, argocd } = ports
  const led =
    <Given extends readonly unknown[], Answer>(
      activity: string,
      write: (...given: Given) => Promise<Answer>,
    ) =>
    async (...given: Given): Promise<Answer> => {
      if (!leadership.holds())
        throw new ConflictError('LEADERSHIP_LOST', `${activity}: another bot acts now`)
      return write(...given)
    }
  const clusterOf = (cluster: Cluster, where: string): Cluster => ({
    ...cluster,
    create: led(`creating an object on ${where}`, cluster.create),
    putSecret: led(`saving a Secret on ${where}`, cluster.putSecret),
    annotate: led(`annotating an object on ${where}`, cluster.annotate),
    remove: led(`deleting an object on ${where}`, cluster.remove),
  })
  return {
    ...ports,
    forge: {
      ...forge,
      upsertComment: led('writing to GitHub', forge.upsertComment),
      setStatus: led('writing to GitHub', forge.setStatus),
      react: led('writing to GitHub', forge.react),
    },
    pulls: {
      ...ports.pulls,
      create: led('opening a pull request', ports.pulls.create),
      merge: led('merging a pull request', ports.pulls.merge),
    },
    repository: { ...repository, push: led('pushing', repository.push) },
    hub: clusterOf(ports.hub, 'the hub'),
    connect: kubeconfig => clusterOf(ports.connect(kubeconfig), 'the seed'),
    argocd: argocd && {
      ...argocd,
      syncWithPrune: led('ordering a sync', argocd.syncWithPrune),
    },
  }
}
