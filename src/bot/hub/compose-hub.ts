import { hostname } from 'node:os'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { fileRunStore } from '../../adapters/files/file-run-store.ts'
import { configurationOf } from '../../adapters/kubernetes/configuration-of.ts'
import { inClusterKubeconfig } from '../../adapters/kubernetes/in-cluster-kubeconfig.ts'
import { kubeconfigSecrets } from '../../adapters/kubernetes/kubeconfig-secrets.ts'
import { kubernetesCluster } from '../../adapters/kubernetes/kubernetes-cluster.ts'
import { leaseLeadership } from '../../adapters/kubernetes/lease-leadership.ts'
import { loadKubeconfig } from '../../adapters/kubernetes/load-kubeconfig.ts'
import { runEvents } from '../../adapters/kubernetes/run-events.ts'
import { seedRunStore } from '../../adapters/kubernetes/seed-run-store.ts'
import { watchChanges, type WatchChanges } from '../../adapters/kubernetes/watch-changes.ts'
import { InputError } from '../../errors.ts'
import { leadAlone } from './lead-alone.ts'
import type { Cluster } from '../../operations/ports/cluster.ts'
import type { Ports } from '../../operations/ports/ports.ts'
import type { WriteRunEvent } from '../../operations/ports/run-event.ts'
import type { BotOptions } from '../bot-options.ts'

type Around = Readonly<{
  environment: Readonly<Record<string, string | undefined>>
  /** Where files are kept. */
  data: string
  /** Reads a file that an option names. */
  read: (file: string) => string
  conceal: (secret: string) => void
  unreadable: (run: string, reason: string) => void
  now: () => Date
}>

/** The hub, and a way to open where runs are kept once the data directory is held. */
type OnHub = Readonly<{
  hub: Cluster
  watchHub: WatchChanges
  openRuns: () => Pick<Ports, 'runs' | 'leadership'> &
    Readonly<{ writeEvent: WriteRunEvent | null }>
}>

/**
 * The hub, and where runs are kept: on the hub as SeedRuns, with a Lease that elects the bot that acts, or in files,
 * whose directory one bot holds. Throws InputError ARGUMENT_INVALID without a way to the hub.
 */
export const composeHub = (
  {
    kubeconfig,
    context,
    namespace,
    runs,
  }: Pick<BotOptions, 'kubeconfig' | 'context' | 'namespace' | 'runs'>,
  { environment, data, read, conceal, unreadable, now }: Around,
): OnHub => {
  const text = kubeconfig === undefined ? inClusterKubeconfig(environment) : read(kubeconfig)
  if (text === undefined)
    throw new InputError(
      'ARGUMENT_INVALID',
      'reading --kubeconfig: there is none, and this is not a pod with a service account',
      { fix: 'give the kubeconfig of the hub, or run the bot on the hub' },
    )
  kubeconfigSecrets(text).forEach(conceal)
  const hub = kubernetesCluster(text, { credentials: 'any', context })
  const config = loadKubeconfig(text, context)
  const watchHub = watchChanges(config)
  const isOnHub = (runs ?? (kubeconfig === undefined ? 'hub' : 'files')) === 'hub'
  if (!isOnHub) {
    const openRuns = () => ({
      runs: fileRunStore(join(data, 'runs'), unreadable),
      leadership: leadAlone,
      writeEvent: null,
    })
    return { hub, watchHub, openRuns }
  }
  const configuration = configurationOf(config)
  const identity = `${hostname()}_${randomUUID()}`
  const openRuns = () => ({
    runs: seedRunStore(configuration, { namespace, unreadable }),
    leadership: leaseLeadership(configuration, { namespace, identity, now }),
    writeEvent: runEvents(configuration, { namespace, identity, now }),
  })
  return { hub, watchHub, openRuns }
}
