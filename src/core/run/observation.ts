import type { ErrorCode } from '../../errors.ts'
import type { Check } from '../preflight/check.ts'
import type { SeedGeneratorState } from '../seedgen/read-conditions.ts'
import type { PushAnswer } from '../seedgen/push-problem.ts'
import type { Active, Sha } from './run.ts'
import type { Seen } from '../seen.ts'
import type { SeedImage } from '../seedgen/prove-image.ts'

export type PullRequestState = Readonly<{
  state: 'open' | 'closed' | 'merged'
  headSha: Sha
  mergedAs: Sha | null
}>

/** The state of the cluster in the repository, on the pull request's branch. */
export type DetachState = Readonly<
  /** The detach commit on the branch's head, made and pushed nowhere. */
  | { status: 'detachable'; commit: Sha }
  /** The branch no longer lists the cluster and the base does: the edit is there. */
  | { status: 'detached' }
  | { status: 'refused'; code: ErrorCode; reason: string; fix: string }
>

/** The saved admin kubeconfig: it answered, may create a SeedGenerator, and is a client certificate. */
export type Access = Readonly<{ proven: boolean; reason: string | null }>

/** The Argo CD Application that renders the edited kustomization. */
export type ApplicationState = Readonly<{
  name: string
  /** It has compared a commit that contains the merge. */
  hasMerge: boolean
  isRefreshing: boolean
  /** It says "auto-sync will wipe out all resources" (appcontroller.go:2631-2642). */
  refusesToEmpty: boolean
  /** The problem that Argo CD itself reports; null when there is none. */
  reason: string | null
}>

/** One object that must be gone before the cluster counts as detached. */
export type Remaining = Readonly<{
  object: string
  read: Seen<Readonly<{ detail: string | null }>>
}>

/** A pull request that Sower itself opened, to bring a commit of a run to the base branch. */
export type OwnPullRequest = Readonly<{
  number: number
  branch: string
  state: 'open' | 'closed' | 'merged'
  /** It is open and cannot be merged as it is. */
  conflicts: boolean
  /** It is merged, and the base branch that was looked at has the merge. */
  hasLanded: boolean
  /** The configuration lets Sower merge it. */
  isForSower: boolean
}>

/**
 * The pull request of Sower's own that brings what the phase waits for; absent also where one was closed and its branch
 * deleted, which asks for a new one. Not asked while the base branch holds it.
 */
type Brought = Readonly<{ ownPullRequest: Seen<OwnPullRequest> }>

/** The two gates of rule 4: neither the hub nor the seed may still hold the attachment. */
type Gates = Readonly<{
  managedCluster: Seen<Readonly<{ uid: string }>>
  /** The CRD klusterlets.operator.open-cluster-management.io on the seed. */
  klusterlet: Seen<true>
}>

/** Only what the phase needs is read. */
export type ObservedIn = Readonly<{
  Requested: Readonly<{
    pullRequest: Seen<PullRequestState>
    detach: Seen<DetachState>
    checks: readonly Check[]
    access: Seen<Access>
    managedCluster: Seen<Readonly<{ uid: string }>>
  }>
  Proposed: Readonly<{
    pullRequest: Seen<PullRequestState>
    /** Made on the merge of head and base. */
    proof: Seen<Readonly<{ allowed: boolean; reason: string; left: number }>>
    checks: readonly Check[]
    access: Seen<Access>
    managedCluster: Seen<Readonly<{ uid: string }>>
  }>
  Detaching: Gates &
    Brought &
    Readonly<{
      access: Seen<Access>
      /** record.yaml on the base branch is of this run and its merge, and says detached. */
      recordHoldsMerge: Seen<boolean>
      application: Seen<ApplicationState>
      /** The cluster's ClusterInstances; their deletion has begun when all carry a deletionTimestamp. */
      clusterInstance: Seen<Readonly<{ isBeingDeleted: boolean }>>
      /** An Argo CD token is configured, so the one sync with prune can be ordered. */
      canSync: boolean
      remaining: readonly Remaining[]
      /** Everything that is still awaited, in the words of the tree that people see; stuck parts first. */
      blockers: readonly string[]
      /** Namespaces open-cluster-management-addon-* on the seed; absent when there is none. */
      addonNamespaces: Seen<readonly string[]>
    }>
  Detached: Gates &
    Brought &
    Readonly<{
      /** `differs`: the fields in which it is not what Sower would write; null where it is. */
      generator: Seen<Readonly<{ sha: Sha; differs: string | null }>>
    }>
  Delivering: Gates &
    Readonly<{
      /** The unsealed Secret on the hub; the reason is null when its authfile covers the image. */
      hubSecret: Seen<Readonly<{ reason: string | null }>>
      /** The registry accepted the start of an upload with that credential. */
      mayPush: Seen<PushAnswer>
      /** The digest that the tag points to now. */
      tag: Seen<string>
      /** Names of all that would re-create either object on the seed; absent where nothing does. */
      recreators: Seen<readonly string[]>
      /** `seedgen` on the seed, and whether it holds the hub's value. */
      seedSecret: Seen<Readonly<{ matches: boolean }>>
      seedGenerator: Seen<SeedGeneratorState>
    }>
  Generating: Readonly<{
    seedGenerator: Seen<SeedGeneratorState>
    /** Asked while the SeedGenerator gives no answer or is not there. */
    image: Seen<SeedImage>
    /** The pod of the Lifecycle Agent in words; asked while nobody has looked at the SeedGenerator. */
    agent: Seen<string>
  }>
  Verifying: Readonly<{ image: Seen<SeedImage>; seedGenerator: Seen<SeedGeneratorState> }>
  CleaningUp: Brought &
    Readonly<{
      seedGenerator: Seen<SeedGeneratorState>
      seedSecret: Seen<Readonly<{ matches: boolean }>>
      /** record.yaml of this run is on the base branch and the SeedGenerator is not. */
      record: Seen<true>
      access: Seen<Access>
    }>
}>

/**
 * The result of one look at the world. `detachHolds`: before the merge that the pull request's branch holds the
 * edit, after it that the base branch still does. `recordHoldsMerge`: see Detaching; looked at in the phases after it too.
 */
export type Observation = {
  [P in Active]: Readonly<{
    phase: P
    detachHolds: Seen<boolean>
    recordHoldsMerge?: Seen<boolean>
  }> &
    ObservedIn[P]
}[Active]

export type ObservationOf<P extends Active> = Extract<Observation, { phase: P }>
