import type { OutputForm } from '../../output-flag.ts'

/** Options of `sower preflight`. */
export type PreflightOptions = Readonly<{
  cluster: string
  directory: string
  image: string | null
  kubeconfig: string | null
  context: string | null
  seedKubeconfig: string | null
  authfile: string | null
  registryCa: string | null
  /** The hub namespace in which Sower saves the access to seeds. */
  namespace: string
  output: OutputForm
}>
