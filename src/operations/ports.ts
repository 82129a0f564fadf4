import type { RepositoryTree } from '../core/repository-tree.ts'
import type { PullRequestState, SeedImage } from '../core/run/observation.ts'
import type { Run, Sha } from '../core/run/run.ts'
import type { Seen } from '../core/seen.ts'
import type { Credential } from '../core/secret/authfile/check-authfile.ts'
import type { ImageReference } from '../core/seedgen/image-reference.ts'
import type { Incoming } from './take-in.ts'

/** The files of one commit, on disk for kustomize and as a tree for core. Never changed. */
export type Checkout = Readonly<{ sha: Sha; directory: string; tree: RepositoryTree }>

/** One file to write, or to remove when the content is null. The path is relative to the repository. */
export type Change = Readonly<{ path: string; content: string | null }>

/** A version of a file that a commit (null: the index) brings; bytes are null where it is too large to be read. */
export type FileVersion = Readonly<{
  commit: Sha | null
  path: string
  bytes: Uint8Array | null
  /** The commit replaces or deletes it; it was there before. */
  isRemoved?: boolean
}>

export type FileVersions = Readonly<{
  /** The files of the last commit that mention a SealedSecret. */
  sealedPaths: readonly string[]
  /** Read while they are taken, so that few are in memory. */
  versions: AsyncIterable<FileVersion>
}>

/** A clone of the user's repository. Throws UnavailableError GIT_FAILED where git gives no answer. */
export type Repository = Readonly<{
  /** Brings all branches up to date. */
  fetch: () => Promise<void>
  branchHead: (branch: string) => Promise<Sha | undefined>
  isAncestor: (ancestor: Sha, descendant: Sha) => Promise<boolean>
  /** The commit that last changed a path, as seen from `at`; undefined when none did. */
  lastChange: (at: Sha, path: string) => Promise<Sha | undefined>
  checkout: (sha: Sha) => Promise<Checkout>
  /**
   * The merge of two commits, made here and pushed nowhere; undefined when they conflict. Merge drivers and merge
   * attributes of the repository do not count.
   */
  merge: (base: Sha, head: Sha) => Promise<Checkout | undefined>
  /** A commit with the changes on top of `onto`, not pushed. */
  commit: (
    request: Readonly<{ onto: Sha; message: string; changes: readonly Change[] }>,
  ) => Promise<Sha>
  /** Makes a commit the head of a branch. Throws ConflictError GIT_CONFLICT when the branch moved. */
  push: (sha: Sha, branch: string) => Promise<void>
  /** The difference of two commits as `git diff` prints it. */
  diff: (from: Sha, to: Sha) => Promise<string>
  /** Every version of a file that the commits of `head` bring and `base` has not, removed ones too. */
  broughtBy: (base: Sha, head: Sha) => Promise<FileVersions>
}>

export type PullRequest = PullRequestState &
  Readonly<{
    number: number
    branch: string
    base: string
    baseSha: Sha
    /** The branch lies in another repository: Sower cannot and must not push there. */
    isFork: boolean
    labels: readonly string[]
    url: string
  }>

export type Permission = 'admin' | 'write' | 'read' | 'none'

/** GitHub, as far as a bot needs it. Throws UnavailableError or FailedError GITHUB_FAILED. */
export type Forge = Readonly<{
  pullRequest: (number: number) => Promise<Seen<PullRequest>>
  permission: (login: string) => Promise<Permission>
  /** Makes or changes the one comment of ours that begins with `marker`. */
  upsertComment: (
    comment: Readonly<{ pullRequest: number; marker: string; body: string }>,
  ) => Promise<void>
  setStatus: (
    status: Readonly<{ sha: Sha; state: 'pending' | 'success' | 'failure'; description: string }>,
  ) => Promise<void>
  /** Best effort: a missing reaction hurts nobody. */
  react: (comment: Readonly<{ id: number; content: 'eyes' | 'confused' }>) => Promise<void>
  /** Our own login, whose comments are never commands. */
  login: () => Promise<string>
}>

/**
 * Runs `kustomize build`. Throws RefusedError RENDER_FAILED with kustomize's reason, RENDER_EMPTY_LIST,
 * RENDER_NEEDS_PLUGIN, RENDER_TIMEOUT or RENDER_TOO_LARGE.
 */
export type Kustomize = Readonly<{
  build: (directory: string, about?: ToBuild) => Promise<string>
  /** How it is run and which version it is, such as `kubectl kustomize v5.5.0`. */
  version: () => Promise<string>
}>

/** What is known of a directory before it is rendered. */
export type ToBuild = Readonly<{
  /** The directory's path in its repository, for messages. */
  path?: string
  /** About how many objects there are: time and memory are measured by it. */
  objects?: number
}>

export type ObjectKey = Readonly<{
  apiVersion: string
  kind: string
  name: string
  namespace?: string
}>

/** A Kubernetes object, read for what Sower needs; spec and status are parsed where they are used. */
export type KubernetesObject = Readonly<{
  apiVersion: string
  kind: string
  metadata: Readonly<{
    name: string
    namespace?: string | undefined
    uid: string
    generation?: number | undefined
    deletionTimestamp?: string | undefined
    labels?: Readonly<Record<string, string>> | undefined
    annotations?: Readonly<Record<string, string>> | undefined
    ownerReferences?: readonly unknown[] | undefined
  }>
  spec?: unknown
  status?: unknown
  /** Of an Application: a sync that is asked for. */
  operation?: unknown
  /** Of a Secret: standard base64. */
  data?: Readonly<Record<string, string>> | undefined
}>

/** A manifest to create. */
export type Manifest = Readonly<{
  apiVersion: string
  kind: string
  metadata: Readonly<{
    name: string
    namespace?: string
    labels?: Readonly<Record<string, string>>
    annotations?: Readonly<Record<string, string>>
  }>
  spec?: unknown
  type?: string
  data?: Readonly<Record<string, string>>
}>

/**
 * One cluster's API. Reads never throw for the answer: an answer, "not found" and no answer are three
 * values. Writes throw ConflictError OBJECT_CONFLICT, FailedError OBJECT_REFUSED (a definite no) or
 * UnavailableError CLUSTER_UNAVAILABLE (the result is unknown).
 */
export type Cluster = Readonly<{
  read: (key: ObjectKey) => Promise<Seen<KubernetesObject>>
  list: (
    of: Readonly<{ apiVersion: string; kind: string; namespace?: string }>,
  ) => Promise<Seen<readonly KubernetesObject[]>>
  create: (manifest: Manifest) => Promise<void>
  /** Creates or replaces a Secret of ours. */
  putSecret: (manifest: Manifest) => Promise<void>
  annotate: (key: ObjectKey, annotations: Readonly<Record<string, string>>) => Promise<void>
  /** Deletes; "not found" is done. With `uid`, only that object. */
  remove: (key: ObjectKey, uid?: string) => Promise<void>
  /** Whether this user may do that, as the API server says. */
  may: (act: Readonly<{ verb: string; group: string; resource: string }>) => Promise<Seen<boolean>>
  /** Whether the API answers a read of this user. */
  ready: () => Promise<Seen<true>>
}>

export type ArgoCd = Readonly<{
  /** One sync with prune of one object. Throws FailedError or UnavailableError ARGOCD_FAILED. */
  syncWithPrune: (
    request: Readonly<{
      application: string
      namespace: string
      resource: Readonly<{ group: string; kind: string; name: string; namespace: string }>
    }>,
  ) => Promise<void>
}>

export type Registry = Readonly<{
  /** Whether the registry lets an upload to that repository begin; it is cancelled at once. */
  mayPush: (image: ImageReference, credential: Credential) => Promise<Seen<boolean>>
  /** What a tag points to; it need not be a seed image. */
  digest: (image: ImageReference, credential: Credential) => Promise<Seen<string>>
  /** Manifest digest and seed labels of a tag. */
  inspect: (image: ImageReference, credential: Credential) => Promise<Seen<SeedImage>>
}>

/** Runs, one a cluster. */
export type RunStore = Readonly<{
  get: (name: string) => Promise<Run | undefined>
  list: () => Promise<readonly Run[]>
  /** Creates the run: the lock. False when there is one already. */
  create: (run: Run) => Promise<boolean>
  /** Compare-and-swap on `run.version`; returns the run with its new version. Throws ConflictError RUN_CHANGED. */
  replace: (run: Run) => Promise<Run>
}>

/** All of the outside that a run needs. Adapters are constructed when they are first used. */
export type Ports = Readonly<{
  repository: Repository
  forge: Forge
  kustomize: Kustomize
  hub: Cluster
  /** Connects to a seed with its kubeconfig. Throws RefusedError ACCESS_MISSING when it is unusable. */
  connect: (kubeconfig: string) => Cluster
  /** Null without a token. */
  argocd: ArgoCd | null
  registry: Registry
  runs: RunStore
  /** Registers a secret value, so that nothing printed later holds it. */
  conceal: (secret: string) => void
}>

/** Events that were accepted and are not dealt with yet; they survive a crash. */
export type Inbox = Readonly<{
  /** Keeps an event; one with a key that was there before is dropped. */
  put: (event: Incoming) => void
  /** In the order of arrival. */
  waiting: () => readonly Incoming[]
  done: (event: Incoming) => void
}>
