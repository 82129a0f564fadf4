import type { Clock } from './clock.ts'
import type { ApiServer } from './kubernetes/start-api-server.ts'
import type { ObjectStore, StoredObject } from './kubernetes/object-store.ts'

/** The actors of the sandbox; the demo tells the story from their acts. */
export type Actor =
  'github' | 'argocd' | 'siteconfig' | 'acm' | 'sealed-secrets' | 'lifecycle-agent' | 'registry'

/** Tells one line of what happened, in the past tense, with machine-readable details beside it. */
export type Tell = (
  actor: Actor,
  message: string,
  details?: Readonly<Record<string, unknown>>,
) => void

/** One simulated single-node cluster with an API of its own. */
export type SeedCluster = Readonly<{
  /** `spec.clusterName` of its ClusterInstance. */
  name: string
  store: ObjectStore
  /** The admin kubeconfig with a client certificate, as the assisted installer leaves it on the hub. */
  kubeconfig: string
  /** OpenShift version of ClusterVersion/version. */
  version: string
  /** False takes the API away: connections are refused until it is true again. */
  setAvailable: (available: boolean) => Promise<void>
  /** Plays troubles of the API from now on; null: it answers again. */
  setTrouble?: ApiServer['setTrouble']
  /** Ends every token of the API, as new keys do; client certificates stay good. */
  endTokens?: () => void
}>

/** A write that admission webhooks are asked about. */
export type AdmissionRequest = Readonly<{
  verb: 'create' | 'update' | 'delete'
  object: StoredObject
}>

/** Everything that the controllers share: the hub's objects, the seeds, the time and somewhere to report their acts. */
export type World = Readonly<{
  clock: Clock
  hub: ObjectStore
  seeds: ReadonlyMap<string, SeedCluster>
  tell: Tell
  /** The answer of the hub's admission webhooks to a write by Argo CD: a text that denies it, or undefined. */
  admission?: (write: AdmissionRequest) => string | undefined
}>

/** A controller started on the world; `stop` ends its loop and waits for what it has in hand. */
export type Controller = Readonly<{ stop: () => Promise<void> }>
