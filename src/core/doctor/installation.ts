import type { Seen } from '../seen.ts'

/** The parts of an installation as read on a hub. Objects are as the API server gave them. */
export type Installation = Readonly<{
  /** The namespace of the bot, and that of Argo CD. */
  namespace: string
  argocdNamespace: string
  /** From sower.yaml. */
  seeds: readonly string[]
  roots: readonly string[]
  /** Epoch milliseconds, by the clock of whoever looks. */
  now: number
  definition: Seen<unknown>
  /** The Deployment, or where there is none the CronJob, if that is there. */
  workload: Seen<unknown>
  /** The keys of each Secret that its pod mounts. */
  secrets: ReadonlyMap<string, Seen<readonly string[]>>
  lease: Seen<unknown>
  clusterRoles: Seen<readonly unknown[]>
  clusterRoleBindings: Seen<readonly unknown[]>
  applications: Seen<readonly unknown[]>
  /** The Deployments in Argo CD's namespace. */
  argocdDeployments: Seen<readonly unknown[]>
  sealedSecret: Seen<unknown>
  /** The Secret that it becomes. */
  unsealed: Seen<unknown>
  /** GitHub, as a token of a person or of the bot shows it; null: none was named. */
  gitHub: SettingsOnGitHub | null
}>

/** The settings of a repository on GitHub. */
export type SettingsOnGitHub = Readonly<{
  /** owner/name */
  repository: string
  /** The branch that Argo CD tracks. */
  branch: string
  access: Seen<Readonly<{ mayPush: boolean; isArchived: boolean }>>
  /** As GitHub lists them ("List repository webhooks"); forbidden for whoever does not administer the repository. */
  hooks: Seen<readonly unknown[]>
  /** True if a pull request needs `sower/check` to be merged. */
  isRequired: Seen<boolean>
}>
