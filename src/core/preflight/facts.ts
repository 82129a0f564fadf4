import type { Access } from '../run/observation.ts'
import type { ScanFinding } from '../scan/scan-finding.ts'
import type { Seen } from '../seen.ts'
import type { Application } from '../application/read-application.ts'

/** What is known beside the answers of the API servers. What was not looked at is 'unknown', never a pass. */
export type Facts = Readonly<{
  cluster: string
  /** The image that is asked for, `registry/repository:tag`; null where nobody has said. */
  image: string | null
  git: Readonly<{
    leaks: Seen<readonly (ScanFinding & Readonly<{ commit: string | null }>)[]>
    seedObjects: Seen<readonly string[]>
    /** Why the proof is refused; null: it holds; undefined: nothing was rendered. */
    refusal: string | null | undefined
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
    /** Sower has a token with which it can order a sync. */
    canSync: boolean
  }>
  /** The admin kubeconfig of the seed, tried out; nothing of it is saved for this. */
  access: Seen<Access>
  registry: Readonly<{
    /** The unsealed push credential on the hub, and what is wrong with it. */
    secret: Seen<Readonly<{ reason: string | null }>>
    mayPush: Seen<boolean>
    tag: Seen<string>
  }>
}>
