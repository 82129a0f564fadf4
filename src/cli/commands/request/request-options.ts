import type { OutputForm } from '../../output-flag.ts'
import type { GitHubOptions } from '../../clone/git-hub-options.ts'

/** Options of `sower request`. */
export type RequestOptions = GitHubOptions &
  Readonly<{
    cluster: string
    directory: string
    image: string | null
    /** The seed is taken as it is: detached by hand, or never on a hub. */
    adopt: boolean
    authfile: string | null
    /** The certificate of the Sealed Secrets controller, a file or a URL. */
    cert: string | null
    registryCa: string | null
    output: OutputForm
  }>
