import type { OutputForm } from '../../output-flag.ts'
import type { GitHubOptions } from '../../clone/git-hub-options.ts'

/** Options of `sower promote`. */
export type PromoteOptions = GitHubOptions &
  Readonly<{
    cluster: string
    directory: string
    /** The kubeconfig of the hub. */
    kubeconfig: string | null
    context: string | null
    output: OutputForm
  }>
