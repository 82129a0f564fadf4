/** Names that Kubernetes objects carry, as the systems around Sower spell them. */
export const names = {
  /** The Secret that the Lifecycle Agent reads; its name is fixed (constants.go:26). */
  seedSecret: 'seedgen',
  /** The one key of that Secret (seedgen_controller.go:798-823). */
  authKey: 'seedAuth',
  /** The one SeedGenerator that the API allows (seedgenerator types.go:30-38). */
  seedGenerator: 'seedimage',
  /** The annotation that ties a SeedGenerator to its cluster. */
  clusterAnnotation: 'sower.dev/cluster',
} as const
