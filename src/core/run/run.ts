import type { ErrorCode } from '../../errors.ts'
import type { OwnChanges } from './own/own-changes.ts'

/** A full commit id, 40 hexadecimal digits. */
export type Sha = string

/** A moment as ISO 8601 in UTC, such as 2026-11-22T10:00:00.000Z. */
export type Instant = string

/** How a run can end. */
export const outcomes = ['Completed', 'Failed', 'Cancelled'] as const
export type Outcome = (typeof outcomes)[number]

/** The phases of a run that is under way, in their order. */
export const activePhases = [
  'Requested',
  'Proposed',
  'Detaching',
  'Detached',
  'Delivering',
  'Generating',
  'Verifying',
  'CleaningUp',
] as const
export type Active = (typeof activePhases)[number]
export type Phase = Active | Outcome

/** Orders that a person may give to a run under way. */
export type Verb = 'retry' | 'abort'

export type Order = Readonly<{ key: string; verb: Verb; by: string; at: Instant }>

export type Request = Readonly<{
  /** The key that makes a second delivery of the same request the same request. */
  key: string
  cluster: string
  /** The seed image to make, `registry/repository:tag`. */
  image: string
  /** owner/name */
  repository: string
  pullRequest: number
  by: string
  /** The head that the person saw when asking. */
  headSha: Sha
  /** The seed is detached already, by hand, or was never on a hub: nothing is edited, and nothing asked of Argo CD. */
  adopt?: boolean | undefined
}>

export type Blocked = Readonly<{ code: ErrorCode; reason: string; fix: string; since: Instant }>

/** Versions of what runs on a seed; one that it does not say is left out. */
export type Versions = Readonly<{
  openshift?: string | undefined
  lifecycleAgent?: string | undefined
  /** By name, the Lifecycle Agent among them. */
  operators: readonly Readonly<{ name: string; version: string }>[]
}>

/** The observed progress of the Lifecycle Agent. */
export type Generation = Readonly<{
  /** Since when the SeedGenerator gives no answer or is not there; null while it answers. */
  awaySince: Instant | null
  /** Seconds that the Lifecycle Agent waited for something else than its own work. */
  waited: number
  /** Its conditions have said that it is over. */
  ended: boolean
}>

/** One seed generation of one cluster, from request to end. Plain data: it is stored as it is. */
export type Run = Readonly<{
  /** The cluster: there is one run a cluster, and creating it is the lock. */
  name: string
  /** Set by the store; a change with an old version is refused (compare-and-swap). */
  version: string
  request: Request
  phase: Phase
  /** When the phase was entered. */
  since: Instant
  /** 1 for the first generation, one more for each retry. */
  attempt: number
  /** Decided before CleaningUp, shown after it. */
  outcome: Outcome | null
  /** The run waits for a human; shown with code, reason and next step. */
  blocked: Blocked | null
  /** Authorised and not yet obeyed. */
  orders: readonly Order[]
  facts: Readonly<{
    /** Sower's own commit on the pull request's branch; null until it is made. */
    pushedAs: Sha | null
    mergedAs: Sha | null
    managedClusterUid: string | null
    /** The first of the two reads in which everything was gone. */
    goneSince: Instant | null
    /** When Argo CD was last asked to look at Git, and when to render again without its cache. */
    refreshedAt: Instant | null
    hardRefreshedAt: Instant | null
    generatorAs: Sha | null
    /** The digest that the tag pointed to before the run; null when there was no such tag. */
    digestBefore: string | null
    digest: string | null
    /** The Lifecycle Agent's last word. */
    lastMessage: string | null
    /** `spec.clusterID` of the ClusterVersion of the seed that the push credential was delivered to. */
    clusterID?: string | null | undefined
    /** The digest of the sealed push credential that was delivered. */
    sealedSecretDigest?: string | null | undefined
    /** The OpenShift version that the label of the proven image names. */
    imageVersion?: string | null | undefined
    /** The versions on the seed when the push credential went there. */
    versions?: Versions | undefined
    /** Further traits of the seed at that time that its image repeats. */
    traits?: Readonly<{ hasProxy?: boolean | undefined; hasFips?: boolean | undefined }> | undefined
    /** The observed generation; null where another is to come, undefined where nobody has looked. */
    generation?: Generation | null | undefined
    /** Since when the saved access is kept on the hub; null once it is deleted. */
    accessSince?: Instant | null | undefined
    /** When each phase that is left was last entered. */
    times?: Readonly<Partial<Record<Active, Instant | undefined>>> | undefined
    /**
     * The pull request of Sower's own that records the merge, until the base branch has that record: so long a revert of
     * the merge would not conflict.
     */
    recordMergeIn: number | null
    /** Sower's own pull requests, where it has opened any. */
    own?: OwnChanges | undefined
  }>
  /** An effect that was begun and whose result is not recorded: after a crash it may or may not have happened. */
  intent: Readonly<{ effect: Effect; at: Instant }> | null
}>

/** One act on the outside world. */
export type Effect = Readonly<
  | { do: 'save-access' }
  | { do: 'commit-detach'; onto: Sha }
  | { do: 'record-merge'; mergedAs: Sha }
  | { do: 'refresh' | 'hard-refresh' | 'sync-with-prune'; application: string }
  | { do: 'commit-seed-generator'; image: string }
  | { do: 'deliver-secret' }
  | { do: 'apply-seed-generator'; from: Sha }
  | { do: 'delete-seed-generator'; uid: string; resourceVersion?: string | undefined }
  | { do: 'delete-secret' }
  | { do: 'commit-record'; digest: string | null }
  | { do: 'delete-access' }
>

export const isEnded = (phase: Phase): phase is Outcome =>
  phase === 'Completed' || phase === 'Failed' || phase === 'Cancelled'

/** Since when the access to the seed is kept on the hub after the end of a run; null where it is not. */
export const keptSince = ({ phase, facts }: Pick<Run, 'phase' | 'facts'>): Instant | null =>
  isEnded(phase) ? (facts.accessSince ?? null) : null

/** True while a run waits for its draft to be marked as ready, which is no fault: nobody can merge a draft. */
export const waitsForDraft = ({ blocked }: Pick<Run, 'blocked'>): boolean =>
  blocked?.code === 'PULL_REQUEST_DRAFT'

/** True once the pull request was merged: from here on the detach cannot be undone by closing it. */
export const isMerged = (run: Run): boolean => run.facts.mergedAs !== null

/**
 * A crash between these and their record must not repeat them: LCA deletes both objects on purpose while it
 * makes the image, and whatever is put back then is baked into every target (seedgen_controller.go:898-918).
 */
export const isAtMostOnce = (effect: Effect): boolean =>
  effect.do === 'deliver-secret' || effect.do === 'apply-seed-generator'

/** A run as it begins. */
export const newRun = (request: Request, now: Instant): Run => ({
  name: request.cluster,
  version: '',
  request,
  phase: 'Requested',
  since: now,
  attempt: 1,
  outcome: null,
  blocked: null,
  orders: [],
  facts: {
    pushedAs: null,
    mergedAs: null,
    managedClusterUid: null,
    goneSince: null,
    refreshedAt: null,
    hardRefreshedAt: null,
    generatorAs: null,
    digestBefore: null,
    digest: null,
    lastMessage: null,
    recordMergeIn: null,
  },
  intent: null,
})
