import type { Right } from '../right.ts'
import type { Access } from '../run/observation.ts'
import type { ScanFinding } from '../scan/scan-finding.ts'
import type { PushAnswer } from '../seedgen/push-problem.ts'
import type { Seen } from '../seen.ts'
import type { Application } from '../application/read-application.ts'

/** A right that is needed after the merge, and whether the API server grants it. */
export type AskedRight = Readonly<{ right: Right; allowed: Seen<boolean> }>

/** Facts known beside the answers of the API servers. A fact that was not looked at is 'unknown', never a pass. */
export type Facts = Readonly<{
  cluster: string
  /** The image that is asked for, `registry/repository:tag`; null where nobody has said. */
  image: string | null
  /** `image` of sower.yaml, with `{cluster}` and `{version}`. */
  imageTemplate: string | null
  /** The use that targets make of the image: `imageFor` of sower.yaml. */
  imageFor: 'upgrade' | 'install'
  /** `recertImage` of sower.yaml. */
  recertImage?: string | undefined
  /** The seed is adopted as it is; nothing is detached. */
  adopt?: boolean | undefined
  git: Readonly<{
    leaks: Seen<readonly (ScanFinding & Readonly<{ commit: string | null }>)[]>
    seedObjects: Seen<readonly string[]>
    /** Why the proof is refused; null: it holds; undefined: nothing was rendered. */
    refusal: string | null | undefined
    /** The installation of which the record says that it has made an image; null where it names none. */
    spentClusterId: string | null
    /** The digests of the sealed push credentials with which images were made. */
    usedCredentials: readonly string[]
    /** The digest of the one that is in Git now; null where there is none. */
    credential: string | null
    /** True if the base branch is protected, so that Sower may not be able to push its record there. */
    baseIsProtected: Seen<boolean>
    /** How the commits of a run get to the base branch. */
    commit: 'push' | 'pull-request'
    /** The kinds of the rules of rulesets for the branch of a pull request of Sower's own; absent: it knows none. */
    ownBranchRules: Seen<readonly string[]>
  }>
  argocd: Readonly<{
    applications: Seen<readonly Application[]>
    /** The files that the pull request changes. */
    edited: readonly string[]
    /** Argo CD's own namespace. */
    controlPlane: string
    now: string
    /** How many objects the Application has left after the merge. */
    left: number | null
    /** The actions that Argo CD grants Sower's token on the Application; absent without a token. */
    token: Seen<Readonly<{ get: boolean; sync: boolean }>>
  }>
  /** The admin kubeconfig of the seed, tried out; nothing of it is saved for this. */
  access: Seen<Access>
  /** The rights that are needed after the merge; empty where nobody was asked. */
  rights: Readonly<{ hub: readonly AskedRight[]; seed: readonly AskedRight[] }>
  registry: Readonly<{
    /** The unsealed push credential on the hub, and what is wrong with it. */
    secret: Seen<Readonly<{ reason: string | null }>>
    /** The sealed push credential that the pull request brings, and what is wrong with it; null where it brings none. */
    brought: Readonly<{ reason: string | null }> | null
    mayPush: Seen<PushAnswer>
    /** The authority beside the built-in ones, PEM, and the proxy by which Sower reaches the registry; null for none. */
    authority?: string | null
    proxy?: string | null
    tag: Seen<string>
  }>
}>
