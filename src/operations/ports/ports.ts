import type { ArgoCd } from './argo-cd.ts'
import type { Confirmations } from './inbox.ts'
import type { Cluster } from './cluster.ts'
import type { Forge } from './forge.ts'
import type { Kustomize } from './kustomize.ts'
import type { Leadership } from './leadership.ts'
import type { PullRequests } from './pull-requests.ts'
import type { Registry } from './registry.ts'
import type { Repository } from './repository.ts'
import type { RunStore } from './run-store.ts'

/** All of the outside that a run needs. Adapters are constructed when they are first used. */
export type Ports = Readonly<{
  repository: Repository
  forge: Forge
  /** Pull requests that the bot opens, for a person or itself to merge. */
  pulls: Pick<PullRequests, 'open' | 'create' | 'merge'>
  kustomize: Kustomize
  hub: Cluster
  /** Connects to a seed with its kubeconfig. Throws RefusedError ACCESS_MISSING when it is unusable. */
  connect: (kubeconfig: string) => Cluster
  /** Null without a token. */
  argocd: ArgoCd | null
  registry: Registry
  runs: RunStore
  /** Confirmations that a pull request is meant to bring a detached cluster back. */
  confirmations: Confirmations
  /** The choice of the one among several bots on the same runs that acts. */
  leadership: Leadership
  /** Registers a secret value, so that nothing printed later holds it. */
  conceal: (secret: string) => void
  /** Replaces each registered value in a text, in whatever form. What is escaped or cut is cleaned before that. */
  clean: (text: string) => string
}>
