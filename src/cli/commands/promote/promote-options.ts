/** Options of `sower promote`. */
export type PromoteOptions = Readonly<{
  cluster: string
  directory: string
  /** The kubeconfig of the hub. */
  kubeconfig: string | null
  context: string | null
  /** owner/name */
  repository: string | null
  tokenFile: string | null
  apiUrl: string
  gitUrl: string | null
  branch: string
}>
