import type { OutputForm } from '../../output-flag.ts'

/** Options of `sower compare`. */
export type CompareOptions = Readonly<{
  cluster: string
  targets: readonly string[]
  directory: string
  all: boolean
  /** The hub, which has the seed's kubeconfig. */
  kubeconfig: string | null
  context: string | null
  seedKubeconfig: string | null
  /** `NAME=FILE` each. */
  targetKubeconfigs: readonly string[]
  /** `NAME=PATH` each, of the seed or of a target. */
  mustGathers: readonly string[]
  /** `NAME=FILE` each: what `oc cluster-compare -o json` printed. */
  conformance: readonly string[]
  /** A file with the output of `skopeo inspect --config` for the finished image. */
  imageConfig: string | null
  /** The hub namespace in which Sower saves the access to seeds. */
  namespace: string
  output: OutputForm
  html: string | null
}>
